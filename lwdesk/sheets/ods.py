"""What calamine does not report about an .ods sheet: errors, unsaved results, long durations, percentages, extent.

Elements and attributes: OASIS, OpenDocument 1.3, part 3, 9 and 19.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from lwdesk.base.marks import NO_RESULT
from lwdesk.sheets.marks import Marks
from lwdesk.sheets.package import damaged, opened, pieces
from lwdesk.sheets.parts import DURATION, PERCENT
from lwdesk.sheets.table import MOST_ROWS, CellError

_PART = "content.xml"
_SHOWN_ERROR = re.compile(r"#[A-Z][A-Z/0]*[!?]|#N/A|Err:\d{3}")
_MOST_MARKED = 5_000_000
"""Cells of one sheet that are marked, repeated ones counted; more are no sheet."""
_CELLS = ("table-cell", "covered-table-cell")
_SHAPES = ("annotation", "shapes", "custom-shape", "frame")


def marks_of_ods(path: Path) -> list[tuple[str, Marks]]:
    """Name and marks of each sheet. Raises UserError where the file is damaged."""
    with opened(path) as package:
        if _PART not in package.namelist():
            raise damaged(path)
        reader = _Reader(package.getinfo(_PART).file_size)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        try:
            with package.open(_PART) as part:
                for piece in pieces(part):
                    parser.Parse(piece)
        except expat.ExpatError as error:
            raise zipfile.BadZipFile(_PART) from error
    if reader.marked > _MOST_MARKED:
        raise damaged(path)
    return reader.sheets


@dataclass
class _Cell:
    attributes: dict[str, str]
    times: int
    text: str = ""


class _Reader:
    def __init__(self, weight: int):
        self.sheets: list[tuple[str, Marks]] = []
        self.marked = 0
        self._weight = weight
        self._depth = self._aside = 0
        """Tables around this place, that of the sheet among them; elements around it that are no content of cells."""
        self._row, self._rows, self._column = 1, 1, 0
        self._cell: _Cell | None = None
        self._in_paragraph = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        word = name.rpartition(" ")[2]
        if word == "table":
            self._depth += 1
            if self._depth == 1 and not self._aside:
                self._start_sheet(attributes)
        elif word in _SHAPES:
            self._aside += 1
        if self._depth != 1 or self._aside:
            return
        if word == "table-row":
            self._rows, self._column = _times(attributes, "number-rows-repeated"), 0
        elif word in _CELLS:
            found = {
                key.rpartition(" ")[2]: value for key, value in attributes.items() if "calcext" not in key
            }
            self._cell = _Cell(found, _times(attributes, "number-columns-repeated"))
            if any("calcext" in key and value == "error" for key, value in attributes.items()):
                found["value-type"] = "error"
        elif word == "p":
            self._in_paragraph = True

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        name = next((value for key, value in attributes.items() if key.endswith(" name")), "")
        self.marks = Marks(weight=self._weight)
        self.sheets.append((name, self.marks))
        self._row, self._rows, self._column = 1, 1, 0

    def text(self, text: str) -> None:
        if self._cell is not None and self._in_paragraph and not self._aside:
            self._cell.text += text

    def end(self, name: str) -> None:
        word = name.rpartition(" ")[2]
        if word == "table":
            self._depth -= 1
        elif word in _SHAPES:
            self._aside -= 1
        elif word == "p":
            self._in_paragraph = False
        elif self._depth == 1 and not self._aside and word in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif self._depth == 1 and not self._aside and word == "table-row":
            self._row += self._rows

    def _end_cell(self, cell: _Cell) -> None:
        what = _what(cell)
        if what is not None or cell.text or "value-type" in cell.attributes:
            self.marks.last_row = max(self.marks.last_row, self._row + self._rows - 1)
            self.marks.last_column = max(self.marks.last_column, self._column + cell.times - 1)
        if what is not None:
            self.marked += self._rows * cell.times
            if self.marked <= _MOST_MARKED and self._row + self._rows <= MOST_ROWS + 1:
                self._mark(cell.times, what)
        self._column += cell.times

    def _mark(self, columns: int, what: str | CellError) -> None:
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + columns):
                self.marks.set(row, column, what)
                self.marks.uncalculated += what == NO_RESULT


def _times(attributes: dict[str, str], word: str) -> int:
    count = next((value for key, value in attributes.items() if key.endswith(word)), "")
    return max(1, int(count)) if count.isdecimal() and len(count) < 10 else 1


def _what(cell: _Cell) -> str | CellError | None:
    """What a cell shows where that is not its value."""
    kind, formula = cell.attributes.get("value-type"), "formula" in cell.attributes
    if kind == "error" or (formula and _SHOWN_ERROR.fullmatch(cell.text.strip())):
        return CellError(cell.text.strip() or "#N/A")
    if formula and not cell.text and _has_no_result(cell.attributes):
        return CellError(NO_RESULT)
    return {"percentage": PERCENT, "time": DURATION}.get(kind or "")


def _has_no_result(attributes: dict[str, str]) -> bool:
    """An empty text is a result; a formula without a kind of value, or without the value, was never calculated."""
    if attributes.get("value-type") == "string":
        return False
    return not any(key.endswith("value") and key != "value-type" for key in attributes)
