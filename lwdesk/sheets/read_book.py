"""Reads xlsx, xlsm, xlsb, xls and ods with calamine, and adds what calamine leaves out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from lwdesk.base.errors import FileError
from lwdesk.base.text import _, ngettext
from lwdesk.sheets.detect import locked
from lwdesk.sheets.done import SHEET as DONE
from lwdesk.sheets.done import recall_done
from lwdesk.sheets.layout import blank, merge_notes
from lwdesk.sheets.lists import SHEET as LISTS
from lwdesk.sheets.lists import recall_lists
from lwdesk.sheets.marks import Marks, scan
from lwdesk.sheets.memory import SHEET, recall
from lwdesk.sheets.ods import marks_of_ods
from lwdesk.sheets.package import damaged, opened, walk_through
from lwdesk.sheets.parts import sheet_parts, shown_styles, without_other_sheets
from lwdesk.sheets.table import MOST_ROWS, Cell, Source, letter, no_such_sheet
from lwdesk.sheets.xls import XlsFile
from lwdesk.sheets.xlsb import marks_of_xlsb

_MOST_CELLS = 40_000_000
_ANY_CELLS, _MOST_PER_BYTE = 2_000_000, 30
"""A sheet of more cells than the first has fewer of them for each of its bytes than the second, but for stray ones."""
_MOST_MERGED = 100_000


def open_book(path: Path, kind: str, sheet: str | None) -> Source:
    """The sheet named, else the first visible one that is not empty. `kind` is what the file is.

    Raises UserError where the file is damaged, protected, too large, or has no such sheet.
    """
    with _guarded(path):
        import python_calamine as calamine

        file = XlsFile(path) if kind == "xls" else None
        if file is None:
            _refuse_flood(path)
        elif file.is_locked:
            raise locked(path)
        ahead = _marks_ahead(path, kind, file)
        book = _opened(path, file)
        sheets = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        visible = tuple(m.name for m in sheets if m.visible == calamine.SheetVisibleEnum.Visible)
        names = [_named(path, sheet, [m.name for m in sheets], visible)] if sheet else visible
        name, cells, marks = _first_filled(
            path, book, names, partial(_marks_of, path, kind, ahead, book.sheet_names)
        )
        hidden = {m.name for m in sheets} - set(visible)
        memory = recall(book.get_sheet_by_name(SHEET).iter_rows()) if SHEET in hidden else None
        lists = recall_lists(book.get_sheet_by_name(LISTS).iter_rows()) if LISTS in hidden else None
        marked = [book.get_sheet_by_name(name).iter_rows() for name in hidden if name.startswith(DONE)]
    grid = _Grid(cells, marks)
    return Source(
        *(kind, name, visible, grid.walk),
        lambda row: [*_notes(kind, marks), *_merge_notes(cells, row)],
        memory,
        lists,
        recall_done(marked),
    )


def _opened(path: Path, file: XlsFile | None) -> Any:
    """The workbook; where calamine fails at it, what is left of it without macro, chart and dialog sheets."""
    import python_calamine as calamine

    try:
        with path.open("rb") if file is None else BytesIO(file.content()) as content:
            return calamine.CalamineWorkbook.from_filelike(content)
    except calamine.PasswordError:
        raise
    except BaseException as error:
        if not isinstance(error, calamine.CalamineError) and not _is_panic(error):
            raise
        reduced = without_other_sheets(path) if file is None else file.without_other_sheets()
        return calamine.CalamineWorkbook.from_filelike(BytesIO(reduced))


def _marks_ahead(path: Path, kind: str, file: XlsFile | None) -> list[tuple[str, bool, Marks]]:
    """Name, whether it holds cells, and marks of the sheets of a file that calamine lays out whole when it opens it."""
    if file is not None:
        sheets = file.sheets()
    else:
        sheets = [(name, True, marks) for name, marks in marks_of_ods(path)] if kind == "ods" else []
    for name, _holds_cells, marks in sheets:
        _refuse_stray(name, marks)
    return sheets


def _marks_of(
    path: Path, kind: str, ahead: list[tuple[str, bool, Marks]], names: Sequence[str], name: str
) -> Marks:
    """What calamine does not report about the sheet. Raises UserError where its cells would exhaust the memory."""
    if kind in ("xls", "ods"):
        if len(ahead) != len(names):
            ahead = [sheet for sheet in ahead if sheet[1]]
        place = names.index(name)
        return ahead[place][2] if place < len(ahead) else Marks()
    marks = marks_of_xlsb(path, name) if kind == "xlsb" else _marks(path, name)
    _refuse_stray(name, marks)
    return marks


def _named(path: Path, sheet: str, names: Sequence[str], visible: tuple[str, ...]) -> str:
    for same in (
        lambda name: name == sheet,
        lambda name: name.strip().casefold() == sheet.strip().casefold(),
    ):
        if found := next(filter(same, names), None):
            return found
    raise no_such_sheet(path, sheet, visible)


def _first_filled(
    path: Path, book: Any, names: Sequence[str], marks_of: Callable[[str], Marks]
) -> tuple[str, Any, Marks]:
    uncalculated = 0
    for name in names:
        marks = marks_of(name)
        uncalculated += marks.uncalculated
        cells = book.get_sheet_by_name(name)
        if cells.end is not None and cells.end[0] >= MOST_ROWS:
            raise damaged(path)
        if cells.end is not None:
            return name, cells, marks
    if uncalculated:
        raise FileError(
            _("{name} has formulas that were never calculated").format(name=path.name),
            _("It was written by another program and not yet opened in Excel, so it has no values to read"),
            _("Open it in Excel, save it, and try again"),
        )
    raise FileError(
        _("{name} is empty").format(name=path.name),
        _("All its visible sheets are empty"),
        _("Choose another file, or fill in column headers and rows"),
    )


def _marks(path: Path, name: str) -> Marks:
    with opened(path) as package:
        part = sheet_parts(package).get(name)
        if part is None or part not in package.namelist():
            raise damaged(path)
        return scan(package, part, shown_styles(package))


def _refuse_stray(name: str, marks: Marks) -> None:
    """calamine lays a sheet out as one rectangle, which a single stray cell makes as large as it is far away."""
    cells = marks.last_row * (marks.last_column + 1)
    if cells > _MOST_CELLS or (cells > _ANY_CELLS and cells > _MOST_PER_BYTE * marks.weight):
        raise FileError(
            _("Sheet “{sheet}” is too large to read").format(sheet=name),
            _("It reaches to cell {cell}").format(cell=f"{letter(marks.last_column)}{marks.last_row}"),
            _("If you don't need that cell, delete it. Or copy the filled rows to a new workbook"),
        )


def _refuse_flood(path: Path) -> None:
    with opened(path) as package:
        for name in package.namelist():
            if name.endswith(("sharedStrings.xml", "styles.xml", "content.xml", ".bin")):
                walk_through(package, name)


class _Grid:
    """The sheet's cells row by row, with marks applied and vertical merges filled in."""

    def __init__(self, cells: Any, marks: Marks):
        self._cells, self._marks, self._merged = cells, marks, _vertical_merges(cells)

    def walk(self) -> Iterator[tuple[int, list[Cell]]]:
        kept: dict[int, Cell] = {}
        marked = bool(self._marks.codes)
        left = [""] * self._cells.start[
            1
        ]  # calamine keeps empty rows at the top, but not columns at the left
        rows = chain(self._cells.iter_rows(), repeat([]))
        last = max(self._cells.end[0] + 1, self._marks.last)
        for number, cells in zip(range(1, last + 1), rows, strict=False):
            if left:
                cells = left + cells
            if marked:
                self._marks.apply(number, cells)
            if number in self._merged:
                self._fill(cells, self._merged[number], kept)
            yield number, cells

    def _fill(self, cells: list[Cell], merges: list[tuple[int, bool]], kept: dict[int, Cell]) -> None:
        """A row with no values of its own stays empty: headers merged over two rows aren't data."""
        if all(map(blank, cells)):
            return
        for column, first in merges:
            if column >= len(cells):
                continue
            if first:
                kept[column] = cells[column]
            elif column in kept:
                cells[column] = kept[column]


