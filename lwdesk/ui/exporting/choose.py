"""What to export: what was saved, and every list of the catalog by family, with a search."""

from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from lwdesk.base.text import _, fold
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.export_model import Export
from lwdesk.ui import icons
from lwdesk.ui.context import Context
from lwdesk.ui.exporting.saved_list import SavedList
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.page import scrolling
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import Empty, Task, column, label, row


class ChooseExport(QWidget):
    """Cards to choose from; emits `chosen` with the id of the export."""

    chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.saved = SavedList(context)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search the exports"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(grown(240))
        self.search.textChanged.connect(self._filter)
        self.cards: dict[str, Task] = {}
        self._families: list[tuple[QWidget, CardGrid, list[Export]]] = []
        self._nothing = Empty("magnifying-glass", _("No results"), _("Try a shorter or different word."))
        holder = QWidget()
        holder.setObjectName("page")
        self._layout = QVBoxLayout(holder)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.setSpacing(16)
        self._layout.addWidget(self.saved)
        by_family = sorted(EXPORTS.values(), key=lambda entry: _first(entry.family))
        for family, entries in groupby(by_family, key=lambda entry: entry.family):
            self._add(family, list(entries))
        self._layout.addWidget(self._nothing)
        self._layout.addStretch(1)
        title = label(_("What would you like to export?"), "title", wrap=True)
        head = row(gap=16)
        head.addWidget(title, 1)
        head.addWidget(self.search)
        self.area = scrolling(holder)
        layout = column(head, gap=16)
        layout.addWidget(self.area, 1)
        self.setLayout(layout)
        self._filter("")

    def _add(self, family: str, entries: list[Export]) -> None:
        box = QWidget()
        cards = [self._card(entry) for entry in entries]
        grid = CardGrid(cards, least=220, most=3)
        box.setLayout(column(label(_(family), "section", wrap=True), grid, gap=8))
        self._families.append((box, grid, entries))
        self._layout.addWidget(box)

    def _card(self, entry: Export) -> Task:
        found = Task(
            icons.of(entry.id, entry.family),
            _(entry.title),
            _(entry.doc),
            lambda: self.chosen.emit(entry.id),
        )
        self.cards[entry.id] = found
        return found

    def _filter(self, text: str) -> None:
        words, any_ = fold(text).split(), False
        self.saved.setVisible(bool(self.saved.lines) and not words)
        for box, grid, entries in self._families:
            fits = [entry for entry in entries if _fits(entry, words)]
            grid.show_only([self.cards[entry.id] for entry in fits])
            box.setVisible(bool(fits))
            any_ = any_ or bool(fits)
        self._nothing.setVisible(not any_)


def _first(family: str) -> int:
    """The position of a family: as in the catalog."""
    return list(dict.fromkeys(entry.family for entry in EXPORTS.values())).index(family)


def _fits(entry: Export, words: list[str]) -> bool:
    searched = fold(" ".join((_(entry.family), _(entry.title), _(entry.doc), entry.title, entry.id)))
    return all(word in searched for word in words)
