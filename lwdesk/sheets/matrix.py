"""A sheet with a row for each user and many narrow columns of figures, grouped under their titles."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import accumulate, chain, islice
from typing import Any

from lwdesk.sheets.columns import Column, Formula, Plain, plain
from lwdesk.sheets.printing import set_printing
from lwdesk.sheets.table import letter
from lwdesk.sheets.widths import width_of

# What a number is marked as: of a course that the user left, in percent, of what is completed.
LEFT, PERCENT, DONE, PERCENT_LEFT, DONE_LEFT = "left", "percent", "done", "percent left", "done left"
_FORMATS = {
    "": "{n}",
    LEFT: '"("{n}")"',
    PERCENT: '{n}"%"',
    DONE: '{n}"% ✓"',
    PERCENT_LEFT: '"("{n}"%)"',
    DONE_LEFT: '"("{n}"%) ✓"',
}
_WHOLE, _FRACTION = "General", "0.0"
MOST_COLUMNS = 16_384
"""Columns of a sheet (Excel specifications and limits)."""
# Low is dark, so that it can be told in black and white; all are light enough for black figures.
_SCALE = {"type": "3_color_scale", "min_color": "#F4B183", "mid_color": "#FFE699", "max_color": "#E2F0D9"}
_SCALE |= {"min_type": "num", "mid_type": "num", "max_type": "num"}
_SCALE |= {"min_value": 0, "mid_value": 50, "max_value": 100}  # type: ignore[dict-item]
_LINE = {"left": 1, "left_color": "#A6A6A6"}
_CENTRE = {"align": "center", "indent": 0}
_BELOW = {"bottom": 1, "bottom_color": "#D9D9D9"}
_FAINT = {"font_size": 8, "font_color": "#595959", "align": "center", **_BELOW}
# From so many columns on, headings are turned upright and columns narrow.
_UPRIGHT, _NARROW, _WIDE = 12, 8, 13
_FIGURE, _MOMENT, _WIDEST_NAME, _HEAD = 8, 17, 32, 200
_ROW, _ARROW, _LETTER, _ACROSS = 15, 18, 5.2, 140
_MOST_LINES, _TALLEST = 4, 170
Cell = Plain | Formula | tuple[float, str]
"""A number may have a mark; a text says why there is none."""


@dataclass(frozen=True)
class Matrix:
    """`heading` and `note` are written above, then `levels` of titles (title, how many columns are below it), then the
    headers: those of `names`, of which the first `frozen` stay in sight, of `figures`, of the cells and of columns that
    are `hidden`. Rows have a value for each of them, in this order; `totals` are rows below them, each with the kind of
    its figures. `given` is the title of a number that formulas read, and the number: at `GIVEN`. `pages` gets the name
    of the worksheet."""

    title: str
    heading: str
    note: str
    names: Sequence[Column]
    figures: Sequence[Column]
    levels: Sequence[Sequence[tuple[str, int]]]
    headings: Sequence[str]
    hidden: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    totals: Sequence[tuple[str, Sequence[Cell]]] = ()
    given: tuple[str, float] | None = None
    frozen: int = 2
    pages: list[str] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The number of the first row below the headers, as Excel counts."""
        return first_row(self.levels)

    @property
    def start(self) -> int:
        """The index of the first column of cells."""
        return len(self.names) + len(self.figures)


GIVEN = "$B$3"


def first_row(levels: Sequence[Sequence[tuple[str, int]]]) -> int:
    """The number of the first row below the headers, as Excel counts: heading, note and headers are above it too."""
    return len(levels) + 4


