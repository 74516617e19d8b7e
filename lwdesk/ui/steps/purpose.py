"""What to do with the rows: the likely imports first, then all of them by family."""

from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.importing.guess import Guess
from lwdesk.base.text import _, fold
from lwdesk.catalog import IMPORTS, recipe
from lwdesk.catalog.operation import Recipe
from lwdesk.ui import icons
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.page import scrolling
from lwdesk.ui.steps.step import WizardState
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import Task, column, label, row


class PurposePicker(QWidget):
    """Cards to choose an import from; emits `picked` with the id of the one that was pressed."""

    picked = Signal(str)

    def __init__(self, wizard: WizardState):
        super().__init__()
        self.wizard = wizard
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search imports"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(grown(220))
        self.cards: dict[str, list[Task]] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._families: list[tuple[QWidget, list[str]]] = []
        holder = QWidget()
        holder.setObjectName("page")
        self._layout = QVBoxLayout(holder)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.setSpacing(12)
        self._guessed = label(_("Suggested from your column headers"), "section")
        self._guess = CardGrid([], most=3)
        self._layout.addWidget(self._guessed)
        self._layout.addWidget(self._guess)
        for family, entries in groupby(_by_family(), key=lambda entry: entry.family):
            self._add_family(family, list(entries))
        self._layout.addStretch(1)
        self.setLayout(column(row(self.search, None), scrolling(holder), gap=12))
        self.search.textChanged.connect(self._filter)

    def _add_family(self, family: str, entries: list[Recipe]) -> None:
        box = QWidget()
        cards = [self._card(entry) for entry in entries]
        box.setLayout(
            column(label(_(family), "section", wrap=True), CardGrid(cards, least=220, most=3), gap=8)
        )
        self._families.append((box, [entry.id for entry in entries]))
        self._layout.addWidget(box)

    def _card(self, entry: Recipe, about: str = "") -> Task:
        found = Task(icons.of(entry.id, entry.family), _(entry.title), about or _(entry.doc))
        found.setCheckable(True)
        found.clicked.connect(lambda _checked=False: self.picked.emit(entry.id))
        self.cards.setdefault(entry.id, []).append(found)
        return found

    def show_guesses(self) -> None:
        """Show what the headers of the sheet fit, and mark what is chosen."""
        self._fill_guesses()
        for name, cards in self.cards.items():
            for card in cards:
                card.setChecked(name == self.wizard.operation)

    def guess(self) -> str:
        """The import that the file is most likely meant for, "" for none."""
        likely = self.wizard.guesses[0] if self.wizard.guesses else None
        return self._comes_back() or (likely.id if likely is not None and likely.whole else "")

    def _fill_guesses(self) -> None:
        for old in self._guess.cards():
            for cards in self.cards.values():
                if old in cards:
                    cards.remove(old)
        back = self._comes_back()
        self._guessed.setText(
            _("You edited an lwdesk export") if back else _("Suggested from your column headers")
        )
        if back:
            about = _("Only the cells you edited since the export are sent.")
            self._guess.set_cards([self._card(recipe((back,)), about)])
            self._guess.show()
            self._guessed.show()
            return
        likely = self._likely()
        words = _("{fits} of {of} columns in your sheet match.")
        cards = [
            self._card(IMPORTS[guess.id], words.format(fits=guess.fits, of=guess.of)) for guess in likely
        ]
        self._guess.set_cards(cards)
        for widget in (self._guess, self._guessed):
            widget.setVisible(bool(cards))
        self._filter(self.search.text())

    def _likely(self) -> list[Guess]:
        """What the headers of the sheet fit best."""
        if self._comes_back():
            return []
        return [guess for guess in self.wizard.guesses if guess.whole and guess.fits][:3]

    def _comes_back(self) -> str:
        """The operation that takes the edits of an export; "" for any other file."""
        origin = self.wizard.preview.origin if self.wizard.preview is not None else None
        return origin.operation if origin is not None and origin.whole else ""

    def _filter(self, text: str) -> None:
        words = fold(text)
        likely = set() if words else {guess.id for guess in self._likely()}  # these are on top already
        for box, ids in self._families:
            for name in ids:
                entry = IMPORTS[name]
                hit = words in fold(f"{_(entry.title)} {_(entry.family)} {_(entry.doc)}")
                self.cards[name][0].setVisible(hit and name not in likely)
            box.setVisible(any(not self.cards[name][0].isHidden() for name in ids))
        guessed = not words and bool(self._guess.cards())
        for widget in (self._guess, self._guessed):
            widget.setVisible(guessed)


def _by_family() -> list[Recipe]:
    """All imports, those of a family together, families in the order of the catalog."""
    order = list(dict.fromkeys(entry.family for entry in IMPORTS.values()))
    return sorted(IMPORTS.values(), key=lambda entry: order.index(entry.family))
