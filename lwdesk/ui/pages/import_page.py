"""Import: four steps that stay visible and can be gone back to without losing anything."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSizePolicy, QStackedWidget, QWidget

from lwdesk.app import recent
from lwdesk.app.job.status import JobStatus
from lwdesk.base.text import N_, _
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Beside
from lwdesk.ui.help.tour import Tour
from lwdesk.ui.job_view import JobView
from lwdesk.ui.page import Page
from lwdesk.ui.step_header import Steps
from lwdesk.ui.steps.file import FileStep
from lwdesk.ui.steps.match import MatchStep
from lwdesk.ui.steps.review import ReviewStep
from lwdesk.ui.steps.step import Step, WizardState
from lwdesk.ui.theme import GRID
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import Elided, announce, button, column, label, restyle, row

_NAMES = (N_("File"), N_("Match"), N_("Review"), N_("Send"))
_HEADINGS = ("file", "match", "review", "send")  # of the help
FILE, MATCH, REVIEW, SEND = range(4)


class ImportPage(Page):
    """The header of steps, the step in front, and the way back and on."""

    id: ClassVar[str] = "import"
    title: ClassVar[str] = N_("Import")
    icon: ClassVar[str] = "download-simple"

    def __init__(self, context: Context):
        super().__init__(context)
        self.wizard = WizardState()
        self.at, self.reached = FILE, FILE
        self.ended = False  # whether the job that was sent has ended
        self._held: list[Callable[[], object]] = []  # what waits until the step in front can be left
        self.steps = Steps([_(name) for name in _NAMES])
        self.about = Elided("quiet", Qt.AlignmentFlag.AlignRight)
        self.heading, self.words = label(role="title", wrap=True), label(role="quiet", wrap=True)
        kinds = (FileStep, MatchStep, ReviewStep)
        self.parts: list[Step] = [kind(context, self.wizard, self.banner) for kind in kinds]
        self.view = JobView(context, end=True)
        self.stack = QStackedWidget()
        for part in (*self.parts, self.view):
            self.stack.addWidget(part)
        self.aside = row()
        self.back = button(_("Back"), "quiet", clicked=self.go_back)
        self.extras = row(gap=8)
        self.hint = label(role="quiet", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.next = button("", "primary", clicked=self.go_on)
        set_tip(self.next, native_keys("Ctrl+Return"))
        self.start_over_button = button(_("Import another file"), "quiet", clicked=self.start_over)
        self._lay_out()
        self._connect()
        targets = (*(part.main_widget for part in self.parts), lambda: self.view.progress)
        self.tour = Tour(context, self, self.footer, targets)
        self.show_step(FILE)

    def _lay_out(self) -> None:
        for part in self.parts:
            if (aside := part.aside()) is not None:
                self.aside.addWidget(aside)
            for extra in part.extras():
                self.extras.addWidget(extra)
        self.aside.addWidget(self.view.buttons)
        header = row(self.steps, gap=24)
        header.addWidget(self.about, 1)
        self.body.insertLayout(0, header)
        self.body.addWidget(Beside(column(self.heading, self.words, gap=4), self.aside))
        self.body.addWidget(self.stack, 1)
        self.footer = QWidget()
        self.extras_end = row()
        foot = row(self.back, self.extras, self.start_over_button, gap=12)
        foot.addWidget(self.hint, 1)
        foot.addLayout(self.extras_end, 1)
        foot.addWidget(self.next)
        self.footer.setLayout(foot)
        self.foot.addWidget(self.footer)
        self.foot.setContentsMargins(4 * GRID, 0, 4 * GRID, 2 * GRID)

    def _connect(self) -> None:
        for part in self.parts:
            part.heading_changed.connect(self._head)
            part.state_changed.connect(self._foot)
            part.finished.connect(self._finished)
        file = self.parts[FILE]
        assert isinstance(file, FileStep)
        file.opened.connect(self.opened)
        self.steps.chosen.connect(self.show_step)
        self.view.heading_changed.connect(self._head)
        self.view.status_loaded.connect(self._on_job_status)
        self.context.school_changed.connect(self._other_school)

    # Coming in ------------------------------------------------------------------------------------------------

    def shown(self, **about: Any) -> None:
        if self._waits(partial(self.shown, **about)):
            return
        if "wizard" in about:
            self._restore(**about)
        elif "path" in about:
            self.opened(about["path"])
        elif "tour" in about:
            self._start_tour()
        elif "operation" in about:
            if self.at == SEND:
                self.start_over()
            self.wizard.picked, self.wizard.wanted = "", about["operation"]
            self.reached = FILE
            self.show_step(FILE)
        elif "draft" in about:
            if self.at < REVIEW:
                self.show_step(REVIEW)
        elif self.at == SEND:
            self.view.look()

    def _start_tour(self) -> None:
        """Show the tour again, at once or with the next file."""
        self.tour.restart()
        self._foot()
        if self.at == FILE and self.wizard.preview is None:
            self.banner.say("accent", _("The tour starts as soon as you open a file."))

    @property
    def takes_cells(self) -> bool:
        return self.at == FILE

    def help(self) -> str:
        return f"{self.topic}#{_HEADINGS[self.at]}"

    def kept(self) -> dict[str, Any]:
        self._release()
        at, job = self.at, self.view.job
        if at < SEND and self.parts[at].frozen:  # it is started before the page is there again
            assert self.wizard.review is not None
            at, job = SEND, self.wizard.review.job
        return {"wizard": self.wizard, "at": at, "reached": self.reached, "job": job}

    def _restore(self, wizard: WizardState, at: int, reached: int, job: str) -> None:
        """Restore the state of the page that this one replaces. Rows are checked again, for translated messages."""
        vars(self.wizard).update(vars(wizard) | {"matching": None, "checked": None})
        self.reached = reached
        self.show_step(at)
        if at == SEND:
            self.view.show_job(job)

    def opened(self, path: Path) -> None:
        if self._waits(partial(self.opened, path)):
            return
        recent.remember(self.context.settings, path)
        wanted = self.wizard.wanted if self.at < SEND else ""
        self._reset()
        self.wizard.wanted = wanted
        self.park_focus()
        self.show_step(FILE)
        step = self.parts[FILE]
        assert isinstance(step, FileStep)
        step.open(path)

    def start_over(self) -> None:
        """Reset the wizard, to begin with another file."""
        self._reset()
        self.show_step(FILE)

    def _reset(self) -> None:
        review, findings, path = self.parts[REVIEW], self.wizard.findings, self.wizard.path
        assert isinstance(review, ReviewStep)
        self._release()
        self.view.job = ""
        if self.at != SEND:
            review.give_up()
        kept = self.at != SEND and findings is not None and findings.undo and path is not None
        self.wizard.begin()
        self.wizard.left = path.name if kept and path is not None else ""
        self.at = self.reached = FILE
        self.ended = False

    def _release(self) -> None:
        """Let go of the journals."""
        review = self.parts[REVIEW]
        assert isinstance(review, ReviewStep)
        review.close_rows()
        self.view.close_rows()

    def _waits(self, call: Callable[[], object]) -> bool:
        """Hold a call back as long as the step in front can't be left. Returns whether it has to wait."""
        frozen = self.at < SEND and self.parts[self.at].frozen
        if frozen:
            self._held.append(call)
        return frozen

    # Steps ----------------------------------------------------------------------------------------------------

    def show_step(self, step: int) -> None:
        """Show a step. Going back keeps all choices."""
        if self.at == SEND and step < SEND:
            return  # what was sent is sent: the way back is undo
        if step < SEND and self.at < SEND and self.parts[self.at].frozen:
            return
        self.banner.hide()
        focus = QApplication.focusWidget()
        if self.isVisible() and (focus is None or self.isAncestorOf(focus)):
            self.park_focus()  # until the step has something to begin at
        self.at, self.reached = step, max(self.reached, step)
        self.steps.set(self.at, self.reached)
        running = step == SEND
        self.stack.setCurrentIndex(step)
        self._need_only_front()
        for number, part in enumerate(self.parts):
            for widget in filter(None, (part.aside(), *part.extras())):
                widget.setVisible(number == step)
        self.view.buttons.setVisible(running)
        if not running:
            self.parts[step].enter()
        self._foot()

    def _need_only_front(self) -> None:
        """A page is as high as the step in front needs, not as the highest of all: else it scrolls for nothing."""
        for part in (*self.parts, self.view):
            front = part is self.stack.currentWidget()
            fits = QSizePolicy.Policy.Preferred if front else QSizePolicy.Policy.Ignored
            part.setSizePolicy(QSizePolicy.Policy.Preferred, fits)

    def go_back(self) -> None:
        if FILE < self.at < SEND:
            self.show_step(self.at - 1)

    def go_on(self) -> None:
        if self.at < SEND:
            self.parts[self.at].commit()  # an edit is checked before anything is sent
            if self.parts[self.at].can_go_on():
                self.parts[self.at].go_on()

    def again(self) -> None:
        if self.at < SEND and self.parts[self.at].frozen:
            return
        if self.at < SEND:
            self.parts[self.at].commit()
            self.parts[self.at].again()
        else:
            self.view.look()

    def _finished(self) -> None:
        """Show the next step, unless the user left the one that ended."""
        if self.at == SEND or self.sender() is not self.parts[self.at]:
            return
        if self.at == REVIEW:
            assert self.wizard.review is not None
            self._release()
            self.context.draft = ""
            self.show_step(SEND)
            self.view.show_job(self.wizard.review.job, started=True)
        else:
            self.show_step(self.at + 1)

    def _head(self, title: str, words: str, tone: str = "") -> None:
        front = self.view if self.at == SEND else self.parts[self.at]
        if self.sender() is front:
            if title != self.heading.text():
                announce(self.heading, title)
            restyle(self.heading, tone=tone)
            self.heading.setText(title)
            self.words.setText(words)
            self.words.setVisible(bool(words))

    def _foot(self) -> None:
        running = self.at == SEND
        self.back.setVisible(FILE < self.at < SEND)
        self.next.setVisible(not running)
        self.start_over_button.setVisible(running and self.ended)
        self.hint.setVisible(not running)
        self.about.setText(self.wizard.about() if MATCH <= self.at < SEND else "")
        opened = self.wizard.preview is not None
        self.tour.follow(self.at, opened and (running or not self.parts[self.at].busy))
        part = self.view if running else self.parts[self.at]
        frozen = isinstance(part, Step) and part.frozen
        self.steps.setEnabled(not frozen)
        self.back.setEnabled(not frozen)
        if not frozen and self._held:
            self.context.bridge.post_each([self._held.pop(0)], lambda: True)
        if not isinstance(part, Step):
            self.release_focus(self.view.sheet.table)
            return
        danger = isinstance(part, ReviewStep) and part.danger()
        restyle(self.next, kind="destroy" if danger else "primary")
        self.next.setText(part.next_words())
        self.next.setEnabled(part.can_go_on())
        self.hint.setText(part.hint())
        self.steps.set(self.at, self.reached if not part.busy else self.at)
        if not part.busy:
            self.release_focus(part.first_control(self.next))

    def _on_job_status(self, found: object) -> None:
        assert isinstance(found, JobStatus)
        if self.at == SEND:
            self.ended = found.state in ("finished", "cancelled")
            (self.extras_end if self.ended else self.aside).addWidget(self.view.buttons)
            self._foot()

    def _other_school(self) -> None:
        """Check the rows again after the current school changed."""
        if self._waits(self._other_school):
            return
        self.wizard.review = None
        if MATCH <= self.at < SEND:
            self.reached = min(self.reached, MATCH)
            self.wizard.matching = None
            self.show_step(MATCH)
