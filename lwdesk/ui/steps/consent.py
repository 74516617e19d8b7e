"""Stops before sending: a box to tick, a name to type."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit

from lwdesk.base.text import _
from lwdesk.ui.widgets import column, label, restyle


class ConsentBox(QFrame):
    """A stop that is lifted by ticking a box."""

    def __init__(self) -> None:
        super().__init__()
        restyle(self, banner="look")
        self.words = label(role="strong", wrap=True)
        self.box = QCheckBox()
        layout = column(self.words, self.box, gap=8)
        layout.setContentsMargins(16, 12, 16, 12)
        self.setLayout(layout)
        self.hide()

    def ask(self, why: str, school: str) -> None:
        """Ask for consent, where there is a reason to."""
        self.words.setText("△ " + _("Is this file meant for {school}? {why}").format(school=school, why=why))
        self.box.setText(_("Yes, it is meant for {school}").format(school=school))
        self.box.setChecked(False)
        self.setVisible(bool(why))

    def changed(self, call: Callable[[], object]) -> None:
        self.box.toggled.connect(lambda _on: call())

    @property
    def given(self) -> bool:
        return self.isHidden() or self.box.isChecked()


class TypedConfirmation(QFrame):
    """A stop that is lifted by typing the school's name."""

    def __init__(self) -> None:
        super().__init__()
        restyle(self, banner="failed")
        self.words = label(role="strong", wrap=True, tone="failed")
        self.edit = QLineEdit()
        self._name = ""
        layout = column(self.words, self.edit, gap=8)
        layout.setContentsMargins(16, 12, 16, 12)
        self.setLayout(layout)
        self.hide()

    def ask(self, needed: bool, name: str) -> None:
        """Ask for the name, where something is taken away."""
        self._name = name
        words = _("This import removes data or access. Type “{name}” to continue.").format(name=name)
        self.words.setText(f"! {words}")
        self.edit.setAccessibleName(words)
        self.edit.clear()
        self.setVisible(needed)

    def changed(self, call: Callable[[], object]) -> None:
        self.edit.textChanged.connect(lambda _text: call())

    @property
    def given(self) -> bool:
        return self.isHidden() or self.edit.text().strip().casefold() == self._name.casefold()
