"""Jobs: what runs and waits, and everything that was ever done, over all schools, newest first."""

from typing import Any, ClassVar

from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.job.status import RunnerStatus
from lwdesk.base.text import N_, _, fold
from lwdesk.jobs.states import OUTCOMES
from lwdesk.ui.context import Context
from lwdesk.ui.job_line import JobLine
from lwdesk.ui.job_list import rule
from lwdesk.ui.job_words import title_of
from lwdesk.ui.page import Page
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import Empty, button, chosen, clear, label, row

_MOST = 40
ALL, MOVING, BROKEN, FAILED, DONE = "", "moving", "interrupted", "failed", "finished"
_CHIPS = {
    ALL: N_("All"),
    MOVING: N_("Running or waiting"),
    BROKEN: N_("Interrupted"),
    FAILED: N_("With failed rows"),
    DONE: N_("Finished"),
}


class JobsPage(Page):
    """A searchable list; every job can be opened, however old."""

    id: ClassVar[str] = "jobs"
    title: ClassVar[str] = N_("Jobs")
    icon: ClassVar[str] = "list-bullets"
    topic: ClassVar[str] = "jobs"

    def __init__(self, context: Context):
        super().__init__(context)
        self.jobs: list[dict[str, Any]] = []
        self.lines: dict[str, JobLine] = {}
        self._status, self._most = context.jobs_status, _MOST
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search jobs by file, school, or import"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(grown(240))
        self.search.textChanged.connect(lambda _text: self._fill())
        self.list = QFrame()
        self.list.setProperty("card", True)
        self._layout = QVBoxLayout(self.list)
        self._layout.setContentsMargins(0, 4, 0, 4)
        self._layout.setSpacing(0)
        self.more = button(_("Show more"), "quiet", clicked=self._show_more)
        self.empty = _empty(context)
        self.nothing = Empty(
            "magnifying-glass", _("No results"), _("Try a different word, or show all jobs.")
        )
        head = row(gap=16)
        head.addWidget(label(_("Jobs"), "title", wrap=True), 1)
        head.addWidget(self.search)
        self.body.addLayout(head)
        self.body.addWidget(self._chips())
        for part in (self.list, self.nothing, self.empty):
            self.body.addWidget(part)
        self.body.addLayout(row(None, self.more, None))
        self.body.addStretch(1)
        context.status_changed.connect(self._on_status)
        self._fill()

    def _chips(self) -> QWidget:
        self.kinds = QButtonGroup(self)
        line = row(gap=8)
        for which, words in _CHIPS.items():
            found = button(_(words), "chip", clicked=self._fill)
            found.setProperty("which", which)
            found.setChecked(which == ALL)
            self.kinds.addButton(found)
            line.addWidget(found)
        line.addStretch(1)
        self.chips = QWidget()
        self.chips.setLayout(line)
        return self.chips

    def shown(self, **about: Any) -> None:
        self._most = _MOST
        self.again()

    def again(self) -> None:
        self.context.work.ask("jobs.all", done=self._listed, failed=self.fail, lane="history")

    def _listed(self, jobs: list[dict[str, Any]]) -> None:
        if jobs != self.jobs:
            self.jobs = jobs
            self._fill()

    # What is shown --------------------------------------------------------------------------------------------

    def state_of(self, facts: dict[str, Any]) -> str:
        """The state of a job: the helper's newest status goes before the journal's."""
        if facts["job"] in self._status.waiting:
            return "waiting"
        return "running" if facts["job"] in self._status.running else str(facts["state"])

    def _fill(self) -> None:
        words, which = fold(self.search.text()).split(), chosen(self.kinds)
        fits = [facts for facts in self._in_order() if self._fits(facts, words, which)]
        focus = next((job for job, line in self.lines.items() if line.isAncestorOf(self.focusWidget())), "")
        clear(self._layout)
        self.lines = {}
        for facts in fits[: self._most]:
            if self.lines:
                self._layout.addWidget(rule())
            found = JobLine(facts, self.state_of(facts), self._offers(facts), self.context)
            found.show_status(self._status)
            self.lines[facts["job"]] = found
            self._layout.addWidget(found)
        if focus in self.lines and self.lines[focus].offers:
            self.lines[focus].offers[-1].setFocus()
        self.list.setVisible(bool(fits))
        self.more.setVisible(len(fits) > self._most)
        self.nothing.setVisible(bool(self.jobs) and not fits)
        self.empty.setVisible(not self.jobs)
        for part in (self.chips, self.search):
            part.setVisible(bool(self.jobs))

    def _in_order(self) -> list[dict[str, Any]]:
        """What runs, what waits in its order, then the rest, newest first."""
        moving = [*self._status.running, *self._status.waiting]
        known = {facts["job"]: facts for facts in self.jobs}
        first = [known[job] for job in moving if job in known]
        return first + [facts for facts in self.jobs if facts["job"] not in moving]

    def _fits(self, facts: dict[str, Any], words: list[str], which: str) -> bool:
        searched = fold(" ".join((*title_of(facts), str(facts.get("school")), facts["job"])))
        state = self.state_of(facts)
        kinds = {
            ALL: True,
            MOVING: state in ("running", "waiting"),
            BROKEN: state == "interrupted",
            FAILED: state == "damaged"
            or bool({**(facts.get("calls") or {}), **(facts.get("counts") or {})}.get("failed")),
            DONE: state == "finished",
        }
        return kinds[which] and all(word in searched for word in words)

    def _offers(self, facts: dict[str, Any]) -> list[QWidget]:
        """What can be done with a job from here, the least harmful first."""
        job, state, found = facts["job"], self.state_of(facts), []

        def offer(words: str, call: Any) -> None:
            made = button(words, "link", clicked=call)
            made.setAccessibleName(f"{words}: {title_of(facts)[0]}")
            found.append(made)

        if state == "waiting":
            place, last = self._place(facts)
            if place > 0:
                offer(_("Earlier"), lambda: self._move(job, place - 1))
            if place < last:
                offer(_("Later"), lambda: self._move(job, place + 1))
        if state == "interrupted":
            offer(_("Resume"), lambda: self._resume(job))
        if state != "damaged":
            words = _("Continue") if state in ("planned", "draft") else _("Open")
            offer(words, lambda: self.context.open_job(job))
        if state not in ("running", "waiting") and job != self.context.draft:
            offer(_("Delete…"), lambda: self._delete(facts))
        return found  # type: ignore[return-value]

    def _place(self, facts: dict[str, Any]) -> tuple[int, int]:
        """The place of a waiting job in its school's queue, and the last place of that queue."""
        schools = {other["job"]: other["school"] for other in self.jobs}
        line = [job for job in self._status.waiting if schools.get(job) == facts["school"]]
        return line.index(facts["job"]), len(line) - 1

    # What is done ---------------------------------------------------------------------------------------------

    def _on_status(self, status: object) -> None:
        assert isinstance(status, RunnerStatus)
        before, self._status = self._status, status
        if not self.isVisible():
            return
        changed = (list(status.running), status.waiting) != (list(before.running), before.waiting)
        if changed:
            self._fill()
        running = {facts["job"] for facts in self.jobs if facts["state"] == "running"}
        quick = not status.running and status.pace != before.pace  # began and ended between two looks
        if changed or quick or not running <= set(status.running):
            self.again()
        for line in self.lines.values():
            line.show_status(status)

    def _show_more(self) -> None:
        self._most += _MOST
        self._fill()

    def _resume(self, job: str) -> None:
        self.context.start_job(job, done=lambda: self.context.go("job", job=job), failed=self.fail)

    def _move(self, job: str, place: int) -> None:
        self.context.work.ask("runs.move", job, place, done=lambda _none: self.again(), failed=self.fail)

    def _delete(self, facts: dict[str, Any]) -> None:
        words = _(
            "You won't be able to see its results or undo it. Saved results workbooks stay on your computer."
        )
        calls = facts.get("calls") or {"": 1}  # of a damaged job, nothing is known
        if facts["state"] in ("planned", "draft") and not any(calls.get(end) for end in ("", *OUTCOMES)):
            words = _("Nothing of it was sent. Cells that you changed in lwdesk are lost; your file stays.")
        title = _("Delete the job “{name}”?").format(name=title_of(facts)[0])
        self.banner.ask(
            *(title, words, _("Keep it"), _("Delete job")), lambda: self._delete_confirmed(facts["job"])
        )

    def _delete_confirmed(self, job: str) -> None:
        self.context.work.ask("jobs.forget", job, done=lambda _none: self.again(), failed=self.fail)


def _empty(context: Context) -> Empty:
    return Empty(
        "list-bullets",
        _("No jobs yet"),
        _("All your imports and exports appear here, with the result for each row."),
        button(_("Import a file"), "primary", clicked=lambda: context.go("import")),
        button(_("Export a list"), clicked=lambda: context.go("export")),
    )
