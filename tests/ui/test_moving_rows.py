"""Rows of the grid change their lines while people work in it: what is typed or selected stays with its row."""

import openpyxl
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from lwdesk.practice.server import Practice
from lwdesk.ui.pages.import_page import REVIEW, SEND
from tests.ui.actions import (
    TIMEOUT_MS,
    connect_school,
    go_to_step,
    open_match_step,
    open_review_step,
    wait_for_review,
)

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def unhurried():
    """A practice school whose answers take long enough to type a word."""
    with Practice(users=20, limit=False, latency=0.5) as school:
        yield school


@pytest.fixture
def sheet(tmp_path):
    """Makes a workbook of these rows."""

    def make(*rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path := tmp_path / "people.xlsx")
        return path

    return make


def index_of(view, line, header):
    return view.model.index(line, view.model.rows.titles.index(header))


def line_of(view, text, header="Email"):
    lines = range(view.model.rowCount())
    return next(line for line in lines if index_of(view, line, header).data() == text)


def column(view, header="Company", key="Email"):
    """A column of the grid, by the email of each row."""
    lines = range(view.model.rowCount())
    return {index_of(view, line, key).data(): index_of(view, line, header).data() for line in lines}


def edit(view, qtbot, index, text):
    """Open the editor of a cell and type; it stays open."""
    view.table.setCurrentIndex(index)
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_F2)
    field = view.table.findChild(QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, text)
    return field


def select(view, top, bottom, header):
    block = QItemSelection(index_of(view, top, header), index_of(view, bottom, header))
    view.table.setCurrentIndex(block.indexes()[0])
    view.table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.table.setFocus()


def selected(view, key="Email"):
    """The rows of the selected cells."""
    return {index_of(view, index.row(), key).data() for index in view.table.selectedIndexes()}


def checked(desktop, path, qtbot, rows):
    """The import page when its rows are checked; they are still being planned."""
    page = open_match_step(desktop, path, qtbot)
    qtbot.waitUntil(lambda: page.next.isEnabled(), timeout=TIMEOUT_MS)
    desktop.window.activateWindow()
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(
        lambda: view.model is not None and view.model.rowCount() == rows and not page.parts[REVIEW].busy,
        timeout=TIMEOUT_MS,
    )
    return page, view


def test_what_is_typed_while_the_plan_moves_rows_goes_to_its_row(desktop, unhurried, sheet, qtbot):
    connect_school(desktop, unhurried, qtbot)
    contradicting = ["dup@p.example", "One"], ["dup@p.example", "Two"]
    people = ["ana@p.example", "Acme"], ["bob@p.example", "Beta"], *contradicting
    page, view = checked(desktop, sheet(["Email", "Company"], *people), qtbot, 4)
    assert page.wizard.review is None
    field = edit(view, qtbot, index_of(view, 0, "Company"), "ACME LTD")
    qtbot.waitUntil(lambda: page.wizard.review is not None, timeout=TIMEOUT_MS)
    qtbot.wait(500)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: view.model.cell(0, 0).text.startswith("Fix"), timeout=TIMEOUT_MS)
    assert line_of(view, "ana@p.example") > 0
    assert column(view)["ana@p.example"] == "ACME LTD"
    assert column(view)["dup@p.example"] in ("One", "Two")


def test_what_is_typed_stays_when_the_filter_loses_its_row(desktop, unhurried, sheet, qtbot):
    connect_school(desktop, unhurried, qtbot)
    people = ["ana@p.example", "Acme"], ["bob@p.example", "Beta"]
    page, view = checked(desktop, sheet(["Email", "Company"], *people), qtbot, 2)
    chip = next(found for found in view.figures.buttons() if "ready" in found.text())
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    field = edit(view, qtbot, index_of(view, 1, "Company"), "BETA LTD")
    qtbot.waitUntil(lambda: page.wizard.review is not None, timeout=TIMEOUT_MS)
    qtbot.wait(500)
    assert field.isVisible()
    assert field.text() == "BETA LTD"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: column(view).get("bob@p.example") == "BETA LTD", timeout=TIMEOUT_MS)


