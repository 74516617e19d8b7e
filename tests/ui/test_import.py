"""A messy roster on its way through the seven steps, by mouse and by keyboard."""

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from lwdesk.ui.pages.import_page import CHECK, FILE, MATCH, RESULTS, REVIEW, RUN, WHAT
from tests.ui.hands import SOON, drop, go_on, press, text_of, to_check, to_match


def edit(page, qtbot, line: int, place: int, text: str) -> None:
    """Change a cell of the grid by typing."""
    step = page.parts[CHECK]
    step.table.setCurrentIndex(step.model.index(line, place))
    step.table.edit(step.model.index(line, place))
    field = step.table.findChild(QLineEdit)
    field.setText(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not step.busy, timeout=SOON)


def test_a_messy_roster_is_mended_sent_and_its_results_are_there(connected, roster, opened_files, qtbot):
    page = to_check(connected, roster, qtbot)
    assert {(g.code, g.column, g.count) for g in page.way.findings.groups if g.level == "error"} == {
        ("email", "email", 1),
        ("unknown", "courses", 2),
        ("long-number", "phone", 1),
    }
    step = page.parts[CHECK]
    qtbot.waitUntil(lambda: step.model.rowCount() == 3, timeout=SOON)
    assert text_of(page, 0, 1) == "maria.k@intake"
    assert "not an email address" in step.model.cell(0, 1).detail
    edit(page, qtbot, 0, 1, "maria.k@intake.example")
    press(qtbot, step, "Replace as chosen")
    qtbot.waitUntil(lambda: all(g.code != "unknown" for g in page.way.findings.groups), timeout=SOON)
    press(qtbot, step, "Leave it empty")
    qtbot.waitUntil(lambda: page.way.findings.ready == 4, timeout=SOON)
    go_on(page, qtbot, REVIEW)
    assert (page.way.review.plan.create, page.way.review.plan.failed) == (4, 0)
    go_on(page, qtbot, RUN)
    qtbot.waitUntil(lambda: page.at == RESULTS, timeout=SOON)
    assert page.view.now.rows == {"done": 4}
    qtbot.waitUntil(lambda: page.view.table is not None and page.area.verticalScrollBar().maximum() == 0)
    assert (
        page.footer.visibleRegion().boundingRect() == page.footer.rect()
    )  # 1100 x 680: no need to scroll for it
    press(qtbot, page, "Open the results")
    qtbot.waitUntil(lambda: bool(opened_files), timeout=SOON)
    sheet = openpyxl.load_workbook(opened_files[0]).active
    assert [cell.value for cell in sheet[3]][6] == "lwdesk status"
    assert [row[6].value for row in sheet.iter_rows(min_row=4)] == ["done"] * 4
    assert sheet["A5"].value == "maria.k@intake"  # the user's file stays as it is
    assert sheet.cell(3, 11).value == "lwdesk changed" and sheet["K4"].value is None
    assert sheet["K5"].value == "A5: “maria.k@intake” → “maria.k@intake.example”"


def test_going_back_loses_nothing(connected, roster, qtbot):
    page = to_check(connected, roster, qtbot)
    qtbot.waitUntil(lambda: page.parts[CHECK].model.rowCount() == 3, timeout=SOON)
    edit(page, qtbot, 0, 1, "maria.k@intake.example")
    ready = page.way.findings.ready
    page.show_step(FILE)
    page.show_step(CHECK)
    assert page.way.findings.ready == ready
    page.show_step(MATCH)
    box = page.parts[MATCH].boxes["Mobile"]
    box.setCurrentIndex(box.findData(""))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: page.way.chosen == {"Mobile": ""} and not page.parts[MATCH].busy, timeout=SOON)
    go_on(page, qtbot, CHECK)
    codes = {g.code for g in page.way.findings.groups}
    assert "long-number" not in codes and "email" not in codes
    assert "edited" in codes


def test_of_a_very_wide_sheet_the_first_columns_are_shown_and_all_are_matched(connected, tmp_path, qtbot):
    book = openpyxl.Workbook()
    book.active.append([*(f"Column {n}" for n in range(1, 160)), "Email", "Username"])
    book.active.append([*["x"] * 159, "ana@x.example", "Ana"])
    book.save(path := tmp_path / "wide.xlsx")
    page = to_match(connected, path, qtbot)
    step = page.parts[MATCH]
    qtbot.waitUntil(
        lambda: any("first 150 of 161" in found.text() for found in step.findChildren(QLabel)), timeout=SOON
    )
    assert len(step.boxes) == 150 and "Email" not in step.boxes
    assert {line.column for line in page.way.matching.lines if line.column} >= {"email", "username"}


def test_nothing_is_sent_before_the_last_button(connected, practice, roster, qtbot):
    before = len(practice.school.users)
    page = to_check(connected, roster, qtbot)
    go_on(page, qtbot, REVIEW)
    assert len(practice.school.users) == before
    assert page.way.review.plan.failed == 3


def test_the_same_file_again_changes_nothing(connected, roster, qtbot):
    page = to_check(connected, roster, qtbot)
    go_on(page, qtbot, REVIEW)
    go_on(page, qtbot, RUN)
    qtbot.waitUntil(lambda: page.at == RESULTS, timeout=SOON)
    assert page.view.now.rows == {"done": 1, "failed": 3}
    press(qtbot, page, "Import another file")
    to_check(connected, roster, qtbot)
    go_on(page, qtbot, REVIEW)
    assert page.way.review.plan.calls == 0
    assert not page.next.isEnabled()


