"""The jobs of a home folder: create, find, list."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from lwdesk.app.job.sheet_rows import row_counts
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, did_you_mean, nearest
from lwdesk.jobs.journal import SUFFIX, Journal


@contextmanager
def new_journal(home: Home, what: str) -> Iterator[Journal]:
    """Create a job file atomically: with everything that the block writes, or not at all.

    Its name is the job's id: the time, what it does, and a few letters of chance.
    """
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    name = f"{stamp}-{what.partition('+')[0]}-{secrets.token_hex(2)}{SUFFIX}"
    journal = Journal(home.jobs / name, create=True)
    try:
        with journal.writing():
            yield journal
    except BaseException:
        journal.remove()
        raise


def find(home: Home, job: str) -> Journal:
    """The journal of a job. Raises UserError when there is none."""
    path = home.jobs / f"{job}{SUFFIX}"
    if not path.exists() or Path(job).name != job:
        close = nearest(job, [found.stem for found in home.jobs.glob(f"*{SUFFIX}")])
        hint = did_you_mean(close) or _("See: lwdesk jobs")
        raise UserError(_("There is no job “{job}”").format(job=job), "", hint)
    journal = Journal(path)
    if journal.get("kind") is None:
        journal.close()
        raise UserError(
            _("Job “{job}” is empty").format(job=job),
            _("lwdesk closed before the job was ready. Nothing was sent"),
            _("Start it again from your file"),
        )
    return journal


def jobs(home: Home) -> list[dict[str, Any]]:
    """The facts and status of each job, newest first; `state` is "damaged" where the file cannot be read, and
    `reason` then says why."""
    found = [_facts(path) for path in home.jobs.glob(f"*{SUFFIX}")]
    found = [facts for facts in found if facts.get("kind") or facts["state"] == "damaged"]
    return sorted(found, key=lambda facts: (facts["created"] or 0, facts["job"]), reverse=True)


def _facts(path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "job": path.stem,
        "what": "",
        "state": "damaged",
        "rows": 0,
        "school": "",
        "created": None,
    }
    try:
        with closing(Journal(path)) as journal:
            return facts | _of(journal)
    except UserError as error:
        return facts | {"reason": str(error)}
    except ValueError:  # what should be JSON is none
        return facts


@lru_cache(maxsize=500)
def _row_counts(path: Path, _version: tuple[tuple[int, int], ...]) -> dict[str, int]:
    """The rows of a job by outcome, counted once for each version of its file: a list of many big jobs is quick."""
    with closing(Journal(path)) as journal:
        return row_counts(journal)


def _version(path: Path) -> tuple[tuple[int, int], ...]:
    """What changes when a job's file does: size and time (ns) of the file and of its write-ahead log."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return tuple(
        (found.st_size, found.st_mtime_ns) for found in (file.stat() for file in files if file.exists())
    )


def _of(journal: Journal) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for key in ("what", "kind", "school", "created", "of", "total", "results"):
        facts[key] = journal.get(key)
    facts |= {"state": journal.state, "reason": journal.reason, "edited": bool(journal.get("edits"))}
    table = "page" if facts["kind"] == "export" else "row"
    count = "coalesce(sum(rows), 0)" if table == "page" else "count(*)"
    facts["rows"] = journal.ask(f"SELECT {count} FROM {table}")[0][0]
    facts["calls"] = journal.call_counts()
    facts["counts"] = {} if table == "page" else _row_counts(journal.path, _version(journal.path))
    facts["file"] = journal.get("target") if facts["kind"] == "export" else journal.get("file")
    return facts
