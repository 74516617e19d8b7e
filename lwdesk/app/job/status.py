"""The status of one job, from its journal."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lwdesk.app.importing.plan import Plan
from lwdesk.app.job.rows import row_counts
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import OUTCOMES


@dataclass(frozen=True)
class JobStatus:
    """`state` of the job; `calls` and `rows` counted by outcome (calls also "ready" and "sending"); `lines` are the
    rows that an export has read; `held` rows wait for the end of a trial; `written` is the workbook there is."""

    job: str
    kind: str
    state: str
    what: str
    school: str
    file: str
    reason: str = ""
    calls: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    lines: int = 0
    held: int = 0
    written: str = ""
    notes: list[str] = field(default_factory=list)
    plan: Plan | None = None

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
            str(journal.get("reason") or ""),
            journal.call_counts(),
            {} if export else row_counts(journal),
            journal.ask("SELECT coalesce(sum(rows), 0) FROM page")[0][0],
            len(journal.get("held") or ()),
            str((journal.get("written") or [""])[0] if export else journal.get("results") or ""),
            list(journal.get("notes") or ()),
            Plan(**plan) if plan else None,
        )
