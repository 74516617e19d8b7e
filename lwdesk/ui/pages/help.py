"""Help: topics by group, a search through all of them, and the topic that was chosen."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QTreeWidgetItem, QWidget

from lwdesk.base.text import N_, _
from lwdesk.help.search import Found, search
from lwdesk.help.topics import Topic, contents, read
from lwdesk.ui.context import Context
from lwdesk.ui.help.browser import TopicView
from lwdesk.ui.help.tree import PLACE, SENTENCE, TopicTree, item
from lwdesk.ui.page import Page
from lwdesk.ui.theme import grown
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import announce, button, column, label, row


class HelpPage(Page):
    """`shown` takes the `place` to open, a topic or `topic#heading`, and the page of `origin`, to go back to."""

    id: ClassVar[str] = "help"
    title: ClassVar[str] = N_("Help")
    icon: ClassVar[str] = "question"
    at_foot: ClassVar[bool] = True

    def __init__(self, context: Context):
        super().__init__(context)
        self.place = self._origin = ""
        self._past: list[str] = []
        self._topics: dict[str, QTreeWidgetItem] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search the help"))
        self.search.setClearButtonEnabled(True)
        self.side, self.tree = QWidget(), TopicTree()
        self.text = TopicView()
        self.back = button(_("Back"), "link", "caret-left", self.go_back)
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(150)
        self._typing.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._open_first)
        self.tree.itemActivated.connect(self._open_item)
        self.tree.itemClicked.connect(self._open_item)
        self.text.anchorClicked.connect(self._follow)
        for keys, call in ((QKeySequence.StandardKey.Find, self._find), ("Alt+Left", self.go_back)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(call)
        context.theme.changed.connect(self.text.render_topic)
        self._show_contents()

    def _lay_out(self) -> None:
        self.tree.setAccessibleName(_("Topics"))
        self.back.setEnabled(False)
        set_tip(self.back, native_keys("Alt+Left"))
        set_tip(self.search, native_keys(QKeySequence.StandardKey.Find))
        self.side.setLayout(column(self.search, self.tree, gap=8))
        both = row(self.side, gap=16)
        both.addWidget(self.text, 1)
        self.body.addLayout(row(label(_("Help"), "title"), None, self.back))
        self.body.addLayout(both, 1)

    def resizeEvent(self, event: Any) -> None:
        self.side.setFixedWidth(min(grown(260), round(event.size().width() * 0.32)))
        super().resizeEvent(event)

    # Topics ---------------------------------------------------------------------------------------------------

    def shown(self, **about: Any) -> None:
        self.banner.hide()
        if "origin" in about:
            self._origin, self._past = str(about["origin"]), []
        place = str(about.get("place") or self.place or "first-import")
        if place != self.place or "place" in about:
            self._open(place) if "origin" in about else self.open(place)
        if "place" in about:
            self.text.setFocus()

    def help(self) -> str:
        return self.place

    def kept(self) -> dict[str, Any]:
        return {"place": self.place} if self.place else {}

    def open(self, place: str, sentence: str = "") -> None:
        """Show a topic, from a heading on where the place names one, and mark a sentence of it."""
        if self.place and self.place != place:
            self._past.append(self.place)
        self._open(place, sentence)

    def go_back(self) -> None:
        """Show the topic that was shown before, or the page that the help was opened from."""
        if self._past:
            self._open(self._past.pop())
        elif self._origin:
            self.context.go(self._origin)

    def _open(self, place: str, sentence: str = "") -> None:
        self.place = place
        self.back.setEnabled(bool(self._past or self._origin))
        topic, _hash, anchor = place.partition("#")

        def show(found: Topic) -> None:
            if self.place == place:
                self.text.show_topic(found, anchor, sentence)
                self._select(topic)
                announce(self.text, found.title)

        self.context.bridge.run(partial(read, topic), show, self.fail)

    def _follow(self, url: QUrl) -> None:
        """Follow a link: to a topic, a page of the window, the tour, or out of lwdesk."""
        if url.scheme() == "page":
            self.context.go(url.path())
        elif url.scheme() == "tour":
            self.context.go("import", tour=True)
        elif url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)
        else:
            self.open(url.toString())

    # The list -------------------------------------------------------------------------------------------------

    def _show_contents(self) -> None:
        self.tree.clear()
        self._topics = {}
        for number, (title, topics) in enumerate(contents()):
            group, mine = item(title, "", strong=True), {t: item(name, t) for t, name in topics}
            group.addChildren(list(mine.values()))
            self._topics |= mine
            self.tree.addTopLevelItem(group)
            group.setExpanded(number == 0)
        self._select(self.place.partition("#")[0])

    def _select(self, topic: str) -> None:
        """Select the topic in the list of topics, or leave the found sentences as they are."""
        if self.search.text().strip():
            return
        if topic in self._topics:
            self.tree.setCurrentItem(self._topics[topic])

    def _open_item(self, found: QTreeWidgetItem, _column: int = 0) -> None:
        if place := found.data(0, PLACE):
            self.open(place, found.data(0, SENTENCE))
        else:
            found.setExpanded(not found.isExpanded())

    # Search ---------------------------------------------------------------------------------------------------

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search(self) -> None:
        words = self.search.text().strip()
        if not words:
            self._show_contents()
            return

        def show(found: Sequence[Found]) -> None:
            if words == self.search.text().strip():
                self._show_found(found)

        self.context.bridge.run(partial(search, words), show, self.fail)

    def _show_found(self, found: Sequence[Found]) -> None:
        self.tree.clear()
        for one in found:
            topic = item(one.title, one.topic, strong=True)
            topic.addChildren([item(part.text, part.place, sentence=part.text) for part in one.sentences])
            self.tree.addTopLevelItem(topic)
            topic.setExpanded(True)
        if not found:
            self.tree.addTopLevelItem(item(_("No topics match."), ""))
        announce(self.tree, found[0].title if found else _("No results"))

    def _open_first(self) -> None:
        first = self.tree.topLevelItem(0)
        if first is not None and first.data(0, PLACE):
            self._open_item(first.child(0) or first)
            self.text.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the search to what was found; Esc ends the search."""
        first = self.tree.topLevelItem(0)
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus() and first is not None:
            self.tree.setFocus()
            self.tree.setCurrentItem(first)
        elif event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)
