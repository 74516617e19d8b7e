"""Cells that were copied from a spreadsheet become a file, so that they are imported like any other."""

from datetime import datetime
from pathlib import Path

from lwdesk.base.errors import UserError
from lwdesk.base.paths import free_name
from lwdesk.base.text import _
from lwdesk.sheets import clipboard


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
