"""Shows a topic of the help."""

from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

from lwdesk.help.topics import Topic
from lwdesk.ui.help.document import fill, picture_size
from lwdesk.ui.help.pictures import picture
from lwdesk.ui.theme import GRID


class TopicView(QTextBrowser):
    """A text with links, which are for the page to follow: `anchorClicked`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topic")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self._topic: Topic | None = None
        self._document: QTextDocument | None = None
        self._places: dict[str, int] = {}
        self._size = picture_size(0)
        self._later = QTimer(self)  # the pictures fit the width, once it has settled
        self._later.setSingleShot(True)
        self._later.setInterval(50)
        self._later.timeout.connect(self._fit)

    def show_topic(self, topic: Topic, anchor: str = "", sentence: str = "") -> None:
        """Show a topic from the heading with this name on, a sentence of it selected."""
        self._topic = topic
        self.render_topic()
        place = QTextCursor(self.document())
        place.setPosition(self._places.get(anchor, 0))
        found = self.document().find(sentence, place) if sentence else place
        self.setTextCursor(place if found.isNull() else found)
        QTimer.singleShot(0, self, self._to_cursor)  # as soon as the text is laid out

    def render_topic(self) -> None:
        """Write the topic again, as after a change of the theme. It stays where it was."""
        if self._topic is None:
            return
        at = self.verticalScrollBar().value()
        self._size = picture_size(self.viewport().width())
        before, self._document = self._document, QTextDocument(self)
        document = self._document
        document.setDefaultFont(self.font())
        self._places = fill(document, self._topic)
        self.setDocument(document)
        if before is not None:  # the first one was the browser's own
            before.deleteLater()
        self.setAccessibleName(self._topic.title)
        self.verticalScrollBar().setValue(at)

    def _to_cursor(self) -> None:
        """Scroll so that the line of the cursor is on top, with the heading above it in sight."""
        start = QTextCursor(self.document())
        start.setPosition(self.textCursor().selectionStart())
        bar = self.verticalScrollBar()
        above = 0 if not self.textCursor().hasSelection() else self.viewport().height() // 3
        bar.setValue(bar.value() + self.cursorRect(start).top() - 2 * GRID - above)

    def _fit(self) -> None:
        if picture_size(self.viewport().width()) != self._size and "](picture:" in self._text():
            self.render_topic()

    def _text(self) -> str:
        return self._topic.text if self._topic is not None else ""

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Draw the pictures; nothing is ever fetched from anywhere."""
        url = QUrl(name)
        if kind == QTextDocument.ResourceType.ImageResource.value and url.scheme() == "picture":
            return picture(url.path(), self._size, self.devicePixelRatioF())
        return None

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._later.start()
