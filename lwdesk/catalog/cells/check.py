"""Checking: reads cells into values, and reports all problems of all rows with their cells. Pure, no network."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lwdesk.base.errors import UserError
from lwdesk.base.text import _, suggestion
from lwdesk.catalog.cells.column_checks import Doubt, column_checks
from lwdesk.catalog.cells.empty import EMPTY, empties
from lwdesk.catalog.cells.kinds import Email, Kind, clean, text_of
from lwdesk.catalog.cells.numbers import foreign
from lwdesk.catalog.cells.problems import ERROR, Problem, ignore_problem
from lwdesk.catalog.cells.sense import nonsense, too_much
from lwdesk.catalog.cells.sheet_checks import SheetChecks
from lwdesk.catalog.emptying import why_kept
from lwdesk.catalog.match import STATUS, Match, takes_many
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Recipe

Cells = Sequence[object]
# Repeated cells of a column (courses, tags, yes) are read once; the cache of each column is this large at most.
_REMEMBERED = 10_000


@dataclass(slots=True)
class Checked:
    """A row after the check: the file's row number, values by column id (empty cells left out), problems.

    `done` is True for a row that an earlier run has done, as its results file says; `example` for the example
    row of a template; `empty` for one without any value. Of an export that comes back, `same` is True for a row
    without an edit to send, `foreign` for one that was not in it, and `was` are the values as they were exported.
    """

    number: int
    values: dict[str, Any]
    problems: list[Problem]
    done: bool = False
    example: bool = False
    same: bool = False
    foreign: bool = False
    was: dict[str, Any] | None = None

    @property
    def empty(self) -> bool:
        return not self.values and not self.problems

    @property
    def good(self) -> bool:
        return all(problem.level != ERROR for problem in self.problems)


def blank_columns(recipe: Recipe, given: Sequence[str]) -> frozenset[str]:
    """The ids of columns whose blank cells empty the value. Raises UserError for one that is unknown or is kept."""
    for column_id in given:
        column = _column(recipe, column_id)
        if why := why_kept(recipe, column):
            raise UserError(_("Blank cells can't empty {title}").format(title=_(column.title)), why)
    return frozenset(given)


def fixed_values(recipe: Recipe, given: Mapping[str, str]) -> dict[str, Any]:
    """The values for all rows, read like cells. Raises UserError for an unknown column or a value it cannot take."""
    values = {}
    for column_id, text in given.items():
        column = _column(recipe, column_id)
        reported: list[Problem] = []
        if empties(text):
            if why := why_kept(recipe, column):
                title = _("The value for {title} can't be used").format(title=_(column.title))
                raise UserError(title, why).at(column_id)
            values[column_id] = EMPTY
            continue
        values[column_id] = column.cell_kind.read(text, reported.append)
        for problem in reported:
            if problem.level == ERROR:
                title = _("The value for {title} can't be used").format(title=_(column.title))
                raise UserError(title, problem.message).at(column_id)
    return {column_id: value for column_id, value in values.items() if value is not None}


def _column(recipe: Recipe, column_id: str) -> Column:
    """The column of a recipe. Raises UserError where it has none."""
    if (found := recipe.column(column_id)) is not None:
        return found
    raise UserError(
        _("There is no column “{id}” in {recipe}").format(id=column_id, recipe=recipe.id),
        "",
        suggestion(column_id, [column.id for column in recipe.columns]),
    )


class Checker:
    """Checks the rows of one sheet for one recipe."""

    def __init__(
        self,
        recipe: Recipe,
        matches: Sequence[Match],
        fixed: Mapping[str, Any],
        blanks: Collection[str] = (),
        was_done: Callable[[Cells], bool] | None = None,
        today: date | None = None,
    ):
        """`was_done` says whether a row was done as it is, by this import at this school; without it the status of
        a results file is believed. `today` is the day that dates are compared with, that of the computer where it is
        not given."""
        self._matched = [(m.index, m.header.letter, m.column) for m in matches if m.column is not None]
        self._required = [c for c in recipe.columns if c.required and c.derive is None]
        self._letters = {column.id: letter for _index, letter, column in self._matched}
        self._fixed = dict(fixed)
        self._recipe, self._today = recipe, today or date.today()
        self._blanks = {column.id for _i, _l, column in self._matched if column.id in blanks}
        self._done_as_it_is = was_done
        self._status = next((m.index for m in matches if m.header.text == STATUS), None)
        self._readers = [
            (index, letter, column, _reader(column.cell_kind), _Memory())
            for index, letter, column in self._matched
        ]
        self._doubts: dict[int, list[Doubt]] = {}
        self._once: dict[tuple[int, int], Problem] = {}  # by cell: a problem reported once per column
        self._detective = SheetChecks(matches)

    def letters_of(self, column_id: str) -> list[str]:
        """Excel's letters of the headers that fill a column."""
        return [letter for _index, letter, column in self._matched if column.id == column_id]

    def tune(self, rows: Iterable[tuple[int, Cells]]) -> None:
        """Read all rows once: a column's cells decide how they are parsed, and which of them are suspicious."""
        columns: list[tuple[int, dict[object, int]]] = [(index, {}) for index, *_rest in self._readers]
        growing = columns
        for number, cells in rows:
            self._detective.study(number, cells)
            for index, seen in growing:
                if index < len(cells) and (cell := cells[index]) not in seen and cell not in (None, ""):
                    seen[cell] = number
                    if len(seen) == _REMEMBERED:
                        growing = [column for column in growing if len(column[1]) < _REMEMBERED]
        for n, (index, seen) in enumerate(columns):
            _index, letter, column, *_old = self._readers[n]
            kind = column.cell_kind.tuned(seen)
            self._readers[n] = (index, letter, column, _reader(kind), _Memory())
            self._doubts[index] = column_checks(kind, seen)
            if (found := foreign(kind, seen)) is not None:
                self._once[index, seen[found[0]]] = found[1]

    def edited(self, number: int, before: Cells, after: Cells) -> set[int]:
        """Note that a row was edited, before it is checked. Returns the other rows that must be checked again."""
        return self._detective.edited(number, before, after)

    def check(self, number: int, cells: Cells, settled: Collection[int] = ()) -> Checked:
        """Check one row. `settled` are the indexes of cells that the user typed in the window: never suspicious."""
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        width = len(cells)
        for index, letter, column, read, memory in self._readers:
            cell = cells[index] if index < width else None
            if cell is None or cell == "":
                continue
            if type(cell) is not str or index in settled or (index, number) in self._once:
                value, reported = self._read(index, number, column, cell, read, index in settled)
            elif (found := memory.get(cell)) is not None:
                value, reported = found
            else:
                value, reported = found = self._read(index, number, column, cell, read, False)
                if len(memory) < _REMEMBERED:
                    memory[cell] = found
            if reported:
                problems += [p.at(column.id, f"{letter}{number}") for p in reported]
            if value is None:
                continue
            if values.get(column.id) and takes_many(column):
                value = tuple(dict.fromkeys((*values[column.id], *value)))
            values[column.id] = value
        checked = Checked(number, values, problems, self._was_done(cells), self._is_example(cells))
        if not checked.empty:
            answered = values.keys() | {problem.column for problem in problems}
            values |= dict.fromkeys(self._blanks - answered, EMPTY)
            for column_id, value in self._fixed.items():
                values.setdefault(column_id, value)
            self._check_required(checked)
        if not (checked.empty or checked.done or checked.example):
            self._check_against_row(checked)
            self._check_against_sheet(checked, cells)
        return checked

    def _read(
        self, index: int, number: int, column: Column, cell: object, read: "_Read", settled: bool
    ) -> "_Found":
        """The value and problems of a cell; an error if it empties a column that can't be emptied."""
        if empties(cell):
            why = why_kept(self._recipe, column)
            return (None, [Problem(ERROR, "kept", why)]) if why else (EMPTY, ())
        value, reported = read(cell)
        if self._once and (once := self._once.get((index, number))) is not None:
            reported = [*reported, once]
        if column.sense or isinstance(value, date):
            odd = nonsense(column.sense, value, text_of(cell), self._today)
            reported = reported if odd is None else [*reported, odd]
        if value is None or settled:
            return value, reported
        for doubt in self._doubts.get(index, ()):
            if (found := doubt(cell)) is not None:
                reported = [*reported, found]
        return value, reported

    def _check_against_row(self, checked: Checked) -> None:
        """Check cells against others of the row: an amount may be 150, a percentage may not."""
        for _index, letter, column in self._matched:
            if column.most is None:
                continue
            other, word, most = column.most
            if checked.values.get(other, word) == word and (
                odd := too_much(checked.values.get(column.id), most)
            ):
                checked.problems.append(odd.at(column.id, f"{letter}{checked.number}"))

    def _check_against_sheet(self, checked: Checked, cells: Cells) -> None:
        """Check the row against the sheet. If it is none of users, or shifted, that replaces all other problems."""
        total, shifted = self._detective.total(checked.number, cells), self._detective.shifted(cells)
        whole = total or shifted
        found = whole or self._detective.shared(checked.number, cells)
        if found is None:
            return
        emails = (m for m in self._matched if isinstance(m[2].kind, Email))
        _index, letter, column = next(emails, self._matched[0])
        found = found.at(column.id, f"{letter}{checked.number}")
        alone = whole is not None and whole.level == ERROR
        checked.problems[:] = [found] if alone else [*checked.problems, found]

    def _check_required(self, checked: Checked) -> None:
        for column in self._required:
            if column.id in checked.values or any(p.column == column.id for p in checked.problems):
                continue
            cell = f"{self._letters.get(column.id, '')}{checked.number}"
            message = _("{title} is empty.").format(title=_(column.title))
            checked.problems.append(Problem(ERROR, "required", message, column=column.id, cell=cell))

    def _is_example(self, cells: Cells) -> bool:
        """Whether this is the example row of a template, complete or mostly so."""
        filled = examples = 0
        for index, _letter, column in self._matched:
            if index >= len(cells):
                continue
            examples += bool(column.example)
            if text := text_of(cells[index]):
                if text != column.example:
                    return False
                filled += 1
        return filled > 1 and filled * 2 > examples

    def _was_done(self, cells: Cells) -> bool:
        if self._status is None or self._status >= len(cells):
            return False
        status = clean(cells[self._status], ignore_problem).lower()
        if self._done_as_it_is is None:
            return status in ("done", "unchanged")
        return status in ("done", "unchanged", "skipped") and self._done_as_it_is(cells)


_Found = tuple[Any, Sequence[Problem]]
_Read = Callable[[object], _Found]
_Memory = dict[object, _Found]  # what was found in a cell of a column, for texts that repeat


def _reader(kind: Kind) -> _Read:
    """The kind's `read` with problems as a second result."""
    nothing: tuple[Problem, ...] = ()

    def read(cell: object) -> _Found:
        reported: list[Problem] = []
        return kind.read(cell, reported.append), reported or nothing

    return read
