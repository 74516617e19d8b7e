"""The actions on existing jobs, for the window: list, retry, undo, write results, delete."""

from contextlib import closing
from pathlib import Path
from typing import Any

from lwdesk.app.importing.plan import Plan
from lwdesk.app.job import again, history, results, undo
from lwdesk.app.job.runs import Runs
from lwdesk.app.school.connections import Connections
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home, free_name
from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal


class Jobs:
    """Jobs of all schools, by id."""

    def __init__(self, home: Home, connections: Connections, runs: Runs):
        self._home, self._connections, self._runs = home, connections, runs

    def all(self) -> list[dict[str, Any]]:
        """The facts and status of each job, newest first, without drafts that were never planned."""
        return [facts for facts in history.jobs(self._home) if facts["state"] != "draft"]

    def results(self, job: str, target: str = "") -> str:
        """Write the results workbook of an import beside the user's file, once. Returns its path."""
        with closing(history.find(self._home, job)) as journal:
            made = journal.get("results")
            if made and not target and Path(made).exists():
                return str(made)
            path = Path(target) if target else _free_place(journal, self._home)
            written = results.write(journal, path)
            journal.put(results=str(written.paths[0]))
            return str(written.paths[0])

    def retry(self, job: str) -> Plan | None:
        """Reopen and plan what failed; an export is started at once. Raises UserError where its school is not
        known."""
        with closing(history.find(self._home, job)) as journal:
            journal.put(results=None, counts=None)
            plan = again.retry(journal, self._connections.session(journal.get("school")))
            export = journal.get("kind") == "export"
        if export:
            self._runs.start(job)
        return plan

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


def _free_place(journal: Journal, home: Home) -> Path:
    """An unused path beside the user's file, or in the app's folder if the file is gone."""
    file = Path(journal.get("file"))
    if file.parent.is_dir() and file.exists():
        return results.default_path(journal)
    name = _("results")
    return free_name(home.folder("results") / f"{file.stem} - {name}.xlsx")
