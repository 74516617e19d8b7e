"""Tables over a journal: as many rows as there are cost nothing, for only those that are seen are read.

Filtering and sorting make a list of row ids on a thread; cells are read a few hundred at a time when they are painted.
"""

import time
from array import array
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from lwdesk.app.job.rows import Cell, Filter, Rows
from lwdesk.base.errors import AppError
from lwdesk.ui.bridge import Bridge
from lwdesk.ui.colours import colours
from lwdesk.ui.theme import font, grown
from lwdesk.ui.tips import plain_tip
from lwdesk.ui.title_edit import TitleEdit
from lwdesk.ui.widgets import SIGNS

_CHUNK = 32
_MOST_CHUNKS = 160
# How many times as long as the last reading took the next one of the same rows waits.
_REST = 4
# Columns that are made as wide as their cells need, at most.
_MOST_FITTED = 30
_EMPTY = Cell("")
Index = QModelIndex | QPersistentModelIndex

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


class TableModel(QAbstractTableModel):
    """Rows of a journal. `edited` says (row id, column, new text); `filled` how many rows the filter leaves."""

    edited = Signal(int, int, str)
    filled = Signal(int)

    def __init__(self, bridge: Bridge, rows: Rows, editable: Callable[[int], bool] = lambda _column: False):
        super().__init__()
        self._bridge, self.rows, self._editable = bridge, rows, editable
        self._ids: array[int] = array("q")
        self._chunks: dict[int, dict[int, list[Cell]]] = {}
        self.filter = Filter()
        self._wanted: Filter | None = None  # what is asked for, or was last
        self._asking = False
        self._stale = False
        self._closed = False
        self._ready = 0.0  # when (monotonic seconds) the same filter may be asked for again
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.load)

    def load(self, chosen: Filter | None = None) -> None:
        """Read again, on a thread, one at a time: another filter at once; the same when the last reading is long enough
        ago, so that a job that moves does not keep the computer busy with being looked at. Cells are again at once."""
        self.filter = chosen or self.filter
        self._later.stop()
        if self._asking:
            self._stale = True
        elif self.filter == self._wanted and (rest := self._ready - time.monotonic()) > 0:
            self._later.start(round(1000 * rest) + 1)
            self._refresh()
        else:
            self._ask()

    def _ask(self) -> None:
        self._asking, self._stale, self._wanted = True, False, self.filter
        wanted, began = self.filter, time.monotonic()

        def read() -> tuple["array[int]", float]:
            return self.rows.ids(wanted), time.monotonic() - began

        self._bridge.run(read, self._loaded, self._failed)

    def _refresh(self) -> None:
        """Reload the visible cells."""
        self._chunks = {}
        self.dataChanged.emit(self.index(0, 0), self.index(0, 0))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def close(self) -> None:
        """Let go of the journal."""
        self._closed = True
        self._later.stop()
        if not self._asking:
            self.rows.close()

    def _loaded(self, found: tuple["array[int]", float]) -> None:
        ids, took = found
        self._asking, self._ready = False, time.monotonic() + _REST * took
        if self._closed:
            self.rows.close()
            return
        if ids != self._ids:
            same = len(ids) == len(self._ids)
            if same:
                self.layoutAboutToBeChanged.emit()
            else:
                self.beginResetModel()
            self._ids, self._chunks = ids, {}
            self.layoutChanged.emit() if same else self.endResetModel()
        else:
            self._refresh()
        self.filled.emit(len(ids))
        if self._stale:
            self.load()

    def _failed(self, error: AppError) -> None:
        self._asking = False
        if not self._closed:
            self._bridge.report(error, None)

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def line_of(self, row_id: int) -> int:
        """The line of a row; -1 where the filter hides it."""
        try:
            return self._ids.index(row_id)
        except ValueError:
            return -1

    def cell(self, row: int, column: int) -> Cell:
        """A cell as the journal has it now."""
        if self._closed or row >= len(self._ids):
            return _EMPTY
        number = row // _CHUNK
        if number not in self._chunks:
            if len(self._chunks) >= _MOST_CHUNKS:
                self._chunks.pop(next(iter(self._chunks)))
            wanted = self._ids[number * _CHUNK : (number + 1) * _CHUNK]
            self._chunks[number] = self.rows.fetch(wanted)
        found = self._chunks[number].get(self._ids[row])
        return found[column] if found is not None and column < len(found) else _EMPTY

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.cell(index.row(), index.column()).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.cell(index.row(), index.column()).detail) or None
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            found = self.cell(index.row(), index.column())
            return f"{found.text}. {found.detail}" if found.detail else found.text
        return None

    def _spoken(self, index: Index) -> str:
        """A cell as screen readers say it: with what is wrong with it, and the status of its row."""
        cell = self.cell(index.row(), index.column())
        status = (
            self.cell(index.row(), self.rows.status)
            if self.rows.status not in (-1, index.column())
            else _EMPTY
        )
        return ". ".join(filter(None, (cell.text, cell.detail, status.text)))

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or str(value) == self.cell(index.row(), index.column()).text:
            return False
        self.edited.emit(self._ids[index.row()], index.column(), str(value))
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found | Qt.ItemFlag.ItemIsEditable if self._editable(index.column()) else found

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.rows.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        down = order == Qt.SortOrder.DescendingOrder
        if (column, down) != (self.filter.sort, self.filter.down):
            self.load(Filter(self.filter.which, self.filter.search, column, down))


