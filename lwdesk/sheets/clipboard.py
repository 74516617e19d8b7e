"""Cells on their way between spreadsheets: as the clipboard has them, and kept as a CSV file."""

import csv
from collections.abc import Sequence
from pathlib import Path

from lwdesk.base.paths import written_whole


def cells_of(text: str) -> list[list[str]]:
    """The rows of cells in a text of the clipboard, as Excel, LibreOffice and Google Sheets copy them: tabs between
    columns, quotes around cells with tabs or line breaks."""
    return list(csv.reader(text.splitlines(keepends=True), dialect="excel-tab"))


def keep(cells: Sequence[Sequence[str]], path: Path) -> None:
    """Write the cells to a CSV file. Raises UserError where it can't be written."""
    with written_whole(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(cells)
