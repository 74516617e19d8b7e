"""The edits that the keys of a spreadsheet mean: paste a block, empty cells, fill down. Nothing is changed here.

Edits: row id -> column -> new text. Cells that can't be edited are left alone.
"""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTableView

from lwdesk.sheets.clipboard import cells_of
from lwdesk.ui.tables import TableModel

Edits = dict[int, dict[int, str]]


def pasted(table: QTableView, model: TableModel) -> tuple[Edits, int]:
    """The edits of pasting the clipboard at the selection, and how many cells found no place.

    One cell is pasted into every selected one.
    """
    block, chosen = cells_of(QApplication.clipboard().text()), table.selectedIndexes()
    if not block or not chosen:
        return {}, 0
    if len(block) == 1 and len(block[0]) == 1:
        return _edits(model, ((index, block[0][0]) for index in chosen)), 0
    top, left = min(index.row() for index in chosen), min(index.column() for index in chosen)
    cells = [
        (model.index(top + down, left + across), text)
        for down, line in enumerate(block)
        for across, text in enumerate(line)
    ]
    fitting = [(index, text) for index, text in cells if _editable(index)]
    return _edits(model, iter(fitting)), len(cells) - len(fitting)


def emptied(table: QTableView, model: TableModel) -> Edits:
    """The edits of emptying the selected cells."""
    return _edits(model, ((index, "") for index in table.selectedIndexes()))


def filled_down(table: QTableView, model: TableModel) -> Edits:
    """The edits of copying the topmost selected cell of each column to those below it."""
    tops: dict[int, QModelIndex] = {}
    for index in sorted(table.selectedIndexes(), key=QModelIndex.row):
        tops.setdefault(index.column(), index)
    below = (index for index in table.selectedIndexes() if index != tops[index.column()])
    return _edits(model, ((index, str(tops[index.column()].data() or "")) for index in below))


def _edits(model: TableModel, cells: Iterator[tuple[QModelIndex, str]]) -> Edits:
    found: Edits = {}
    for index, text in cells:
        if _editable(index) and text != str(index.data() or ""):
            found.setdefault(model.id_at(index.row()), {})[index.column()] = text
    return found


def _editable(index: QModelIndex) -> bool:
    return index.isValid() and bool(index.flags() & Qt.ItemFlag.ItemIsEditable)
