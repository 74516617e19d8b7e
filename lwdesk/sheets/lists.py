"""The lists to pick from, on a hidden sheet of a template: they say what was meant, whatever it is called by now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lwdesk.sheets.columns import Losses

SHEET = "lwdesk lists"
_WIDTH = 3  # columns of a list: what is picked, its id, what kind of thing it is


@dataclass(frozen=True)
class Item:
    """Something to pick: its label, the id behind it, and the catalog's listing that it is of."""

    label: str
    id: str = ""
    listing: str = ""


@dataclass(frozen=True)
class Lists:
    """What a template offers, by column id, and the root of the school that it was made for."""

    school: str
    columns: Mapping[str, Sequence[Item]]


def write_lists(book: Any, lists: Lists, titles: Mapping[str, str]) -> dict[str, str]:
    """Write all lists side by side: column id -> the cells to pick from, as a formula. `titles` are for people."""
    from lwdesk.sheets.table import letter
    from lwdesk.sheets.write_xlsx import put

    ranges: dict[str, str] = {}
    if not lists.columns:
        return ranges
    page = book.add_worksheet(SHEET)
    page.hide()
    for n, (column_id, items) in enumerate(lists.columns.items()):
        head = Item(titles[column_id], column_id, lists.school)
        for row, item in enumerate((head, *items)):
            for place, text in enumerate((item.label, item.id, item.listing)):
                put(page, row, _WIDTH * n + place, text or None, None, Losses())
        at = letter(_WIDTH * n)
        page.set_column(_WIDTH * n, _WIDTH * n, 32)
        ranges[column_id] = f"='{SHEET}'!${at}$2:${at}${len(items) + 1}"
    return ranges


def recall_lists(rows: Iterable[Sequence[Any]]) -> Lists | None:
    """The lists from the cells of their sheet; None where nothing of the kind stands there."""
    columns: dict[str, list[Item]] = {}
    heads: dict[int, str] = {}
    school = ""
    for number, cells in enumerate(rows):
        texts = [str(cell) if cell is not None else "" for cell in cells]
        for at in range(0, len(texts) - 1, _WIDTH):
            label, found, what = (*texts[at : at + _WIDTH], "")[:_WIDTH]
            if number == 0:
                heads[at], school = found, school or what
            elif label and found and heads.get(at):
                columns.setdefault(heads[at], []).append(Item(label, found, what))
    return Lists(school, columns) if columns else None
