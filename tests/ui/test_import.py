"""A messy roster on its way through the four steps, by mouse and by keyboard."""

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW, SEND
from lwdesk.ui.steps.problem_card import ProblemCard
from lwdesk.ui.title_edit import TitleEdit
from tests.app.desk import ready
from tests.ui.actions import (
    TIMEOUT_MS,
    click,
    drop_file,
    go_to_step,
    open_match_step,
    open_review_step,
    send,
    text_of,
    type_into,
    wait_for_review,
)

EMAIL = "E-mail address"


def edit(page, qtbot, line: int, header: str, text: str) -> None:
    """Change a cell of the grid by typing, and wait until the rows are planned again."""
    type_into(page.parts[REVIEW].view, qtbot, line, header, text)
    wait_for_review(page, qtbot)


def test_a_messy_roster_is_mended_sent_and_its_results_are_there(connected, roster, opened_files, qtbot):
    page = open_review_step(connected, roster, qtbot)
    assert {(g.code, g.column, g.count) for g in page.wizard.findings.groups if g.level == "error"} == {
        ("email", "email", 1),
        ("unknown", "courses", 2),
        ("long-number", "phone", 1),
    }
    step = page.parts[REVIEW]
    assert (page.heading.text(), text_of(page, 0, "Status")) == ("3 of 4 rows to fix", "Fix 1 cell")
    assert text_of(page, 0, EMAIL) == "maria.k@intake"
    edit(page, qtbot, 0, EMAIL, "maria.k@intake.example")
    click(qtbot, step, "Replace with my choices")
    qtbot.waitUntil(lambda: all(g.code != "unknown" for g in page.wizard.findings.groups), timeout=TIMEOUT_MS)
    click(qtbot, step, "Leave it empty")
    qtbot.waitUntil(lambda: ready(page.wizard.findings) == 4, timeout=TIMEOUT_MS)
    wait_for_review(page, qtbot)
    assert (page.wizard.review.plan.create, page.wizard.review.plan.failed) == (4, 0)
    assert page.next.text() == "Create 4 users"
    send(page, qtbot)
    assert page.view.now.rows == {"done": 4} and page.heading.text() == "4 rows imported"
    qtbot.waitUntil(
        lambda: page.view.sheet.table is not None and page.area.verticalScrollBar().maximum() == 0
    )
    assert (
        page.footer.visibleRegion().boundingRect() == page.footer.rect()
    )  # 1100 x 680: no need to scroll for it
    click(qtbot, page, "Open the results")
    qtbot.waitUntil(lambda: bool(opened_files), timeout=TIMEOUT_MS)
    sheet = openpyxl.load_workbook(opened_files[0]).active
    assert [cell.value for cell in sheet[3]][6] == "lwdesk status"
    assert [row[6].value for row in sheet.iter_rows(min_row=4)] == ["done"] * 4
    assert sheet["A5"].value == "maria.k@intake"  # the user's file stays as it is
    assert sheet.cell(3, 11).value == "lwdesk changed" and sheet["K4"].value is None
    assert sheet["K5"].value == "A5: “maria.k@intake” → “maria.k@intake.example”"


