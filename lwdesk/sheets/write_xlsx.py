"""A new workbook: typed cells, frozen headers, a filter, fitting widths, and a sheet about its contents."""

import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import Any

from lwdesk.base.paths import temporary_folder, written_whole
from lwdesk.base.text import _
from lwdesk.sheets.charts import SPAN, draw, shown
from lwdesk.sheets.columns import DURATIONS, Column, Formula, Link, Losses, Plain, plain
from lwdesk.sheets.formulas import page_place
from lwdesk.sheets.matrix import Matrix, MatrixWriter
from lwdesk.sheets.memory import SHEET, Keeper
from lwdesk.sheets.printing import set_printing
from lwdesk.sheets.sheet import Charted, Sheet, Written
from lwdesk.sheets.table import MOST_ROWS, letter
from lwdesk.sheets.widths import width_of

FORMATS = {
    "integer": "#,##0",
    "money": "#,##0.00",
    "percent": "0%",
    "average": "0.0",
    "month": "yyyy-mm",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "duration": "[h]:mm",
    "seconds": "[h]:mm:ss",
}
HEADING = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "border_color": "#8EA9C8", "valign": "vcenter"}
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TITLE = 31
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
WIDTHS = {"month": 9, "date": 12, "datetime": 17, "duration": 10, "seconds": 10}
NUMBERS = ("number", "integer", "money", "percent", "average", *DURATIONS)
_FOR_WIDTHS = 200
# Rows of a sheet with a chart that a window shows too.
_CHARTED = 200
# The Excel that formulas are said to have been calculated by (2019), so that none of today calculates them again.
_EXCEL = 191_029
_ABOUT_WIDTHS = (28, 70)
_LINE = 15
# Links of one sheet (Excel specifications and limits: 65,530).
_MOST_LINKS = 65_000
_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "yesno"),
    (datetime, "datetime"),
    (date, "date"),
    (timedelta, "duration"),
    (int | float, "number"),
)


def write_xlsx(
    path: Path, sheets: Iterable[Sheet | Matrix], about: Sequence[tuple[str, Any]], zone: tzinfo | None
) -> Written:
    """See `lwdesk.sheets.write.write_book`."""
    with new_book(path, constant_memory=True) as book:
        writer = Writer(book, zone)
        for sheet in sheets:
            writer.matrix(sheet) if isinstance(sheet, Matrix) else writer.sheet(sheet)
        writer.about(about)
    notes = tuple(writer.notes + writer.losses.notes())
    return Written((path,), writer.count, notes, tuple(writer.charted))


