"""Support: diagnostics, and about lwdesk."""

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
)

from lwdesk import __version__
from lwdesk.app.about import Library, libraries, licence
from lwdesk.base.errors import AppError
from lwdesk.base.paths import free_name
from lwdesk.base.text import _
from lwdesk.ui import job_actions
from lwdesk.ui.context import Context
from lwdesk.ui.settings.parts import fill
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import Banner, button, label, row


class Troubleshooting(QFrame):
    """A diagnostics file for the one who helps."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.banner = Banner(context)
        self.save = button(_("Save a diagnostics file…"), "quiet", "file-text", self._save)
        words = _(
            "For support: versions, job results, and the log. It contains no secrets, names, email "
            "addresses, or other personal data. You can read it before you send it."
        )
        fill(
            self,
            _("When something goes wrong"),
            label(words, "quiet", wrap=True),
            self.banner,
            row(self.save, None),
        )

    def _save(self) -> None:
        name = free_name(Path.home() / f"lwdesk diagnostics {date.today():%Y-%m-%d}.txt")
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Save the diagnostics as"), str(name), _("Text") + " (*.txt)"
        )
        if path:
            self.write(path if Path(path).suffix else str(free_name(Path(f"{path}.txt"))))

    def write(self, path: str) -> None:
        """Write the file."""
        self.context.work.ask("diagnostics.write", path, done=self._written, failed=self._fail)

    def _written(self, path: str) -> None:
        show = button(_("Open"), clicked=lambda: job_actions.open_path(path))
        self.banner.say("done", _("Saved as {path}").format(path=path), "", show)

    def _fail(self, error: AppError) -> None:
        self.banner.show_error(error)


class About(QFrame):
    """Version, licence, and the libraries with theirs."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.show_ = button(_("Show included libraries and licenses"), "link", clicked=self._ask)
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName(_("Libraries and their licenses"))
        self.table.setHorizontalHeaderLabels([_("Library"), _("Version"), _("License")])
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(grown(28))
        self.table.setMinimumHeight(grown(260))
        self.table.hide()
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("License text"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(grown(260))
        self.text.hide()
        words = _("lwdesk {version}. Free software under the MIT license, without any warranty.")
        more = _("lwdesk isn't made by LearnWorlds. Its window uses Qt under the LGPL, version 3.")
        fill(
            self,
            _("About lwdesk"),
            label(words.format(version=__version__), wrap=True),
            label(more, "quiet", wrap=True),
            row(self.show_, None),
            self.table,
            self.text,
        )

    def _ask(self) -> None:
        self.context.bridge.run(libraries, self._fill)

    def _fill(self, found: list[Library]) -> None:
        self.show_.hide()
        self.table.setRowCount(len(found))
        for line, library in enumerate(found):
            for place, text in enumerate((library.name, library.version, library.licence)):
                self.table.setItem(line, place, QTableWidgetItem(text))
        self.table.setColumnWidth(0, grown(220))
        self.table.setColumnWidth(1, grown(110))
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.show()
        self.table.currentCellChanged.connect(lambda line, *_more: self._read(found[line].name))

    def _read(self, name: str) -> None:
        self.context.bridge.run(partial(licence, name), self._show)

    def _show(self, text: str) -> None:
        self.text.setPlainText(text)
        self.text.show()
