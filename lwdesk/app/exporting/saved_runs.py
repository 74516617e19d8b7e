"""Runs of saved exports: whether one can run, where its file goes, and what is kept of it."""

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

from filelock import FileLock

from lwdesk.api.auth import school_root
from lwdesk.app.exporting import exports, workbook
from lwdesk.app.exporting.columns import check_columns, columns_of
from lwdesk.app.exporting.filters import filter_column, periods
from lwdesk.app.exporting.saved import (
    ADD,
    REPLACE,
    SavedExport,
    SavedExports,
    SavedOffer,
    adds,
    check_placeholders,
)
from lwdesk.app.school import schools, zones
from lwdesk.app.school.connections import PRACTICE
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.app.targets import digests, free_for
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home, digest_of, ensure_folder
from lwdesk.base.text import _, listing, ngettext, title_key
from lwdesk.catalog import export as export_of
from lwdesk.catalog.filters import is_first, is_last
from lwdesk.catalog.model import custom_column
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.sheets.listed import find_list
from lwdesk.sheets.sheet import Written

# Messages about what is missing that are shown at Home and by a notification.
_MOST_SAID = 3
_CUSTOM = re.compile(r"\bcf_\w+")


class AlreadyRunning(UserError):
    """The saved export runs at this moment."""


def school_of(saved: SavedExport, settings: Settings) -> str | None:
    """The name of its school for a session; None for the school of the environment. Raises UserError where it was
    removed."""
    names = [school.name for school in schools.schools(settings)]
    if saved.school in names or saved.school == PRACTICE:
        return saved.school
    if url := os.environ.get("LWDESK_SCHOOL_URL"):
        root = school_root(url)
        if root.removesuffix("/admin/api").partition("//")[2] == saved.school:
            return None
    there = [school.shown for school in schools.schools(settings)]
    raise UserError(
        _("The school “{name}” of “{export}” was removed from lwdesk").format(
            name=saved.school, export=saved.name
        ),
        _("Connected schools: {schools}").format(schools=listing(there, 10)) if there else "",
        _("Connect it again under this name, or delete the saved export"),
    )


def check(saved: SavedExport, settings: Settings) -> None:
    """Nothing, where a saved export can run as far as is known without its school.

    Raises UserError where its school, its export, a filter or a column is no longer there, with what to do.
    """
    school_of(saved, settings)
    try:
        entry = export_of(saved.export)
        for name in saved.where:
            filter_column(entry, name)
        check_columns(entry, saved.columns)
        zones.find(saved.zone)
    except UserError as error:
        raise _outdated(saved, str(error)) from error


def _outdated(saved: SavedExport, why: str) -> UserError:
    return UserError(
        _("“{name}” can't run with its saved settings").format(name=saved.name),
        why.rstrip("."),
        _("Open it on the Export page, change its settings and save it again, or delete it"),
    )


def check_fields(saved: SavedExport, session: Session) -> None:
    """Raise UserError where a custom field of its filters or columns is no longer in the school: LearnWorlds would
    ignore the filter, and the column would silently be missing."""
    used = {key for text in (*saved.where, *saved.columns) for key in _CUSTOM.findall(text)}
    known = set(session.directory.fields()) if used else set()
    if known and (gone := sorted(used - known)):
        names = listing([custom_column(key).title for key in gone])
        raise _outdated(saved, _("Your school no longer has the user field {names}").format(names=names))


def place(saved: SavedExport) -> Path:
    """The file of a run now: {year} and {month} are those of the end of the period that its filters say relative to
    today, at the latest of today; {date} is today."""
    zone = zones.find(saved.zone)
    now = zones.today(zone)
    spans = periods(export_of(saved.export), saved.where, now)
    ends = [spans[name][1] for name in sorted(spans, key=is_last, reverse=True)]
    end = min([*ends[:1], now])
    words = {"{year}": f"{end:%Y}", "{month}": f"{end:%m}", "{date}": now.isoformat()}
    found = saved.target
    for name, text in words.items():
        found = found.replace(name, text)
    return Path(found)


@contextmanager
def started(
    home: Home, saved: SavedExport, session: Session, *, scheduled: bool = False
) -> Iterator[Journal]:
    """The job of a run, which no other program can run before the block ends. `scheduled`: by the system's scheduler.

    Raises AlreadyRunning while another run lasts, and UserError as `check` and `exports.create` do.
    """
    check_fields(saved, session)
    store = SavedExports(home)
    with ExitStack() as stack:
        with FileLock(home.jobs / f"saved-{crc32(title_key(saved.name).encode()):08x}.lock", mode=0o600):
            refuse_second(home, store.find(saved.name))
            target, moved = _free_place(saved)
            facts: dict[str, Any] = {"saved": saved.name, "moved": moved}
            if saved.mode == ADD:
                _check_list(saved, target, session)
                facts |= {"adds": True, "replaces": {}}
            summary = saved.summary and saved.mode != ADD
            about = (home, saved.export, saved.where, session, target, saved.columns, saved.zone, summary)
            journal = exports.create(*about, saved.beside, facts, saved.files)
            stack.callback(journal.close)
            if moved:
                journal.put(warnings=[*journal.get("warnings"), moved])
            store.note(saved.name, job=journal.id, scheduled=scheduled, seen=False, error="", partial=False)
            stack.enter_context(journal.held())
        yield journal


