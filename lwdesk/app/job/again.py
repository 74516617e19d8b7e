"""Resume and retry jobs of any kind."""

import time
from collections.abc import Callable
from typing import Any

from lwdesk.api.limiter import never
from lwdesk.app.exporting import exports
from lwdesk.app.importing import imports
from lwdesk.app.importing.fixed_rows import take_fixed
from lwdesk.app.importing.port import ImportPort
from lwdesk.app.importing.summary import Plan
from lwdesk.app.job import passwords, undo
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DRAFT, FAILED, FINISHED


def engine(journal: Journal, session: Session, **options: Any) -> Engine:
    """The engine that runs the job; `options` are the engine's (`workers`, `clock`)."""
    if journal.get("kind") == "undo":
        undo.begin(journal)
    if journal.get("kind") == "export":
        return exports.engine(journal, session, **options)
    return imports.engine(journal, session, **options)


def resume(journal: Journal, session: Session, stop: Callable[[], bool] = never) -> Plan | None:
    """Prepare an interrupted job to run. Returns the plan if the job had to be planned.

    Raises UserError for a job that was undone, or whose passwords are gone; Stopped where `stop` says so meanwhile.
    """
    undo.refuse_undone(journal)
    passwords.refuse_without(journal)
    return _plan(journal, session, stop) if journal.get("state") == DRAFT or journal.unplanned else None


def retry(journal: Journal, session: Session) -> Plan | None:
    """Reopen and plan what failed, and only that; an export fetches missing pages again. What can be retried is counted
    by `JobStatus.retryable`; rows with errors in their cells have to be fixed first.

    Raises UserError for a job with calls whose answer is not known: they have to be settled first; and for one that was
    undone, or whose passwords are gone.
    """
    undo.refuse_undone(journal)
    passwords.refuse_without(journal)
    if journal.lost():
        raise UserError(_("Job {job} isn't finished").format(job=journal.id), "", _("Resume it first"))
    if journal.get("kind") == "export":
        journal.reopen_calls()
        return None
    _look_again(journal, session)

    def reopen() -> None:
        take_fixed(journal)
        imports.reopen(journal)

    return _plan_again(journal, session, reopen)


def plan_fixed(journal: Journal, session: Session) -> Plan:
    """Plan the rows that were changed after they failed, and only those.

    Raises UserError as `retry` does.
    """
    undo.refuse_undone(journal)
    passwords.refuse_without(journal)
    if journal.lost():
        raise UserError(_("Job {job} isn't finished").format(job=journal.id), "", _("Resume it first"))
    return _plan_again(journal, session, lambda: imports.reopen(journal, take_fixed(journal)))


def _plan_again(journal: Journal, session: Session, reopen: Callable[[], None]) -> Plan:
    """Reopen rows and plan them, both or none. A job that then has nothing to send is finished, as before."""
    if journal.get("kind") == "undo":
        with journal.writing():
            reopen()
            plan = undo.plan(journal, session)
    else:
        plan = imports.plan(journal, session, prepare=reopen)
    if not plan.calls:
        journal.put(state=FINISHED)
    return plan


def _plan(journal: Journal, session: Session, stop: Callable[[], bool] = never) -> Plan:
    if journal.get("kind") == "undo":
        return undo.plan(journal, session, stop)
    return imports.plan(journal, session, stop)


def _look_again(journal: Journal, session: Session) -> None:
    """Look up calls once more that must never be done twice: they may have been processed late."""
    port = ImportPort(journal, session)
    for call in list(journal.calls("repeat = 'never' AND state = ? AND status = 0 AND tries > 0", FAILED)):
        if (end := port.look(call)) is not None:
            journal.ended(call.id, end, time.time())
