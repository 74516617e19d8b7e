"""A stop where a file looks like another school's, and a name to type where something is taken away."""

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW
from tests.ui.actions import TIMEOUT_MS, drop_file, go_to_step, send, wait_for_review


@pytest.fixture
def sheet(tmp_path):
    """Writes a sheet. Returns its path."""

    def write(*rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        path = tmp_path / "people.xlsx"
        book.save(path)
        return path

    return write


def to_review(desktop, path, operation, qtbot):
    """Drop a file and go on as far as the review of an operation."""
    page = drop_file(desktop, path)
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    page.parts[FILE].picker.picked.emit(operation)
    go_to_step(page, qtbot, MATCH)
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    return page


def test_what_takes_away_starts_only_after_the_name_was_typed(connected, practice, sheet, qtbot):
    person = next(user for user in practice.school.users if user.email)
    course = connected_course(connected, qtbot)
    page = to_review(connected, sheet(["User", "Product"], [person.email, course]), "enroll", qtbot)
    if page.wizard.review.plan.calls:
        send(page, qtbot)
    page = to_review(connected, sheet(["User", "Product"], [person.email, course]), "unenroll", qtbot)
    consent = page.parts[REVIEW].takes
    assert consent.isVisible() and page.next.property("kind") == "destroy"
    assert not page.next.isEnabled()
    consent.edit.setText("Elsewhere")
    assert not page.next.isEnabled()
    consent.edit.setText("riverside")
    send(page, qtbot)
    assert page.view.now.rows == {"done": 1}


def connected_course(desktop, qtbot) -> str:
    """The title of a course of the school."""
    found: list[tuple[str, str]] = []
    desktop.work.ask("schools.titles", "Riverside", "course", done=found.extend)
    qtbot.waitUntil(lambda: bool(found), timeout=TIMEOUT_MS)
    return found[0][1]


def test_a_file_of_strangers_needs_a_yes(connected, practice, sheet, qtbot):
    person = next(user for user in practice.school.users if user.email)
    rows = [[f"nobody{number}@elsewhere.example", "autumn"] for number in range(5)]
    page = to_review(connected, sheet(["User", "Tags"], [person.email, "new-tag"], *rows), "tag", qtbot)
    consent = page.parts[REVIEW].strange
    assert consent.isVisible() and "doesn't have" in consent.words.text()
    assert not page.next.isEnabled()
    consent.box.setChecked(True)
    assert page.next.isEnabled()


def start_button(view):
    """The button that starts a planned job, as soon as it is shown."""
    return next((b for b in view.buttons.findChildren(QPushButton) if b.isVisible()), None)


def open_job(desktop, job, qtbot):
    view = desktop.window.show_page("job", job=job).view
    qtbot.waitUntil(lambda: view.now is not None and start_button(view) is not None, timeout=TIMEOUT_MS)
    return view


def test_a_planned_job_takes_nothing_away_before_the_name_was_typed(connected, practice, sheet, qtbot):
    user = practice.school.users[12]
    page = to_review(connected, sheet(["User"], [user.email]), "suspend", qtbot)
    view = open_job(connected, page.wizard.findings.job, qtbot)
    button = start_button(view)
    assert view.takes.isVisible() and button.property("kind") == "destroy"
    assert not button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(view.takes.edit, "Elsewhere")
    assert not button.isEnabled() and not user.suspended
    view.takes.edit.clear()
    qtbot.keyClicks(view.takes.edit, "riverside")
    qtbot.wait(600)  # the state is read again meanwhile
    assert view.takes.edit.text() == "riverside"
    qtbot.mouseClick(start_button(view), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.now.state == "finished", timeout=TIMEOUT_MS)
    assert user.suspended and not view.takes.isVisible()


def test_a_planned_job_of_strangers_needs_a_yes(connected, practice, sheet, qtbot):
    rows = [[f"nobody{number}@elsewhere.example", "autumn"] for number in range(5)]
    email = practice.school.users[12].email
    page = to_review(connected, sheet(["User", "Tags"], [email, "new-tag"], *rows), "tag", qtbot)
    view = open_job(connected, page.wizard.findings.job, qtbot)
    assert view.strange.isVisible() and "doesn't have" in view.strange.words.text()
    assert not start_button(view).isEnabled()
    view.strange.box.click()
    qtbot.wait(600)
    assert start_button(view).isEnabled()


def test_fixed_rows_that_take_away_start_only_after_the_name_was_typed_again(
    connected, practice, sheet, qtbot
):
    first, second = practice.school.users[12:14]
    page = to_review(connected, sheet(["User"], [first.email], ["somebody at x"]), "suspend", qtbot)
    page.parts[REVIEW].takes.edit.setText("riverside")
    send(page, qtbot)
    view = page.view
    assert view.now.rows == {"done": 1, "failed": 1}
    view.sheet.edited.emit({2: {0: second.email}})
    qtbot.waitUntil(lambda: view.now.figures.get("fixed") == 1, timeout=TIMEOUT_MS)
    shown = lambda: [b for b in view.buttons.findChildren(QPushButton) if b.text() == "Send 1 fixed row"]  # noqa: E731
    qtbot.waitUntil(lambda: bool(shown()), timeout=TIMEOUT_MS)
    shown()[0].click()
    qtbot.waitUntil(lambda: view.now.state == "planned" and not shown(), timeout=TIMEOUT_MS)
    view = open_job(connected, view.job, qtbot)
    assert view.takes.isVisible() and not start_button(view).isEnabled() and not second.suspended
    view.takes.edit.setText("riverside")
    start_button(view).click()
    qtbot.waitUntil(lambda: view.now.rows == {"done": 2}, timeout=TIMEOUT_MS)
    assert second.suspended
