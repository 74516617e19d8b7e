"""Cards side by side, as many as fit, each row as high as its highest."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from lwdesk.ui.theme import GRID, grown


class CardGrid(QWidget):
    """A grid of cards with as many columns as its width allows."""

    def __init__(self, cards: Sequence[QWidget], least: int = 180, most: int = 4):
        super().__init__()
        self._cards, self._least, self._most = list(cards), least, most
        self._shown = self._cards
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(2 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._lay_out(self._most)

    def cards(self) -> list[QWidget]:
        return list(self._cards)

    def set_cards(self, cards: Sequence[QWidget]) -> None:
        """Show other cards."""
        for old in self._cards:
            self._grid.removeWidget(old)
            old.deleteLater()
        self._cards = self._shown = list(cards)
        self._relayout()

    def show_only(self, cards: Sequence[QWidget]) -> None:
        """Hide all cards but these, and close the gaps."""
        if list(cards) == self._shown:
            return
        self._shown = list(cards)
        for found in self._cards:
            self._grid.removeWidget(found)
            found.setVisible(found in self._shown)
        self._relayout()

    def _relayout(self) -> None:
        across, self._across = self._across, 0
        self._lay_out(across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = (event.size().width() + 2 * GRID) // (grown(self._least) + 2 * GRID)
        self._lay_out(max(1, min(self._most, room)))
        wide = (event.size().width() - (self._across - 1) * 2 * GRID) // self._across
        for n in range(
            self._across
        ):  # where there is no card Qt leaves no gap: all are as wide as in a full row
            self._grid.setColumnMinimumWidth(n, wide + 2 * GRID * (n >= len(self._shown)))

    def minimumSizeHint(self) -> QSize:
        return QSize(grown(self._least), self._grid.minimumSize().height())

    def _lay_out(self, across: int) -> None:
        if across == self._across:
            return
        for old in range(self._across):
            self._grid.setColumnStretch(old, 0)
            self._grid.setColumnMinimumWidth(old, 0)
        self._across = across
        for n, found in enumerate(self._shown):
            self._grid.addWidget(found, n // across, n % across)
        for n in range(across):
            self._grid.setColumnStretch(n, 1)
