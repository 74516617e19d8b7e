"""Template workbooks: what a person fills in is what reading gives back."""

from datetime import date

import openpyxl

from lwdesk.sheets.lists import Item, Lists
from lwdesk.sheets.read import read
from lwdesk.sheets.template import TemplateColumn, write_template

COLUMNS = [
    TemplateColumn("email", "Email", "The address the user signs in with", "ana@example.com", True),
    TemplateColumn("zip", "Postal code", "", "00420"),
    TemplateColumn("product", "Course", "Which course", "Algebra", True),
    TemplateColumn("role", "Role", "", "user", choices=["user", "admin"]),
    TemplateColumn("tags", "Tags", "Several", ["5A", "2026"], kind="list", choices=["5A", "5B"]),
    TemplateColumn("born", "Born", "", date(2010, 5, 1), kind="date"),
    TemplateColumn("price", "Price", "", 12.5, kind="money"),
]
COURSES = [Item(f"Course {n}, a long title to fill the room", f"c-{n}", "course") for n in range(100)]


def template(tmp_path):
    path = tmp_path / "template.xlsx"
    write_template(path, "Enroll users: all", COLUMNS, Lists("https://a.example", {"product": COURSES}))
    return path


def test_headings_and_example_are_read_back(tmp_path):
    table = read(template(tmp_path))
    assert [header.text for header in table.headers] == [column.title for column in COLUMNS]
    assert list(table.rows) == [
        (2, ("ana@example.com", "00420", "Algebra", "user", "5A; 2026", date(2010, 5, 1), 12.5))
    ]
    assert table.sheets == ("Enroll users  all", "Instructions") and table.notes == []


def test_headings_tell_what_is_needed(tmp_path):
    page = openpyxl.load_workbook(template(tmp_path)).worksheets[0]
    assert (
        page["A1"].comment.text == "The address the user signs in with. Required.\nExample: ana@example.com"
    )
    assert page["B1"].comment.text == "Optional.\nExample: 00420"
    assert page["A1"].fill.fgColor.rgb != page["B1"].fill.fgColor.rgb and page.freeze_panes == "A2"
    assert page["A2"].font.italic


def test_choices_come_from_a_hidden_sheet(tmp_path):
    book = openpyxl.load_workbook(template(tmp_path))
    lists = book["lwdesk lists"]
    assert lists.sheet_state == "hidden"
    found = {str(rule.sqref): rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert found["D2:D1048576"].formula1 == "'lwdesk lists'!$A$2:$A$3" and lists["A3"].value == "admin"
    assert found["C2:C1048576"].formula1 == "'lwdesk lists'!$G$2:$G$101" and lists["H101"].value == "c-99"
    assert found["D2:D1048576"].showErrorMessage and not found["E2:E1048576"].showErrorMessage


def test_leading_zeros_survive_typing(tmp_path):
    columns = openpyxl.load_workbook(template(tmp_path)).worksheets[0]
    assert columns["B2"].number_format == "@" and columns["F2"].number_format == "yyyy-mm-dd"


def test_instructions_list_every_column(tmp_path):
    rows = [row for _n, row in read(template(tmp_path), "Instructions", header_row=7).rows]
    assert [row[0] for row in rows] == [column.title for column in COLUMNS]
    assert rows[3][1:] == ("no", "One of: user, admin.", "user")


def test_the_lists_are_recalled_with_what_they_stand_for(tmp_path):
    found = read(template(tmp_path)).lists
    assert found.school == "https://a.example" and found.columns == {"product": COURSES}
