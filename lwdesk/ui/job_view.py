"""One job: how far it is, what became of every row, and what can be done with it now."""

import time
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.importing.plan import Plan
from lwdesk.app.job.rows import CallRows, Filter, Rows, RunRows
from lwdesk.app.job.status import JobStatus, job_status
from lwdesk.base.errors import AppError
from lwdesk.base.text import _
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Flow
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.job_actions import Actions
from lwdesk.ui.job_words import OUTCOME_WORDS, ROW_WORDS, TONES, title_of
from lwdesk.ui.plan_view import PlanView, tile
from lwdesk.ui.progress import OutcomeBar
from lwdesk.ui.tables import Table, TableModel
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import Banner, button, card, chosen, clear, column, label, row, say
from lwdesk.ui.words import capital, duration, number

_CHIPS = ("", "failed", "unsure", "conflict", "done", "unchanged", "skipped")
_EXPORT_CHIPS = ("", "failed", "done")


class JobView(QWidget):
    """Shows a job and follows it. `heading_changed` (title, subtitle) and `status_loaded` (Standing) tell its state.

    `buttons` are for the page to place; `end`: they stand at the right.
    """

    heading_changed = Signal(str, str)
    status_loaded = Signal(object)

    def __init__(self, context: Context, end: bool = False):
        super().__init__()
        self.context = context
        self.job = ""
        self.now: JobStatus | None = None
        self.model: TableModel | None = None
        self.table: Table | None = None
        self.banner = Banner()
        self.buttons = Actions(context, self, end)
        self.share, self.sent, self.left = label(role="strong"), label(role="quiet"), label(role="strong")
        self.bar = OutcomeBar()
        self.progress = card(row(self.share, self.sent, None, self.left, gap=12), self.bar, gap=10)
        self.tiles = CardGrid([], least=130, most=5)
        self.plan = PlanView(context)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search the rows of this job"))
        self.search.setClearButtonEnabled(True)
        self.rows_box = QWidget()
        self.grid = QVBoxLayout()
        self.detail = _Detail()
        self.unmapped = label(role="small", wrap=True)
        self.rows_box.setLayout(column(self._chips(), self.unmapped, self.grid, self.detail, gap=8))
        self.setLayout(column(self.banner, self.progress, self.tiles, self.plan, self.rows_box, gap=12))
        for part in (self.progress, self.plan, self.rows_box):
            part.hide()
        self._asking, self._next_look = False, 0.0
        self._rate: list[tuple[float, int]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(400)
        self._timer.timeout.connect(self._look)
        context.theme.changed.connect(self._apply_theme)

    def _chips(self) -> Any:
        self._kinds = QButtonGroup(self)
        line = Flow(gap=8)
        for which in _CHIPS:
            found = button(
                capital(_(OUTCOME_WORDS[which]) if which else _("all")), "chip", clicked=self._filter
            )
            found.setProperty("which", which)
            found.setChecked(not which)
            self._kinds.addButton(found)
            line.addWidget(found)
        typing = QTimer(self)
        typing.setSingleShot(True)
        typing.setInterval(250)
        typing.timeout.connect(self._filter)
        self.search.textChanged.connect(lambda _text: typing.start())
        return column(self.search, line, gap=8)

    # What is shown --------------------------------------------------------------------------------------------

    def show_job(self, job: str) -> None:
        """Follow another job."""
        if job != self.job:
            self.close_rows()
            self.job, self.now, self._rate = job, None, []
            self.banner.hide()
        self.look()

    def look(self) -> None:
        """Load the job's state now, and poll it while the job is active."""
        self._next_look = 0.0
        self._timer.start()
        self._look()

    def hideEvent(self, event: Any) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def showEvent(self, event: Any) -> None:
        if self.job:
            self._timer.start()
        super().showEvent(event)

    def _apply_theme(self) -> None:
        if self.table is not None:
            self.table.apply_theme()

    def close_rows(self) -> None:
        """Let go of the journal."""
        if self.model is not None:
            self.model.close()
            self.model = None
        clear(self.grid)
        self.table = None
        self.plan.close_rows()

    def _look(self) -> None:
        if self._asking or not self.job or time.monotonic() < self._next_look:
            return
        self._asking = True
        began, job = time.monotonic(), self.job
        path = self.context.home.jobs / f"{job}.lwjob"

        def seen(found: JobStatus) -> None:
            self._asking = False
            # Big jobs are looked at less often: at most a fifth of the time is spent with looking.
            self._next_look = time.monotonic() + 4 * (time.monotonic() - began)
            if found.job == self.job:
                self._render(found)

        self.context.bridge.run(lambda: job_status(path), seen, self._on_failed_look)

    def _on_failed_look(self, error: AppError) -> None:
        self._asking = False
        self._timer.stop()
        self.banner.show_error(error)

    def _render(self, found: JobStatus) -> None:
        before, self.now = self.now, found
        waiting = self.job in self.context.jobs_status.waiting
        running = self.job in self.context.jobs_status.running
        state = "waiting" if waiting else "running" if running and not found.over else found.state
        self._head(found, state)
        self._progress(found, state)
        self._show_tiles(found, state)
        planned = state == "planned"
        self.plan.setVisible(planned)
        self.progress.setVisible(not planned)
        self.rows_box.setVisible(not planned)
        if planned and found.plan is not None and (before is None or before.state != "planned"):
            self.plan.show_plan(found.job, found.plan)
        if not planned and self.model is None:
            still = lambda: self.model is None and self.job == found.job  # noqa: E731
            self.context.bridge.post_each([lambda: self._show_rows(found)], still)
        elif self.model is not None and before is not None and found.calls != before.calls:
            self.model.load()
        self.buttons.offer(found, state)
        if found.over and not running and not waiting:
            self._timer.stop()
        self.status_loaded.emit(found)

    def _head(self, found: JobStatus, state: str) -> None:
        name, what = title_of(found.facts())
        verbs = {
            "running": _("Exporting {name}") if found.kind == "export" else _("Importing {name}"),
            "waiting": _("{name} waits for its turn"),
            "interrupted": _("{name} was interrupted"),
            "cancelled": _("{name} was cancelled"),
            "planned": _("{name} is ready to start"),
        }
        if found.kind == "undo":
            verbs |= {"running": _("Undoing {name}"), "planned": _("This is what undoing {name} would do")}
        title = verbs.get(state, _("{name} is done")).format(name=name)
        calm = _(
            "You can close the window or lose power: it goes on where it stopped, and nothing is sent twice."
        )
        words = {"running": calm, "interrupted": found.reason or _("The program ended while it ran.")}
        self.heading_changed.emit(title, words.get(state, what))

    def _progress(self, found: JobStatus, state: str) -> None:
        total, ended = found.total, found.ended
        self.bar.set(found.calls)
        self.share.setText(f"{100 * ended // total if total else 100} %")
        text = _("{ended} of {total} calls").format(ended=number(ended), total=number(total))
        self._rate = [*self._rate[-20:], (time.monotonic(), ended)]
        (then, before), (now, after) = self._rate[0], self._rate[-1]
        if state == "running" and after > before and now - then > 1:
            text += " · " + _("{rate} a second").format(rate=f"{(after - before) / (now - then):.1f}")
        self.sent.setText(text)
        facts = self.context.jobs_status.running.get(self.job)
        seconds = facts["seconds"] if facts and state == "running" else 0
        self.left.setText(_("{time} left").format(time=duration(seconds)) if seconds >= 1 else "")

    def _show_tiles(self, found: JobStatus, state: str) -> None:
        self.tiles.setVisible(state != "planned")
        if found.kind == "export":
            counts = [
                (found.lines, _("rows read"), "done"),
                (found.calls.get("failed", 0), _("failed"), "failed"),
            ]
        else:
            counts = [
                (found.rows.get(word, 0), _(words), TONES[word])
                for word, words in ROW_WORDS.items()
                if found.rows.get(word) or word in ("done", "unchanged", "failed")
            ]
        if counts != getattr(self, "_counts", None):
            self._counts = counts
            self.tiles.set_cards(
                [tile(count, text, "" if tone == "plain" else tone) for count, text, tone in counts]
            )

    # The rows -------------------------------------------------------------------------------------------------

    def _show_rows(self, found: JobStatus) -> None:
        path = self.context.home.jobs / f"{found.job}.lwjob"
        export = found.kind == "export"
        rows: Rows = CallRows(path) if export else RunRows(path)
        for chip in self._kinds.buttons():
            chip.setHidden(export and chip.property("which") not in _EXPORT_CHIPS)
        self.model = TableModel(self.context.bridge, rows)
        say(self.unmapped, rows.unmapped)
        self.table = Table(self.model, empty=_("No rows match."), name=_("The rows of this job"))
        self.table.setMinimumHeight(grown(110))
        self.table.set_widths([80, 180, 320, 70, 80])
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.stretch(2)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _before: self._select(now.row()))
        self.grid.addWidget(self.table)
        self._filter()

    def _select(self, line: int) -> None:
        if self.model is not None and line >= 0:
            cell = self.model.cell(line, 2)
            self.detail.show_text(self.model.cell(line, 0).text, cell.detail or cell.text)

    def _filter(self) -> None:
        if self.model is not None:
            which = chosen(self._kinds)
            old = self.model.filter
            self.model.load(Filter(which, self.search.text().strip(), old.sort, old.down))

    def planned(self, plan: Plan) -> None:
        """Show the plan of a job that was planned again."""
        self.now = None
        self.close_rows()
        self.look()


class _Detail(QWidget):
    """The whole message of the row that is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label(wrap=True)
        self.copy = button(_("Copy"), "link", "copy", self._copy)
        layout = row(gap=12)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.copy)
        self.setLayout(layout)
        self.hide()

    def show_text(self, number: str, text: str) -> None:
        self.words.setText(_("Row {number}: {text}").format(number=number, text=text))
        self.show()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.words.text())
