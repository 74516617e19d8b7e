"""Things side by side that go on in the next line where the width ends."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QWidget

from lwdesk.ui.theme import GRID, grown


class Flow(QLayout):
    """A layout that wraps its widgets into lines, which are left-aligned; `end`: right-aligned, `middle`: centred."""

    def __init__(self, *widgets: QWidget, gap: int = GRID, end: bool = False, middle: bool = False):
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap, self._share = gap, 1.0 if end else 0.5 if middle else 0.0
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self._gap * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        shown = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(*(max((f(size) for size in shown), default=0) for f in (QSize.width, QSize.height)))

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Put everything in lines. Returns their height."""
        top = rect.y()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item in line)
            width = sum(item.sizeHint().width() for item in line) + self._gap * (len(line) - 1)
            left = rect.x() + round((rect.width() - width) * self._share)
            for item in line:
                size = item.sizeHint()
                if move:
                    item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self._gap
            top += height + self._gap
        return max(0, top - self._gap - rect.y())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = -1
        for item in (item for item in self._items if not item.isEmpty()):
            needed = item.sizeHint().width()
            if not lines or needed > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= needed + self._gap
        return lines


class Beside(QWidget):
    """Words with what belongs to them at the right; below, where less than `least` pixels were left for the words."""

    def __init__(self, words: QLayout, more: QLayout, least: int = 260):
        super().__init__()
        self._more, self._least = more, least
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(2 * GRID)
        self._line.addLayout(words, 1)
        self._line.addLayout(more)

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = event.size().width() - self._more.sizeHint().width()
        below = room < grown(self._least)
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        self._line.setDirection(way)
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part: the parts go below each other then."""
        return QSize(self._more.minimumSize().width(), self._line.minimumSize().height())
