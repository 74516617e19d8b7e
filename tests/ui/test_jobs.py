"""Jobs: found again, in their order, gone on with, forgotten."""

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt

from lwdesk.base.paths import Home
from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from tests.ui.actions import TIMEOUT_MS, click, connect_school


@pytest.fixture
def slow(desktop, qtbot):
    """A window connected to a school that takes its time, so that jobs run and wait."""
    with Practice(users=40, limit=False, latency=0.8) as school:
        connect_school(desktop, school, qtbot)
        yield desktop


def export(desktop, qtbot, tmp_path, *entries):
    """Start exports one after the other. Returns their ids."""
    ids: list[str] = []
    for number, entry in enumerate(entries, 1):
        about = ("Riverside", entry, {}, str(tmp_path / f"{entry}.xlsx"), [])
        desktop.work.ask("exports.start", *about, done=ids.append)
        qtbot.waitUntil(lambda number=number: len(ids) == number, timeout=TIMEOUT_MS)
    return ids


def offers(page, job):
    return [offer.text() for offer in page.lines[job].offers]


def test_no_jobs_says_what_to_do_next(desktop, qtbot):
    page = desktop.window.show_page("jobs")
    assert page.empty.isVisible() and not page.list.isVisible()
    click(qtbot, page, "Export a list")
    assert desktop.window.page.id == "export"


def test_the_queue_is_seen_and_reordered_and_a_stopped_job_goes_on(slow, qtbot, tmp_path):
    running, second, third = export(slow, qtbot, tmp_path, "enrollments", "courses", "bundles")
    page = slow.window.show_page("jobs")
    qtbot.waitUntil(lambda: list(page.lines) == [running, second, third], timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: " left" in page.lines[running].words.text(), timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: offers(page, second) == ["Later", "Open"], timeout=TIMEOUT_MS)
    assert offers(page, running) == ["Open"]
    qtbot.waitUntil(lambda: page.lines[second].isVisible(), timeout=TIMEOUT_MS)
    click(qtbot, page.lines[second], "Later")
    qtbot.waitUntil(lambda: list(page.lines) == [running, third, second], timeout=TIMEOUT_MS)
    slow.work.ask("runs.pause", running, done=lambda _none: None)
    qtbot.waitUntil(lambda: page.lines and "Resume" in offers(page, running), timeout=TIMEOUT_MS)
    assert "Stopped" in page.lines[running].words.text()
    qtbot.waitUntil(lambda: page.lines[running].isVisible(), timeout=TIMEOUT_MS)
    click(qtbot, page.lines[running], "Resume")
    qtbot.waitUntil(lambda: slow.window.page.id == "job", timeout=TIMEOUT_MS)


def test_a_job_is_found_opened_and_forgotten(connected, qtbot, tmp_path):
    users, courses = export(connected, qtbot, tmp_path, "users", "courses")
    page = connected.window.show_page("jobs")
    qtbot.waitUntil(lambda: {job["state"] for job in page.jobs} == {"finished"}, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: list(page.lines) == [courses, users], timeout=TIMEOUT_MS)  # newest first
    page.search.setText("export USERS riverside")
    assert list(page.lines) == [users]
    click(qtbot, page.chips, "With failed rows")
    assert not page.lines and page.nothing.isVisible()
    click(qtbot, page.chips, "Finished")
    qtbot.waitUntil(lambda: page.lines[users].isVisible(), timeout=TIMEOUT_MS)
    click(qtbot, page.lines[users], "Delete")
    keep = page.banner.focusWidget()
    assert keep is not None and keep.text() == "Keep it", "the harmless answer has the focus"
    qtbot.keyClick(keep, Qt.Key.Key_Escape)
    assert page.banner.isHidden() and len(page.jobs) == 2
    click(qtbot, page.lines[users], "Delete")
    click(qtbot, page.banner, "Delete job")
    qtbot.waitUntil(lambda: [job["job"] for job in page.jobs] == [courses], timeout=TIMEOUT_MS)
    assert (tmp_path / "users.xlsx").exists()
    page.search.clear()
    qtbot.waitUntil(lambda: courses in page.lines and page.lines[courses].isVisible(), timeout=TIMEOUT_MS)
    click(qtbot, page.lines[courses], "Open")
    assert connected.window.page.id == "job"


def test_files_that_cannot_be_opened_are_listed_with_the_reason(desktop, home, qtbot):
    for name, number in (("from-tomorrow", 99), ("from-trials", 0)):
        journal = Journal(Home(home).jobs / f"{name}.lwjob", create=True)
        journal.put(kind="import", what="tag", state="planned")
        journal.close()
        with closing(sqlite3.connect(journal.path)) as db:
            db.execute(f"PRAGMA user_version = {number}")
    with closing(Journal(Home(home).jobs / "odd.lwjob", create=True)) as journal:
        journal.ask("INSERT INTO meta VALUES ('kind', 'no JSON')")
    (Home(home).jobs / "torn.lwjob").write_bytes(b"torn" * 2000)
    page = desktop.window.show_page("jobs")
    qtbot.waitUntil(lambda: len(page.lines) == 4, timeout=TIMEOUT_MS)
    message = {name: line.words.text() for name, line in page.lines.items()}
    assert (
        "newer version of lwdesk" in message["from-tomorrow"] and "Update lwdesk" in message["from-tomorrow"]
    )
    assert "Start again" in message["from-trials"]
    assert "damaged" in message["odd"] and "damaged" in message["torn"]
    assert all("Open" not in offers(page, job) for job in message)
