"""The grid takes the keys of a spreadsheet: paste, delete, fill down, find; each is one step of undo."""

import pytest
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from lwdesk.ui.fill_handle import FillHandle
from lwdesk.ui.frozen_columns import keep_layout, restore_layout
from lwdesk.ui.pages.import_page import REVIEW
from lwdesk.ui.title_edit import TitleEdit
from tests.ui.actions import TIMEOUT_MS, click, open_review_step, text_of, wait_for_review

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(connected, roster, qtbot):
    """The review of a roster of four rows, three of them with errors on top, the grid in focus."""
    found = open_review_step(connected, roster, qtbot)
    connected.window.activateWindow()
    found.parts[REVIEW].view.table.setFocus()
    return found


def select(page, *cells):
    """Select cells by (line, header)."""
    table, model = page.parts[REVIEW].view.table, page.parts[REVIEW].view.model
    indexes = [model.index(line, model.rows.titles.index(header)) for line, header in cells]
    table.setCurrentIndex(indexes[0])
    for index in indexes:
        table.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)


def press(page, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(page.parts[REVIEW].view.table, key, modifier)
    wait_for_review(page, qtbot)


def row_with(page, email):
    """The line of the row with this email."""
    lines = range(page.parts[REVIEW].view.model.rowCount())
    return next(line for line in lines if text_of(page, line, "E-mail address").strip() == email)


def test_a_block_from_excel_is_pasted_and_undone_at_once(page, qtbot):
    line = row_with(page, "maria.k@intake")
    QApplication.clipboard().setText('maria.k@intake.example\t"Maria\tKarr"\n')
    select(page, (line, "E-mail address"))
    press(page, qtbot, Qt.Key.Key_V, CTRL)
    line = row_with(page, "maria.k@intake.example")
    assert text_of(page, line, "Full name") == "Maria\tKarr"
    qtbot.waitUntil(lambda: text_of(page, line, "Status") == "New", timeout=TIMEOUT_MS)
    page.parts[REVIEW].view.table.setFocus()
    press(page, qtbot, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: not page.wizard.findings.undo, timeout=TIMEOUT_MS)
    wait_for_review(page, qtbot)
    line = row_with(page, "maria.k@intake")
    assert text_of(page, line, "Full name") == "Maria K."


def test_every_press_of_undo_and_redo_counts_however_fast(page, qtbot):
    table, line = page.parts[REVIEW].view.table, row_with(page, "maria.k@intake")
    for name in ("Maria A.", "Maria B.", "Maria C."):
        QApplication.clipboard().setText(name)
        table.clearSelection()
        select(page, (line, "Full name"))
        press(page, qtbot, Qt.Key.Key_V, CTRL)
    for _n in range(3):
        qtbot.keyClick(table, Qt.Key.Key_Z, CTRL)
    wait_for_review(page, qtbot)
    assert text_of(page, line, "Full name") == "Maria K." and not page.wizard.findings.undo
    for key in (Qt.Key.Key_Y, Qt.Key.Key_Y, Qt.Key.Key_Z):
        qtbot.keyClick(table, key, CTRL)
    wait_for_review(page, qtbot)
    assert text_of(page, line, "Full name") == "Maria A."


def test_one_cell_is_pasted_into_all_selected_and_what_has_no_place_is_said(page, qtbot):
    QApplication.clipboard().setText("spring")
    select(page, (0, "Tags"), (1, "Tags"))
    press(page, qtbot, Qt.Key.Key_V, CTRL)
    assert [text_of(page, line, "Tags") for line in (0, 1)] == ["spring", "spring"]
    QApplication.clipboard().setText("a\tb\tc\td\nA\tB\tC\tD\n")
    last = page.parts[REVIEW].view.model.rowCount() - 1
    page.parts[REVIEW].view.table.clearSelection()
    select(page, (last, "Mobile"))
    page.parts[REVIEW].view.table.setFocus()
    qtbot.keyClick(page.parts[REVIEW].view.table, Qt.Key.Key_V, CTRL)
    wait_for_review(page, qtbot)
    assert page.banner.isVisible() and "6 pasted cells didn't fit" in page.banner.title.text()


def test_delete_empties_and_ctrl_d_fills_down(page, qtbot):
    select(page, (0, "Tags"), (1, "Tags"))
    press(page, qtbot, Qt.Key.Key_Delete)
    assert [text_of(page, line, "Tags") for line in (0, 1)] == ["", ""]
    page.parts[REVIEW].view.table.clearSelection()
    select(page, (0, "Dept"), (1, "Dept"), (2, "Dept"))
    top = text_of(page, 0, "Dept")
    press(page, qtbot, Qt.Key.Key_D, CTRL)
    assert [text_of(page, line, "Dept") for line in (0, 1, 2)] == [top] * 3


def test_a_cell_that_names_a_course_offers_all_of_the_school_and_takes_the_chosen_one(page, practice, qtbot):
    view = page.parts[REVIEW].view
    titles = {one["title"] for one in practice.school.products["course"].values()}
    column = view.model.rows.titles.index("Courses")
    qtbot.waitUntil(
        lambda: set(view.table.itemDelegate().titles.get(column, ())) == titles, timeout=TIMEOUT_MS
    )
    line = row_with(page, "tom@intake.example")
    select(page, (line, "Courses"))
    view.table.edit(view.model.index(line, column))
    field = view.table.findChild(TitleEdit)
    field.selectAll()
    qtbot.keyClicks(field, "Welcome to the School; at wor")
    popup = field.offers.popup()
    qtbot.waitUntil(popup.isVisible, timeout=TIMEOUT_MS)
    assert "AI at Work" in [popup.model().index(n, 0).data() for n in range(popup.model().rowCount())]
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "Welcome to the School; AI at Work"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    line = row_with(page, "tom@intake.example")
    assert text_of(page, line, "Courses") == "Welcome to the School; AI at Work"


def test_ctrl_f_goes_to_the_search_and_the_selected_row_stays_selected(page, qtbot):
    view = page.parts[REVIEW].view
    line = row_with(page, "ana@intake.example")
    select(page, (line, "E-mail address"))
    qtbot.keyClick(view.table, Qt.Key.Key_F, CTRL)
    assert QApplication.focusWidget() is view.search
    view.search.setText("intake.example")
    qtbot.waitUntil(lambda: view.model.rowCount() == 3, timeout=TIMEOUT_MS)
    current = view.table.currentIndex().row()
    assert text_of(page, current, "E-mail address") == "ana@intake.example"
    assert view.pane.shown.key == "ana@intake.example" or view.pane.shown.title.startswith("Ana")


def test_ctrl_minus_skips_the_selected_rows_and_includes_them_again(page, qtbot):
    view = page.parts[REVIEW].view
    line = row_with(page, "ana@intake.example")
    select(page, (line, "Full name"))
    press(page, qtbot, Qt.Key.Key_Minus, CTRL)
    line = row_with(page, "ana@intake.example")
    assert text_of(page, line, "Status") == "Skipped"
    assert "1 skipped" in [found.text() for found in view.figures.buttons()]
    view.table.setFocus()
    select(page, (line, "Full name"))
    qtbot.waitUntil(lambda: view.pane.shown is not None and view.pane.shown.skipped, timeout=TIMEOUT_MS)
    assert view.cell_actions.skip.text() == "Include this row"
    press(page, qtbot, Qt.Key.Key_Minus, CTRL)
    assert text_of(page, row_with(page, "ana@intake.example"), "Status") == "New"


def test_the_pane_skips_its_row_too(page, qtbot):
    view = page.parts[REVIEW].view
    line = row_with(page, "maria.k@intake")
    select(page, (line, "Full name"))
    click(qtbot, view.pane, "Skip this row")
    wait_for_review(page, qtbot)
    assert text_of(page, row_with(page, "maria.k@intake"), "Status") == "Skipped"
    click(qtbot, view.pane, "Include this row")
    wait_for_review(page, qtbot)
    assert text_of(page, row_with(page, "maria.k@intake"), "Status") == "Fix 1 cell"


def choose_block(page, top, bottom, header):
    """Select the cells of a column from one line to another."""
    view = page.parts[REVIEW].view
    place = view.model.rows.titles.index(header)
    block = QItemSelection(view.model.index(top, place), view.model.index(bottom, place))
    view.table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def drag_handle(page, qtbot, to, header):
    """Drag the square at the corner of the selection to a line."""
    view = page.parts[REVIEW].view
    handle = view.table.findChild(FillHandle)
    assert handle.isVisible()
    rect = view.table.visualRect(view.model.index(to, view.model.rows.titles.index(header)))
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton)
    target = handle.mapFrom(view.table.viewport(), rect.center())
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        *(QPointF(target), QPointF(handle.mapToGlobal(target))),
        *(Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    )
    QApplication.sendEvent(handle, move)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=target)
    wait_for_review(page, qtbot)


