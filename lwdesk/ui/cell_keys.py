"""What the keys and the menu of a spreadsheet do to the cells of the grid; edits are asked for, not made.

Edits: row id -> column -> new text. Cells that can't be edited are left alone.
"""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from lwdesk.base.text import _, ngettext
from lwdesk.sheets.clipboard import cells_of
from lwdesk.ui.table_model import TableModel
from lwdesk.ui.tables import Table

Edits = dict[int, dict[int, str]]


class CellActions(QObject):
    """The actions of an editable grid, with their keys, in its menu.

    `edited`: Edits. `lost`: how many pasted cells found no place. `skipped`: the ids of the selected rows.
    """

    edited = Signal(object)
    lost = Signal(int)
    skipped = Signal(object)

    def __init__(self, table: Table, model: TableModel):
        super().__init__(table)
        self._table, self._model = table, model
        keys = QKeySequence.StandardKey
        self._add(_("Copy"), table.copy, keys.Copy)
        self._add(_("Paste"), self._paste, keys.Paste)
        self._add(_("Empty the cells"), self._empty, keys.Delete, "Backspace")
        self._add(_("Fill down"), self.fill_down, "Ctrl+D")
        self.skip = self._add("", lambda: self.skipped.emit(self._rows()), "Ctrl+-")
        self.offer_skip(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def offer_skip(self, skipped: bool) -> None:
        """Name the action for the selected row, which is skipped or not."""
        self.skip.setText(skip_words(skipped))

    def _add(self, words: str, call: Callable[[], object], *keys: QKeySequence.StandardKey | str) -> QAction:
        found = QAction(words, self._table)
        found.setShortcuts([QKeySequence(key) for key in keys])
        found.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # typing in a cell has keys of its own
        found.triggered.connect(lambda _checked=False: call())
        self._table.addAction(found)
        return found

    def _rows(self) -> list[int]:
        lines = sorted({index.row() for index in self._table.selectedIndexes()})
        return [self._model.id_at(line) for line in lines]

    def _ask(self, edits: Edits) -> None:
        if edits:
            self.edited.emit(edits)

    def _paste(self) -> None:
        """Paste the clipboard at the selection; one cell goes into every selected one."""
        block, chosen = cells_of(QApplication.clipboard().text()), self._table.selectedIndexes()
        if not block or not chosen:
            return
        if len(block) == 1 and len(block[0]) == 1:
            self._ask(self._edits((index, block[0][0]) for index in chosen))
            return
        top, left = min(index.row() for index in chosen), min(self._place(index) for index in chosen)
        cells = [
            (self._at(top + down, left + across), text)
            for down, line in enumerate(block)
            for across, text in enumerate(line)
        ]
        fitting = [(index, text) for index, text in cells if _editable(index)]
        self._ask(self._edits(iter(fitting)))
        if missed := len(cells) - len(fitting):
            self.lost.emit(missed)

    def _empty(self) -> None:
        self._ask(self._edits((index, "") for index in self._table.selectedIndexes()))

    def fill_down(self) -> None:
        """Copy the topmost selected cell of each column to those below it."""
        chosen = self._table.selectedIndexes()
        tops: dict[int, QModelIndex] = {}
        for index in sorted(chosen, key=QModelIndex.row):
            tops.setdefault(index.column(), index)
        below = (index for index in chosen if index != tops[index.column()])
        self._ask(self._edits((index, str(tops[index.column()].data() or "")) for index in below))

    def _place(self, index: QModelIndex) -> int:
        """The visual place of a cell's column: columns can be moved."""
        return self._table.horizontalHeader().visualIndex(index.column())

    def _at(self, line: int, place: int) -> QModelIndex:
        return self._model.index(line, self._table.horizontalHeader().logicalIndex(place))

    def _edits(self, cells: Iterator[tuple[QModelIndex, str]]) -> Edits:
        found: Edits = {}
        for index, text in cells:
            if _editable(index) and text != str(index.data() or ""):
                found.setdefault(self._model.id_at(index.row()), {})[index.column()] = text
        return found


def skip_words(skipped: bool) -> str:
    """What can be done with a row: skip it, or include it again."""
    return _("Include this row") if skipped else _("Skip this row")


def lost_words(count: int) -> str:
    return ngettext(
        "{n} pasted cell didn't fit in the sheet.", "{n} pasted cells didn't fit in the sheet.", count
    )


def _editable(index: QModelIndex) -> bool:
    return index.isValid() and bool(index.flags() & Qt.ItemFlag.ItemIsEditable)
