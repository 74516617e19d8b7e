"""Exports: refused before anything is fetched where they could not be written; columns, previews, estimates."""

import openpyxl
import pytest

from lwdesk.app.exporting import estimates, exports, workbook
from lwdesk.base.errors import UserError
from lwdesk.catalog import EXPORTS


def fetch(desk, entry_id, target, where=None, columns=()):
    """An export from end to end. Returns the rows of its first sheet."""
    journal = exports.create(desk.home, entry_id, where or {}, desk.session, target, columns)
    assert exports.engine(journal, desk.session).run() == "finished"
    workbook.write(journal, target)
    journal.close()
    book = openpyxl.load_workbook(target)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


@pytest.mark.parametrize("name", ["nowhere/users.xlsx", "users.pdf", "users", "file.txt/users.xlsx"])
def test_a_target_that_cannot_be_written_is_refused_before_anything_is_fetched(desk, tmp_path, name):
    (tmp_path / "file.txt").write_text("not a folder")
    with pytest.raises(UserError):
        exports.create(
            desk.home, "course-users", {"course": "Workplace Safety"}, desk.session, tmp_path / name
        )
    assert desk.reads == 0
    assert not list(desk.home.jobs.glob("*"))


def test_a_target_that_is_open_in_excel_is_refused(desk, tmp_path):
    (tmp_path / "~$users.xlsx").write_text("")
    with pytest.raises(UserError, match=r"users\.xlsx is open"):
        exports.create(desk.home, "users", {}, desk.session, tmp_path / "users.xlsx")


def test_the_chosen_columns_are_written_in_the_chosen_order(desk, tmp_path):
    rows = fetch(desk, "users", tmp_path / "users.xlsx", columns=("username", "fields.*", "email"))
    *shown, hidden = rows[0]  # the id, by which its row is found when the workbook comes back
    assert shown[0] == "Username" and shown[-1] == "Email" and len(shown) > 2 and hidden == "ID"
    rows = fetch(desk, "users", tmp_path / "two.xlsx", columns=("email", "id"))
    assert rows[0] == ["Email", "ID"] and len(rows) == len(desk.practice.school.users) + 1


def test_a_column_that_is_none_of_the_export_is_refused(desk, tmp_path):
    with pytest.raises(UserError, match="emial"):
        exports.create(desk.home, "users", {}, desk.session, tmp_path / "users.xlsx", ("emial",))


def test_a_look_at_a_list_is_one_request_and_tells_the_rest_exactly(desk):
    found = estimates.look("users", {}, desk.session)
    people = len(desk.practice.school.users)
    assert (desk.reads, found.total, found.exact) == (1, people, True)
    assert found.requests == -(-people // EXPORTS["users"].size)
    assert len(found.rows) == estimates.ROWS
    assert found.columns[:2] == [("email", "Email"), ("username", "Username")]
    assert ("fields.*", "") not in found.columns


def test_the_requests_of_an_export_for_each_course_are_those_that_it_makes(desk, tmp_path):
    found = estimates.look("course-contents", {}, desk.session)
    assert desk.reads <= estimates.MOST and found.rows and not found.exact
    desk.forget()
    fetch(desk, "course-contents", tmp_path / "contents.xlsx")
    assert found.requests == pytest.approx(desk.reads, abs=3)


def test_a_chosen_course_narrows_the_estimate(desk):
    found = estimates.look("course-contents", {"course": "Workplace Safety"}, desk.session)
    assert found.requests == 1 and found.rows


@pytest.mark.parametrize("entry_id", [e.id for e in EXPORTS.values() if not e.parts])
def test_every_export_can_be_looked_at(desk, entry_id):
    found = estimates.look(entry_id, {}, desk.session)
    assert desk.reads <= estimates.MOST + 1
    assert all(len(row) == len(found.columns) for row in found.rows)
    assert found.requests >= 1


def test_the_whole_school_is_looked_at_with_one_request_for_each_list(desk):
    found = estimates.look("everything", {}, desk.session)
    assert len(EXPORTS["everything"].parts) <= found.requests and not found.exact


def test_the_about_sheet_says_what_there_is_and_how_to_read_it(desk, tmp_path):
    target = tmp_path / "payments.xlsx"
    journal = exports.create(
        desk.home, "payments", {"product_type": "course"}, desk.session, target, (), "Europe/Athens"
    )
    assert exports.engine(journal, desk.session).run() == "finished"
    written = workbook.write(journal, target)
    about = dict(openpyxl.load_workbook(target)["About"].iter_rows(values_only=True))
    assert (about["Export"], about["School"], about["Filters"]) == (
        "Payments",
        "Test",
        "Product type: course",
    )
    assert about["Address"].startswith("http") and about["Time zone"] == "Europe/Athens"
    assert "Refunds are negative" in about["Contents"] and "Names" in about and "Amounts" not in about
    assert about["Rows"] == written.rows and about["Created with"].startswith("lwdesk ")
    fetch(desk, "bundles", target)
    about = dict(openpyxl.load_workbook(target)["About"].iter_rows(values_only=True))
    assert about["Amounts"].startswith("In your school's currency")
