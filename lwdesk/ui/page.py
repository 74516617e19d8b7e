"""The base class of pages: a banner for errors, a body that scrolls vertically, a footer."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from lwdesk.base.errors import AppError
from lwdesk.ui.context import Context
from lwdesk.ui.theme import GRID
from lwdesk.ui.widgets import Banner


class Page(QWidget):
    """One page of the window. `Context.go` finds it by `id`; `title` is marked for translation; the help about it is
    the `topic`.

    Add widgets to `body`, which scrolls; `banner` above and `foot` below always stay visible.
    """

    id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    in_sidebar: ClassVar[bool] = True
    at_foot: ClassVar[bool] = False  # of the sidebar
    topic: ClassVar[str] = "first-import"

    def __init__(self, context: Context):
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context = context
        self._successor: Callable[[], QWidget | None] | None = None
        self._tab_next: list[QWidget] = []  # what Tab goes to from a control that disappeared
        self.banner = Banner(context)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(2 * GRID)
        inner = QVBoxLayout()
        inner.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, 3 * GRID)
        inner.setSpacing(2 * GRID)
        inner.addLayout(self.body, 1)
        holder = QWidget()
        holder.setObjectName("page")
        holder.setLayout(inner)
        self.area = scrolling(holder)
        banner_row = QVBoxLayout()
        banner_row.setContentsMargins(4 * GRID, GRID, 4 * GRID, 0)
        banner_row.addWidget(self.banner)
        self.foot = QVBoxLayout()  # without margins: an empty footer takes no space
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(banner_row)
        outer.addWidget(self.area)
        outer.addLayout(self.foot)

    def shown(self, **about: Any) -> None:
        """Called when the page is shown, with the arguments of `Context.go`."""

    @property
    def takes_cells(self) -> bool:
        """Whether cells pasted on this page are opened as a roster."""
        return False

    def help(self) -> str:
        """The place in the help about what the page shows now: a topic, or `topic#heading`."""
        return self.topic

    def kept(self) -> dict[str, Any]:
        """The arguments of `shown` that restore this page after a rebuild. Releases open files."""
        return {}

    def opened(self, path: Path) -> None:
        """Handle a file that was dropped on this page: by default, open it on the import page."""
        self.context.go("import", path=path)

    def go_on(self) -> None:
        """Handle Ctrl+Return: the next step."""

    def again(self) -> None:
        """Handle F5: refresh."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the page in the order of its layouts. Where the control in focus is hidden or disabled, Qt
        calls this too: then the focus is parked, so that the next key can't press a neighbor."""
        if not self.isVisible():  # the page itself is being hidden: its order must not change
            return super().focusNextPrevChild(forward)
        focus = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus) and not (focus.isVisible() and focus.isEnabled()):
            self.park_focus()
            return True
        order_tabs(self)
        if self.hasFocus():
            usable = (w for w in (*self._tab_next, *_laid_out(self)) if isValid(w) and _takes_tab(w, self))
            if forward and (found := next(usable, None)) is not None:
                found.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().focusNextPrevChild(forward)

    def park_focus(self, successor: Callable[[], QWidget | None] | None = None) -> None:
        """Keep the focus on the page itself, where no key presses anything, until `release_focus`.

        `successor` returns the control that takes it then, None while there is none.
        """
        focus, order = self.window().focusWidget(), list(_laid_out(self))
        if focus is not self:
            at = next((n for n, widget in enumerate(order) if widget is focus), len(order))
            self._tab_next = order[at + 1 :]
        if successor is not None or not self.hasFocus():
            self._successor = successor
        self.setFocus()

    def release_focus(self, default: QWidget | None = None) -> None:
        """Give a parked focus to its successor, else to `default`; nothing happens if the user moved it since."""
        if not self.hasFocus():
            return
        found = self._successor() if self._successor is not None else default
        if found is not None and _takes_tab(found, self):
            self._successor = None
            found.setFocus()

    def fail(self, error: AppError) -> None:
        """Show an error in the banner."""
        self.banner.show_error(error)


def page_of(widget: QWidget) -> Page:
    """The page that a widget is on."""
    parent = widget.parentWidget()
    while not isinstance(parent, Page):
        assert parent is not None
        parent = parent.parentWidget()
    return parent


def _takes_tab(widget: QWidget, page: QWidget) -> bool:
    """Whether a control of the page can have the focus now."""
    return widget.isVisibleTo(page) and widget.isEnabledTo(page)


def order_tabs(root: QWidget) -> None:
    """Make the tab order of all that a widget holds the order of its layouts."""
    wanted = list(_laid_out(root))
    for before, after in pairwise(wanted):
        if before.nextInFocusChain() is not after:
            QWidget.setTabOrder(before, after)


def _laid_out(item: QWidget | QLayout) -> Iterator[QWidget]:
    """The widgets that take the focus, in the order of the layouts."""
    if isinstance(item, QLayout):
        for n in range(item.count()):
            inner = item.itemAt(n)
            part = inner.widget() or inner.layout() if inner is not None else None
            if part is not None:
                yield from _laid_out(part)
        return
    if item.focusPolicy() & Qt.FocusPolicy.TabFocus and item.focusProxy() is None:
        yield item
    if isinstance(item, QStackedWidget | QScrollArea):
        front = item.currentWidget() if isinstance(item, QStackedWidget) else item.widget()
        if front is not None:
            yield from _laid_out(front)
    elif (layout := item.layout()) is not None:
        yield from _laid_out(layout)


def scrolling(holder: QWidget, area: QScrollArea | None = None) -> QScrollArea:
    """Wrap a widget in an area (a new one, unless one is given) that scrolls vertically when needed, and never
    horizontally."""
    area = area if area is not None else QScrollArea()
    area.setWidget(holder)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
