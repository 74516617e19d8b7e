"""Saved exports in the window: saved from the form, run with one click, opened, renamed, deleted in place."""

import sys
import time
from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from lwdesk.app.exporting.saved import SavedExport, SavedExports
from lwdesk.base.paths import Home
from tests.ui.actions import TIMEOUT_MS, click


def saved(home):
    return SavedExports(Home(home)).all()


def lines(page, qtbot, *names):
    """The lines of the saved exports, when they have these names."""
    shown = page.choose.saved
    qtbot.waitUntil(lambda: list(shown.lines) == list(names), timeout=TIMEOUT_MS)
    return shown.lines


@pytest.fixture
def all_users(home, tmp_path):
    """A saved export of the school that is connected, as its file has it."""
    store = SavedExports(Home(home))
    where = {"registered_after": "this year", "role": "instructor"}
    target = str(tmp_path / "Users {date}.xlsx")
    store.save(SavedExport("Instructors", "users", "Riverside", target, where, ("email", "username")))
    return store


def test_an_export_is_saved_from_its_form_and_run_from_home(connected, qtbot, home, tmp_path):
    page = connected.window.show_page("export", entry="payments")
    form, card = page.form, page.form.saving
    form.which.fields["until"].period_picked.emit("last year")
    assert form.which.where == {"from": "last year", "until": "last year"}
    qtbot.waitUntil(lambda: "“last year” currently means " in form.before.words.text(), timeout=TIMEOUT_MS)
    form.target.path_field.setText(str(tmp_path / f"Payments {date.today()}.xlsx"))
    click(qtbot, page, "Save…")
    assert (
        card.file.text() == str(tmp_path / "Payments {year}-{month}.xlsx")
        and card.mode.currentData() == "new"
    )
    click(qtbot, card, "Save")
    qtbot.waitUntil(card.boxes["name"].wrong.isVisible, timeout=TIMEOUT_MS)
    card.name.setText("Yearly payments")
    qtbot.keyClick(card.name, Qt.Key.Key_Return)
    qtbot.waitUntil(card.isHidden, timeout=TIMEOUT_MS)
    assert "Saved as “Yearly payments”" in page.banner.title.text()
    (kept,) = saved(home)
    assert kept.where == {"from": "last year", "until": "last year"} and kept.school == "Riverside"
    start = connected.window.show_page("home")
    qtbot.waitUntil(lambda: len(start.saved.cards()) == 1, timeout=TIMEOUT_MS)
    qtbot.mouseClick(start.saved.cards()[0], Qt.MouseButton.LeftButton)
    target = tmp_path / f"Payments {date.today().year - 1}-12.xlsx"
    qtbot.waitUntil(target.exists, timeout=TIMEOUT_MS)
    assert connected.window.page.id == "job"


def test_a_saved_export_is_opened_changed_renamed_run_and_deleted(
    connected, qtbot, home, all_users, tmp_path
):
    page = connected.window.show_page("export")
    line = lines(page, qtbot, "Instructors")["Instructors"]
    click(qtbot, line, "Open")
    form = page.form
    assert form.which.where == {"registered_after": "this year", "role": "instructor"}
    assert form.order.columns == ["email", "username"]
    assert form.target.path == str(tmp_path / f"Users {date.today()}.xlsx")
    form.which.fields["registered_after"].set_text("")
    click(qtbot, page, "Save…")
    assert form.saving.name.text() == "Instructors"
    click(qtbot, form.saving, "Save")
    qtbot.waitUntil(form.saving.isHidden, timeout=TIMEOUT_MS)
    assert [dict(one.where) for one in saved(home)] == [{"role": "instructor"}]
    click(qtbot, page, "All exports")
    line = lines(page, qtbot, "Instructors")["Instructors"]
    click(qtbot, line, "Rename")
    line.name.setText("All instructors")
    click(qtbot, line.editor, "Save")
    line = lines(page, qtbot, "All instructors")["All instructors"]
    click(qtbot, line, "Run")
    target = tmp_path / f"Users {date.today()}.xlsx"
    qtbot.waitUntil(target.exists, timeout=TIMEOUT_MS)
    book = openpyxl.load_workbook(target)
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["Email", "Username"]
    book.close()
    page = connected.window.show_page("export")
    shown = page.choose.saved.lines
    qtbot.waitUntil(lambda: shown is not page.choose.saved.lines, timeout=TIMEOUT_MS)
    line = lines(page, qtbot, "All instructors")["All instructors"]
    click(qtbot, line, "Delete…")
    assert connected.window.focusWidget().text() == "Cancel"
    qtbot.keyClick(connected.window.focusWidget(), Qt.Key.Key_Return)
    assert line.banner.isHidden() and len(saved(home)) == 1
    click(qtbot, line, "Delete…")
    qtbot.keyClick(connected.window.focusWidget(), Qt.Key.Key_Tab)
    click(qtbot, line.banner, "Delete")
    lines(page, qtbot)
    assert saved(home) == [] and target.exists()


