"""The small square at the corner of the selection: dragged down, it repeats the selected cells below them."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lwdesk.base.text import _
from lwdesk.ui.colours import colours
from lwdesk.ui.tables import Table
from lwdesk.ui.tips import set_tip

_SIDE = 9


class FillHandle(QWidget):
    """Follows the selection of a table. `dropped`: first and last line of the cells to be repeated, the line down to
    which they are, their first and last column. While it is dragged, rows stay where they are."""

    dropped = Signal(int, int, int, int, int)

    def __init__(self, table: Table):
        super().__init__(table.viewport())
        self._table = table
        # While the square is dragged: the cells that are repeated, the line that it was dragged to, and what keeps the
        # rows on their lines.
        self._block: QItemSelectionRange | None = None
        self._last = self._holder = 0
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
        if self._block is not None or event.button() != Qt.MouseButton.LeftButton:
            return
        if len(blocks := self._table.blocks()) == 1:
            self._block, self._last = blocks[0], blocks[0].bottom()
            self._holder = self._table.cells.hold()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        line = self._table.rowAt(self.mapToParent(event.position().toPoint()).y())
        if self._block is None or line < 0:
            return
        self._last = max(line, self._block.bottom())
        model = self._table.model()
        last = model.index(self._last, self._block.right())
        chosen = QItemSelection(model.index(self._block.top(), self._block.left()), last)
        self._table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._table.scrollTo(model.index(line, self._block.right()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        block, self._block = self._block, None
        if block is None:
            return
        if self._last > block.bottom():
            self.dropped.emit(block.top(), block.bottom(), self._last, block.left(), block.right())
        self._table.cells.release(self._holder)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().card))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor(colours().accent))
