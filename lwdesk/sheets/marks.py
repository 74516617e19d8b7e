"""What the sheet reader does not tell of an xlsx sheet, found by one quick pass over the sheet's XML.

The reader hands errors on as empty cells and numbers without their format, and lays the sheet out as one
rectangle, which a stray cell at XFD1048576 would make larger than any memory.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

from lwdesk.sheets.package import pieces
from lwdesk.sheets.parts import padded_text
from lwdesk.sheets.table import Cell, CellError, index_of

_CELL = rb"<(?:\w+:)?c\b(?=[^>]*\b(?:t=[\"']e[\"']%s))([^>]*)>"
_REF = re.compile(rb"""\br=["']([A-Z]+)([0-9]+)["']""")
_STYLE = re.compile(rb"""\bs=["']([0-9]+)["']""")
_VALUE = re.compile(rb"\s*(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<")
_FAR = re.compile(rb'\br="([A-Z]{2,3})[0-9]+"[^>]*[^>/]>')
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\br=["']([0-9]+)["']""")
_ROW_START = re.compile(rb"<(?:\w+:)?row\b")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*[^>/]>""")
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\bt=["']str["'])[^>]*>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"""
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|</(?:\w+:)?c>)"
)
_TAG = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>")
_MOST_SHOWN = 255


@dataclass
class Marks:
    """`codes`: column → one byte for each row, 0 or the place in `shown` (from 1) of what the cell shows."""

    codes: dict[int, bytearray] = field(default_factory=dict)
    shown: list[str | CellError] = field(default_factory=list)
    """An error, or the format code of a number with leading zeros."""
    hidden: int = 0
    uncalculated: int = 0
    last_row: int = 0
    last_column: int = 0

    def set(self, row: int, column: int, what: str | CellError) -> None:
        if what not in self.shown:
            if len(self.shown) == _MOST_SHOWN:
                return
            self.shown.append(what)
        codes = self.codes.setdefault(column, bytearray())
        if len(codes) <= row:
            codes.extend(bytes(max(row + 1 - len(codes), 4096)))
        codes[row] = self.shown.index(what) + 1

    def apply(self, number: int, cells: list[Cell]) -> None:
        """Puts what Excel shows in place of what the reader gave."""
        for column, codes in self.codes.items():
            if number < len(codes) and (code := codes[number]) and column < len(cells):
                shown, cell = self.shown[code - 1], cells[column]
                if isinstance(shown, CellError):
                    cells[column] = shown
                elif isinstance(cell, float) and cell.is_integer() and cell >= 0:
                    cells[column] = padded_text(int(cell), shown)


def scan(package: zipfile.ZipFile, part: str, padded: dict[int, str]) -> Marks:
    """Reads the whole part once. Raises BadZipFile where it is damaged or its stated size is a lie."""
    marks = Marks()
    styles = b"".join(b"|s=[\"']%d[\"']" % style for style in padded)
    special = re.compile(_CELL % styles)
    find = None
    with package.open(part) as sheet:
        for text in _whole_rows(pieces(sheet)):
            find = find or _finder(text, special)
            for row, column, match in find(text):
                _mark(marks, padded, row, column, match)
            _measure(marks, text)
    return marks


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The XML in large pieces, each cut before the start of a row."""
    rest = b""
    for piece in pieces:
        rest += piece
        cut = max(rest.rfind(b"<row"), rest.rfind(b":row"))
        cut = rest.rfind(b"<", 0, cut + 1) if cut > 0 else 0
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


Finder = Callable[[bytes], Iterator[tuple[int, int, re.Match[bytes]]]]


def _finder(head: bytes, special: re.Pattern[bytes]) -> Finder:
    """Most writers name each cell (`r="B7"`); where they do not, cells count from the last one named."""
    first = next((tag for tag in _TAG.finditer(head) if tag[1] == b"c"), None)
    if first is None or _REF.search(first[2]):
        return lambda text: _named(text, special)
    row = 0

    def counted(text: bytes) -> Iterator[tuple[int, int, re.Match[bytes]]]:
        nonlocal row
        column = -1
        for tag in _TAG.finditer(text):
            if tag[1] == b"row":
                given = _ROW.match(tag[0])
                row, column = int(given[1]) if given else row + 1, -1
                continue
            column += 1
            if match := special.match(text, tag.start()):
                yield row, column, match

    return counted


def _named(text: bytes, special: re.Pattern[bytes]) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    for match in special.finditer(text):
        if reference := _REF.search(match[1]):
            yield int(reference[2]), index_of(reference[1].decode()), match


def _mark(marks: Marks, padded: dict[int, str], row: int, column: int, match: re.Match[bytes]) -> None:
    style = _STYLE.search(match[1])
    value = _VALUE.match(match.string, match.end())
    if value is None or row > 1_048_576:
        return
    if b't="e"' in match[1] or b"t='e'" in match[1]:
        marks.set(row, column, CellError(unescape(value[1].decode("utf-8", "replace"))))
    elif style and int(style[1]) in padded and b" t=" not in match[1]:
        marks.set(row, column, padded[int(style[1])])


def _measure(marks: Marks, text: bytes) -> None:
    marks.hidden += len(_HIDDEN.findall(text)) if b"hidden=" in text else 0
    if b"<f" in text or b":f" in text:
        marks.uncalculated += len(_UNCALCULATED.findall(text))
    filled = max(text.rfind(b"</v>"), text.rfind(b":v>"), text.rfind(b"is>"))
    if filled < 0:
        return
    for letters in {match[1] for match in _FAR.finditer(text)}:
        marks.last_column = max(marks.last_column, index_of(letters.decode()))
    starts = [m.start() for m in _ROW_START.finditer(text, 0, filled)][-1:]
    if starts and (row := _ROW.match(text, starts[0])):
        marks.last_row = max(marks.last_row, int(row[1]))
