"""Exports: lists of the school, fetched page by page. Pages are calls, their answers are spooled in the journal,
so that an export of hours survives a crash at any page."""

import time
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from lwdesk.app.exporting import names, people
from lwdesk.app.exporting.beside import facts_of
from lwdesk.app.exporting.columns import check_columns, parts_of
from lwdesk.app.exporting.file_columns import missing_files
from lwdesk.app.exporting.filters import actual_days, periods, read_filters
from lwdesk.app.exporting.found_courses import waits
from lwdesk.app.exporting.lists import Lists
from lwdesk.app.exporting.port import PAGED, ExportPort
from lwdesk.app.exporting.walker import PARENTS, Walker, parents_title
from lwdesk.app.job.history import new_journal
from lwdesk.app.school import zones
from lwdesk.app.school.session import Session
from lwdesk.app.targets import digests, folder_beside, free_folder, suffixes_of
from lwdesk.base.errors import SaveError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, number
from lwdesk.catalog import EXPORTS, LISTINGS
from lwdesk.catalog import export as export_of
from lwdesk.catalog.export_model import Export
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED, PLANNED, Call
from lwdesk.sheets.write import PAGES, SUFFIXES, check_target, paths_of


def create(
    home: Home,
    export_id: str,
    where: Mapping[str, str],
    session: Session,
    target: Path,
    columns: Sequence[str] = (),
    zone: str = "",
    summary: bool = True,
    beside: bool = False,
    more: Mapping[str, Any] | None = None,
    files: bool = False,
) -> Journal:
    """Start an export job. `columns` are places (`Out.at`) of the columns to write, in order; none: all of them. `zone`
    is the name of the time zone that days and times are of; "" for this computer's. `summary`: with the sheets that sum
    up the list, in a workbook. `beside`: the columns go beside the rows of the sheet whose users are wanted, in a copy.
    `files`: with the files that the rows link to, in a folder beside the workbook. `more`: further facts for the job to
    keep.

    Days that `where` says relative to today are kept as the days they are now. Files that are there by now are
    replaced, unless they change while the job runs.
    Raises UserError for filters and columns that cannot be used, an export without files, a target that could not be
    written; what `Client.enter` raises where the school can't be reached or refuses to sign in. No job is left then.
    """
    entry = export_of(export_id)
    folder = _folder(entry, target, beside) if files else ""
    sheet = facts_of(entry, where, target) if beside else None
    if not beside:
        check_file(entry, target)
    check_columns(entry, columns)
    warnings, time_zone = list[str](), zones.find(zone)
    days = actual_days(periods(entry, where, zones.today(time_zone)))
    values = read_filters(entry, actual := {**where, **days}, session, warnings.append)
    session.client.enter()
    values = people.people_of(entry, values, session, session.new_directory(), warnings, time_zone)
    with new_journal(home, entry.id) as journal:
        journal.put(
            kind="export",
            what=entry.id,
            state=PLANNED,
            created=time.time(),
            school=session.name,
            root=session.root,
            target=str(target.absolute()),
            replaces=digests(files_of(export_id, target)),
            where=actual,
            said={name: where[name] for name in days},
            columns=list(columns),
            zone=zone,
            summary=summary,
            beside=sheet,
            warnings=warnings,
            files=folder,
            parts=[part.id for part in people.lists_of(entry, values)],
            options={column.id: values[column.id] for column in entry.options if column.id in values},
        )
        journal.put(**(more or {}))
        people.keep(journal, values)
        _plan(journal, entry, values, time_zone)
    return journal


def _plan(journal: Journal, entry: Export, values: Mapping[str, Any], zone: tzinfo | None) -> None:
    """Plan the first calls of the lists that an export is made of, but for those that wait for others."""
    for part in people.lists_of(entry, values):
        if not waits(entry, part, values):
            for call in Walker(part, people.narrowed(part, values), zone).first_calls():
                journal.add_call(call)