class MatrixWriter:
    """Writes them into one workbook of XlsxWriter. `format_of` returns what the format of a kind of column is made of,
    `put` writes a cell."""

    def __init__(
        self,
        book: Any,
        zone: tzinfo | None,
        format_of: Callable[[str], Mapping[str, Any]],
        header: Mapping[str, Any],
        put: Callable[[Any, int, int, Any, Any], None],
    ):
        self._zone, self._put = zone, put
        kinds = {"text": {}, "integer": _CENTRE, "average": _CENTRE, "datetime": {}}
        self._formats = {k: book.add_format({**format_of(k), **_BELOW, **more}) for k, more in kinds.items()}
        heading = {**header, "text_wrap": True}
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._note = book.add_format({"font_color": "#404040", "text_wrap": True, "valign": "top"})
        self._given = book.add_format({"bold": True, "align": "left"})
        self._heading = book.add_format(heading)
        self._figure_heading = book.add_format({**heading, "align": "center"})
        self._level = book.add_format({**heading, "align": "left", "left": 1})
        upright = {**heading, "rotation": 90, "align": "center"}
        self._upright = book.add_format({**upright, "valign": "top"})
        self._upright_level = book.add_format({**upright, "left": 1})
        self._total = book.add_format({"bold": True, **_BELOW})
        self._sums = {
            kind: book.add_format({**format_of(kind), "bold": True, **_BELOW, **_CENTRE})
            for kind in ("integer", "average")
        }
        self._bold = book.add_format({"bold": True})
        self._row = book.add_format(_BELOW)
        self._cells = {
            (look, digits, line): book.add_format(
                {"num_format": code.format(n=digits), "align": "center", **_BELOW} | (_LINE if line else {})
            )
            for look, code in _FORMATS.items()
            for digits in (_WHOLE, _FRACTION)
            for line in (False, True)
        }
        self._faint = [book.add_format(_FAINT), book.add_format(_FAINT | _LINE)]

    def write(self, page: Any, matrix: Matrix) -> int:
        """Write it to an empty worksheet. Returns the number of its rows."""
        columns = [*matrix.names, *matrix.figures, *(Column(one) for one in matrix.headings), *matrix.hidden]
        rows = iter(matrix.rows)
        head = list(islice(rows, _HEAD))
        widths = self._arrange(page, matrix, head)
        self._put(page, 0, 0, matrix.heading, self._title)
        self._write_note(page, matrix.note, widths)
        self._headers(page, matrix, [column.title for column in columns])
        makers = [plain(column.kind, self._zone) for column in columns]
        widest = max((span for level in matrix.levels for _title, span in level), default=1)
        lined = {0, *accumulate(span for _title, span in matrix.levels[-1])} if widest > 1 else {0}
        start, stop = matrix.start, matrix.start + len(matrix.headings)
        number = matrix.first - 2
        for number, row in enumerate(chain(head, rows), matrix.first - 1):
            page.set_row(number, None, self._row)
            for index, value in enumerate(row):
                if value is None or value == "":
                    continue
                if start <= index < stop:
                    self._cell(page, number, index, value, index - start in lined)
                else:
                    made = value if isinstance(value, Formula) else makers[index](value)
                    self._put(page, number, index, made, self._formats[columns[index].kind])
        for line, (kind, total) in enumerate(matrix.totals, number + 1):
            page.set_row(line, None, self._row)
            for index, value in enumerate(total):
                look = self._sums[kind] if index >= len(matrix.names) else self._total
                self._put(page, line, index, value, look)
        page.print_area(0, 0, number + len(matrix.totals), stop - 1)
        count = number - matrix.first + 2
        if count:
            page.autofilter(matrix.first - 2, 0, number, len(columns) - 1)
            self._colour(page, matrix, number)
        return count

    def _cell(self, page: Any, row: int, index: int, value: Any, line: bool) -> None:
        number, look = value if isinstance(value, tuple) else (value, "")
        if isinstance(number, str):
            page.write_string(row, index, number, self._faint[line])
        else:
            digits = _WHOLE if float(number).is_integer() else _FRACTION
            page.write_number(row, index, number, self._cells[look, digits, line])

    def _colour(self, page: Any, matrix: Matrix, last: int) -> None:
        if not matrix.headings:
            return
        area = (matrix.first - 1, matrix.start, last, matrix.start + len(matrix.headings) - 1)
        if matrix.given:
            below = f"AND(ISNUMBER({letter(matrix.start)}{matrix.first}),{letter(matrix.start)}{matrix.first}<{GIVEN})"
            page.conditional_format(*area, {"type": "formula", "criteria": f"={below}", "format": self._bold})
        page.conditional_format(*area, _SCALE)

    def _headers(self, page: Any, matrix: Matrix, titles: Sequence[str]) -> None:
        for row, level in enumerate(matrix.levels, 2):
            turned = [_turned(title, span * _width(matrix)) for title, span in level]
            heights = [_level_height(*one, _width(matrix)) for one in zip(level, turned, strict=True)]
            page.set_row(row, max(heights, default=_ROW))
            if row == 2 and matrix.given:
                self._put(page, row, 0, matrix.given[0], self._given)
                self._put(page, row, 1, matrix.given[1], self._given)
            index = matrix.start
            for (title, span), upright in zip(level, turned, strict=True):
                look = self._upright_level if upright else self._level
                if span > 1:
                    page.merge_range(row, index, row, index + span - 1, "", look)
                self._put(page, row, index, title, look)
                index += span
        narrow = len(matrix.headings) > _UPRIGHT
        page.set_row(matrix.first - 2, _height(matrix.headings, narrow))
        stop = matrix.start + len(matrix.headings)
        for index, title in enumerate(titles):
            own = matrix.start <= index < stop
            figure = own or (index < matrix.start and index >= len(matrix.names))
            look = self._upright if narrow and own else self._figure_heading if figure else self._heading
            self._put(page, matrix.first - 2, index, title, look)

    def _write_note(self, page: Any, note: str, widths: Sequence[float]) -> None:
        """Across as many columns as a page shows."""
        last = max(1, sum(wide <= _ACROSS for wide in accumulate(widths)) - 1)
        room = sum(widths[: last + 1])
        page.set_row(1, _ROW * math.ceil(len(note) * 1.05 / room))
        page.merge_range(1, 0, 1, last, "", self._note)
        self._put(page, 1, 0, note, self._note)

    def _arrange(self, page: Any, matrix: Matrix, head: Sequence[Sequence[Cell]]) -> list[float]:
        """Widths, which are returned, what stays in sight and how it is printed."""
        page.freeze_panes(matrix.first - 1, matrix.frozen)
        page.repeat_rows(0, matrix.first - 2)
        widths = []
        for index, column in enumerate([*matrix.names, *matrix.figures]):
            widths.append(_fitting(column, [row[index] for row in head]))
            page.set_column(index, index, widths[-1])
        stop = matrix.start + len(matrix.headings)
        if matrix.headings:
            page.set_column(matrix.start, stop - 1, _width(matrix))
        if matrix.hidden:
            page.set_column(stop, stop + len(matrix.hidden) - 1, 27, None, {"level": 1, "hidden": True})
            page.set_column(
                stop + len(matrix.hidden), stop + len(matrix.hidden), None, None, {"collapsed": True}
            )
        widths += [_width(matrix)] * len(matrix.headings)
        set_printing(page, matrix.title, widths, landscape=True)
        return widths


