"""The help in the window: F1, search, links, what an error offers, and the tour, by mouse and keys."""

import re

import openpyxl
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QPushButton

from lwdesk.app.settings import Settings
from lwdesk.base import text
from lwdesk.help import topics
from lwdesk.ui.pages import PAGES
from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW, SEND
from tests.ui.actions import TIMEOUT_MS, click, drop_file, go_to_step, open_match_step, open_review_step

NOWHERE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def active(desktop, qtbot):
    """A window that keys go to."""
    desktop.window.activateWindow()
    qtbot.waitUntil(desktop.window.isActiveWindow, timeout=TIMEOUT_MS)
    return desktop


@pytest.fixture
def practising(active, qtbot):
    active.context.start_practice()
    qtbot.waitUntil(lambda: active.context.school is not None, timeout=TIMEOUT_MS)
    return active


def press(desktop, qtbot, key, modifier=NOWHERE):
    qtbot.keyClick(QApplication.focusWidget() or desktop.window, key, modifier)


def shown(desktop, qtbot, place):
    """Wait until the help shows a place, its heading in sight. Returns the page."""
    qtbot.waitUntil(lambda: desktop.window.page.id == "help", timeout=TIMEOUT_MS)
    page = desktop.window.page
    topic, _hash, _anchor = place.partition("#")
    title = topics.read(topic).title
    qtbot.waitUntil(lambda: page.place == place and page.text.accessibleName() == title, timeout=TIMEOUT_MS)
    qtbot.wait(20)
    return page


def first_line(page):
    """The block of text at the top of what is seen."""
    return page.text.cursorForPosition(QPoint(20, 24)).block().text()


# F1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "topic"),
    [
        *(("home", "first-import"), ("import", "first-import#file"), ("export", "exports"), ("job", "jobs")),
        *(("jobs", "jobs"), ("schools", "connect"), ("settings", "data")),
    ],
)
def test_f1_opens_the_topic_of_the_page(active, qtbot, page, topic):
    active.window.show_page(page)
    press(active, qtbot, Qt.Key.Key_F1)
    found = shown(active, qtbot, topic)
    press(active, qtbot, Qt.Key.Key_F1)
    assert active.window.page is found and found.place == topic


def test_f1_opens_the_heading_of_the_step(connected, roster, qtbot):
    page = open_match_step(connected, roster, qtbot)
    connected.context.go("help", place=page.help())
    found = shown(connected, qtbot, "first-import#match")
    assert first_line(found).startswith("2. ")
    assert [page.help() for page.at in (REVIEW, SEND)] == ["first-import#review", "first-import#send"]


def test_every_page_has_a_topic(desktop):
    for kind in PAGES:
        topic, _hash, anchor = desktop.window.show_page(kind.id).help().partition("#")
        assert not anchor or anchor in topics.read(topic).anchors


# Topics, search, links --------------------------------------------------------------------------------------------


