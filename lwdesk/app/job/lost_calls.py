"""Calls whose answer was lost: they are looked up in the school, and end, before a job is cancelled or undone."""

import time
from collections.abc import Callable, Iterable

from lwdesk.app.importing.port import ImportPort
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CANCELLED, FAILED, UNSURE, Call, End


def settle(journal: Journal, session: Session, calls: Iterable[Call], hint: str) -> None:
    """Look up calls and end them. What the school can't tell stays "needs checking".

    Raises UserError, with this hint, while the school is still processing one, and AppError where it can't be asked.
    """
    port = ImportPort(journal, session)
    for call in calls:
        end = port.look(call)
        if end is None and call.answer:
            raise UserError(_("LearnWorlds is still working on this job"), "", hint)
        if end is None and call.state == UNSURE:
            continue
        words = _("lwdesk checked: LearnWorlds didn't do this.")
        journal.ended(call.id, end or End(FAILED, words), time.time())


def cancel_rest(journal: Journal, session: Callable[[], Session]) -> None:
    """Cancel a job that does not run: skip what was not sent, after what was on its way has been looked up.

    Raises AppError where the school can't be asked; then nothing was skipped.
    """
    lost = journal.lost()
    if lost and journal.get("kind") == "export":  # its calls only read
        for call_id in lost:
            journal.again(call_id, 0)
    elif lost:
        settle(journal, session(), map(journal.call, lost), _("Wait a few minutes, then cancel it"))
    journal.skip_rest(_("Canceled before it was sent."), time.time())
    journal.put(cancel=True, state=CANCELLED)
