"""The command import."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from lwdesk.app.importing import imports, returned
from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.edits import fix_all
from lwdesk.app.importing.opened import Opened
from lwdesk.app.importing.summary import Plan
from lwdesk.app.job import again, duplicates, passwords, results
from lwdesk.app.job.sheet_rows import row_counts
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.app.targets import digests, place_for, remember
from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, ngettext
from lwdesk.catalog import unmapped
from lwdesk.catalog.cells.problems import WARNING
from lwdesk.cli import show
from lwdesk.cli.look import choices
from lwdesk.cli.sessions import session_for
from lwdesk.cli.statuses import INCOMPLETE, INTERRUPTED, OK, REFUSED
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, FINISHED, READY, SKIPPED, UNCHANGED, UNSURE
from lwdesk.jobs.states import INTERRUPTED as STOPPED_JOB


def import_(options: argparse.Namespace, home: Home) -> int:
    """Import a file: open, match, check, plan, ask, run, write the results."""
    began = time.monotonic()
    settings = Settings(home)
    if options.results:
        results.check_target(options.file, options.results)
        if not show.may_replace([options.results], options.overwrite):
            return REFUSED
        replaces = digests([options.results])
    else:
        replaces = {}
    with session_for(options.school, home) as session:
        wanted = returned.operations(options.file, options.operation, options.sheet, options.encoding)
        opened = imports.open_for(session, options.file, wanted, choices(options), settings)
        for note in opened.table.notes:
            print(note, file=sys.stderr)
        with (
            _kept_if_agreed(imports.create(home, opened, session)) as journal,
            nullcontext() if options.dry_run else duplicates.only_one(home, journal, options.again),
        ):
            # So that the window can fix rows of this job.
            asked = DraftRequest(str(options.file.absolute()), tuple(wanted), session.name, choices(options))
            journal.put(asked=asdict(asked))
            if options.fix:
                _fix(options, journal, opened, session)
            found = imports.plan(journal, session)
            _say_returned(opened, sys.stderr if options.json else sys.stdout)
            if not options.json:
                show.plan(found)
                if found.takes:
                    rows_told(journal, (READY,), _("This import removes data or access:"))
                rows_told(journal, (FAILED, CONFLICT))
                _said_of_cells(journal)
                _say_unmapped(journal)
            if options.dry_run:
                return _dry(options, journal, session, began, found)
            calls = ngettext("{n} call", "{n} calls", found.calls)
            question = _("Send {calls} to {school}?").format(calls=calls, school=session.name)
            if found.calls and not show.confirm(question, options.yes):
                print(_("Nothing was sent."))
                return REFUSED
            wanted_at = str(options.results.absolute()) if options.results else ""
            journal.put(agreed=True, wanted=wanted_at, replaces=replaces)
        with closing(journal):
            if opened.exported is None:
                settings.remember_mapping(session.name, opened.recipe.id, opened.headers, opened.mapping)
            return carry_out(options, journal, session, began, found)


def _fix(options: argparse.Namespace, journal: Journal, opened: Opened, session: Session) -> None:
    """Apply the suggested fixes that were asked for."""
    count = fix_all(journal, opened, session, options.fix)
    words = ngettext("{n} cell was fixed as suggested.", "{n} cells were fixed as suggested.", count)
    print(words, file=sys.stderr)


def _say_returned(opened: Opened, out: TextIO) -> None:
    """Print which edits of an export are sent, and warnings."""
    found = returned.origin(opened.table, [opened.recipe.id])
    if found is None:
        return
    if not found.remembered:
        words = (
            found.warning
            if opened.exported is not None
            else _("This export is treated like any other sheet.")
        )
        print(words, file=out)
        return
    when = f"{datetime.fromtimestamp(found.created):%Y-%m-%d %H:%M}"
    if opened.exported is not None:
        words = _("Exported from “{school}” ({when}). Only the cells you edited are sent.")
    else:
        words = _("Exported from “{school}” ({when}), treated like any other sheet.")
    print(words.format(school=found.school, when=when), file=out)


@contextmanager
def _kept_if_agreed(journal: Journal) -> Iterator[Journal]:
    """A journal that is removed unless the user agreed to it before the block ends."""
    try:
        yield journal
    finally:
        if not journal.get("agreed"):
            journal.remove()


def _dry(options: argparse.Namespace, journal: Journal, session: Session, began: float, plan: Plan) -> int:
    """End a dry run: the plan beside every row where a results file is asked for."""
    written = results.write(journal, options.results).paths[0] if options.results else None
    facts = import_facts(journal, session, began, written, plan) | {"job": None}
    if options.json:
        show.as_json(facts)
    else:
        print(_("Nothing was sent: this was a dry run."))
        if written:
            print(_("Plan for each row: {path}").format(path=written))
    return INCOMPLETE if facts["failed"] or facts["conflict"] else OK


def rows_told(journal: Journal, words: tuple[str, ...], heading: str = "", most: int = 20) -> None:
    """Print the messages of the rows with one of these outcomes."""
    listed = results.outcomes(journal)
    found = [(number, message) for number, word, message, _made, _time in listed if word in words]
    if found and heading:
        print(heading)
    for number, message in found[:most]:
        print(_("  row {number}: {message}").format(number=number, message=message))
    if len(found) > most:
        print(_("  ... and {n} more; the results workbook has them all").format(n=len(found) - most))


def carry_out(
    options: argparse.Namespace,
    journal: Journal,
    session: Session,
    began: float,
    plan: Plan | None = None,
) -> int:
    """Run a planned import job to its end and write its results, where they were wanted or beside the file."""
    state = run_through(journal, again.engine(journal, session))
    wanted = journal.get("wanted")
    target, notes = place_for(journal, Path(wanted)) if wanted else (results.default_path(journal), [])
    written = results.write_anyhow(journal, target, journal.path.parent)
    remember(journal, written.paths)
    for note in (*notes, *written.notes):
        print(note, file=sys.stderr)
    outcome = import_facts(journal, session, began, next(iter(written.paths), None), plan)
    if state != FINISHED:
        say_interrupted(journal)
        _report(options, outcome)
        return INTERRUPTED
    return _report(options, outcome)


def run_through(journal: Journal, engine: Engine) -> str:
    """Run an engine. What stops it in the middle, as a full disk, is an interruption: something may have been sent."""
    try:
        return run(engine)
    except AppError as error:
        with suppress(AppError):
            journal.put(reason=str(error))
        print(f"lwdesk: {error}", file=sys.stderr)
        return STOPPED_JOB


def say_interrupted(journal: Journal) -> None:
    reason = journal.reason
    text = _("Interrupted: {reason} Nothing is lost. Resume with: lwdesk resume {job}")
    print("lwdesk: " + text.format(reason=reason, job=journal.id), file=sys.stderr)


def run(engine: Engine) -> str:
    """Run an engine with a progress bar; an end signal stops it in good order."""
    with show.progress(engine), _ends_well(engine):
        return engine.run()


def _said_of_cells(journal: Journal, most: int = 20) -> None:
    """Warnings on cells of rows that go well otherwise: nobody would look at those."""
    found = _warnings(journal)
    for problem in found[:most]:
        print(f"  {problem['cell']}: {problem['message']}")
    if len(found) > most:
        print(_("  ... and {n} more; --json lists them all").format(n=len(found) - most))


def _warnings(journal: Journal) -> list[dict[str, Any]]:
    """The warnings on cells of rows that are sent."""
    rows = (row for row in journal.rows("problems IS NOT NULL") if row.outcome != FAILED)
    return [problem for row in rows for problem in row.problems if problem["level"] == WARNING]


def _say_unmapped(journal: Journal) -> None:
    """The columns of the sheet that go nowhere, where there are some."""
    if message := unmapped.words(journal.get("not_imported") or ()):
        print(message)


@contextmanager
def _ends_well(engine: Engine) -> Iterator[None]:
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: engine.stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def import_facts(
    journal: Journal, session: Session, began: float, written: Path | None, plan: Plan | None
) -> dict[str, Any]:
    """The facts of an import for --json."""
    rows = journal.ask("SELECT count(*) FROM row")[0][0]
    counts = row_counts(journal)
    facts: dict[str, Any] = {"job": journal.id, "rows": rows}
    facts |= {word: counts.get(word, 0) for word in (DONE, UNCHANGED, CONFLICT, FAILED, SKIPPED, UNSURE)}
    facts |= {"requests": session.client.requests, "refused": session.client.refused}
    facts |= {"seconds": round(time.monotonic() - began, 2), "results": str(written) if written else None}
    facts["not_imported"] = journal.get("not_imported") or []
    facts["passwords"] = passwords.notice(journal)
    facts["warnings"] = [
        {name: p[name] for name in ("cell", "code", "message", "fix")} for p in _warnings(journal)
    ]
    return facts | ({"plan": asdict(plan)} if plan else {})


def _report(options: argparse.Namespace, facts: dict[str, Any]) -> int:
    if options.json:
        show.as_json(facts)
    else:
        words = ("done", "unchanged", "conflict", "failed", "skipped", "unsure")
        counts = {"done": _("done"), "unchanged": _("already up to date"), "failed": _("failed")}
        counts |= {"skipped": _("skipped"), "unsure": _("needs checking")}
        counts |= {"conflict": _("conflict")}
        print(
            ", ".join(f"{facts[word]} {counts[word]}" for word in words if word != "conflict" or facts[word])
        )
        if facts["passwords"]:
            print(facts["passwords"])
        if facts["results"]:
            print(_("Results: {path}").format(path=facts["results"]))
    return INCOMPLETE if facts["failed"] or facts["unsure"] or facts["conflict"] else OK
