"""The original cells of an exported workbook, on a hidden sheet: they show later which cells were edited.

The rows are there as compressed JSON in cells of plain text: that survives whatever program saves the workbook, and
is found by its key however the rows were sorted, deleted or added to. Column by column, for that compresses best: what
is remembered of an export of users makes its workbook a third larger.
"""

import base64
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from lwdesk.base.text import _
from lwdesk.sheets.columns import Losses, Plain

SHEET = "lwdesk"
_FORMAT = 2
# Bytes of JSON that are compressed together, the most that one such piece may be when it comes back, and characters
# of text in a cell (Excel allows 32,767).
_PIECE, _MOST, _CELL = 1 << 20, 1 << 24, 32_000


@dataclass(frozen=True)
class Keep:
    """What to remember of a sheet: `facts` about it, as plain JSON, and its rows by the column `key` (from 0)."""

    facts: Mapping[str, Any]
    key: int


@dataclass(frozen=True)
class Memory:
    """What a workbook remembers: the `facts` kept with it, its headings, and its rows by their key as JSON."""

    facts: Mapping[str, Any]
    headings: Sequence[str]
    key: int
    rows: Mapping[str, bytes]

    def cells(self, key: str) -> list[Plain] | None:
        """The cells of a row as they were written: dates as Excel's numbers. None for a row that was not there."""
        found = self.rows.get(key)
        return None if found is None else orjson.loads(found)


class Keeper:
    """Writes the memory in pieces; `page` is an empty worksheet of XlsxWriter."""

    def __init__(self, page: Any, keep: Keep, headings: Sequence[str]):
        self._page, self._row = page, 0
        self._rows: list[list[Plain]] = []
        self._size = 0
        page.very_hidden()
        head = {"format": _FORMAT, "facts": dict(keep.facts), "headings": list(headings), "key": keep.key}
        words = _(
            "lwdesk uses this sheet to remember the original cells, so that it can tell which ones you edited."
        )
        self._write([words])
        self._write(_cells(orjson.dumps(head)))

    def add(self, cells: Iterable[Plain]) -> None:
        """Remember a row."""
        row = [_written(cell) for cell in cells]
        self._rows.append(row)
        self._size += len(orjson.dumps(row))
        if self._size >= _PIECE:
            self.close()

    def close(self) -> None:
        """Write the rest."""
        if self._rows:
            self._write(_cells(orjson.dumps(list(zip(*self._rows, strict=True)))))
        self._rows, self._size = [], 0

    def _write(self, texts: Iterable[str]) -> None:
        for column, text in enumerate(texts):
            self._page.write_string(self._row, column, text)
        self._row += 1


def recall(rows: Iterable[Sequence[Any]]) -> Memory | None:
    """The memory from the cells of its sheet; None where it is damaged or of a later version of lwdesk."""
    try:
        pieces = map(_piece, islice(rows, 1, None))  # after the sentence for people
        head = orjson.loads(next(pieces))
        if head["format"] != _FORMAT:
            return None
        kept = dict(_keyed(pieces, head["key"]))
        return Memory(head["facts"], head["headings"], head["key"], kept)
    except (ValueError, KeyError, IndexError, TypeError, StopIteration, zlib.error):
        return None


def _keyed(pieces: Iterator[bytes], key: int) -> Iterator[tuple[str, bytes]]:
    for piece in pieces:
        for row in zip(*orjson.loads(piece), strict=True):
            yield str(row[key]), orjson.dumps(row)


def _cells(data: bytes) -> list[str]:
    text = base64.b64encode(zlib.compress(data, 6)).decode("ascii")
    return [text[start : start + _CELL] for start in range(0, len(text), _CELL)]


def _piece(row: Sequence[Any]) -> bytes:
    opened = zlib.decompressobj()
    data = opened.decompress(base64.b64decode("".join(map(str, filter(None, row))), validate=True), _MOST)
    if not opened.eof:
        raise ValueError(len(data))
    return data


def _written(cell: Plain) -> Plain:
    """What the cell holds, in few bytes: the time of day to the second."""
    if type(cell) is float:
        return round(cell, 5)
    if type(cell) is not str or (cell.isprintable() and len(cell) <= _CELL):
        return cell
    return Losses().fit(cell, str)
