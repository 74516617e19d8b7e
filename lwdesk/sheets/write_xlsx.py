"""A new workbook: typed cells, frozen headings, a filter, widths that fit, and a sheet about it all."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lwdesk.base.paths import whole
from lwdesk.base.text import _
from lwdesk.sheets.columns import Column, Losses, Plain, Sheet, plain
from lwdesk.sheets.table import MOST_ROWS, letter
from lwdesk.sheets.write import Written

FORMATS = {
    "integer": "#,##0",
    "money": "#,##0.00",
    "percent": "0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "duration": "[h]:mm:ss",
}
HEADING = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "border_color": "#8EA9C8", "valign": "vcenter"}
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_TITLE = 31
_NARROWEST, _WIDEST = 8, 60
_WIDTHS = {"date": 12, "datetime": 17, "duration": 11}
_FOR_WIDTHS = 200


def write_xlsx(
    path: Path, sheets: Iterable[Sheet], about: Sequence[tuple[str, Any]], zone: tzinfo | None
) -> Written:
    """See `lwdesk.sheets.write.write_book`."""
    import xlsxwriter

    with whole(path) as temporary, tempfile.TemporaryDirectory(prefix="lwdesk-") as folder:
        options = {"constant_memory": True, "tmpdir": folder}
        with xlsxwriter.Workbook(temporary, options) as book:
            writer = _Writer(book, zone)
            for sheet in sheets:
                writer.sheet(sheet)
            writer.about(about)
    return Written((path,), writer.count, tuple(writer.notes + writer.losses.notes()))


class _Writer:
    """One workbook in the making."""

    def __init__(self, book: Any, zone: tzinfo | None):
        self._book, self._zone = book, zone
        self._heading = book.add_format(HEADING)
        self._formats = {kind: book.add_format(_format(kind)) for kind in (*FORMATS, "yesno")}
        self._titles: set[str] = set()
        self._moments = False
        self.count = 0
        self.losses = Losses()
        self.notes: list[str] = []

    def sheet(self, sheet: Sheet) -> None:
        """The sheet, and as many more as its rows need."""
        rows = iter(sheet.rows)
        first = self._page(sheet.title, sheet.columns, rows)
        for row in rows:
            rows = chain([row], rows)
            name = self._page(sheet.title, sheet.columns, rows)
            self.notes.append(
                _("“{first}” has more rows than a sheet can hold; they go on in “{next}”").format(
                    first=first, next=name
                )
            )

    def about(self, pairs: Sequence[tuple[str, Any]]) -> None:
        if self._moments:
            now = datetime.now(self._zone).astimezone(self._zone)
            pairs = [*pairs, (_("Times are those of"), f"{now.tzname()} ({now:UTC%z})")]
        name = safe_title(_("About"), self._titles)
        page = self._book.add_worksheet(name)
        page.hide_gridlines(2)
        page.set_column(0, 0, 28, self._book.add_format({"bold": True, "valign": "top"}))
        wrapped = {"text_wrap": True, "valign": "top", "align": "left"}
        page.set_column(1, 1, 70, self._book.add_format(wrapped))
        formats = {
            kind: self._book.add_format({**wrapped, "num_format": code}) for kind, code in FORMATS.items()
        }
        for row, (label, value) in enumerate(pairs):
            kind = _kind_of(value)
            self._put(page, row, 0, plain("text", None)(label), None)
            self._put(page, row, 1, plain(kind, self._zone)(value), formats.get(kind))

    def _page(self, title: str, columns: Sequence[Column], rows: Iterator[Sequence[Any]]) -> str:
        name = safe_title(title, self._titles)
        page = self._book.add_worksheet(name)
        for index, column in enumerate(columns):
            self._put(page, 0, index, column.title, self._heading)
        self._moments = self._moments or any(column.kind == "datetime" for column in columns)
        makers = [(i, plain(c.kind, self._zone), self._formats.get(c.kind)) for i, c in enumerate(columns)]
        head = list(islice(rows, _FOR_WIDTHS))
        self._arrange(page, columns, [[make(row[i]) for i, make, _format in makers] for row in head])
        last = self._rows(page, makers, islice(chain(head, rows), MOST_ROWS - 1))
        if columns:
            page.autofilter(0, 0, max(last, 1), len(columns) - 1)
            as_text = " ".join(
                f"{letter(i)}1:{letter(i)}{MOST_ROWS}" for i, c in enumerate(columns) if c.kind == "text"
            )
            if as_text:
                page.ignore_errors({"number_stored_as_text": as_text})
        self.count += last
        return name

    def _rows(self, page: Any, makers: Sequence[tuple[int, Callable[[Any], Plain], Any]], rows: Any) -> int:
        number = 0
        put, number_at = self._put, page.write_number
        for number, row in enumerate(rows, 1):
            for index, make, cell_format in makers:
                value = make(row[index])
                kind = type(value)
                if kind is float or kind is int:
                    number_at(number, index, value, cell_format)
                elif value is not None and value != "":
                    put(page, number, index, value, cell_format)
        return number

    def _put(self, page: Any, row: int, column: int, value: Plain, cell_format: Any) -> None:
        if isinstance(value, str):
            text = self.losses.fit(value, lambda: f"{page.name}!{letter(column)}{row + 1}")
            if text.startswith("<r>") and text.endswith("</r>"):
                text += " "  # XlsxWriter takes text of this shape for marked-up text of its own
            page.write_string(row, column, text, cell_format)
        elif isinstance(value, bool):
            page.write_boolean(row, column, value, cell_format)
        elif value is not None:
            page.write_number(row, column, value, cell_format)

    def _arrange(self, page: Any, columns: Sequence[Column], head: Sequence[Sequence[Plain]]) -> None:
        page.freeze_panes(1, 0)
        page.set_row(0, 20)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for index, column in enumerate(columns):
            values = (row[index] for row in head)
            page.set_column(index, index, _width(column, values))


def _format(kind: str) -> dict[str, Any]:
    """Dates stand at the left, under their heading."""
    shown = {"num_format": FORMATS[kind]} if kind in FORMATS else {}
    return {**shown, "align": "left"} if kind in ("date", "datetime", "yesno") else shown


def _width(column: Column, values: Iterable[Plain]) -> float:
    longest = max((_shown_width(value) for value in values), default=0)
    if column.kind in _WIDTHS:
        longest = _WIDTHS[column.kind]
    elif column.kind in ("money", "integer"):
        longest = int(longest * 1.34) + 1
    return min(max(longest + 1, len(column.title) * 1.1 + 4, _NARROWEST), _WIDEST)


def _shown_width(value: Plain) -> int:
    """Characters of the longest line; wide scripts take two places a character."""
    if value is None:
        return 0
    lines = str(value)[:500].split("\n")
    return max(len(line) + sum(char > "\u1100" for char in line) for line in lines)


def _kind_of(value: Any) -> str:
    for types, kind in (
        ((bool,), "yesno"),
        ((datetime,), "datetime"),
        ((date,), "date"),
        ((int,), "integer"),
    ):
        if isinstance(value, types):
            return kind
    return "number" if isinstance(value, float) else "list"


def safe_title(title: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it: at most 31 characters, none of []:*?/\\, not used yet. Adds it to `taken`."""
    clean = _NOT_IN_TITLES.sub(" ", title).strip().strip("'")[:_LONGEST_TITLE].strip() or _("Sheet")
    if clean.casefold() == "history":
        clean += "_"
    name, n = clean, 1
    while name.casefold() in taken:
        n += 1
        name = f"{clean[: _LONGEST_TITLE - len(f' ({n})')]} ({n})"
    taken.add(name.casefold())
    return name
