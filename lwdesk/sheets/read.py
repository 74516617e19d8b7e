"""Reads a workbook or text file as a table; the content decides the format, not the name."""

from pathlib import Path
from typing import Any

from lwdesk.base.text import _, language
from lwdesk.sheets.detect import kind_of
from lwdesk.sheets.layout import lay_out, merge_notes
from lwdesk.sheets.table import Grid, Source, Table, no_such_sheet


def read(path: Path, sheet: str | None = None, header_row: int | None = None, encoding: str = "") -> Table:
    """The rows of one sheet: the one named, else the first visible one that is not empty.

    `header_row` (1-based, as Excel shows it) overrides the search for the column headers.
    Raises UserError, with what to do, for every file that cannot be read.
    """
    path = Path(path)
    source = open_source(path, sheet, encoding)
    asked = language(), header_row
    table = source.tables.get(asked)
    if table is None:
        number, headers, rows, notes = lay_out(path, source.grid, header_row)
        table = source.tables[asked] = Table(
            *(path, source.format, source.sheet, source.sheets, number, headers, rows),
            [*source.notes(number), *notes],
            *(source.memory, source.lists, source.done),
        )
    return table


def open_source(path: Path, sheet: str | None = None, encoding: str = "") -> Source:
    """All cells of the sheet, before the column headers are searched for; `encoding` is that of a text file or web
    page, where it is known. As long as the file stays as it is, it is read once.
    Raises UserError as `read` does."""
    try:
        found = path.stat()
    except OSError:
        return _open(path, sheet, encoding)
    file = path, encoding, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    for known, asked, source in _last:
        if known == file and sheet in (asked, source.sheet):
            return source
    source = _open(path, sheet, encoding)
    _last[:] = [(file, sheet, source)]
    return source


def forget(path: Path) -> None:
    """Release the cells of a file, which are kept as long as no other is opened."""
    _last[:] = [known for known in _last if known[0][0] != path]


# The file opened last, as it was then, the sheet that was asked for, and what was found: every step of an import looks
# at the same one.
_last: list[tuple[tuple[Any, ...], str | None, Source]] = []


def _open(path: Path, sheet: str | None, encoding: str) -> Source:
    kind = kind_of(path)
    if kind == "text":
        from lwdesk.sheets.read_csv import look_at

        text = look_at(path, encoding)
        return _without_sheets(path, "csv", sheet, text.records, list(text.notes))
    if kind == "html":
        from lwdesk.sheets.read_html import read_table

        rows = read_table(path, encoding)
        note = _("The file is a web page with a table, not a workbook; every cell was read as text")
        return _without_sheets(path, "html", sheet, lambda: enumerate(rows, 1), [note])
    if kind == "xml":
        return _of_xml(path, sheet)
    from lwdesk.sheets.read_book import open_book

    return open_book(path, kind, sheet)


def _of_xml(path: Path, sheet: str | None) -> Source:
    """The sheet named, else the first visible one with a row. Raises UserError."""
    from lwdesk.sheets.read_xml import XmlSheet, read_sheets

    sheets = read_sheets(path)
    visible = tuple(one.name for one in sheets if one.visible)
    wanted = (sheet or "").strip().casefold()
    named = [one for one in sheets if one.name.strip().casefold() == wanted]
    if sheet and not named:
        raise no_such_sheet(path, sheet, visible)
    shown = named or [one for one in sheets if one.visible] or [XmlSheet("")]
    found = next((one for one in shown if any(cells for _n, cells in one.rows)), shown[0])
    note = _("The file is in the XML format of Excel 2003")

    def notes(header_row: int) -> list[str]:
        columns = sorted({column - 1 for row, column, _below in found.merged if row > header_row})
        return [note, *merge_notes(columns)]

    return Source("xml", found.name, visible, lambda: found.rows, notes)


def _without_sheets(path: Path, kind: str, sheet: str | None, grid: Grid, notes: list[str]) -> Source:
    if sheet:
        raise no_such_sheet(path, sheet, ())
    return Source(kind, "", ("",), grid, lambda header_row: notes)