def test_a_topic_is_opened_from_the_list_by_mouse_and_by_keys(active, qtbot):
    active.window.show_page("help")
    page = shown(active, qtbot, "first-import")
    item = page._topics["emails"]
    qtbot.mouseClick(
        page.tree.viewport(), Qt.MouseButton.LeftButton, pos=page.tree.visualItemRect(item).center()
    )
    shown(active, qtbot, "emails")
    page.tree.setFocus()
    press(active, qtbot, Qt.Key.Key_Down)
    press(active, qtbot, Qt.Key.Key_Return)
    shown(active, qtbot, "undo")
    press(active, qtbot, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    shown(active, qtbot, "emails")


def test_search_by_keys_shows_sentences_and_opens_the_first(active, qtbot):
    active.window.show_page("help")
    page = shown(active, qtbot, "first-import")
    press(active, qtbot, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    qtbot.keyClicks(page.search, "keychain unlock")
    qtbot.waitUntil(lambda: "Troubleshooting" in titles(page), timeout=TIMEOUT_MS)
    assert "is locked" in page.tree.topLevelItem(0).child(0).text(0)
    press(active, qtbot, Qt.Key.Key_Return)
    shown(active, qtbot, "troubleshooting#secret")
    assert "is locked" in page.text.textCursor().selectedText() and page.text.hasFocus()
    page.search.setFocus()
    press(active, qtbot, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: titles(page)[0] == "Guide", timeout=TIMEOUT_MS)


def test_a_search_without_results_says_so(active, qtbot):
    page = active.window.show_page("help")
    page.search.setText("flamingo")
    qtbot.waitUntil(lambda: titles(page) == ["No topics match."], timeout=TIMEOUT_MS)
    press(active, qtbot, Qt.Key.Key_Return)
    assert page.place == "first-import"


def titles(page):
    return [page.tree.topLevelItem(n).text(0) for n in range(page.tree.topLevelItemCount())]


def test_links_are_followed_by_keys_to_topics_and_pages(active, qtbot):
    active.context.go("help", place="connect")
    page = shown(active, qtbot, "connect")
    assert page.text.hasFocus()
    press(active, qtbot, Qt.Key.Key_Tab)
    press(active, qtbot, Qt.Key.Key_Return)
    assert active.window.page.id == "schools"
    active.context.go("help", place="undo")
    page = shown(active, qtbot, "undo")
    page.text.anchorClicked.emit("imports/roster")
    page = shown(active, qtbot, "imports/roster")
    assert "Email" in page.text.toPlainText()
    click(qtbot, page, "Back")
    shown(active, qtbot, "undo")


def test_the_pictures_are_drawn_in_the_colours_of_the_theme(desktop, qtbot):
    desktop.context.go("help", place="first-import")
    page = shown(desktop, qtbot, "first-import")
    assert page.text.toPlainText().count("\ufffc") == 4
    light = page.text.grab().toImage()
    desktop.theme.choose("dark")
    qtbot.wait(20)
    assert page.text.grab().toImage() != light
    desktop.theme.choose("system")


def test_the_topic_stays_in_another_language(desktop, qtbot):
    desktop.context.go("help", place="imports/roster")
    shown(desktop, qtbot, "imports/roster")
    desktop.context.settings.change("window", "language", "el")
    desktop.rebuild()
    page = shown(desktop, qtbot, "imports/roster")
    assert page.text.accessibleName() == "Εισαγωγή καταλόγου ατόμων"
    text.set_language("en")


def test_nothing_of_the_help_stops_the_window(desktop, qtbot):
    """Topics and the index are made on a thread: what is left for the window is to show them."""
    page = desktop.window.show_page("help", place="imports/roster")
    page.search.setText("email")
    page._search()
    assert page.text.accessibleName() == "" and titles(page)[0] == "Guide"
    shown(desktop, qtbot, "imports/roster")


def test_the_keys_of_the_help_are_those_of_the_window(desktop, qtbot):
    told = set(re.findall(r"`((?:Ctrl|Alt|Shift)\+[^`]+|F\d+)`", topics.read("keyboard").text))
    for page in PAGES:
        desktop.window.show_page(page.id)
    known = {
        found.key().toString(QKeySequence.SequenceFormat.PortableText)
        for found in desktop.window.findChildren(QShortcut)
    }
    pages = {key for key in known if re.fullmatch(r"Ctrl\+\d", key)}
    assert max(pages) in told and not {key for key in told if re.fullmatch(r"Ctrl\+\d", key)} - pages
    of_widgets = {"Ctrl+Shift+Z", "F2", "Ctrl+C", "Ctrl+V", "Ctrl+D", "Alt+Down", "Alt+Up", "Shift+Tab"}
    assert told - of_widgets <= known
    redo = QKeySequence(QKeySequence.StandardKey.Redo).toString()  # shown as this system has it
    assert known - pages - {"Ctrl+Return", "Esc", redo} <= told


# Errors -----------------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_offers_its_help(desktop, tmp_path, qtbot):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"%PDF-1.7 not a sheet")
    page = drop_file(desktop, path)
    click(qtbot, page, "What can I do?")
    found = shown(desktop, qtbot, "troubleshooting#file")
    assert first_line(found) == "My file can't be opened"
    click(qtbot, found, "Back")
    assert desktop.window.page is page and page.banner.isVisible()


def test_wrong_credentials_offer_their_help(desktop, practice, qtbot):
    form = desktop.window.show_page("schools").form
    form.address.setText(practice.url)
    form.client.setText(practice.client_id)
    form.secret.setText("wrong")
    qtbot.mouseClick(form.connect_, Qt.MouseButton.LeftButton)
    click(qtbot, form, "What can I do?")
    shown(desktop, qtbot, "troubleshooting#denied")


def test_a_missing_column_offers_its_help(connected, tmp_path, qtbot):
    book = openpyxl.Workbook()
    book.active.append(["First name", "Tags"])
    book.active.append(["Ana", "autumn"])
    book.save(tmp_path / "tags.xlsx")
    connected.context.go("import", operation="roster")
    page = open_match_step(connected, tmp_path / "tags.xlsx", qtbot)
    click(qtbot, page.parts[MATCH], "What can I do?")
    shown(connected, qtbot, "troubleshooting#columns")


def test_a_row_with_an_error_offers_its_help(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    click(qtbot, page.parts[REVIEW], "What can I do?")
    qtbot.waitUntil(lambda: connected.window.page.id == "help", timeout=TIMEOUT_MS)
    assert connected.window.page.place in ("troubleshooting#cells", "troubleshooting#titles")


# The tour ---------------------------------------------------------------------------------------------------------


def bubble_at(page, qtbot, step):
    qtbot.waitUntil(lambda: page.at == step and page.tour.bubble.isVisible(), timeout=TIMEOUT_MS)
    return page.tour.bubble


def test_the_tour_goes_along_with_the_first_practice_import(practising, roster, qtbot):
    page, said = drop_file(practising, roster), []
    for step in (FILE, MATCH, REVIEW, SEND):
        bubble = bubble_at(page, qtbot, step)
        assert bubble.accessibleName() and bubble.count.text() == f"{step + 1} of 4"
        said.append(bubble.accessibleName())
        assert not bubble.isAncestorOf(QApplication.focusWidget() or page)
        if step == SEND:
            break
        next_button = QRect(page.next.mapTo(page, QPoint()), page.next.size())
        assert page.rect().contains(bubble.geometry()) and not bubble.geometry().intersects(next_button)
        if step == MATCH:  # what is not answered waits for nobody
            click(qtbot, bubble, "Got it")
            assert not bubble.isVisible()
        go_to_step(page, qtbot, step + 1)
    click(qtbot, page.tour.bubble, "Got it")
    assert len(set(said)) == 4
    assert Settings(practising.context.home).section("window")["tour"] is True


def test_the_tour_ends_with_esc_and_does_not_come_back(practising, roster, qtbot):
    page = drop_file(practising, roster)
    bubble = bubble_at(page, qtbot, FILE)
    press(practising, qtbot, Qt.Key.Key_Escape)
    assert not bubble.isVisible()
    go_to_step(page, qtbot, MATCH)
    page.start_over()
    drop_file(practising, roster)
    qtbot.waitUntil(lambda: page.next.isEnabled(), timeout=TIMEOUT_MS)
    qtbot.wait(300)
    assert not bubble.isVisible()


def test_a_real_school_has_no_tour(connected, roster, qtbot):
    page = open_match_step(connected, roster, qtbot)
    qtbot.wait(300)
    assert not page.tour.bubble.isVisible()


def test_the_tour_starts_again_from_the_help(connected, roster, qtbot):
    connected.context.settings.change("window", "tour", True)
    connected.context.go("help", place="first-import")
    page = shown(connected, qtbot, "first-import")
    page.text.anchorClicked.emit("tour:start")
    page = connected.window.page
    assert page.id == "import" and "tour starts" in page.banner.accessibleName()
    drop_file(connected, roster)
    bubble = bubble_at(page, qtbot, FILE)
    [skip] = [found for found in bubble.findChildren(QPushButton) if found.text() == "Skip the tour"]
    qtbot.mouseClick(skip, Qt.MouseButton.LeftButton)
    assert not bubble.isVisible()
    go_to_step(page, qtbot, MATCH)
    qtbot.wait(300)
    assert not bubble.isVisible()
