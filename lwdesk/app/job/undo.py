"""Undo: a job that reverts what another job did, except what was changed since."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass

from lwdesk.api.limiter import never
from lwdesk.app.importing.plan import Planner
from lwdesk.app.importing.summary import Plan, summary
from lwdesk.app.job.history import new_journal
from lwdesk.app.job.lost_calls import settle
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import IMPORTS, OPERATIONS
from lwdesk.catalog.effects.facts import pack, unpack
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Operation, Refused, UpToDate
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import (
    DONE,
    DRAFT,
    FAILED,
    PLANNED,
    READY,
    SKIPPED,
    UNCHANGED,
    UNSURE,
    Call,
    Row,
    Step,
)


def create(home: Home, done: Journal, session: Session) -> tuple[Journal, Plan]:
    """Create a job that reverts the completed calls of `done`, last first, and plan it.

    What was on its way when the job ended is looked up first: it may have been carried out.
    Raises UserError for a job that has nothing to undo (an export, or nothing was carried out), that runs in this or
    another program, or that was undone before.
    """
    refuse_undone(done)
    if done.get("kind") != "export":
        with done.held():
            calls = [*map(done.call, done.lost()), *done.calls("state = ?", UNSURE)]
            settle(done, session, calls, _("Wait a few minutes, then undo it"))
    if done.get("kind") == "export" or not done.call_counts().get(DONE):
        raise UserError(_("There is nothing to undo"), _("Job {job} changed nothing").format(job=done.id))
    with new_journal(home, f"undo-{done.get('what')}") as journal:
        for key in (
            "what",
            "school",
            "root",
            "file",
            "digest",
            "sheet",
            "header_row",
            "headers",
            "header_letters",
            "letters",
            "label",
        ):
            journal.put(**{key: done.get(key)})
        journal.put(kind="undo", of=done.id, created=time.time(), state=DRAFT, ends=_ends(done))
        if kept := done.upload():
            journal.keep_upload(*kept)
        journal.add_rows(_bare(row, done.get("secret") or ()) for row in done.rows())
    return journal, plan(journal, session)


def refuse_undone(journal: Journal) -> None:
    """Raise UserError for a job that was undone: what its journal says is no longer true in the school."""
    if journal.get("undone"):
        raise UserError(
            _("Job {job} was undone").format(job=journal.id),
            _("Job {other} undid it").format(other=journal.get("undone")),
            _("Import the file again, or undo job {other}").format(other=journal.get("undone")),
        )


def begin(journal: Journal) -> None:
    """Note in the job that this one undoes that it is undone. When an undo is undone, its job counts again.

    Raises UserError where the job runs, or has done more since its undoing was planned: that would stay in the school.
    """
    with closing(_undone_by(journal)) as done:
        if done.get("undone") != journal.id:
            with done.held():
                if _ends(done) != journal.get("ends", _ends(done)):
                    raise UserError(
                        _("Job {job} continued after you started to undo it").format(job=done.id),
                        "",
                        _("Choose Undo again to undo everything"),
                    )
                done.put(undone=journal.id)
        if done.get("kind") == "undo":
            with suppress(UserError), closing(_undone_by(done)) as first:
                first.put(undone=None)


def _ends(done: Journal) -> int:
    """The number of completed calls of a job."""
    return done.call_counts().get(DONE, 0)


def _undone_by(journal: Journal) -> Journal:
    """The job that an undo reverts. Raises UserError if it was deleted."""
    return Journal(journal.path.with_name(f"{journal.get('of')}{SUFFIX}"))


def _bare(row: Row, secret: Sequence[int]) -> Row:
    """The row that an undo shows beside what it reverted, without passwords."""
    return Row(row.number, [None if index in secret else cell for index, cell in enumerate(row.cells)])


def plan(journal: Journal, session: Session, stop: Callable[[], bool] = never) -> Plan:
    """Plan what is not undone yet; writes nothing to the school.

    Raises UserError where the job to undo is gone; Stopped where `stop` says so meanwhile.
    """
    before = session.client.requests
    try:
        with closing(_undone_by(journal)) as done, session.planning(stop), journal.writing():
            journal.drop_unsent()
            _Undoing(journal, done, session).plan()
            journal.put(state=PLANNED)
            counts = summary(journal, session.seconds_for)
            counts.reads = session.client.requests - before
            journal.put(plan=asdict(counts))
    finally:
        session.directory.clear_plan_cache()
    return counts


@dataclass(frozen=True)
class _Inverse:
    """What undoes a call, or one user's part of it: `about` says which, `rows` (id, number) it was done for, `was` the
    values then; `values` None where there is no undo."""

    call: Call
    about: str
    rows: list[tuple[int, int]]
    was: Values
    operation: Operation | None
    values: Values | None


class _Undoing:
    def __init__(self, journal: Journal, done: Journal, session: Session):
        self._journal, self._done, self._directory = journal, done, session.for_plan()
        self._planner = Planner(journal, IMPORTS["roster"], self._directory)

    def plan(self) -> None:
        """Write the inverse of each call; rows that did nothing are skipped."""
        sql = "SELECT DISTINCT about FROM step WHERE coalesce(outcome, '') != ?"
        undone = {about for (about,) in self._journal.ask(sql, READY)}
        calls = list(self._done.calls("state = ?", DONE))
        inverses = [
            one for call in reversed(calls) for one in self._inverses(call) if one.about not in undone
        ]
        self._directory.fetch(
            need
            for one in inverses
            if one.operation is not None and one.values is not None
            for need in one.operation.effect.needs(one.values)
        )
        for one in inverses:
            for row_id, number in one.rows:
                self._journal.drop_unplanned(row_id)
                self._planner.writer.add_step(self._step(row_id, number, one))
        self._planner.writer.flush()
        for row in self._journal.rows("id NOT IN (SELECT row FROM step)"):
            row.outcome, row.message = SKIPPED, _("This row changed nothing.")
            self._journal.save_row(row)

    def _inverses(self, call: Call) -> Iterator[_Inverse]:
        """What undoes a call. Rows have the same ids in both journals."""
        operation = OPERATIONS[call.op]
        back = OPERATIONS[operation.undo] if operation.undo else None
        memo = {"made": call.made, **call.memo}
        for about, rows, was in self._parts(call, operation):
            values = operation.effect.inverse(was, memo) if back is not None else None
            yield _Inverse(call, about, rows, was, back if values is not None else None, values)

    def _parts(self, call: Call, operation: Operation) -> Iterator[tuple[str, list[tuple[int, int]], Values]]:
        """What a call did: all of it; of a batch, what it did for each user."""
        sql = "SELECT DISTINCT row.id, row.number FROM step JOIN row ON row.id = step.row WHERE call = ?"
        if operation.batch is None:
            rows = [(row, number) for row, number in self._done.ask(sql, call.id)]
            yield str(call.id), rows, unpack(call.values)
            return
        numbers = dict(self._done.ask(sql, call.id))
        steps = [step for step in self._done.steps_of(call.id) if step.outcome in (None, DONE)]
        users: dict[str, list[Step]] = {}
        for step in steps:
            users.setdefault(str(step.values[operation.batch.id]), []).append(step)
        for user, mine in users.items():
            rows = [(step.row, numbers[step.row]) for step in mine]
            yield f"{call.id}/{user}", rows, unpack(mine[0].values)

    def _step(self, row: int, number: int, one: _Inverse) -> Step:
        call, operation = one.call, one.operation
        if operation is None or one.values is None:
            message = _("can't be undone: {why}").format(why=_(OPERATIONS[call.op].no_undo))
            return Step(row, call.op, one.about, {}, None, SKIPPED, message)
        values = self._planner.keyed(operation, one.values)
        step = Step(row, operation.id, one.about, pack(values))
        verdict = operation.effect.judge(operation, values, self._directory, one.was)
        if isinstance(verdict, Refused):
            step.outcome, step.message = FAILED, verdict.message
        elif isinstance(verdict, UpToDate):
            step.outcome, step.message, step.call = UNCHANGED, verdict.message, verdict.call
            step.outcome = UNCHANGED if verdict.call is None else None
        else:
            self._planner.send(step, verdict, number)
        return step
