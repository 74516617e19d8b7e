"""Turns a grid of cells into a table: finds the header row, drops what is empty."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from lwdesk.base.errors import FileError, NoHeadersError
from lwdesk.base.text import _, fold, listing, ngettext, squeeze
from lwdesk.sheets.table import MOST_ROWS, Cell, Grid, Header, Row, Rows, letter

_LOOK = 50
_WIDEST = 1_000
_NEAR_BEST = 0.7
ADDRESS = re.compile(r"\s*[^\s@]+@[^\s@]+\.[^\s@.]+\s*")


def blank(cell: Cell) -> bool:
    return cell is None or (type(cell) is str and (not cell or cell.isspace()))


def tidy(cell: Cell) -> Cell:
    """None for an empty cell, 7 for 7.0; the rest as it is."""
    if type(cell) is float:
        return _whole(cell) if cell.is_integer() else cell
    return None if cell == "" else cell


def _whole(number: float) -> int | float:
    """The digits the file has; a float this large has others of its own."""
    if abs(number) < 1e15:
        return int(number)
    return int(Decimal(repr(number))) if abs(number) < 1e21 else number


def lay_out(
    path: Path, grid: Grid, header_row: int | None
) -> tuple[int, tuple[Header, ...], Rows, list[str]]:
    """Header row (1-based), headers, rows below it, notes.

    Raises UserError where nothing is in the sheet, nothing below the headings, no headings, or far too much.
    """
    top = list(islice(_filled(grid()), _LOOK)) if header_row is None else []
    number, heading = _given(path, grid, header_row) if header_row is not None else _heading(path, top)
    used, count, blanks, ragged = _survey(path, grid, number, len(heading))
    if not count:
        raise FileError(
            _("{name} has column headers but no rows").format(name=path.name),
            _("There's nothing below row {n}").format(n=number),
            _("Fill in at least one row below the column headers, save, and try again"),
        )
    used |= {i for i, cell in enumerate(heading) if not blank(cell)}
    columns = sorted(used)
    headers = tuple(_header(i, heading) for i in columns)
    notes = [*_notes_on_top(top, number, heading), *_notes_on_rows(blanks, ragged)]
    return number, headers, Rows(lambda: _rows(grid, number, columns), count), notes


def _filled(rows: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    return ((number, cells) for number, cells in rows if not all(map(blank, cells)))


def _rows(grid: Grid, header_row: int, columns: Sequence[int]) -> Iterator[Row]:
    width = columns[-1] + 1
    whole = columns == list(range(width))
    for number, cells in grid():
        if number <= header_row or all(map(blank, cells)):
            continue
        if len(cells) < width:
            cells = [*cells, *[None] * (width - len(cells))]
        picked = cells[:width] if whole else [cells[i] for i in columns]
        yield number, tuple([cell if type(cell) is str and cell else tidy(cell) for cell in picked])


def _survey(path: Path, grid: Grid, header_row: int, width: int) -> tuple[set[int], int, int, int]:
    """Columns with data, filled rows, blank rows between them, rows wider than the headings."""
    used: set[int] = set()
    pending, seen, count, blanks, ragged, last = list(range(width)), width, 0, 0, 0, header_row
    for number, cells in grid():
        if number <= header_row or all(map(blank, cells)):
            continue
        count += 1
        blanks += number - last - 1
        last = number
        if len(cells) > seen:
            pending.extend(range(seen, len(cells)))
            seen = len(cells)
        if pending:
            here = {i for i in pending if i < len(cells) and not blank(cells[i])}
            if here:
                used |= here
                pending = [i for i in pending if i not in here]
                _refuse_width(path, len(used))
        if len(cells) > width and not all(map(blank, cells[width:])):
            ragged += 1
    if last > MOST_ROWS:
        raise FileError(
            _("{name} has too many rows").format(name=path.name),
            _("It has {n} rows; a sheet can have {most}").format(n=f"{last:,}", most=f"{MOST_ROWS:,}"),
            _("Split it into several files"),
        )
    return used, count, blanks, ragged


def _refuse_width(path: Path, n: int) -> None:
    if n > _WIDEST:
        raise FileError(
            _("{name} has too many columns").format(name=path.name),
            _("More than {n} columns are filled").format(n=_WIDEST),
            _("Copy the columns you need to a separate sheet"),
        )


def _header(index: int, heading: Sequence[Cell]) -> Header:
    text = squeeze(str(tidy(heading[index]))) if index < len(heading) and not blank(heading[index]) else ""
    return Header(letter(index), text or _("Column {letter}").format(letter=letter(index)))


def _given(path: Path, grid: Grid, header_row: int) -> tuple[int, Sequence[Cell]]:
    for number, cells in grid():
        if number == header_row and not all(map(blank, cells)):
            return number, cells
        if number > header_row:
            break
    raise FileError(
        _("Row {n} of {name} is empty").format(n=header_row, name=path.name),
        _("You chose this row for the column headers"),
        _("Choose the row that has the column headers"),
    )


def _heading(path: Path, top: list[tuple[int, Sequence[Cell]]]) -> tuple[int, Sequence[Cell]]:
    """The first row that scores nearly as well as the best: wide, worded, distinct, data of its width below."""
    if not top:
        raise FileError(
            _("{name} is empty").format(name=path.name),
            _("All cells of the sheet are empty"),
            _("Choose another sheet or file, or fill in column headers and rows"),
        )
    widths = [sum(not blank(cell) for cell in cells) for _number, cells in top]
    widest = max(widths)
    scores = [_score(cells, widths[i], widest, widths[i + 1 : i + 6]) for i, (_n, cells) in enumerate(top)]
    chosen = next(i for i, score in enumerate(scores) if score >= max(scores) - _NEAR_BEST)
    _refuse_person(path, *top[chosen])
    return top[chosen]


def _refuse_person(path: Path, number: int, heading: Sequence[Cell]) -> None:
    """Refuse a sheet without headers: its first user would be used as the headers and silently skipped."""
    address = next((cell for cell in heading if isinstance(cell, str) and ADDRESS.fullmatch(cell)), None)
    if address is not None:
        raise NoHeadersError(
            _("{name} has no column headers").format(name=path.name),
            _("Row {n} is the first that could be them, but “{cell}” is an email address").format(
                n=number, cell=squeeze(address)
            ),
            _(
                "Insert a row above it with a header for each column, such as Email, First name; save, and try again"
            ),
        )


def _score(cells: Sequence[Cell], width: int, widest: int, below: list[int]) -> float:
    texts = [cell for cell in cells if not blank(cell)]
    words = sum(_worded(cell) for cell in texts) / width
    distinct = len({fold(str(cell)) or str(cell) for cell in texts}) / width
    follows = min(1.0, max(below, default=0) / width)
    return 3 * width / widest + 2 * words + distinct + follows


def _worded(cell: Cell) -> bool:
    """Reads like a heading: text with a letter, no address, not a sentence or a date."""
    if not isinstance(cell, str) or len(cell) > 80 or "@" in cell or "://" in cell:
        return False
    letters = sum(char.isalpha() for char in cell)
    return letters > sum(char.isdigit() for char in cell)


def _notes_on_top(
    top: list[tuple[int, Sequence[Cell]]], number: int, heading: Sequence[Cell]
) -> Iterator[str]:
    above = sum(n < number for n, _cells in top)
    if above:
        yield _("The column headers are in row {n}; the rows above are ignored").format(n=number)
    texts = [str(cell) for cell in heading if not blank(cell)]
    odd = [str(cell) for cell in heading if not blank(cell) and not _worded(cell)]
    if top and len(odd) * 2 > len(texts):
        yield _("Row {n} is used for the column headers, but {cells} look like data").format(
            n=number, cells=listing(odd, 3)
        )


def _notes_on_rows(blanks: int, ragged: int) -> Iterator[str]:
    if blanks:
        yield ngettext(
            "{n} empty row between the others is ignored",
            "{n} empty rows between the others are ignored",
            blanks,
        )
    if ragged:
        yield ngettext(
            "{n} row has more columns than headers: check its last columns",
            "{n} rows have more columns than headers: check their last columns",
            ragged,
        )


def merge_notes(columns: Iterable[int]) -> Iterator[str]:
    """The note about columns, counted from 0, with cells that are merged over several rows; none without columns."""
    if letters := ", ".join(map(letter, columns)):
        yield _("Merged cells in column {letters}: their value is used for each row they cover").format(
            letters=letters
        )
