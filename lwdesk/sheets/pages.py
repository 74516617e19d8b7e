"""Pages about one thing each, to be printed: what is on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lwdesk.base.text import _
from lwdesk.sheets.columns import Column


@dataclass(frozen=True)
class Part:
    """A heading with a table below it; with `facts` a line for each value of each row. Without rows it says so.
    `incomplete`: some of it could not be read."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    facts: bool = False
    incomplete: bool = False


@dataclass(frozen=True)
class Page:
    """A page, or as many as it takes: `subtitle` is the line below its title. `counts` are what the index shows of it,
    in its columns."""

    title: str
    subtitle: str
    parts: Sequence[Part]
    counts: Sequence[Any]


@dataclass(frozen=True)
class Index:
    """The list of all pages: its title and columns, the first of which is the page's title. `others` are further rows,
    of what has no page."""

    title: str
    columns: Sequence[Column]
    others: Sequence[Sequence[Any]]


# A table with more columns is written as facts: nobody could read it on a sheet of paper.
WIDEST_TABLE = 9


EMPTY: tuple[Any, ...] = (None, "", [])


def remark(part: Part) -> str:
    """What is said of a part below its heading; "" for nothing."""
    if part.incomplete:
        return _("Incomplete: LearnWorlds didn't answer all requests")
    return "" if part.rows else _("None found")


def readable(
    title: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], facts: bool, incomplete: bool
) -> Part:
    """A part without the columns that are empty in all rows; as facts where it is too wide for a table."""
    kept = [n for n in range(len(columns)) if any(row[n] not in EMPTY for row in rows)]
    shown = [columns[n] for n in kept]
    cells = [[row[n] for n in kept] for row in rows]
    return Part(title, shown, cells, facts or len(kept) > WIDEST_TABLE, incomplete)
