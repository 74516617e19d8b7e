"""The filter and the search of the rows belong to one sheet, and end with what they are about."""

import openpyxl
import pytest
from PySide6.QtCore import Qt

from lwdesk.ui.pages.import_page import REVIEW
from tests.ui.actions import TIMEOUT_MS, click, open_review_step, send, type_into, wait_for_review


@pytest.fixture
def book(tmp_path):
    """Makes a workbook of a name with these rows."""

    def make(name, *rows):
        found = openpyxl.Workbook()
        for row in rows:
            found.active.append(row)
        found.save(path := tmp_path / f"{name}.xlsx")
        return path

    return make


def chosen(view):
    return [found.text() for found in view.figures.buttons() if found.isChecked()]


def narrow(view, qtbot, words):
    """Choose a figure and search for something."""
    chip = next(found for found in view.figures.buttons() if words in found.text())
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(view.search, "bad")
    qtbot.waitUntil(lambda: view.model.rowCount() == 1, timeout=TIMEOUT_MS)


def test_the_next_file_is_shown_whole(connected, book, qtbot):
    page = open_review_step(connected, book("a", ["Email"], ["bad at p"], ["ok@p.example"]), qtbot)
    narrow(page.parts[REVIEW].view, qtbot, "to fix")
    page = open_review_step(connected, book("b", ["Email"], ["bad at q"], ["ok@q.example"]), qtbot)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(lambda: view.model.rowCount() == 2, timeout=TIMEOUT_MS)
    assert (chosen(view), view.search.text(), view.model.filter.which) == (["All 2"], "", "")


def test_the_next_job_is_shown_whole(connected, book, qtbot):
    jobs = []
    for name in "ab":
        path = book(name, ["Email"], [f"bad at {name}"], [f"ok@{name}.example"])
        page = open_review_step(connected, path, qtbot)
        send(page, qtbot)
        jobs.append(page.view.job)
        page.start_over()
    view = connected.window.show_page("job", job=jobs[0]).view.sheet
    qtbot.waitUntil(lambda: view.model is not None and view.model.rowCount() == 2, timeout=TIMEOUT_MS)
    narrow(view, qtbot, "failed")
    connected.window.show_page("job", job=jobs[1])
    qtbot.waitUntil(
        lambda: view.model is not None and view.model.rows.titles and view.model.rowCount() == 2,
        timeout=TIMEOUT_MS,
    )
    assert (chosen(view), view.search.text()) == (["All 2"], "")


def test_the_rows_of_a_problem_are_shown_until_it_is_solved(connected, book, qtbot):
    page = open_review_step(connected, book("a", ["Email"], ["bad at p"], ["ok@p.example"]), qtbot)
    view = page.parts[REVIEW].view
    click(qtbot, view.side, "Show these rows")
    qtbot.waitUntil(lambda: view.model.rowCount() == 1, timeout=TIMEOUT_MS)
    assert chosen(view) == []
    type_into(view, qtbot, 0, "Email", "good@p.example")
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: view.model.rowCount() == 2, timeout=TIMEOUT_MS)
    assert chosen(view) == ["All 2"]


def test_the_titles_of_one_file_are_not_offered_in_the_next(connected, book, qtbot):
    page = open_review_step(connected, book("a", ["Email", "Courses"], ["ok@p.example", "AI"]), qtbot)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(lambda: 1 in view.titles, timeout=TIMEOUT_MS)
    connected.context.choose(None)
    qtbot.waitUntil(lambda: not page.parts[page.at].busy, timeout=TIMEOUT_MS)
    qtbot.wait(300)
    page = open_review_step(
        connected, book("b", ["Email", "Company", "Courses"], ["ok@p.example", "x", "AI"]), qtbot
    )
    assert page.parts[REVIEW].view.titles == {}
