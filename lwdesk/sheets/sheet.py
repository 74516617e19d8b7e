"""Sheets to write, with their columns and rows, and the result of writing them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lwdesk.sheets.columns import Column, Plain
from lwdesk.sheets.memory import Keep


@dataclass(frozen=True)
class Chart:
    """A chart of a sheet: the numbers of the column `values` over the texts or days of the column `labels` (from 0).
    Rows in a row with the same value in the column `series` are a series of their own; of `bars` only the first rows
    of the first series are shown."""

    title: str
    labels: int
    values: int
    series: int | None = None
    bars: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet to write. `rows` is walked once; each row has a value (or None) for each column. `keep` is what a
    workbook remembers of it, so that edits are found when it is imported; a CSV file remembers nothing.

    Of a workbook, each of `watch` is told the cells of each row as they are written, and `pages` get the names of the
    worksheets that the rows are on, so that later sheets can be made of them: those are `derived`, and their rows
    don't count.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    keep: Keep | None = None
    hidden: bool = False
    """For the program only: nobody sees it, and a CSV file has none."""
    watch: list[Callable[[Sequence[Plain]], None]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    derived: bool = False
    chart: Chart | None = None


@dataclass(frozen=True)
class Charted:
    """What a sheet with a chart shows, to be shown elsewhere too: its first rows, moments as Excel's numbers."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Plain]]
    chart: Chart


@dataclass(frozen=True)
class Written:
    """The files written (a CSV file for each sheet), the rows in them, sentences for the user, and the sheets with a
    chart."""

    paths: tuple[Path, ...]
    rows: int
    notes: tuple[str, ...] = ()
    charted: tuple[Charted, ...] = ()
