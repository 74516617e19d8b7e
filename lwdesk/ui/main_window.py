"""The window: the school on top, the pages at the side, the page in front. A file may be dropped anywhere."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from lwdesk.base.errors import AppError
from lwdesk.base.text import _
from lwdesk.ui.context import Context
from lwdesk.ui.drop import choose_file, dropped
from lwdesk.ui.exporting.target import folder_of
from lwdesk.ui.header import Header
from lwdesk.ui.icons import icon
from lwdesk.ui.leaving import Leaving
from lwdesk.ui.page import Page
from lwdesk.ui.pages import PAGES
from lwdesk.ui.secret_prompt import SecretPrompt
from lwdesk.ui.theme import grown
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import button, column, restyle, row

# The smallest size of the window's content, in pixels.
_LEAST = (720, 480)


class _Pages(QStackedWidget):
    """The pages. It needs as much room as the page in front does, however much the others need."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _page: self.updateGeometry())

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        """The least: it is given what is left."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        layout = page.layout() if page is not None else None
        if page is None or layout is None:
            return super().minimumSizeHint()
        least = page.minimumSizeHint()
        return QSize(least.width(), max(least.height(), layout.totalMinimumHeightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()


class MainWindow(QMainWindow):
    """Header, sidebar and a stack of pages, each made when it is first shown."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.leaving = Leaving(self, context)
        self.setWindowTitle("lwdesk")
        self.setAcceptDrops(True)
        self.fit_screen(1180, 740)
        self._kinds = {kind.id: kind for kind in PAGES}
        self._pages: dict[str, Page] = {}
        self._nav: dict[str, QPushButton] = {}
        self._pasting = False
        self._lay_out()
        self._shortcuts()
        context.navigated.connect(self._on_navigated)
        context.failed.connect(self._fail)
        context.theme.changed.connect(self._apply_theme)
        context.update_found.connect(self._on_update)
        self._apply_theme()
        next(iter(self._nav.values())).setFocus()

    @property
    def page(self) -> Page:
        """The page in front."""
        found = self.stack.currentWidget()
        assert isinstance(found, Page)
        return found

    def show_page(self, page: str, **about: Any) -> Page:
        """Bring a page to the front; it is made if it was not yet."""
        if page not in self._pages:
            self._pages[page] = self._kinds[page](self.context)
            self.stack.addWidget(self._pages[page])
        found, before = self._pages[page], self.stack.currentWidget()
        if page == "help" and isinstance(before, Page) and before is not found:
            about["origin"] = before.id
        self.stack.setCurrentWidget(found)
        if page in self._nav:
            self._mark(page)
        found.shown(**about)
        return found

    def _mark(self, page: str) -> None:
        """Mark the entry of the page in front, for eyes and for screen readers."""
        for name, found in self._nav.items():
            found.setIcon(icon(self._kinds[name].icon, "accent" if name == page else "quiet"))
            found.setAccessibleDescription(_("current page") if name == page else "")
            restyle(found, current=name == page)

    def fit_screen(self, width: int, height: int) -> None:
        """Take this size, or what the screen has room for."""
        room = self.screen().availableGeometry().size()
        self.resize(QSize(width, height).boundedTo(room))

    def choose_file(self) -> None:
        """Ctrl+O: choose a file to import."""
        if (path := choose_file(self)) is not None:
            self.page.opened(path)

    def rebuild(self) -> None:
        """Rebuild all pages, as after a change of the language, and restore the state of each."""
        front, kept = self.page.id, {name: page.kept() for name, page in self._pages.items()}
        self.context.invalidate()
        self._pasting = False
        old = self.takeCentralWidget()
        assert old is not None
        self._pages, self._nav = {}, {}
        self._lay_out()
        old.deleteLater()
        for name in sorted(kept, key=lambda name: name == front):  # the one in front comes last
            if kept[name] or name == front:
                self.show_page(name, **kept[name])
        self._apply_theme()

    def _lay_out(self) -> None:
        self.stack, self.header = _Pages(), Header(self.context)
        self.secret = SecretPrompt(self.context)
        self.context.work.unlock = self.secret.ask
        side = QWidget()
        side.setObjectName("sidebar")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setAccessibleName(_("Pages"))
        layout = column(gap=4)
        layout.setContentsMargins(8, 16, 8, 16)
        foot = column(gap=4)
        for kind in PAGES:
            if kind.in_sidebar:
                found = self._nav_button(kind)
                set_tip(found, native_keys(f"Ctrl+{len(self._nav) + 1}"))
                self._nav[kind.id] = found
                (foot if kind.at_foot else layout).addWidget(found)
        layout.addStretch(1)
        layout.addLayout(foot)
        self.newer = button(
            "", "link", "arrow-circle-up", lambda: self.context.go("settings", part="updates")
        )
        self.newer.hide()
        layout.addWidget(self.newer)
        side.setLayout(layout)
        self.side = side
        middle = row(side, gap=0)
        front = column(self.secret, gap=0)
        front.addWidget(self.stack, 1)
        middle.addLayout(front, 1)
        holder = QWidget()
        whole = column(self.header, gap=0)
        whole.addLayout(middle, 1)
        holder.setLayout(whole)
        holder.setMinimumSize(*_LEAST)  # else a page that is being rearranged could widen the window
        self.setCentralWidget(holder)

    def _nav_button(self, kind: type[Page]) -> QPushButton:
        found = QPushButton(f"  {_(kind.title)}")
        found.setProperty("kind", "nav")
        found.setAutoDefault(True)
        found.setAccessibleName(_(kind.title))
        found.setIcon(icon(kind.icon, "quiet"))
        found.setIconSize(QSize(20, 20))
        found.clicked.connect(lambda _checked=False: self.context.go(kind.id))
        return found

    def _shortcuts(self) -> None:
        def on(keys: str | QKeySequence.StandardKey, call: Callable[[], object]) -> None:
            QShortcut(QKeySequence(keys), self).activated.connect(call)

        on(QKeySequence.StandardKey.Open, self.choose_file)
        on("Ctrl+Return", lambda: self.page.go_on())
        on("Ctrl+Enter", lambda: self.page.go_on())
        on("F5", lambda: self.page.again())
        on("F1", lambda: self.context.go("help", place=self.page.help()))
        for number, page in enumerate(self._nav, 1):
            on(f"Ctrl+{number}", partial(self.context.go, page))

    def _on_navigated(self, page: str, about: object) -> None:
        assert isinstance(about, dict)
        self.show_page(page, **about)

    def _fail(self, error: object) -> None:
        assert isinstance(error, AppError)
        self.page.fail(error)

    def _on_update(self) -> None:
        found = self.context.newer
        self.newer.setVisible(found is not None)
        self.newer.setText(_("Version {version} is available").format(version=found.version) if found else "")

    def _apply_theme(self) -> None:
        self.side.setFixedWidth(min(grown(200), 240))
        for page in self._pages.values():  # those that are hidden would keep the sizes of the old letters
            for layout in page.findChildren(QLayout):
                layout.invalidate()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.page.opened(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cells that are pasted where no field takes them are a roster without a file."""
        if event.matches(QKeySequence.StandardKey.Paste) and self.page.takes_cells:
            self._paste(self.page)
        else:
            super().keyPressEvent(event)

    def _paste(self, page: Page) -> None:
        """Open the cells in the clipboard on a page, unless others are being opened."""
        if self._pasting:
            return
        self._pasting = True

        def kept(path: str) -> None:
            self._pasting = False
            page.opened(Path(path))

        def failed(error: AppError) -> None:
            self._pasting = False
            page.fail(error)

        folder = str(folder_of(self.context.settings))
        text = QApplication.clipboard().text()
        ask = partial(self.context.work.ask, "pasted.keep", text, folder, done=kept, failed=failed)
        QTimer.singleShot(0, ask)  # a large text takes a moment to get, and another one to be sent

    def closeEvent(self, event: QCloseEvent) -> None:
        shape = [self.width(), self.height()]
        if self.context.settings.section("window").get("size") != shape:
            self.context.settings.change("window", "size", shape)
        if not self.leaving.may_close():
            event.ignore()
            return
        super().closeEvent(event)