def test_a_trial_run_sends_the_first_rows_only(connected, roster, qtbot):
    page = to_check(connected, roster, qtbot)
    step = page.parts[CHECK]
    press(qtbot, step, "Replace as chosen")
    qtbot.waitUntil(lambda: page.way.findings.ready == 2, timeout=SOON)
    go_on(page, qtbot, REVIEW)
    page.parts[REVIEW].first.setValue(1)
    press(qtbot, page, "Only try the first rows")
    qtbot.waitUntil(lambda: page.way.review.held == 1 and not page.parts[REVIEW].busy, timeout=SOON)
    go_on(page, qtbot, RUN)
    qtbot.waitUntil(lambda: page.at == RESULTS, timeout=SOON)
    assert page.view.now.rows["done"] == 1
    press(qtbot, page, "Go on with the other row")
    qtbot.waitUntil(lambda: page.view.now is not None and page.view.now.state == "planned", timeout=SOON)
    assert page.view.now.plan.create == 1
    press(qtbot, page, "Send")
    qtbot.waitUntil(lambda: page.view.now.rows.get("done") == 2, timeout=SOON)


def test_undo_shows_what_it_would_do_and_does_it(connected, practice, roster, qtbot):
    page = to_check(connected, roster, qtbot)
    go_on(page, qtbot, REVIEW)
    go_on(page, qtbot, RUN)
    qtbot.waitUntil(lambda: page.at == RESULTS, timeout=SOON)
    press(qtbot, page, "Undo")
    qtbot.waitUntil(lambda: connected.window.page.id == "job", timeout=SOON)
    job = connected.window.page
    qtbot.waitUntil(lambda: job.view.now is not None and job.view.now.plan is not None, timeout=SOON)
    press(qtbot, job, "Undo by")
    qtbot.waitUntil(lambda: job.view.now.state == "finished", timeout=SOON)
    assert job.view.now.calls["done"] >= 1


def test_a_file_that_cannot_be_read_is_said_on_the_page(connected, tmp_path, qtbot):
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = drop(connected, path)
    qtbot.waitUntil(lambda: page.banner.property("banner") == "failed", timeout=SOON)
    assert not page.next.isEnabled()


def test_what_went_wrong_is_in_sight_and_pages_that_fit_do_not_scroll(connected, tmp_path, roster, qtbot):
    bare = tmp_path / "list.csv"
    bare.write_text("ana@x.org\nben@x.org\n")
    page = drop(connected, bare)
    qtbot.waitUntil(lambda: page.banner.isVisible() and not page.parts[FILE].busy, timeout=SOON)
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    assert "list.csv has no headings" in page.banner.title.text()
    assert page.banner.visibleRegion().boundingRect() == page.banner.rect()
    page = drop(connected, roster)
    for step in (WHAT, MATCH, CHECK):
        go_on(page, qtbot, step)
        qtbot.waitUntil(lambda: page.area.verticalScrollBar().maximum() == 0, timeout=SOON)


def test_without_a_school_the_file_is_checked_and_nothing_more(desktop, roster, qtbot):
    page = to_check(desktop, roster, qtbot)
    assert {g.code for g in page.way.findings.groups if g.level == "error"} == {"email", "long-number"}
    assert not page.next.isEnabled()
    assert "No school" in page.banner.accessibleName()


def keys(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key where the focus is."""
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def mend_by_keys(step, page, qtbot):
    """Go to the grid, type over its first bad cell, check again."""
    qtbot.waitUntil(lambda: step.model is not None and step.model.rowCount() == 3, timeout=SOON)
    for _n in range(40):
        if QApplication.focusWidget() is not step.table:
            keys(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is step.table
    keys(qtbot, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    keys(qtbot, Qt.Key.Key_Right)
    keys(qtbot, Qt.Key.Key_F2)
    qtbot.keyClicks(QApplication.focusWidget(), "maria.k@intake.example")
    keys(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.way.findings.ready == 2, timeout=SOON)
    keys(qtbot, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not step.busy and page.way.findings.ready == 2, timeout=SOON)


def test_the_whole_import_by_keyboard_alone(connected, roster, qtbot, monkeypatch):
    monkeypatch.setattr("lwdesk.ui.main_window.choose_file", lambda _window: roster)
    connected.window.activateWindow()
    keys(qtbot, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    page = connected.window.page
    for at in (WHAT, MATCH, CHECK, REVIEW, RUN):
        qtbot.waitUntil(lambda: page.next.isEnabled(), timeout=SOON)
        keys(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda at=at: page.at >= at, timeout=SOON)
        if at == CHECK:
            mend_by_keys(page.parts[CHECK], page, qtbot)
    qtbot.waitUntil(lambda: page.at == RESULTS, timeout=SOON)
    assert page.view.now.rows["done"] == 2


def test_an_edit_is_undone_and_redone_by_keys(connected, roster, qtbot):
    page = to_check(connected, roster, qtbot)
    step = page.parts[CHECK]
    qtbot.waitUntil(lambda: step.model.rowCount() == 3, timeout=SOON)
    bad, before = page.way.findings.ready, text_of(page, 0, 1)
    assert not step.undo.isEnabled()
    edit(page, qtbot, 0, 1, "maria.k@intake.example")
    qtbot.waitUntil(lambda: step.undo.isEnabled() and page.way.findings.ready == bad + 1, timeout=SOON)
    step.table.setFocus()
    keys(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not step.busy and page.way.findings.ready == bad, timeout=SOON)
    qtbot.waitUntil(lambda: text_of(page, 0, 1) == before, timeout=SOON)
    assert not step.undo.isEnabled() and all(group.code != "edited" for group in page.way.findings.groups)
    press(qtbot, page, "Redo")
    qtbot.waitUntil(lambda: page.way.findings.ready == bad + 1, timeout=SOON)
