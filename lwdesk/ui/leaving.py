"""Closing the window while jobs run: ask, keep sending behind a tray icon, and tell the outcome at the end."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QMessageBox, QSystemTrayIcon

from lwdesk.app.job.status import JobStatus, RunnerStatus, job_status
from lwdesk.base.text import _, ngettext
from lwdesk.ui.context import Context
from lwdesk.ui.job_words import job_title


class Leaving(QObject):
    """Decides whether the window may close, and keeps the program alive without it.

    `left`: the user chose to stop, so the program is to end, even where the window was hidden already.
    """

    left = Signal()

    def __init__(self, window: QMainWindow, context: Context):
        super().__init__(window)
        self._window, self._context = window, context
        self._free = False  # whether the window closes without a question
        self._behind: set[str] = set()
        """The jobs that run behind a closed window, as far as they have not ended."""
        self.question: QMessageBox | None = None
        self.tray = QSystemTrayIcon(QApplication.windowIcon(), self)
        self.tray.activated.connect(self._on_tray)
        self.tray.messageClicked.connect(self.come_back)
        context.status_changed.connect(self._on_status)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.commitDataRequest.connect(self._on_session_end)

    def may_close(self) -> bool:
        """Whether the window may close now. Asks where jobs run; the answer closes it, or not."""
        count = len(self._context.moving())
        if self._free or not count:
            return True
        self.question = question = QMessageBox(self._window)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Question)
        question.setText(ngettext("{n} job is still running", "{n} jobs are still running", count))
        question.setInformativeText(
            _(
                "Nothing is lost or sent twice, whatever you choose. You can resume stopped jobs on the Jobs page."
            )
        )
        roles = QMessageBox.ButtonRole
        keep = question.addButton(_("Keep sending in the background"), roles.AcceptRole)
        stop = question.addButton(_("Stop and resume next time"), roles.DestructiveRole)
        question.setEscapeButton(question.addButton(_("Don't close"), roles.RejectRole))
        question.setDefaultButton(keep)
        keep.clicked.connect(self._go_behind)
        stop.clicked.connect(self._close)
        question.open()
        return False

    def come_back(self) -> None:
        """Bring the window back to the front."""
        self._behind.clear()
        QApplication.setQuitOnLastWindowClosed(True)
        self.tray.hide()
        window = self._window
        window.showNormal() if window.isMinimized() else window.show()
        window.raise_()
        window.activateWindow()

    def _go_behind(self) -> None:
        """Leave the jobs running without the window; without a tray it stays in the taskbar."""
        self._behind = self._context.moving()
        if not QSystemTrayIcon.isSystemTrayAvailable():
            self._window.showMinimized()
            return
        QApplication.setQuitOnLastWindowClosed(False)
        menu = QMenu(self._window)
        menu.addAction(_("Open lwdesk")).triggered.connect(self.come_back)
        menu.addAction(_("Stop and close")).triggered.connect(self._close)
        self.tray.setContextMenu(menu)
        self.tray.show()
        self._window.hide()
        self._say(_("lwdesk keeps sending"), _("Click this icon to see its progress."))

    def _close(self) -> None:
        self._free = True
        QApplication.setQuitOnLastWindowClosed(True)
        self.tray.hide()
        self._window.close()
        self.left.emit()

    def _on_session_end(self) -> None:
        """The user signs out: nothing may hold that up, and jobs are resumed next time."""
        self._free = True

    def _on_tray(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.come_back()

    def _on_status(self, status: object) -> None:
        assert isinstance(status, RunnerStatus)
        for job in self._behind - self._context.moving():
            self._behind.discard(job)
            look = partial(job_status, self._context.home.jobs / f"{job}.lwjob")
            self._context.bridge.run(look, self._ended, lambda _error: None)

    def _ended(self, found: JobStatus) -> None:
        title, _tone = job_title(found, found.state)
        self._say(title, "" if self._behind else _("Click to open lwdesk."))

    def _say(self, title: str, words: str) -> None:
        if self.tray.isVisible():
            self.tray.showMessage(title, words, QApplication.windowIcon())
        else:
            QApplication.alert(self._window)