def _vertical_merges(cells: Any) -> dict[int, list[tuple[int, bool]]]:
    """Row → (column, whether the merge starts here), for merges of one column over several rows."""
    found: dict[int, list[tuple[int, bool]]] = {}
    filled = 0
    for (top, left), (bottom, right) in cells.merged_cell_ranges or ():
        if left != right or top == bottom or filled > _MOST_MERGED:
            continue
        for row in range(top, min(bottom, cells.end[0]) + 1):
            found.setdefault(row + 1, []).append((left, row == top))
            filled += 1
    return found


def _merge_notes(cells: Any, header_row: int) -> Iterator[str]:
    columns = sorted(
        {
            left
            for (top, left), (bottom, right) in cells.merged_cell_ranges or ()
            if left == right and bottom > top >= header_row
        }
    )
    yield from merge_notes(columns)


def _notes(kind: str, marks: Marks) -> Iterator[str]:
    if kind == "ods":
        yield _(
            "Numbers from .ods files lose the leading zeros shown in their "
            "cells. If you need them, save the file as .xlsx"
        )
    elif kind not in ("xlsx", "xlsm"):
        yield _(
            "Numbers from .{format} files lose the leading zeros and percent signs shown in their cells. If "
            "you need them, save the file as .xlsx"
        ).format(format=kind)
    if marks.hidden:
        yield ngettext(
            "{n} hidden or filtered row is also imported",
            "{n} hidden or filtered rows are also imported",
            marks.hidden,
        )


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Turn errors and panics of calamine into a UserError."""
    import python_calamine as calamine

    try:
        yield
    except calamine.PasswordError as error:
        raise locked(path) from error
    except (calamine.CalamineError, OSError, MemoryError) as error:
        raise damaged(path) from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise damaged(path) from error


def _is_panic(error: BaseException) -> bool:
    """A panic of the Rust library arrives as pyo3_runtime.PanicException, which cannot be imported."""
    return type(error).__name__ == "PanicException"
