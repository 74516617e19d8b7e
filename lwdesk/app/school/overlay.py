"""What planned calls will make true, over what the school has now."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson

from lwdesk.catalog.operation import Fact


def packed(record: Any) -> bytes:
    """JSON in a buffer of its exact size: orjson's own bytes keep the larger buffer that they were written to."""
    return bytes(memoryview(orjson.dumps(record)))


class PackedFacts:
    """Packs facts as JSON without the names of their fields, which few tuples of names serve for all."""

    def __init__(self) -> None:
        self._names: list[tuple[str, ...]] = []
        self._places: dict[tuple[str, ...], int] = {}

    def pack(self, fact: Fact) -> bytes:
        """A fact as JSON, the fields that one row gives together."""
        rows: dict[tuple[int, ...], list[str]] = defaultdict(list)
        for name, by in fact.given.items():
            rows[tuple(by)].append(name)
        given = [(by, self._place(names)) for by, names in rows.items()]
        return packed((self._place(fact.data), list(fact.data.values()), fact.call, given))

    def unpack(self, data: bytes) -> Fact:
        """What `pack` made."""
        place, values, call, given = orjson.loads(data)
        record = dict(zip(self._names[place], values, strict=True))
        return Fact(record, call, {name: tuple(by) for by, names in given for name in self._names[names]})

    def _place(self, names: Iterable[str]) -> int:
        """The place of a tuple of names."""
        wanted = tuple(names)
        if wanted not in self._places:
            self._places[wanted] = len(self._names)
            self._names.append(wanted)
        return self._places[wanted]


class Overlay:
    """Planned records and memberships, packed by `facts`; names that will be taken, places that will be used.

    Where `watched` is a set, a number is added to it for each fact that is looked at or planned: two rows of a plan
    depend on each other only where they share one.
    """

    def __init__(self, watched: set[int] | None = None) -> None:
        self.facts = PackedFacts()
        self.records: dict[str, dict[str, bytes]] = defaultdict(dict)
        self.gone: dict[tuple[str, str], int] = {}
        self.members: dict[tuple[str, str, str], dict[str, bytes | None]] = defaultdict(dict)
        self.taken: dict[tuple[str, str], int] = defaultdict(int)
        self.names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.counts: dict[tuple[str, str, str], int] = {}
        self.watched = watched

    def touch(self, *fact: str) -> None:
        """Note that a fact is looked at, or planned."""
        if self.watched is not None:
            self.watched.add(hash(fact))
