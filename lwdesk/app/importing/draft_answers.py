"""What is asked of a draft, and what is answered: as data, for it goes to the window's process."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lwdesk.app.importing.edits import Group
from lwdesk.app.importing.opened import Choices
from lwdesk.app.importing.summary import Plan
from lwdesk.base.errors import AppError
from lwdesk.catalog.model import Column


@dataclass(frozen=True)
class DraftRequest:
    """What the user said so far: the file, what to do with it, for which school ("" for none yet), and how."""

    path: str
    operations: tuple[str, ...]
    school: str
    choices: Choices


@dataclass(frozen=True)
class Line:
    """A header of the sheet: what tells it apart from others, sample values, the column it goes to ("" for none), and
    why."""

    key: str
    letter: str
    header: str
    samples: list[str]
    column: str
    why: str
    sure: bool


@dataclass(frozen=True)
class Matching:
    """Where all headers go. `columns` can be chosen, custom fields of the school among them; `missing` are required
    ones without a header or a value for all rows; `trouble` says why the school's own fields are not known; blank
    cells can empty the columns `emptied`."""

    lines: list[Line]
    columns: list[Column]
    missing: list[str]
    trouble: AppError | None = None
    emptied: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Findings:
    """A checked draft: its job, its rows by status, what is wrong, why titles could not be looked up (where they could
    not), whether an edit can be undone or redone, how many rows are not checked yet, and in words the edits of the
    draft before it that are not made again."""

    job: str
    figures: Mapping[str, int]
    groups: list[Group] = field(default_factory=list)
    trouble: AppError | None = None
    undo: bool = False
    redo: bool = False
    left: int = 0
    dropped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Review:
    """A planned draft: its rows by status, the plan's counts, whether something is taken away, why it looks like
    another school's (or ""), and how many rows a trial run holds back."""

    job: str
    figures: Mapping[str, int]
    plan: Plan
    takes: bool
    strange: str
    held: int
