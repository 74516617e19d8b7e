"""Fingerprints of rows: they show that a row was done as it is, by this import, at this school. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lwdesk.catalog.cells.kinds import text_of

_LETTERS = 16  # of hexadecimal digits: 64 bits


@dataclass(frozen=True)
class Fingerprint:
    """Makes the fingerprints of a sheet's rows, of all that decides what a row does: the school's address, the recipe,
    the values for all rows, and the cells of the columns that are read: (place from 0, column id)."""

    school: str
    recipe: str
    fixed: Mapping[str, Any]
    columns: Sequence[tuple[int, str]]

    def of(self, cells: Sequence[object]) -> str:
        """The fingerprint of a row, the same in every format it may be saved in."""
        texts = sorted(
            (column, text)
            for index, column in self.columns
            if index < len(cells) and (text := _text(cells[index]))
        )
        facts = json.dumps([self.school, self.recipe, self.fixed, texts], sort_keys=True, default=str)
        return hashlib.sha256(facts.encode()).hexdigest()[:_LETTERS]


def _text(cell: object) -> str:
    """What the cell holds, whether it came from a workbook or a CSV file."""
    if isinstance(cell, bool):
        return str(cell).upper()
    text = str(cell) if isinstance(cell, date) else text_of(cell)
    text = text.replace("\r\n", "\n").strip()
    return text.removesuffix(" 00:00:00")