def refuse_second(home: Home, saved: SavedExport) -> None:
    """Raise AlreadyRunning while a run of the saved export lasts."""
    path = home.jobs / f"{saved.last.job}{SUFFIX}"
    if not saved.last.job or not path.exists():
        return
    with closing(Journal(path)) as journal:
        if journal.busy:
            raise AlreadyRunning(
                _("“{name}” is already running (job {job})").format(name=saved.name, job=journal.id),
                "",
                _("Wait until it is done"),
            )


def offers(home: Home) -> list[SavedOffer]:
    """The saved exports, by name. Raises UserError where they can't be read."""
    return [_offer(saved, Settings(home)) for saved in SavedExports(home).all()]


def _offer(saved: SavedExport, settings: Settings) -> SavedOffer:
    try:
        check(saved, settings)
        return SavedOffer(saved, str(place(saved)), "")
    except UserError as error:
        return SavedOffer(saved, saved.target, str(error))


def _free_place(saved: SavedExport) -> tuple[Path, str]:
    """Where the file goes, and what to say where that is not where it was meant to go: a file is replaced only if the
    last run wrote it and nobody changed it since."""
    target = place(saved)
    _make_folder(saved, target)
    files_of = partial(exports.files_of, saved.export)
    there = [path for path in files_of(target) if path.exists()]
    if not there or saved.mode == ADD:
        return target, ""
    foreign = [path for path in there if saved.last.files.get(str(path.absolute())) != digest_of(path)]
    if saved.mode == REPLACE and not foreign:
        return target, ""
    free = free_for(target, files_of)
    words = _("{name} already existed, so this run was saved as {free}")
    if saved.mode == REPLACE and str(foreign[0].absolute()) in saved.last.files:
        words = _(
            "{name} was changed after the last run, so it wasn't replaced. This run was saved as {free}"
        )
    return free, words.format(name=(foreign or there)[0].name, free=free.name)


def check_place_of(saved: SavedExport) -> None:
    """Raise UserError where a run could not write its file now, or not add to it."""
    check_placeholders(saved.target)
    target = place(saved)
    plain = not (saved.beside or saved.files)
    fits = plain and adds(export_of(saved.export)) and target.suffix.lower() == ".xlsx"
    if saved.mode == ADD and not fits:
        raise UserError(
            _("Rows can't be added to this file"),
            _(
                "Rows can only be added to an Excel workbook (.xlsx), and only by exports whose rows have an ID"
            ),
            _("For each run, choose “Write a new file”"),
        ).at("path")
    _make_folder(saved, target)
    try:
        if not saved.beside:
            exports.check_file(export_of(saved.export), target)
    except UserError as error:
        raise error.at("path") from error


def _make_folder(saved: SavedExport, target: Path) -> None:
    """Make the folders whose names have placeholders, below one that is there."""
    above = Path(saved.target).parent
    while "{" in str(above):
        above = above.parent
    if above.is_dir():
        ensure_folder(target.parent, _("Choose another folder for the file"))


def _check_list(saved: SavedExport, target: Path, session: Session) -> None:
    """Raise UserError where rows can't be added to the workbook that is there."""
    check_place_of(saved)
    if target.exists():
        entry = export_of(saved.export)
        columns = workbook.with_key(entry, columns_of(entry, (), saved.columns))
        find_list(target, workbook.wanted_list(entry, columns, session.name, session.root, target))


def _added(journal: Journal) -> Written:
    """Add the rows of a run to the workbook, or write a new one where there is none."""
    target = Path(journal.get("target"))
    if not target.exists():
        return workbook.write(journal, target)
    found = workbook.add_to(journal, target)
    notes = [
        ngettext("{n} row was added", "{n} rows were added", found.added),
        ngettext("{n} row was updated", "{n} rows were updated", found.updated),
    ]
    firsts = [text for key, text in journal.get("where").items() if is_first(key)]
    if firsts:
        words = _(
            "Rows from before {day} weren't checked again, so later refunds or changes to them are missing"
        )
        notes.append(words.format(day=firsts[0]))
    return Written((target,), found.added, (*notes, *found.notes))


def conclude(journal: Journal, home: Home) -> Written:
    """Write the workbook of an export that has all its pages. Of a saved one, remember what it wrote."""
    written = _added(journal) if journal.get("adds") else workbook.write_wanted(journal)
    if not journal.get("saved"):
        return written
    if (saved := SavedExports(home).of_job(journal.id)) is not None:
        missing = exports.missing(journal)
        facts = {"time": time.time(), "rows": written.rows, "files": digests(written.paths)}
        facts |= {"error": _some(missing), "partial": bool(missing)}
        SavedExports(home).note(saved.name, **facts)
    return replace(written, notes=tuple(filter(None, (journal.get("moved"), *written.notes))))


def _some(missing: Sequence[str]) -> str:
    """What is missing, in a line."""
    if (more := len(missing) - _MOST_SAID) > 0:
        missing = [*missing[:_MOST_SAID], ngettext("{n} more like this", "{n} more like this", more)]
    return "; ".join(missing)
