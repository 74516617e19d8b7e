"""Which sheet of a workbook is read where none is named: the one whose headers fit best."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from lwdesk.app.importing.opened import Opened
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing
from lwdesk.catalog.match import missing
from lwdesk.sheets.read import open_source

T = TypeVar("T")
Fit = tuple[bool, int]
"""Whether no required column is missing, and how many headers fit a column."""
Open = Callable[[str | None], Opened]
_MOST = 20
"""Sheets that are looked at; each is read whole."""


def best_sheet(path: Path, encoding: str, open_sheet: Open, look: Open) -> Opened:
    """The first visible sheet, or the one with more columns that fit. A note says which it is, and which others exist.

    `open_sheet` opens the sheet of a name; `look` does without asking the school. Raises the UserError of the first
    sheet where no other fits.
    """
    try:
        first = open_sheet(None)
    except UserError as error:
        sheets = _sheets(path, encoding)
        others = [one for one in look_at_others(sheets, look) if _fit(one)[1]]
        if not others:
            raise error
        return _noted(open_sheet(best_of(others[0], others[1:], _fit).table.sheet), sheets)
    sheets = first.table.sheets
    if len(sheets) < 2 or first.exported is not None or first.table.memory is not None or first.table.done:
        return first
    others = look_at_others([name for name in sheets if name != first.table.sheet], look)
    best = best_of(first, others, _fit)
    return _noted(first if best is first else open_sheet(best.table.sheet), sheets)


def _sheets(path: Path, encoding: str) -> Sequence[str]:
    try:
        return open_source(path, None, encoding).sheets
    except UserError:
        return ()


def best_of(first: T, others: Sequence[T], fit: Callable[[T], Fit]) -> T:
    """The sheet that fits best; of equals, the one that comes first."""
    return max((first, *others), key=fit)


def look_at_others(names: Sequence[str], look: Callable[[str], T]) -> list[T]:
    """Look at sheets, but not at too many; those that can't be read are skipped."""
    found = []
    for name in names[:_MOST]:
        try:
            found.append(look(name))
        except UserError:
            continue
    return found


def _fit(opened: Opened) -> Fit:
    lacks = missing(opened.recipe, opened.matches, opened.fixed)
    return not lacks, sum(found.column is not None for found in opened.matches)


def _noted(opened: Opened, sheets: Sequence[str]) -> Opened:
    others = [name for name in sheets if name != opened.table.sheet]
    note = _(
        "Using sheet “{sheet}”, because its column headers match best. Other sheets: {others}. Choose one with --sheet"
    ).format(sheet=opened.table.sheet, others=listing(others, 10))
    return replace(opened, table=replace(opened.table, notes=[note, *opened.table.notes]))
