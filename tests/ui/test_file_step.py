"""The first step: the sheet that is shown is the one that is sent, and what was guessed for one file isn't kept."""

from contextlib import closing

import openpyxl
import pytest

from lwdesk.jobs.journal import Journal
from lwdesk.ui.pages.import_page import FILE, MATCH
from tests.ui.actions import (
    TIMEOUT_MS,
    click,
    drop_file,
    go_to_step,
    open_review_step,
    send,
    wait_for_review,
)

PEOPLE = ["Email", "First name", "Last name", "Company"], ["ok@p.example", "Ok", "Lee", "Acme"]


@pytest.fixture
def book(tmp_path):
    """Writes a workbook: sheet -> rows. Returns its path."""

    def write(name, **sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / name)
        return tmp_path / name

    return write


def dropped(desktop, path, qtbot):
    page = drop_file(desktop, path)
    there = lambda: page.wizard.preview is not None and page.wizard.preview.path == str(path)  # noqa: E731
    qtbot.waitUntil(there, timeout=TIMEOUT_MS)
    return page


def test_the_sheet_that_is_shown_is_the_one_that_is_sent(connected, practice, book, qtbot):
    rows = [["Notes", "Of"], ["a", "b"], ["c", "d"]]
    path = book("p.xlsx", Notes=rows, People=PEOPLE)
    page = dropped(connected, path, qtbot)
    step = page.parts[FILE]
    assert step.sheets.currentData() == "People" == page.wizard.sheet
    assert [step.sheets.itemText(n) for n in range(2)] == ["Notes · 2 rows", "People"]
    assert "Another sheet: Notes · 2 rows" in step.notes.text()
    go_to_step(page, qtbot, MATCH)
    assert [line.header for line in page.wizard.matching.lines] == PEOPLE[0]
    page = open_review_step(connected, path, qtbot)
    send(page, qtbot)
    with closing(Journal(connected.context.home.jobs / f"{page.view.job}.lwjob")) as journal:
        assert journal.get("sheet") == "People"
    assert any(user.email == "ok@p.example" for user in practice.school.users)


def test_the_best_sheet_is_opened_even_where_the_first_would_do(connected, book, qtbot):
    path = book("p.xlsx", Emails=[["Email"], ["a@p.example"]], People=PEOPLE)
    page = dropped(connected, path, qtbot)
    assert page.wizard.sheet == "People"
    assert "Another sheet: Emails · 1 row" in page.parts[FILE].notes.text()


def test_the_sheet_that_fits_the_chosen_import_is_opened(connected, book, qtbot):
    tags = [["User", "Tags"], ["ok@p.example", "red"]]
    connected.window.show_page("import", operation="tag")
    page = dropped(connected, book("p.xlsx", People=PEOPLE, Tags=tags), qtbot)
    assert (page.wizard.sheet, page.wizard.operation) == ("Tags", "tag")


def test_another_sheet_gets_a_guess_of_its_own(connected, book, qtbot):
    tags = [["User", "Tags"], ["ok@p.example", "red"]]
    page = dropped(connected, book("p.xlsx", People=PEOPLE, Tags=tags), qtbot)
    assert (page.wizard.sheet, page.wizard.operation) == ("People", "roster")
    step = page.parts[FILE]
    step.sheets.setCurrentIndex(1)
    step.sheets.activated.emit(1)
    qtbot.waitUntil(lambda: page.wizard.preview.sheet == "Tags", timeout=TIMEOUT_MS)
    assert page.wizard.operation == "tag"


def test_the_guess_for_one_file_is_not_taken_for_the_next(connected, book, qtbot):
    page = dropped(connected, book("a.xlsx", A=[["User", "Tags"], ["ok@p.example", "x"]]), qtbot)
    assert page.wizard.operation == "tag"
    page = dropped(connected, book("b.xlsx", B=PEOPLE), qtbot)
    assert page.wizard.operation == "roster"


def test_what_was_chosen_on_home_is_kept_for_the_file(connected, book, qtbot):
    connected.window.show_page("import", operation="tag")
    page = dropped(connected, book("b.xlsx", B=PEOPLE), qtbot)
    assert page.wizard.operation == "tag"
    page.parts[FILE].picker.picked.emit("roster")
    assert page.wizard.operation == "roster"
    page = dropped(connected, book("c.xlsx", C=PEOPLE), qtbot)
    assert page.wizard.operation == "tag"


def test_another_file_lets_go_of_the_draft(connected, book, qtbot, monkeypatch):
    page = open_review_step(connected, book("a.xlsx", A=PEOPLE), qtbot)
    wait_for_review(page, qtbot)
    for _step in range(2):
        page.go_back()
    other = book("b.xlsx", B=PEOPLE)
    monkeypatch.setattr("lwdesk.ui.drop.choose_file", lambda *_about: other)
    click(qtbot, page, "Another file")
    qtbot.waitUntil(lambda: page.wizard.path == other, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: not list(connected.context.home.jobs.glob("*.lwjob")), timeout=TIMEOUT_MS)
