"""What a window asks about exports: a look before, and the start."""

from collections.abc import Sequence
from pathlib import Path

from lwdesk.app.exporting import estimates, exports
from lwdesk.app.job.runs import Runs
from lwdesk.app.school.connections import Connections
from lwdesk.base.paths import Home


class Exporting:
    """Exports of the schools that are connected."""

    def __init__(self, home: Home, connections: Connections, runs: Runs):
        self._home, self._connections, self._runs = home, connections, runs

    def look(self, school: str, export_id: str, where: dict[str, str]) -> estimates.Look:
        """The first rows, and what the whole will take. Raises AppError where the school or a filter says no."""
        return estimates.look(export_id, where, self._connections.session(school))

    def start(
        self, school: str, export_id: str, where: dict[str, str], target: str, columns: Sequence[str] = ()
    ) -> str:
        """Start an export as a job. Returns its id. Raises UserError for a target or a filter that cannot be used."""
        session = self._connections.session(school)
        journal = exports.create(self._home, export_id, where, session, Path(target), columns)
        journal.close()
        self._runs.start(journal.id)
        return journal.id
