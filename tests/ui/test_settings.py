"""Settings: kept at once, seen at once where that can be; help that can be given to others."""

import time

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDesktopServices, QPalette
from PySide6.QtWidgets import QLabel

from lwdesk.app import updates
from lwdesk.app.school import network
from lwdesk.app.settings import Settings
from lwdesk.base import text
from lwdesk.ui.pages.import_page import REVIEW, SEND
from lwdesk.ui.widgets import label
from tests.ui.actions import TIMEOUT_MS, click, go_to_step, open_review_step, wait_for_review


def pick(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_theme_and_the_size_change_at_once_and_stay(desktop, qapp):
    page = desktop.window.show_page("settings")
    usual = qapp.font().pointSizeF()
    pick(page.appearance.theme, "dark")
    pick(page.appearance.scale, "1.5")
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 60
    assert qapp.font().pointSizeF() > usual * 1.4
    kept = Settings(desktop.context.home).section("window")
    assert kept["theme"] == "dark" and kept["scale"] == 1.5
    sizes = [page.appearance.scale.itemText(n) for n in range(page.appearance.scale.count())]
    assert sizes == ["100%", "125%", "150%", "175%", "200%"]
    pick(page.appearance.scale, "2.0")
    assert qapp.font().pointSizeF() > usual * 1.9
    pick(page.appearance.theme, "system")
    pick(page.appearance.scale, "1.0")
    assert "theme" not in Settings(desktop.context.home).section("window")


def test_a_path_of_windows_takes_a_second_line_where_it_is_too_long(qapp):
    path = r"C:\Users\eleni.papadopoulou\AppData\Local\lwdesk\jobs"
    found = label(path, wrap=True)
    assert found.heightForWidth(200) > 1.5 * found.heightForWidth(2000) and found.text() == path


def test_the_pace_counts_from_the_next_start_on_and_the_page_says_so(desktop):
    page = desktop.window.show_page("settings")
    pick(page.network.pace, "10")
    assert "Restart lwdesk" in page.banner.accessibleName()
    assert network.pace(Settings(desktop.context.home)) == 10


@pytest.fixture
def greek(desktop, qtbot):
    """Chooses Greek in the settings, and waits for it; English again in the end."""

    def choose():
        pick(desktop.window.show_page("settings").appearance.language, "el")
        qtbot.waitUntil(lambda: "Ρυθμίσεις" in words_of(desktop.window.page), timeout=TIMEOUT_MS)

    yield choose
    text.set_language("en")


def words_of(page):
    return " ".join(found.text() for found in page.findChildren(QLabel))


def test_another_language_is_spoken_at_once_and_everyone_stands_where_they_stood(
    connected, practice, roster, greek, qtbot
):
    page = open_review_step(connected, roster, qtbot)
    click(qtbot, page.parts[REVIEW], "Leave it empty")
    qtbot.waitUntil(lambda: page.wizard.findings.undo, timeout=TIMEOUT_MS)
    form = connected.window.show_page("export", entry="users").form
    form.which.fields["role"].set_text("instructor")
    greek()
    assert connected.window.header.school.accessibleName() == "Σχολείο: Riverside"
    assert connected.window.show_page("export").form.which.where == {"role": "instructor"}
    page = connected.window.show_page("import")
    qtbot.waitUntil(lambda: page.at == REVIEW and not page.parts[REVIEW].busy, timeout=TIMEOUT_MS)
    assert "δεν" in next(g.message for g in page.wizard.findings.groups if g.code == "email")
    wait_for_review(page, qtbot)
    assert page.parts[REVIEW].undo.isEnabled() and page.wizard.findings.undo
    assert QLocale().language() == QLocale.Language.Greek


def test_a_job_that_runs_is_still_in_sight_in_another_language(connected, practice, roster, greek, qtbot):
    page = open_review_step(connected, roster, qtbot)
    practice.switches.latency = 0.5
    go_to_step(page, qtbot, SEND)
    job = page.view.job
    greek()
    practice.switches.latency = 0.0
    page = connected.window.show_page("import")
    qtbot.waitUntil(lambda: page.ended and page.view.job == job, timeout=TIMEOUT_MS)
    assert page.view.now.rows["done"] == 1


def test_a_wrong_proxy_is_said(desktop):
    page = desktop.window.show_page("settings")
    page.network.proxy.setText("http://me:secret@proxy:8080")
    page.network.proxy.editingFinished.emit()
    assert "password out of the proxy address" in page.network.proxy_box.wrong.text()
    assert page.banner.isHidden()
    page.network.proxy.setText("proxy.example.org:8080")
    page.network.proxy.editingFinished.emit()
    assert network.proxy(Settings(desktop.context.home)) == "http://proxy.example.org:8080"


def test_diagnostics_and_licences(desktop, qtbot, tmp_path):
    page = desktop.window.show_page("settings")
    page.trouble.write(str(tmp_path / "diagnostics.txt"))
    qtbot.waitUntil(page.trouble.banner.isVisible, timeout=TIMEOUT_MS)
    assert (tmp_path / "diagnostics.txt").read_text("utf-8").startswith("lwdesk ")
    click(qtbot, page.about, "licenses")
    qtbot.waitUntil(lambda: page.about.table.rowCount() > 20, timeout=TIMEOUT_MS)
    [qt] = page.about.table.findItems("PySide6_Essentials", Qt.MatchFlag.MatchExactly)
    page.about.table.setCurrentItem(qt)
    qtbot.waitUntil(page.about.text.isVisible, timeout=TIMEOUT_MS)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page.about.text.toPlainText()


def test_a_newer_version_is_shown_and_only_its_page_opened(desktop, qtbot, tmp_path, monkeypatch):
    page = desktop.window.show_page("settings")
    assert not desktop.window.newer.isVisible() and not page.updates.banner.isVisible()
    update_found = {"asked": time.time(), "version": "99.1", "notes": "- Exports are faster"}
    for key, value in update_found.items():  # as the last look of today found it
        desktop.context.settings.change("updates", key, value)
    desktop.context.watch_for_updates()
    qtbot.waitUntil(lambda: desktop.window.newer.isVisible(), timeout=TIMEOUT_MS)
    assert desktop.window.newer.text() == "Version 99.1 is available"
    assert "99.1" in page.updates.banner.accessibleName()
    assert page.updates.banner.words.text() == "- Exports are faster"
    desktop.window.show_page("home")
    desktop.window.newer.click()
    qtbot.waitUntil(lambda: not page.updates.visibleRegion().isEmpty(), timeout=TIMEOUT_MS)
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    click(qtbot, page.updates, "download page")
    assert opened == [updates.DOWNLOADS]


def test_the_look_for_newer_versions_can_be_turned_off(desktop):
    page = desktop.window.show_page("settings")
    assert page.updates.wanted.isChecked()
    page.updates.wanted.click()
    assert not updates.wanted(Settings(desktop.context.home))
