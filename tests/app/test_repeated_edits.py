"""Edits of a sheet are made again where it is read again, and never on the rows of another."""

import openpyxl
import pytest

from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job.rows import Filter
from lwdesk.app.job.sheet_rows import SKIP, SheetRows
from lwdesk.base.paths import Home
from tests.app.test_drafts import desk, practice  # noqa: F401 - fixtures

HEADERS = ["Email", "Username"]
ANN, AMY = ["ann at a.example", "Ann"], ["amy@a.example", "Amy"]


def write(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def check(desk):  # noqa: F811
    def checked(path, before="", operation="roster", **choices):
        return desk.drafts.check(
            DraftRequest(str(path), (operation,), "Riverside", Choices(**choices)), before
        )

    return checked


def texts(home, job):
    rows = SheetRows(Home(home).jobs / f"{job}.lwjob")
    found = [[cell.text for cell in cells[2:]] for cells in rows.fetch(sorted(rows.ids(Filter()))).values()]
    rows.close()
    return found


def test_another_sheet_keeps_its_own_cells_and_dropped_edits_are_named(desk, check, tmp_path, home):  # noqa: F811
    path = write(
        tmp_path / "two.xlsx",
        A=[HEADERS, ANN, AMY],
        B=[HEADERS, ["bea@b.example", "Bea"], ["bob@b.example", "Bob"]],
    )
    found = check(path, sheet="A")
    desk.drafts.edit(found.job, {1: {0: "ann@a.example"}, 2: {SKIP: "skip"}})
    found = check(path, found.job, sheet="B")
    assert texts(home, found.job) == [["bea@b.example", "Bea"], ["bob@b.example", "Bob"]]
    assert found.dropped == ["A2: “ann at a.example” → “ann@a.example”", "row 3 was skipped"]
    assert found.figures == {"ready": 2} and not found.undo


def test_in_a_changed_file_edits_follow_their_row_to_its_new_place(desk, check, tmp_path, home):  # noqa: F811
    path = write(tmp_path / "people.xlsx", S=[HEADERS, ANN, AMY])
    found = check(path)
    desk.drafts.edit(found.job, {1: {0: "ann@a.example"}, 2: {SKIP: "skip"}})
    write(path, S=[["Tags", *HEADERS], ["", "zoe@a.example", "Zoe"], ["", *ANN], ["", *AMY]])
    found = check(path, found.job)
    assert texts(home, found.job)[:2] == [["", "zoe@a.example", "Zoe"], ["", "ann@a.example", "Ann"]]
    assert found.figures == {"ready": 2, "skipped": 1} and found.dropped == []


@pytest.mark.parametrize(
    "rows",
    [
        [HEADERS, ["ann at a.example", "Anna"], AMY],  # another text in the row
        [HEADERS, ANN, ANN, AMY],  # two rows that may be meant
        [["Email"], ANN[:1], AMY[:1]],  # a column is gone
        [["Email", "Email 2"], ANN, AMY],  # a column is another one
    ],
)
def test_an_edit_is_dropped_where_its_row_is_not_certain(desk, check, tmp_path, home, rows):  # noqa: F811
    path = write(tmp_path / "people.xlsx", S=[HEADERS, ANN, AMY])
    found = check(path)
    desk.drafts.edit(found.job, {1: {0: "ann@a.example"}})
    write(path, S=rows)
    found = check(path, found.job)
    assert texts(home, found.job) == [row[: len(rows[0])] for row in rows[1:]]
    assert found.dropped == ["A2: “ann at a.example” → “ann@a.example”"]


def test_the_same_sheet_for_another_import_keeps_its_edits(desk, check, tmp_path, home):  # noqa: F811
    path = write(tmp_path / "people.xlsx", S=[HEADERS, ANN, AMY])
    found = check(path)
    desk.drafts.edit(found.job, {1: {0: "ann@a.example"}})
    found = check(path, found.job, operation="create-user")
    assert texts(home, found.job)[0] == ["ann@a.example", "Ann"] and found.dropped == [] and found.undo


def test_a_dropped_edit_of_a_password_does_not_show_it(desk, check, tmp_path):  # noqa: F811
    path = write(tmp_path / "people.xlsx", S=[["Email", "Password"], ["ann@a.example", "old-secret"]])
    found = check(path)
    desk.drafts.edit(found.job, {1: {1: "new-secret"}})
    write(path, S=[["Email", "Password"], ["bob@a.example", "old-secret"]])
    assert check(path, found.job).dropped == ["B2: “•••” → “•••”"]