@contextmanager
def new_book(path: Path, **options: bool) -> Iterator[Any]:
    """An xlsxwriter workbook with these options; it appears at `path` whole when the block ends well.

    Raises UserError as `lwdesk.base.paths.whole` does.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with written_whole(path) as temporary, temporary_folder() as folder:
        try:
            with xlsxwriter.Workbook(temporary, {"tmpdir": str(folder), **options}) as book:
                yield book
        except FileCreateError as error:  # hides the OSError that it is about
            # zipfile closes its file once more, and says aloud where it has no room
            os.truncate(temporary, 0)
            raise error.args[0] from error


class Writer:
    """Writes one workbook; `titles` are the names of the sheets that it has."""

    def __init__(self, book: Any, zone: tzinfo | None, titles: set[str] | None = None):
        self._book, self._zone = book, zone
        book.set_calc_mode("auto", _EXCEL)
        book.calc_on_load = False  # formulas have their values; a long list would keep Excel busy for a while
        self._heading = book.add_format(HEADING)
        self._number_heading = book.add_format({**HEADING, "align": "right", "indent": 1})
        self._formats = {kind: book.add_format(_format(kind)) for kind in (*FORMATS, "number", "yesno")}
        self._titles = set() if titles is None else titles
        self._keeper: Keeper | None = None
        self._pages: dict[str, int] = {}
        self._matrices = MatrixWriter(book, zone, _format, HEADING, self._put)
        self.count = 0
        self.losses = Losses()
        self.notes: list[str] = []
        self.charted: list[Charted] = []

    def sheet(self, sheet: Sheet) -> None:
        """Write the sheet, and as many more as its rows need."""
        rows = iter(sheet.rows)
        if sheet.chart is not None:
            sheet = replace(sheet, rows=list(rows))
            rows = iter(sheet.rows)
        first = self._page(sheet, rows)
        for row in rows:
            name = self._page(sheet, chain([row], rows))
            self.notes.append(
                _("“{first}” has more rows than fit in a sheet; they continue in “{next}”").format(
                    first=first, next=name
                )
            )
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None

    def matrix(self, matrix: Matrix) -> None:
        """Write a sheet of users by columns of figures."""
        name = safe_title(matrix.title, self._titles)
        self._pages[name] = self._matrices.write(self._book.add_worksheet(name), matrix)
        matrix.pages.append(name)

    def about(self, pairs: Sequence[tuple[str, Any]]) -> None:
        if not pairs:
            return
        pairs = [*pairs, (_("Rows"), self.count)]
        name = safe_title(_("About"), self._titles)
        page = self._book.add_worksheet(name)
        page.hide_gridlines(2)
        set_printing(page, name, _ABOUT_WIDTHS)
        page.set_column(0, 0, _ABOUT_WIDTHS[0], self._book.add_format({"bold": True, "valign": "top"}))
        wrapped = {"text_wrap": True, "valign": "top", "align": "left"}
        page.set_column(1, 1, _ABOUT_WIDTHS[1], self._book.add_format(wrapped))
        formats = {
            kind: self._book.add_format({**wrapped, "num_format": code}) for kind, code in FORMATS.items()
        }
        for row, (label, value) in enumerate(pairs):
            kind = kind_for(value)
            if (lines := math.ceil(len(str(value)) / _ABOUT_WIDTHS[1])) > 1:
                page.set_row(row, _LINE * lines)  # not every program makes room for wrapped text by itself
            self._put(page, row, 0, plain("text", None)(label), None)
            self._put(page, row, 1, plain(kind, self._zone)(value), formats.get(kind))
        if len(self._pages) > 1:
            self._contents(page, len(pairs) + 1)

    def _contents(self, page: Any, row: int) -> None:
        """The sheets with their rows; a click leads to them."""
        link, number = (
            self._book.get_default_url_format(),
            self._book.add_format({"num_format": "#,##0", "align": "left"}),
        )
        self._put(page, row, 0, _("Sheet"), self._heading)
        self._put(page, row, 1, _("Rows"), self._heading)
        for line, (name, rows) in enumerate(self._pages.items(), row + 1):
            page.write_url(line, 0, f"internal:{page_place(name)}A1", link, name)
            page.write_number(line, 1, rows, number)

    def _page(self, sheet: Sheet, rows: Iterator[Sequence[Any]]) -> str:
        name, columns = safe_title(sheet.title, self._titles), sheet.columns
        page = self._book.add_worksheet(name)
        if sheet.hidden:
            page.very_hidden()
        if sheet.keep is not None and self._keeper is None:
            hidden = self._book.add_worksheet(safe_title(SHEET, self._titles))
            self._keeper = Keeper(hidden, sheet.keep, [column.title for column in columns])
        for index, column in enumerate(columns):
            heading = self._number_heading if column.kind in NUMBERS else self._heading
            self._put(page, 0, index, column.title, heading)
        makers = [(i, self._maker(sheet, c), self._formats.get(c.kind)) for i, c in enumerate(columns)]
        head = list(islice(rows, min(_FOR_WIDTHS, MOST_ROWS - 1)))
        self._arrange(page, sheet, [[shown(make(row[i])) for i, make, _format in makers] for row in head])
        watch = [self._keeper.add] if self._keeper is not None else []
        last = self._rows(page, makers, islice(chain(head, rows), MOST_ROWS - 1), [*watch, *sheet.watch])
        if columns:
            page.autofilter(0, 0, max(last, 1), len(columns) - 1)
            as_text = " ".join(
                f"{letter(i)}1:{letter(i)}{MOST_ROWS}" for i, c in enumerate(columns) if c.kind == "text"
            )
            if as_text:
                page.ignore_errors({"number_stored_as_text": as_text})
        self.count += 0 if sheet.hidden or sheet.derived else last
        if not sheet.hidden:
            self._pages[name] = last
        sheet.pages.append(name)
        if sheet.chart is not None and len(sheet.pages) == 1:
            kinds = [FORMATS.get(column.kind, "General") for column in columns]
            titles = [column.title for column in columns]
            charted = list(sheet.rows)[:last]
            draw(self._book, page, sheet.chart, charted, kinds, titles)
            cells = [[shown(make(row[i])) for i, make, _format in makers] for row in charted[:_CHARTED]]
            self.charted.append(Charted(sheet.title, columns, cells, sheet.chart))
        return name

    def _maker(self, sheet: Sheet, column: Column) -> Callable[[Any], Plain | Formula]:
        """Value -> cell; only sheets made of others have formulas."""
        make = plain(column.kind, self._zone)
        return (
            make if not sheet.derived else lambda value: value if isinstance(value, Formula) else make(value)
        )

    def _rows(
        self,
        page: Any,
        makers: Sequence[tuple[int, Callable[[Any], Plain | Formula], Any]],
        rows: Any,
        watch: Sequence[Callable[[Sequence[Any]], None]],
    ) -> int:
        number = 0
        put, number_at = self._put, page.write_number
        for number, row in enumerate(rows, 1):
            cells = [make(row[index]) for index, make, _format in makers]
            for tell in watch:
                tell(cells)
            for (index, _make, cell_format), value in zip(makers, cells, strict=True):
                kind = type(value)
                if kind is float or kind is int:
                    number_at(number, index, value, cell_format)
                elif value is not None and value != "":
                    put(page, number, index, value, cell_format)
        return number

    def _put(self, page: Any, row: int, column: int, value: Plain | Formula, cell_format: Any) -> None:
        put(page, row, column, value, cell_format, self.losses)

    def _arrange(self, page: Any, sheet: Sheet, head: Sequence[Sequence[Plain]]) -> None:
        page.freeze_panes(1, 0)
        page.set_row(0, 20)
        page.repeat_rows(0)
        widths, folded = [], False
        for index, column in enumerate(sheet.columns):
            width = _width(column, (row[index] for row in head))
            options = {"hidden": column.hidden or column.folded, "level": int(column.folded)}
            page.set_column(index, index, width, None, options | {"collapsed": folded and not column.folded})
            widths += [width] if not options["hidden"] else []
            folded = column.folded
        if folded:  # the + is above the next column
            page.set_column(len(sheet.columns), len(sheet.columns), None, None, {"collapsed": True})
        widths += [SPAN] if sheet.chart else []
        set_printing(page, page.name, widths)


def put(page: Any, row: int, column: int, value: Plain | Formula, cell_format: Any, losses: Losses) -> None:
    """Writes the cell by the type of its value (row and column counted from 0); text is never a formula."""
    if isinstance(value, str):
        text = losses.fit(value, lambda: f"{page.name}!{letter(column)}{row + 1}")
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "  # XlsxWriter takes text of this shape for marked-up text of its own
        page.write_string(row, column, text, cell_format)
    elif isinstance(value, Formula):
        page.write_formula(row, column, value.text, cell_format, value.value)
    elif isinstance(value, Link):
        if page.hlink_count < _MOST_LINKS:
            page.write_url(row, column, _url(value))
        else:
            page.write_string(row, column, value.path, cell_format)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, cell_format)
    elif value is not None:
        page.write_number(row, column, value, cell_format)


def _url(link: Link) -> Any:
    """The link as all programs follow it: an address relative to the workbook's, not a path with backslashes."""
    from xlsxwriter.url import Url

    found = Url(f"external:{link.path}")
    found.text = link.text
    found._relationship_link = link.path.replace("%", "%25").replace("#", "%23").replace(" ", "%20")
    return found


