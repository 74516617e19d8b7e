"""The statuses of an import's rows, and how each is shown."""

from typing import Any

from lwdesk.app.job.rows import Cell
from lwdesk.base.text import N_, _, ngettext
from lwdesk.catalog.cells.problems import ERROR, WARNING

# The statuses of rows. Of the steps of a row, the one that needs most attention gives the row its status: the last one.
STATUSES = (
    "unchanged",  # nothing to do
    "skipped",
    "done",
    "created",  # done, and it is new in the school
    "fixed",  # changed after it failed, and to be sent again
    "ready",  # checked, not planned yet
    "update",  # planned: changes something
    "create",  # planned: creates something
    "sending",
    "conflict",  # changed in the school after the export
    "unsure",  # not confirmed by the school
    "failed",  # has an error, or was refused
    "check",  # planned or ready, but a cell has a warning
)
UNCHANGED, SKIPPED, DONE, CREATED, FIXED, READY, UPDATE, CREATE = STATUSES[:8]
SENDING, CONFLICT, UNSURE, FAILED, CHECK = STATUSES[8:]
OPEN = (READY, UPDATE, CREATE, CHECK)
# What the user has to look at, before and after sending.
ATTENTION = (FAILED, UNSURE, CONFLICT)

# Status -> (words, tone) before anything is sent, and after.
_BEFORE = {
    UNCHANGED: (N_("Up to date"), "same"),
    SKIPPED: (N_("Skipped"), "plain"),
    READY: (N_("Ready"), "quiet"),
    CREATE: (N_("New"), "create"),
    CONFLICT: (N_("Conflict"), "look"),
}
_AFTER = {
    UNCHANGED: (N_("Up to date"), "same"),
    SKIPPED: (N_("Skipped"), "plain"),
    DONE: (N_("Done"), "done"),
    CREATED: (N_("Created"), "done"),
    FIXED: (N_("Fixed, not sent yet"), "update"),
    SENDING: (N_("Sending"), "sending"),
    CONFLICT: (N_("Conflict"), "look"),
    UNSURE: (N_("Needs checking"), "look"),
    FAILED: (N_("Failed"), "failed"),
    **dict.fromkeys(OPEN, (N_("Waiting"), "waiting")),
}


def status_cell(status: str, problems: list[dict[str, Any]], changes: int, before: bool) -> Cell:
    """The first cell of a row: its status in words, by its problems and how many `changes` it plans."""
    words, tone = _status_words(status, problems, changes, before)
    return Cell(words, tone, strong=True, sign=True)


def _status_words(status: str, problems: list[dict[str, Any]], changes: int, before: bool) -> tuple[str, str]:
    """The status of a row in words, and its tone."""
    if before and status == UPDATE:
        return ngettext("{n} change", "{n} changes", max(1, changes)), "update"
    if before and status == FAILED:
        bad = _cells_with(ERROR, problems)
        return ngettext("Fix {n} cell", "Fix {n} cells", bad) if bad else _("Has an error"), "failed"
    if before and status == CHECK:
        return ngettext("Check {n} cell", "Check {n} cells", max(1, _cells_with(WARNING, problems))), "look"
    # A job that was sent in part and is planned again has rows of both kinds.
    words, tone = _BEFORE[status] if before and status in _BEFORE else _AFTER[status]
    return _(words), tone


def _cells_with(level: str, problems: list[dict[str, Any]]) -> int:
    """The number of cells that have problems of this level."""
    return len({problem["cell"] for problem in problems if problem["level"] == level and problem["cell"]})
