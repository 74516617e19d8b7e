"""The actions on existing jobs, for the window: list, retry, undo, write results, delete."""

from contextlib import closing
from typing import Any

from lwdesk.app.importing.summary import Plan
from lwdesk.app.job import again, history, results_file, undo
from lwdesk.app.job.runs import Runs
from lwdesk.app.school.connections import Connections
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _

# Seconds that an action waits for an edit of the same job.
_PATIENCE = 1


class Jobs:
    """Jobs of all schools, by id."""

    def __init__(self, home: Home, connections: Connections, runs: Runs):
        self._home, self._connections, self._runs = home, connections, runs

    def all(self) -> list[dict[str, Any]]:
        """The facts and status of each job, newest first; drafts that aren't planned only where cells were edited."""
        found = history.jobs(self._home)
        return [facts for facts in found if facts["state"] != "draft" or facts["edited"]]

    def results(self, job: str, target: str = "") -> str:
        """The path of the results workbook of an import; it is written where it is not there (yet, or any more), to
        `target` or beside the user's file."""
        with closing(history.find(self._home, job)) as journal:
            return results_file.written(journal, self._home, target)

    def retry(self, job: str) -> Plan | None:
        """Reopen and plan what failed; an export is started at once. Raises UserError where its school is not
        known."""
        with closing(history.find(self._home, job)) as journal, journal.held(_PATIENCE):
            plan = again.retry(journal, self._connections.session(journal.get("school")))
            export = journal.get("kind") == "export"
        if export:
            self._runs.start(job)
        return plan

    def send_fixed(self, job: str) -> None:
        """Send the rows that were changed after they failed, and only those. Where that takes something away from
        users, they are only planned: it needs the consent that their edit has made outdated."""
        with closing(history.find(self._home, job)) as journal, journal.held(_PATIENCE):
            plan = again.plan_fixed(journal, self._connections.session(journal.get("school")))
        if not plan.takes:
            self._runs.start(job)

    def undo(self, job: str) -> tuple[str, Plan]:
        """Create and plan a job that undoes another one. Returns its id and plan."""
        with closing(history.find(self._home, job)) as done:
            session = self._connections.session(done.get("school"))
            journal, plan = undo.create(self._home, done, session)
        journal.close()
        return journal.id, plan

    def forget(self, job: str) -> None:
        """Remove a job from the history. Raises UserError while it runs."""
        journal = history.find(self._home, job)
        if journal.busy:
            journal.close()
            raise UserError(_("This job is running"), "", _("Pause or cancel it first"))
        journal.remove()
