"""What a workbook says of the list that rows are added to, on a hidden sheet: whose it is, and where its columns are.

Formulas there refer to the headers of the list: the program that saves the workbook keeps them right when columns are
moved, or headers and sheets renamed, and a copy of the sheet doesn't change them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from lwdesk.base.errors import FileError
from lwdesk.base.text import _
from lwdesk.sheets.columns import Column, Formula
from lwdesk.sheets.formulas import page_place
from lwdesk.sheets.package import opened
from lwdesk.sheets.parts import children, sheet_parts, tree
from lwdesk.sheets.read import open_source
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.table import index_of, letter

SHEET = "lwdesk columns"
_FORMAT = 1
# The rows of the sheet: a sentence for people, the facts as JSON, a row for each column.
_FACTS, _FIRST = 2, 3
_SPOT = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True)
class Spot:
    """Where a header is: its sheet, row (from 1) and column (from 0), and its text when that was calculated last."""

    sheet: str
    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Mark:
    """The `facts` of a list; place of a column → its header as it was written, and where that is now. Headers that
    were deleted are nowhere."""

    facts: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    spots: Mapping[str, Spot] = field(default_factory=dict)


def mark_sheet(source: Sheet, facts: Mapping[str, str], places: Sequence[str]) -> Sheet:
    """The sheet that marks a list, to be written after it; `places` are those of its columns, in their order."""
    words = _("Here lwdesk remembers where the columns of the list are, to add rows to it.")
    return Sheet(
        *(SHEET, [Column(words), Column(""), Column("")], _rows(source, facts, places)),
        hidden=True,
        derived=True,
    )


def _rows(source: Sheet, facts: Mapping[str, str], places: Sequence[str]) -> Iterator[list[Any]]:
    yield [orjson.dumps({"format": _FORMAT, **facts}).decode(), None, None]
    for n, (place, column) in enumerate(zip(places, source.columns, strict=True)):
        header = f"={page_place(source.pages[0])}${letter(n)}$1"
        yield [place, column.title, Formula(header, column.title)]


def read_mark(path: Path) -> Mark | None:
    """What a workbook says of its list; None where it says nothing that this version understands.

    Raises UserError where the file is damaged.
    """
    with opened(path) as package:
        part = sheet_parts(package).get(SHEET)
        if part is None:
            return None
        cells = children(tree(package, part), "c")
        formulas = {cell.get("r", ""): f.text or "" for cell in cells for f in children(cell, "f")}
    try:
        rows = {number: [*cells, "", "", ""][:3] for number, cells in open_source(path, SHEET).grid()}
        facts = orjson.loads(str(rows.pop(_FACTS)[0]))
        if facts.pop("format") != _FORMAT:
            return None
    except (FileError, KeyError, ValueError, AttributeError):
        return None
    titles, spots = dict[str, str](), dict[str, Spot]()
    for number, (place, title, shown) in rows.items():
        if number < _FIRST or not isinstance(place, str) or not place:
            continue
        titles[place] = str(title)
        if found := _SPOT.fullmatch(formulas.get(f"C{number}", "")):
            sheet = (found[1] or "").replace("''", "'") or found[2]
            spots[place] = Spot(sheet, int(found[4]), index_of(found[3]), str(shown))
    return Mark(facts, titles, spots)
