"""A draft that is open: what its journal doesn't keep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lwdesk.app.importing import imports
from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.edits import History
from lwdesk.app.importing.imports import CheckedRows
from lwdesk.app.importing.opened import Opened
from lwdesk.app.importing.plan_memory import PlanMemory
from lwdesk.base.errors import AppError
from lwdesk.catalog.cells.check import Checker
from lwdesk.jobs.journal import Journal


@dataclass(frozen=True)
class Nowhere:
    """No school yet."""

    name: str = ""
    root: str = ""


@dataclass
class OpenDraft:
    """What the program knows of a draft as long as it is open."""

    asked: DraftRequest
    opened: Opened
    checker: Checker
    trouble: AppError | None
    lock: Callable[[], None] | None
    """Releases the lock that keeps other programs from a draft, and tidying too; None where nothing is locked."""
    history: History = field(default_factory=History)
    unchecked: CheckedRows | None = None
    """The rows that are not checked yet."""
    before: str = ""
    """The draft that this one replaces, once it is checked."""
    memory: PlanMemory = field(default_factory=PlanMemory)
    passwords: Mapping[int, Mapping[int, Any]] = field(default_factory=dict)
    """Those that the journal doesn't keep, as `imports.lost_passwords` has them."""

    def release(self) -> None:
        """Let others have the draft."""
        if self.lock is not None:
            self.lock()
            self.lock = None

    def release_rows(self, journal: Journal) -> None:
        """Release the cells of the sheet: by now the journal has them."""
        self.passwords = imports.lost_passwords(journal, self.opened)
        self.opened = self.opened.without_rows()
