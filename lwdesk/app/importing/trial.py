"""A trial run: only the first rows of a job are open, the others are held back until the user lets them go."""

from collections.abc import Collection

from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import SKIPPED


def hold_back(journal: Journal, most: int | None) -> int:
    """Leave the first `most` open rows open and hold the others back; None opens all. Returns how many are held."""
    with journal.writing():
        journal.mark_rows(journal.get("held") or (), None, "")
        rows = [row_id for (row_id,) in journal.ask("SELECT id FROM row WHERE outcome IS NULL ORDER BY id")]
        held = rows[most:] if most else []
        journal.mark_rows(held, SKIPPED, _("Not part of the trial run."))
        journal.put(held=held)
    return len(held)


def judged(journal: Journal, rows: Collection[int]) -> None:
    """Note that these rows were checked again: whether they are sent is for the check and the user to say, so that the
    end of the trial doesn't open them."""
    if held := journal.get("held"):
        journal.put(held=[row_id for row_id in held if row_id not in rows])
