"""Results in a CSV file: its own delimiter and fields, the columns added at the end of each row."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path

from lwdesk.base.errors import Bug
from lwdesk.base.paths import written_whole
from lwdesk.base.text import _
from lwdesk.sheets.layout import tidy
from lwdesk.sheets.read import open_source
from lwdesk.sheets.read_csv import TextFile, look_at
from lwdesk.sheets.results_columns import Values, places
from lwdesk.sheets.results_copy import measure, merged
from lwdesk.sheets.sheet import Written
from lwdesk.sheets.table import Cell
from lwdesk.sheets.write_csv import guard, unguarded


def write_results_csv(
    source: Path,
    target: Path,
    header_row: int,
    titles: Sequence[str],
    values: Values,
    zone: tzinfo | None,
    guarded: bool = False,
    encoding: str = "",
) -> Written:
    """See `lwdesk.sheets.results.write_results`. Unicode files stay as they are, others become UTF-8 with its mark."""
    text = look_at(source, encoding)
    heading, width = _heading(text, header_row)
    columns = places(heading, width - 1, titles)
    written_as = text.encoding if text.encoding in ("utf-16", "utf-32") else "utf-8-sig"
    waiting = iter(values)
    following = next(waiting, None)
    count = 0
    with (
        written_whole(target) as temporary,
        temporary.open("w", encoding=written_as, errors="replace", newline="") as file,
    ):
        if text.named:
            file.write(f"sep={text.delimiter}\r\n")
        out = csv.writer(
            file, delimiter=text.delimiter, lineterminator="\r\n" if b"\r\n" in text.content else "\n"
        )
        for number, fields in text.records():
            if not guarded:
                fields = [guard(field) if field != unguarded(field) else field for field in fields]
            if number == header_row:
                fields = _with(fields, columns, titles)
            elif following and following[0] == number:
                fields = _with(fields, columns, [_field(cell, zone) for cell in following[1]])
                following = next(waiting, None)
                count += 1
            out.writerow(fields)
        if following:
            raise Bug("Results out of order", f"Row {following[0]} came too late or is not in the file")
    return Written((target,), count, _notes(text))


def write_results_text(
    source: Path,
    target: Path,
    sheet: str,
    header_row: int,
    titles: Sequence[str],
    values: Values,
    zone: tzinfo | None,
) -> Written:
    """Results of a workbook as a CSV file of its cells; see `lwdesk.sheets.results.write_results`."""
    opened = open_source(source, sheet or None)
    heading, widths = measure(opened.grid, header_row)
    columns = places(heading, len(widths) - 1, titles)
    count = 0
    with written_whole(target) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        for _number, cells, what in merged(opened.grid, header_row, columns, titles, values):
            out.writerow([_field(cell, zone) for cell in cells])
            count += what == "result"
    note = _("The results are in a CSV file with the cells of this sheet, without formatting")
    return Written((target,), count, (note,))


def _heading(text: TextFile, header_row: int) -> tuple[dict[int, str], int]:
    heading, width = {}, 0
    for number, fields in text.records():
        while fields and not fields[-1].strip():
            fields.pop()
        width = max(width, len(fields))
        if number == header_row:
            heading = {i: field for i, field in enumerate(fields) if field.strip()}
    return heading, width


def _with(fields: list[str], columns: Sequence[int], texts: Sequence[str]) -> list[str]:
    fields = fields + [""] * (max(columns) + 1 - len(fields))
    for column, text in zip(columns, texts, strict=True):
        fields[column] = text
    return fields


def _field(cell: Cell, zone: tzinfo | None) -> str:
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone) if cell.tzinfo else cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return guard(cell)
    return "" if cell is None else str(cell).upper() if isinstance(cell, bool) else str(tidy(cell))


def _notes(text: TextFile) -> tuple[str, ...]:
    if text.encoding.startswith("utf"):
        return ()
    return (
        _(
            "The copy is written as UTF-8, which Excel reads in every language; the file was {encoding}"
        ).format(encoding=text.encoding),
    )
