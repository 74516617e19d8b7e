"""The status of the runner, and of one job, from its journal."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from lwdesk.app.importing.summary import Plan
from lwdesk.app.job.sheet_rows import SheetRows, figures, outcomes_of, retryable
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.effects.records import Creates
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED, OUTCOMES, PLANNED
from lwdesk.sheets.columns import Column
from lwdesk.sheets.sheet import Chart, Charted

# What an undo can't take back: by operation, how many rows, and some of them.
_STAYS = (
    "SELECT op, count(DISTINCT row), json_group_array(DISTINCT row) FROM step WHERE outcome = 'skipped'"
    " GROUP BY op ORDER BY 2 DESC LIMIT 5"
)
# Rows that are named of each, at most.
_MOST_NAMED = 4


@dataclass(frozen=True)
class Stays:
    """What an undo can't take back of one operation: in how many rows, why, and how some of these are called.

    `accounts` are users that stay in the school.
    """

    count: int
    why: str
    names: list[str]
    accounts: bool


@dataclass(frozen=True)
class RunnerStatus:
    """The status of the runner: for each running job its school, calls left, and seconds left; jobs that wait; for each
    school the calls that fit into its window (None: no limit), the seconds until it goes on, the requests sent."""

    running: dict[str, dict[str, Any]]
    waiting: list[str]
    pace: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class JobStatus:
    """The status of a job: `calls` counted by outcome (also "ready" and "sending"), rows by status (`figures`).

    `lines` are the rows that an export has read, `files` how many it downloads, by the outcome of their calls,
    `charted` what the sheets with a chart of its workbook show, which is `written`; `held` rows wait for the end of a
    trial, which is of so many rows (`trial`); rows that failed can be fixed where it is `editable`; `stays` says what
    an undo can't take back, `strange` why the file looks like another school's (or ""). `retryable` counts the rows
    that a retry may send, of an export the calls: where it is 0, a retry does nothing.
    """

    job: str
    kind: str
    state: str
    what: str
    school: str
    file: str
    reason: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    lines: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
    editable: bool = False
    written: str = ""
    notes: list[str] = field(default_factory=list)
    plan: Plan | None = None
    stays: list[Stays] = field(default_factory=list)
    charted: list[Charted] = field(default_factory=list)
    strange: str = ""
    trial: int | None = None
    retryable: int = 0

    @property
    def rows(self) -> dict[str, int]:
        """The rows by outcome."""
        return outcomes_of(self.figures)

    @property
    def total(self) -> int:
        return sum(self.calls.values())

    @property
    def ended(self) -> int:
        return sum(self.calls.get(outcome, 0) for outcome in OUTCOMES)

    @property
    def over(self) -> bool:
        """Whether the job has ended or was interrupted."""
        return self.state in ("finished", "cancelled", "interrupted")

    def facts(self) -> dict[str, Any]:
        """As `history.jobs` gives them."""
        return {"job": self.job, "kind": self.kind, "what": self.what, "file": self.file, "state": self.state}


def job_status(path: Path) -> JobStatus:
    """Read the status of a job. Raises UserError if its file is missing or can't be read."""
    with closing(Journal(path)) as journal:
        kind = str(journal.get("kind"))
        export = kind == "export"
        plan = journal.get("plan")
        return JobStatus(
            journal.id,
            kind,
            journal.state,
            str(journal.get("what") or ""),
            str(journal.get("school") or ""),
            str(journal.get("target" if export else "file") or ""),
            journal.reason,
            journal.call_counts(),
            {} if export else figures(journal),
            journal.ask("SELECT coalesce(sum(rows), 0) FROM page")[0][0],
            journal.file_counts() if export else {},
            len(journal.get("held") or ()),
            journal.get("asked") is not None and kind == "import" and not journal.get("undone"),
            str((journal.get("written") or [""])[0] if export else journal.get("results") or ""),
            list(journal.get("notes") or ()),
            Plan(**plan) if plan else None,
            list(_stays(journal)) if kind == "undo" and journal.state == PLANNED else [],
            [_charted(sheet) for sheet in journal.get("charted") or ()],
            str(journal.get("strange") or ""),
            journal.get("trial"),
            journal.call_counts().get(FAILED, 0) if export else retryable(journal),
        )


def _charted(facts: Mapping[str, Any]) -> Charted:
    columns = [Column(**column) for column in facts["columns"]]
    return Charted(facts["title"], columns, facts["rows"], Chart(**facts["chart"]))


def _stays(journal: Journal) -> Iterator[Stays]:
    for op, count, rows in journal.ask(_STAYS):
        with closing(SheetRows(journal.path)) as sheet:
            found = (sheet.detail(row) for row in orjson.loads(rows)[:_MOST_NAMED])
            names = [detail.title for detail in found if detail is not None]
        effect = OPERATIONS[op].effect
        accounts = isinstance(effect, Creates) and effect.listing == "user"
        yield Stays(count, OPERATIONS[op].no_undo, names, accounts)
