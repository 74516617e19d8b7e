"""What the steps of an import share: what the user said so far, and what a step is."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from lwdesk.app.importing.drafts import Asked, Findings, Matching, Review
from lwdesk.app.importing.guess import Guess
from lwdesk.app.importing.imports import Choices
from lwdesk.app.importing.preview import Preview
from lwdesk.base.errors import AppError
from lwdesk.ui.context import Context
from lwdesk.ui.widgets import Banner


@dataclass
class Way:
    """All that was said and found on the way; what comes later is forgotten when something earlier changes."""

    path: Path | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str = ""
    preview: Preview | None = None
    guesses: list[Guess] = field(default_factory=list)
    operation: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    blanks: set[str] = field(default_factory=set)
    matching: Matching | None = None
    findings: Findings | None = None
    checked: Asked | None = None
    review: Review | None = None

    def begin(self, path: Path | None = None, operation: str = "") -> None:
        """Forget everything and begin again."""
        vars(self).update(vars(Way(path, operation=operation)))

    @property
    def returns(self) -> bool:
        """Whether an export comes back: only what was edited in it is sent."""
        origin = self.preview.origin if self.preview is not None else None
        return origin is not None and origin.goes_to((self.operation,))

    def asked(self, school: str) -> Asked:
        """What to ask the helper with."""
        blanks = tuple(sorted(self.blanks))
        choices = Choices(
            self.sheet, self.header_row, dict(self.chosen), (), dict(self.fixed), blanks, self.encoding
        )
        return Asked(str(self.path), (self.operation,), school, choices)


class Step(QWidget):
    """One step. `headed` tells title and subtitle; `moved` that the footer is to be looked at again; `finished` that
    the next step may come."""

    headed = Signal(str, str)
    moved = Signal()
    finished = Signal()

    def __init__(self, context: Context, way: Way, banner: Banner):
        super().__init__()
        self.context, self.way, self.banner = context, way, banner
        self.busy = False

    def enter(self) -> None:
        """The step comes to the front."""

    def next_words(self) -> str:
        """What the button to the next step says."""
        raise NotImplementedError

    def hint(self) -> str:
        """A few quiet words beside that button."""
        return ""

    def can_go_on(self) -> bool:
        """Whether the next step may be asked for now."""
        return not self.busy

    def go_on(self) -> None:
        """Do what is to be done before the next step; emits `finished` in the end."""
        self.finished.emit()

    def again(self) -> None:
        """F5."""

    def extras(self) -> list[QPushButton]:
        """Buttons of this step beside the one to the next."""
        return []

    def aside(self) -> QWidget | None:
        """What stands beside the title."""
        return None

    @property
    def school(self) -> str:
        """The name of the school everything goes to, "" for none yet."""
        return self.context.school.name if self.context.school else ""

    def wait(self, title: str) -> None:
        """Say what is being done; the button to the next step rests until `rest`."""
        self.busy = True
        self.banner.say("accent", title)
        self.moved.emit()

    def rest(self) -> None:
        self.busy = False
        self.banner.hide()
        self.moved.emit()

    def fail(self, error: AppError) -> None:
        """Say what went wrong."""
        self.busy = False
        self.banner.show_error(error)
        self.moved.emit()
