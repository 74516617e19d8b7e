"""What the sheet reader does not report about an xlsx sheet, from one quick pass over the sheet's XML.

The reader hands errors on as empty cells and numbers without their format, and lays the sheet out as one
rectangle, which a stray cell at XFD1048576 would make larger than any memory.
"""

import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

from lwdesk.base.marks import NO_RESULT
from lwdesk.sheets.package import pieces
from lwdesk.sheets.parts import DURATION, PERCENT, padded_text
from lwdesk.sheets.table import Cell, CellError, index_of, letter

_REF = re.compile(rb"""\sr=["']([A-Z]+)([0-9]+)["']""")
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_VALUE = re.compile(rb"\s*(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<")
_FAR_OFF = re.compile(rb"""r=["'][A-Z](?:[A-Z]|[0-9]{8})""")
_FAR = re.compile(rb"""\sr=["']([A-Z]+)([0-9]+)["'](?:[^>]*[^>/])?>""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\sr=["']([0-9]+)["']""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*[^>/]>""")
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt=["']str["'])[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|</(?:\w+:)?c>)"
)
_TEXT = re.compile(rb"""\st=["'][^n]""")
_TAG = re.compile(rb"(<(?:\w+:)?(row|c)\b)([^>]*>)")
_ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s/>]")
_NOT_FIRST = re.compile(rb"<(?!/|[vt]>|is>|c r=|row r=)(?:\w+:)?(?:row|c)(?:>|/>|\s+(?!r=)[^>]*>)")
_REF_OR_ROW = re.compile(rb"""\sr=["'][A-Z]*[0-9]+["']""")
_DURATION = re.compile(r"(-)?P(?:(\d{1,6})D)?T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,8}(?:[.,]\d+)?)S)?")
_MOST_SHOWN = 255
_LEAST_ERRORS = 40  # places kept for errors, however many formats a sheet has


@dataclass
class Marks:
    """`codes`: column → one byte for each row, 0 or the place in `shown` (from 1) of what the cell shows."""

    codes: dict[int, bytearray] = field(default_factory=dict)
    shown: list[str | CellError] = field(default_factory=list)
    """An error, the format code of a number with leading zeros, PERCENT or DURATION."""
    hidden: int = 0
    uncalculated: int = 0
    """Formulas without a saved result."""
    last_row: int = 0
    last_column: int = 0
    weight: int = 0
    """Bytes that the sheet takes in the file, unpacked."""

    def set(self, row: int, column: int, what: str | CellError) -> None:
        if what not in self.shown:
            if len(self.shown) >= _MOST_SHOWN - (0 if isinstance(what, CellError) else _LEAST_ERRORS):
                return
            self.shown.append(what)
        codes = self.codes.setdefault(column, bytearray())
        if len(codes) <= row:
            codes.extend(bytes(max(row + 1 - len(codes), 4096)))
        codes[row] = self.shown.index(what) + 1

    @property
    def last(self) -> int:
        """The last row with an error, which the reader may leave out; 0 for none."""
        return max((len(codes.rstrip(b"\0")) - 1 for codes in self.codes.values()), default=0)

    def apply(self, number: int, cells: list[Cell]) -> None:
        """Replace the reader's values with what Excel shows."""
        for column, codes in self.codes.items():
            if number < len(codes) and (code := codes[number]):
                cells.extend([""] * (column + 1 - len(cells)))
                shown, cell = self.shown[code - 1], cells[column]
                if isinstance(shown, CellError):
                    cells[column] = shown
                elif shown == PERCENT:
                    cells[column] = _percentage(cell)
                elif shown == DURATION:
                    cells[column] = _duration(cell)
                elif isinstance(cell, float) and cell.is_integer() and cell >= 0:
                    cells[column] = padded_text(int(cell), shown)


