"""The header of an import: its steps, with the current one marked."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QWidget,
)

from lwdesk.base.text import _
from lwdesk.ui.colours import colours
from lwdesk.ui.icons import paint
from lwdesk.ui.theme import font, grown
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import row


class Steps(QWidget):
    """The steps of a way, all visible; those that were done can be gone back to."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str]):
        super().__init__()
        self._names = list(names)
        self._at, self._reached = 0, 0
        self._buttons = [self._button(n, name) for n, name in enumerate(names)]
        layout = row(gap=0)
        for n, found in enumerate(self._buttons):
            if n:
                rule = QFrame()
                rule.setProperty("line", True)
                rule.setFixedWidth(grown(20))
                layout.addWidget(rule)
            layout.addWidget(found)
        layout.addStretch(1)
        self.setLayout(layout)
        self.set(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for all names, the step in front alone shows its name."""
        super().resizeEvent(event)
        for found in self._buttons:
            found.set_brief(self.sizeHint().width() > event.size().width())

    def sizeHint(self) -> QSize:
        rules = (len(self._buttons) - 1) * grown(20)
        return QSize(sum(found.whole for found in self._buttons) + rules, grown(36))

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self._buttons) * grown(36) + grown(80), grown(36))

    def _button(self, number: int, name: str) -> "_Step":
        found = _Step(number, name)
        found.clicked.connect(lambda _checked=False: self.chosen.emit(number))
        return found

    def set(self, at: int, reached: int) -> None:
        """Stand at a step; `reached` is the furthest that can be gone to."""
        self._at, self._reached = at, reached
        for n, found in enumerate(self._buttons):
            found.set(now=n == at, done=n < at or (n < reached and n != at), open_=n <= reached)


class _Step(QPushButton):
    """A number in a circle with its name."""

    def __init__(self, number: int, name: str):
        super().__init__()
        self._number, self._name = number, name
        self.setProperty("kind", "link")
        self.setAutoDefault(True)
        self._now = self._done = self._brief = False
        self._side = grown(24)

    def set(self, *, now: bool, done: bool, open_: bool) -> None:
        self._now, self._done = now, done
        self.setEnabled(open_)
        state = _("current step") if now else _("done") if done else _("to do")
        self.setAccessibleName(f"{self._number + 1}. {self._name} ({state})")
        self.updateGeometry()
        self.update()

    def set_brief(self, brief: bool) -> None:
        """Show the number alone, unless it is the step in front."""
        self._brief = brief
        set_tip(self, self._name if brief else "")
        self.updateGeometry()
        self.update()

    @property
    def whole(self) -> int:
        """The width with the name."""
        return round(QFontMetricsF(font(strong=True)).horizontalAdvance(self._name)) + self._side + 22

    def sizeHint(self) -> QSize:
        return QSize(self._side + 10 if self._brief and not self._now else self.whole, self._side + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side + 10, self._side + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        found, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - self._side) / 2
        circle = QRectF(5, top, self._side, self._side)
        filled = found.accent if self._now else found.done_tint if self._done else found.card
        painter.setPen(
            QPen(QColor(found.accent if self._now else found.done if self._done else found.line), 1)
        )
        painter.setBrush(QColor(filled))
        painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setFont(font("quiet", strong=True))
        if self._done:
            paint(painter, circle.adjusted(6, 6, -6, -6), "check", found.done)
        else:
            painter.setPen(QColor(found.on_accent if self._now else found.quiet))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number + 1))
        painter.setFont(font(strong=True))
        painter.setPen(QColor(found.text if self._now else found.quiet))
        words = QRectF(circle.right() + 8, 0, self.width() - circle.right() - 8, self.height())
        if self._now or not self._brief:
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._name)
        if self.hasFocus():
            painter.setPen(QPen(QColor(found.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
