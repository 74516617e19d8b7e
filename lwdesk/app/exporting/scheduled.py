"""Saved exports on a schedule: their entries in the system's scheduler, and what becomes of a run nobody watches."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zlib import crc32

from lwdesk.app.exporting.saved import LastRun, SavedExport, SavedExports
from lwdesk.app.exporting.saved_runs import AlreadyRunning, school_of
from lwdesk.app.scheduling import system
from lwdesk.app.scheduling.entries import Entry
from lwdesk.app.scheduling.schedule import Schedule
from lwdesk.app.school import schools
from lwdesk.app.school.connections import PRACTICE
from lwdesk.app.settings import Settings
from lwdesk.base.errors import AppError, SecretNeeded, UserError
from lwdesk.base.paths import Home, own_command
from lwdesk.base.text import _, title_key


def set_schedule(home: Home, name: str, schedule: Schedule | None) -> None:
    """Let the system's scheduler run a saved export; None: no longer.

    Raises UserError where the scheduler refuses, or the school is one of the environment, which runs don't know.
    """
    saved = SavedExports(home).find(name)
    if schedule is None:
        system.remove(_key(home, saved.name))
    else:
        _check_unattended(home, saved)
        schedule = replace(schedule, since=time.time())
        system.put(_entry(home, saved, schedule))
    SavedExports(home).schedule(saved.name, schedule)


def _check_unattended(home: Home, saved: SavedExport) -> None:
    """Raise UserError where a run would have to ask: for its school, or for the secret of that."""
    school, title = school_of(saved, Settings(home)), _("“{name}” can't run on a schedule")
    if school is None:
        raise UserError(
            title.format(name=saved.name),
            _("Its school isn't connected in lwdesk"),
            _("Connect the school on the Schools page, then save the export again"),
        )
    if school != PRACTICE:
        try:
            schools.credentials(Settings(home), school)
        except SecretNeeded as error:  # the window would ask for it, which doesn't help later
            hint = _("Edit the school on the Schools page, and keep its secret in the keychain")
            raise UserError(title.format(name=saved.name), error.message, hint) from error


def moved(home: Home, was: str, name: str) -> None:
    """Keep the entry of a saved export that was renamed. Raises UserError where the scheduler refuses."""
    saved = SavedExports(home).find(name)
    if was != name and saved.schedule is not None:
        SavedExports(home).schedule(name, None)  # until it is there
        system.remove(_key(home, was))
        set_schedule(home, name, saved.schedule)


def delete(home: Home, name: str) -> None:
    """Delete a saved export and its entry. Raises UserError where the scheduler refuses."""
    saved = SavedExports(home).find(name)
    if saved.schedule is not None:
        system.remove(_key(home, saved.name))
    SavedExports(home).delete(saved.name)


def is_kept(home: Home, saved: SavedExport) -> bool:
    """Whether the scheduler still has the entry of a saved export."""
    try:
        return system.has(_key(home, saved.name))
    except UserError:
        return False


def is_due(saved: SavedExport) -> bool:
    """Whether a scheduled run is due: schedulers that can't make up for missed runs start it when the computer does,
    too."""
    if saved.schedule is None:
        return True
    failed = saved.last.error and not saved.last.partial
    return saved.schedule.is_due(0.0 if failed else saved.last.time, datetime.now())


@dataclass
class Unwatched:
    """A run that nobody watches: its `job`, once it has one."""

    job: str = ""


@contextmanager
def unwatched(home: Home, saved: SavedExport) -> Iterator[Unwatched]:
    """A run that nobody watches: an error is kept for the next start of the window, and shown by a notification."""
    _reach_session()
    store, run = SavedExports(home), Unwatched()
    try:
        yield run
    except AlreadyRunning:
        raise
    except Exception as error:
        words = str(error) if isinstance(error, AppError) else f"{type(error).__name__}: {error}"
        facts = {"time": time.time(), "error": words, "partial": False, "scheduled": True, "seen": False}
        now = store.of_job(run.job) or saved
        store.note(now.name, **facts)
        _notify(now, LastRun(error=words))
        raise
    now = store.of_job(run.job) or saved
    if now.last.job == run.job and now.last.error:
        _notify(now, now.last)


def _notify(saved: SavedExport, last: LastRun) -> None:
    title = _("“{name}” didn't run as scheduled")
    if last.partial:
        title = _("“{name}” ran, but some rows or files are missing")
    system.notify(title.format(name=saved.name), last.error)


def _reach_session() -> None:
    """Say where the session of the user is, with the keychain and notifications: cron doesn't."""
    if hasattr(os, "getuid") and (bus := Path(f"/run/user/{os.getuid()}/bus")).exists():
        os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus}")


def _key(home: Home, name: str) -> str:
    return f"lwdesk-{crc32(f'{home.root} {title_key(name)}'.encode()):08x}"


def _entry(home: Home, saved: SavedExport, schedule: Schedule) -> Entry:
    title = _("lwdesk: {name}").format(name=saved.name)
    run = ("--home", str(home.root), "run", saved.name, "--scheduled")
    return Entry(_key(home, saved.name), title, (*_program(), *run), schedule)


def _program() -> tuple[str, ...]:
    """The command line of this lwdesk, without a console window where there is one without."""
    program, *arguments = own_command()
    quiet = Path(program).with_name("pythonw.exe")
    return (str(quiet) if quiet.exists() else program, *arguments)
