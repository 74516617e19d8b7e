"""Cells whose value the file does not hold: an error where the column is imported, nothing where it is not."""

import openpyxl
import pytest

from lwdesk.app.importing.imports import open_file
from lwdesk.app.importing.opened import Choices
from lwdesk.app.settings import Settings
from lwdesk.base.marks import NO_RESULT
from lwdesk.base.paths import Home
from lwdesk.catalog import IMPORTS
from lwdesk.sheets.read import read

NOT_READ = (
    NO_RESULT,
    "#N/A",
    "#REF!",
    "#DIV/0!",
    "#NAME?",
    "#VALUE!",
    "#NV",
    "#¡REF!",
    "#ADR!",
    "#####",
    "Err:502",
)


@pytest.mark.parametrize("entry", IMPORTS.values(), ids=lambda entry: entry.id)
@pytest.mark.parametrize("cell", NOT_READ)
def test_a_cell_that_could_not_be_read_is_an_error_in_every_column(entry, cell):
    for column in entry.columns:
        reported = []
        assert column.cell_kind.tuned({cell}).read(cell, reported.append) is None, column.id
        assert [problem.level for problem in reported] == ["error"], column.id
        assert reported[0].code == ("formula" if cell == NO_RESULT else "excel-error")


def saved(tmp_path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path := tmp_path / "sheet.xlsx")
    return path


def problems(path, tmp_path, operation="roster"):
    opened = open_file(path, [operation], Choices(), Settings(Home(tmp_path / "home")))
    return [(problem.cell, problem.code) for row in opened.check() for problem in row.problems]


def test_formulas_without_a_result_are_errors_in_mapped_columns_only(tmp_path):
    rows = [
        ("Email", "Courses", "Remark"),
        ("ana@x.example", '="Algebra"', "=A2"),
        ("ben@x.example", "Algebra", "=A3"),
        ('=LOWER("CAT@X.EXAMPLE")', "Algebra", None),
    ]
    path = saved(tmp_path, rows)
    assert problems(path, tmp_path) == [("B2", "formula"), ("A4", "formula")]
    assert read(path).notes == []


def test_a_row_at_the_end_with_formulas_alone_is_not_lost(tmp_path):
    path = saved(tmp_path, [("Email", "Tags"), ("ana@x.example", "vip"), ("=A2", None), ("=A3", "=B2")])
    assert problems(path, tmp_path) == [("A3", "formula"), ("A4", "formula"), ("B4", "formula")]


def test_a_last_column_with_formulas_alone_is_not_lost(tmp_path):
    path = saved(tmp_path, [("Email", "Tags"), ("ana@x.example", "=A2"), ("ben@x.example", "=A3")])
    assert problems(path, tmp_path) == [("B2", "formula"), ("B3", "formula")]


def test_many_formats_leave_no_formula_unseen(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("Email", "Phone", "Tags"))
    for n in range(300):
        sheet.append((f"u{n}@x.example", n, "=A2" if n == 299 else "vip"))
        sheet.cell(n + 2, 2).number_format = "0" * (2 + n % 280)
    book.save(path := tmp_path / "sheet.xlsx")
    assert [found for found in problems(path, tmp_path) if found[1] == "formula"] == [("C301", "formula")]
