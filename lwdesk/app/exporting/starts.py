"""Exports for the window: preview and start."""

from collections.abc import Sequence
from pathlib import Path

from lwdesk.app.exporting import estimates, exports
from lwdesk.app.exporting.columns import user_fields
from lwdesk.app.job.runs import Runs
from lwdesk.app.school.connections import Connections
from lwdesk.app.targets import check_free
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.sheets.write import check_target


class Exporting:
    """Exports of the schools that are connected."""

    def __init__(self, home: Home, connections: Connections, runs: Runs):
        self._home, self._connections, self._runs = home, connections, runs

    def look(
        self,
        school: str,
        export_id: str,
        where: dict[str, str],
        columns: Sequence[str] = (),
        zone: str = "",
        files: bool = False,
    ) -> estimates.Look:
        """Preview an export: first rows and cost. Raises AppError where LearnWorlds refuses or a filter is invalid."""
        return estimates.look(export_id, where, self._connections.session(school), columns, zone, files)

    def user_fields(self, school: str) -> dict[str, str]:
        """What can be added of users to an export: place in a user's record -> title."""
        return user_fields(self._connections.session(school).directory.fields())

    def start(
        self,
        school: str,
        export_id: str,
        where: dict[str, str],
        target: str,
        columns: Sequence[str] = (),
        overwrite: bool = False,
        zone: str = "",
        files: bool = False,
    ) -> str:
        """Start an export as a job; `files`: with the files that the rows link to. Returns its id.

        Raises UserError for a target or a filter that cannot be used; AlreadyThere for a file that exists, unless
        `overwrite`.
        """
        session = self._connections.session(school)
        if not overwrite:
            try:
                check_target(Path(target))
            except UserError as error:
                raise error.at("path") from error
            check_free(exports.files_of(export_id, Path(target)), _("Choose another name, or replace it"))
        journal = exports.create(
            self._home, export_id, where, session, Path(target), columns, zone, files=files
        )
        journal.close()
        self._runs.start(journal.id)
        return journal.id
