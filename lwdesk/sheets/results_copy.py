"""Results for a file that cannot be changed in place (xls, xlsb, ods, web page): a new workbook of its cells."""

from collections.abc import Iterator, Sequence
from datetime import time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from lwdesk.base.errors import Bug
from lwdesk.base.text import _
from lwdesk.sheets.columns import Losses, plain
from lwdesk.sheets.layout import blank
from lwdesk.sheets.read import open_source
from lwdesk.sheets.results_columns import Values, places
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.table import Cell, Grid
from lwdesk.sheets.widths import width_of
from lwdesk.sheets.write_xlsx import FORMATS, HEADING, kind_for, new_book, put, safe_title

_FOR_WIDTHS = 200


def write_results_copy(
    source: Path,
    target: Path,
    sheet: str,
    header_row: int,
    titles: Sequence[str],
    values: Values,
    zone: tzinfo | None,
    more: Sequence[Sheet] = (),
    encoding: str = "",
) -> Written:
    """See `lwdesk.sheets.results.write_results`."""
    opened = open_source(source, sheet or None, encoding)
    heading, widths = measure(opened.grid, header_row)
    columns = places(heading, len(widths) - 1, titles)
    losses = Losses()
    count = 0
    with new_book(target, constant_memory=True) as book:
        page = book.add_worksheet(safe_title(opened.sheet or source.stem, set()))
        formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
        formats["heading"] = book.add_format(HEADING)
        page.freeze_panes(header_row, 0)
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        for column, title in zip(columns, titles, strict=True):
            page.set_column(column, column, width_of(title, ["0" * 18]))
        for number, cells, what in merged(opened.grid, header_row, columns, titles, values):
            _write(page, number, cells, what, formats, zone, losses)
            count += what == "result"
        titles_taken = {page.name.casefold()}
        for added in more:
            page = book.add_worksheet(safe_title(added.title, titles_taken))
            if added.hidden:
                page.very_hidden()
            _write(page, 1, [column.title for column in added.columns], "heading", formats, zone, losses)
            for number, row in enumerate(added.rows, 2):
                _write(page, number, list(row), "", formats, zone, losses)
    note = _("The results are in a new Excel workbook, without the formatting of your {format} file").format(
        format=opened.format
    )
    return Written((target,), count, (*losses.notes(), note))


def measure(grid: Grid, header_row: int) -> tuple[dict[int, str], list[float]]:
    """Texts of the headers by column, and the width of every used column."""
    heading: dict[int, str] = {}
    width, head = 0, []
    for number, cells in grid():
        if number == header_row:
            heading = {i: str(cell) for i, cell in enumerate(cells) if not blank(cell)}
        if len(cells) > width:
            width = max([width, *(i + 1 for i in range(width, len(cells)) if not blank(cells[i]))])
        if header_row <= number < header_row + _FOR_WIDTHS:
            head.append(cells)
    return heading, [
        width_of(heading.get(i, ""), (row[i] for row in head if i < len(row))) for i in range(width)
    ]


def merged(
    grid: Grid, header_row: int, columns: Sequence[int], titles: Sequence[str], values: Values
) -> Iterator[tuple[int, list[Cell], str]]:
    """Row number, cells, and the kind of row: the headers, a result, or neither."""
    waiting = iter(values)
    following = next(waiting, None)
    for number, cells in grid():
        if number == header_row:
            yield number, _with(cells, columns, titles), "heading"
        elif following is not None and following[0] == number:
            yield number, _with(cells, columns, following[1]), "result"
            following = next(waiting, None)
        else:
            yield number, list(cells), ""
    if following is not None:
        raise Bug("Results out of order", f"Row {following[0]} came too late or is not in the file")


def _with(cells: Sequence[Cell], columns: Sequence[int], new: Sequence[Cell]) -> list[Cell]:
    together = [*cells, *[None] * (max(columns) + 1 - len(cells))]
    for column, cell in zip(columns, new, strict=True):
        together[column] = cell
    return together


def _write(
    page: Any,
    number: int,
    cells: list[Cell],
    what: str,
    formats: dict[str, Any],
    zone: tzinfo | None,
    losses: Losses,
) -> None:
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, time):
            cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
        kind = kind_for(cell)
        put(
            page,
            number - 1,
            column,
            plain(kind, zone)(cell),
            formats.get("heading" if what == "heading" else kind),
            losses,
        )
