"""Tooltips that show text as it is, and the names of keys as the system has them."""

from html import escape
from typing import Protocol

from PySide6.QtGui import QKeySequence, Qt


class Tipped(Protocol):
    """A widget, action or item of Qt that has a tooltip."""

    def setToolTip(self, text: str, /) -> None: ...


def plain_tip(text: str) -> str:
    """The text as a tooltip that shows just that.

    Qt takes text with tags for HTML, and would fetch a picture that a learner's name links to.
    """
    if "<" not in text and not Qt.mightBeRichText(text):
        return text
    return "<span>" + escape(text).replace("\n", "<br>") + "</span>"


def set_tip(found: Tipped, text: str) -> None:
    """Give a widget, action or item a tooltip of plain text."""
    found.setToolTip(plain_tip(text))


def native_keys(keys: str | QKeySequence.StandardKey) -> str:
    """A shortcut as this system writes it: Ctrl+O, on a Mac ⌘O."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
