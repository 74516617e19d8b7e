"""Undo: the inverse of what a job did, as a job of its own. What was changed since is left alone."""

import time
from dataclasses import asdict

from lwdesk.app.imports import new_journal
from lwdesk.app.plan import Plan, Planner, summary
from lwdesk.app.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import IMPORTS, OPERATIONS
from lwdesk.catalog.facts import Already, Need, Refused, Values, pack, unpack
from lwdesk.catalog.model import Operation
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, PLANNED, SKIPPED, UNCHANGED, Call, Step


def create(home: Home, done: Journal, session: Session) -> tuple[Journal, Plan]:
    """Plan the undoing of what `done` carried out, the last thing first.

    Raises UserError for a job that has nothing to undo (an export, or nothing was carried out).
    """
    calls = list(done.calls("state = ?", DONE)) if done.get("kind") != "export" else []
    if not calls:
        raise UserError(_("There is nothing to undo"), _("The job {job} changed nothing").format(job=done.id))
    journal = new_journal(home, f"undo-{done.get('what')}")
    for key in ("what", "school", "root", "file", "digest", "sheet", "header_row", "headers", "letters"):
        journal.put(**{key: done.get(key)})
    journal.put(kind="undo", of=done.id, created=time.time(), secret=[])
    if kept := done.upload():
        journal.keep_upload(*kept)
    journal.add_rows(done.rows())
    before = session.client.requests
    _Undoing(journal, done, session).plan(list(reversed(calls)))
    counts = summary(journal, session.seconds_for)
    counts.reads = session.client.requests - before
    journal.put(state=PLANNED, plan=asdict(counts))
    return journal, counts


class _Undoing:
    def __init__(self, journal: Journal, done: Journal, session: Session):
        self._journal, self._done, self._directory = journal, done, session.directory
        self._planner = Planner(journal, IMPORTS["roster"], session.directory)

    def plan(self, calls: list[Call]) -> None:
        """Write the inverse of each call; rows that did nothing are skipped."""
        inverses = [(call, *self._inverse(call)) for call in calls]
        self._directory.fetch(
            Need(need.source, need.key, need.item)
            for _call, operation, values in inverses
            if operation is not None and values is not None
            for need in operation.effect.needs(values)
        )
        touched: set[int] = set()
        with self._journal.writing():
            for call, operation, values in inverses:
                rows = self._rows_of(call)
                touched.update(row_id for row_id, _number in rows)
                for row_id, number in rows:
                    self._journal.add_step(self._step(row_id, number, call, operation, values))
            for row in self._journal.rows():
                if row.id not in touched:
                    row.outcome, row.message = SKIPPED, _("This row changed nothing.")
                else:
                    row.outcome, row.message = None, ""
                self._journal.save_row(row)

    def _inverse(self, call: Call) -> tuple[Operation | None, Values | None]:
        operation = OPERATIONS[call.op]
        if not operation.undo:
            return None, None
        return OPERATIONS[operation.undo], operation.effect.inverse(unpack(call.values), call.memo)

    def _rows_of(self, call: Call) -> list[tuple[int, int]]:
        """The rows whose steps the call carried out; they have the same ids in both journals."""
        sql = "SELECT DISTINCT row.id, row.number FROM step JOIN row ON row.id = step.row WHERE call = ?"
        return [(row, number) for row, number in self._done.ask(sql, call.id)]

    def _step(
        self, row: int, number: int, call: Call, operation: Operation | None, values: Values | None
    ) -> Step:
        was = OPERATIONS[call.op]
        if operation is None or values is None:
            message = _("cannot be undone: {why}").format(why=_(was.no_undo))
            return Step(row, call.op, "", {}, None, SKIPPED, message)
        step = Step(row, operation.id, str(call.id), pack(values))
        verdict = operation.effect.judge(operation, values, self._directory, unpack(call.values))
        if isinstance(verdict, Refused):
            step.outcome, step.message = FAILED, verdict.message
        elif isinstance(verdict, Already):
            step.outcome, step.message, step.call = UNCHANGED, verdict.message, verdict.call
            step.outcome = UNCHANGED if verdict.call is None else None
        else:
            self._planner.send(step, verdict, number)
        return step
