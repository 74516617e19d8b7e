"""Results in a workbook whose XML is out of the ordinary: loaded and saved whole, at some cost."""

import warnings
import zipfile
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from lwdesk.base.paths import whole
from lwdesk.base.text import _
from lwdesk.sheets.columns import Losses
from lwdesk.sheets.detect import kind_of
from lwdesk.sheets.package import damaged
from lwdesk.sheets.results import Values, places
from lwdesk.sheets.table import Cell
from lwdesk.sheets.write import Written


def write_results_openpyxl(
    source: Path,
    target: Path,
    sheet: str,
    header_row: int,
    titles: Sequence[str],
    values: Values,
    zone: tzinfo | None,
) -> Written:
    """See `lwdesk.sheets.results.write_results`. Text boxes and the like are lost, which a note says."""
    book = _load(source)
    page = book[sheet]
    heading = {cell.column - 1: str(cell.value) for cell in page[header_row] if cell.value is not None}
    columns = places(heading, page.max_column - 1, titles)
    for column, title in zip(columns, titles, strict=True):
        page.cell(header_row, column + 1, title)
    count, losses = 0, Losses()
    for number, cells in values:
        count += 1
        for column, value in zip(columns, cells, strict=True):
            _fill(page.cell(number, column + 1), value, zone, losses)
    with whole(target) as temporary:
        book.save(temporary)
    note = _(
        "The workbook is written in an unusual way: text boxes and small charts in cells are not in the copy"
    )
    return Written((target,), count, (*losses.notes(), note))


def _load(source: Path) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with source.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl drops is told in a note
            return openpyxl.load_workbook(file, keep_vba=kind_of(source) == "xlsm", rich_text=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise damaged(source) from error


def _fill(cell: Any, value: Cell, zone: tzinfo | None, losses: Losses) -> None:
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, str):
        text = losses.fit(value, lambda: str(cell.coordinate))
        cell.value = text
        cell.data_type = "s"  # whatever it looks like, it is no formula
    else:
        cell.value = value
