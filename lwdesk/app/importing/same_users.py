"""Rows of one user: they become one request, which both rows say."""

from collections.abc import Mapping

from lwdesk.app.job.rows import chunks, marks
from lwdesk.base.text import _
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.cells.problems import NOTE, Problem
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.jobs.journal import Journal

_CODE = "same-user"
_OF_USERS = tuple(
    op.id
    for op in OPERATIONS.values()
    if isinstance(op.effect, Creates | Updates) and op.effect.listing == "user" and not op.batch
)
# The rows of each planned request that several rows have part in.
_SHARED = f"""
    SELECT DISTINCT call.id, row.id, row.number FROM step JOIN row ON row.id = step.row JOIN call ON call.id = step.call
    WHERE call.id IN (SELECT call FROM step GROUP BY call HAVING count(DISTINCT row) > 1) AND call.state = 'ready'
    AND call.op IN ({",".join("?" * len(_OF_USERS))}) ORDER BY row.number"""


def note_same_users(journal: Journal, where: str, letters: Mapping[str, str]) -> None:
    """Note on rows of one user which other row is of the same, and take notes of an earlier plan off. `where`: the rows
    that were planned, as a condition."""
    for row in journal.rows(f"({where}) AND CAST(problems AS TEXT) LIKE ?", f'%"{_CODE}"%'):
        row.problems = [problem for problem in row.problems if problem["code"] != _CODE]
        journal.save_row(row)
    first: dict[int, tuple[int, int]] = {}
    others: dict[int, int] = {}  # row id -> the number of another row of the user
    for call, row_id, number in journal.ask(_SHARED, *_OF_USERS):
        if call in first:
            others.setdefault(row_id, first[call][1])
            others.setdefault(first[call][0], number)
        else:
            first[call] = row_id, number
    for chunk in chunks(list(others)):
        for row in list(journal.rows(f"id IN ({marks(chunk)})")):
            column = next((name for name in ("email", "user") if name in letters), "")
            cell = f"{letters.get(column, '')}{row.number}"
            words = _("Same user as row {row}: they are sent together.").format(row=others[row.id])
            if not any(problem["code"] == _CODE for problem in row.problems):
                row.problems.append(Problem(NOTE, _CODE, words, column=column, cell=cell).facts())
                journal.save_row(row)
