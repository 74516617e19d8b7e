"""The state that the steps of an import share, and the base class of steps."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from lwdesk.app.importing.draft_answers import DraftRequest, Findings, Matching, Review
from lwdesk.app.importing.guess import Guess
from lwdesk.app.importing.opened import Choices
from lwdesk.app.importing.preview import Preview
from lwdesk.base.errors import AppError, SecretNeeded
from lwdesk.ui.context import Context
from lwdesk.ui.widgets import Banner
from lwdesk.ui.words import entry_title


@dataclass
class WizardState:
    """The user's choices and what was found by them. A step clears what later steps found when its choice changes."""

    path: Path | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str = ""
    preview: Preview | None = None
    guesses: list[Guess] = field(default_factory=list)
    wanted: str = ""  # the import that was chosen before the file
    picked: str = ""  # the import that was chosen for this file
    guessed: str = ""  # the import that this sheet is most likely meant for
    chosen: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    blanks: set[str] = field(default_factory=set)
    matching: Matching | None = None
    findings: Findings | None = None
    checked: DraftRequest | None = None
    review: Review | None = None
    left: str = ""  # the file before, where its edited draft was kept

    def begin(self, path: Path | None = None, wanted: str = "") -> None:
        """Reset everything, for another file."""
        vars(self).update(vars(WizardState(path, wanted=wanted)))

    @property
    def operation(self) -> str:
        """The import: what the user chose goes before what was guessed."""
        return self.picked or self.wanted or self.guessed

    @property
    def returns(self) -> bool:
        """Whether the file is an edited export: only edited cells are sent."""
        origin = self.preview.origin if self.preview is not None else None
        return origin is not None and origin.goes_to((self.operation,))

    def about(self) -> str:
        """What is imported, in a line: the file, its sheet where it has several, and the import."""
        assert self.path is not None
        sheets = self.preview.sheets if self.preview is not None else ()
        sheet = self.preview.sheet if self.preview is not None and len(sheets) > 1 else ""
        return " · ".join(filter(None, (self.path.name, sheet, entry_title(self.operation))))

    def asked(self, school: str) -> DraftRequest:
        """The choices as the helper process takes them."""
        blanks = tuple(sorted(self.blanks))
        choices = Choices(
            self.sheet, self.header_row, dict(self.chosen), (), dict(self.fixed), blanks, self.encoding
        )
        return DraftRequest(str(self.path), (self.operation,), school, choices)


class Step(QWidget):
    """The base class of steps.

    Signals: `heading_changed` (title, subtitle); `state_changed` when the footer must be updated; `finished` when the
    next step can be shown.
    """

    heading_changed = Signal(str, str)
    state_changed = Signal()
    finished = Signal()

    def __init__(self, context: Context, wizard: WizardState, banner: Banner):
        super().__init__()
        self.context, self.wizard, self.banner = context, wizard, banner
        self.busy = False

    def enter(self) -> None:
        """Called when the step is shown."""

    def commit(self) -> None:
        """Take what was typed into a field that is still edited."""

    def next_words(self) -> str:
        """The text of the button to the next step."""
        raise NotImplementedError

    def hint(self) -> str:
        """A short text beside that button."""
        return ""

    def can_go_on(self) -> bool:
        """Whether that button is enabled."""
        return not self.busy

    def go_on(self) -> None:
        """Do what the next step needs; emits `finished` in the end."""
        self.finished.emit()

    @property
    def frozen(self) -> bool:
        """Whether the step can't be left or changed now: what it was asked to send is on its way."""
        return False

    def again(self) -> None:
        """Handle F5: refresh."""

    def extras(self) -> list[QPushButton]:
        """Further buttons of this step for the footer."""
        return []

    def aside(self) -> QWidget | None:
        """A widget for the right of the title."""
        return None

    def first_control(self, next_button: QPushButton) -> QWidget | None:
        """What has the keyboard focus when the step begins; None as long as it isn't there."""
        return next_button

    def main_widget(self) -> QWidget:
        """What the tour points at."""
        return self

    @property
    def school(self) -> str:
        """The name of the current school, "" for none yet."""
        return self.context.school.name if self.context.school else ""

    @property
    def school_title(self) -> str:
        """The title of the current school, "" for none yet."""
        return self.context.school.title if self.context.school else ""

    def wait(self, title: str) -> None:
        """Show what is being done and disable the footer's button until `rest`."""
        self.busy = True
        self.banner.say("accent", title)
        self.state_changed.emit()

    def rest(self) -> None:
        """End what `wait` began."""
        self.busy = False
        self.banner.hide()
        self.state_changed.emit()

    def go_without(self, trouble: AppError, title: str, words: str) -> None:
        """Say that the school could not be asked; where its secret is needed, ask for that and refresh then."""
        self.banner.say("look", title, words)
        if isinstance(trouble, SecretNeeded) and self.context.work.unlock is not None:
            self.context.work.unlock(trouble, self.again, lambda: None)

    def fail(self, error: AppError) -> None:
        """Show an error and end what `wait` began."""
        self.busy = False
        self.banner.show_error(error)
        self.state_changed.emit()