class Painter(QStyledItemDelegate):
    """Paints cells: a problem is tinted, underlined and has its sign; a status has its sign and colour."""

    def __init__(self, model: TableModel, parent: QWidget):
        super().__init__(parent)
        self._model = model
        self.titles: Mapping[int, Sequence[str]] = {}  # column -> what its cells can name
        self.apply_theme()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        titles = self.titles.get(index.column())
        return TitleEdit(titles, parent) if titles else super().createEditor(parent, option, index)

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


class Table(QTableView):
    """A table with rows 36 high that says something where it has none. `cells`: cells are selected, else rows."""

    def __init__(self, model: TableModel, *, cells: bool = False, empty: str = "", name: str = ""):
        super().__init__()
        self.setModel(model)
        self._model, self._empty = model, empty
        self.reveal: Callable[[int], None] = lambda _column: None
        """Scrolls a column into sight that others cover."""
        self._painter = Painter(model, self)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(
            QAbstractItemView.SelectionBehavior.SelectItems
            if cells
            else QAbstractItemView.SelectionBehavior.SelectRows
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsMovable(False)
        across.setStretchLastSection(True)
        across.setMinimumSectionSize(48)
        across.setSortIndicatorShown(True)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._measure()
        model.filled.connect(lambda _n: self.viewport().update())

    def offer_titles(self, titles: Mapping[int, Sequence[str]]) -> None:
        """Offer these titles in the editors of some columns."""
        self._painter.titles = titles

    def sizeHint(self) -> QSize:
        """A table with a minimum height asks for no more: it grows into free room, and scrolls by itself."""
        wanted = super().sizeHint()
        return QSize(wanted.width(), self.minimumHeight() or wanted.height())

    def set_widths(self, widths: Sequence[int]) -> None:
        """The widths of the columns, in the pixels of the drawings."""
        for column, width in enumerate(widths):
            self.setColumnWidth(column, grown(width))

    def fit(self, first: int) -> None:
        """Make the columns from this one on as wide as their headers and first cells need, within reason."""
        for column in range(first, min(_MOST_FITTED, self._model.columnCount())):
            self.setColumnWidth(column, max(grown(64), min(grown(240), self._needed(column, 12))))

    def stretch(self, column: int) -> None:
        """Give a column all the room that the others leave."""
        self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def sizeHintForColumn(self, column: int) -> int:
        """The width that the header and the cells in sight need; a double click on a header's edge takes it."""
        return self._needed(column, 40)

    def _needed(self, column: int, most: int) -> int:
        """The width that the header and so many cells need, from the first in sight on."""
        metrics, top = QFontMetrics(font(strong=True)), max(self.rowAt(0), 0)
        lines = range(top, min(top + most, self._model.rowCount()))
        cells = (self._model.cell(line, column) for line in lines)
        texts = (f"{SIGNS.get(cell.tone, '')} {cell.text[:120]}" for cell in cells)
        widest = max(metrics.horizontalAdvance(text) for text in (self._model.rows.titles[column], *texts))
        return widest + grown(28)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.edit_revealed(self.currentIndex())
        else:
            if event.text() or event.key() == Qt.Key.Key_F2:
                self.reveal(self.currentIndex().column())
            super().keyPressEvent(event)

    def edit_revealed(self, index: QModelIndex) -> None:
        """Edit a cell; if a frozen column covers it, it is scrolled into sight first."""
        self.reveal(index.column())
        self.edit(index)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        super().scrollTo(index, hint)
        self.reveal(index.column())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._empty and not self._model.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(colours().quiet))
            painter.setFont(QFont(font()))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 24, -24, -24), int(flags), self._empty)

    def apply_theme(self) -> None:
        """The theme changed."""
        self._painter.apply_theme()
        self._measure()

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(grown(36))
        self.verticalHeader().setMinimumSectionSize(grown(36))

    def copy(self) -> None:
        """Copy the selected cells, as a spreadsheet does."""
        cells: dict[int, list[tuple[int, str]]] = {}
        for index in self.selectedIndexes()[:100_000]:
            place = self.horizontalHeader().visualIndex(index.column())
            cells.setdefault(index.row(), []).append((place, str(index.data() or "")))
        lines = ("\t".join(text for _column, text in sorted(line)) for _row, line in sorted(cells.items()))
        QApplication.clipboard().setText("\n".join(lines))
