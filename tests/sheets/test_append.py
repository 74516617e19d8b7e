"""Rows added to a list in a workbook: by id, and all that users made of the workbook is kept."""

import re
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

from lwdesk.base.errors import FileError, SaveError, UserError
from lwdesk.sheets.append import add_rows, find_list
from lwdesk.sheets.columns import Column
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.write import write_book

COLUMNS = [
    Column("Paid", "datetime"),
    Column("Email"),
    Column("Gross", "money"),
    Column("Refunded", "yesno"),
    Column("Id"),
]
TITLES = [column.title for column in COLUMNS]


def paid(day):
    return datetime(2026, 3, day, 10, 30, tzinfo=UTC)


def row(n, gross=10.0, refunded=False):
    return [paid(n), f"user{n}@x.example", gross, refunded, f"00{n}"]


@pytest.fixture
def path(tmp_path):
    """A workbook of lwdesk with three rows."""
    path = tmp_path / "Payments.xlsx"
    write_book(path, [Sheet("Payments", COLUMNS, [row(n) for n in (1, 2, 3)])], [("Export", "Payments")], UTC)
    return path


def add(path, *rows):
    found = add_rows(path, TITLES, COLUMNS, 4, rows, UTC)
    return found.added, found.updated


def cells(path, sheet="Payments"):
    book = openpyxl.load_workbook(path)
    found = [list(line) for line in book[sheet].iter_rows(values_only=True)]
    book.close()
    return found


def change(path, edit):
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    book.close()
    calculated(path)


def calculated(path):
    """Give each formula a value, as Excel does when it saves."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>1</v>", data))


def test_new_rows_are_added_and_changed_ones_updated_and_none_comes_twice(path):
    assert add(path, row(2), row(3, refunded=True), row(4, gross=0), row(5), row(5)) == (2, 1)
    expected = [
        [datetime(2026, 3, n, 10, 30), f"user{n}@x.example", 10, False, f"00{n}"] for n in range(1, 6)
    ]
    expected[2][3], expected[3][2] = True, 0
    assert cells(path) == [TITLES, *expected]
    before = path.read_bytes()
    assert add(path, row(4, gross=0), row(5)) == (0, 0) and path.read_bytes() == before
    book = openpyxl.load_workbook(path)
    sheet = book["Payments"]
    assert [c.number_format for c in sheet[6]] == [c.number_format for c in sheet[3]]
    assert sheet.auto_filter.ref == "A1:E6" and sheet.dimensions == "A1:E6"
    book.close()
    with zipfile.ZipFile(path) as package:
        assert "Payments!$A$1:$E$6</definedName>" in package.read("xl/workbook.xml").decode()


def test_what_the_user_made_of_the_workbook_is_kept(path):
    def edit(book):
        sheet = book["Payments"]
        sheet.insert_cols(2)
        sheet["B1"], sheet["G1"] = "My notes", "Tax"
        sheet["B2"], sheet["G2"], sheet["G3"] = "called her", "=D2*0.24", "=D3*0.24"
        sheet["D3"] = "=5+5"
        sheet["D2"].fill = PatternFill("solid", "FFFF00")
        sheet.delete_cols(5)  # they don't want "Refunded"
        sheet.auto_filter.ref = "A1:F4"
        more = book.create_sheet("Mine", 0)
        more["A1"] = "=SUM(Payments!D:D)"

    change(path, edit)
    assert add(path, row(1, gross=12.5), row(2, gross=99.0), row(4)) == (1, 2)
    found = cells(path)
    assert found[0] == ["Paid", "My notes", "Email", "Gross", "Id", "Tax"]
    assert found[1] == [
        datetime(2026, 3, 1, 10, 30),
        "called her",
        "user1@x.example",
        12.5,
        "001",
        "=D2*0.24",
    ]
    assert found[2][3] == "=5+5"  # a formula is the user's own
    assert found[4] == [datetime(2026, 3, 4, 10, 30), None, "user4@x.example", 10, "004", None]
    book = openpyxl.load_workbook(path)
    assert book["Mine"]["A1"].value == "=SUM(Payments!D:D)" and book.calculation.fullCalcOnLoad
    assert book["Payments"]["D2"].fill.fgColor.rgb == "00FFFF00"
    book.close()


def test_a_table_grows_with_its_rows_and_blank_formatted_rows_are_filled(path):
    def edit(book):
        sheet = book["Payments"]
        sheet.auto_filter.ref = None
        sheet.add_table(Table(displayName="Paid", ref="A1:E4"))
        sheet["B5"].fill = PatternFill("solid", "FFFF00")
        sheet["B7"].fill = PatternFill("solid", "FFFF00")

    change(path, edit)
    assert add(path, row(4), row(5), row(6), row(7)) == (4, 0)
    book = openpyxl.load_workbook(path)
    (table,) = book["Payments"].tables.values()
    assert table.ref == "A1:E8" and [c.value for c in book["Payments"]["E"]][1:] == [
        f"00{n}" for n in range(1, 8)
    ]
    book.close()


def test_rows_are_added_to_a_list_without_any(tmp_path):
    path = tmp_path / "Payments.xlsx"
    write_book(path, [Sheet("Payments", COLUMNS, [])], [], UTC)
    assert add(path, row(1)) == (1, 0) and cells(path)[1][4] == "001"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda book: book["Payments"].delete_cols(5), "can't find its list in.*“Id”"),
        (
            lambda book: book["Payments"].append([None, "Total", "=SUM(C2:C4)"]),
            "Row 5 of “Payments” has something",
        ),
    ],
)
def test_a_restructured_workbook_is_refused_and_left_as_it_is(path, edit, why):
    change(path, edit)
    before = path.read_bytes()
    with pytest.raises(FileError, match=why):
        find_list(path, TITLES, 4)
    with pytest.raises(FileError, match=why):
        add(path, row(4))
    assert path.read_bytes() == before


def test_a_workbook_that_is_open_elsewhere_is_refused(path):
    path.with_name("~$Payments.xlsx").touch()
    with pytest.raises(SaveError, match="open in another program"):
        find_list(path, TITLES, 4)


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "Payments.xlsx"
    path.write_text("Paid;Id\n")
    with pytest.raises(UserError):
        find_list(path, TITLES, 4)