def test_what_cannot_run_says_so_and_a_taken_name_is_refused(connected, qtbot, all_users, tmp_path):
    target = str(tmp_path / "x.xlsx")
    all_users.save(SavedExport("Old", "users", "Riverside", target, columns=("shoe_size",)))
    page = connected.window.show_page("export")
    found = lines(page, qtbot, "Instructors", "Old")
    assert "no column “shoe_size”" in found["Old"].offer.wrong
    click(qtbot, found["Old"], "Rename")
    found["Old"].name.setText("instructors")
    click(qtbot, found["Old"].editor, "Save")
    qtbot.waitUntil(found["Old"].box.wrong.isVisible, timeout=TIMEOUT_MS)
    assert "already" in found["Old"].box.wrong.text()
    home = connected.window.show_page("home")
    qtbot.waitUntil(lambda: len(home.saved.cards()) == 2, timeout=TIMEOUT_MS)
    old = next(card for card in home.saved.cards() if card.accessibleName() == "Old")
    assert old.accessibleDescription() == "△ Needs attention"
    qtbot.mouseClick(old, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(home.banner.isVisible, timeout=TIMEOUT_MS)
    assert "can't run with its saved settings" in home.banner.title.text()


@pytest.fixture
def crontab(tmp_path, monkeypatch):
    """The crontab that the helper process of a window finds, which begins after this."""
    table, tools = tmp_path / "table", tmp_path / "tools"
    tools.mkdir()
    script = f'[ "$1" = -l ] && {{ cat "{table}" 2>/dev/null; exit 0; }}; cat > "{table}"'
    for name, text in (("systemctl", "exit 1"), ("crontab", script)):
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    return table


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have schedulers of their own")
def test_a_saved_export_gets_a_schedule_and_loses_it(crontab, desktop, qtbot, home, tmp_path):
    SavedExports(Home(home)).save(SavedExport("Users", "users", "practice", str(tmp_path / "u.csv")))
    page = desktop.window.show_page("export")
    line = lines(page, qtbot, "Users")["Users"]
    click(qtbot, line, "Schedule")
    times = line.times
    assert times.remove.isHidden() and times.day.isVisible() and not times.weekday.isVisible()
    times.every.setCurrentIndex(times.every.findData("week"))
    times.every.activated.emit(1)
    times.weekday.setCurrentIndex(4)
    times.time.setCurrentIndex(times.time.findData("06:30"))
    click(qtbot, times, "Save schedule")
    shown = page.choose.saved.lines
    qtbot.waitUntil(lambda: page.choose.saved.lines is not shown, timeout=TIMEOUT_MS)
    line = page.choose.saved.lines["Users"]
    assert [text.split(" /")[0] for text in crontab.read_text().splitlines()] == ["30 6 * * 5", "@reboot"]
    assert any("Runs every Friday at 06:30, next: " in found.text() for found in line.findChildren(QLabel))
    click(qtbot, line, "Schedule")
    click(qtbot, line.times, "Remove schedule")
    qtbot.waitUntil(lambda: crontab.read_text() == "", timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: saved(home)[0].schedule is None, timeout=TIMEOUT_MS)


@pytest.mark.parametrize(
    ("partial", "title"),
    [(False, "“Users” didn't run as scheduled"), (True, "“Users” ran, but some rows or files are missing")],
)
def test_a_scheduled_run_that_failed_is_said_at_home_until_it_is_seen(
    desktop, qtbot, home, tmp_path, partial, title
):
    store = SavedExports(Home(home))
    store.save(SavedExport("Users", "users", "practice", str(tmp_path / "u.csv")))
    store.note("Users", time=time.time(), error="The keychain is locked.", partial=partial, scheduled=True)
    page = desktop.window.show_page("home")
    qtbot.waitUntil(page.banner.isVisible, timeout=TIMEOUT_MS)
    assert title in page.banner.title.text()
    assert page.banner.words.text() == "The keychain is locked."
    click(qtbot, page.banner, "OK")
    qtbot.waitUntil(page.banner.isHidden, timeout=TIMEOUT_MS)
    assert store.find("Users").last.seen
