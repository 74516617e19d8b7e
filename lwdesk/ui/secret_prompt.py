"""Asks for the client secret of a school where it is needed and not known: no keychain, or a locked one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy

from lwdesk.base.errors import AppError, SecretNeeded
from lwdesk.base.text import _
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Flow
from lwdesk.ui.form import FieldBox
from lwdesk.ui.page import scrolling
from lwdesk.ui.theme import GRID, grown
from lwdesk.ui.widgets import button, column, label


class SecretPrompt(QScrollArea):
    """Hidden until `ask` is called. Whatever was asked of the school meanwhile is asked again afterwards.

    It is as high as its words need, and scrolls where the page below leaves less.
    """

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.school = ""
        self._waiting: list[tuple[Callable[[], None], Callable[[], None]]] = []
        """What asks again, and what gives up."""
        self.title = label(role="strong", wrap=True)
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.returnPressed.connect(self._unlock)
        self.box = FieldBox(_("Client secret"), self.secret, context)
        self.go_on = button(_("Continue"), "primary", clicked=self._unlock)
        words = _("The keychain is locked or doesn't have it. lwdesk keeps it until you close the window.")
        buttons = Flow(self.go_on, button(_("Not now"), clicked=self.give_up), gap=8)
        layout = column(self.title, label(words, wrap=True), self.box, buttons, gap=8)
        layout.setContentsMargins(4 * GRID, 12, 4 * GRID, 12)
        self._frame = QFrame()
        self._frame.setProperty("banner", "look")
        self._frame.setLayout(layout)
        scrolling(self._frame, self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def sizeHint(self) -> QSize:
        # As if the scroll bar were shown: once it is, it would stay.
        beside = self.width() - self.verticalScrollBar().sizeHint().width()
        return QSize(self._frame.sizeHint().width(), self._frame.heightForWidth(beside))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._frame.minimumSizeHint().width(), grown(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
        self.ensureWidgetVisible(self.secret)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # other words need another height
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def ask(self, error: SecretNeeded, again: Callable[[], None], give_up: Callable[[], None]) -> None:
        """Ask for the secret that an error says is needed; then call `again`, or `give_up` if it is not given."""
        if self._waiting and error.school != self.school:
            give_up()  # one school after the other
            return
        self._waiting.append((again, give_up))
        if self.isHidden():
            self.school = error.school
            self.title.setText(error.title)
            self.secret.clear()
            self.box.rest()
            self.show()
            self.secret.setFocus()

    def give_up(self) -> None:
        """Close without a secret: what was asked fails."""
        self._close(1)

    def _close(self, which: int) -> None:
        self.hide()
        waiting, self._waiting = self._waiting, []
        for calls in waiting:
            calls[which]()

    def _unlock(self) -> None:
        self.go_on.setEnabled(False)
        secret = self.secret.text().strip()
        self.context.work.ask(
            "schools.unlock", self.school, secret, done=self._on_unlocked, failed=self._on_refused
        )

    def _on_unlocked(self, _none: None) -> None:
        self.go_on.setEnabled(True)
        self.secret.clear()
        self._close(0)

    def _on_refused(self, error: AppError) -> None:
        self.go_on.setEnabled(True)
        self.box.fail(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        else:
            super().keyPressEvent(event)
