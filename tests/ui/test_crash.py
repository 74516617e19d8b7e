"""The helper dies in the middle of a job; the next start says so, and goes on where it stopped."""

import openpyxl
import pytest

from lwdesk.base.paths import Home
from lwdesk.practice.server import Practice
from lwdesk.ui.app import Desktop
from lwdesk.ui.pages.import_page import SEND
from tests.ui.actions import TIMEOUT_MS, click, connect_school, go_to_step, open_review_step
from tests.ui.conftest import close

ROWS = 40


@pytest.fixture
def slow():
    """A practice school that takes its time, so that a run has a middle."""
    with Practice(users=20, limit=False, latency=0.25) as school:
        yield school


@pytest.fixture
def people(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Email", "Username"])
    for number in range(ROWS):
        sheet.append([f"user{number}@intake.example", f"Person {number}"])
    path = tmp_path / "people.xlsx"
    book.save(path)
    return path


def test_a_job_goes_on_after_a_crash(qapp, home, slow, people, qtbot, monkeypatch):
    monkeypatch.setenv(
        "LWDESK_CLIENT_SECRET", slow.client_secret
    )  # there is no keychain to keep it over the crash
    first = Desktop(qapp, Home(home))
    first.window.show()
    connect_school(first, slow, qtbot)
    page = open_review_step(first, people, qtbot)
    go_to_step(page, qtbot, SEND)
    qtbot.waitUntil(
        lambda: page.view.now is not None and page.view.now.calls.get("done", 0) > 2, timeout=TIMEOUT_MS
    )
    first.work.process.kill()
    qtbot.waitUntil(lambda: page.view.now.state == "interrupted", timeout=TIMEOUT_MS)
    sent = page.view.now.calls["done"]
    close(first)
    assert 2 < sent < ROWS

    again = Desktop(qapp, Home(home))
    again.window.show()
    home_page = again.window.page
    qtbot.waitUntil(lambda: home_page.banner.isVisible(), timeout=TIMEOUT_MS)
    assert "people.xlsx was interrupted" in home_page.banner.accessibleName()
    click(qtbot, home_page, "Open the job")
    view = again.window.page.view
    qtbot.waitUntil(lambda: view.now is not None, timeout=TIMEOUT_MS)
    click(qtbot, again.window.page, "Resume")
    qtbot.waitUntil(lambda: view.now.state == "finished", timeout=TIMEOUT_MS)
    assert view.now.rows == {"done": ROWS}
    emails = [user.email for user in slow.school.users if "intake" in user.email]
    assert len(emails) == len(set(emails)) == ROWS
    close(again)
