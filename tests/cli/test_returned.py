"""An edited export on the command line: taken without saying what to do, with its conflicts counted."""

import openpyxl
import pytest

from lwdesk.practice.server import Practice


@pytest.fixture
def school(monkeypatch):
    with Practice(users=30, limit=False) as practice:
        for name, value in practice.credentials().items():
            variable = {"url": "SCHOOL_URL", "client_id": "CLIENT_ID", "client_secret": "CLIENT_SECRET"}.get(
                name
            )
            if variable:
                monkeypatch.setenv(f"LWDESK_{variable}", value)
        yield practice


def test_an_edited_export_says_by_itself_what_is_to_be_done(lwdesk, school, tmp_path):
    path = tmp_path / "users.xlsx"
    assert lwdesk("export", "users", "-o", path).status == 0
    ana, ben = school.school.users[5:7]
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    username = next(cell.column for cell in sheet[1] if cell.value == "Username")
    key = next(cell.column for cell in sheet[1] if cell.value == "ID")
    for row in sheet.iter_rows(min_row=2):
        if row[key - 1].value in (ana.id, ben.id):
            sheet.cell(row[0].row, username).value = "Edited"
    last_login = next(cell.column for cell in sheet[1] if cell.value == "Last login")
    sheet.cell(2, last_login).value = "2020-01-01"
    book.save(path)
    ben.username = "Theirs"
    found = lwdesk("import", path, "--dry-run")
    assert "Only the cells you edited are sent" in found.out and "is now “Theirs”" in found.out
    assert "This import can't change “Last login”" in found.out
    found = lwdesk("import", path, "--yes", "--json")
    assert found.status == 2
    facts = found.json
    assert (facts["done"], facts["conflict"], facts["unchanged"]) == (1, 1, len(school.school.users) - 2)
    assert (facts["plan"]["calls"], facts["plan"]["conflict"]) == (1, 1)
    assert (ana.username, ben.username) == ("Edited", "Theirs")


def test_any_other_file_must_say_what_is_to_be_done(lwdesk, school, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Email\nana@example.org\n")
    found = lwdesk("import", path, "--yes")
    assert found.status != 0 and "--operation" in found.err


def test_the_command_line_says_that_a_csv_has_no_memory(lwdesk, school, tmp_path):
    path = tmp_path / "users.csv"
    assert lwdesk("export", "users", "-o", path).status == 0
    found = lwdesk("import", path, "--dry-run")
    assert found.status == 0 and "doesn't contain the original values" in found.out
    found = lwdesk("import", path, "--yes", "--json")
    assert (found.status, found.json["plan"]["calls"], found.json["done"]) == (0, 0, 0)
    assert "doesn't contain the original values" in found.err
