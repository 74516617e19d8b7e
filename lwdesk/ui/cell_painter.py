"""Paints the cells of a table, and makes their editors."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QAbstractItemModel, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lwdesk.app.job.rows import Cell
from lwdesk.ui.colours import colours
from lwdesk.ui.table_model import Index, TableModel
from lwdesk.ui.theme import font, grown
from lwdesk.ui.title_edit import TitleEdit
from lwdesk.ui.widgets import SIGNS

# A line edit cuts a longer text, and takes no more than 32,767 letters unless it is told to.
_MOST_LETTERS = 100_000_000
# Tone -> the role of the theme's colour for the words, and for the sign before them.
_INK = {
    "done": ("text", "done"),
    "look": ("look", "look"),
    "failed": ("failed", "failed"),
    "accent": ("accent", "accent"),
    "create": ("done", "done"),
    "update": ("accent", "accent"),
    "sending": ("accent", "accent"),
    "waiting": ("quiet", "quiet"),
    "same": ("quiet", "quiet"),
    "quiet": ("quiet", "quiet"),
    "plain": ("quiet", "quiet"),
}


class CellPainter(QStyledItemDelegate):
    """Paints cells: a problem is tinted, underlined and has its sign; a status has its sign and colour.

    An editor belongs to its row: as long as it is open, the model keeps all rows where they are, and what was typed
    goes to the row by its id. An editor carries its row, column and text as properties: Qt deletes it together with its
    table, so that nothing here may hold it.
    """

    def __init__(self, model: TableModel, parent: QWidget):
        super().__init__(parent)
        self._model = model
        self.titles: Mapping[int, Sequence[str]] = {}  # column -> what its cells can name
        self.single: Collection[int] = ()  # the columns that take one value, no list
        self.apply_theme()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = index.column()
        if titles := self.titles.get(column):
            editor: QWidget = TitleEdit(titles, parent, several=column not in self.single)
        else:
            editor = super().createEditor(parent, option, index)
        assert isinstance(editor, QLineEdit)
        editor.setMaxLength(_MOST_LETTERS)
        holder = self._model.hold()
        for name, value in (("row", self._model.id_at(index.row())), ("column", column), ("holder", holder)):
            editor.setProperty(name, value)
        return editor

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self._model.release(editor.property("holder"))
        editor.setProperty("holder", None)  # it is deleted later
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        super().setEditorData(editor, index)
        assert isinstance(editor, QLineEdit)
        editor.setProperty("before", editor.text())

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        text = editor.text()
        if text != editor.property("before"):
            editor.setProperty("before", text)
            self._model.put(editor.property("row"), editor.property("column"), text)

    def apply_theme(self) -> None:
        """Take the theme's colours and type."""
        self._colours = {role: QColor(value) for role, value in vars(colours()).items()}
        self._plain, self._bold = font(), font(strong=True)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, grown(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell, found = self._model.cell(index.row(), index.column()), self._colours
        rect, tone = option.rect, cell.tone
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if cell.mark:  # a selected cell keeps its problem
            painter.fillRect(rect, found[f"{tone}_tint"])
        elif selected:
            painter.fillRect(rect, found["accent_tint"])
        painter.setPen(found["line"])
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if cell.mark:
            painter.fillRect(rect.left(), rect.bottom() - 1, rect.width(), 2, found[tone])
        ink, loud = _INK.get(tone, ("text", "text"))
        sign = SIGNS.get(tone, "") if cell.mark or cell.sign else ""
        words = found["text" if cell.mark else ink]
        self._write(painter, QRectF(rect).adjusted(10, 0, -8, 0), cell, sign, words, found[loud])
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(found["accent"])
            painter.drawRect(rect.adjusted(0, 0, -1, -2))

    def _write(
        self, painter: QPainter, rect: QRectF, cell: Cell, sign: str, ink: QColor, loud: QColor
    ) -> None:
        painter.setFont(self._bold if cell.strong else self._plain)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        if sign:
            painter.setPen(loud)
            painter.drawText(rect, flags, sign)
            rect = rect.adjusted(painter.fontMetrics().horizontalAdvance(sign) + 6, 0, 0, 0)
        painter.setPen(ink)
        text = cell.text if len(cell.text) < 400 else cell.text[:400]
        painter.drawText(
            rect,
            flags,
            painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width())),
        )
