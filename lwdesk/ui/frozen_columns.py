"""Columns that stay in sight while a grid is scrolled sideways, and the order and widths that people gave a grid."""

import base64
import hashlib
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QTableView

from lwdesk.app.settings import Settings
from lwdesk.ui.tables import Table, without_selection

# The share of the table's width that frozen columns may cover.
_MOST_COVERED = 0.7
# Kinds of sheets whose order and widths are kept, at most.
_MOST_KEPT = 60


class FrozenColumns(QTableView):
    """Lies over the left of a table and shows the columns that would be scrolled out of sight.

    A frozen column stays in its place until it reaches the left; there it stops. Cells are edited in the table.
    """

    def __init__(self, table: Table, columns: Sequence[int]):
        super().__init__(table)
        self._table, self._frozen = table, list(columns)
        self._shown: list[int] | None = None
        self._placing = False
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.horizontalHeader().setSelectionModel(without_selection(table.cells, self.horizontalHeader()))
        self.setItemDelegate(table.new_painter(self))  # a shared one would hand the editors of both to both
        self.setObjectName("frozen")
        self.setAccessibleName(table.accessibleName())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(table.selectionBehavior())
        self.setSelectionMode(table.selectionMode())
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(table.verticalScrollMode())
        self.setAutoScroll(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.verticalHeader().hide()
        header, across = table.horizontalHeader(), self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(True)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        across.setMinimumSectionSize(1)
        across.setDefaultAlignment(header.defaultAlignment())
        across.sectionClicked.connect(self._sort)
        across.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(lambda *now: self.horizontalHeader().setSortIndicator(*now))
        for signal in (header.sectionResized, header.sectionMoved, table.horizontalScrollBar().valueChanged):
            signal.connect(lambda *_args: self.place())
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)
        self.doubleClicked.connect(self._edit)
        self.model().dataChanged.connect(lambda *_cells: self.viewport().update())
        for watched in (table, table.viewport()):
            watched.installEventFilter(self)
        table.reveal = self.reveal
        self.place()

    def reveal(self, column: int) -> None:
        """Scroll the table sideways until a column is not covered by frozen ones, nor is a frozen one itself."""
        header, bar = self._table.horizontalHeader(), self._table.horizontalScrollBar()
        cover = sum(header.sectionSize(found) for found in self._shown or () if found != column)
        if (hidden := cover - header.sectionViewportPosition(column)) > 0:
            bar.setValue(bar.value() - hidden)

    def place(self) -> None:
        """Show the columns that have reached the left."""
        if self._placing:
            return
        self._placing = True
        header, offset = self._table.horizontalHeader(), 0
        shown = []
        room = _MOST_COVERED * self._table.viewport().width()
        for column in self._frozen:
            if offset + header.sectionSize(column) > room:
                break
            if header.sectionViewportPosition(column) <= offset:
                shown.append(column)
                offset += header.sectionSize(column)
        if shown != self._shown:
            self._shown = shown
            for column in range(self.model().columnCount()):
                self.setColumnHidden(column, column not in shown)
        for column in shown:
            self.setColumnWidth(column, header.sectionSize(column))
        self.horizontalHeader().setFixedHeight(header.height())
        self.verticalHeader().setDefaultSectionSize(self._table.verticalHeader().defaultSectionSize())
        cells = self._table.viewport().geometry()
        self.setGeometry(cells.x(), cells.y() - header.height(), offset, header.height() + cells.height())
        self.verticalScrollBar().setValue(self._table.verticalScrollBar().value())
        self.setVisible(bool(shown))
        self.raise_()
        self._placing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (
            QEvent.Type.Resize,
            QEvent.Type.Move,
            QEvent.Type.LayoutRequest,
            QEvent.Type.Show,
        ):
            self.place()
        return False

    def mousePressEvent(self, event: object) -> None:
        self._table.setFocus()
        super().mousePressEvent(event)  # type: ignore[arg-type]

    def _edit(self, index: object) -> None:
        self._table.edit_revealed(index)  # type: ignore[arg-type]

    def _sort(self, column: int) -> None:
        header = self._table.horizontalHeader()
        same = header.sortIndicatorSection() == column
        down = same and header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        self._table.sortByColumn(
            column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        )

    def _resized(self, column: int, _old: int, width: int) -> None:
        if width and QApplication.mouseButtons():  # dragged by the user, not hidden by this
            self._table.setColumnWidth(column, width)


def restore_layout(table: Table, titles: Sequence[str], settings: Settings) -> bool:
    """Give a grid the order and widths that it had for a sheet with these headers. Returns whether there are any."""
    kept = settings.section("grids").get(_key(titles))
    if not kept:
        return False
    header = table.horizontalHeader()
    found = header.restoreState(QByteArray(base64.b64decode(kept)))
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    return bool(found)


def keep_layout(table: Table, titles: Sequence[str], settings: Settings) -> None:
    """Keep the order and widths of a grid for the next sheet with these headers."""
    state = base64.b64encode(table.horizontalHeader().saveState().data()).decode()
    known, key = settings.section("grids"), _key(titles)
    if known.get(key) == state:
        return
    others = [old for old in known if old != key]
    for old in others[_MOST_KEPT - 1 :]:
        settings.change("grids", old, None)
    settings.change("grids", key, state)


def _key(titles: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(titles).encode()).hexdigest()[:16]
