"""Sheets: reading, writing, and results beside the rows of a person's own workbook."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lwdesk.sheets.columns import Column
from lwdesk.sheets.read import read
from lwdesk.sheets.results import write_results
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.write import write_book
from tests.bench.measure import Line, measured

ROWS = 100_000
STYLED = 10_000
KINDS = (
    "text", "text", "text", "integer", "money", "datetime", "percent", "yesno", "list", "date", "text", "number",
)  # fmt: skip
TITLES = ("Status", "Message", "Id", "Time")
START = datetime(2024, 1, 1, 10, tzinfo=UTC)


def lines(folder: Path) -> Iterator[Line]:
    book, text = folder / "people.xlsx", folder / "people.csv"
    written = measured(write_ours, book, ROWS)
    other = measured(write_openpyxl, folder / "other.xlsx", ROWS)
    yield Line("write 100,000 x 12 .xlsx", written, f"{written.cpu / other.cpu:.2f} of openpyxl's CPU")
    yield Line("  openpyxl write-only", other)
    yield Line("write 100,000 x 12 .csv", measured(write_ours, text, ROWS, runs=3))
    ours, other = measured(read_ours, book, runs=3), measured(read_openpyxl, book)
    yield Line("read 100,000 x 12 .xlsx", ours, f"{ours.cpu / other.cpu:.2f} of openpyxl's CPU")
    yield Line("  openpyxl read-only", other)
    yield Line("  calamine, bare", measured(read_calamine, book, runs=3))
    yield Line("read 100,000 x 12 .csv", measured(read_ours, text, runs=3))
    yield Line("  csv, bare", measured(read_csv, text, runs=3))
    yield from _results(folder)


def _results(folder: Path) -> Iterator[Line]:
    source = folder / "styled.xlsx"
    measured(style, source)
    ours = measured(results_ours, source, folder / "results.xlsx", runs=3)
    other = measured(results_openpyxl, source, folder / "other.xlsx")
    yield Line("results beside 10,000 styled rows", ours, f"{ours.cpu / other.cpu:.2f} of openpyxl's CPU")
    yield Line("  openpyxl load + save", other)


def people(rows: int) -> Iterator[list[object]]:
    """Rows of 12 cells of all kinds."""
    for row in range(rows):
        moment = START + timedelta(days=row % 900, minutes=row % 60)
        yield [
            f"user{row}@example.com", f"First{row % 977}", f"+30 694{row:07}", row, row * 1.5, moment,
            row % 100 / 100, row % 2 == 0, ["Algebra", "Biology"], moment.date(), f"note number {row}", 12.5,
        ]  # fmt: skip


def write_ours(path: str, rows: int) -> None:
    columns = [Column(f"Column {n}", kind) for n, kind in enumerate(KINDS, 1)]
    write_book(Path(path), [Sheet("People", columns, people(rows))])


def write_openpyxl(path: str, rows: int) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append([f"Column {n}" for n, _kind in enumerate(KINDS, 1)])
    for row in people(rows):
        sheet.append([_bare(cell) for cell in row])
    book.save(path)


def _bare(cell: object) -> object:
    """The cell as openpyxl takes it: no lists, no time zones."""
    if isinstance(cell, list):
        return "; ".join(cell)
    return cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell


def read_ours(path: str) -> int:
    return sum(1 for _row in read(Path(path)).rows)


def read_openpyxl(path: str) -> int:
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    return sum(1 for _row in sheet.iter_rows(values_only=True))


def read_calamine(path: str) -> int:
    import python_calamine

    return len(python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False))


def read_csv(path: str) -> int:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _row in csv.reader(file))


def style(path: str) -> None:
    """A workbook as people have them: colours, borders, number formats, widths."""
    import openpyxl
    from openpyxl.styles import Border, Font, PatternFill, Side

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "People"
    sheet.append([f"Column {n}" for n, _kind in enumerate(KINDS, 1)])
    bold, line = Font(bold=True, color="FF1F4E78"), Border(bottom=Side("thin"))
    fills = [PatternFill("solid", fgColor=color) for color in ("FFFFFFFF", "FFF2F7FC")]
    for number, row in enumerate(people(STYLED), 2):
        sheet.append([_bare(cell) for cell in row])
        for cell in sheet[number]:
            cell.fill, cell.border = fills[number % 2], line
        sheet.cell(number, 1).font = bold
    book.save(path)


def _outcomes(rows: int) -> Iterator[tuple[int, tuple[object, ...]]]:
    return ((row, ("done", "created", f"65f{row:021}", START)) for row in range(2, rows + 2))


def results_ours(source: str, target: str) -> None:
    values = _outcomes(STYLED)
    write_results(Path(source), Path(target), sheet="People", header_row=1, titles=TITLES, values=values)


def results_openpyxl(source: str, target: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(source)
    sheet = book.active
    for column, title in enumerate(TITLES, 13):
        sheet.cell(1, column, title)
    for row, cells in _outcomes(STYLED):
        for column, cell in enumerate(cells, 13):
            sheet.cell(row, column, _bare(cell))
    book.save(target)
