"""One job: how far it is, its rows, and what can be done with it now."""

import time
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lwdesk.app.importing.summary import Plan
from lwdesk.app.job.rows import CallRows
from lwdesk.app.job.status import JobStatus, RunnerStatus, job_status
from lwdesk.app.school.connections import school_title
from lwdesk.base.errors import AppError
from lwdesk.base.text import _, ngettext
from lwdesk.ui.cell_keys import add_history_keys
from lwdesk.ui.context import Context
from lwdesk.ui.exporting.charts import ChartedSheets
from lwdesk.ui.job_actions import Actions
from lwdesk.ui.job_words import job_title, plan_facts, stays_words, title_of
from lwdesk.ui.progress import OutcomeBar
from lwdesk.ui.sheet_view import SheetView
from lwdesk.ui.steps.consent import ConsentBox, TypedConfirmation
from lwdesk.ui.table_model import TableModel
from lwdesk.ui.tables import Table
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import Banner, clear, column, label, row
from lwdesk.ui.words import duration, number

# Seconds after an action in which a job may still start.
_SETTLING = 5


def _moves(found: JobStatus) -> tuple[object, ...]:
    """What the rows on screen depend on."""
    return found.calls, found.figures, found.state


class JobView(QWidget):
    """Shows a job and follows it. What was planned is started only with the consents that it needs.

    `heading_changed` (title, subtitle, tone) and `status_loaded` (JobStatus) tell its state. `buttons` are for the page
    to place; `end`: they are right-aligned.
    """

    heading_changed = Signal(str, str, str)
    status_loaded = Signal(object)

    def __init__(self, context: Context, end: bool = False):
        super().__init__()
        self.context = context
        self.job = ""
        self.now: JobStatus | None = None
        self.banner = Banner(context)
        self.buttons = Actions(context, self, end)
        self.strange, self.takes = ConsentBox(), TypedConfirmation()
        for consent in (self.strange, self.takes):
            consent.changed(self._allow_start)
        self.progress = QWidget()
        self.bar = OutcomeBar()
        self.sent, self.left = label(role="quiet"), label(role="quiet")
        self.progress.setLayout(column(self.bar, row(self.sent, None, self.left, gap=12), gap=6))
        self.sheet = SheetView(context)
        self.sheet.edited.connect(self._edit)
        self.sheet.noticed.connect(lambda words: self.banner.say("look", words))
        add_history_keys(self, partial(self._retrace, "drafts.undo"), partial(self._retrace, "drafts.redo"))
        self.charts = ChartedSheets()  # of an export
        self.calls: TableModel | None = None  # the requests of an export
        self.calls_table: Table | None = None
        self.calls_box = QVBoxLayout()
        consents = column(self.strange, self.takes, gap=12)
        self.setLayout(
            column(self.banner, consents, self.progress, self.sheet, self.charts, self.calls_box, gap=12)
        )
        self.progress.hide()
        self.sheet.hide()
        self._asking, self._next_look, self._look_until = False, 0.0, 0.0
        self._started_until = 0.0  # until then, a planned job is taken for one that is about to start
        self._starting = self._planning = False  # whether the answer of that is on its way
        self._changes = 0  # edits asked for or answered: what was read before the last of them is outdated
        self._pending = 0  # edits whose answers are on their way
        self._outdated = False  # whether the plan that is shown may be of other cells
        self._unplanned: AppError | None = None  # why the draft could not be planned
        self._asked_for: Plan | None = None  # the plan whose consents are asked for
        self._timer = QTimer(self)
        self._timer.setInterval(400)
        self._timer.timeout.connect(self._look)
        context.theme.changed.connect(self._apply_theme)
        context.status_changed.connect(self._on_status)

    # What is shown --------------------------------------------------------------------------------------------

    def show_job(self, job: str, *, started: bool = False) -> None:
        """Follow another job; `started`: it was started just now."""
        if job != self.job:
            self.close_rows()
            self.job, self.now, self._asked_for = job, None, None
            self._started_until, self._starting, self._planning = 0.0, False, False
            self._unplanned, self._pending, self._outdated = None, 0, False
            self.sheet.setEnabled(True)
            self.banner.hide()
        if started:
            self._started_until = time.monotonic() + _SETTLING
        self.look()

    def look(self) -> None:
        """Load the job's state now, and poll it while the job is active, or may become so by an action."""
        self._next_look, self._look_until = 0.0, time.monotonic() + _SETTLING
        self._timer.start()
        self._look()

    def _on_status(self, status: object) -> None:
        """Follow the job again when it starts, wherever that was asked for."""
        assert isinstance(status, RunnerStatus)
        active = self.job in status.running or self.job in status.waiting
        if active and self.isVisible() and not self._timer.isActive():
            self.look()

    def hideEvent(self, event: Any) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def showEvent(self, event: Any) -> None:
        if self.job:
            self._timer.start()
        super().showEvent(event)

    def _apply_theme(self) -> None:
        if self.calls_table is not None:
            self.calls_table.apply_theme()

    def close_rows(self) -> None:
        """Let go of the journal."""
        self.sheet.close_rows()
        if self.calls is not None:
            self.calls.close()
        clear(self.calls_box)
        self.calls = self.calls_table = None

    def planned(self) -> None:
        """Show the plan of a job that was planned again."""
        self.now = self._asked_for = None
        self.close_rows()
        self.look()

    def _look(self) -> None:
        if self._asking or not self.job or time.monotonic() < self._next_look:
            return
        self._asking = True
        began, job, changes = time.monotonic(), self.job, self._changes
        path = self.context.home.jobs / f"{job}.lwjob"

        def seen(found: JobStatus) -> None:
            self._asking = False
            # Big jobs are looked at less often: at most a fifth of the time is spent with looking.
            self._next_look = time.monotonic() + 4 * (time.monotonic() - began)
            if changes != self._changes:
                self._next_look = 0.0
            elif found.job == self.job:
                self._render(found)

        self.context.bridge.run(lambda: job_status(path), seen, self._on_failed_look)

    def _on_failed_look(self, error: AppError) -> None:
        self._asking = False
        self._timer.stop()
        self.banner.show_error(error)

    def _render(self, found: JobStatus) -> None:
        before, self.now = self.now, found
        self._outdated = self._pending > 0
        waiting = self.job in self.context.jobs_status.waiting
        running = self.job in self.context.jobs_status.running
        state = "waiting" if waiting else "running" if running and not found.over else found.state
        if state == "planned" and time.monotonic() < self._started_until:
            state = "waiting"
        elif state != "waiting":
            self._started_until = 0.0
        if state == "draft" and not self._planning and self._unplanned is None:
            self.plan()
        self._ask_consent(found, state)
        self._head(found, state)
        self._show_progress(found, state)
        self._show_rows(found, before)
        if found.stays and (before is None or before.stays != found.stays):
            self.banner.say("look", *stays_words(found.stays))
        self.buttons.setVisible(not self._planning)
        self.buttons.offer(found, state)
        self._allow_start()
        if found.over and not running and not waiting and time.monotonic() > self._look_until:
            self._timer.stop()
        self.status_loaded.emit(found)

    # Starting -------------------------------------------------------------------------------------------------

    def _ask_consent(self, found: JobStatus, state: str) -> None:
        """Ask for the consents that a planned import needs, once for each plan. An undo was asked for already."""
        plan = found.plan if state == "planned" and found.kind == "import" else None
        if plan is None or not plan.calls:
            self.strange.hide()
            self.takes.hide()
            self._asked_for = None
        elif plan != self._asked_for:
            self._asked_for = plan
            school = self._school(found)
            self.strange.ask("" if found.calls.get("done") else found.strange, school)
            self.takes.ask(plan.takes, school)

    def _school(self, found: JobStatus) -> str:
        """How the school of the job is called."""
        known = {school.name: school.title for school in self.context.schools()}
        return known.get(found.school) or school_title(found.school)

    def plan(self) -> None:
        """Plan a draft: one that was left, or whose cells were changed."""
        self._planning, self._unplanned = True, None
        job, trial = self.job, self.now.trial if self.now is not None else None

        def ended(error: AppError | None) -> None:
            if job != self.job:
                return
            self._planning, self._unplanned = False, error
            if error is not None:
                self.banner.show_error(error)
            self.planned()

        done = lambda _review: ended(None)  # noqa: E731
        self.context.work.ask("drafts.plan", job, trial, done=done, failed=ended, lane="draft")

    def _allow_start(self) -> None:
        """Enable the button that starts where every consent is given, and nothing else is on its way."""
        plan = self.now.plan if self.now is not None else None
        ready = (
            plan is not None and plan.calls > 0 and not (self._starting or self._planning or self._outdated)
        )
        self.buttons.allow_start(ready and self.strange.given and self.takes.given)

    def start(self) -> None:
        """Start what was planned; cells can't be changed meanwhile."""
        self._starting = True
        self.sheet.setEnabled(False)
        self._allow_start()
        self.context.start_job(self.job, done=self._started, failed=self._not_started)

    def _started(self) -> None:
        self._starting = False
        self.sheet.setEnabled(True)
        self.banner.hide()
        self._started_until = time.monotonic() + _SETTLING
        self.look()

    def _not_started(self, error: AppError) -> None:
        self._starting = False
        self.sheet.setEnabled(True)
        self.banner.show_error(error)
        self.look()

    def paused(self) -> None:
        """Forget that the job was about to start: it was taken out of the queue."""
        self._started_until = 0.0

    def _head(self, found: JobStatus, state: str) -> None:
        title, tone = job_title(found, state)
        name, what = title_of(found.facts())
        calm = _(
            "You can close the window. Even after a power cut, lwdesk resumes where it stopped and sends nothing twice."
        )
        words = {
            "running": calm,
            "interrupted": found.reason or _("lwdesk closed while the job was running."),
        }
        if self._planning:
            words["draft"] = _("Comparing with {school}… You can fix cells in the meantime.").format(
                school=self._school(found)
            )
        facts = f"{name} · {what}" if what else name
        if state == "planned" and found.kind == "undo" and found.plan is not None and not found.plan.calls:
            words["planned"] = _("Select a row to see why.")
        if state == "planned" and found.plan is not None and found.plan.calls:
            facts += " · " + plan_facts(found.plan)
        self.heading_changed.emit(title, words.get(state, facts), tone)

    def _show_progress(self, found: JobStatus, state: str) -> None:
        self.progress.setVisible(state not in ("planned", "draft"))
        counts = found.calls if found.kind == "export" else found.rows
        self.bar.set(counts)
        total = sum(counts.values())
        ended = total - counts.get("ready", 0) - counts.get("sending", 0)
        if found.kind == "export":
            text = ngettext("{n} row read", "{n} rows read", found.lines)
            if files := sum(found.files.values()):
                there = number(found.files.get("done", 0))
                text += " · " + ngettext("{there} of {n} file", "{there} of {n} files", files, there=there)
        else:
            text = ngettext("{ended} of {n} row", "{ended} of {n} rows", total, ended=number(ended))
        self.sent.setText(text)
        facts = self.context.jobs_status.running.get(self.job)
        seconds = facts["seconds"] if facts and state == "running" else 0
        self.left.setText(_("{time} left").format(time=duration(seconds)) if seconds >= 1 else "")

    def _edit(self, edits: object) -> None:
        """Change cells: of a job that was sent, those of rows that failed. What was planned is planned again."""
        self._change("drafts.edit", edits)

    def _retrace(self, name: str) -> None:
        """Undo or redo a fix."""
        if self.now is not None and self.now.editable:
            self._change(name)

    def _change(self, name: str, *args: object) -> None:
        """Change cells; nothing is started until what is planned then is known."""
        self._changes += 1
        self._pending += 1
        self._outdated = True
        self._allow_start()
        done = lambda _found: self._edited()  # noqa: E731
        self.context.work.ask(name, self.job, *args, done=done, failed=self._not_edited, lane="draft")

    def _edited(self) -> None:
        self._changes += 1
        self._pending = max(0, self._pending - 1)
        self._unplanned = None
        self.banner.hide()
        self.sheet.load()
        self.look()

    def _not_edited(self, error: AppError) -> None:
        self._pending = max(0, self._pending - 1)
        self.banner.show_error(error)
        self.sheet.load()

    # The rows -------------------------------------------------------------------------------------------------

    def _show_rows(self, found: JobStatus, before: JobStatus | None) -> None:
        export = found.kind == "export"
        self.sheet.setVisible(not export)
        charted = found.charted if found.state == "finished" else []
        self.charts.show_sheets(charted)
        if self.calls_table is not None:
            self.calls_table.setVisible(not charted or found.calls.get("failed", 0) > 0)
        if not export:
            self.sheet.show_figures(found.figures, before=found.state in ("planned", "draft"))
        model = self.calls if export else self.sheet.model
        if model is None:
            still = lambda: self.job == found.job and (self.calls or self.sheet.model) is None  # noqa: E731
            self.context.bridge.post_each([lambda: self._open_rows(found)], still)
        elif before is not None and _moves(found) != _moves(before):
            model.load()

    def _open_rows(self, found: JobStatus) -> None:
        if found.kind != "export":
            self.sheet.show_rows(found.job, editable=found.editable)
            return
        self.calls = TableModel(self.context.bridge, CallRows(self.context.home.jobs / f"{found.job}.lwjob"))
        table = self.calls_table = Table(self.calls, empty=_("No rows match."), name=_("Data in this export"))
        table.setMinimumHeight(grown(110))
        table.set_widths([80, 260, 260, 90, 110])
        table.horizontalHeader().setStretchLastSection(False)
        table.stretch(2)
        self.calls_box.addWidget(table)
        self.calls.load()