def test_going_back_loses_nothing(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    edit(page, qtbot, 0, EMAIL, "maria.k@intake.example")
    before = ready(page.wizard.findings)
    page.show_step(FILE)
    page.show_step(REVIEW)
    assert ready(page.wizard.findings) == before
    page.show_step(MATCH)
    box = page.parts[MATCH].boxes["Mobile"]
    box.setCurrentIndex(box.findData(""))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(
        lambda: page.wizard.chosen == {"Mobile": ""} and not page.parts[MATCH].busy, timeout=TIMEOUT_MS
    )
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    codes = {g.code for g in page.wizard.findings.groups}
    assert "long-number" not in codes and "email" not in codes
    assert "edited" in codes


def test_of_a_very_wide_sheet_the_first_columns_are_shown_and_all_are_matched(connected, tmp_path, qtbot):
    book = openpyxl.Workbook()
    book.active.append([*(f"Column {n}" for n in range(1, 160)), "Email", "Username"])
    book.active.append([*["x"] * 159, "ana@x.example", "Ana"])
    book.save(path := tmp_path / "wide.xlsx")
    page = open_match_step(connected, path, qtbot)
    step = page.parts[MATCH]
    qtbot.waitUntil(
        lambda: any("first 150 of 161" in found.text() for found in step.findChildren(QLabel)),
        timeout=TIMEOUT_MS,
    )
    assert len(step.boxes) == 150 and "Email" not in step.boxes
    assert {line.column for line in page.wizard.matching.lines if line.column} >= {"email", "username"}


def test_nothing_is_sent_before_the_last_button(connected, practice, roster, qtbot):
    before = len(practice.school.users)
    page = open_review_step(connected, roster, qtbot)
    assert len(practice.school.users) == before
    assert page.wizard.review.plan.failed == 3


def test_the_same_file_again_changes_nothing(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    assert page.view.now.rows == {"done": 1, "failed": 3}
    click(qtbot, page, "Import another file")
    open_review_step(connected, roster, qtbot)
    assert page.wizard.review.plan.calls == 0
    assert not page.next.isEnabled()


def test_a_trial_run_sends_the_first_rows_only(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    step = page.parts[REVIEW]
    click(qtbot, step, "Replace with my choices")
    qtbot.waitUntil(lambda: ready(page.wizard.findings) == 2, timeout=TIMEOUT_MS)
    wait_for_review(page, qtbot)
    step.first.setValue(1)
    click(qtbot, page, "Try only the first rows")
    qtbot.waitUntil(
        lambda: page.wizard.review is not None and page.wizard.review.held == 1, timeout=TIMEOUT_MS
    )
    send(page, qtbot)
    assert page.view.now.rows["done"] == 1
    click(qtbot, page, "Continue with the other row")
    qtbot.waitUntil(
        lambda: page.view.now is not None and page.view.now.state == "planned", timeout=TIMEOUT_MS
    )
    assert page.view.now.plan.create == 1
    click(qtbot, page, "Create 1 user")
    qtbot.waitUntil(lambda: page.view.now.rows.get("done") == 2, timeout=TIMEOUT_MS)


def test_undo_shows_what_it_would_do_and_does_it(connected, practice, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    send(page, qtbot)
    click(qtbot, page, "Undo")
    qtbot.waitUntil(lambda: connected.window.page.id == "job", timeout=TIMEOUT_MS)
    job = connected.window.page
    qtbot.waitUntil(lambda: job.view.now is not None and job.view.now.plan is not None, timeout=TIMEOUT_MS)
    assert job.view.banner.title.text() == "△ 1 account stays in your school"
    words = "Ana Παπαδοπούλου: LearnWorlds doesn't let other apps delete users."
    assert job.view.banner.words.text().startswith(words)
    click(qtbot, job, "Undo 1 row")
    qtbot.waitUntil(lambda: job.view.now.state == "finished", timeout=TIMEOUT_MS)
    assert job.view.now.calls["done"] >= 1


def test_a_file_that_cannot_be_read_is_said_on_the_page(connected, tmp_path, qtbot):
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = drop_file(connected, path)
    qtbot.waitUntil(lambda: page.banner.property("banner") == "failed", timeout=TIMEOUT_MS)
    assert not page.next.isEnabled()


def test_what_went_wrong_is_in_sight_and_pages_that_fit_do_not_scroll(connected, tmp_path, roster, qtbot):
    bare = tmp_path / "list.csv"
    bare.write_text("ana@x.org\nben@x.org\n")
    page = drop_file(connected, bare)
    qtbot.waitUntil(lambda: page.banner.isVisible() and not page.parts[FILE].busy, timeout=TIMEOUT_MS)
    page.area.verticalScrollBar().setValue(page.area.verticalScrollBar().maximum())
    assert "list.csv has no column headers" in page.banner.title.text()
    assert page.banner.visibleRegion().boundingRect() == page.banner.rect()
    page = drop_file(connected, roster)
    for step in (MATCH, REVIEW):
        go_to_step(page, qtbot, step)
        qtbot.waitUntil(lambda: page.area.verticalScrollBar().maximum() == 0, timeout=TIMEOUT_MS)


def test_without_a_school_the_file_is_checked_and_nothing_more(desktop, roster, qtbot):
    page = open_review_step(desktop, roster, qtbot)
    assert {g.code for g in page.wizard.findings.groups if g.level == "error"} == {"email", "long-number"}
    assert not page.next.isEnabled()
    assert "No school" in page.banner.accessibleName()


def keys(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key where the focus is."""
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def fix_by_keys(step, page, qtbot):
    """Go to the grid, type over its first bad cell, check again."""
    wait_for_review(page, qtbot)
    for _n in range(40):
        if QApplication.focusWidget() is not step.view.table:
            keys(qtbot, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is step.view.table
    keys(qtbot, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    keys(qtbot, Qt.Key.Key_Right)
    keys(qtbot, Qt.Key.Key_Right)
    keys(qtbot, Qt.Key.Key_F2)
    qtbot.keyClicks(QApplication.focusWidget(), "maria.k@intake.example")
    keys(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ready(page.wizard.findings) == 2, timeout=TIMEOUT_MS)
    keys(qtbot, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: not step.busy and ready(page.wizard.findings) == 2, timeout=TIMEOUT_MS)


def test_the_whole_import_by_keyboard_alone(connected, roster, qtbot, monkeypatch):
    monkeypatch.setattr("lwdesk.ui.main_window.choose_file", lambda _window: roster)
    connected.window.activateWindow()
    keys(qtbot, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    page = connected.window.page
    for at in (MATCH, REVIEW, SEND):
        qtbot.waitUntil(lambda: page.next.isEnabled(), timeout=TIMEOUT_MS)
        keys(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda at=at: page.at >= at, timeout=TIMEOUT_MS)
        if at == REVIEW:
            fix_by_keys(page.parts[REVIEW], page, qtbot)
    qtbot.waitUntil(lambda: page.ended, timeout=TIMEOUT_MS)
    assert page.view.now.rows["done"] == 2


def test_an_edit_is_undone_and_redone_by_keys(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    step = page.parts[REVIEW]
    bad, before = ready(page.wizard.findings), text_of(page, 0, EMAIL)
    assert not step.undo.isEnabled()
    edit(page, qtbot, 0, EMAIL, "maria.k@intake.example")
    qtbot.waitUntil(
        lambda: step.undo.isEnabled() and ready(page.wizard.findings) == bad + 1, timeout=TIMEOUT_MS
    )
    step.view.table.setFocus()
    keys(qtbot, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not step.busy and ready(page.wizard.findings) == bad, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: text_of(page, 0, EMAIL) == before, timeout=TIMEOUT_MS)
    assert not step.undo.isEnabled() and all(group.code != "edited" for group in page.wizard.findings.groups)
    qtbot.mouseClick(step.redo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ready(page.wizard.findings) == bad + 1, timeout=TIMEOUT_MS)


def test_a_value_for_all_rows_that_cannot_be_used_is_said_beside_its_field(connected, roster, qtbot):
    page = open_match_step(connected, roster, qtbot)
    step = page.parts[MATCH]
    qtbot.waitUntil(lambda: "price" in step.fields, timeout=TIMEOUT_MS)
    box = step.fields["price"]
    box.field.set_text("a lot")
    click(qtbot, page, page.next.text())
    qtbot.waitUntil(box.wrong.isVisible, timeout=TIMEOUT_MS)
    assert "The value for Price can't be used" in box.wrong.text()
    assert page.at == MATCH and page.banner.isHidden()
    box.field.set_text("12.50")
    assert box.wrong.isHidden()
    go_to_step(page, qtbot, REVIEW)


def test_a_large_sheet_is_there_as_soon_as_its_first_rows_are_checked(connected, tmp_path, qtbot):
    book = openpyxl.Workbook()
    book.active.append(["Email", "Username"])
    for n in range(1_200):
        book.active.append([f"person{n}@x.example" if n != 1_100 else "nonsense", f"Person {n}"])
    book.save(path := tmp_path / "many.xlsx")
    page = open_match_step(connected, path, qtbot)
    headings = []
    page.parts[REVIEW].heading_changed.connect(lambda title, words: headings.append((title, words)))
    go_to_step(page, qtbot, REVIEW)
    assert ("Checking the rows…", "1,000 of 1,200 rows so far. Nothing has been sent.") in headings
    wait_for_review(page, qtbot)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(lambda: view.model is not None and view.model.rowCount() == 1_200, timeout=TIMEOUT_MS)
    assert page.heading.text() == "1 of 1,200 rows to fix" and page.wizard.review.plan.create == 1_199


def test_a_card_offers_all_that_the_school_has_the_likeliest_first(connected, practice, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    cards = lambda: [  # noqa: E731
        card for card in page.findChildren(ProblemCard) if card.group.code == "unknown" and card.isVisible()
    ]
    qtbot.waitUntil(lambda: bool(cards()) and cards()[0].findChild(TitleEdit) is not None, timeout=TIMEOUT_MS)
    field = cards()[0].findChild(TitleEdit)
    assert field.text() == "AI at Work"
    offered = field.offers.model()
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    titles = [offered.index(n, 0).data() for n in range(offered.rowCount())]
    courses = {course["title"] for course in practice.school.products["course"].values()}
    assert titles[0] == "AI at Work" and set(titles) == courses
    field.offers.popup().hide()
    field.clear()
    qtbot.keyClicks(field, "trust")
    assert field.offers.completionCount() == 1
    field.offers.activated.emit("Leadership, Teams & Trust")
    click(qtbot, cards()[0], "Replace with my choices")
    wait_for_review(page, qtbot)
    lines = [n for n in range(4) if "Leadership, Teams & Trust" in text_of(page, n, "Courses")]
    assert len(lines) == 2


def test_columns_with_the_same_header_are_chosen_one_by_one(connected, practice, tmp_path, qtbot):
    path = tmp_path / "twice.csv"
    path.write_text("Email,Tags,Tags,Company,Company\nok@p.example,red,internal,Acme,Old firm\n")
    page = open_match_step(connected, path, qtbot)
    step = page.parts[MATCH]

    def choose(letter, column):
        line = next(line for line in page.wizard.matching.lines if line.letter == letter)
        qtbot.waitUntil(lambda: line.key in step.boxes, timeout=TIMEOUT_MS)
        box = step.boxes[line.key]
        box.setCurrentIndex(box.findData(column))
        box.activated.emit(box.currentIndex())
        qtbot.waitUntil(lambda: not step.busy, timeout=TIMEOUT_MS)

    choose("C", "")
    choose("E", "company")
    goes_to = {line.letter: line.column for line in page.wizard.matching.lines}
    assert goes_to == {"A": "email", "B": "tags", "C": "", "D": "", "E": "company"}
    shown = [step.boxes[line.key].currentData() for line in page.wizard.matching.lines]
    assert shown == list(goes_to.values())
    assert step.boxes["Tags\x1f2"].accessibleName() == "Tags (column C) goes to"
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    send(page, qtbot)
    user = next(user for user in practice.school.users if user.email == "ok@p.example")
    assert set(user.tags) == {"red"} and user.fields["company"] == "Old firm"
    page = open_match_step(connected, path, qtbot)  # what was chosen is remembered
    assert {line.letter: line.column for line in page.wizard.matching.lines} == goes_to
