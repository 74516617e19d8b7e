"""A sheet as the rest of the program uses it: column headers, typed cells, the file's own row numbers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from lwdesk.base.errors import FileError
from lwdesk.base.text import _, listing
from lwdesk.sheets.lists import Lists
from lwdesk.sheets.memory import Memory

MOST_ROWS = 1_048_576
"""Rows of a sheet, the heading included (Excel specifications and limits)."""


class CellError(str):
    """An error value that Excel shows in a cell, as text: `#N/A`, `#REF!`, `#DIV/0!` ..."""

    __slots__ = ()


Cell = str | int | float | bool | datetime | date | time | timedelta | CellError | None
Row = tuple[int, tuple[Cell, ...]]
"""The row number Excel shows (1-based), and one cell for each heading."""


@dataclass(frozen=True)
class Header:
    """A column: its letter in the file and the text of its heading ("Column F" where it has none)."""

    letter: str
    text: str


class Rows:
    """The rows below the column headers, in the file's order. Can be iterated several times."""

    def __init__(self, walk: Callable[[], Iterator[Row]], count: int):
        self._walk, self._count = walk, count

    def __iter__(self) -> Iterator[Row]:
        return self._walk()

    def __len__(self) -> int:
        return self._count


Grid = Callable[[], Iterable[tuple[int, Sequence[Cell]]]]
"""Walks a sheet from its first row: row number, cells from column A (of any length, '' or None where empty)."""


@dataclass(frozen=True)
class Source:
    """An open file: its format, the chosen sheet, all its cells."""

    format: str
    sheet: str
    sheets: tuple[str, ...]
    grid: Grid
    notes: Callable[[int], list[str]]
    """Sentences for the user, given the row of the headings."""
    memory: Memory | None = None
    lists: Lists | None = None
    done: frozenset[str] = frozenset()
    tables: dict[tuple[str, int | None], "Table"] = field(default_factory=dict)
    """What `read` made of it, by the language of the notes and the row of the headers that was asked for."""


@dataclass(frozen=True)
class Table:
    """One sheet of a file.

    `format` is what the file is, whatever its name says: xlsx, xlsm, xlsb, xls, ods, csv or html.
    `sheets` names the visible sheets ("" alone for a file without sheets), `sheet` the one read.
    `notes` are sentences for the user: what was left out, filled in or guessed. `memory` is what the workbook
    remembers of how it was written, where it does; `lists` are those that a template offered.
    """

    path: Path
    format: str
    sheet: str
    sheets: tuple[str, ...]
    header_row: int
    headers: tuple[Header, ...]
    rows: Rows
    notes: list[str] = field(default_factory=list)
    memory: Memory | None = None
    lists: Lists | None = None
    done: frozenset[str] = frozenset()
    """What a results workbook remembers of the rows that were done: see `lwdesk.sheets.done`."""
    guarded: bool = False
    """The file has an apostrophe before what Excel would calculate; `rows` are without."""


def letter(index: int) -> str:
    """Excel's letters of a column counted from 0.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters: str) -> int:
    """The column counted from 0 that Excel calls `letters`.

    >>> index_of("A"), index_of("AB")
    (0, 27)
    """
    index = 0
    for char in letters:
        index = index * 26 + ord(char) - 64
    return index - 1


def no_such_sheet(path: Path, sheet: str, there: tuple[str, ...]) -> FileError:
    return FileError(
        _("{name} has no sheet “{sheet}”").format(name=path.name, sheet=sheet),
        _("Its sheets: {sheets}").format(sheets=listing(there, 10))
        if there
        else _("This file doesn't have sheets"),
        _("Choose one of its sheets") if there else _("Remove --sheet"),
    )