def _fitting(column: Column, values: Sequence[Any]) -> float:
    """The width of a column of names or figures; its header wraps between words."""
    word = max(map(len, column.title.split()), default=0) + 2
    if column.kind != "text":
        return max(_MOMENT if column.kind == "datetime" else _FIGURE, word)
    return min(width_of("", (value for value in values if isinstance(value, str))), _WIDEST_NAME)


def _turned(title: str, room: int) -> bool:
    """Whether a title is turned upright, because it has no room across."""
    return max(map(len, title.split()), default=0) > room or len(title) > room * (_MOST_LINES - 1)


def _level_height(level: tuple[str, int], upright: bool, wide: int) -> float:
    title, span = level
    if upright:
        return _upright_height([title])
    return _ROW * max(1, min(math.ceil(len(title) * 1.1 / (span * wide)), _MOST_LINES))


def _width(matrix: Matrix) -> int:
    return _NARROW if len(matrix.headings) > _UPRIGHT else _WIDE


def _height(headings: Sequence[str], upright: bool) -> float:
    """Of the row of headers, with room for the arrow of the filter."""
    if upright:
        return _ARROW + _upright_height(headings)
    lines = max((math.ceil(len(title) / (_WIDE - 3)) for title in headings), default=1)
    return _ARROW + _ROW * min(max(lines, 2), _MOST_LINES + 2)


def _upright_height(titles: Sequence[str]) -> float:
    """Of upright titles in two lines."""
    longest = max((max(len(title) / 2 + 2, *map(len, title.split()), 0) for title in titles), default=0)
    return min(_ROW + longest * _LETTER, _TALLEST)
