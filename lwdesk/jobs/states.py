"""The states of jobs and calls, and the records the journal holds."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

# A call is ready, then sending, and ends in exactly one outcome.
READY, SENDING = "ready", "sending"
DONE, UNCHANGED, FAILED, SKIPPED, UNSURE = "done", "unchanged", "failed", "skipped", "unsure"
# A step that is not sent because the school's value changed since the sheet was exported.
CONFLICT = "conflict"
OUTCOMES = (DONE, UNCHANGED, FAILED, SKIPPED, UNSURE)

# A job is created, planned and run, and can be stopped at any point. RUNNING in a journal that no program holds means
# that the program ended during the run.
DRAFT, PLANNED, RUNNING, INTERRUPTED, CANCELLED, FINISHED = (
    "draft",
    "planned",
    "running",
    "interrupted",
    "cancelled",
    "finished",
)


@dataclass(slots=True)
class Row:
    """A row of the file: its own number there, cells as read, values, problems; `outcome` where it is not sent.

    `was`: the values as they were exported, in an export that comes back.
    """

    number: int
    cells: list[Any]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    outcome: str | None = None
    message: str = ""
    id: int = 0
    was: dict[str, Any] | None = None


@dataclass(slots=True)
class Call:
    """A request of the plan and what became of it.

    `lane`: calls of one lane go out one after the other. `repeat`: what a lost answer means (`catalog.model`).
    `needs`: calls that must be done first. `memo` is what the operation wants to remember for looking afterwards.
    `sent` and `ended` are Unix times.
    """

    op: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    query: list[list[str]] = field(default_factory=list)
    lane: str = ""
    repeat: str = "safe"
    values: dict[str, Any] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)
    needs: tuple[int, ...] = ()
    mails: bool = False
    state: str = READY
    tries: int = 0
    due: float = 0.0
    status: int = 0
    message: str = ""
    answer: Any = None
    made: str = ""
    sent: float | None = None
    ended: float | None = None
    id: int = 0


@dataclass(slots=True)
class Step:
    """One operation's work for one row (and one item of a list): its call, or the outcome without one."""

    row: int
    op: str
    about: str
    values: dict[str, Any]
    call: int | None = None
    outcome: str | None = None
    message: str = ""
    changes: list[list[str]] = field(default_factory=list)
    id: int = 0


@dataclass(slots=True)
class Page:
    """A page of an export, packed by the caller: `rows` of them; `place` is where they are among all pages, as
    text that sorts; `keys` are the columns it has beside the known ones; `call` brought it."""

    place: str
    rows: int
    data: bytes
    keys: list[str] = field(default_factory=list)
    call: int = 0


@dataclass(slots=True)
class File:
    """A file that an export downloads, and the `state` of its call with the `message`. `name` is its name in the job's
    folder, "" before it has one; `size` (bytes), time of the last change (ns) and SHA-256 as it was written."""

    id: str
    state: str
    message: str
    name: str = ""
    size: int = 0
    changed: int = 0
    digest: str = ""


@dataclass(slots=True)
class End:
    """How a call ended: an outcome, the words for it, what the school answered and made (`made`: its id or codes),
    for exports the page it brought, the ids that this refers to (`wants`, by listing) and the fields of records whose
    names are wanted (`names`, by listing and id); `more` are the calls it leads to, `steps` the (outcome, message) of
    those of its steps that ended another way, by their ids."""

    outcome: str
    message: str = ""
    status: int = 0
    answer: Any = None
    made: str = ""
    page: Page | None = None
    more: list[Call] = field(default_factory=list)
    steps: dict[int, tuple[str, str]] = field(default_factory=dict)
    wants: dict[str, Collection[str]] = field(default_factory=dict)
    names: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """The school took a call and is still at work on it; the `ticket` is what to ask by how it went."""

    ticket: dict[str, Any]
