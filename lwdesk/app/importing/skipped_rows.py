"""Rows of a job that was sent and that the user skips afterwards: what was said of them comes back with them."""

from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import SKIPPED, Row

# The fact of a job with the state of such rows: row id (as text) -> outcome, message, problems.
_KEPT = "before_skip"


def skip_row(row: Row) -> None:
    """Mark a row as skipped by the user."""
    row.outcome, row.message, row.problems = SKIPPED, _("You skipped this row."), []


def change_skip(journal: Journal, row: Row, skipped: bool) -> None:
    """Skip a row of a job that was sent, or take it back as it was. The steps that were done stay."""
    kept = dict(journal.get(_KEPT) or {})
    key = str(row.id)
    if skipped and key not in kept:
        kept[key] = (row.outcome, row.message, row.problems)
        skip_row(row)
    elif not skipped and key in kept:
        row.outcome, row.message, row.problems = kept.pop(key)
    journal.put(**{_KEPT: kept})
    journal.save_row(row)


def can_be_taken_back(journal: Journal, row_id: int) -> bool:
    """Whether a row was skipped after the job was sent."""
    return str(row_id) in (journal.get(_KEPT) or {})
