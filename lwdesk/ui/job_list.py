"""A list of jobs in a card: what each was, how it went, and what can be done with it."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lwdesk.base.errors import AppError
from lwdesk.base.text import _
from lwdesk.ui.context import Context
from lwdesk.ui.job_line import JobLine
from lwdesk.ui.job_words import title_of
from lwdesk.ui.widgets import button, clear, restyle


class JobList(QFrame):
    """The newest jobs; emits `listed` with all of them."""

    listed = Signal(object)

    def __init__(self, context: Context, most: int = 100):
        super().__init__()
        self.context, self._most = context, most
        self.setProperty("card", True)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 4, 0, 4)
        self._lines.setSpacing(0)

    def refresh(self) -> None:
        """Reload the jobs."""
        self.context.work.ask("jobs.all", done=self._show, failed=self._fail)

    def _fail(self, error: AppError) -> None:
        self.context.say(error)

    def _show(self, jobs: list[dict[str, Any]]) -> None:
        clear(self._lines)
        for number, facts in enumerate(jobs[: self._most]):
            if number:
                self._lines.addWidget(rule())
            self._lines.addWidget(self._line(facts))
        self.listed.emit(jobs)

    def _line(self, facts: dict[str, Any]) -> QWidget:
        open_ = button(_("Open"), "link", clicked=lambda: self.context.open_job(facts["job"]))
        open_.setAccessibleName(_("Open the job {name}").format(name=title_of(facts)[0]))
        return JobLine(facts, facts["state"], [open_], self.context)


def rule() -> QFrame:
    """A thin line between rows."""
    found = QFrame()
    restyle(found, line=True)
    return found
