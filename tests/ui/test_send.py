"""Sending and what follows: titles tell the outcome, failed rows are fixed on the spot, a second click is harmless."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from lwdesk.app.job.row_status import STATUSES
from lwdesk.ui.sheet_view import _figures
from tests.ui.actions import TIMEOUT_MS, click, open_review_step, running_import, send, type_into


def cell(sheet, line, header):
    return sheet.model.cell(line, sheet.model.rows.titles.index(header)).text


def figure_words(sheet):
    return [found.text() for found in sheet.figures.buttons()]


def test_a_failed_row_is_fixed_in_the_results_and_sent_alone(connected, practice, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    view, sheet = page.view, page.view.sheet
    assert page.heading.text() == "1 of 4 rows imported. 3 need attention."
    assert page.heading.property("tone") == "look"
    qtbot.waitUntil(lambda: sheet.model is not None and sheet.model.rowCount() == 4, timeout=TIMEOUT_MS)
    assert figure_words(sheet) == ["All 4", "3 failed", "1 done"]
    line = next(n for n in range(4) if cell(sheet, n, "E-mail address") == "maria.k@intake")
    assert cell(sheet, line, "Status") == "Failed"
    type_into(sheet, qtbot, line, "E-mail address", "maria.k@intake.example")
    qtbot.waitUntil(lambda: view.now.figures.get("fixed") == 1, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: "1 fixed" in figure_words(sheet), timeout=TIMEOUT_MS)
    practice.api.counts.clear()
    click(qtbot, page, "Send 1 fixed row")
    qtbot.waitUntil(
        lambda: page.heading.text() == "2 of 4 rows imported. 2 need attention.", timeout=TIMEOUT_MS
    )
    assert practice.api.counts["POST users"] == 1


def test_a_fix_in_the_results_is_undone_and_redone_by_keys(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    view, sheet = page.view, page.view.sheet
    qtbot.waitUntil(lambda: sheet.model is not None and sheet.model.rowCount() == 4, timeout=TIMEOUT_MS)
    line = next(n for n in range(4) if cell(sheet, n, "E-mail address") == "maria.k@intake")
    type_into(sheet, qtbot, line, "E-mail address", "maria.k@intake.example")
    qtbot.waitUntil(lambda: view.now.figures.get("fixed") == 1, timeout=TIMEOUT_MS)
    connected.window.activateWindow()
    for key, fixed, email in (("Z", 0, "maria.k@intake"), ("Y", 1, "maria.k@intake.example")):
        sheet.table.setFocus()
        qtbot.keyClick(sheet.table, getattr(Qt.Key, f"Key_{key}"), Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda fixed=fixed: view.now.figures.get("fixed", 0) == fixed, timeout=TIMEOUT_MS)
        emails = lambda: [cell(sheet, n, "E-mail address") for n in range(4)]  # noqa: E731
        qtbot.waitUntil(lambda email=email, emails=emails: email in emails(), timeout=TIMEOUT_MS)


def test_a_row_that_was_sent_cannot_be_changed_and_the_window_says_why(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    sheet = page.view.sheet
    qtbot.waitUntil(lambda: sheet.model is not None and sheet.model.rowCount() == 4, timeout=TIMEOUT_MS)
    line = next(n for n in range(4) if cell(sheet, n, "Status") == "Created")
    type_into(sheet, qtbot, line, "Tags", "other")
    qtbot.waitUntil(page.view.banner.isVisible, timeout=TIMEOUT_MS)
    assert "Only rows that failed" in page.view.banner.title.text()
    assert cell(sheet, line, "Tags") != "other"


def buttons(page, words):
    return [found for found in page.findChildren(QPushButton) if found.text() == words and found.isVisible()]


def test_a_second_click_on_pause_cancels_nothing_and_cancel_asks_first(desktop, slow, tmp_path, qtbot):
    page = running_import(desktop, slow, tmp_path, qtbot, rows=60)
    view = page.view
    qtbot.waitUntil(lambda: bool(buttons(page, "Pause")), timeout=TIMEOUT_MS)
    [pause] = buttons(page, "Pause")
    spot = pause.mapTo(desktop.window, pause.rect().center())
    qtbot.mouseClick(pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.now.state == "interrupted", timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: bool(buttons(page, "Resume")), timeout=TIMEOUT_MS)
    under = desktop.window.childAt(spot)
    assert not (isinstance(under, QPushButton) and under.property("kind") in ("danger", "destroy"))
    click(qtbot, page, "Skip remaining rows")
    keep = view.banner.focusWidget()
    assert keep.text() == "Keep it"
    qtbot.keyClick(keep, Qt.Key.Key_Escape)
    assert view.banner.isHidden() and view.now.state == "interrupted"
    click(qtbot, page, "Skip remaining rows")
    click(qtbot, view.banner, "Cancel job")
    qtbot.waitUntil(lambda: view.now.state == "cancelled", timeout=TIMEOUT_MS)
    done = view.now.rows["done"]
    assert view.now.rows["skipped"] == 60 - done
    qtbot.waitUntil(lambda: page.heading.text().startswith("Canceled: "), timeout=TIMEOUT_MS)
    assert page.heading.text() == f"Canceled: {done} of 60 rows imported"


def test_the_outcome_is_announced_to_screen_readers(connected, roster, qtbot, monkeypatch):
    spoken = []
    monkeypatch.setattr("lwdesk.ui.pages.import_page.announce", lambda _widget, text: spoken.append(text))
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    qtbot.waitUntil(lambda: "1 of 4 rows imported. 3 need attention." in spoken, timeout=TIMEOUT_MS)
    assert "3 of 4 rows to fix" in spoken


def test_a_workbook_that_cannot_be_opened_is_said(connected, roster, qtbot, monkeypatch):
    monkeypatch.setattr("lwdesk.ui.job_actions.open_path", lambda _path: False)
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    click(qtbot, page, "Open the results")
    banner = page.view.banner
    qtbot.waitUntil(lambda: "Can't open it" in banner.title.text(), timeout=TIMEOUT_MS)
    assert "Autumn intake - results" in banner.words.text()


def test_a_job_that_starts_again_is_followed_wherever_that_was_asked_for(desktop, slow, tmp_path, qtbot):
    page = running_import(desktop, slow, tmp_path, qtbot, rows=24)
    view = page.view
    desktop.work.ask("runs.pause", view.job, done=lambda _none: None)
    qtbot.waitUntil(lambda: view.now.state == "interrupted", timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: not view._timer.isActive(), timeout=TIMEOUT_MS)
    desktop.work.ask("runs.start", view.job, done=lambda _none: None)
    qtbot.waitUntil(lambda: view.now.state == "finished", timeout=TIMEOUT_MS)


@pytest.mark.parametrize("before", [True, False])
def test_every_row_is_in_exactly_one_figure(before):
    shown = [which.split(",") for which, _tone, _words in _figures(before, dict.fromkeys(STATUSES, 1))[1:]]
    assert sorted(status for which in shown for status in which) == sorted(STATUSES)


def test_an_undo_that_can_undo_nothing_says_so(connected, tmp_path, qtbot):
    path = tmp_path / "people.csv"
    path.write_text("Email\nann@p.example\nbob@p.example\n")
    page = open_review_step(connected, path, qtbot)
    send(page, qtbot)
    click(qtbot, page, "Undo")
    qtbot.waitUntil(lambda: connected.window.page.id == "job", timeout=TIMEOUT_MS)
    page = connected.window.page
    qtbot.waitUntil(lambda: page.heading.text() == "Nothing of people.csv can be undone", timeout=TIMEOUT_MS)
    assert page.heading.property("tone") == "look" and "Select a row" in page.words.text()
    assert "doesn't let other apps delete users" in page.view.banner.words.text()
    assert not [b for b in page.view.buttons.findChildren(QPushButton) if b.isVisible()]
