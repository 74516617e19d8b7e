"""Exports that come back: which of their columns an import changes, and which of their cells were edited. Pure.

The id decides which record a row is about, so that rows may be sorted and deleted, and emails and titles edited. Only
edited cells become values, each with the value it was exported with: what differs from that in the school now was
changed there since. Of a list that is changed by its items (tags), the values are the items that an edited cell has
more and those that it has no longer, so that what others put on it meanwhile stays; of a flag likewise.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from lwdesk.base.text import _, fold, shorten
from lwdesk.catalog.cells.check import Cells, Checked, Checker
from lwdesk.catalog.cells.empty import empties, empty_word
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.cells.problems import ERROR, NOTE, WARNING, Problem, ignore_problem
from lwdesk.catalog.effects.facts import equal_values, serialize
from lwdesk.catalog.emptying import why_kept
from lwdesk.catalog.export_model import FIELD_OF
from lwdesk.catalog.match import Header, Match
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Recipe, gains, loses

# Where a record has the id that its row is found by.
KEY = "id"
_EPOCH = datetime(1899, 12, 30)


@dataclass(frozen=True)
class Exported:
    """How a sheet was when it was exported: the headings, the place in the school's records of each column (`Out.at`),
    which of them is the id, and the cells of a record as they were written: dates as Excel's numbers.

    Where the sheet doesn't remember (`remembered` is False), the cells are what an export would write now: then only
    cells that an import takes, and titles beside ids, are compared."""

    headings: Sequence[str]
    places: Sequence[str]
    key: int
    cells: Callable[[str], Sequence[Any] | None]
    remembered: bool = True

    def heading(self, header: Header) -> int | None:
        """The column that a header was exported as; None for one that came later."""
        wanted = fold(header.text)
        return next((n for n, text in enumerate(self.headings) if fold(text) == wanted), None)

    def columns(self, recipe: Recipe) -> dict[str, Column | None]:
        """Folded heading -> the column that takes it; None for what no import changes."""
        known = zip(self.headings, self.places, strict=True)
        return {fold(heading): partner(place, recipe) for heading, place in known}


def partner(place: str, recipe: Recipe) -> Column | None:
    """The column that changes what an export shows at this place: the same place of the record, or a list of items
    there that the export shows one field of. The id finds the record."""
    if place == KEY:
        return recipe.column(recipe.uses[0].operation.effect.by)  # type: ignore[attr-defined]
    takers = [column for column in recipe.columns if column.sent]
    for column in takers:
        if column.field == place or (column.kind.many and place.startswith(f"{column.field}.")):
            return column
    within, _dot, name = place.rpartition(".")
    return recipe.column(name) if recipe.custom and within == recipe.custom else None


@dataclass(frozen=True)
class _Tracked:
    """A column of the sheet: where it is, what takes its edits, and where its exported cells are."""

    index: int
    header: Header
    column: Column | None
    at: int | None


class ReturnChecker(Checker):
    """Checks the rows of an export that comes back: all but edited cells are left out."""

    def __init__(
        self, recipe: Recipe, matches: Sequence[Match], fixed: Mapping[str, Any], exported: Exported
    ):
        super().__init__(recipe, matches, fixed)
        self._exported = exported
        key = partner(KEY, recipe)
        self._id = next(m for m in matches if m.column == key)
        takers = [partner(place, recipe) for place in exported.places]
        places = {column.id: at for at, column in enumerate(takers) if column is not None}
        self._tracked = [
            _Tracked(m.index, m.header, m.column, places.get(m.column.id))
            for m in matches
            if m.column is not None and m is not self._id
        ]
        for m in matches:  # a column that the user left out is not watched, one that nothing takes is
            at = exported.heading(m.header) if m.column is None else None
            if at is None or takers[at] is not None:
                continue
            if exported.remembered or FIELD_OF in exported.places[at]:
                self._tracked.append(_Tracked(m.index, m.header, None, at))
        self._all = [
            (c, value, places.get(c.id)) for n, value in fixed.items() if (c := recipe.column(n)) is not None
        ]
        wanted = {name for use in recipe.uses for name in use.wanted}
        self._divided = [c for c in recipe.columns if {gains(c.id), loses(c.id)} & wanted]
        self._twice: set[str] = set()

    def look_for_doubles(self, rows: Iterable[tuple[int, Cells]]) -> None:
        """Find the ids that several rows have."""
        counted = Counter(self._key_of(cells) for _number, cells in rows)
        self._twice = {key for key, count in counted.items() if count > 1 and key}

    def check(self, number: int, cells: Cells, settled: Collection[int] = ()) -> Checked:
        """Read the edited cells of a row."""
        key = self._key_of(cells)
        if not key:
            return Checked(number, {}, [], foreign=any(text_of(cell).strip() for cell in cells))
        was = self._exported.cells(key)
        if was is None:
            message = _("The export that this file comes from has no row with the ID {id}.")
            if not self._exported.remembered:
                message = _(
                    "Your school has nothing with the ID {id}. It was deleted, or this file is another school's."
                )
            message = message.format(id=shorten(key))
            return Checked(number, {}, [self._on_id(number, "id-unknown", message)])
        kept, before, reported = self._edited(number, cells, was)
        more = bool(before)
        for column, value, at in self._all:
            old = before.setdefault(column.id, _read(column, was[at]) if at is not None else None)
            more = more or old is None or not equal_values(serialize(column, value), serialize(column, old))
        if not more:
            return Checked(number, {}, reported, same=True)
        if key in self._twice:
            message = _("Two rows have the same ID. Delete one, or clear the ID to create a new user.")
            return Checked(number, {}, [*reported, self._on_id(number, "id-twice", message)])
        checked = super().check(number, kept, settled)
        values = self._divide(checked.values, before)
        problems = [*checked.problems, *reported]
        alike = checked.good and not values.keys() - {self._id.column and self._id.column.id}
        return replace(checked, values=values, problems=problems, done=False, same=alike, was=before)

    def _divide(self, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """The values with what edited lists and flags have more, and what they have no longer."""
        found = dict(values)
        for column in self._divided:
            if column.id not in before:
                continue
            value = found.pop(column.id, None)
            now, was = _items(value), _items(before[column.id])
            if column.kind.many and value is not None and value == self._fixed.get(column.id):
                now = (*was, *now)  # what all rows are given takes nothing from those that have more
            for name, one, other in ((gains(column.id), now, was), (loses(column.id), was, now)):
                if items := tuple(item for item in one if item not in other):
                    found[name] = items if column.kind.many else True
        return found

    def _check_against_sheet(self, checked: Checked, cells: Cells) -> None:
        """Nothing: the id says whose row it is, and a few edited cells are no evidence about the column."""

    def _key_of(self, cells: Cells) -> str:
        return text_of(cells[self._id.index]).strip() if self._id.index < len(cells) else ""

    def _on_id(self, number: int, code: str, message: str) -> Problem:
        cell = f"{self._id.header.letter}{number}"
        return Problem(ERROR, code, message, column=self._id.column.id if self._id.column else "", cell=cell)

    def _edited(
        self, number: int, cells: Cells, was: Sequence[Any]
    ) -> tuple[list[object], dict[str, Any], list[Problem]]:
        """The cells without those that are as they were, the values that the edited ones had, what is to be said."""
        kept: list[object] = list(cells)
        before: dict[str, Any] = {}
        reported: list[Problem] = []
        for one in self._tracked:
            cell = cells[one.index] if one.index < len(cells) else None
            old = was[one.at] if one.at is not None else None
            if _alike(cell, old, one.column):
                kept[one.index] = None
            elif not self._exported.remembered and (problem := _no_edit(one, number, cell, old)):
                kept[one.index] = None
                reported.append(problem)
            elif one.column is not None and self._emptied(one.column, cell):
                kept[one.index] = empty_word()
                before[one.column.id] = _read(one.column, old)
            elif one.column is not None and (text_of(cell).strip() or self._lists(one.column)):
                kept[one.index] = None if self._lists(one.column) and empties(cell) else cell
                before[one.column.id] = _read(one.column, old)
            else:
                kept[one.index] = None
                reported.append(_left(self._recipe, one, f"{one.header.letter}{number}", self._exported))
        return kept, before, reported

    def _emptied(self, column: Column, cell: object) -> bool:
        """Whether a cell was cleared whose value can be emptied."""
        cleared = not text_of(cell).strip() and not self._lists(column)
        return cleared and not why_kept(self._recipe, column)

    def _lists(self, column: Column) -> bool:
        """Whether the column is a list of which single items go: then an emptied cell has lost them all."""
        return column.kind.many and column in self._divided


def _left(recipe: Recipe, one: _Tracked, cell: str, exported: Exported) -> Problem:
    """What to say of an edited cell that is not sent."""
    if one.column is not None:
        return Problem(WARNING, "emptied", why_kept(recipe, one.column), column=one.column.id, cell=cell)
    place = exported.places[one.at or 0]
    message = _("This import can't change “{title}”, so your change isn't sent.")
    message = message.format(title=one.header.text)
    of = place.partition(FIELD_OF)[0]
    if of != place and of in exported.places and partner(of, recipe) is not None:
        ids = exported.headings[list(exported.places).index(of)]
        message += " " + _("Change “{title}” instead.").format(title=ids)
    return Problem(WARNING, "fixed-column", message, column=place, cell=cell)


def _no_edit(one: _Tracked, number: int, cell: object, old: object) -> Problem | None:
    """What to say of a cell that differs from the school in a file without a memory, and is no edit for certain: what a
    program took for a number, and a blank, which may be older than the value. None for all others."""
    if _same_number(cell, old):
        code, message = (
            "reformatted",
            _("“{was}” became “{now}”, as can happen when Excel saves a CSV file. It isn't sent."),
        )
    elif not text_of(cell).strip():
        code = "emptied"
        message = _(
            "This cell is blank and your school shows “{was}”, which stays. To empty it, write {word}."
        )
    else:
        return None
    message = message.format(was=shorten(text_of(old)), now=text_of(cell), word=empty_word())
    column = one.column.id if one.column else ""
    return Problem(NOTE, code, message, column=column, cell=f"{one.header.letter}{number}")


def _same_number(cell: object, old: object) -> bool:
    """Whether two texts are one number to a program: "007" and 7, "+30210" and 30210, 1.23E+17 and all its digits."""
    now, was = text_of(cell).strip(), text_of(old).strip()
    try:
        one, other = float(now.replace(",", ".")), float(was.replace(",", "."))
    except ValueError:
        return False
    return math.isclose(one, other, rel_tol=5e-3 if "e" in now.lower() else 1e-14)


def _items(value: Any) -> tuple[Any, ...]:
    """A value as what it has: a list its items, a flag itself or nothing."""
    return value if isinstance(value, tuple) else (value,) if value else ()


def _read(column: Column, cell: Any) -> Any:
    return column.cell_kind.read(cell, ignore_problem)


def _alike(cell: object, old: object, column: Column | None) -> bool:
    """Whether a cell still has the exported value, in any form that a program saved it in."""
    if _look(cell) == _look(old):
        return True
    if column is None:
        return False
    mine, theirs = _read(column, cell), _read(column, old)
    if mine is None or theirs is None:
        return False
    return equal_values(serialize(column, mine), serialize(column, theirs))


def _look(cell: object) -> str:
    """What a cell shows, as far as all programs keep it: dates as Excel's numbers, yes as 1, no tabs."""
    if isinstance(cell, datetime):
        cell = (cell.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    elif isinstance(cell, date):
        cell = float((cell - _EPOCH.date()).days)
    if isinstance(cell, float | bool):
        cell = round(float(cell), 5)
    return text_of(cell).replace("\r\n", "\n").replace("\t", "").strip()
