"""The network and the folders: pace, proxy, where files are kept."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLayout, QLineEdit

from lwdesk.app.school import network
from lwdesk.base.errors import UserError
from lwdesk.base.text import _
from lwdesk.ui import job_actions
from lwdesk.ui.context import Context
from lwdesk.ui.exporting.target import folder_of
from lwdesk.ui.form import FieldBox
from lwdesk.ui.settings.parts import choice, fill, named
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import button, label, row

_PACES = (30, 25, 20, 15, 10, 5)


class Network(QFrame):
    """`later` says that something changed that counts from the next start on."""

    later = Signal()

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        full = _PACES[0]
        paces = {
            str(n): _("Full speed") if n >= full else _("{n}% of full speed").format(n=round(100 * n / full))
            for n in sorted({*_PACES, network.pace(context.settings)}, reverse=True)
        }
        self.pace = choice(paces, str(network.pace(context.settings)), self._pace)
        self.proxy = QLineEdit(network.proxy(context.settings))
        self.proxy.setPlaceholderText(_("same as the system"))
        self.proxy_box = FieldBox("", self.proxy, context)
        self.proxy.setMinimumWidth(grown(220))
        self.proxy.editingFinished.connect(self._proxy)
        fill(
            self,
            _("Network"),
            named(
                _("Pace"),
                self.pace,
                about=_("Choose a slower pace if other programs also use your school's API."),
            ),
            named(
                _("Proxy"),
                self.proxy,
                holder=self.proxy_box,
                about=_("Only if your network needs one, like proxy.example.org:8080."),
            ),
        )

    def _pace(self, calls: str) -> None:
        network.choose_pace(self.context.settings, int(calls))
        self.later.emit()

    def _proxy(self) -> None:
        text = self.proxy.text().strip()
        if text == network.proxy(self.context.settings):
            return
        try:
            network.choose_proxy(self.context.settings, text)
        except UserError as error:
            self.proxy_box.fail(error)
            return
        self.proxy.setText(network.proxy(self.context.settings))
        self.later.emit()


class Folders(QFrame):
    """Where exports go, and where lwdesk keeps its own things."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.exports = label(str(folder_of(context.settings)), "quiet", wrap=True)
        choose = button(_("Choose…"), "quiet", "folder", self._choose)
        choose.setAccessibleName(_("Choose the folder for exports"))
        fill(
            self,
            _("Folders"),
            self._line(_("Exports"), self.exports, choose),
            self._own(_("Jobs and settings"), context.home.root),
            self._own(_("Log"), context.home.logs),
        )

    def _own(self, name: str, path: Path) -> QLayout:
        show = button(_("Show"), "quiet", "folder-open", lambda: job_actions.open_path(str(path)))
        show.setAccessibleName(_("Show the folder: {name}").format(name=name))
        return self._line(name, label(str(path), "quiet", wrap=True), show)

    def _line(self, name: str, path: QLayout | object, action: object) -> QLayout:
        line = row(gap=12)
        title = label(name)
        title.setMinimumWidth(grown(150))
        line.addWidget(title)
        line.addWidget(path, 1)  # type: ignore[arg-type]
        line.addWidget(action)  # type: ignore[arg-type]
        return line

    def _choose(self) -> None:
        now = str(folder_of(self.context.settings))
        if path := QFileDialog.getExistingDirectory(self, _("Where exports go"), now):
            self.context.settings.change("window", "exports", path)
            self.exports.setText(path)
