"""The commands export, saved and run."""

import argparse
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lwdesk.app.exporting import estimates, exports, saved_runs, scheduled
from lwdesk.app.exporting.columns import with_fields
from lwdesk.app.exporting.filters import day_notes
from lwdesk.app.exporting.saved import REPLACE, SavedExport, SavedExports
from lwdesk.app.school import zones
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.app.targets import digests
from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, ngettext, set_language, system_language
from lwdesk.catalog import export as export_of
from lwdesk.catalog.people import USERS_OF
from lwdesk.cli import show
from lwdesk.cli.sessions import session_for
from lwdesk.cli.statuses import INCOMPLETE, INTERRUPTED, OK, REFUSED
from lwdesk.cli.work import run_through, say_interrupted
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FINISHED


def export(options: argparse.Namespace, home: Home) -> int:
    """Export a list: fetch the pages, write the workbook. With --save, save it first."""
    began = time.monotonic()
    if not options.save:
        if not options.beside:
            exports.check_file(export_of(options.id), options.output)
        if not show.may_replace(exports.files_of(options.id, options.output), options.overwrite):
            return REFUSED
    with session_for(options.school, home) as session:
        entry, where = export_of(options.id), dict(options.where)
        if options.users_of:
            where[USERS_OF.id] = options.users_of
        if options.files:
            exports.check_files(entry, options.beside)
        columns = with_fields(entry, options.columns, options.fields, session)
        zone = options.time_zone or zones.chosen(Settings(home), session.name)
        if not options.save:
            _say_cost(options, entry.id, where, session, columns, zone)
            journal = exports.create(
                *(home, entry.id, where, session, options.output),
                *(columns, zone, options.summary, options.beside),
                files=options.files,
            )
            with closing(journal):
                _say_start(journal)
                return fetch(options, home, journal, session, began)
        if path := _sheet(where.get(USERS_OF.id, "")):
            where[USERS_OF.id] = path
        target = str(options.output.expanduser().absolute())
        saved = SavedExport(options.save, entry.id, session.name, target, where, columns, zone)
        return _save(options, home, saved, session, began)


def _sheet(text: str) -> str:
    """The whole path of a file, as a later run may begin in another folder; "" for what is no file."""
    path = Path(text).expanduser()
    return str(path.absolute()) if text and path.is_file() else ""


def _save(options: argparse.Namespace, home: Home, saved: SavedExport, session: Session, began: float) -> int:
    """Save an export, and run it."""
    saved = replace(
        saved,
        summary=options.summary,
        beside=options.beside,
        mode=options.mode,
        files=options.files,
    )
    saved_runs.check_place_of(saved)
    files = exports.files_of(saved.export, saved_runs.place(saved))
    if saved.mode == REPLACE and not show.may_replace(files, options.overwrite):
        return REFUSED
    _say_cost(options, saved.export, saved.where, session, saved.columns, saved.zone)
    store = SavedExports(home)
    saved = store.save(saved)
    if saved.mode == REPLACE:
        store.note(saved.name, files=digests(files))
    words = _("Saved as “{name}”: lwdesk run {quoted}")
    try:
        status = _run(options, home, store.find(saved.name), session, began)
    except AppError:
        if not store.find(saved.name).last.job:  # it can't even begin
            store.delete(saved.name)
        raise
    print(words.format(name=saved.name, quoted=shlex.quote(saved.name)), file=sys.stderr)
    return status


def saved(options: argparse.Namespace, home: Home) -> int:
    """List the saved exports, or delete one."""
    if options.delete:
        found = SavedExports(home).find(options.delete)
        scheduled.delete(home, found.name)
        print(_("Deleted: {name}. The files it wrote stay.").format(name=found.name))
        return OK
    offers = saved_runs.offers(home)
    if options.json:
        show.as_json({"saved": [{**asdict(o.saved), "next_file": o.file, "wrong": o.wrong} for o in offers]})
        return OK
    if not offers:
        print(_("No saved exports yet. Save one with: lwdesk export ID -o FILE --save NAME"))
        return OK
    heads = (_("name"), _("what"), _("school"), _("filters"), _("schedule"), _("last run"), _("next file"))
    rows = [
        (
            *(s.name, s.export, s.school, _filters(s)),
            s.schedule.words() if s.schedule else "",
            _last(s),
            o.file,
        )
        for o in offers
        for s in (o.saved,)
    ]
    show.table([heads, *rows])
    for wrong in filter(None, (offer.wrong for offer in offers)):
        print(wrong, file=sys.stderr)
    return OK


