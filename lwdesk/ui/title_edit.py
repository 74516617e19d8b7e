"""An editor for names of things in the school: a searchable list of all of them, the likeliest on top."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from lwdesk.base.text import nearest, quoted

_MOST_SHOWN = 12
# Titles near to what the line holds, that are offered before all others.
_MOST_LIKELY = 5


class TitleEdit(QLineEdit):
    """A line that offers the titles which have the typed letters anywhere; Alt+Down or a click offers all.

    The titles `likely` come first, or those that are nearest to what the line holds. `several`: the line is a list of
    items separated by semicolons, and the one at the cursor is completed; else it is one title, as the school has it.
    """

    def __init__(
        self,
        titles: Sequence[str],
        parent: QWidget | None = None,
        likely: Sequence[str] | None = None,
        *,
        several: bool = True,
    ):
        super().__init__(parent)
        self._titles, self._likely = sorted(titles, key=str.casefold), likely
        self.several = several
        self._model = QStringListModel(self._titles, self)
        self.offers = QCompleter(self._model, self)
        self.offers.setWidget(self)
        self.offers.setFilterMode(Qt.MatchFlag.MatchContains)
        self.offers.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.offers.setMaxVisibleItems(_MOST_SHOWN)
        self.offers.activated.connect(self._take)
        self.textEdited.connect(lambda _text: self._offer(self._item().strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._offer("")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._offer("")

    def _offer(self, letters: str) -> None:
        if not letters:
            first = self._likely
            if first is None:
                first = nearest(self._item().strip(), self._titles, most=_MOST_LIKELY)
            self._model.setStringList(list(dict.fromkeys((*first, *self._titles))))
        self.offers.setCompletionPrefix(letters)
        popup = self.offers.popup()
        if self.offers.completionCount():
            self.offers.complete()
        elif popup is not None:
            popup.hide()

    def _start(self) -> int:
        return 0 if not self.several else self.text().rfind(";", 0, self.cursorPosition()) + 1

    def _item(self) -> str:
        """The item at the cursor."""
        return self.text() if not self.several else self.text()[self._start() :].partition(";")[0]

    def _take(self, title: str) -> None:
        """Put the title in the place of the item at the cursor."""
        start, item = self._start(), self._item()
        before = self.text()[:start] + (" " if start else "")
        rest = self.text()[start + len(item) :]
        item = quoted(title) if self.several else title
        self.setText(before + item + rest)
        self.setCursorPosition(len(before + item))
