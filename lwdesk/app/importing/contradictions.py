"""Rows of one file that contradict each other: they give one record two different values."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from lwdesk.app.importing.resolve import Work
from lwdesk.app.school.directory import Directory, key_of
from lwdesk.base.text import _, shorten
from lwdesk.catalog.cells.kinds import Email
from lwdesk.catalog.cells.problems import ERROR, Problem
from lwdesk.catalog.effects.assigned import SetsRole
from lwdesk.catalog.effects.facts import display, equal_values, lookup_key
from lwdesk.catalog.effects.lists import Lists
from lwdesk.catalog.effects.records import Updates
from lwdesk.catalog.effects.saves import Saves
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Operation
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED

_CODE = "contradiction"
# Other rows that a message names, at most.
_MOST = 3

_Rows = list[tuple[int, Work]]


class Contradictions:
    """Finds them in two walks over the rows, so that a large file costs a few bytes a row: `note` learns which records
    several rows are about, `compare` looks at the values of the rows that are `suspected`, `of` says what is wrong with
    a row.

    A user has an email and an id: where a row knows one by id (`by_id`), both walks need the directory that has fetched
    the users.
    """

    def __init__(self, directory: Directory | None = None) -> None:
        self._key = directory.main_key if directory is not None else key_of
        self._subjects: dict[int, int] = {}  # what a step is about -> the first row about it
        self._claims: dict[int, tuple[int, int]] = {}
        self._suspects: set[int] = set()
        self.suspected: set[int] = set()
        self.by_id = False
        self._rows: dict[int, _Rows] = defaultdict(list)
        self._claimed: dict[int, _Rows] = defaultdict(list)
        self._found: dict[int, list[Problem]] | None = None

    def note(self, number: int, work: Work) -> tuple[int, int]:
        """First walk: a step of the row with this number. Returns what it shares with the rows it may contradict."""
        subject, claim = self._subject(work), _claim(work)
        if subject and (first := self._subjects.setdefault(subject, number)) != number:
            self._suspects.add(subject)
            self.suspected |= {first, number}
        if claim:
            other, first = self._claims.setdefault(claim, (subject, number))
            if other != subject:
                self._suspects.add(claim)
                self.suspected |= {first, number}
        return subject, claim

    def compare(self, number: int, work: Work) -> None:
        """Second walk: a step of the row with this number."""
        if (subject := self._subject(work)) in self._suspects:
            self._rows[subject].append((number, work))
        if (claim := _claim(work)) in self._suspects:
            self._claimed[claim].append((number, work))

    def of(self, number: int) -> list[Problem]:
        """What is wrong with a row, on the cells that differ."""
        if self._found is None:
            self._found = self._all()
        return self._found.get(number, [])

    def _subject(self, work: Work) -> int:
        """What a step is about, as one number; 0 where it is about something of its own."""
        operation = work.use.operation
        names = operation.effect.identity
        if not names:
            return 0
        about = (self._known_by(operation, name, work.values.get(name)) for name in names)
        return hash((operation.id, work.about.partition("/")[2], *about)) or 1

    def _known_by(self, operation: Operation, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, tuple):
            return " ".join(sorted(map(lookup_key, value)))
        column = operation.column(name)
        user = column is not None and isinstance(column.kind, Email)
        listing = "user" if user else getattr(operation.effect, "listing", "")
        self.by_id |= user and "@" not in str(value)
        return self._key(listing, lookup_key(value)) if listing else lookup_key(value).casefold()

    def _all(self) -> dict[int, list[Problem]]:
        found: dict[int, list[Problem]] = defaultdict(list)
        for rows in self._rows.values():
            for column in _compared(rows):
                _differing(column, rows, found)
        for rows in self._claimed.values():
            _shared(rows, found)
        return found


def reopen(journal: Journal, rows: Collection[int] | None = None) -> None:
    """Open the rows again that only a plan refused, for what they or others say may be different now; or those of them
    with these ids."""
    chosen = "1" if rows is None else f"id IN ({','.join(map(str, rows))})"
    for row in journal.rows(
        f"outcome = ? AND CAST(problems AS TEXT) LIKE ? AND {chosen}", FAILED, f'%"{_CODE}"%'
    ):
        left = [problem for problem in row.problems if problem["code"] != _CODE]
        if len(left) < len(row.problems):
            row.problems, row.outcome, row.message = left, None, ""
            journal.save_row(row)


def _claim(work: Work) -> int:
    """What the record will be known by, and nothing else can be, as one number; 0 where that stays."""
    operation = work.use.operation
    column = operation.column(getattr(operation.effect, "renames", "") or "")
    new = work.values.get(column.id) if column is not None and column.unique else None
    return hash((operation.id, str(new).casefold())) or 1 if new is not None else 0


def _compared(rows: _Rows) -> list[Column]:
    """The columns that must not differ: all but those that say what the step is about, and tags, which add up."""
    operation = rows[0][1].use.operation
    custom = {name for _number, work in rows for name in work.values if name.startswith("cf_")}
    columns = [*operation.columns, *(operation.column(name) for name in sorted(custom))]
    return [
        column
        for column in columns
        if column is not None
        and column.id not in operation.effect.identity
        and column.at != "path"
        and not column.batch
        and not _adds(operation, column)
    ]


def _adds(operation: Operation, column: Column) -> bool:
    """Whether the lists of several rows are added together on one record."""
    effect = operation.effect
    if isinstance(effect, Saves):  # who is there gets them by a step of its own
        return column.kind.many and effect.update.column(column.id) is None
    return isinstance(effect, Lists) and column.id == effect.column


def _once(operation: Operation, column: Column) -> bool:
    """Whether only the first of several steps can set it: the later ones find the record already created."""
    effect = operation.effect
    if isinstance(effect, Saves):
        return effect.update.column(column.id) is None
    return not isinstance(effect, Updates | Lists | SetsRole)


def _differing(column: Column, rows: _Rows, found: dict[int, list[Problem]]) -> None:
    """Report the rows whose values in the column differ; an empty cell doesn't count, except in the row that creates
    the record, which would lack what a later row gives."""
    operation = rows[0][1].use.operation
    values = [(number, work, work.values.get(column.id)) for number, work in rows]
    first = values[0]
    counted = [one for one in values if one[2] is not None]
    if (
        _once(operation, column)
        and first[2] is None
        and any(not _same(v, column.default) for *_x, v in counted)
    ):
        counted.insert(0, first)
    for number, work, value in counted:
        others = [(n, v) for n, _work, v in counted if n != number and not _same(v, value)]
        if others:
            words = _(
                "{column} differs from {others} for the same record. Use the same value in all of these rows."
            )
            found[number].append(_problem(work, column, words, others))


def _shared(rows: _Rows, found: dict[int, list[Problem]]) -> None:
    """Report rows that give different users one new email."""
    for number, work in rows:
        column = work.use.operation.column(work.use.operation.effect.renames)  # type: ignore[attr-defined]
        assert column is not None
        others = [(n, other.values[column.id]) for n, other in rows if n != number]
        words = _("Another user gets the same {column} in {others}. Give each user a different one.")
        found[number].append(_problem(work, column, words, others))


def _same(one: Any, other: Any) -> bool:
    return equal_values(getattr(one, "id", one), getattr(other, "id", other))


def _problem(work: Work, column: Column, words: str, others: list[tuple[int, Any]]) -> Problem:
    name = work.use.names.get(column.id, column.id)
    named = _(", ").join(
        _("row {row} (“{value}”)").format(row=n, value="•••" if column.secret else shorten(display(value)))
        if value is not None
        else _("row {row} (empty)").format(row=n)
        for n, value in others[:_MOST]
    )
    return Problem(ERROR, _CODE, words.format(column=_(column.title), others=named), column=name)
