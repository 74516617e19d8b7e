"""Commands about jobs: the list, going on, retrying, undoing, results."""

import argparse
import time
from contextlib import closing
from datetime import datetime
from typing import Any

from lwdesk.app.job import again, duplicates, history
from lwdesk.app.job import results as outcomes
from lwdesk.app.job import undo as undoing
from lwdesk.app.job.outcome import outcome_words
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home, check_place
from lwdesk.base.text import _, ngettext
from lwdesk.cli import show
from lwdesk.cli.exports import fetch
from lwdesk.cli.sessions import session_of
from lwdesk.cli.statuses import OK, REFUSED
from lwdesk.cli.work import carry_out, rows_told
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CANCELLED, FAILED, FINISHED, INTERRUPTED, SKIPPED


def jobs(options: argparse.Namespace, home: Home) -> int:
    """List the jobs, newest first."""
    found = history.jobs(home)
    if options.json:
        show.as_json({"jobs": found})
        return OK
    if not found:
        print(_("No jobs yet."))
        return OK
    heads = (_("job"), _("what"), _("state"), _("rows"), _("school"), _("started"), _("outcome"))
    when = (datetime.fromtimestamp(job["created"] or 0).strftime("%Y-%m-%d %H:%M") for job in found)
    rows = (
        (j["job"], j["what"], j["state"], j["rows"], j["school"], t, _outcome(j))
        for j, t in zip(found, when, strict=True)
    )
    show.table([heads, *rows])
    return OK


def _outcome(job: dict[str, Any]) -> str:
    """What became of the rows of an import that ended."""
    if job.get("kind") == "export" or job["state"] not in (FINISHED, CANCELLED, INTERRUPTED):
        return ""
    return outcome_words(job["kind"], job["counts"])


def resume(options: argparse.Namespace, home: Home) -> int:
    """Resume a job."""
    began = time.monotonic()
    with (
        closing(history.find(home, options.job)) as journal,
        session_of(journal, home) as session,
        journal.held(),
    ):
        if journal.get("kind") == "export":
            return fetch(options, home, journal, session, began)
        duplicates.refuse_second(home, journal)
        plan = again.resume(journal, session)
        if plan is not None and not options.json:
            show.plan(plan)
        if not _agreed(options, journal, session.name):
            return REFUSED
        return carry_out(options, journal, session, began, plan)


def retry(options: argparse.Namespace, home: Home) -> int:
    """Send the failed rows of a job again, and only those."""
    began = time.monotonic()
    with (
        closing(history.find(home, options.job)) as journal,
        session_of(journal, home) as session,
        journal.held(),
    ):
        duplicates.refuse_second(home, journal)
        plan = again.retry(journal, session)
        if plan is None:
            return fetch(options, home, journal, session, began)
        if not options.json:
            show.plan(plan)
        if not _agreed(options, journal, session.name):
            return REFUSED
        return carry_out(options, journal, session, began, plan)


def undo(options: argparse.Namespace, home: Home) -> int:
    """Undo a job, by a job of its own."""
    began = time.monotonic()
    with closing(history.find(home, options.job)) as done, session_of(done, home) as session:
        journal, plan = undoing.create(home, done, session)
        with closing(journal):
            if not options.json:
                show.plan(plan)
                rows_told(journal, (SKIPPED, FAILED))
            try:
                agreed = _agreed(options, journal, session.name)
            except UserError:
                journal.remove()
                raise
            if not agreed:
                journal.remove()
                return REFUSED
            return carry_out(options, journal, session, began, plan)


def _agreed(options: argparse.Namespace, journal: Journal, school: str) -> bool:
    open_calls = sum(journal.call_counts().get(state, 0) for state in ("ready", "sending"))
    calls = ngettext("{n} call", "{n} calls", open_calls)
    question = _("Send {calls} to {school}?").format(calls=calls, school=school)
    if not open_calls or show.confirm(question, options.yes):
        return True
    print(_("Nothing was sent."))
    return False


def results(options: argparse.Namespace, home: Home) -> int:
    """Write the results workbook of an import job."""
    with closing(history.find(home, options.job)) as journal:
        if journal.get("kind") == "export":
            raise UserError(
                _("Job {job} is an export").format(job=journal.id),
                _("Its workbook is {path}").format(path=journal.get("target")),
            )
        check_place(options.output)
        if not show.may_replace([options.output], options.overwrite):
            return REFUSED
        written = outcomes.write(journal, options.output)
    print(_("Results: {path}").format(path=written.paths[0]))
    return OK
