"""Inserts columns and rows into the XML of one sheet and leaves every other byte as it was."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import IO

from lwdesk.base.errors import Bug
from lwdesk.sheets.cell_xml import CellXml
from lwdesk.sheets.columns import Losses
from lwdesk.sheets.survey import CELL, REF, Facts, RowPlace, Unpatchable, row_places
from lwdesk.sheets.table import Cell, index_of, letter

_SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")
_DIMENSION = re.compile(rb"""(dimension\s[^>]*ref=(["'])([A-Z]+)([0-9]+))(?::([A-Z]+)([0-9]+))?["']""")
_COL = re.compile(rb"<(?:\w+:)?col\s[^>]*?(?:/>|>\s*</(?:\w+:)?col>)")
_MIN = re.compile(rb"""\smin=["']([0-9]+)["']""")
_MAX = re.compile(rb"""\smax=["']([0-9]+)["']""")
_COLS = re.compile(rb"<(?:\w+:)?cols>.*?</(?:\w+:)?cols>", re.DOTALL)

Placed = tuple[int, bytes]
"""A column counted from 0, and the XML of its cell."""
Making = Callable[[bytes], Collection[Placed]]
"""The XML of a row, b"" for none -> the new cells of it."""


@dataclass
class Insertion:
    """What to insert into a sheet: column headers and, row by row, the cells below them."""

    facts: Facts
    header_row: int
    titles: Sequence[str]
    columns: Sequence[int]
    """Where each title goes, counted from 0."""
    widths: Sequence[float]
    date_style: int | None
    zone: tzinfo | None
    losses: Losses = field(default_factory=Losses)
    count: int = 0

    def write(
        self, texts: Iterator[bytes], values: Iterable[tuple[int, Sequence[Cell]]], out: IO[bytes]
    ) -> None:
        """Write the sheet's `texts` with `values` inserted; these come in the order of their rows.

        Raises Unpatchable, and Bug where the rows are out of order.
        """
        rows = self._rows(values, CellXml(self.facts.prefix, self.date_style, self.zone, self.losses))
        making = ((number, lambda _row, cells=cells: cells) for number, cells in rows)
        out.writelines(merged(texts, self.facts.prefix, making, self._with_head, self._with_filter))

    def new_filter(self) -> tuple[bytes, bytes] | None:
        """The range of the sheet's filter and its new range, where the new columns are right beside it."""
        if not self.facts.filter:
            return None
        left, top, right, bottom = self.facts.filter
        if int(top) != self.header_row or index_of(right.decode()) + 1 != min(self.columns):
            return None
        end = letter(max(self.columns)).encode()
        return b"%b%b:%b%b" % (left, top, right, bottom), b"%b%b:%b%b" % (left, top, end, bottom)

    def _rows(
        self, values: Iterable[tuple[int, Sequence[Cell]]], xml: CellXml
    ) -> Iterator[tuple[int, list[Placed]]]:
        names = [letter(column) for column in self.columns]
        yield (
            self.header_row,
            [
                (column, xml.text(f"{name}{self.header_row}", title, self._heading_style(column)))
                for column, name, title in zip(self.columns, names, self.titles, strict=True)
            ],
        )
        last = self.header_row
        for number, cells in values:
            if number <= last:
                raise Bug("Results out of order", f"Row {number} came after row {last}")
            last = number
            self.count += 1
            yield (
                number,
                [
                    (column, xml.cell(f"{name}{number}", cell))
                    for column, name, cell in zip(self.columns, names, cells, strict=True)
                ],
            )

    def _heading_style(self, column: int) -> int:
        """The style of the header that is replaced, or of the last one."""
        left = max((i for i in self.facts.heading if i <= column), default=None)
        return int(self.facts.heading[left][0]) if left is not None else 0

    def _with_head(self, head: bytes) -> bytes:
        return self._with_widths(with_dimension(head, max(self.columns), self.header_row))

    def _with_filter(self, tail: bytes) -> bytes:
        change = self.new_filter()
        return (
            re.sub(rb"""ref=(["'])%b\1""" % change[0], rb"ref=\1%b\1" % change[1], tail) if change else tail
        )

    def _with_widths(self, head: bytes) -> bytes:
        """Widths for the new columns; ranges that cover them (all the rest hidden, say) are cut around them."""
        prefix = self.facts.prefix
        new = [c for c in self.columns if c > self.facts.last]
        if not new:
            return head
        found = _COLS.search(head)
        old = _COL.findall(found[0]) if found else []
        cols = [part for col in old for part in _cut_around(col, min(new) + 1, max(new) + 1)]
        for column, width in zip(self.columns, self.widths, strict=True):
            if column in new:
                place = (prefix, column + 1, column + 1, width)
                cols.append((column + 1, b'<%bcol min="%d" max="%d" width="%.1f" customWidth="1"/>' % place))
        joined = b"<%bcols>%b</%bcols>" % (prefix, b"".join(xml for _first, xml in sorted(cols)), prefix)
        return head[: found.start()] + joined + head[found.end() :] if found else head + joined


def merged(
    texts: Iterator[bytes],
    prefix: bytes,
    rows: Iterator[tuple[int, Making]],
    with_head: Callable[[bytes], bytes],
    with_tail: Callable[[bytes], bytes],
) -> Iterator[bytes]:
    """The `texts` of a sheet (as `named_rows` cuts them) with new `rows` and new cells in rows that are there, in the
    order of their numbers. `with_head` changes what is before the rows, `with_tail` what is behind them.

    Raises Unpatchable.
    """
    waiting, first = _Waiting(rows), True
    for text in texts:
        if first:
            end = text.find(b"<%bsheetData" % prefix)
            if end < 0:
                raise Unpatchable
            text, first = with_head(text[:end]) + text[end:], False
        yield b"".join(_with_rows(text, prefix, waiting, with_tail))


def _with_rows(
    text: bytes, prefix: bytes, waiting: "_Waiting", with_tail: Callable[[bytes], bytes]
) -> Iterator[bytes]:
    pos = 0
    for place in row_places(text, prefix):
        if waiting.number > place.number:
            continue
        yield text[pos : place.start]
        pos = place.start
        while waiting.number < place.number:
            yield _new_row(prefix, *waiting.take())
        if waiting.number == place.number:
            cells = waiting.take()[1](text[place.inner : place.end])
            yield _patched_row(prefix, text, place, cells)
            pos = place.end
    end = text.find(b"</%bsheetData" % prefix, pos)
    if end < 0:
        yield text[pos:]
        return
    yield text[pos:end]
    while waiting.number < _Waiting.END:
        yield _new_row(prefix, *waiting.take())
    yield with_tail(text[end:])


class _Waiting:
    """The rows still to be inserted, with a lookahead of one."""

    END = 1 << 62

    def __init__(self, rows: Iterator[tuple[int, Making]]):
        self._rows = rows
        self._next = next(rows, (self.END, _nothing))

    @property
    def number(self) -> int:
        return self._next[0]

    def take(self) -> tuple[int, Making]:
        taken, self._next = self._next, next(self._rows, (self.END, _nothing))
        return taken


def _nothing(_row: bytes) -> Collection[Placed]:
    return ()


def with_dimension(head: bytes, column: int, row: int) -> bytes:
    """What is before the rows of a sheet, with a used range that reaches to this column (from 0) and row."""

    def reach(match: re.Match[bytes]) -> bytes:
        right = max(index_of((match[5] or match[3]).decode()), column)
        bottom = max(int(match[6] or match[4]), row)
        return b"%b:%b%d%b" % (match[1], letter(right).encode(), bottom, match[2])

    return _DIMENSION.sub(reach, head, count=1)


def _new_row(prefix: bytes, number: int, make: Making) -> bytes:
    joined = b"".join(xml for _column, xml in sorted(make(b"")))
    return b'<%brow r="%d">%b</%brow>' % (prefix, number, joined, prefix)


def _patched_row(prefix: bytes, text: bytes, place: RowPlace, cells: Collection[Placed]) -> bytes:
    """The row at a place of the text, with these cells in place of those in the same columns."""
    if not cells:
        return text[place.start : place.end]
    start, close = _SPANS.sub(b"", text[place.start : place.inner]), b"</%brow>" % prefix
    if place.inner == place.end:
        return start[:-2].rstrip() + b">" + b"".join(xml for _column, xml in sorted(cells)) + close
    return start + _with_cells(text[place.inner : place.end - len(close)], cells, prefix) + close


def _with_cells(inner: bytes, cells: Collection[Placed], prefix: bytes) -> bytes:
    """A row's cells with new ones inserted, in place of those in the same columns."""
    new = {column for column, _xml in cells}
    last = REF.search(inner, max(0, inner.rfind(b"<%bc " % prefix)))
    if (
        last
        and index_of(last[1].decode()) < min(new)
        and inner.rstrip().endswith((b"/>", b"</%bc>" % prefix))
    ):
        return inner + b"".join(xml for _column, xml in sorted(cells))
    kept, column, end = list(cells), -1, 0
    for cell in CELL.finditer(inner):
        reference = REF.search(cell[0])
        column, end = index_of(reference[1].decode()) if reference else column + 1, cell.end()
        if column not in new:
            kept.append((column, cell[0]))
    return b"".join(xml for _column, xml in sorted(kept)) + inner[end:]


def _cut_around(col: bytes, first: int, last: int) -> Iterator[Placed]:
    low, high = _MIN.search(col), _MAX.search(col)
    if low is None or high is None:
        raise Unpatchable
    start, end = int(low[1]), int(high[1])
    for a, b in ((start, min(end, first - 1)), (max(start, last + 1), end)):
        if a <= b:
            yield a, _MAX.sub(b' max="%d"' % b, _MIN.sub(b' min="%d"' % a, col))