def _filters(saved: SavedExport) -> str:
    return "; ".join(f"{name} = {text}" for name, text in saved.where.items())


def _last(saved: SavedExport) -> str:
    when = saved.last.time
    return f"{datetime.fromtimestamp(when):%Y-%m-%d %H:%M}" if when else ""


def run(options: argparse.Namespace, home: Home) -> int:
    """Run a saved export."""
    saved, settings = SavedExports(home).find(options.name), Settings(home)
    if options.scheduled and not scheduled.is_due(saved):
        print(_("“{name}” already ran as scheduled").format(name=saved.name))
        return OK
    if options.scheduled:
        set_language(settings.section("window").get("language") or system_language())
    with scheduled.unwatched(home, saved) if options.scheduled else nullcontext() as unwatched:
        began = time.monotonic()
        saved_runs.check(saved, settings)
        with session_for(saved_runs.school_of(saved, settings), home) as session:
            return _run(options, home, saved, session, began, unwatched)


def _run(
    options: argparse.Namespace,
    home: Home,
    saved: SavedExport,
    session: Session,
    began: float,
    unwatched: scheduled.Unwatched | None = None,
) -> int:
    with saved_runs.started(home, saved, session, scheduled=unwatched is not None) as journal:
        if unwatched is not None:
            unwatched.job = journal.id
        _say_start(journal)
        status = fetch(options, home, journal, session, began)
        if status == INTERRUPTED:
            why = journal.reason or _("It was interrupted")
            store = SavedExports(home)
            store.note((store.of_job(journal.id) or saved).name, time=time.time(), error=why)
        return status


def _say_cost(
    options: argparse.Namespace,
    export_id: str,
    where: Mapping[str, str],
    session: Session,
    columns: Sequence[str],
    zone: str,
) -> None:
    """Say what it takes before the start, unless a program reads the output."""
    if not options.json:
        cost = estimates.look(export_id, where, session, columns, zone, options.files)
        takes = cost.cost(show.duration(cost.seconds))
        if options.files:
            takes = _("{cost}, and {files}").format(cost=takes, files=cost.downloads())
        words = _("This takes {cost}.").format(cost=takes)
        print(*filter(None, (words, cost.reading())), file=sys.stderr)


def _say_start(journal: Journal) -> None:
    """What is to be known of a job that is about to start: its actual days, and its warnings."""
    where, said = journal.get("where"), journal.get("said")
    entry = export_of(journal.get("what"))
    for note in day_notes(entry, said, {name: where[name] for name in said}):
        print(f"{note}.", file=sys.stderr)
    for warning in journal.get("warnings", []):
        print(warning, file=sys.stderr)


def fetch(options: argparse.Namespace, home: Home, journal: Journal, session: Session, began: float) -> int:
    """Run an export job to its end and write its workbook."""
    state = run_through(journal, exports.engine(journal, session))
    facts: dict[str, Any] = {"job": journal.id, "rows": exports.count_rows(journal)}
    written = None
    if state == FINISHED:
        written = saved_runs.conclude(journal, home)
        facts["rows"] = written.rows
        for note in written.notes:
            print(note, file=sys.stderr)
    else:
        say_interrupted(journal)
    facts |= {"requests": session.client.requests, "refused": session.client.refused}
    facts |= {
        "seconds": round(time.monotonic() - began, 2),
        "file": str(written.paths[0]) if written else None,
    }
    if journal.get("files"):
        facts |= {"folder": journal.get("files"), "files": journal.file_counts().get(DONE, 0)}
    missing = exports.missing(journal)
    for message in missing[:10]:
        print(_("Missing: {message}").format(message=message), file=sys.stderr)
    if options.json:
        show.as_json(facts)
    elif written:
        rows = (
            ngettext("{n} new row", "{n} new rows", written.rows)
            if journal.get("adds")
            else ngettext("{n} row", "{n} rows", written.rows)
        )
        print(_("{rows} in {path}").format(rows=rows, path=written.paths[0]))
        if facts.get("files"):
            files = ngettext("{n} file", "{n} files", facts["files"])
            print(_("{rows} in {path}").format(rows=files, path=facts["folder"]))
    return INTERRUPTED if state != FINISHED else INCOMPLETE if missing else OK
