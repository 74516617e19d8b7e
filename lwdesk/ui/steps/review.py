"""Step 3, Review: the whole sheet, checked and planned. Cells are fixed in place; only the last button sends."""

from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QWidget

from lwdesk.app.importing.draft_answers import Findings, Review
from lwdesk.base.errors import AppError
from lwdesk.base.text import _
from lwdesk.ui.cell_keys import add_history_keys
from lwdesk.ui.context import Context
from lwdesk.ui.form import WholeNumberField
from lwdesk.ui.job_words import plan_facts, send_words
from lwdesk.ui.page import page_of
from lwdesk.ui.sheet_view import SheetView
from lwdesk.ui.steps.consent import ConsentBox, TypedConfirmation
from lwdesk.ui.steps.problem_cards import ProblemCards
from lwdesk.ui.steps.review_words import dropped_words, review_title, review_words
from lwdesk.ui.steps.step import Step, WizardState
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import Banner, button, column, row
from lwdesk.ui.words import number


class ReviewStep(Step):
    """The check, the plan that follows it by itself, and the consent that sending needs."""

    def __init__(self, context: Context, wizard: WizardState, banner: Banner):
        super().__init__(context, wizard, banner)
        self.view = SheetView(context)
        self.view.edited.connect(lambda edits: self._change("drafts.edit", edits))
        self.view.noticed.connect(self._notice)
        self.view.titles_known.connect(self._on_titles)
        self.cards = ProblemCards(context.bridge, self.view, self._change)
        self.strange = ConsentBox()
        self.takes = TypedConfirmation()
        for consent in (self.strange, self.takes):
            consent.changed(self.state_changed.emit)
        self.first = WholeNumberField(100_000)
        self.first.setValue(5)
        self.first.setAccessibleName(_("Rows in the trial run"))
        self.trial = button("", "quiet", "flask", self._trial)
        self._trial_box = QWidget()
        self._trial_box.setLayout(row(self.trial, self.first, gap=6))
        self.undo = button("", "quiet", "arrow-u-up-left", lambda: self._change("drafts.undo"))
        self.redo = button("", "quiet", "arrow-u-up-right", lambda: self._change("drafts.redo"))
        keys = QKeySequence.StandardKey
        for found, words, standard in (
            (self.undo, _("Undo"), keys.Undo),
            (self.redo, _("Redo"), keys.Redo),
        ):
            found.setAccessibleName(words)
            set_tip(found, f"{words} ({native_keys(standard)})")
        add_history_keys(
            self,
            partial(self._retrace, self.undo, "drafts.undo"),
            partial(self._retrace, self.redo, "drafts.redo"),
        )
        self._starting = False  # whether the job is asked to start
        self._pending = 0  # changes whose answers are on their way
        self._refused: AppError | None = None  # why one of them was not made
        self._most: int | None = None
        self._noticed = ""  # of the edit that is being made
        self._plans = 0  # the number of the newest plan: answers of earlier ones come too late
        self.setLayout(column(self.strange, self.takes, self.view, gap=12))

    def first_control(self, next_button: QPushButton) -> QWidget | None:
        """The grid: one more Enter must not send."""
        return self.view.table

    def main_widget(self) -> QWidget:
        return next(iter(self.view.figures.buttons()), self)

    def extras(self) -> list[QPushButton]:
        return [self.undo, self.redo]

    def aside(self) -> QWidget:
        return self._trial_box

    # Check and plan -------------------------------------------------------------------------------------------

    def enter(self) -> None:
        asked = self.wizard.asked(self.school)
        if self.wizard.findings is not None and self.wizard.checked == asked:
            self._render()
            if self.wizard.review is None and not self.wizard.findings.left:
                self._plan()
            return
        before = self.wizard.findings.job if self.wizard.findings is not None else ""
        self.wizard.checked, self.wizard.review, self._most = asked, None, None
        self._refused = None
        self.heading_changed.emit(_("Checking the rows…"), "")
        self.wait(_("Checking every row and looking up titles in your school…"))

        def begun(found: Findings) -> None:
            if self.wizard.checked is asked:
                self._begun(found)
            else:  # another file was opened meanwhile
                self.context.work.ask("drafts.leave", found.job, done=lambda _none: None, lane="draft")

        self.context.work.ask("drafts.begin", asked, before, done=begun, failed=self._unchecked, lane="draft")

    def commit(self) -> None:
        self.view.commit()

    def again(self) -> None:
        self.wizard.checked = None
        self.enter()

    def _unchecked(self, error: AppError) -> None:
        self.wizard.checked = None
        self.fail(error)

    def _begun(self, found: Findings) -> None:
        """Show the first rows of a large sheet while the others are checked."""
        if not found.left:
            self._found(found)
            return
        asked, before = self.wizard.checked, self.wizard.findings
        self._show_rows(found)
        self._render()

        def wanted() -> bool:
            return self.wizard.findings is found and self.wizard.checked is asked

        def finished(whole: Findings) -> None:
            if wanted():
                self._found(whole)

        def failed(error: AppError) -> None:
            if wanted():
                self.view.close_rows()
                self.wizard.findings = before
                self._unchecked(error)

        self.context.work.ask("drafts.finish", found.job, done=finished, failed=failed, lane="draft")

    def _found(self, found: Findings) -> None:
        self._show_rows(found)
        self.rest()
        if self._noticed:
            self._notice(self._noticed)
            self._noticed = ""
        lost = dropped_words(found)
        if found.trouble is not None:
            words = _("Couldn't look up titles in your school")
            self.go_without(found.trouble, words, "\n".join(filter(None, (str(found.trouble), *lost))))
        elif lost:
            self.banner.say("look", lost[0], lost[1])
        elif not self.school:
            words = _("Choose a school so that lwdesk can look up courses, groups, and other titles.")
            self.banner.say("look", _("No school is chosen yet"), words)
        self.cards.show(found, self.wizard.matching)
        self._render()
        self._plan()
        if self._refused is not None:
            self.fail(self._refused)
            self._refused = None

    def _show_rows(self, found: Findings) -> None:
        fresh = self.wizard.findings is None or self.wizard.findings.job != found.job
        self.wizard.findings, self.wizard.review = found, None
        self.context.draft = found.job
        if fresh or self.view.model is None:
            self.view.close_rows()
            still = lambda: self.view.model is None and self.wizard.findings is found  # noqa: E731
            show = partial(self._open_rows, found.job)
            self.context.bridge.post_each([show], still)  # other events come between
        else:
            self.view.load()

    def _open_rows(self, job: str) -> None:
        self.view.show_rows(job, editable=True)
        self.state_changed.emit()

    def _plan(self) -> None:
        """Compare with the school, in the background: cells can be changed meanwhile."""
        found = self.wizard.findings
        assert found is not None
        if not self.school or found.trouble is not None:
            return
        self._plans += 1
        mine = self._plans
        self.wizard.review = None
        self.state_changed.emit()

        def planned(review: Review | None) -> None:
            if self._plans == mine and review is not None:
                self._planned(review)

        def failed(error: AppError) -> None:
            if self._plans == mine:
                self.fail(error)

        self.context.work.ask(
            "drafts.plan", found.job, self._most, mine, done=planned, failed=failed, lane="draft"
        )

    def _planned(self, review: Review) -> None:
        self.wizard.review = review
        self.strange.ask(review.strange, self.school_title)
        self.takes.ask(review.takes and review.plan.calls > 0, self.school_title)
        self.view.load()
        self._render()

    def _change(self, name: str, *args: Any) -> None:
        """Change cells; a plan in the making is given up, and made again afterwards."""
        assert self.wizard.findings is not None
        job = self.wizard.findings.job
        given_up, self._plans = self._plans, self._plans + 1
        self.busy = True
        if self.undo.hasFocus() or self.redo.hasFocus():
            page_of(self).park_focus(self._usable_history)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self.state_changed.emit()
        self.context.work.ask("drafts.stop_planning", job, given_up, done=lambda _none: None)
        self._pending += 1

        def answered(found: Findings | None, error: AppError | None = None) -> None:
            self._pending -= 1
            if self.wizard.findings is None or self.wizard.findings.job != job:
                return
            self.wizard.findings, self._refused = found or self.wizard.findings, error or self._refused
            if not self._pending:  # the last answer has all changes
                self._found(self.wizard.findings)

        failed = partial(answered, None)
        self.context.work.ask(name, job, *args, done=answered, failed=failed, lane="draft")

    def _retrace(self, shown: QPushButton, name: str) -> None:
        """Undo or redo by its keys: each press counts, however fast they follow each other."""
        if shown.isEnabled() or self._pending:
            self._change(name)

    def give_up(self) -> None:
        """Let go of the draft: it is kept where cells were edited, as the next file then says."""
        found = self.wizard.findings
        if found is None:
            return
        self._plans += 1
        self.busy = False
        self.context.draft = ""
        self.context.work.ask("drafts.stop_planning", found.job, self._plans - 1, done=lambda _none: None)
        self.context.work.ask("drafts.leave", found.job, done=lambda _none: None, lane="draft")

    def _usable_history(self) -> QWidget | None:
        """The control that takes the focus of Undo or Redo after a change."""
        return next((found for found in (self.undo, self.redo) if found.isEnabled()), None)

    def _notice(self, words: str) -> None:
        self._noticed = words if self.busy else ""
        self.banner.say("look", words)

    def _trial(self) -> None:
        self._most = None if self._most else self.first.value()
        self._plan()

    # What is shown --------------------------------------------------------------------------------------------

    def _render(self) -> None:
        found, review = self.wizard.findings, self.wizard.review
        assert found is not None
        counts = review.figures if review is not None else found.figures
        self.view.show_figures(counts, before=True)
        if found.left:
            total = sum(counts.values())
            words = _("{n} of {total} rows so far. Nothing has been sent.")
            words = words.format(n=number(total), total=number(total + found.left))
            self.heading_changed.emit(_("Checking the rows…"), words)
            return
        words = review_words(counts, review, self.school_title)
        self.heading_changed.emit(review_title(counts, review), words)
        self.undo.setEnabled(found.undo)
        self.redo.setEnabled(found.redo)
        held = review is not None and review.held > 0
        self.trial.setText(_("Include all rows again") if held else _("Try only the first rows"))
        self.first.setVisible(not held)
        self._trial_box.setVisible(review is not None and bool(review.plan.calls))
        self.state_changed.emit()

    def _on_titles(self) -> None:
        """Offer what the school has in the cards too."""
        if self.wizard.findings is not None:
            self.cards.show(self.wizard.findings, self.wizard.matching)

    def close_rows(self) -> None:
        """Let go of the draft's journal."""
        self.view.close_rows()

    # The button -----------------------------------------------------------------------------------------------

    def next_words(self) -> str:
        review = self.wizard.review
        if review is None or not review.plan.calls:
            return _("Send")
        return send_words(self.wizard.operation, review.plan)

    def hint(self) -> str:
        review = self.wizard.review
        return plan_facts(review.plan) if review is not None and review.plan.calls else ""

    def danger(self) -> bool:
        """Whether starting takes something away."""
        return self.wizard.review is not None and self.wizard.review.takes

    def can_go_on(self) -> bool:
        review = self.wizard.review
        if self.busy or review is None or not review.plan.calls:
            return False
        return self.strange.given and self.takes.given

    @property
    def frozen(self) -> bool:
        return self._starting

    def go_on(self) -> None:
        assert self.wizard.review is not None
        self._freeze(True)
        self.context.start_job(self.wizard.review.job, done=self._started, failed=self._not_started)

    def _freeze(self, on: bool) -> None:
        """Let nothing be changed while the job is asked to start; afterwards, let it be changed again."""
        self.busy = self._starting = on
        if on:
            page_of(self).park_focus()
        for part in (self, self._trial_box, self.undo, self.redo):
            part.setEnabled(not on)
        self.state_changed.emit()

    def _started(self) -> None:
        self._freeze(False)
        self.finished.emit()

    def _not_started(self, error: AppError) -> None:
        self._freeze(False)
        self._render()
        self.fail(error)
