"""Exports for the window: preview and start; those that are saved."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lwdesk.app.exporting import estimates, exports, saved_runs, scheduled
from lwdesk.app.exporting.columns import user_fields
from lwdesk.app.exporting.look import Look
from lwdesk.app.exporting.saved import REPLACE, SavedExport, SavedExports, SavedOffer
from lwdesk.app.exporting.saved_runs import AlreadyRunning
from lwdesk.app.job.runs import Runs
from lwdesk.app.scheduling.schedule import Schedule
from lwdesk.app.school.connections import Connections
from lwdesk.app.settings import Settings
from lwdesk.app.targets import check_free, digests
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import export as export_of


class Exporting:
    """Exports of the schools that are connected."""

    def __init__(self, home: Home, connections: Connections, runs: Runs):
        self._home, self._connections, self._runs = home, connections, runs
        self._starting = threading.Lock()

    def look(
        self,
        school: str,
        export_id: str,
        where: dict[str, str],
        columns: Sequence[str] = (),
        zone: str = "",
        files: bool = False,
    ) -> Look:
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
        agreed: Collection[str] = (),
        zone: str = "",
        beside: bool = False,
        files: bool = False,
    ) -> str:
        """Start an export as a job. Returns its id. `beside`: its columns go beside the rows of the user's own sheet;
        `files`: with the files that the rows link to.

        Raises UserError for a target or a filter that cannot be used; AlreadyThere for a file that exists, unless the
        user `agreed` to replace it.
        """
        session = self._connections.session(school)
        try:
            if not beside:
                exports.check_file(export_of(export_id), Path(target))
        except UserError as error:
            raise error.at("path") from error
        hint = _("Choose another name, or replace it")
        check_free(exports.files_of(export_id, Path(target)), hint, agreed)
        journal = exports.create(
            self._home, export_id, where, session, Path(target), columns, zone, beside=beside, files=files
        )
        journal.close()
        self._runs.start(journal.id)
        return journal.id

    # Saved exports ----------------------------------------------------------------------------------------------

    def saved(self) -> list[SavedOffer]:
        """The saved exports of all schools. Raises UserError where they can't be read."""
        return [self._scheduled(offer) for offer in saved_runs.offers(self._home)]

    def _scheduled(self, offer: SavedOffer) -> SavedOffer:
        """With the time of its next run."""
        schedule = offer.saved.schedule
        if schedule is None or not scheduled.is_kept(self._home, offer.saved):
            return offer
        return replace(offer, next_run=schedule.next_run(datetime.now()).timestamp())

    def save(self, saved: SavedExport, was: str = "", agreed: Collection[str] = ()) -> str:
        """Save an export, in place of the one that `was` called so. Returns its name.

        The files that the user `agreed` to replace are replaced by the first run, unless they change.
        Raises UserError for a name, a target or a school that can't be used.
        """
        saved_runs.check(saved, Settings(self._home))
        saved_runs.check_place_of(saved)
        kept = SavedExports(self._home).save(saved, was)
        if was:
            scheduled.moved(self._home, was, kept.name)
        files = [
            path for path in exports.files_of(kept.export, saved_runs.place(kept)) if str(path) in agreed
        ]
        if files and kept.mode == REPLACE:
            SavedExports(self._home).note(kept.name, files=digests(files))
        return kept.name

    def rename_saved(self, name: str, new: str) -> str:
        """Give a saved export another name. Raises UserError where another one has it."""
        new = SavedExports(self._home).rename(name, new)
        scheduled.moved(self._home, name, new)
        return new

    def delete_saved(self, name: str) -> None:
        """Delete a saved export, and its schedule. The files it wrote stay."""
        scheduled.delete(self._home, name)

    def schedule_saved(self, name: str, schedule: Schedule | None) -> None:
        """Let the system's scheduler run a saved export; None: no longer. Raises UserError where it refuses."""
        scheduled.set_schedule(self._home, name, schedule)

    def failure_seen(self, name: str) -> None:
        """The user knows that a scheduled run failed."""
        SavedExports(self._home).note(name, seen=True)

    def run_saved(self, name: str) -> str:
        """Run a saved export as a job. Returns its id.

        Raises AlreadyRunning while a run of it lasts or waits, and UserError where it can't run.
        """
        with self._starting:
            saved = SavedExports(self._home).find(name)
            saved_runs.check(saved, Settings(self._home))
            status = self._runs.status()
            if saved.last.job in (*status.running, *status.waiting):
                raise AlreadyRunning(_("“{name}” is already running").format(name=name))
            with saved_runs.started(self._home, saved, self._connections.session(saved.school)) as journal:
                job = journal.id
            self._runs.start(job)
        return job
