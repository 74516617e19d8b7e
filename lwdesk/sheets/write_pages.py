"""Writes a workbook with a sheet for each of many pages, and an index with links to them."""

import math
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from lwdesk.base.text import _
from lwdesk.sheets.columns import Column, Losses, Plain, plain
from lwdesk.sheets.formulas import page_place
from lwdesk.sheets.pages import EMPTY, Index, Page, Part, remark
from lwdesk.sheets.printing import printed
from lwdesk.sheets.sheet import Written
from lwdesk.sheets.widths import longest_line
from lwdesk.sheets.write_xlsx import FORMATS, HEADING, NUMBERS, WIDTHS, Writer, new_book, put, safe_title

# Characters across a sheet of paper, upright: wider tables wrap their texts.
_ACROSS = 104
_LABEL, _WIDEST, _NARROWEST = 26, 34, 9
_LINE, _TALLEST = 15, 400
_TOP = {"valign": "top", "text_wrap": True}


def write_pages(
    path: Path,
    pages: Iterable[Page],
    index: Index,
    about: Sequence[tuple[str, Any]],
    zone: tzinfo | None,
    school: str,
) -> Written:
    """Write the workbook: the index, a sheet for each page, and a sheet "About" of the pairs `about`.

    Raises UserError as `lwdesk.sheets.write.write_book` does. Memory holds one page at a time.
    """
    with new_book(path, constant_memory=True) as book:
        writer = _PageWriter(book, zone, school, index)
        for page in pages:
            writer.page(page)
        writer.end(about)
    return Written((path,), writer.count, tuple(writer.losses.notes()))


class _PageWriter:
    def __init__(self, book: Any, zone: tzinfo | None, school: str, index: Index):
        self._book, self._zone, self._school, self._index = book, zone, school, index
        self._titles: set[str] = set()
        self._about = Writer(book, zone, self._titles)
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._quiet = book.add_format({"font_color": "#666666", **_TOP})
        self._remark = book.add_format({"font_color": "#666666", "italic": True})
        self._section = book.add_format(
            {"bold": True, "font_size": 12, "bottom": 1, "border_color": "#8EA9C8"}
        )
        self._heading = book.add_format({**HEADING, "text_wrap": True})
        self._number_heading = book.add_format({**HEADING, "text_wrap": True, "align": "right", "indent": 1})
        self._label = book.add_format({**_TOP, "font_color": "#555555"})
        self._link = book.get_default_url_format()
        self._formats = {kind: book.add_format(_format(kind)) for kind in (*FORMATS, "number", "text")}
        self._facts = {
            kind: book.add_format({**_format(kind), "align": "left"}) for kind in (*FORMATS, "number", "text")
        }
        self.losses = Losses()
        self.count = 0
        self._index_page, self._line = self._begin(), 0

    # The index ------------------------------------------------------------------------------------------------

    def _begin(self) -> Any:
        """The sheet of the index, with its headers."""
        page = self._book.add_worksheet(safe_title(self._index.title, self._titles))
        page.freeze_panes(1, 0)
        page.repeat_rows(0)
        self._printing(page, self._index.title)
        for n, column in enumerate(self._index.columns):
            page.set_column(n, n, 30 if column.kind == "text" else 11)
            put(page, 0, n, column.title, self._head(column), self.losses)
        page.set_row(0, 2 * _LINE + 3)
        return page

    def end(self, about: Sequence[tuple[str, Any]]) -> None:
        """What has no page, and the sheet "About"."""
        for row in self._index.others:
            self._index_row(row)
        self._about.count = self.count
        self._about.about(about)

    def _index_row(self, row: Sequence[Any], sheet: str = "") -> None:
        self._line += 1
        for n, (column, value) in enumerate(zip(self._index.columns, row, strict=True)):
            cell = plain(column.kind, self._zone)(value)
            if n == 0 and sheet:
                text = self.losses.fit(str(cell), lambda: f"A{self._line + 1}")
                place = f"internal:{page_place(sheet)}A1"
                self._index_page.write_url(self._line, 0, place, self._link, text)
            else:
                put(self._index_page, self._line, n, cell, self._formats.get(column.kind), self.losses)

    # A page ---------------------------------------------------------------------------------------------------

    def page(self, found: Page) -> None:
        """A sheet of its own, and its row in the index."""
        name = safe_title(found.title, self._titles)
        page = self._book.add_worksheet(name)
        page.hide_gridlines(2)
        self._printing(page, found.title)
        widths = _widths(found.parts, self._zone)
        for n, width in enumerate(widths):
            page.set_column(n, n, width)
        put(page, 0, 0, found.title, self._title, self.losses)
        page.set_row(0, 24)
        self._across(page, 1, 0, widths, found.subtitle, self._quiet)
        line = 3
        for part in found.parts:
            line = self._part(page, part, widths, line) + 1
        self._index_row([found.title, *found.counts], name)
        self.count += sum(len(part.rows) for part in found.parts)

    def _part(self, page: Any, part: Part, widths: Sequence[float], line: int) -> int:
        """Write a part from this line on. Returns the line after it."""
        for n in range(len(widths)):
            page.write_blank(line, n, None, self._section)
        put(page, line, 0, part.title, self._section, self.losses)
        page.set_row(line, 20)
        line += 1
        if words := remark(part):
            put(page, line, 0, words, self._remark, self.losses)
            line += 1
        if not part.rows:
            return line
        return (self._lines if part.facts else self._table)(page, part, widths, line)

    def _lines(self, page: Any, part: Part, widths: Sequence[float], line: int) -> int:
        """Each value of each row on a line of its own; rows are counted where there are several."""
        for number, row in enumerate(part.rows, 1):
            if len(part.rows) > 1:
                words = _("{n} of {total}").format(n=number, total=len(part.rows))
                put(page, line, 0, words, self._remark, self.losses)
                line += 1
            for column, value in zip(part.columns, row, strict=True):
                if value in EMPTY:
                    continue
                put(page, line, 0, column.title, self._label, self.losses)
                cell = plain(column.kind, self._zone)(value)
                if isinstance(cell, bool):
                    cell = _("yes") if cell else _("no")
                cell_format = self._facts.get(column.kind, self._facts["text"])
                self._across(page, line, 1, widths, cell, cell_format, len(column.title) / widths[0])
                line += 1
        return line

    def _table(self, page: Any, part: Part, widths: Sequence[float], line: int) -> int:
        for n, column in enumerate(part.columns):
            put(page, line, n, column.title, self._head(column), self.losses)
        most = max(math.ceil(len(c.title) * 1.15 / w) for c, w in zip(part.columns, widths, strict=False))
        page.set_row(line, most * _LINE + 3)
        makers = [plain(column.kind, self._zone) for column in part.columns]
        for row in part.rows:
            line += 1
            tallest = 1
            for n, (make, value) in enumerate(zip(makers, row, strict=True)):
                cell = make(value)
                if isinstance(cell, bool):
                    cell = _("yes") if cell else _("no")
                cell_format = self._formats.get(part.columns[n].kind, self._formats["text"])
                put(page, line, n, cell, cell_format, self.losses)
                tallest = max(tallest, _lines_of(cell, widths[n]))
            if tallest > 1:
                page.set_row(line, min(_TALLEST, tallest * _LINE))
        return line + 1

    def _across(
        self,
        page: Any,
        line: int,
        first: int,
        widths: Sequence[float],
        cell: Plain,
        cell_format: Any,
        least: float = 0,
    ) -> None:
        """Write a value that may be as wide as the rest of the page."""
        room = sum(widths[first:])
        lines = max(_lines_of(cell, room), math.ceil(least))
        if isinstance(cell, str) and len(widths) > first + 1:
            page.merge_range(line, first, line, len(widths) - 1, "", cell_format)
        put(page, line, first, cell, cell_format, self.losses)
        if lines > 1:
            page.set_row(line, min(_TALLEST, lines * _LINE))

    def _head(self, column: Column) -> Any:
        return self._number_heading if column.kind in NUMBERS else self._heading

    def _printing(self, page: Any, title: str) -> None:
        """Upright, as wide as the paper, who and where at the top, numbered pages at the bottom."""
        page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        page.fit_to_pages(1, 0)
        who, where = (printed(text) for text in (title, self._school))
        page.set_header(f'&L&"-,Regular"{who}&R&"-,Regular"{where}')
        numbers = _("Page {page} of {pages}").format(page="&P", pages="&N")
        page.set_footer(f"&R{numbers}")


