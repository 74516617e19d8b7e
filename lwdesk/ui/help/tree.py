"""A tree whose lines wrap: topics, and the sentences that were found in them."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from lwdesk.ui.theme import GRID, font, grown

# What an item leads to: a place in the help, and the sentence to mark there.
PLACE, SENTENCE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class TopicTree(QTreeWidget):
    """One column without a header."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setIndentation(grown(14))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # else lines would wrap again when it appears
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Wrapping(self))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _Wrapping(QStyledItemDelegate):
    """Gives each item the height that its text takes."""

    def __init__(self, tree: TopicTree):
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        indents = 2 if index.parent().isValid() else 1
        width = self._tree.viewport().width() - indents * self._tree.indentation() - 12
        letters = index.data(Qt.ItemDataRole.FontRole)
        metrics = QFontMetrics(letters if isinstance(letters, QFont) else self._tree.font())
        wrap = Qt.TextFlag.TextWordWrap.value
        height = metrics.boundingRect(QRect(0, 0, width, 10_000), wrap, index.data()).height()
        return QSize(width, height + GRID)


def item(words: str, place: str, *, sentence: str = "", strong: bool = False) -> QTreeWidgetItem:
    """An item of the tree."""
    found = QTreeWidgetItem([words])
    found.setData(0, PLACE, place)
    found.setData(0, SENTENCE, sentence)
    if strong:
        found.setFont(0, font(strong=True))
    return found
