"""Rows of one file that contradict each other: they give one thing two different values."""

from collections import defaultdict
from typing import Any

from lwdesk.app.importing.resolve import Work
from lwdesk.base.text import _, brief
from lwdesk.catalog.cells.problems import ERROR, Problem
from lwdesk.catalog.effects.facts import name_of, same, shown
from lwdesk.catalog.model import Column

# Other rows that a message names, at most.
_MOST = 3


class Contradictions:
    """Finds them in two walks over the rows, so that a large file costs a few bytes a row: `note` learns which things
    several rows are about, `compare` looks at those rows' values, `of` says what is wrong with a row."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.suspected: set[int] = set()
        self._rows: dict[int, list[tuple[int, Work]]] = defaultdict(list)
        self._found: dict[int, list[Problem]] | None = None

    def note(self, work: Work) -> None:
        """First walk: a step of some row."""
        subject = _subject(work)
        if subject in self._seen:
            self.suspected.add(subject)
        elif subject:
            self._seen.add(subject)

    def compare(self, number: int, work: Work) -> None:
        """Second walk: a step of the row with this number."""
        subject = _subject(work)
        if subject in self.suspected:
            self._rows[subject].append((number, work))

    def of(self, number: int) -> list[Problem]:
        """What is wrong with a row, on the cells that differ."""
        if self._found is None:
            self._found = self._all()
        return self._found.get(number, [])

    def _all(self) -> dict[int, list[Problem]]:
        found: dict[int, list[Problem]] = defaultdict(list)
        for rows in self._rows.values():
            for column in _payload(rows[0][1]):
                values = [(number, work.values.get(column.id)) for number, work in rows]
                given = [(number, value) for number, value in values if value is not None]
                for number, value in given:
                    others = [(n, v) for n, v in given if n != number and not _same(v, value)]
                    if others:
                        found[number].append(_problem(rows[0][1], column, others))
        return found


def _subject(work: Work) -> int:
    """What a step is about, as one number; 0 where it is about something of its own."""
    operation = work.use.operation
    names = operation.effect.identity
    if not names:
        return 0
    about = (
        name_of(work.values[name]).casefold() if work.values.get(name) is not None else "" for name in names
    )
    return hash((operation.id, work.about.partition("/")[2], *about)) or 1


def _payload(work: Work) -> list[Column]:
    """The columns that must not differ: all that is sent but what says what the step is about. What lists several rows
    put on a thing adds up."""
    operation = work.use.operation
    return [
        column
        for column in operation.columns
        if column.id not in operation.effect.identity
        and column.sent
        and not column.batch
        and not _adds(column)
    ]


def _adds(column: Column) -> bool:
    return column.kind.many


def _same(one: Any, other: Any) -> bool:
    return same(getattr(one, "id", one), getattr(other, "id", other))


def _problem(work: Work, column: Column, others: list[tuple[int, Any]]) -> Problem:
    name = work.use.names.get(column.id, column.id)
    message = _("{column} differs from {others} of this file for the same thing. Make the rows say the same.")
    told = _(", ").join(
        _("row {row} (“{value}”)").format(row=n, value="•••" if column.secret else brief(shown(value)))
        for n, value in others[:_MOST]
    )
    return Problem(ERROR, "contradiction", message.format(column=_(column.title), others=told), column=name)