def test_an_editor_that_changes_nothing_writes_nothing(connected, sheet, qtbot):
    path = sheet(["Email", "Company"], ["ana@p.example", "one\ntwo"])
    page = open_review_step(connected, path, qtbot)
    view = page.parts[REVIEW].view
    field = edit(view, qtbot, index_of(view, 0, "Company"), "")
    field.undo()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    assert not page.wizard.findings.undo
    assert column(view) == {"ana@p.example": "one\ntwo"}


@pytest.fixture
def reviewed(connected, sheet, qtbot):
    """The review of two rows with errors, which are on top, and two without."""
    people = (
        [[f"{name} at p", "A"] for name in ("ana", "bob")],
        [[f"{n}@p.example", "B"] for n in ("cyd", "dan")],
    )
    page = open_review_step(connected, sheet(["Email", "Company"], *people[0], *people[1]), qtbot)
    connected.window.activateWindow()
    return page


def test_selected_cells_stay_selected_when_their_rows_move(reviewed, qtbot):
    view = reviewed.parts[REVIEW].view
    select(view, 0, 1, "Company")
    assert selected(view) == {"ana at p", "bob at p"}
    view.edited.emit(
        {2: {0: "bob@p.example"}, 4: {0: "broken"}}
    )  # as a card does: other rows are on top then
    wait_for_review(reviewed, qtbot)
    qtbot.waitUntil(lambda: line_of(view, "broken") == 1, timeout=TIMEOUT_MS)
    assert selected(view) == {"ana at p", "bob@p.example"}
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    wait_for_review(reviewed, qtbot)
    wanted = {"ana at p": "", "bob@p.example": "", "cyd@p.example": "B", "broken": "B"}
    qtbot.waitUntil(lambda: column(view) == wanted, timeout=TIMEOUT_MS)


def test_the_row_in_the_pane_is_the_selected_one_before_the_user_selects_any(reviewed, qtbot):
    view = reviewed.parts[REVIEW].view
    assert (view.pane.shown.title, selected(view)) == ("ana at p", {"ana at p"})
    view.edited.emit({1: {0: "ana@p.example"}})
    wait_for_review(reviewed, qtbot)
    qtbot.waitUntil(lambda: view.pane.shown.title == "bob at p", timeout=TIMEOUT_MS)
    assert selected(view) == {"bob at p"}


@pytest.mark.parametrize("where", ["table", "frozen"])
def test_a_row_that_was_clicked_stays_selected_though_it_was_the_first(reviewed, qtbot, where):
    view = reviewed.parts[REVIEW].view
    clicked = getattr(view, where)
    place = clicked.visualRect(view.model.index(0, 0)).center()
    qtbot.mouseClick(clicked.viewport(), Qt.MouseButton.LeftButton, pos=place)
    view.edited.emit({1: {0: "ana@p.example"}})
    wait_for_review(reviewed, qtbot)
    qtbot.waitUntil(lambda: line_of(view, "ana@p.example") > 0, timeout=TIMEOUT_MS)
    assert (view.pane.shown.title, selected(view)) == ("ana@p.example", {"ana@p.example"})


def test_selected_cells_are_found_again_when_a_filter_hides_some(reviewed, qtbot):
    view = reviewed.parts[REVIEW].view
    select(view, 1, 2, "Company")
    assert selected(view) == {"bob at p", "cyd@p.example"}
    view.search.setText("example")
    qtbot.waitUntil(lambda: view.model.rowCount() == 2, timeout=TIMEOUT_MS)
    assert selected(view) == {"cyd@p.example"}
    view.search.clear()
    qtbot.waitUntil(lambda: view.model.rowCount() == 4, timeout=TIMEOUT_MS)
    assert selected(view) == {"cyd@p.example"}
    view.table.sortByColumn(view.model.rows.titles.index("Email"), Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: line_of(view, "dan@p.example") == 0, timeout=TIMEOUT_MS)
    assert selected(view) == {"cyd@p.example"}
    assert view.table.currentIndex().row() == line_of(view, "bob at p")


