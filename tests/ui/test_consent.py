"""A stop where a file looks like another school's, and a name to type where something is taken away."""

import openpyxl
import pytest

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