def check_file(entry: Export, target: Path) -> None:
    """Nothing, where the export could be written to `target`. Raises UserError otherwise."""
    suffixes, ending = suffixes_of(entry), target.suffix.lower()
    if ending in {*SUFFIXES, *PAGES} - {*suffixes}:
        title = _("{export} can't be saved as a {ending} file")
        raise SaveError(
            title.format(export=_(entry.title), ending=ending),
            _("This export has a page for each user") if entry.pages else _("This export is a list"),
            _("Choose a name with one of these endings: {endings}").format(endings=", ".join(suffixes)),
        )
    check_target(target, suffixes)


def _folder(entry: Export, target: Path, beside: bool) -> str:
    """The folder for the files of an export. Raises UserError as `check_files` does."""
    check_files(entry, beside)
    return str(free_folder(folder_beside(target.absolute())))


def check_files(entry: Export, beside: bool = False) -> None:
    """Raise UserError for an export whose rows link to no files, and where its columns go `beside` another sheet."""
    if beside:
        raise UserError(
            _("Files can't be downloaded when columns are added to a copy of your sheet"),
            "",
            _("Export to a separate workbook instead"),
        )
    if entry.files is None:
        those = [one.id for one in EXPORTS.values() if one.files]
        raise UserError(
            _("{export} has no files to download").format(export=entry.id),
            "",
            _("Exports with files: {exports}").format(exports=", ".join(those)),
        )


def files_of(export_id: str, target: Path) -> list[Path]:
    """The files that an export writes. Raises UserError for an export that is not there."""
    entry = export_of(export_id)
    return [target] if entry.pages else paths_of(target, [_(part.title) for part in parts_of(entry)])


def engine(journal: Journal, session: Session, **options: Any) -> Engine:
    """The engine that carries out an export; its `stopping` ends the session's waits too."""
    entry = export_of(journal.get("what"))
    values = people.kept(journal, entry, session)
    zone = zones.find(journal.get("zone", ""))
    files = bool(journal.get("files"))
    port = ExportPort(entry, values, session, journal.get("columns", []), zone, journal, files=files)
    found = Engine(journal, port, **options)
    session.stopping = found.stopping
    return found


def count_rows(journal: Journal) -> int:
    """Rows spooled so far, those that came twice included."""
    return int(journal.ask("SELECT coalesce(sum(rows), 0) FROM page")[0][0])


def missing(journal: Journal) -> list[str]:
    """Which rows and files are not there and why, a sentence each."""
    without = "id NOT IN (SELECT call FROM file) OR (method != 'FILE' AND id NOT IN (SELECT call FROM page))"
    lists = Lists(journal)
    failed = journal.calls(f"state = ? AND ({without})", FAILED)
    found = [f"{_whereabouts(call, lists)}: {call.message}" for call in failed]
    moved = journal.calls("json_extract(CAST(answer AS TEXT), '$.moved')")
    if names_of := list(dict.fromkeys(map(_titles, moved))):
        words = _(
            "{names}: the list changed in LearnWorlds while it was read. Rows may be missing. Export it again."
        )
        found += [words.format(names=names) for names in names_of]
    return [*found, *missing_files(journal)]


def _titles(call: Call) -> str:
    """What a call fetches, in the user's words: “Course users”, “GDPR”."""
    if call.values["role"] in (names.WALK, names.ASK):
        what = _("Names ({listing})").format(listing=_(LISTINGS[call.op].title))
    else:
        what = _(EXPORTS[call.op].title)
    titles = [str(fact.get("title") or fact["id"]) for fact in call.values["chain"].values()]
    return ", ".join(f"“{name}”" for name in (what, *titles))


def _whereabouts(call: Call, lists: Lists) -> str:
    """Which rows a call would have brought: “Course users”, “GDPR”, rows 201 to 400."""
    named = _titles(call)
    if call.values["role"] not in PAGED:
        return named
    first, last = lists.rows_of(call)
    if last is None and first == 1:
        return named
    facts = {"names": named, "first": number(first), "last": number(last or 0)}
    if call.values["role"] == PARENTS:
        facts["list"] = parents_title(EXPORTS[call.op], call)
        words = _("{names}, everything for rows {first} to {last} of “{list}”")
        if last is None:
            words = _("{names}, everything for “{list}” from row {first} on")
    else:
        words = _("{names}, rows {first} to {last}") if last else _("{names}, from row {first} on")
    return words.format(**facts)
