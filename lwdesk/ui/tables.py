"""Tables over a journal, with the looks and keys that all of them share."""

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QTableView,
    QWidget,
)

from lwdesk.app.job.rows import Rows
from lwdesk.sheets.clipboard import text_of_cells
from lwdesk.ui.cell_painter import CellPainter
from lwdesk.ui.colours import colours
from lwdesk.ui.table_model import Index, TableModel
from lwdesk.ui.theme import font, grown
from lwdesk.ui.widgets import SIGNS

# Columns that are made as wide as their cells need, at most.
_MOST_FITTED = 30
# What is selected stays selected when rows move, up to so many rows and, as they lie then, blocks of them.
_MOST_SELECTED, _MOST_BLOCKS = 100_000, 500
# Cells that are copied without a thread, at most.
_COPIED_AT_ONCE = 1_000


class Table(QTableView):
    """A table with rows 36 high that says something where it has none. `cells`: cells are selected, else rows."""

    def __init__(self, model: TableModel, *, cells: bool = False, empty: str = "", name: str = ""):
        super().__init__()
        self.setModel(model)
        self._model = self.cells = model
        self._empty = empty
        self.reveal: Callable[[int], None] = lambda _column: None
        """Scrolls a column into sight that others cover."""
        self._painters: list[CellPainter] = []
        self._painter = self.new_painter(self)
        self.setItemDelegate(self._painter)
        # What is selected while rows move: ids, first and last column.
        self._kept: list[tuple[array[int], int, int]] = []
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
        across.setSelectionModel(without_selection(model, across))
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
        model.dataChanged.connect(lambda *_cells: self.viewport().update())
        model.moving.connect(self._keep_selection)
        model.moved.connect(self._restore_selection)

    def new_painter(self, view: QWidget) -> CellPainter:
        """A painter for a view of the same cells; it follows the theme."""
        self._painters.append(CellPainter(self._model, view))
        return self._painters[-1]

    def blocks(self) -> list[QItemSelectionRange]:
        """The blocks of selected cells."""
        chosen = self.selectionModel().selection()
        return [chosen.at(n) for n in range(chosen.size())]

    def _keep_selection(self) -> None:
        """Remember the selected cells by the ids of their rows: lines are about to change."""
        chosen, self._kept = self.blocks(), []
        if sum(block.height() for block in chosen) <= _MOST_SELECTED:
            self._kept = [
                (self._model.ids_at(block.top(), block.bottom()), block.left(), block.right())
                for block in chosen
            ]
        self.selectionModel().clearSelection()

    def _restore_selection(self) -> None:
        if not self._kept:
            return
        lines = self._model.lines_of({row_id for ids, _left, _right in self._kept for row_id in ids})
        blocks = [
            (top, bottom, left, right)
            for ids, left, right in self._kept
            for top, bottom in _runs(sorted(lines[row_id] for row_id in ids if row_id in lines))
        ]
        chosen = QItemSelection()
        if len(blocks) <= _MOST_BLOCKS:
            for top, bottom, left, right in blocks:
                chosen.select(self._model.index(top, left), self._model.index(bottom, right))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)
        self._kept = []

    def commit(self) -> None:
        """Take what was typed into an open editor, and close it."""
        for editor in self.viewport().findChildren(QLineEdit):
            if editor.property("holder") is not None:
                self.commitData(editor)
                self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def offer_titles(self, titles: Mapping[int, Sequence[str]], single: Collection[int] = ()) -> None:
        """Offer these titles in the editors of some columns; those that are `single` take one value, no list."""
        self._painter.titles, self._painter.single = titles, single

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
        for painter in self._painters:
            painter.apply_theme()
        self._measure()

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(grown(36))
        self.verticalHeader().setMinimumSectionSize(grown(36))

    def columns_in_order(self, first: int, last: int) -> list[int]:
        """These columns, as they lie in the table: columns can be moved."""
        header = self.horizontalHeader()
        return sorted(range(first, last + 1), key=header.visualIndex)

    def copy(self) -> None:
        """Copy the selected cells, as a spreadsheet does; many of them on a thread."""
        blocks = [
            Copied(
                block.top(),
                self._model.ids_at(block.top(), block.bottom()),
                range(block.left(), block.right() + 1),
            )
            for block in self.blocks()
        ]
        order = self.columns_in_order(0, self._model.columnCount() - 1)
        if sum(len(block.ids) * len(block.columns) for block in blocks) <= _COPIED_AT_ONCE:
            QApplication.clipboard().setText(copied_text(self._model.rows, blocks, order))
            return
        QApplication.clipboard().clear()  # what was copied before must not be pasted for it
        self.viewport().setCursor(Qt.CursorShape.BusyCursor)
        self._model.ask(lambda rows: copied_text(rows, blocks, order), self._copied)

    def _copied(self, text: str) -> None:
        self.viewport().unsetCursor()
        if not QApplication.clipboard().text():  # nothing else was copied meanwhile
            QApplication.clipboard().setText(text)


def without_selection(model: TableModel, header: QHeaderView) -> QItemSelectionModel:
    """A selection for a header, which stays empty: to paint itself, it would look at every cell of selected columns."""
    return QItemSelectionModel(model, header)


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of consecutive numbers."""
    for _offset, run in groupby(enumerate(lines), key=lambda place: place[1] - place[0]):
        found = [line for _n, line in run]
        yield found[0], found[-1]


class Copied(NamedTuple):
    """A block of cells to be copied: its first line, its rows and its columns."""

    top: int
    ids: "array[int]"
    columns: range


def copied_text(rows: Rows, blocks: Sequence[Copied], order: Sequence[int]) -> str:
    """The text of selected blocks for the clipboard: all lines and columns that have a selected cell, the columns in
    this order; other cells in them are blank."""
    chosen: dict[int, tuple[int, set[int]]] = {}
    for block in blocks:
        for line, row_id in enumerate(block.ids, block.top):
            chosen.setdefault(line, (row_id, set()))[1].update(block.columns)
    used = set().union(*(block.columns for block in blocks))
    columns = [column for column in order if column in used]
    lines = [chosen[line] for line in sorted(chosen)]
    texts = rows.texts([row_id for row_id, _columns in lines], columns)
    return text_of_cells(
        [text if column in wanted else "" for column, text in zip(columns, found, strict=True)]
        for (_id, wanted), found in zip(lines, texts, strict=True)
    )
