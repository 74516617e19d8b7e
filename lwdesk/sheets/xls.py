"""What calamine does not handle in an .xls file: streams named in capitals, Macintosh code pages, errors, stray cells.

Names and layouts of records: Microsoft, [MS-XLS] Excel Binary File Format, 2.3 and 2.4.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from lwdesk.sheets.marks import Marks
from lwdesk.sheets.package import damaged
from lwdesk.sheets.table import CellError

_NAME = re.compile(
    b"(?:" + "WORKBOOK\0".encode("utf-16-le") + b"|" + "BOOK\0".encode("utf-16-le") + b")", re.IGNORECASE
)
_ENTRY, _STREAM = 128, 2
_FORMULA, _EOF, _FILE_PASS, _CODE_PAGE, _BOUND_SHEET, _ERROR = 0x06, 0x0A, 0x2F, 0x42, 0x85, 0x205
_MANY_NUMBERS = 0xBD
_FILLED = frozenset({_FORMULA, _ERROR, _MANY_NUMBERS, 0xD6, 0xFD, 0x203, 0x204, 0x27E})
"""Records that begin with the row and column of a cell that holds something."""
_SKIPPED = 0xE1
"""A record without a meaning for those who read."""
_EXCEL_97, _UNICODE = 0x600, 1200
_KNOWN_PAGES = {0x8000: 10000, 0x8001: 1252, 367: 1252}
"""Numbers of code pages in Excel 5 and 95, as Windows numbers them."""
ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!"},
    **{0x2A: "#N/A", 0x2B: "#GETTING_DATA"},
}
Record = tuple[int, int, int]
"""The number of a record, where its data start, and their size in bytes."""


class XlsFile:
    """An .xls file in memory: its bytes as calamine can read them, and its workbook stream."""

    def __init__(self, path: Path):
        """Raises UserError where the file is damaged."""
        self._path = path
        self._content = bytearray(path.read_bytes())
        for match in _NAME.finditer(self._content):
            self._name_as_excel_does(match.start(), len(match[0]))
        self.stream = self._read()
        self._use_known_code_page()

    def _name_as_excel_does(self, place: int, size: int) -> None:
        """Names in OLE files know no case; calamine looks for `Workbook` and `Book`."""
        entry = self._content[place : place + _ENTRY]
        if place % _ENTRY == 0 and len(entry) == _ENTRY and entry[64] == size and entry[66] == _STREAM:
            name = entry[:size].decode("utf-16-le").capitalize()
            self._content[place : place + size] = name.encode("utf-16-le")

    def _read(self) -> bytearray:
        with self._opened(BytesIO(self._content)) as ole:
            self._stream_name = "Workbook" if ole.exists("Workbook") else "Book"
            return bytearray(ole.openstream(self._stream_name).read())

    @contextmanager
    def _opened(self, file: BytesIO) -> Iterator[Any]:
        import olefile

        try:
            with olefile.OleFileIO(file, write_mode=True) as ole:
                yield ole
        except (OSError, ValueError, IndexError, TypeError, struct.error, MemoryError) as error:
            raise damaged(self._path) from error

    def _use_known_code_page(self) -> None:
        """Since Excel 97 all texts are Unicode, whatever the code page says; before, some pages have two numbers."""
        unicode = self._number(4) == _EXCEL_97
        for kind, start, size in self._globals():
            page = self._number(start)
            known = _UNICODE if unicode else _KNOWN_PAGES.get(page, page)
            if kind == _CODE_PAGE and size == 2 and known != page:
                struct.pack_into("<H", self.stream, start, known)
                self._save()

    def _save(self) -> None:
        file = BytesIO(self._content)
        with self._opened(file) as ole:
            ole.write_stream(self._stream_name, bytes(self.stream))
            self._content = bytearray(file.getvalue())

    def _number(self, place: int) -> int:
        return int.from_bytes(self.stream[place : place + 2], "little")

    def _records(self, place: int) -> Iterator[Record]:
        """The records of one part of the stream (that of the workbook, or of a sheet), up to its end."""
        depth = 0
        while place + 4 <= len(self.stream):
            kind, size = struct.unpack_from("<HH", self.stream, place)
            yield kind, place + 4, size
            depth += (kind & 0xFF == 0x09 and kind >> 8 in (0, 2, 4, 8)) - (kind == _EOF)
            if depth <= 0:
                return
            place += 4 + size

    def _globals(self) -> list[Record]:
        return list(self._records(0))

    @property
    def is_locked(self) -> bool:
        """Whether the workbook is encrypted ([MS-XLS] 2.4.117)."""
        return any(kind == _FILE_PASS for kind, _start, _size in self._globals())

    def content(self) -> bytes:
        return bytes(self._content)

    def without_other_sheets(self) -> bytes:
        """The file with nothing but worksheets: no macro, chart or module sheets, which calamine may fail at."""
        for kind, start, size in self._globals():
            if kind == _BOUND_SHEET and size > 6 and self.stream[start + 5]:
                struct.pack_into("<H", self.stream, start - 4, _SKIPPED)
        self._save()
        return self.content()

    def sheets(self) -> list[tuple[str, bool, Marks]]:
        """Name, whether it is a worksheet, errors and extent of each sheet."""
        found = []
        for kind, start, size in self._globals():
            if kind == _BOUND_SHEET and size > 7 and start + size <= len(self.stream):
                (begin,) = struct.unpack_from("<I", self.stream, start)
                name = bytes(self.stream[start + 7 : start + size])
                found.append((self._sheet_name(name), not self.stream[start + 5], self._marks(begin)))
        return found

    def _sheet_name(self, name: bytes) -> str:
        if self._number(4) == _EXCEL_97:
            return name[1:].decode("utf-16-le" if name[:1] == b"\1" else "latin-1", "replace")
        return name.decode("latin-1")

    def _marks(self, begin: int) -> Marks:
        marks = Marks(weight=len(self.stream))
        for kind, start, size in self._records(begin):
            if kind not in _FILLED or size < 6 or start + size > len(self.stream):
                continue
            row, column = struct.unpack_from("<HH", self.stream, start)
            if code := self._error(kind, start, size):
                marks.set(row + 1, column, CellError(ERRORS.get(code - 1, "#N/A")))
            if kind == _MANY_NUMBERS:
                column = self._number(start + size - 2)
            marks.last_row = max(marks.last_row, row + 1)
            marks.last_column = max(marks.last_column, column)
        return marks

    def _error(self, kind: int, start: int, size: int) -> int:
        """The code of an error and 1, 0 for none."""
        if kind == _ERROR and size >= 8 and self.stream[start + 7]:
            return self.stream[start + 6] + 1
        if (
            kind == _FORMULA
            and size >= 14
            and self._number(start + 12) == 0xFFFF
            and self.stream[start + 6] == 2
        ):
            return self.stream[start + 8] + 1
        return 0