@pytest.fixture
def numbered(connected, tmp_path, qtbot):
    """The review of five rows without errors, each with a company of its own."""
    path = tmp_path / "numbered.csv"
    path.write_text("Email,Company\n" + "".join(f"u{n}@p.example,Firm {n}\n" for n in range(5)))
    found = open_review_step(connected, path, qtbot)
    connected.window.activateWindow()
    found.parts[REVIEW].view.table.setFocus()
    return found


def companies(page):
    return [text_of(page, line, "Company") for line in range(5)]


def test_dragging_the_corner_down_fills_the_cells_below(numbered, qtbot):
    select(numbered, (0, "Company"))
    drag_handle(numbered, qtbot, 4, "Company")
    qtbot.waitUntil(lambda: companies(numbered) == ["Firm 0"] * 5, timeout=TIMEOUT_MS)


def test_dragging_the_corner_of_a_block_repeats_its_rows_below(numbered, qtbot):
    choose_block(numbered, 0, 1, "Company")
    drag_handle(numbered, qtbot, 4, "Company")
    wanted = ["Firm 0", "Firm 1", "Firm 0", "Firm 1", "Firm 0"]
    qtbot.waitUntil(lambda: companies(numbered) == wanted, timeout=TIMEOUT_MS)


def test_clicking_the_corner_or_dragging_it_up_changes_nothing(numbered, qtbot):
    view = numbered.parts[REVIEW].view
    choose_block(numbered, 1, 3, "Company")
    qtbot.mouseClick(view.table.findChild(FillHandle), Qt.MouseButton.LeftButton)
    drag_handle(numbered, qtbot, 0, "Company")
    drag_handle(numbered, qtbot, 2, "Company")
    assert companies(numbered) == [f"Firm {n}" for n in range(5)]
    assert not numbered.wizard.findings.undo
    assert sorted(index.row() for index in view.table.selectedIndexes()) == [1, 2, 3]


