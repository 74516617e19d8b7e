"""Deletes passwords from job files: as soon as no retry needs them, after 30 days at the latest."""

import time
from contextlib import closing, suppress
from pathlib import Path

from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, ngettext
from lwdesk.catalog import recipe
from lwdesk.jobs.journal import SUFFIX, Journal

# Seconds that a password is kept for a retry: 30 days.
KEPT = 30 * 86_400
# Instead of the number of rows whose passwords are kept.
_DELETED = -1


def wipe(journal: Journal, *, every: bool = False) -> None:
    """Delete the passwords of a job except those that a retry needs; with `every`, all of them.

    With `every` the job is marked first: a job that lost some of its passwords must not be sent without them.
    """
    if (cells := journal.get("secret")) is None:
        return
    uses = recipe(str(journal.get("what")).split("+")).uses
    secret = {(use.operation.id, c.id) for use in uses for c in use.operation.columns if c.secret}
    operations, columns = zip(*secret, strict=True)
    if every:
        journal.put(passwords=_DELETED)
    kept = journal.wipe(set(columns), cells, set(operations), every=every)
    if not every:
        journal.put(passwords=kept)


def notice(journal: Journal) -> str:
    """The message about passwords that are kept for a retry; "" if none are."""
    kept = journal.get("passwords") or 0
    words = ngettext(
        "The password of {n} failed row is kept until you retry or delete this job, 30 days at most.",
        "The passwords of {n} failed rows are kept until you retry or delete this job, 30 days at most.",
        kept,
    )
    return words.format(n=kept) if kept > 0 else ""


def refuse_without(journal: Journal) -> None:
    """Raise UserError for a job whose passwords were deleted meanwhile, so that it can't be retried."""
    if journal.get("passwords") == _DELETED:
        raise UserError(
            _("The passwords of this job were deleted after 30 days"),
            _("Without them, its rows can't be sent again"),
            _("Import your file again: rows that are already up to date are skipped"),
        )


def wipe_old(home: Home) -> None:
    """Delete all passwords of jobs that were not touched for 30 days."""
    with suppress(AppError, OSError):  # an unusable folder is reported where it is needed
        for path in home.jobs.glob(f"*{SUFFIX}"):
            if time.time() - path.stat().st_mtime > KEPT:
                _wipe_all(path)


def _wipe_all(path: Path) -> None:
    with suppress(AppError), closing(Journal(path)) as journal:  # a damaged one is shown in the list of jobs
        if journal.get("passwords") != 0 and not journal.busy:  # a job that was interrupted has no number yet
            wipe(journal, every=True)
