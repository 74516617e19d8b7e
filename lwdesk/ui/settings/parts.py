"""What the cards of the settings are made of."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QWidget

from lwdesk.ui.form import Combo
from lwdesk.ui.theme import GRID, grown
from lwdesk.ui.widgets import column, label, row


def fill(frame: QFrame, title: str, *parts: QWidget | QLayout) -> None:
    """Make a frame a card with a title."""
    frame.setProperty("card", True)
    layout = column(label(title, "section", wrap=True), *parts, gap=12)
    layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
    frame.setLayout(layout)


def named(name: str, field: QWidget, *, holder: QWidget | None = None, about: str = "") -> QLayout:
    """A field, or what holds it, beside its name, with an explanation below the name."""
    words = label(name, wrap=True)
    words.setBuddy(field)
    field.setAccessibleName(name)
    line = row(gap=16)
    side = column(words, gap=2)
    if about:
        side.addWidget(label(about, "small", wrap=True))
    line.addLayout(side, 1)
    inner: QHBoxLayout = row(holder or field, gap=8)
    inner.setAlignment(Qt.AlignmentFlag.AlignTop)
    line.addLayout(inner)
    return line


def choice(words: Mapping[str, str], now: str, chosen: Callable[[str], object]) -> Combo:
    """A list of (value, words) with one of them chosen."""
    found = Combo()
    for value, text in words.items():
        found.addItem(text, value)
    found.setCurrentIndex(max(0, found.findData(now)))
    found.setMinimumWidth(grown(220))
    found.activated.connect(lambda _index: chosen(str(found.currentData())))
    return found
