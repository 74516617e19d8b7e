"""Undo: the inverse of what a job did, as a job of its own. What was changed since is left alone."""

import time
from collections.abc import Sequence
from dataclasses import asdict

from lwdesk.app.importing.imports import new_journal
from lwdesk.app.importing.plan import Plan, Planner, summary
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import IMPORTS, OPERATIONS
from lwdesk.catalog.facts import Already, Need, Refused, Values, pack, unpack
from lwdesk.catalog.model import Operation
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import DONE, DRAFT, FAILED, PLANNED, READY, SKIPPED, UNCHANGED, Call, Row, Step


def create(home: Home, done: Journal, session: Session) -> tuple[Journal, Plan]:
    """Plan the undoing of what `done` carried out, the last thing first.

    Raises UserError for a job that has nothing to undo (an export, or nothing was carried out).
    """
    if done.get("kind") == "export" or not done.call_counts().get(DONE):
        raise UserError(_("There is nothing to undo"), _("The job {job} changed nothing").format(job=done.id))
    with new_journal(home, f"undo-{done.get('what')}") as journal:
        for key in ("what", "school", "root", "file", "digest", "sheet", "header_row", "headers", "letters"):
            journal.put(**{key: done.get(key)})
        journal.put(kind="undo", of=done.id, created=time.time(), state=DRAFT)
        if kept := done.upload():
            journal.keep_upload(*kept)
        journal.add_rows(_bare(row, done.get("secret") or ()) for row in done.rows())
    return journal, plan(journal, session)


def _bare(row: Row, secret: Sequence[int]) -> Row:
    """A row to show what was undone beside it, without passwords."""
    return Row(row.number, [None if index in secret else cell for index, cell in enumerate(row.cells)])


def plan(journal: Journal, session: Session) -> Plan:
    """Plan what is not undone yet; writes nothing to the school.

    Raises UserError where the job to undo is gone.
    """
    before = session.client.requests
    journal.drop_unsent()
    done = Journal(journal.path.with_name(f"{journal.get('of')}{SUFFIX}"))
    try:
        _Undoing(journal, done, session).plan()
    finally:
        session.directory.forget()
        done.close()
    counts = summary(journal, session.seconds_for)
    counts.reads = session.client.requests - before
    journal.put(state=PLANNED, plan=asdict(counts))
    return counts


class _Undoing:
    def __init__(self, journal: Journal, done: Journal, session: Session):
        self._journal, self._done, self._directory = journal, done, session.for_plan()
        self._planner = Planner(journal, IMPORTS["roster"], self._directory)

    def plan(self) -> None:
        """Write the inverse of each call; rows that did nothing are skipped."""
        sql = "SELECT DISTINCT about FROM step WHERE coalesce(outcome, '') != ?"
        undone = {about for (about,) in self._journal.ask(sql, READY)}
        calls = [call for call in self._done.calls("state = ?", DONE) if str(call.id) not in undone]
        inverses = [(call, *self._inverse(call)) for call in reversed(calls)]
        self._directory.fetch(
            Need(need.source, need.key, need.item)
            for _call, operation, values in inverses
            if operation is not None and values is not None
            for need in operation.effect.needs(values)
        )
        with self._journal.writing():
            for call, operation, values in inverses:
                for row_id, number in self._rows_of(call):
                    self._journal.drop_unplanned(row_id)
                    self._journal.add_step(self._step(row_id, number, call, operation, values))
            for row in self._journal.rows("id NOT IN (SELECT row FROM step)"):
                row.outcome, row.message = SKIPPED, _("This row changed nothing.")
                self._journal.save_row(row)

    def _inverse(self, call: Call) -> tuple[Operation | None, Values | None]:
        operation = OPERATIONS[call.op]
        if not operation.undo:
            return None, None
        memo = {"made": call.made, **call.memo}
        return OPERATIONS[operation.undo], operation.effect.inverse(unpack(call.values), memo)

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
            return Step(row, call.op, str(call.id), {}, None, SKIPPED, message)
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