def _format(kind: str) -> dict[str, Any]:
    """Align days left, under their header, yes and no in the middle, numbers right, apart from the next column."""
    if kind == "text":
        return {}
    if kind == "yesno":
        return {"align": "center"}
    shown: dict[str, Any] = {"num_format": FORMATS[kind]} if kind in FORMATS else {}
    return {**shown, "align": "left" if kind in ("month", "date", "datetime") else "right", "indent": 1}


def alignment_of(kind: str) -> dict[str, str | int]:
    """How the cells of a kind are aligned, in the words of a style sheet."""
    found = _format(kind)
    return {
        new: found[name] for name, new in (("align", "horizontal"), ("indent", "indent")) if name in found
    }


def _width(column: Column, values: Iterable[Plain]) -> float:
    if column.kind in WIDTHS:
        return width_of(column.title, ["0" * WIDTHS[column.kind]])
    if column.kind in ("money", "integer"):
        return width_of(column.title, (f"{v:,.2f}" if isinstance(v, int | float) else v for v in values))
    return width_of(column.title, values)


def kind_for(value: Any) -> str:
    """The kind that shows a value of this type best."""
    for types, kind in _KINDS:
        if isinstance(value, types):
            return kind
    return "list"


def safe_title(title: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it, not used yet: at most 31 characters (UTF-16 units), none of []:*?/\\, no
    apostrophe at either end. Adds it to `taken`."""
    title = _NOT_IN_TITLES.sub(" ", title).strip(" '")
    if _cut(title, _LONGEST_TITLE) != title:  # brackets at the end go first
        title = _IN_BRACKETS.sub("", title)
    clean = _cut(title, _LONGEST_TITLE) or _("Sheet")
    if clean.casefold() == "history":
        clean += "_"
    name, n = clean, 1
    while name.casefold() in taken:
        n += 1
        number = f" ({n})"
        name = _cut(clean, _LONGEST_TITLE - len(number)) + number
    taken.add(name.casefold())
    return name


def _cut(title: str, units: int) -> str:
    """The first UTF-16 units of a title, without blanks and apostrophes at their end."""
    return title.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip(" '")