def _percentage(cell: Cell) -> Cell:
    """0.125 as "12.5%", whatever of it is rounded away on the screen."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
        return cell
    return f"{round(cell * 100, 9):.15g}%"


def _duration(cell: Cell) -> Cell:
    """`PT30H15M00S` (XML Schema, duration) as what it says; days before the `T` count as well."""
    found = _DURATION.fullmatch(cell) if isinstance(cell, str) else None
    if found is None:
        return cell
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[1:])
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] else length


def scan(package: zipfile.ZipFile, part: str, styled: dict[int, str]) -> Marks:
    """Read the whole part once; `styled` are the styles that show a number differently from its value.

    Raises BadZipFile where the part is damaged or its stated size is a lie.
    """
    marks = Marks(weight=package.getinfo(part).file_size)
    styles = b"|".join(b"%d" % style for style in styled) or b"none"
    special = re.compile(rb""" (?:t=["'](e)|s=["'](%b))["']""" % styles)
    with package.open(part) as sheet:
        for text in named_rows(pieces(sheet)):
            for match in special.finditer(text):
                cell = _CELL.match(text, text.rfind(b"<", 0, match.start()))
                value = cell and _VALUE.match(text, cell.end())
                place = cell and _REF.search(cell[0])
                if cell is None or value is None or place is None or len(place[2]) > 7:
                    continue
                if match[1]:
                    what: str = CellError(unescape(value[1].decode("utf-8", "replace")))
                elif _TEXT.search(cell[0]):
                    continue
                else:
                    what = styled[int(match[2])]
                marks.set(int(place[2]), index_of(place[1].decode()), what)
            _measure(marks, text)
    return marks


def named_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The sheet's XML in large pieces, each cut before the start of a row; every row and cell is named.

    Most writers name each row and cell (`r="B7"`); what one leaves unnamed counts on from the one before it.
    """
    row = 0
    for text in _whole_rows(pieces):
        if _unnamed(text):
            naming = _Naming(row)
            text = _TAG.sub(naming, text)
        start = _last_row(text, len(text))
        if start >= 0 and (found := _ROW.match(text, start)):
            row = int(found[1])
        yield text


def _unnamed(text: bytes) -> bool:
    """Whether some row or cell has no name. Nearly all writers name it first, which is quick to see."""
    return any(not _REF_OR_ROW.search(tag[0]) for tag in _NOT_FIRST.finditer(text))


@dataclass
class _Naming:
    """Names rows and cells that have no name, from the row `row` on."""

    row: int
    column: int = -1

    def __call__(self, tag: re.Match[bytes]) -> bytes:
        if tag[2] == b"row":
            given = _ROW.match(tag[0])
            self.row, self.column = int(given[1]) if given else self.row + 1, -1
            return tag[0] if given else b'%b r="%d"%b' % (tag[1], self.row, tag[3])
        if given := _REF.search(tag[0]):
            self.column = index_of(given[1].decode())
            return tag[0]
        self.column += 1
        return b'%b r="%b%d"%b' % (tag[1], letter(self.column).encode(), self.row, tag[3])


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        rest += piece
        cut = _last_row(rest, len(rest))
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _last_row(text: bytes, end: int) -> int:
    """Where the last row before `end` starts, -1 where none does."""
    at = end
    while (at := text.rfind(b"row", 0, at)) >= 0:
        start = text.rfind(b"<", 0, at)
        if start >= 0 and (found := _ROW_TAG.match(text, start)) and found.end() > at:
            return start
    return -1


def _measure(marks: Marks, text: bytes) -> None:
    marks.hidden += len(_HIDDEN.findall(text)) if b"hidden=" in text else 0
    if b"<f" in text or b":f" in text:
        _mark_uncalculated(marks, text)
    filled = max(text.rfind(b"</v>"), text.rfind(b":v>"), text.rfind(b"is>"))
    if filled < 0:
        return
    if _FAR_OFF.search(text):
        for letters, row in set(_FAR.findall(text)):
            marks.last_column = max(marks.last_column, index_of(letters.decode()))
            marks.last_row = max(marks.last_row, int(row))
    if row := _ROW.match(text, max(0, _last_row(text, filled))):
        marks.last_row = max(marks.last_row, int(row[1]))


def _mark_uncalculated(marks: Marks, text: bytes) -> None:
    for match in _UNCALCULATED.finditer(text):
        place = _REF.search(match[0])
        if place is not None and len(place[2]) <= 7:
            marks.uncalculated += 1
            marks.set(int(place[2]), index_of(place[1].decode()), CellError(NO_RESULT))
