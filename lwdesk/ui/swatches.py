"""A row of colours to choose from."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from lwdesk.base.text import _
from lwdesk.ui.colours import colours
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import row


class Swatches(QWidget):
    """Colours to choose from. `colour` is the selected one, `touched` whether the user selected it."""

    def __init__(self, found: Mapping[str, str]):
        """`found`: colour -> its name, not translated yet."""
        super().__init__()
        self.touched = False
        self._group = QButtonGroup(self)
        layout = row(gap=6)
        for number, (colour, name) in enumerate(found.items()):
            one = _Swatch(colour, _(name))
            one.clicked.connect(self._touch)
            self._group.addButton(one, number)
            layout.addWidget(one)
        self.setLayout(layout)
        self._colours = list(found)
        self.choose(self._colours[0])

    @property
    def colour(self) -> str:
        return self._colours[self._group.checkedId()]

    def choose(self, colour: str) -> None:
        """Select a colour; one that is none of these selects the first."""
        place = self._colours.index(colour) if colour in self._colours else 0
        self._group.button(place).setChecked(True)

    def _touch(self) -> None:
        self.touched = True


class _Swatch(QAbstractButton):
    def __init__(self, colour: str, name: str):
        super().__init__()
        self._colour = colour
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoExclusive(True)  # a radio to screen readers
        self.setAccessibleName(name)
        set_tip(self, name)

    def sizeHint(self) -> QSize:
        return QSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawEllipse(QRectF(5, 5, 18, 18))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked():
            painter.setPen(QPen(QColor(colours().text), 2))
            painter.drawEllipse(QRectF(2, 2, 24, 24))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours().accent), 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(0.5, 0.5, 27, 27))
