"""Reads a workbook or text file as a table, whatever its name says it is."""

from pathlib import Path

from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing
from lwdesk.sheets.detect import kind_of
from lwdesk.sheets.layout import Grid, lay_out
from lwdesk.sheets.table import Table


def read(path: Path, sheet: str | None = None, header_row: int | None = None) -> Table:
    """The rows of one sheet: the one named, else the first visible one that is not empty.

    `header_row` (1-based, as Excel shows it) overrules the search for the headings.
    Raises UserError, with what to do, for every file that cannot be read.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind == "text":
        from lwdesk.sheets.read_csv import look_at

        text = look_at(path)
        return _single(path, "csv", text.records, sheet, header_row, list(text.notes))
    if kind == "html":
        from lwdesk.sheets.read_html import read_table

        rows = read_table(path)
        note = _("The file is a web page with a table, not a workbook; every cell was read as text")
        return _single(path, "html", lambda: enumerate(rows, 1), sheet, header_row, [note])
    from lwdesk.sheets.read_book import read_book

    return read_book(path, kind, sheet, header_row)


def _single(
    path: Path, kind: str, grid: Grid, sheet: str | None, header_row: int | None, notes: list[str]
) -> Table:
    if sheet:
        raise no_such_sheet(path, sheet, ())
    number, headers, rows, more = lay_out(path, grid, header_row)
    return Table(path, kind, "", ("",), number, headers, rows, notes + more)


def no_such_sheet(path: Path, sheet: str, there: tuple[str, ...]) -> UserError:
    return UserError(
        _("{name} has no sheet “{sheet}”").format(name=path.name, sheet=sheet),
        _("It has {sheets}").format(sheets=listing(there, 10)) if there else _("It is a file without sheets"),
        _("Name one of its sheets, or none") if there else _("Leave the sheet out"),
    )
