"""Drafts with edits are kept when their page is left, and planned jobs can be changed on their own page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from lwdesk.app.job.status import job_status
from lwdesk.practice.server import Practice
from lwdesk.ui.pages.import_page import FILE, REVIEW
from tests.ui.actions import (
    TIMEOUT_MS,
    click,
    connect_school,
    drop_file,
    open_review_step,
    type_into,
    wait_for_review,
)


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Email,Company\nok@p.example,A\nbad at p,B\n")
    return path


@pytest.fixture
def others(tmp_path):
    path = tmp_path / "others.csv"
    path.write_text("Email\nz@p.example\n")
    return path


def line_of(sheet, words):
    return next(n for n in range(sheet.model.rowCount()) if words in sheet.model.cell(n, 2).text)


def shown(view):
    return [b for b in view.buttons.findChildren(QPushButton) if b.isVisible()]


def open_job(desktop, job, qtbot):
    view = desktop.window.show_page("job", job=job).view
    ready = lambda: view.sheet.model is not None and view.sheet.model.rowCount() == 2  # noqa: E731
    qtbot.waitUntil(ready, timeout=TIMEOUT_MS)
    return view


def test_a_planned_job_is_planned_again_after_an_edit_on_its_page(connected, practice, people, qtbot):
    page = open_review_step(connected, people, qtbot)
    job = page.wizard.findings.job
    view = open_job(connected, job, qtbot)
    qtbot.waitUntil(lambda: [b.text() for b in shown(view)] == ["Create 1 user"], timeout=TIMEOUT_MS)
    type_into(view.sheet, qtbot, line_of(view.sheet, "bad"), "Email", "good@p.example")
    qtbot.waitUntil(lambda: [b.text() for b in shown(view)] == ["Create 2 users"], timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: shown(view)[0].isEnabled(), timeout=TIMEOUT_MS)
    assert connected.window.page.heading.text() == "people.csv is ready to send"
    connected.context.draft = ""  # as after the next start
    jobs = connected.window.show_page("jobs")
    qtbot.waitUntil(lambda: job in jobs.lines, timeout=TIMEOUT_MS)
    qtbot.mouseClick(jobs.lines[job].offers[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(shown(view)) == 1 and shown(view)[0].isEnabled(), timeout=TIMEOUT_MS)
    qtbot.mouseClick(shown(view)[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.now is not None and view.now.state == "finished", timeout=TIMEOUT_MS)
    assert {"ok@p.example", "good@p.example"} <= {user.email for user in practice.school.users}


def test_a_draft_with_edits_is_kept_when_another_file_is_opened(connected, people, others, qtbot):
    page = open_review_step(connected, people, qtbot)
    job = page.wizard.findings.job
    view = page.parts[REVIEW].view
    type_into(view, qtbot, line_of(view, "bad"), "Email", "good@p.example")
    wait_for_review(page, qtbot)
    drop_file(connected, others)
    qtbot.waitUntil(
        lambda: page.wizard.path == others and page.wizard.preview is not None, timeout=TIMEOUT_MS
    )
    assert "Your changes to people.csv are kept on the Jobs page." in page.parts[FILE].notes.text()
    jobs = connected.window.show_page("jobs")
    qtbot.waitUntil(lambda: job in jobs.lines, timeout=TIMEOUT_MS)
    assert [offer.text() for offer in jobs.lines[job].offers] == ["Continue", "Delete…"]
    view = open_job(connected, job, qtbot)
    assert view.sheet.model.cell(line_of(view.sheet, "good"), 2).text == "good@p.example"


def test_a_draft_without_edits_is_not_kept(connected, people, others, qtbot):
    page = open_review_step(connected, people, qtbot)
    job = connected.context.home.jobs / f"{page.wizard.findings.job}.lwjob"
    drop_file(connected, others)
    qtbot.waitUntil(lambda: not job.exists(), timeout=TIMEOUT_MS)


def test_edits_made_while_the_plan_is_made_are_there_after_closing(desktop, people, qtbot):
    with Practice(users=20, limit=False, latency=0.3) as lazy:
        connect_school(desktop, lazy, qtbot)
        page = open_review_step(desktop, people, qtbot)
        view, job = page.parts[REVIEW].view, page.wizard.findings.job
        type_into(view, qtbot, line_of(view, "bad"), "Email", "good@p.example")
        qtbot.waitUntil(lambda: page.wizard.findings.undo, timeout=TIMEOUT_MS)
        page.start_over()
        path = desktop.context.home.jobs / f"{job}.lwjob"
        jobs = desktop.window.show_page("jobs")
        qtbot.waitUntil(lambda: job in jobs.lines, timeout=TIMEOUT_MS)
        view = open_job(desktop, job, qtbot)
        qtbot.waitUntil(lambda: job_status(path).state == "planned", timeout=TIMEOUT_MS)
        qtbot.waitUntil(lambda: [b.text() for b in shown(view)] == ["Create 2 users"], timeout=TIMEOUT_MS)


def test_the_draft_in_review_is_continued_there(connected, people, qtbot):
    page = open_review_step(connected, people, qtbot)
    job = page.wizard.findings.job
    page.go_back()
    jobs = connected.window.show_page("jobs")
    qtbot.waitUntil(lambda: job in jobs.lines, timeout=TIMEOUT_MS)
    assert [offer.text() for offer in jobs.lines[job].offers] == ["Continue"]
    click(qtbot, jobs.lines[job], "Continue")
    assert connected.window.page is page and page.at == REVIEW


def test_deleting_a_planned_job_asks_for_that_job(connected, people, tmp_path, qtbot):
    jobs = []
    for name in "abc":
        path = tmp_path / f"{name}.csv"
        path.write_text(f"Email\nok@{name}.example\n")
        page = open_review_step(connected, path, qtbot)
        jobs.append(page.wizard.findings.job)
        page.wizard.findings = None  # as after the next start
        page.start_over()
        connected.context.draft = ""
    page = connected.window.show_page("jobs")
    qtbot.waitUntil(lambda: len(page.lines) == 3, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: page.lines[jobs[2]].isVisible(), timeout=TIMEOUT_MS)
    delete = page.lines[jobs[2]].offers[-1]
    spot = delete.mapTo(connected.window, delete.rect().center())
    qtbot.mouseClick(delete, Qt.MouseButton.LeftButton)
    under = connected.window.childAt(spot)
    if isinstance(under, QPushButton):
        qtbot.mouseClick(under, Qt.MouseButton.LeftButton)
    qtbot.wait(500)
    assert len(page.lines) == 3 and page.banner.isVisible()
    click(qtbot, page.lines[jobs[0]], "Delete")
    assert "“a.csv”" in page.banner.title.text()
    click(qtbot, page.banner, "Delete job")
    qtbot.waitUntil(lambda: list(page.lines) == [jobs[2], jobs[1]], timeout=TIMEOUT_MS)
