"""The drop-down lists of a template with the ids of their items, on a hidden sheet: an id survives a rename."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHEET = "lwdesk lists"
WIDTH = 3  # columns of a list: what is picked, its id, what kind of thing it is


@dataclass(frozen=True)
class Item:
    """An item of a list: its label, its id, and its listing in the catalog."""

    label: str
    id: str = ""
    listing: str = ""


@dataclass(frozen=True)
class Lists:
    """The lists of a template by column id, and the root of the school that it was made for."""

    school: str
    columns: Mapping[str, Sequence[Item]]


def recall_lists(rows: Iterable[Sequence[Any]]) -> Lists | None:
    """The lists from the cells of their sheet; None if it has none."""
    columns: dict[str, list[Item]] = {}
    heads: dict[int, str] = {}
    school = ""
    for number, cells in enumerate(rows):
        texts = [str(cell) if cell is not None else "" for cell in cells]
        for at in range(0, len(texts) - 1, WIDTH):
            label, found, what = (*texts[at : at + WIDTH], "")[:WIDTH]
            if number == 0:
                heads[at], school = found, school or what
            elif label and found and heads.get(at):
                columns.setdefault(heads[at], []).append(Item(label, found, what))
    return Lists(school, columns) if columns else None
