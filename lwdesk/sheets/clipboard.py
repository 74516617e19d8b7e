"""Cells on their way between spreadsheets: as the clipboard has them, and kept as a CSV file."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from lwdesk.base.paths import written_whole

# A cell and what ends it. Quotes are around a cell only where the second one ends it: quotes inside are doubled.
_CELL = re.compile(r'(?:"((?:[^"]++|"")*+)"(?=[\t\r\n]|\Z)|([^\t\r\n]*+))(\t|\r\n|\r|\n|\Z)')
_LINE_END = re.compile(r"\r\n|\r|\n")


def cells_of(text: str) -> list[list[str]]:
    """The rows of cells in a text of the clipboard, as Excel, LibreOffice and Google Sheets copy them: tabs between
    columns, quotes around cells with tabs or line breaks. Rows may differ in length."""
    if '"' not in text:
        lines = _LINE_END.split(text)
        return [line.split("\t") for line in (lines if lines[-1] else lines[:-1])]
    rows: list[list[str]] = []
    row: list[str] = []
    at = 0
    while at < len(text) or row:  # after a tab at the end, one more cell
        found = _CELL.match(text, at)
        assert found is not None
        inside, plain, end = found.groups()
        row.append(plain if inside is None else inside.replace('""', '"'))
        at = found.end()
        if end != "\t":
            rows.append(row)
            row = []
    return rows


def single_cell(text: str) -> str | None:
    """The only cell in a text of the clipboard; None where there are several."""
    found = _CELL.match(text)
    assert found is not None
    inside, plain, end = found.groups()
    if end == "\t" or found.end() < len(text):
        return None
    return str(plain) if inside is None else str(inside).replace('""', '"')


def text_of_cells(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as a text for the clipboard, which `cells_of` and spreadsheets read as the same cells. There is no
    line end after the last row, so that a single cell can be pasted into a field, unless the row would get lost."""
    text = "\n".join("\t".join(map(_written, row)) for row in rows)
    return text + "\n" if not text or text.endswith("\n") else text


def _written(cell: str) -> str:
    if cell[:1] == '"' or "\t" in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def keep(cells: Sequence[Sequence[str]], path: Path) -> None:
    """Write the cells to a CSV file. Raises UserError where it can't be written."""
    with written_whole(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(cells)
