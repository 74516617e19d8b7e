"""Settings: kept at once, seen at once where that can be; help that can be given to others."""

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QPalette

from lwdesk.app import updates
from lwdesk.app.school import network
from lwdesk.app.settings import Settings
from tests.ui.hands import SOON, press


def pick(box, value):
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_theme_and_the_size_change_at_once_and_stay(desktop, qapp):
    page = desktop.window.show_page("settings")
    usual = qapp.font().pointSizeF()
    pick(page.looks.theme, "dark")
    pick(page.looks.scale, "1.5")
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 60
    assert qapp.font().pointSizeF() > usual * 1.4
    kept = Settings(desktop.context.home).section("window")
    assert kept["theme"] == "dark" and kept["scale"] == 1.5
    pick(page.looks.theme, "system")
    pick(page.looks.scale, "1.0")
    assert "theme" not in Settings(desktop.context.home).section("window")


def test_language_and_pace_count_from_the_next_start_on_and_the_page_says_so(desktop):
    page = desktop.window.show_page("settings")
    pick(page.looks.language, "el")
    assert "next start" in page.banner.accessibleName()
    pick(page.network.pace, "10")
    kept = Settings(desktop.context.home)
    assert kept.section("window")["language"] == "el" and network.pace(kept) == 10


def test_a_wrong_proxy_is_said(desktop):
    page = desktop.window.show_page("settings")
    page.network.proxy.setText("http://me:secret@proxy:8080")
    page.network.proxy.editingFinished.emit()
    assert "password of a proxy" in page.banner.accessibleName()
    page.network.proxy.setText("proxy.example.org:8080")
    page.network.proxy.editingFinished.emit()
    assert network.proxy(Settings(desktop.context.home)) == "http://proxy.example.org:8080"


def test_diagnostics_and_licences(desktop, qtbot, tmp_path):
    page = desktop.window.show_page("settings")
    page.trouble.write(str(tmp_path / "diagnostics.txt"))
    qtbot.waitUntil(page.trouble.banner.isVisible, timeout=SOON)
    assert (tmp_path / "diagnostics.txt").read_text("utf-8").startswith("lwdesk ")
    press(qtbot, page.about, "licences")
    qtbot.waitUntil(lambda: page.about.table.rowCount() > 20, timeout=SOON)
    [qt] = page.about.table.findItems("PySide6_Essentials", Qt.MatchFlag.MatchExactly)
    page.about.table.setCurrentItem(qt)
    qtbot.waitUntil(page.about.text.isVisible, timeout=SOON)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in page.about.text.toPlainText()


def test_a_newer_version_is_shown_and_only_its_page_opened(desktop, qtbot, tmp_path, monkeypatch):
    page = desktop.window.show_page("settings")
    assert not desktop.window.newer.isVisible() and not page.updates.banner.isVisible()
    news = {"asked": time.time(), "version": "99.1", "notes": "- Exports are faster"}
    for key, value in news.items():  # as the last look of today found it
        desktop.context.settings.change("updates", key, value)
    desktop.context.watch_for_news()
    qtbot.waitUntil(lambda: desktop.window.newer.isVisible(), timeout=SOON)
    assert desktop.window.newer.text() == "Version 99.1 is out"
    assert "99.1 is out" in page.updates.banner.accessibleName()
    assert page.updates.banner.words.text() == "- Exports are faster"
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    press(qtbot, page.updates, "download page")
    assert opened == [updates.DOWNLOADS]


def test_the_look_for_newer_versions_can_be_turned_off(desktop):
    page = desktop.window.show_page("settings")
    assert page.updates.wanted.isChecked()
    page.updates.wanted.click()
    assert not updates.wanted(Settings(desktop.context.home))
