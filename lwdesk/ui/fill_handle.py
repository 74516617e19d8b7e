"""The small square at the corner of the selection: dragged down, it fills the cells below with the topmost ones."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lwdesk.base.text import _
from lwdesk.ui.colours import colours
from lwdesk.ui.tables import Table
from lwdesk.ui.tips import set_tip

_SIDE = 9


class FillHandle(QWidget):
    """Follows the selection of a table. `dropped`: the cells to be filled are selected."""

    dropped = Signal()

    def __init__(self, table: Table):
        super().__init__(table.viewport())
        self._table = table
        self._top, self._left, self._right = 0, 0, 0  # the cells that are filled from
        self.setFixedSize(_SIDE, _SIDE)
        self.setCursor(Qt.CursorShape.CrossCursor)
        set_tip(self, _("Drag down to fill the cells below"))
        self.hide()
        header = table.horizontalHeader()
        for signal in (
            table.selectionModel().selectionChanged,
            table.horizontalScrollBar().valueChanged,
            table.verticalScrollBar().valueChanged,
            header.sectionResized,
            header.sectionMoved,
            table.model().layoutChanged,
            table.model().modelReset,
        ):
            signal.connect(lambda *_args: self.place())

    def place(self) -> None:
        """Go to the corner of the selection, where that is one block of cells that can be edited."""
        ranges = self._table.selectionModel().selection()
        corner = ranges.first().bottomRight() if ranges.size() == 1 else None
        if corner is None or not corner.flags() & Qt.ItemFlag.ItemIsEditable:
            self.hide()
            return
        rect = self._table.visualRect(corner)
        self.move(rect.right() - _SIDE + 2, rect.bottom() - _SIDE + 2)
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        chosen = self._table.selectionModel().selection()
        block = chosen.first()
        self._top, self._left, self._right = block.top(), block.left(), block.right()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = self._table.rowAt(self.mapToParent(event.position().toPoint()).y())
        if line < self._top:
            return
        model = self._table.model()
        block = QItemSelection(model.index(self._top, self._left), model.index(line, self._right))
        self._table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._table.scrollTo(model.index(line, self._right))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.dropped.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().card))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor(colours().accent))
