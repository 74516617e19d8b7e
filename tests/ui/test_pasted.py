"""Cells copied from a spreadsheet are a roster without a file: Ctrl+V on the home page and on the import page."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from lwdesk.ui.pages.import_page import MATCH, REVIEW
from tests.ui.actions import TIMEOUT_MS, click, go_to_step, send, wait_for_review

CTRL = Qt.KeyboardModifier.ControlModifier
CELLS = 'E-mail address\tFull name\tMobile\nana@intake.example\tAna "Anita" Ruiz\t0151847156\n'


@pytest.fixture
def documents(connected, tmp_path):
    """The folder that exports, and pasted cells, go to."""
    connected.context.settings.change("window", "exports", str(tmp_path))
    return tmp_path


def paste(desktop, qtbot, text):
    QApplication.clipboard().setText(text)
    desktop.window.activateWindow()
    qtbot.keyClick(QApplication.focusWidget() or desktop.window, Qt.Key.Key_V, CTRL)
    return desktop.window.page


def paste_roster(desktop, qtbot, text):
    """Paste cells; they are opened on the import page."""
    paste(desktop, qtbot, text)
    qtbot.waitUntil(lambda: desktop.window.page.id == "import", timeout=TIMEOUT_MS)
    return desktop.window.page


def test_pasted_cells_are_imported_as_they_are(connected, practice, documents, qtbot):
    assert connected.window.page.id == "home"
    page = paste_roster(connected, qtbot, CELLS)
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    go_to_step(page, qtbot, MATCH)
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    send(page, qtbot)
    user = next(user for user in practice.school.users if user.email == "ana@intake.example")
    assert (user.username, user.fields["phone"]) == ('Ana "Anita" Ruiz', "0151847156")
    assert Path(page.wizard.path).parent == documents


def test_a_clipboard_without_a_table_is_said_and_nothing_else_happens(connected, documents, qtbot):
    connected.window.show_page("import")
    page = paste(connected, qtbot, "just a word")
    qtbot.waitUntil(page.banner.isVisible, timeout=TIMEOUT_MS)
    assert "no table" in page.banner.title.text() and page.wizard.path is None
    assert not list(documents.glob("*.csv"))


def test_text_pasted_into_a_field_stays_there(connected, documents, qtbot):
    page = connected.window.show_page("schools")
    page.form.name.setFocus()
    paste(connected, qtbot, "My school")
    assert page.form.name.text() == "My school" and connected.window.page is page


def test_pasted_cells_without_headers_get_some(connected, practice, documents, qtbot):
    page = paste_roster(connected, qtbot, "ana@p.example\tAna\nbob@p.example\tBob\n")
    qtbot.waitUntil(lambda: "no column headers" in page.banner.title.text(), timeout=TIMEOUT_MS)
    assert not page.next.isEnabled()
    click(qtbot, page.banner, "The first row is data")
    qtbot.waitUntil(
        lambda: page.wizard.preview is not None and page.wizard.preview.count == 2, timeout=TIMEOUT_MS
    )
    assert [text for _letter, text in page.wizard.preview.headers] == ["Email", "Column B"]
    assert page.banner.isHidden() and page.wizard.operation == "roster"
    go_to_step(page, qtbot, MATCH)
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    send(page, qtbot)
    assert {"ana@p.example", "bob@p.example"} <= {user.email for user in practice.school.users}


def test_a_first_row_that_fits_nothing_can_be_taken_as_data(connected, documents, qtbot):
    page = paste_roster(connected, qtbot, "Ana\tAthens\nBob\tBerlin\nCyd\tCairo")
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    page.parts[0].picker.picked.emit("roster")
    click(qtbot, page.parts[0], "The first row is data")
    qtbot.waitUntil(
        lambda: page.wizard.preview is not None and page.wizard.preview.count == 3, timeout=TIMEOUT_MS
    )
    assert [text for _letter, text in page.wizard.preview.headers] == ["Column A", "Column B"]


def test_a_very_long_cell_is_refused_in_words(connected, documents, qtbot):
    page = paste_roster(connected, qtbot, "Email\tBio\nana@p.example\t" + "x" * 140_000)
    qtbot.waitUntil(
        lambda: page.banner.isVisible() and "read" in page.banner.title.text(), timeout=TIMEOUT_MS
    )
    assert "131,072 characters" in page.banner.words.text()


def test_pasting_twice_opens_the_cells_once(connected, documents, qtbot):
    paste(connected, qtbot, CELLS)
    page = paste_roster(connected, qtbot, CELLS)
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    assert len(list(documents.glob("*.csv"))) == 1
