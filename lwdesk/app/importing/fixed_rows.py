"""Rows of a job that failed and are changed in the window, to be sent again. What was sent already can't be changed."""

from collections.abc import Collection, Iterator, Mapping

from lwdesk.app.importing.edits import Cells
from lwdesk.app.importing.skipped_rows import can_be_taken_back
from lwdesk.app.job.row_status import FAILED, FIXED
from lwdesk.app.job.sheet_rows import SKIP, statuses
from lwdesk.base.errors import UserError
from lwdesk.base.text import _
from lwdesk.catalog.operation import Recipe
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, DRAFT, PLANNED, READY, UNCHANGED, UNSURE


def was_sent(journal: Journal) -> bool:
    """Whether the job ran: then only what failed can be changed, to be sent by itself."""
    return journal.get("state") not in (DRAFT, PLANNED) or bool(journal.call_counts().keys() - {READY})


def refuse_sent(journal: Journal, recipe: Recipe, edits: Cells) -> None:
    """Raise UserError for edits of rows that did not fail, and of cells that a step of their row used already: it would
    not be sent again, so the school would keep the old value. A row skipped after it failed can be taken back."""
    for row_id, status in statuses(journal, edits).items():
        if edits[row_id].keys() == {SKIP} and can_be_taken_back(journal, row_id):
            continue
        if status not in (FAILED, FIXED):
            raise UserError(
                _("Only rows that failed can be changed here"),
                "",
                _(
                    "To change others, edit your file and import it again: rows that are up to date are skipped"
                ),
            )
        used = set(_used(journal, recipe, row_id))
        if used & edits[row_id].keys():
            raise UserError(
                _("This cell was already sent"),
                _("Part of this row is already done with this value"),
                _(
                    "Fix the other cells of the row here; to change this value, edit your file and import it again"
                ),
            )


def note_fixed(journal: Journal, edits: Cells) -> None:
    """Note which of the edited rows have no errors any more, and wait to be sent again."""
    changed = {row_id for row_id, cells in edits.items() if cells.keys() != {SKIP}}
    good = {row_id for row_id, outcome in _outcomes(journal, changed).items() if outcome is None}
    known = {*(journal.get("fixed") or ())} - changed
    journal.put(fixed=sorted(known | good))


def take_fixed(journal: Journal) -> list[int]:
    """Take the rows that were fixed, to send them. Those that the user skipped meanwhile still wait."""
    fixed = journal.get("fixed") or ()
    outcomes = _outcomes(journal, fixed)
    journal.put(fixed=[row_id for row_id in fixed if outcomes[row_id] is not None])
    return [row_id for row_id in fixed if outcomes[row_id] is None]


def _used(journal: Journal, recipe: Recipe, row_id: int) -> Iterator[int]:
    """The cells that a step used which was done, may have been done, or had nothing to do."""
    letters: Mapping[str, str] = journal.get("letters") or {}
    places = {letter: n for n, letter in enumerate(journal.get("header_letters") or ())}
    sql = (
        "SELECT DISTINCT step.op FROM step LEFT JOIN call ON call.id = step.call WHERE step.row = ?"
        " AND coalesce(step.outcome, call.state) IN (?, ?, ?)"
    )
    done = {op for (op,) in journal.ask(sql, row_id, DONE, UNCHANGED, UNSURE)}
    for use in recipe.uses:
        for column_id, name in use.names.items() if use.operation.id in done else ():
            column = use.operation.column(column_id)
            # Of a list, items that are done are not sent again, whatever else the cell says now.
            if column is not None and not column.each and letters.get(name) in places:
                yield places[letters[name]]


def _outcomes(journal: Journal, rows: Collection[int]) -> dict[int, str | None]:
    return dict(journal.ask(f"SELECT id, outcome FROM row WHERE id IN ({','.join(map(str, rows))})"))
