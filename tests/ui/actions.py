"""Actions of a user in the window, for the tests."""

from pathlib import Path

import openpyxl
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPushButton

from lwdesk.app.school.schools import School
from lwdesk.ui.app import Desktop
from lwdesk.ui.pages.import_page import MATCH, REVIEW, SEND, ImportPage

TIMEOUT_MS = 120_000  # a busy machine is no failure


def click(qtbot, where, words: str) -> None:
    """Click the button of these words, as soon as it is laid out and can be pressed."""

    def there() -> list[QPushButton]:
        return [
            b
            for b in where.findChildren(QPushButton)
            if words in b.text() and b.isVisible() and b.isEnabled() and b.height() >= b.sizeHint().height()
        ]

    qtbot.waitUntil(lambda: bool(there()), timeout=TIMEOUT_MS)
    qtbot.mouseClick(there()[0], Qt.MouseButton.LeftButton)


def connect_school(desktop: Desktop, practice, qtbot, name: str = "Riverside") -> None:
    """Connect a school without the form."""
    school = School(name, practice.url, practice.client_id, "#7a4fb5")
    desktop.work.ask(
        "schools.connect", school, practice.client_secret, False, done=lambda _f: desktop.context.choose(name)
    )
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=TIMEOUT_MS)


def drop_file(desktop: Desktop, path: Path) -> ImportPage:
    """Drop a file on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(200, 200),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    desktop.window.dropEvent(event)
    page = desktop.window.page
    assert isinstance(page, ImportPage)
    return page


def go_to_step(page: ImportPage, qtbot, at: int) -> None:
    """Press the button to the next step, and wait until that is there and has done its work."""
    qtbot.waitUntil(lambda: page.next.isEnabled(), timeout=TIMEOUT_MS)
    qtbot.mouseClick(page.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.at >= at, timeout=TIMEOUT_MS)
    if at < SEND:
        qtbot.waitUntil(lambda: not page.parts[at].busy, timeout=TIMEOUT_MS)


def open_match_step(desktop: Desktop, path: Path, qtbot) -> ImportPage:
    """Drop a file and go on as far as the matching."""
    page = drop_file(desktop, path)
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    go_to_step(page, qtbot, MATCH)
    return page


def open_review_step(desktop: Desktop, path: Path, qtbot) -> ImportPage:
    """Drop a file and go on as far as the review; where there is a school, until its rows are planned."""
    page = open_match_step(desktop, path, qtbot)
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    return page


def wait_for_review(page: ImportPage, qtbot) -> None:
    """Wait until the rows are checked, and planned where there is a school, and are in the grid."""
    step, wizard = page.parts[REVIEW], page.wizard
    qtbot.wait(10)  # an editor hands its text over in the next round of events
    qtbot.waitUntil(lambda: not step.busy and wizard.findings is not None, timeout=TIMEOUT_MS)
    if step.school:
        qtbot.waitUntil(lambda: wizard.review is not None and not step.busy, timeout=TIMEOUT_MS)
    qtbot.waitUntil(
        lambda: step.view.model is not None and step.view.model.rowCount() > 0, timeout=TIMEOUT_MS
    )


def type_into(view, qtbot, line: int, header: str, text: str) -> None:
    """Change a cell of a grid by typing."""
    index = view.model.index(line, view.model.rows.titles.index(header))
    view.table.setCurrentIndex(index)
    view.table.edit(index)
    field = view.table.findChild(QLineEdit)
    field.setText(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def send(page: ImportPage, qtbot) -> None:
    """Press the button that sends, and wait until the job has ended."""
    go_to_step(page, qtbot, SEND)
    qtbot.waitUntil(lambda: page.ended, timeout=TIMEOUT_MS)


def text_of(page: ImportPage, line: int, header: str) -> str:
    """A cell of the grid of the review, by the header of its column."""
    model = page.parts[REVIEW].view.model
    return model.cell(line, model.rows.titles.index(header)).text


def running_import(desktop: Desktop, slow, tmp_path: Path, qtbot, *, rows: int) -> ImportPage:
    """The import page in the middle of sending so many rows."""
    book = openpyxl.Workbook()
    book.active.append(["Email", "Username"])
    for n in range(rows):
        book.active.append([f"person{n}@intake.example", f"Person {n}"])
    book.save(path := tmp_path / "people.xlsx")
    connect_school(desktop, slow, qtbot)
    page = open_review_step(desktop, path, qtbot)
    go_to_step(page, qtbot, SEND)
    qtbot.waitUntil(
        lambda: page.view.now is not None and page.view.now.rows.get("done", 0) > 2, timeout=TIMEOUT_MS
    )
    return page