def test_rows_that_come_and_go_keep_the_lines_of_all_views(reviewed, qtbot):
    view = reviewed.parts[REVIEW].view
    for text, rows in (("ana", 1), ("", 4), ("nobody", 0), ("", 4), ("example", 2)):
        view.search.setText(text)
        qtbot.waitUntil(lambda rows=rows: view.model.rowCount() == rows, timeout=TIMEOUT_MS)
        for table in (view.table, view.frozen):
            assert table.verticalHeader().count() == rows
            assert table.rowAt(table.rowHeight(0) * rows + 1) == -1


def test_an_editor_in_the_results_stays_open_while_rows_come_to_the_top(desktop, unhurried, sheet, qtbot):
    connect_school(desktop, unhurried, qtbot)
    people = [[f"u{n}@p.example", "A"] for n in range(12)]
    page = open_review_step(desktop, sheet(["Email", "Company"], *people, ["bad at p", "Bad"]), qtbot)
    desktop.window.activateWindow()
    go_to_step(page, qtbot, SEND)
    view = page.view.sheet
    qtbot.waitUntil(lambda: view.model is not None and view.model.rowCount() == 13, timeout=TIMEOUT_MS)
    line = line_of(view, "bad at p")
    field = edit(view, qtbot, index_of(view, line, "Company"), "Good")
    ids = view.model.ids_at(0, 12)
    qtbot.waitUntil(lambda: page.ended, timeout=TIMEOUT_MS)
    qtbot.wait(300)
    assert field.isVisible()
    assert (field.text(), view.model.ids_at(0, 12)) == ("Good", ids)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: column(view).get("bad at p") == "Good", timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: view.model.ids_at(0, 12) != ids, timeout=TIMEOUT_MS)
    assert QApplication.focusWidget() is view.table


def test_ctrl_return_takes_what_is_typed_and_sends_it_only_when_it_is_checked(
    connected, practice, sheet, qtbot
):
    path = sheet(["Email", "Company"], ["ana@p.example", "Acme"], ["bob@p.example", "Beta"])
    page = open_review_step(connected, path, qtbot)
    connected.window.activateWindow()
    view = page.parts[REVIEW].view
    field = edit(view, qtbot, index_of(view, line_of(view, "ana@p.example"), "Company"), "ACME LTD")
    qtbot.keyClick(field, Qt.Key.Key_Return, CTRL)
    assert page.at == REVIEW
    wait_for_review(page, qtbot)
    assert column(view)["ana@p.example"] == "ACME LTD"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.ended, timeout=TIMEOUT_MS)
    companies = {user.email: user.fields.get("company") for user in practice.school.users}
    assert companies["ana@p.example"] == "ACME LTD"


def test_f5_takes_what_is_typed_before_the_rows_are_checked_again(connected, sheet, qtbot):
    page = open_review_step(connected, sheet(["Email", "Company"], ["ana@p.example", "Acme"]), qtbot)
    connected.window.activateWindow()
    view, job = page.parts[REVIEW].view, page.wizard.findings.job
    field = edit(view, qtbot, index_of(view, 0, "Company"), "ACME LTD")
    qtbot.keyClick(field, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: page.wizard.findings.job != job, timeout=TIMEOUT_MS)
    wait_for_review(page, qtbot)
    assert column(view)["ana@p.example"] == "ACME LTD"


def test_what_is_typed_never_reaches_the_rows_of_another_file(connected, sheet, tmp_path, qtbot):
    page = open_review_step(connected, sheet(["Email", "Company"], ["ana@p.example", "Acme"]), qtbot)
    connected.window.activateWindow()
    view = page.parts[REVIEW].view
    edit(view, qtbot, index_of(view, 0, "Company"), "ACME LTD")
    other = tmp_path / "other.csv"
    other.write_text("Email,Company\nzoe@q.example,Zeta\n")
    page = open_review_step(connected, other, qtbot)
    qtbot.wait(300)
    assert column(page.parts[REVIEW].view) == {"zoe@q.example": "Zeta"}
    assert not page.wizard.findings.undo
