"""A first look at a file: its sheets, the rows on top as they are, and which row the headers were found in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from lwdesk.app.importing.guess import Guess, guesses
from lwdesk.app.importing.returned import Origin, origin, read
from lwdesk.app.importing.sheet_choice import best_of, look_at_others
from lwdesk.base.errors import UserError
from lwdesk.base.text import _
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.sheets.read import open_source
from lwdesk.sheets.table import Table

_ROWS = 40


@dataclass(frozen=True)
class SheetFacts:
    """What a sheet holds: its rows, and the import that its headers fit best ("" for none)."""

    name: str
    rows: int
    likely: str


@dataclass(frozen=True)
class Preview:
    """`top`: the first rows of the sheet, each with its number; `count`: rows below the headers.

    `origin` describes an edited export. `trouble` says why the sheet cannot be imported with these headers,
    where it cannot. `others` are further sheets, as far as they were looked at.
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
    others: list[SheetFacts] = field(default_factory=list)


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
    return Preview(
        *facts, table.header_row, headers, len(table.rows), list(table.notes), origin(table)
    ), table


def _texts(cells: Sequence[object]) -> list[str]:
    return [text_of(cell) for cell in cells]


def best_preview(
    path: Path,
    sheet: str | None,
    header_row: int | None,
    encoding: str = "",
    operations: Sequence[str] = (),
) -> tuple[Preview, list[Guess]]:
    """A preview and what the rows may be meant for; where no sheet is named, of the sheet whose headers fit best: the
    import of these `operations`, else any."""
    wanted = "+".join(operations)
    first = _guessed(*preview(path, sheet, header_row, encoding))
    if sheet is not None or len(first[0].sheets) < 2 or first[0].origin is not None:
        return first

    def look(name: str) -> Guessed:
        return _guessed(*preview(path, name, None, encoding))

    names = [name for name in first[0].sheets if name != first[0].sheet]
    others = look_at_others(names, look)
    best = best_of(first, others, lambda found: _fit(found, wanted))
    found = replace(best[0], others=[_facts(*one) for one in (first, *others) if one is not best])
    if best is not first:
        note = _("Opened sheet “{sheet}” because its column headers match best.").format(sheet=found.sheet)
        found.notes.insert(0, note)
    return found, best[1]


Guessed = tuple[Preview, list[Guess]]


def _guessed(found: Preview, table: Table | None) -> Guessed:
    return found, guesses(table.headers) if table is not None else []


def _fit(found: Guessed, wanted: str) -> tuple[bool, int]:
    """Whether an import lacks nothing in the sheet, and how many headers it takes."""
    likely = next((guess for guess in found[1] if wanted in ("", guess.id)), None)
    return (likely.whole, likely.fits) if likely is not None else (False, 0)


def _facts(found: Preview, likely: list[Guess]) -> SheetFacts:
    whole = bool(likely) and likely[0].whole
    return SheetFacts(found.sheet, found.count, likely[0].id if whole else "")
