"""Tidies the jobs folder when the program starts: drafts that nobody used for weeks, and what a crash left."""

import time
from contextlib import closing, suppress
from pathlib import Path

from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import DRAFT

# Seconds after which a draft that was never reviewed is deleted: two weeks.
_KEPT = 14 * 86_400


def tidy(home: Home) -> None:
    """Remove drafts unused for weeks, the unfinished jobs that a crash left, and those that were open when they were
    removed. Nothing was ever sent of the first two; what is open in a window stays, and so do drafts with edits."""
    with suppress(AppError, OSError):  # an unusable folder is reported where it is needed
        for path in home.jobs.glob(f"*{SUFFIX}"):
            latest = max(found.stat().st_mtime for found in path.parent.glob(f"{path.name}*"))
            if time.time() - latest > _KEPT:
                _remove_draft(path)


def _remove_draft(path: Path) -> None:
    with suppress(AppError), closing(Journal(path)) as journal:  # a damaged one is shown in the list of jobs
        what = journal.get("kind"), journal.get("state")
        sent = journal.ask("SELECT count(*) FROM call WHERE tries > 0")[0][0]
        draft = what in (("import", DRAFT), (None, DRAFT), (None, None)) and not sent
        draft = draft and not journal.get("edits")  # the user's work
        if (draft or journal.get("removed")) and not journal.busy:
            journal.remove()
