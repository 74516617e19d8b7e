"""Step 5: what will happen, cell by cell; a trial run; a stop where it looks wrong or takes something away."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QWidget

from lwdesk.app.importing.drafts import Review
from lwdesk.base.text import _, ngettext
from lwdesk.ui.context import Context
from lwdesk.ui.form import WholeNumberField
from lwdesk.ui.plan_view import PlanView
from lwdesk.ui.steps.step import Step, WizardState
from lwdesk.ui.widgets import Banner, button, column, label, restyle, row


class ReviewStep(Step):
    """The plan, and the consent it needs before it starts."""

    def __init__(self, context: Context, wizard: WizardState, banner: Banner):
        super().__init__(context, wizard, banner)
        self.view = PlanView(context)
        self.strange = _ConsentBox()
        self.takes = _TypedConfirmation()
        self.first = WholeNumberField(100_000)
        self.first.setValue(5)
        self.first.setAccessibleName(_("Rows of the trial run"))
        self.trial = button(_("Only try the first rows"), "quiet", "flask", self._trial)
        for consent in (self.strange, self.takes):
            consent.changed(self.state_changed.emit)
        self._most: int | None = None
        self._trial_box = QWidget()
        self._trial_box.setLayout(row(self.trial, self.first, gap=6))
        self.setLayout(column(self.strange, self.takes, self.view, gap=12))

    def aside(self) -> QWidget:
        return self._trial_box

    def enter(self) -> None:
        if self.wizard.review is not None and self.view.model is not None:
            self._render(self.wizard.review)
        elif self.wizard.review is not None:
            self._planned(self.wizard.review)
        else:
            self._plan(None)

    def again(self) -> None:
        self._plan(self._most)

    def _trial(self) -> None:
        self._plan(None if self._most else self.first.value())

    def _plan(self, most: int | None) -> None:
        assert self.wizard.findings is not None
        self._most = most
        self.heading_changed.emit(_("Looking at your school …"), "")
        self.wait(_("Comparing every row with what your school has. Nothing is changed by that."))
        self.context.work.ask(
            "drafts.plan", self.wizard.findings.job, most, done=self._planned, failed=self.fail, lane="draft"
        )

    def _planned(self, found: Review) -> None:
        self.wizard.review = found
        self.strange.ask(found.strange, self.context.school.title if self.context.school else "")
        self.takes.ask(
            found.takes and found.plan.calls > 0, self.context.school.title if self.context.school else ""
        )
        self.view.show_plan(found.job, found.plan)
        self.rest()
        self._render(found)

    def _render(self, found: Review) -> None:
        school = self.context.school.title if self.context.school else ""
        if found.plan.calls:
            title = _("This is what would happen in {school}").format(school=school)
        else:
            title = _("There is nothing to do")
        words = _("Nothing was sent yet.")
        if found.held:
            words = ngettext(
                "A trial run: {n} row waits until you have checked the results.",
                "A trial run: {n} rows wait until you have checked the results.",
                found.held,
            )
        elif not found.plan.calls:
            words = _("Nothing to send: every row is already up to date or has an error.")
            if self.wizard.returns and not (found.plan.conflict or found.plan.failed):
                words = _("No cell differs from what your school has.")
        self.trial.setText(_("Include all rows again") if found.held else _("Only try the first rows"))
        self.first.setVisible(not found.held)
        self._trial_box.setVisible(bool(found.plan.calls))
        self.heading_changed.emit(title, words)
        self.state_changed.emit()

    def next_words(self) -> str:
        found = self.wizard.review
        if found is None:
            return _("Start")
        return ngettext("Send {n} call", "Send {n} calls", found.plan.calls)

    def danger(self) -> bool:
        """Whether starting takes something away."""
        return self.wizard.review is not None and self.wizard.review.takes

    def can_go_on(self) -> bool:
        found = self.wizard.review
        if self.busy or found is None or not found.plan.calls:
            return False
        return self.strange.given and self.takes.given

    def go_on(self) -> None:
        assert self.wizard.review is not None
        self.busy = True
        self.state_changed.emit()
        self.context.work.ask(
            "runs.start", self.wizard.review.job, done=self._started, failed=self.fail, lane="draft"
        )

    def _started(self, _none: None) -> None:
        self.busy = False
        self.finished.emit()


class _ConsentBox(QFrame):
    """A stop that is lifted by ticking a box."""

    def __init__(self) -> None:
        super().__init__()
        restyle(self, banner="look")
        self.words = label(role="strong", wrap=True)
        self.box = QCheckBox()
        layout = column(self.words, self.box, gap=8)
        layout.setContentsMargins(16, 12, 16, 12)
        self.setLayout(layout)
        self.hide()

    def ask(self, why: str, school: str) -> None:
        """Ask for consent, where there is a reason to."""
        self.words.setText("△ " + _("Is this file meant for {school}? {why}").format(school=school, why=why))
        self.box.setText(_("Yes, it is meant for {school}").format(school=school))
        self.box.setChecked(False)
        self.setVisible(bool(why))

    def changed(self, call: Callable[[], object]) -> None:
        self.box.toggled.connect(lambda _on: call())

    @property
    def given(self) -> bool:
        return self.isHidden() or self.box.isChecked()


class _TypedConfirmation(QFrame):
    """A stop that is lifted by typing the school's name."""

    def __init__(self) -> None:
        super().__init__()
        restyle(self, banner="failed")
        self.words = label(role="strong", wrap=True, tone="failed")
        self.edit = QLineEdit()
        self._name = ""
        layout = column(self.words, self.edit, gap=8)
        layout.setContentsMargins(16, 12, 16, 12)
        self.setLayout(layout)
        self.hide()

    def ask(self, needed: bool, name: str) -> None:
        """Ask for the name, where something is taken away."""
        self._name = name
        words = _("This takes something away from users. Type “{name}” to continue.").format(name=name)
        self.words.setText(f"! {words}")
        self.edit.setAccessibleName(words)
        self.edit.clear()
        self.setVisible(needed)

    def changed(self, call: Callable[[], object]) -> None:
        self.edit.textChanged.connect(lambda _text: call())

    @property
    def given(self) -> bool:
        return self.isHidden() or self.edit.text().strip().casefold() == self._name.casefold()
