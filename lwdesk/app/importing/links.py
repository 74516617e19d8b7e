"""Which rows of a plan depend on each other."""

from array import array
from collections.abc import Collection, Iterable
from itertools import compress


class Links:
    """Which rows of a plan share a fact: pairs of a fact (as a number) and a row's id, 12 bytes each."""

    def __init__(self) -> None:
        self._facts, self._rows = array("q"), array("I")

    def add(self, row: int, facts: Collection[int]) -> None:
        """Note the facts that the plan of a row looked at, or changed."""
        self._facts.extend(facts)
        self._rows.extend([row] * len(facts))

    @property
    def facts(self) -> set[int]:
        """The facts of all rows."""
        return set(self._facts)

    def rows_of(self, facts: Collection[int]) -> set[int]:
        """The rows that share one of these facts."""
        return {row for fact, row in zip(self._facts, self._rows, strict=True) if fact in facts}

    def connected(self, rows: Iterable[int], most: int) -> set[int]:
        """These rows and all that depend on them, directly or by way of others, until they are more than `most`."""
        found, count = set(rows), 0
        while count < len(found) <= most:
            count = len(found)
            pairs = zip(self._facts, self._rows, strict=True)
            found |= self.rows_of({fact for fact, row in pairs if row in found})
        return found

    def put(self, rows: Collection[int], new: "Links") -> None:
        """Put the new facts of these rows in the place of their old ones."""
        kept = bytes(row not in rows for row in self._rows)
        self._facts = array("q", compress(self._facts, kept)) + new._facts
        self._rows = array("I", compress(self._rows, kept)) + new._rows
