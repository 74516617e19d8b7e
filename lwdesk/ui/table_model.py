"""The rows of a journal as a model: as many as there are cost nothing, for only those that are seen are read.

Filtering and sorting make a list of row ids on a thread; cells are read a few hundred at a time when they are painted.
What views remember of a row (current cell, selection) follows it by its id; while a cell is edited, all rows stay.
"""

import time
from array import array
from collections.abc import Callable, Collection
from itertools import compress, count
from typing import TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from lwdesk.app.job.rows import Cell, Filter, Rows
from lwdesk.base.errors import AppError
from lwdesk.ui.bridge import Bridge
from lwdesk.ui.tips import plain_tip

_CHUNK = 32
_MOST_CHUNKS = 160
# So many ids are found faster one by one than all at once.
_FEW = 2
# How many times as long as the last reading took the next one of the same rows waits.
_REST = 4
_EMPTY = Cell("")
_NOBODY = 0  # the id of a line without a row, while rows move
Index = QModelIndex | QPersistentModelIndex
Answer = TypeVar("Answer")


class TableModel(QAbstractTableModel):
    """Rows of a journal. `edited` says (row id, column, new text); `filled` how many rows the filter leaves.

    `moving` is emitted before rows change their lines, `moved` after that.
    """

    edited = Signal(int, int, str)
    filled = Signal(int)
    moving = Signal()
    moved = Signal()

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
        self._next: array[int] | None = None  # the ids that were read last, until they are shown
        self._numbers, self._holders = count(), set[int]()  # of those that keep the rows on their lines
        self._let_go = QTimer(self)
        self._let_go.setSingleShot(True)
        self._let_go.setInterval(0)  # the next cell may be edited at once
        self._let_go.timeout.connect(self._show_next)

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
        if self._ids:  # one cell only: what is typed into an editor would be replaced
            self.dataChanged.emit(self.index(0, 0), self.index(0, 0))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    def close(self) -> None:
        """Let go of the journal."""
        self._closed = True
        self._later.stop()
        if not self._asking:
            self.rows.close()

    def _loaded(self, found: tuple["array[int]", float]) -> None:
        self._next, took = found
        self._asking, self._ready = False, time.monotonic() + _REST * took
        if self._closed:
            self.rows.close()
            return
        if self._holders:
            self._refresh()
        else:
            self._show_next()
        if self._stale:
            self.load()

    def hold(self) -> int:
        """Keep all rows on their lines until what is returned is given to `release`; cells are read again as always."""
        self._holders.add(holder := next(self._numbers))
        return holder

    def release(self, holder: int) -> None:
        """End what `hold` began."""
        self._holders.discard(holder)
        if not (self._holders or self._closed or self._next is None):
            self._let_go.start()

    def _show_next(self) -> None:
        """Show the rows that were read last, unless they are held."""
        if self._next is None or self._holders or self._closed:
            return
        ids, self._next = self._next, None
        if ids != self._ids:
            self._move(ids)
        else:
            self._refresh()
        self.filled.emit(len(ids))

    def _move(self, ids: "array[int]") -> None:
        """Put the rows on their new lines. What views remember of a row goes with it."""
        self.moving.emit()
        before, more = len(self._ids), len(ids) - len(self._ids)
        if more > 0:
            self.beginInsertRows(QModelIndex(), before, len(ids) - 1)
            self._ids = self._ids + array("q", [_NOBODY]) * more
            self.endInsertRows()
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        rows = [self._ids[index.row()] for index in indexes]
        self._ids = ids + array("q", [_NOBODY]) * -more
        self._chunks = {}
        lines = self.lines_of(set(rows))
        there = [
            self.index(lines.get(row_id, -1), index.column())
            for row_id, index in zip(rows, indexes, strict=True)
        ]
        self.changePersistentIndexList(indexes, there)
        self.layoutChanged.emit()
        if more < 0:
            self.beginRemoveRows(QModelIndex(), len(ids), before - 1)
            self._ids = ids
            self.endRemoveRows()
        self.moved.emit()

    def _failed(self, error: AppError) -> None:
        self._asking = False
        if not self._closed:
            self._bridge.report(error, None)

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def ids_at(self, top: int, bottom: int) -> "array[int]":
        """The ids of the rows from one line to another, both included."""
        return self._ids[top : bottom + 1]

    def lines_of(self, ids: Collection[int]) -> dict[int, int]:
        """Row id -> its line, of those that the filter does not hide."""
        if len(ids) <= _FEW:
            return {row_id: line for row_id in ids if (line := self.line_of(row_id)) >= 0}
        found = compress(range(len(self._ids)), map(ids.__contains__, self._ids))
        return {self._ids[line]: line for line in found}

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

    def ask(self, work: Callable[[Rows], Answer], done: Callable[[Answer], object]) -> None:
        """Do something long with the rows on a thread, with connections of its own; then call `done` with its result,
        unless the model was closed."""

        def worked() -> Answer:
            rows = self.rows.reopened()
            try:
                return work(rows)
            finally:
                rows.close()

        def answered(found: Answer) -> None:
            if not self._closed:
                done(found)

        self._bridge.run(worked, answered)

    def put(self, row_id: int, column: int, text: str) -> None:
        """Ask for a new text of a cell; of a closed model, the rows may be another job's by now."""
        if not self._closed:
            self.edited.emit(row_id, column, text)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
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
