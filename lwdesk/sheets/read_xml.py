"""XML Spreadsheet 2003, as old school systems, report servers and PHP programs write it, named .xls or .xml.

Elements and types: Microsoft, XML Spreadsheet Reference (Office 2003).
"""

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.parsers import expat

from lwdesk.base.errors import FileError
from lwdesk.base.marks import NO_RESULT
from lwdesk.base.text import _
from lwdesk.sheets.package import damaged
from lwdesk.sheets.table import Cell, CellError

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_NO_DAY = date(1899, 12, 31)
"""The day that Excel puts before a time without one."""
_MOST_BYTES = 300 << 20
_MOST_MERGED = 100_000
"""Rows of a sheet that get the value of a merged cell."""
_MOST_CELLS, _MOST_ROWS, _MOST_COLUMNS = 30_000_000, 1_048_576, 16_384


@dataclass
class XmlSheet:
    """A sheet: its name, and its rows by number, from 1, each with its cells from column A. `merged` are cells merged
    over several rows of one column: (row, column, rows below), from 1."""

    name: str
    visible: bool = True
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)


def read_sheets(path: Path) -> list[XmlSheet]:
    """All sheets of the file. Raises UserError where it is damaged or larger than any sheet."""
    if path.stat().st_size > _MOST_BYTES:
        raise _too_large(path)
    reader = _Reader(path)
    try:
        with path.open("rb") as file:
            reader.parser.ParseFile(file)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ) as error:  # the latter for encodings that expat can't read
        raise damaged(path) from error
    return reader.sheets


class _Reader:
    def __init__(self, path: Path):
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.sheets: list[XmlSheet] = []
        self._path, self._cells = path, 0
        self._row = self._column = self._row_span = self._span = 0
        self._kind = ""
        self._parts: list[str] | None = None
        self._formula = self._filled = False
        self._aside = 0

    def _entity(self, *_declared: Any) -> None:
        """Refuse entity declarations: no sheet needs them, and they can exhaust the memory."""
        raise damaged(self._path)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        found = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        word = name.rpartition(" ")[2]
        if word == "Worksheet":
            self.sheets.append(XmlSheet(found.get("Name", "")))
            self._row = self._row_span = 0
        elif word == "Row" and self.sheets:
            self._row = _place(found.get("Index"), self._row + self._row_span)
            self._row_span, self._column = _count(found.get("Span")), 0
            self._add_row()
        elif word == "Cell" and self._row:
            self._column = _place(found.get("Index"), self._column)
            self._span = _count(found.get("MergeAcross"))
            if (below := _count(found.get("MergeDown"))) and not self._span:
                self.sheets[-1].merged.append((self._row, self._column, min(below, _MOST_ROWS)))
            self._formula, self._filled = "Formula" in found, False
        elif word == "Comment":
            self._aside += 1
        elif word in ("Data", "Visible") and not self._aside:
            self._kind, self._parts = found.get("Type", word), []

    def _text(self, text: str) -> None:
        if self._parts is not None:
            self._parts.append(text)

    def _end(self, name: str) -> None:
        word = name.rpartition(" ")[2]
        if word == "Data" and self._parts is not None:
            self._put(_value(self._kind, "".join(self._parts)))
            self._parts = None
        elif word == "Visible" and self._parts is not None:
            self.sheets[-1].visible = "".join(self._parts).strip() == "SheetVisible"
            self._parts = None
        elif word == "Comment":
            self._aside -= 1
        elif word == "Worksheet" and self.sheets:
            self._fill_merged()
        elif word == "Cell" and self._row:
            if self._formula and not self._filled:
                self._put(CellError(NO_RESULT))
            self._column += self._span

    def _add_row(self) -> None:
        if self._row > _MOST_ROWS:
            raise _too_large(self._path)
        self.sheets[-1].rows.append((self._row, []))

    def _put(self, value: Cell) -> None:
        self._widen(self.sheets[-1].rows[-1][1], self._column)[self._column - 1] = value
        self._filled = True

    def _widen(self, cells: list[Cell], columns: int) -> list[Cell]:
        """The row with at least so many cells. Raises UserError where the sheet gets too large."""
        missing = max(columns - len(cells), 0)
        self._cells += missing
        if columns > _MOST_COLUMNS or self._cells > _MOST_CELLS:
            raise _too_large(self._path)
        cells.extend([""] * missing)
        return cells

    def _fill_merged(self) -> None:
        """Give each row of the merged cells of a sheet their value."""
        rows, filled = dict(self.sheets[-1].rows), 0
        for row, column, below in self.sheets[-1].merged:
            value = rows[row][column - 1] if len(rows[row]) >= column else ""
            for number in range(row + 1, row + below + 1):
                if value == "" or filled == _MOST_MERGED or number > self._row:
                    break
                filled += 1
                if number in rows:
                    cells = self._widen(rows[number], column)
                    cells[column - 1] = value if cells[column - 1] == "" else cells[column - 1]


def _place(index: str | None, last: int) -> int:
    """The number of a row or column: the one it names, else the next one."""
    return int(index) if index and index.isdecimal() and int(index) > last else last + 1


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _value(kind: str, text: str) -> Cell:
    try:
        if kind == "Number":
            number = float(text)
            if not math.isfinite(number):
                return text
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if kind == "DateTime":
            moment = datetime.fromisoformat(text.strip())
            if moment.date() == _NO_DAY:
                return moment.time()
            return moment.date() if moment.time() == datetime.min.time() else moment
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    return CellError(text) if kind == "Error" else text


def _too_large(path: Path) -> FileError:
    return FileError(
        _("{name} is too large to read safely").format(name=path.name),
        _("It has more cells than a sheet can have"),
        _("If it's your own sheet, copy its filled rows to a new workbook and use that"),
    )
