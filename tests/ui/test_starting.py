"""The moments around Send: what was asked to start can't be left, changed or sent again."""

from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW, SEND
from tests.ui.actions import (
    TIMEOUT_MS,
    connect_school,
    drop_file,
    open_review_step,
    wait_for_review,
)


@pytest.fixture
def lazy():
    """A practice school whose answers take their time, so that starting does too."""
    with Practice(users=20, limit=False, latency=0.3) as school:
        yield school


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Email,Company\n" + "\n".join(f"u{n}@p.example,Firm {n}" for n in range(6)))
    return path


def started(desktop, lazy, people, qtbot):
    """The import page at the moment after Send was pressed."""
    connect_school(desktop, lazy, qtbot)
    desktop.window.activateWindow()
    page = open_review_step(desktop, people, qtbot)
    qtbot.waitUntil(lambda: page.next.isEnabled(), timeout=TIMEOUT_MS)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    return page


def sent(lazy):
    return {u.email: u.fields.get("company") for u in lazy.school.users if u.email.endswith("p.example")}


def test_back_does_not_leave_what_is_asked_to_start(desktop, lazy, people, qtbot):
    page = started(desktop, lazy, people, qtbot)
    assert not page.back.isEnabled() and not page.steps.isEnabled() and not page.parts[REVIEW].isEnabled()
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.steps._buttons[MATCH], Qt.MouseButton.LeftButton)
    page.go_back()
    assert page.at == REVIEW
    qtbot.waitUntil(lambda: page.at == SEND and page.ended, timeout=TIMEOUT_MS)
    assert len(sent(lazy)) == 6


def test_delete_right_after_sending_changes_nothing(desktop, lazy, people, qtbot):
    connect_school(desktop, lazy, qtbot)
    desktop.window.activateWindow()
    page = open_review_step(desktop, people, qtbot)
    table = page.parts[REVIEW].view.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 3))
    qtbot.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.at == SEND and page.ended, timeout=TIMEOUT_MS)
    assert sent(lazy) == {f"u{n}@p.example": f"Firm {n}" for n in range(6)}
    with closing(Journal(desktop.context.home.jobs / f"{page.view.job}.lwjob")) as journal:
        assert not journal.get("edits")


def test_a_file_dropped_right_after_sending_waits_and_the_job_stays(desktop, lazy, people, tmp_path, qtbot):
    page = started(desktop, lazy, people, qtbot)
    job = page.wizard.findings.job
    other = tmp_path / "others.csv"
    other.write_text("Email\nz@p.example\n")
    drop_file(desktop, other)
    qtbot.waitUntil(lambda: page.at == FILE and page.wizard.path == other, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: len(sent(lazy)) == 6, timeout=TIMEOUT_MS)
    assert (desktop.context.home.jobs / f"{job}.lwjob").exists()


def test_closing_right_after_sending_asks(desktop, lazy, people, qtbot):
    page = started(desktop, lazy, people, qtbot)
    assert not desktop.window.close()
    question = desktop.window.leaving.question
    assert question.text() == "1 job is still running"
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.at == SEND and page.ended, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: not desktop.context.moving(), timeout=TIMEOUT_MS)


def test_a_start_that_fails_leaves_the_review_as_it_was(desktop, lazy, people, qtbot, monkeypatch):
    connect_school(desktop, lazy, qtbot)
    page = open_review_step(desktop, people, qtbot)
    job = desktop.context.home.jobs / f"{page.wizard.findings.job}.lwjob"
    kept = job.read_bytes()
    with closing(Journal(job)) as journal:
        journal.put(root="https://another.example")
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    step = page.parts[REVIEW]
    qtbot.waitUntil(lambda: "another school" in page.banner.title.text(), timeout=TIMEOUT_MS)
    assert page.at == REVIEW and step.isEnabled() and page.back.isEnabled() and kept
    assert not desktop.context.moving()


def test_an_answer_for_a_step_that_was_left_changes_no_step(desktop, lazy, people, qtbot):
    connect_school(desktop, lazy, qtbot)
    page = open_review_step(desktop, people, qtbot)
    page.go_back()
    qtbot.waitUntil(lambda: page.at == MATCH and page.next.isEnabled(), timeout=TIMEOUT_MS)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)  # the values for all rows are looked at
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.steps._buttons[REVIEW], Qt.MouseButton.LeftButton)
    qtbot.wait(1000)
    wait_for_review(page, qtbot)
    assert page.at == REVIEW
    assert not [b for b in page.view.buttons.findChildren(QPushButton) if b.isVisible()]


def test_the_page_of_a_job_that_is_started_offers_no_second_start(desktop, lazy, people, qtbot):
    page = started(desktop, lazy, people, qtbot)
    qtbot.waitUntil(lambda: page.at == SEND and page.view.now is not None, timeout=TIMEOUT_MS)
    words = [b.text() for b in page.view.buttons.findChildren(QPushButton) if b.isVisible()]
    assert "Create 6 users" not in words
    qtbot.waitUntil(lambda: page.ended, timeout=TIMEOUT_MS)