def _format(kind: str) -> dict[str, Any]:
    """Numbers right, everything else left and wrapped."""
    if kind in FORMATS:
        found: dict[str, Any] = {"num_format": FORMATS[kind], "valign": "top", "align": "left"}
        return {**found, "align": "right", "indent": 1} if kind in NUMBERS else found
    if kind == "number":
        return {"valign": "top", "align": "right", "indent": 1}
    return {**_TOP, "align": "left"}


def _widths(parts: Sequence[Part], zone: tzinfo | None) -> list[float]:
    """The widths of the columns that all tables of a page share, in characters."""
    tables = [part for part in parts if part.rows and not part.facts]
    found = [float(_NARROWEST)] * max(4, *(len(part.columns) for part in tables), 0)
    for part in tables:
        for n, column in enumerate(part.columns):
            make = plain(column.kind, zone)
            fixed = WIDTHS.get(column.kind, 0)
            wanted = fixed or max(longest_line(make(row[n])) for row in part.rows) + 1
            longest_word = max(map(len, column.title.split()), default=0) * 1.15 + 2
            found[n] = max(found[n], min(wanted, _WIDEST), longest_word)
    labels = [len(column.title) + 1 for part in parts if part.facts for column in part.columns]
    found[0] = max(found[0], min(_LABEL, max(labels, default=0)))
    wide = sum(found)
    if wide <= _ACROSS:  # the values of facts, and titles, have the whole width
        return [*found[:-1], found[-1] + _ACROSS - wide] if not tables else found
    least = [min(width, WIDTHS["datetime"]) for width in found]
    shrink = max(0.0, (_ACROSS - sum(least)) / max(1.0, wide - sum(least)))
    return [low + (width - low) * shrink for low, width in zip(least, found, strict=True)]


def _lines_of(cell: Plain, width: float) -> int:
    """Lines that a text takes in a cell of this width."""
    if not isinstance(cell, str):
        return 1
    return sum(max(1, math.ceil(longest_line(line) / max(1.0, width - 1))) for line in cell.split("\n"))
