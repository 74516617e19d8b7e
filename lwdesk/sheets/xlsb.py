"""What calamine does not report about an .xlsb sheet: error values and its extent.

Records: Microsoft, [MS-XLSB] Excel Binary File Format, 2.1.4 and 2.4.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from lwdesk.sheets.marks import Marks
from lwdesk.sheets.package import opened
from lwdesk.sheets.parts import related, workbook_part
from lwdesk.sheets.table import CellError
from lwdesk.sheets.xls import ERRORS

_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _LAST_CELL, _SHEET = 0, 1, 3, 11, 11, 156


def marks_of_xlsb(path: Path, sheet: str) -> Marks:
    """Raises UserError where the file is damaged."""
    with opened(path) as package:
        workbook = workbook_part(package)
        rels = related(package, workbook)
        names = dict(_sheets(package.read(workbook))) if workbook in package.namelist() else {}
        part = rels.get(names.get(sheet, ""), ("", ""))[1]
        return _marks(package.read(part)) if part in package.namelist() else Marks()


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 2 <= len(content):
        kind = content[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[place] & 0x7F) << 7
            place += 1
        size = 0
        for step in range(4):
            if place >= len(content):
                return
            byte = content[place]
            place += 1
            size |= (byte & 0x7F) << 7 * step
            if not byte & 0x80:
                break
        yield kind, content[place : place + size]
        place += size


def _sheets(workbook: bytes) -> Iterator[tuple[str, str]]:
    """Sheet name, relationship id ([MS-XLSB] 2.4.304 BrtBundleSh)."""
    for kind, data in _records(workbook):
        if kind == _SHEET:
            rel, rest = _text(data[8:])
            yield _text(rest)[0], rel


def _text(data: bytes) -> tuple[str, bytes]:
    """Read a text with its length before it. Returns the text and the rest."""
    end = 4 + 2 * int.from_bytes(data[:4], "little")
    return data[4:end].decode("utf-16-le", "replace"), data[end:]


def _marks(sheet: bytes) -> Marks:
    marks, row = Marks(weight=len(sheet)), 0
    for kind, data in _records(sheet):
        if kind == _ROW and len(data) >= 4:
            (row,) = struct.unpack_from("<I", data)
        elif _BLANK < kind <= _LAST_CELL and len(data) >= 9:
            (column,) = struct.unpack_from("<I", data)
            marks.last_row = max(marks.last_row, row + 1)
            marks.last_column = max(marks.last_column, column)
            if kind in (_ERROR, _FORMULA_ERROR) and row < 1 << 20 and column < 1 << 14:
                marks.set(row + 1, column, CellError(ERRORS.get(data[8], "#N/A")))
    return marks
