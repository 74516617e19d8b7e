"""Sheets to write, with their columns and rows, and the result of writing them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lwdesk.sheets.columns import Column
from lwdesk.sheets.memory import Keep


@dataclass(frozen=True)
class Sheet:
    """A sheet to write. `rows` is walked once; each row has a value (or None) for each column. `keep` is what a
    workbook remembers of it, so that edits are found when it is imported; a CSV file remembers nothing."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    keep: Keep | None = None
    hidden: bool = False
    """For the program only: nobody sees it, and a CSV file has none."""


@dataclass(frozen=True)
class Written:
    """The files written (a CSV file for each sheet), the rows in them, and sentences for the user."""

    paths: tuple[Path, ...]
    rows: int
    notes: tuple[str, ...] = ()
