"""The actions that a job's state allows, and their buttons."""

from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget

from lwdesk.app.importing.summary import Plan
from lwdesk.app.job.row_status import FIXED
from lwdesk.app.job.status import JobStatus
from lwdesk.base.errors import AppError
from lwdesk.base.text import _, ngettext
from lwdesk.catalog import EXPORTS
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Flow
from lwdesk.ui.job_words import send_words
from lwdesk.ui.widgets import Banner, button, clear


def open_path(path: str) -> bool:
    """Open a file or folder with the system's program for it. Returns whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))


class View(Protocol):
    """The view of a job, as its actions need it."""

    job: str
    banner: Banner

    def look(self) -> None:
        """Load the job's state."""

    def planned(self) -> None:
        """Show the plan of a job that was planned again."""

    def start(self) -> None:
        """Start what was planned."""

    def plan(self) -> None:
        """Plan a draft."""

    def paused(self) -> None:
        """Show the job as stopped."""


class Actions(QWidget):
    """A row of buttons; the main one is filled."""

    def __init__(self, context: Context, view: View, end: bool = False):
        super().__init__()
        self.context, self.view = context, view
        self._line = Flow(gap=8, end=end)
        self.setLayout(self._line)
        self._shown: tuple[str, ...] = ()
        self._start: QPushButton | None = None  # starts what was planned

    def offer(self, found: JobStatus, state: str) -> None:
        """Offer what fits the state."""
        shown = (
            found.job,
            state,
            str(found.retryable > 0),
            str(found.held),
            found.written,
            str(found.calls.get("done", 0) > 0),
            str(found.figures.get(FIXED, 0)),
            str(found.plan) if state == "planned" else "",
        )
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._line)
        for made in self._buttons(found, state, found.retryable > 0):
            self._line.addWidget(made)

    def allow_start(self, ready: bool) -> None:
        """Enable the button that starts what was planned, or disable it."""
        if self._start is not None:
            self._start.setEnabled(ready)

    def _buttons(self, found: JobStatus, state: str, failed: bool) -> list[QPushButton]:
        self._start = None
        if state == "planned":
            plan = found.plan or Plan()
            if found.kind == "undo" and not plan.calls:
                return []
            words = send_words(found.what, plan) if plan.calls else _("Send")
            if found.kind == "undo":
                words = ngettext("Undo {n} row", "Undo {n} rows", plan.create + plan.update)
            kind = "destroy" if found.kind == "undo" or plan.takes else "primary"
            self._start = button(words, kind, clicked=self.view.start)
            self._start.setEnabled(False)
            return [self._start]
        if state == "draft":
            return [button(_("Try again"), "primary", "arrow-clockwise", self.view.plan)]
        if state in ("running", "waiting"):
            # A second press of Pause must meet nothing worse than Resume.
            return [
                button(_("Cancel job…"), "danger", clicked=self._cancel),
                button(_("Pause"), "quiet", "pause", self._pause),
            ]
        if state == "interrupted":
            return [
                button(_("Skip remaining rows…"), "danger", clicked=self._cancel),
                button(_("Resume"), "primary", "play", self.view.start),
            ]
        return self._afterwards(found, failed)

    def _afterwards(self, found: JobStatus, failed: bool) -> list[QPushButton]:
        if found.kind == "export":
            return self._exported(found, failed)
        more = []
        fixed = found.figures.get(FIXED, 0)
        if fixed:
            words = ngettext("Send {n} fixed row", "Send {n} fixed rows", fixed)
            more.append(button(words, "primary", clicked=lambda: self._ask("jobs.send_fixed")))
        if found.held:
            words = ngettext("Continue with the other row", "Continue with the other {n} rows", found.held)
            more.append(button(words, "primary", clicked=self._plan_rest))
        if failed:
            more.append(
                button(_("Retry what failed"), "quiet", "arrow-clockwise", lambda: self._ask("jobs.retry"))
            )
        if found.kind != "undo" and found.calls.get("done"):
            undo = button(_("Undo…"), "danger", clicked=self._undo)
            more.append(undo)
        kind = "quiet" if found.held or fixed else "primary"
        place = found.written or found.file
        return [
            *more,
            button(_("Show in folder"), "quiet", "folder", lambda: self._folder(place)),
            button(_("Open the results"), kind, "file", self._results),
        ]

    def _exported(self, found: JobStatus, failed: bool) -> list[QPushButton]:
        """What can be done with an export."""
        made = []
        if failed:
            made.append(button(_("Get missing data"), "quiet", clicked=lambda: self._ask("jobs.retry")))
        if found.written and EXPORTS[found.what].returns:
            back = lambda: self._edit_and_send_back(found.written)  # noqa: E731
            made.append(button(_("Edit and send back"), "quiet", "pencil-simple", back))
        made.append(button(_("Show in folder"), "quiet", "folder", lambda: self._folder(found.file)))
        if found.written:
            made.append(button(_("Open the workbook"), "primary", "file", lambda: self._open(found.written)))
        return made

    def _edit_and_send_back(self, path: str) -> None:
        """Open the workbook, and offer to send what was edited in it."""
        if self._open(path):
            words = _("Only the cells you edit are sent, and you can review them first.")
            send = button(
                _("Review my edits"), "primary", clicked=lambda: self.context.go("import", path=Path(path))
            )
            self.view.banner.say("accent", _("Edit the workbook, save it, then come back here"), words, send)

    def _ask(self, name: str) -> None:
        self._shown = ()
        self.context.work.ask(name, self.view.job, done=self._done, failed=self._fail, lane="job")

    def _done(self, found: Any) -> None:
        self.view.banner.hide()
        if isinstance(found, Plan):
            self.view.planned()
        else:
            self.view.look()

    def _fail(self, error: AppError) -> None:
        self.view.banner.show_error(error)
        self.view.look()

    def _pause(self) -> None:
        self.view.paused()
        self._ask("runs.pause")

    def _cancel(self) -> None:
        words = _("What was already sent stays and can be undone later. The rest isn't sent.")
        self.view.banner.ask(
            *(_("Cancel this job?"), words, _("Keep it"), _("Cancel job")), lambda: self._ask("runs.cancel")
        )

    def _results(self) -> None:
        self.view.banner.say("accent", _("Creating the results workbook…"))
        self.context.work.ask(
            "jobs.results", self.view.job, done=self._written, failed=self._fail, lane="results"
        )

    def _written(self, path: str) -> None:
        self.view.banner.say("done", _("The results are in {path}").format(path=path))
        self._open(path)

    def _folder(self, path: str) -> None:
        self._open(str(Path(path).parent))

    def _open(self, path: str) -> bool:
        """Open a file or folder; where that can't be, say so. Returns whether it was opened."""
        opened = open_path(path)
        if not opened:
            words = _("It was moved or deleted, or no program on this computer can open it: {path}")
            self.view.banner.say("look", _("Can't open it"), words.format(path=path))
        return opened

    def _plan_rest(self) -> None:
        self._shown = ()
        done = lambda _review: self.view.planned()  # noqa: E731
        self.context.work.ask("drafts.plan", self.view.job, None, done=done, failed=self._fail, lane="draft")

    def _undo(self) -> None:
        self.view.banner.say("accent", _("Checking what can be undone…"))
        self.context.work.ask("jobs.undo", self.view.job, done=self._undoing, failed=self._fail, lane="job")

    def _undoing(self, found: tuple[str, Plan]) -> None:
        self.view.banner.hide()
        self.context.go("job", job=found[0])
