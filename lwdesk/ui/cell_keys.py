"""What the keys and the menu of a spreadsheet do to the cells of the grid; edits are asked for, not made.

They are asked for as blocks of rows and columns, however many cells those have. Cells that can't be edited are left
alone.
"""

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from lwdesk.app.importing.blocks import Block, pasted_block
from lwdesk.base.text import _, ngettext
from lwdesk.sheets.clipboard import single_cell
from lwdesk.ui.table_model import TableModel
from lwdesk.ui.tables import Table

# Letters of the clipboard that are pasted without a thread, at most.
_PASTED_AT_ONCE = 20_000
# Rows that are looked at before an edit is asked for that may change nothing, at most.
_LOOKED_AT = 100


class CellActions(QObject):
    """The actions of an editable grid, with their keys, in its menu. `first` is the grid's column of the first cell.

    `edited`: blocks. `lost`: how many pasted cells found no place. `skipped`: the ids of the selected rows.
    """

    edited = Signal(object)
    lost = Signal(int)
    skipped = Signal(object)

    def __init__(self, table: Table, model: TableModel, first: int):
        super().__init__(table)
        self._table, self._model, self._first = table, model, first
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

    def _rows(self) -> "array[int]":
        """The ids of the selected rows."""
        found = (self._model.ids_at(block.top(), block.bottom()) for block in self._table.blocks())
        return array("q", dict.fromkeys(row_id for ids in found for row_id in ids))

    def _ask(self, blocks: Sequence[Block]) -> None:
        blocks = [block for block in blocks if block.rows and block.columns]
        if blocks and (
            sum(len(block.rows) for block in blocks) > _LOOKED_AT or any(map(self._changes, blocks))
        ):
            self.edited.emit(blocks)

    def _changes(self, block: Block) -> bool:
        """Whether a small block changes a cell, as far as it says its texts."""
        lines = self._model.lines_of(set(block.rows))
        texts = iter(block.texts * (1 + len(block.rows) * len(block.columns) // max(1, len(block.texts))))
        return bool(block.sources) or any(
            text is not None
            and row in lines
            and text != self._model.cell(lines[row], self._first + column).text
            for row in block.rows
            for column, text in zip(block.columns, texts, strict=False)
        )

    def _blocks(self, texts: tuple[str, ...]) -> list[Block]:
        """The selected cells, with these texts for them."""
        return [
            Block(
                self._model.ids_at(block.top(), block.bottom()),
                self._cells(block.left(), block.right()),
                texts,
            )
            for block in self._table.blocks()
        ]

    def _cells(self, left: int, right: int) -> tuple[int, ...]:
        """The indexes of the cells in these columns that can be edited."""
        return tuple(n - self._first for n in range(left, right + 1) if self._is_editable(n))

    def _is_editable(self, column: int) -> bool:
        return bool(self._model.flags(self._model.index(0, column)) & Qt.ItemFlag.ItemIsEditable)

    def _paste(self) -> None:
        """Paste the clipboard at the selection; one cell goes into every selected one."""
        text, chosen = QApplication.clipboard().text(), self._table.blocks()
        if not text or not chosen:
            return
        if (single := single_cell(text)) is not None:
            self._ask(self._blocks((single,)))
            return
        place = self._table.horizontalHeader().visualIndex
        top = min(block.top() for block in chosen)
        left = min(place(n) for block in chosen for n in range(block.left(), block.right() + 1))
        rows = self._model.ids_at(top, self._model.rowCount() - 1)
        order = self._table.columns_in_order(0, self._model.columnCount() - 1)[left:]
        columns = [n - self._first if self._is_editable(n) else None for n in order]
        if len(text) <= _PASTED_AT_ONCE:
            self._pasted(pasted_block(text, rows, columns))
        else:
            self._model.ask(lambda _rows: pasted_block(text, rows, columns), self._pasted)

    def _pasted(self, found: tuple[Block, int]) -> None:
        block, lost = found
        self._ask([block])
        if lost:
            self.lost.emit(lost)

    def _empty(self) -> None:
        self._ask(self._blocks(("",)))

    def fill_down(self) -> None:
        """Copy the topmost selected cell of each column to those below it."""
        chosen = self._table.blocks()
        tops: dict[int, int] = {}
        for block in chosen:
            for column in range(block.left(), block.right() + 1):
                tops[column] = min(block.top(), tops.get(column, block.top()))
        self._ask(
            [
                self._filled(column, column, top, top, max(block.top(), top + 1), block.bottom())
                for block in chosen
                for column, top in tops.items()
                if block.left() <= column <= block.right()
            ]
        )

    def fill_below(self, top: int, bottom: int, last: int, left: int, right: int) -> None:
        """Repeat the cells from line `top` to `bottom` below them, down to the line `last`."""
        self._ask([self._filled(left, right, top, bottom, bottom + 1, last)])

    def _filled(self, left: int, right: int, top: int, bottom: int, first: int, last: int) -> Block:
        """The block from line `first` to `last` that the cells from `top` to `bottom` are repeated in."""
        ids = self._model.ids_at
        return Block(ids(first, last), self._cells(left, right), sources=ids(top, bottom))


def add_history_keys(widget: QWidget, undo: Callable[[], object], redo: Callable[[], object]) -> None:
    """Have the keys of the system, and of every spreadsheet, undo and redo anywhere in a widget."""
    for call, standard, usual in (
        (undo, QKeySequence.StandardKey.Undo, QKeySequence("Ctrl+Z")),
        (redo, QKeySequence.StandardKey.Redo, QKeySequence("Ctrl+Y")),
    ):
        found = QShortcut(widget)
        known = QKeySequence.keyBindings(standard)
        found.setKeys(known if usual in known else [*known, usual])
        found.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        found.activated.connect(call)


def skip_words(skipped: bool) -> str:
    """What can be done with a row: skip it, or include it again."""
    return _("Include this row") if skipped else _("Skip this row")


def lost_words(count: int) -> str:
    return ngettext(
        "{n} pasted cell didn't fit in the sheet.", "{n} pasted cells didn't fit in the sheet.", count
    )
