"""Fingerprints of the rows that are done, on a hidden sheet of a results workbook, in any order."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from lwdesk.base.text import _
from lwdesk.sheets.columns import Column
from lwdesk.sheets.sheet import Sheet

SHEET = "lwdesk done"
_IN_A_CELL = 1_500  # of 16 letters and a blank; a cell holds 32,767


def done_sheet(fingerprints: Iterable[str]) -> Sheet:
    """The sheet with these fingerprints. Its header tells users what it is."""
    words = _(
        "lwdesk uses this sheet to remember which rows are done, so that it "
        "can skip them when you import this file again."
    )
    return Sheet(SHEET, [Column(words)], _rows(iter(fingerprints)), hidden=True)


def _rows(fingerprints: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(fingerprints, _IN_A_CELL)):
        yield [" ".join(some)]


def recall_done(sheets: Iterable[Iterable[Sequence[Any]]]) -> frozenset[str]:
    """The fingerprints from the cells of such sheets."""
    cells = (cell for rows in sheets for row in islice(rows, 1, None) for cell in row[:1])
    return frozenset(text for cell in cells for text in str(cell or "").split())
