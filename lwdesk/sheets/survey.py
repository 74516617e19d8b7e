"""Reads from the XML of a sheet what has to be known before columns are inserted."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from xml.etree import ElementTree as ET

from lwdesk.sheets.parts import children, local, related, workbook_part
from lwdesk.sheets.table import index_of

_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*\s)?r=["']([A-Z]+)[0-9]+["'](?:[^>]*[^>/])?>""")
_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^>]*)?>")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr=["']([0-9]+)["'][^>]*>""")
CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?(?:/>|>.*?</(?:\w+:)?c>)", re.DOTALL)
REF = re.compile(rb"""\sr=["']([A-Z]+)[0-9]+["']""")
STYLE = re.compile(rb"""\ss=["']([0-9]+)["']""")
_SHARED = re.compile(rb"""\st=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]+)<""")
_TEXT = re.compile(rb"<(?:\w+:)?(?:t|v)(?:\s[^>]*)?>([^<]*)<")
_FILTER = re.compile(rb"""autoFilter\s[^>]*ref=["']([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)["']""")
# The cells of conditional formats and data validations, those that Excel 2010 added (x14) among them.
_RULED = re.compile(
    rb"""(?:conditionalFormatting|dataValidation)\s[^>]*?sqref=["']([^"']*)["']|"""
    rb"""<(?:\w+:)?sqref>([^<]*)</(?:\w+:)?sqref>\s*</(?:\w+:)?(?:conditionalFormatting|dataValidation)>"""
)
_RIGHT = re.compile(rb"([A-Z]+)[0-9]+(?=\s|$)")


_MERGE = re.compile(rb"""mergeCell\s[^>]*?ref=["'][A-Z]+[0-9]+:([A-Z]+)([0-9]+)["']""")
# A range that ends this far right is one over whole rows, and leaves no column beside it.
ALL_COLUMNS = 16_000


class Unpatchable(Exception):
    """The sheet is written in a way this module does not know."""


@dataclass
class Facts:
    """The result of the first pass over a sheet."""

    prefix: bytes = b""
    last: int = -1
    """The last column with something in it, counted from 0."""
    heading: dict[int, tuple[bytes, int | str]] = field(default_factory=dict)
    """Column → style of its heading, and the text or the number of the shared text."""
    filter: tuple[bytes, ...] = ()
    """Of the sheet's own filter: left, top, right, bottom."""


def survey(
    texts: Iterator[bytes], header_row: int, tell: Callable[[bytes], None] = lambda _rows: None
) -> Facts:
    """The first pass; `tell` is told all that comes after the row of the headers. Raises Unpatchable."""
    facts, letters, ranges, inside, last = Facts(), set[bytes](), set[bytes](), False, 0
    for text in texts:
        if not inside:
            if not (data := _DATA.search(text)):
                raise Unpatchable
            facts.prefix, inside = data[1], True
        letters.update(_FILLED.findall(text))
        below = 0
        for row in row_places(text, facts.prefix):
            if row.number <= last:
                raise Unpatchable
            last = row.number
            if last <= header_row:
                below = row.end
            if last == header_row:
                facts.heading = _heading(text[row.start : row.end])
        if last >= header_row:
            tell(text[below:])
        tail = text.rfind(b"sheetData>") + 1
        if found := _FILTER.search(text, tail):
            facts.filter = found.groups()
            ranges.add(found[3])
        for one in _RULED.finditer(text, tail):
            ranges.update(_RIGHT.findall(one[1] or one[2]))
        ranges.update(right for right, bottom in _MERGE.findall(text, tail) if int(bottom) >= header_row)
    columns = (index_of(name.decode()) for name in ranges)
    filled = (index_of(name.decode()) for name in letters)
    facts.last = max([-1, *filled, *(column for column in columns if column < ALL_COLUMNS)])
    return facts


@dataclass(frozen=True)
class RowPlace:
    """The position of a row in a text: its start, the end of its start tag, its end."""

    number: int
    start: int
    inner: int
    end: int


def row_places(text: bytes, prefix: bytes) -> Iterator[RowPlace]:
    close = b"</%brow>" % prefix
    for tag in _ROW.finditer(text):
        if text[tag.end() - 2 : tag.end()] == b"/>":
            yield RowPlace(int(tag[1]), tag.start(), tag.end(), tag.end())
            continue
        end = text.find(close, tag.end())
        if end < 0:
            raise Unpatchable
        yield RowPlace(int(tag[1]), tag.start(), tag.end(), end + len(close))


def _heading(row: bytes) -> dict[int, tuple[bytes, int | str]]:
    found: dict[int, tuple[bytes, int | str]] = {}
    for cell in CELL.findall(row):
        reference, style, shared = REF.search(cell), STYLE.search(cell), _SHARED.search(cell)
        if reference is None:
            raise Unpatchable
        text = "".join(unescape(part.decode()) for part in _TEXT.findall(cell))
        found[index_of(reference[1].decode())] = (
            style[1] if style else b"0",
            int(shared[1]) if shared else text,
        )
    return found


def shared_texts(package: zipfile.ZipFile, wanted: set[int]) -> dict[int, str]:
    """The shared texts of these numbers; the part is read no further than the last of them."""
    rels = related(package, workbook_part(package)).values()
    part = next((target for kind, target in rels if kind == "sharedStrings"), None)
    found: dict[int, str] = {}
    if part is None or not wanted:
        return found
    number = 0
    with package.open(part) as file:
        for _event, item in ET.iterparse(file):
            if local(item) == "si":
                if number in wanted:
                    found[number] = "".join(t.text or "" for t in children(item, "t"))
                number += 1
                item.clear()
                if number > max(wanted):
                    break
    return found
