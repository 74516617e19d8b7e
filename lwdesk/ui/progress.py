"""A bar that shows how far a job is, divided by what became of its rows."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lwdesk.base.text import _
from lwdesk.ui.colours import colours

_PARTS = (
    ("done", "done"),
    ("unchanged", "quiet"),
    ("skipped", "quiet"),
    ("unsure", "look"),
    ("conflict", "look"),
    ("failed", "failed"),
)


class OutcomeBar(QWidget):
    """A stacked bar of outcomes in a fixed order. The numbers are shown as text beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Mapping[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Progress"))

    def set(self, counts: Mapping[str, int]) -> None:
        """Show rows by outcome; those in no outcome yet are to come."""
        self._counts = counts
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        found, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), QColor(found.line))
        total, left = sum(self._counts.values()), 0.0
        for outcome, role in _PARTS:
            if count := self._counts.get(outcome, 0):
                width = self.width() * count / total
                painter.fillRect(QRectF(left, 0, max(width, 2), self.height()), QColor(getattr(found, role)))
                left += width
