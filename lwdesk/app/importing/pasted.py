"""Cells that were copied from a spreadsheet become a file, so that they are imported like any other.

Text files without column headers get some in a copy.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lwdesk.base.errors import UserError
from lwdesk.base.paths import free_name
from lwdesk.base.text import _
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.users import EMAIL
from lwdesk.sheets import clipboard
from lwdesk.sheets.layout import ADDRESS, blank
from lwdesk.sheets.read import open_source
from lwdesk.sheets.table import letter


def keep(text: str, folder: Path) -> Path:
    """Write the cells in a text of the clipboard, the first row of which are the headers, to a new CSV file in the
    folder. Returns its path.

    Raises UserError where there is no row below the first, and where the folder can't be written.
    """
    cells = clipboard.cells_of(text)
    if sum(any(cell.strip() for cell in line) for line in cells) < 2:
        raise UserError(
            _("The clipboard has no table"),
            "",
            _("Copy the cells in Excel, with the row of column headers, and paste them here"),
        )
    name = _("Pasted cells")
    path = free_name(folder / f"{name} {datetime.now():%Y-%m-%d %H.%M}.csv")
    clipboard.keep(cells, path)
    return path


def with_headers(path: Path, folder: Path, encoding: str = "") -> Path:
    """Copy a text file whose first row is data to a new CSV file in the folder, with headers on top. Returns its path.

    The column with email addresses is named so, others by their letter. Raises UserError where the file can't be read,
    and where the folder can't be written.
    """
    rows = [list(map(text_of, cells)) for _n, cells in open_source(path, None, encoding).grid()]
    rows = [cells for cells in rows if not all(map(blank, cells))]
    width = max(map(len, rows), default=0)
    headers = [_("Column {letter}").format(letter=letter(n)) for n in range(width)]
    if (emails := _emails(rows, width)) is not None:
        headers[emails] = _(EMAIL.title)
    target = free_name(folder / (_("{name} with headers").format(name=path.stem) + ".csv"))
    clipboard.keep([headers, *rows], target)
    return target


def _emails(rows: Sequence[Sequence[str]], width: int) -> int | None:
    """The column with the most email addresses, if it has any."""
    counts = [
        sum(n < len(cells) and bool(ADDRESS.fullmatch(cells[n])) for cells in rows) for n in range(width)
    ]
    most = max(counts, default=0)
    return counts.index(most) if most else None