def test_emptying_cells_that_are_blank_is_no_edit(numbered, qtbot):
    select(numbered, (0, "Company"), (1, "Company"))
    press(numbered, qtbot, Qt.Key.Key_Delete)
    assert companies(numbered)[:2] == ["", ""]
    press(numbered, qtbot, Qt.Key.Key_Delete)
    press(numbered, qtbot, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: companies(numbered) == [f"Firm {n}" for n in range(5)], timeout=TIMEOUT_MS)


def test_cells_that_are_selected_here_and_there_are_copied_in_their_lines_and_columns(numbered, qtbot):
    select(numbered, (0, "Email"), (2, "Company"))
    qtbot.keyClick(numbered.parts[REVIEW].view.table, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "u0@p.example\t\n\tFirm 2"


def test_fill_down_takes_the_topmost_cell_of_each_column(numbered, qtbot):
    select(numbered, (1, "Company"), (3, "Company"), (4, "Company"))
    press(numbered, qtbot, Qt.Key.Key_D, CTRL)
    wanted = ["Firm 0", "Firm 1", "Firm 2", "Firm 1", "Firm 1"]
    qtbot.waitUntil(lambda: companies(numbered) == wanted, timeout=TIMEOUT_MS)


def test_all_of_a_large_selection_is_copied_and_pasted(connected, tmp_path, qtbot):
    path = tmp_path / "large.csv"
    rows = [f"u{n}@p.example,Firm {n},{n % 7}" for n in range(3_000)]
    path.write_text("Email,Company,Note\n" + "\n".join(rows) + "\n")
    page = open_review_step(connected, path, qtbot)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(lambda: view.model.rowCount() == 3_000, timeout=TIMEOUT_MS)
    connected.window.activateWindow()
    view.table.setFocus()
    QApplication.clipboard().setText("before")
    qtbot.keyClick(view.table, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(view.table, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == ""
    qtbot.waitUntil(lambda: bool(QApplication.clipboard().text()), timeout=TIMEOUT_MS)
    lines = QApplication.clipboard().text().split("\n")
    assert [",".join(line.split("\t")[2:]) for line in lines] == rows
    QApplication.clipboard().setText("\n".join(f"Company {n}" for n in range(3_000)))
    view.table.clearSelection()
    select(page, (0, "Company"))
    press(page, qtbot, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: text_of(page, 2_999, "Company") == "Company 2999", timeout=TIMEOUT_MS)
    assert text_of(page, 0, "Company") == "Company 0"


def test_status_and_email_stay_in_sight_when_the_grid_is_scrolled_sideways(page, qtbot):
    view = page.parts[REVIEW].view
    table, frozen, titles = view.table, view.frozen, view.model.rows.titles
    for column in range(len(titles)):
        table.setColumnWidth(column, 120)
    shown = lambda: [titles[n] for n in range(len(titles)) if not frozen.isColumnHidden(n)]  # noqa: E731
    view.load()
    qtbot.wait(300)
    assert [table.columnWidth(n) for n in range(len(titles))] == [120] * len(titles)
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    assert shown() == ["Status", "Row", "E-mail address"]
    assert frozen.width() == 360
    select(page, (1, "Full name"))
    header = table.horizontalHeader()
    assert header.sectionViewportPosition(titles.index("Full name")) >= 360
    table.horizontalScrollBar().setValue(table.horizontalScrollBar().maximum())
    qtbot.mouseClick(
        frozen.viewport(),
        Qt.MouseButton.LeftButton,
        pos=frozen.visualRect(view.model.index(2, titles.index("E-mail address"))).center(),
    )
    assert table.currentIndex().row() == 2


def test_order_and_widths_of_columns_are_remembered(page, connected, roster, qtbot):
    table = page.parts[REVIEW].view.table
    table.setColumnWidth(3, 211)
    table.horizontalHeader().moveSection(3, 5)
    page.start_over()
    page = open_review_step(connected, roster, qtbot)
    table = page.parts[REVIEW].view.table
    assert table.columnWidth(3) == 211 and table.horizontalHeader().visualIndex(3) == 5


def test_the_layouts_of_many_kinds_of_sheets_are_kept(page):
    view = page.parts[REVIEW].view
    sheets = [[f"Header {n}"] for n in range(61)]
    for titles in sheets:
        keep_layout(view.table, titles, view.context.settings)
    kept = [restore_layout(view.table, titles, view.context.settings) for titles in sheets]
    assert kept.count(True) == 60 and kept[-1]


def test_cells_with_line_breaks_and_quotes_are_copied_and_pasted_as_one_cell(page, qtbot):
    view = page.parts[REVIEW].view
    texts = ['one\ntwo\t"three"', '"Nick" Smith', "", "last"]
    rows = view.model.ids_at(0, 3)
    place = view.model.rows.titles.index("Dept") - 2
    view.edited.emit({row: {place: text} for row, text in zip(rows, texts, strict=True)})
    wait_for_review(page, qtbot)
    select(page, *((line, "Dept") for line in range(4)))
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_C, CTRL)
    view.table.clearSelection()
    select(page, (0, "Full name"))
    press(page, qtbot, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(
        lambda: (
            [text_of(page, line, "Full name") for line in range(4)]
            == [text_of(page, line, "Dept") for line in range(4)]
        ),
        timeout=TIMEOUT_MS,
    )
    assert sorted(text_of(page, line, "Full name") for line in range(4)) == sorted(texts)


def test_a_blank_cell_in_a_pasted_column_empties_its_cell(page, qtbot):
    QApplication.clipboard().setText("X\n\nZ\n")
    select(page, (0, "Dept"))
    press(page, qtbot, Qt.Key.Key_V, CTRL)
    assert [text_of(page, line, "Dept") for line in range(3)] == ["X", "", "Z"]


def test_a_title_with_a_comma_is_chosen_as_it_is_where_a_cell_takes_one(connected, practice, tmp_path, qtbot):
    next(iter(practice.school.promotions.values()))["name"] = "Summer, big; new"
    path = tmp_path / "coupons.csv"
    path.write_text("Promotion,Prefix,Quantity\nSumer big,SU,3\n")
    connected.window.show_page("import", operation="bulk-coupons")
    page = open_review_step(connected, path, qtbot)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(lambda: bool(view.titles), timeout=TIMEOUT_MS)
    connected.window.activateWindow()
    index = view.model.index(0, view.model.rows.titles.index("Promotion"))
    view.table.setCurrentIndex(index)
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_F2)
    field = view.table.findChild(TitleEdit)
    field.selectAll()
    qtbot.keyClicks(field, "summer,")
    popup = field.offers.popup()
    qtbot.waitUntil(popup.isVisible, timeout=TIMEOUT_MS)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "Summer, big; new"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: text_of(page, 0, "Promotion") == "Summer, big; new", timeout=TIMEOUT_MS)
    assert not [group for group in page.wizard.findings.groups if group.level == "error"]


def test_a_cell_longer_than_a_field_usually_takes_is_edited_whole(desktop, tmp_path, qtbot):
    path = tmp_path / "long.csv"
    path.write_text("Email,Bio\nana@p.example," + "x" * 40_000 + "\nbob@p.example,y\n")
    page = open_review_step(desktop, path, qtbot)
    desktop.window.activateWindow()
    view = page.parts[REVIEW].view
    select(page, (0, "Bio"))
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_F2)
    field = view.table.findChild(QLineEdit)
    qtbot.keyClick(field, Qt.Key.Key_End)
    qtbot.keyClicks(field, "!")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: len(text_of(page, 0, "Bio")) == 40_001, timeout=TIMEOUT_MS)
