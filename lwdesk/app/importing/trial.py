"""A trial run: only the first rows of a job are open, the others are held back until the user lets them go."""

from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import SKIPPED


def hold_back(journal: Journal, most: int) -> int:
    """Leave the first `most` open rows open and hold the others back. Returns how many are held back."""
    release(journal)
    message = _("Not part of the trial run.")
    rows = [row_id for (row_id,) in journal.ask("SELECT id FROM row WHERE outcome IS NULL ORDER BY id")]
    held = rows[most:]
    journal.mark_rows(held, SKIPPED, message)
    journal.put(held=held)
    return len(held)


def release(journal: Journal) -> int:
    """Open again what was held back. Returns the number of rows."""
    held = journal.get("held", [])
    journal.mark_rows(held, None, "")
    journal.put(held=[])
    return len(held)
