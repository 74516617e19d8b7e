"""An empty workbook to fill in: column headers with notes, an example row, drop-down lists, instructions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lwdesk.base.text import _
from lwdesk.sheets.columns import Losses, plain
from lwdesk.sheets.lists import SHEET as LISTS_SHEET
from lwdesk.sheets.lists import WIDTH, Item, Lists
from lwdesk.sheets.sheet import Written
from lwdesk.sheets.table import MOST_ROWS, letter
from lwdesk.sheets.widths import width_of
from lwdesk.sheets.write_xlsx import FORMATS, new_book, put, safe_title

_HEADING = {"bold": True, "bottom": 1, "border_color": "#8EA9C8", "valign": "vcenter"}
_REQUIRED, _OPTIONAL = "#FFE699", "#DCE6F1"
_EXAMPLE = {"italic": True, "font_color": "#808080"}
# Columns that can still be read where all are printed side by side on one page.
_MOST_PRINTED = 14


@dataclass(frozen=True)
class TemplateColumn:
    """A column to fill in. `kind` is one of `columns.KINDS`; `example` is what the example row shows.

    `choices` are the values to pick from; or `id` is a key of the lists given to `write_template`.
    """

    id: str
    title: str
    note: str = ""
    example: Any = None
    required: bool = False
    kind: str = "text"
    choices: Sequence[str] = ()


def write_template(
    path: Path,
    title: str,
    columns: Sequence[TemplateColumn],
    lists: Lists | None = None,
) -> Written:
    """Write the workbook, atomically.

    `lists` are what the school has to pick from, such as its courses: they are on a hidden sheet with their ids.
    A column of kind "list" takes several values, so its choices are offered, not enforced.
    Raises UserError where the file cannot be written.
    """
    with new_book(path, in_memory=True) as book:
        taken: set[str] = set()
        page = book.add_worksheet(safe_title(title, taken))
        guide = book.add_worksheet(safe_title(_("Instructions"), taken))
        titles = {column.id: column.title for column in columns}
        ranges = _write_lists(book, _all_lists(columns, lists or Lists("", {})), titles)
        for index, column in enumerate(columns):
            _column(book, page, index, column, ranges.get(column.id))
        page.set_row(0, 22)
        page.freeze_panes(1, 0)
        page.set_landscape()
        if len(columns) <= _MOST_PRINTED:
            page.fit_to_pages(1, 0)
        _guide(book, guide, title, columns)
    return Written((path,), 1)


def _write_lists(book: Any, lists: Lists, titles: Mapping[str, str]) -> dict[str, str]:
    """Write all lists side by side: column id -> the cells to pick from, as a formula. `titles` are for people."""
    ranges: dict[str, str] = {}
    if not lists.columns:
        return ranges
    page = book.add_worksheet(LISTS_SHEET)
    page.hide()
    for n, (column_id, items) in enumerate(lists.columns.items()):
        head = Item(titles[column_id], column_id, lists.school)
        for row, item in enumerate((head, *items)):
            for place, text in enumerate((item.label, item.id, item.listing)):
                put(page, row, WIDTH * n + place, text or None, None, Losses())
        at = letter(WIDTH * n)
        page.set_column(WIDTH * n, WIDTH * n, 32)
        ranges[column_id] = f"='{LISTS_SHEET}'!${at}$2:${at}${len(items) + 1}"
    return ranges


def _all_lists(columns: Sequence[TemplateColumn], lists: Lists) -> Lists:
    """The school's lists, and those of the columns that take a few words only."""
    plain_words = {c.id: [Item(choice) for choice in c.choices] for c in columns if c.choices}
    return Lists(lists.school, plain_words | {name: items for name, items in lists.columns.items() if items})


def _column(book: Any, page: Any, index: int, column: TemplateColumn, choices: str | None) -> None:
    shown = {"num_format": FORMATS.get(column.kind, "@" if column.kind in ("text", "list") else "General")}
    if column.kind in ("date", "datetime"):
        shown["align"] = "left"
    fill = _REQUIRED if column.required else _OPTIONAL
    put(page, 0, index, column.title, book.add_format({**_HEADING, "bg_color": fill}), Losses())
    example = plain(column.kind, None)(column.example)
    if example is not None and example != "":
        put(page, 1, index, example, book.add_format({**shown, **_EXAMPLE}), Losses())
    page.set_column(index, index, width_of(column.title, [column.example, "0" * 14]), book.add_format(shown))
    if note := _note(column):
        page.write_comment(
            0, index, note, {"x_scale": 2, "y_scale": 0.6 + len(note) / 90, "author": "lwdesk"}
        )
    if choices:
        page.data_validation(1, index, MOST_ROWS - 1, index, _rule(column, choices))
    elif column.kind == "date":
        page.data_validation(1, index, MOST_ROWS - 1, index, _day_rule())


def _day_rule() -> dict[str, Any]:
    """A validation rule of Excel: warns about a typed date that Excel doesn't recognize, and allows it."""
    return {
        **{"validate": "date", "criteria": ">=", "value": date(1900, 1, 1), "error_type": "warning"},
        "error_title": _("Not a date"),
        "error_message": _("Type the date as you usually do in Excel, or like 2026-12-31"),
    }


def _rule(column: TemplateColumn, choices: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"validate": "list", "source": choices}
    if column.kind == "list":
        return {**rule, "show_error": False}
    return {
        **rule,
        "error_title": _("Not in the list"),
        "error_message": _("Click the arrow next to the cell and choose a value"),
    }


def _note(column: TemplateColumn) -> str:
    needed = _("Required.") if column.required else _("Optional.")
    example = _("Example: {text}").format(text=_shown(column.example)) if column.example else ""
    return _sentences(column.note, needed) + (f"\n{example}" if example else "")


def _guide(book: Any, page: Any, title: str, columns: Sequence[TemplateColumn]) -> None:
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    bold, big = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"bold": True, "font_size": 14}),
    )
    heading = book.add_format({**_HEADING, "bg_color": _OPTIONAL})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "align": "left"})
    for place, width in enumerate((28, 12, 70, 30)):
        page.set_column(place, place, width)
    put(page, 0, 0, title, big, Losses())
    steps = (
        _("1. Fill in one row for each entry, below the column headers. Keep the headers as they are."),
        _("2. Yellow columns are required; blue ones are optional. Point to a header to read about it."),
        _("3. The gray example row is never imported. You can leave it or delete it."),
    )
    for row, step in enumerate(steps, 2):
        put(page, row, 0, step, None, Losses())
    for place, text in enumerate((_("Column"), _("Required"), _("What to enter"), _("Example"))):
        put(page, 6, place, text, heading, Losses())
    for row, column in enumerate(columns, 7):
        texts = (
            column.title,
            _("yes") if column.required else _("no"),
            _what(column),
            _shown(column.example),
        )
        for place, text in enumerate(texts):
            put(page, row, place, text, wrapped if place else bold, Losses())


def _what(column: TemplateColumn) -> str:
    choices = _("One of: {choices}").format(choices=", ".join(column.choices)) if column.choices else ""
    return _sentences(column.note, choices)


def _sentences(*parts: str) -> str:
    filled = [part.strip() for part in parts if part.strip()]
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in filled)


def _shown(example: Any) -> str:
    if isinstance(example, (list, tuple)):
        return "; ".join(map(str, example))
    return "" if example is None else str(example)
