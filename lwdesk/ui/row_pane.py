"""The pane beside the grid: everything about the selected row."""

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from lwdesk.app.job.sheet_rows import TONES, RowDetail
from lwdesk.base.text import _
from lwdesk.help.places import of_row
from lwdesk.ui.cell_keys import skip_words
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Beside
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import SIGNS, button, card, clear, column, help_link, label, restyle, row

_COLOURED = ("failed", "look", "accent", "done")


class RowPane(QWidget):
    """Problems, what will change, and what was done. Sentences wrap; none is cut.

    `skip`: the row is to be skipped, or included again.
    """

    skip = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._parts = QVBoxLayout()
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(8)
        self._text = ""
        self.shown: RowDetail | None = None
        self.setLayout(self._parts)
        self.show_row(None)

    def show_row(self, found: RowDetail | None, *, editable: bool = False) -> None:
        """Show a row; None where no row is selected. `editable`: it can be skipped."""
        if found is not None and found == self.shown:
            return
        self.shown = found
        focus = self.window().focusWidget()
        had_focus = focus.objectName() if focus is not None and self.isAncestorOf(focus) else None
        clear(self._parts)
        if found is None:
            self._parts.addWidget(label(_("Select a row to see its details."), "quiet", wrap=True))
            return
        self._text = "\n".join(_texts(found))
        title = label(
            re.sub(r"(?=@)|(?<=[.;])", "\u200b", found.title or "–"), "section", wrap=True
        )  # may break there
        title.setAccessibleName(found.title)
        self._parts.addWidget(title)
        tone = found.status.tone
        words = f"{SIGNS.get(tone, '')} {found.status.text}".strip()
        where = _where(found, words)
        self._parts.addWidget(label(where, "small", wrap=True, tone=tone if tone in _COLOURED else ""))
        copy_button = button(_("Copy"), "link", "copy", self._copy)
        skip = button(skip_words(found.skipped), "link", "minus-circle", self.skip.emit)
        skip.setObjectName("skip")
        actions, copy = row(gap=8), row(copy_button, None)
        if editable:
            set_tip(skip, native_keys("Ctrl+-"))
            actions.addWidget(skip)
        line = Beside(copy, actions, least=140)
        self._parts.addWidget(line)
        if had_focus is not None:  # the button that replaces the one in focus takes it
            line.show()
            (skip if editable and had_focus == "skip" else copy_button).setFocus()
        problems = [(level, _problem(cell, level, message)) for cell, level, message in found.problems]
        first = [box for level, box in problems if found.before or level == "error"]
        rest = [box for _level, box in problems if box not in first]  # what was sent all the same
        steps = [_steps(found)] if found.steps else []
        changes = [_changes(found)] if found.changes else []
        for part in (*first, *steps, *changes, *rest):
            self._parts.addWidget(part)
        if place := of_row(found):
            self._parts.addLayout(row(help_link(self._context, place), None))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._text)


def _where(found: RowDetail, status: str) -> str:
    """The row, its status, and its email or title where that isn't the headline."""
    words = _("Row {n} · {status}").format(n=found.number, status=status)
    return words if found.key in ("", found.title) else f"{words} · {found.key}"


def _texts(found: RowDetail) -> list[str]:
    """The pane as plain text, for the clipboard and for screen readers."""
    lines = [found.title, _where(found, found.status.text)]
    lines += [f"{cell}: {message}" if cell else message for cell, _level, message in found.problems]
    lines += [message for message, _tone, _time in found.steps]
    return lines + [f"{name}: {before or '–'} → {after or '–'}" for name, before, after in found.changes]


def _problem(cell: str, level: str, message: str) -> QFrame:
    tone = TONES[level]
    found = QFrame()
    restyle(found, banner=tone)
    words = f"{SIGNS[tone]} {cell}".strip()
    layout = column(label(words, "strong", tone=tone), label(message, wrap=True), gap=4)
    layout.setContentsMargins(12, 10, 12, 10)
    found.setLayout(layout)
    found.setAccessibleName(f"{cell}: {message}")
    return found


def _steps(found: RowDetail) -> QWidget:
    lines = column(gap=6)
    for message, tone, time in found.steps:
        words = f"{SIGNS.get(tone, '')} {message}".strip()
        line = row(gap=8)
        line.addWidget(label(words, wrap=True, tone=tone if tone in ("failed", "look") else ""), 1)
        if time:
            line.addWidget(label(time, "small"))
        lines.addLayout(line)
    return card(lines)


def _changes(found: RowDetail) -> QWidget:
    lines = column(label(_("What will change") if found.before else _("Changes"), "strong"), gap=6)
    for name, before, after in found.changes:
        lines.addLayout(
            column(
                label(name, "small", wrap=True),
                label(f"{before} → {after or '–'}" if before else after or "–", wrap=True),
                gap=0,
            )
        )
    return card(lines)
