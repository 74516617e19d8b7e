"""A first look at a file: its sheets, the rows on top as they are, and which row the headers were found in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from lwdesk.app.importing.returned import Origin, origin, read
from lwdesk.base.errors import UserError
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.sheets.read import open_source
from lwdesk.sheets.table import Table

_ROWS = 40


@dataclass(frozen=True)
class Preview:
    """`top`: the first rows of the sheet, each with its number; `count`: rows below the headers.

    `origin` describes an edited export. `trouble` says why the sheet cannot be imported with these headers,
    where it cannot.
    """

    path: str
    format: str
    sheet: str
    sheets: tuple[str, ...]
    top: list[tuple[int, list[str]]]
    header_row: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0
    notes: list[str] = field(default_factory=list)
    origin: Origin | None = None
    trouble: UserError | None = None


def preview(
    path: Path, sheet: str | None, header_row: int | None, encoding: str = ""
) -> tuple[Preview, Table | None]:
    """Look at a file. Raises UserError where it cannot be opened at all, Undecided where names differ by encoding."""
    source = open_source(path, sheet, encoding)
    top = [(number, _texts(cells)) for number, cells in islice(source.grid(), _ROWS)]
    facts = (str(path), source.format, source.sheet, source.sheets, top)
    try:
        table = read(path, sheet, header_row, encoding)
    except UserError as error:
        return Preview(*facts, trouble=error), None
    headers = [(header.letter, header.text) for header in table.headers]
    return Preview(*facts, table.header_row, headers, len(table.rows), table.notes, origin(table)), table


def _texts(cells: Sequence[object]) -> list[str]:
    return [text_of(cell) for cell in cells]
