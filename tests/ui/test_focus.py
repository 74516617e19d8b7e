"""The keyboard: Tab goes through a page as the eye does, Enter presses, each step begins at a sensible place."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget

from lwdesk.practice.server import Practice
from lwdesk.ui.pages import PAGES
from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW
from tests.ui.actions import (
    TIMEOUT_MS,
    connect_school,
    go_to_step,
    open_match_step,
    open_review_step,
    wait_for_review,
)


def chain(window, qtbot) -> list[QWidget]:
    """The widgets that Tab goes to, in its order, from the first in the header on."""
    found: list[QWidget] = []
    window.activateWindow()
    window.header.school.setFocus()
    while (at := window.focusWidget()) not in found:
        found.append(at)
        qtbot.keyClick(at, Qt.Key.Key_Tab)
    return found


def jumps(window, qtbot) -> list[str]:
    """Where Tab goes back up or to the left, other than into the next column."""
    wrong, front = [], window.page
    widgets = [w for w in chain(window, qtbot) if front.isAncestorOf(w)]
    for one, other in pairwise(widgets):
        if area(one) is not area(other):
            continue  # what scrolls has what does not above and below it
        place, after = (unscrolled(w, front) for w in (one, other))
        above = after.y() + other.height() <= place.y()
        left = after.x() + other.width() <= place.x() and after.y() < place.y() + one.height()
        if (above and after.x() <= place.x() + one.width() // 2) or left:
            wrong.append(f"{named(one)} at {place.toTuple()} -> {named(other)} at {after.toTuple()}")
    return wrong


def area(widget) -> QScrollArea | None:
    """What scrolls a widget."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def unscrolled(widget, page) -> QPoint:
    """Where a widget is on a page that is not scrolled."""
    found, parent = widget.mapTo(page, QPoint(0, 0)), widget.parentWidget()
    while parent is not page:
        if isinstance(parent, QScrollArea):
            found += QPoint(0, parent.verticalScrollBar().value())
        parent = parent.parentWidget()
    return found


def named(widget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r}"


@pytest.mark.parametrize("page", [kind.id for kind in PAGES if kind.in_sidebar])
def test_tab_goes_through_every_page_as_the_eye_does(connected, page, qtbot):
    connected.window.show_page(page)
    qtbot.wait(300)
    assert not jumps(connected.window, qtbot)
    order = chain(connected.window, qtbot)
    places = [order.index(connected.window._nav[kind.id]) for kind in PAGES if kind.in_sidebar]
    assert places == sorted(places) and max(places) < min(
        n for n, found in enumerate(order) if connected.window.page.isAncestorOf(found)
    )


def test_tab_goes_through_every_step_as_the_eye_does(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    wait_for_review(page, qtbot)
    for step in (FILE, MATCH, REVIEW):
        page.show_step(step)
        qtbot.waitUntil(lambda step=step: not page.parts[step].busy, timeout=TIMEOUT_MS)
        qtbot.wait(300)
        assert not jumps(connected.window, qtbot), step


def test_enter_presses_the_button_that_has_the_focus(connected, qtbot):
    window = connected.window
    window.activateWindow()
    for name in ("export", "jobs", "home"):
        window._nav[name].setFocus()
        qtbot.keyClick(window._nav[name], Qt.Key.Key_Return)
        assert window.page.id == name
    found = next(
        w for w in window.page.findChildren(QPushButton) if w.accessibleName() == "Enroll users in products"
    )
    qtbot.keyClick(found, Qt.Key.Key_Enter)
    assert window.page.id == "import"


def test_each_step_begins_at_its_first_sensible_place(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    table = page.parts[REVIEW].view.table
    qtbot.waitUntil(lambda: connected.window.focusWidget() is table, timeout=TIMEOUT_MS)
    for step in (MATCH, FILE):
        page.go_back()
        qtbot.waitUntil(lambda step=step: not page.parts[step].busy, timeout=TIMEOUT_MS)
        qtbot.waitUntil(lambda: connected.window.focusWidget() is page.next, timeout=TIMEOUT_MS)


@pytest.fixture
def lazy():
    """A practice school that answers late, so that cells can be edited while the plan is made."""
    with Practice(users=20, limit=False, latency=0.5) as school:
        yield school


def visible_button(qtbot, where, words) -> QPushButton:
    """The button of these words, as soon as it is there."""
    found = lambda: [b for b in where.findChildren(QPushButton) if words in b.text() and b.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: bool(found()), timeout=TIMEOUT_MS)
    return found()[0]


def press(qtbot, widget, key) -> None:
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus, timeout=TIMEOUT_MS)
    qtbot.keyClick(widget, key)


def test_the_end_of_the_plan_leaves_the_focus_in_the_grid(desktop, lazy, tmp_path, qtbot):
    connect_school(desktop, lazy, qtbot)
    desktop.window.activateWindow()
    path = tmp_path / "people.csv"
    path.write_text("Email,Company\n" + "\n".join(f"u{n}@p.example,Firm {n}" for n in range(4)))
    page = open_match_step(desktop, path, qtbot)
    go_to_step(page, qtbot, REVIEW)
    view = page.parts[REVIEW].view
    qtbot.waitUntil(lambda: view.model is not None and view.model.rowCount() == 4, timeout=TIMEOUT_MS)
    assert page.wizard.review is None
    cell = view.table.visualRect(view.model.index(1, 3)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(page.next.isEnabled, timeout=TIMEOUT_MS)
    qtbot.wait(300)
    assert view.table.hasFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.wait(300)
    assert page.at == REVIEW


def test_what_replaces_a_pressed_control_of_the_review_takes_its_focus(connected, roster, qtbot):
    connected.window.activateWindow()
    page = open_review_step(connected, roster, qtbot)
    step = page.parts[REVIEW]
    side = step.view.side
    focused = lambda: connected.window.focusWidget()  # noqa: E731
    words = lambda: getattr(focused(), "text", str)()  # noqa: E731
    press(qtbot, visible_button(qtbot, side, "Skip this row"), Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: words() == "Include this row", timeout=TIMEOUT_MS)
    press(qtbot, visible_button(qtbot, side, "Use “"), Qt.Key.Key_Return)
    wait_for_review(page, qtbot)
    qtbot.waitUntil(lambda: step.view.side.isAncestorOf(focused()), timeout=TIMEOUT_MS)
    qtbot.waitUntil(step.undo.isEnabled, timeout=TIMEOUT_MS)
    for n, undo in enumerate((True, False)):
        press(qtbot, step.undo, Qt.Key.Key_Space)
        wait_for_review(page, qtbot)
        qtbot.waitUntil(step.redo.isEnabled, timeout=TIMEOUT_MS)
        qtbot.waitUntil((step.undo if undo else step.redo).hasFocus, timeout=TIMEOUT_MS)
        assert page.at == REVIEW, n
