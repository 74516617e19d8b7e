"""Importing: open a file, match its headers, check its rows, and carry out the job that holds them."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

from lwdesk.api.limiter import never
from lwdesk.app.importing import returned
from lwdesk.app.importing.opened import Choices, Opened
from lwdesk.app.importing.plan_memory import PlanMemory
from lwdesk.app.importing.port import ImportPort
from lwdesk.app.importing.school_columns import custom_columns, dated, priced
from lwdesk.app.importing.sheet_choice import best_sheet
from lwdesk.app.importing.summary import Plan, summary
from lwdesk.app.job.history import new_journal
from lwdesk.app.job.results import undone_rows
from lwdesk.app.school.connections import PRACTICE
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import recipe as recipe_of
from lwdesk.catalog.cells.answers import answering
from lwdesk.catalog.cells.check import Checked, Checker, blank_columns, fixed_values
from lwdesk.catalog.cells.problems import ERROR, PASSING
from lwdesk.catalog.effects.facts import pack
from lwdesk.catalog.match import match, require
from lwdesk.catalog.model import Column
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DRAFT, FAILED, INTERRUPTED, PLANNED, SKIPPED, UNCHANGED, Row
from lwdesk.sheets.table import Table


def open_file(
    path: Path,
    operations: Sequence[str],
    choices: Choices,
    settings: Settings,
    school: str = "",
    custom: Sequence[Column] = (),
    session: Session | None = None,
) -> Opened:
    """Read a file and match its headers, for a command.

    Raises UserError for what cannot be read or lacks a required column.
    """

    def open_sheet(sheet: str | None, session: Session | None = session) -> Opened:
        return look_at(path, operations, replace(choices, sheet=sheet), settings, school, custom, session)

    if choices.sheet:
        opened = open_sheet(choices.sheet)
    else:
        opened = best_sheet(path, choices.encoding, open_sheet, lambda sheet: open_sheet(sheet, None))
    hint = _('Rename the column, or say where it is with --map "Header={id}" or --set {id}=value')
    require(opened.recipe, opened.matches, opened.fixed, hint)
    return opened


def look_at(
    path: Path,
    operations: Sequence[str],
    choices: Choices,
    settings: Settings,
    school: str = "",
    custom: Sequence[Column] = (),
    session: Session | None = None,
) -> Opened:
    """Read a file and match its headers, even where required columns are missing. `session`: signed in, or None.

    Raises UserError for what cannot be read.
    """
    recipe = recipe_of(operations)
    fixed = fixed_values(recipe, choices.fixed)
    blanks = blank_columns(recipe, choices.blanks)
    table = returned.read(path, choices.sheet, choices.header_row, choices.encoding)
    texts = [header.text for header in table.headers]
    exported = returned.exported(table, operations, session)
    remembered = settings.mapping(school, recipe.id, texts)
    matches = match(
        table.headers,
        recipe,
        custom=custom,
        remembered=remembered,
        chosen=choices.chosen,
        ignored=choices.ignored,
        exported=exported.columns(recipe) if exported else None,
        answers=answering((cells for _number, cells in table.rows), len(texts)),
    )
    if exported is None:
        known = {column.id: column for column in custom}
        matches = [
            replace(m, column=known[m.column.id]) if m.column and m.column.id in known else m for m in matches
        ]
        matches = [dated(m, table) for m in matches]
    matches = priced(matches, table, session)
    chosen = {**remembered, **choices.chosen, **dict.fromkeys(choices.ignored, "")}
    left_out = frozenset(text for text, column in chosen.items() if not column)
    return Opened(
        *(recipe, table, matches, fixed, choices.encoding, exported, left_out, blanks), custom=tuple(custom)
    )


def open_for(
    session: Session, path: Path, operations: Sequence[str], choices: Choices, settings: Settings
) -> Opened:
    """Open a file for a school: its custom fields are columns too, asked for only where a header may be one."""
    opened = open_file(path, operations, choices, settings, session.name, session=session)
    returned.check_school(opened.table, operations, session.name, session.root)
    own = any(m.column is None or m.column.id.startswith("cf_") for m in opened.matches)
    if opened.exported is None and opened.recipe.custom and own:
        return open_file(path, operations, choices, settings, session.name, custom_columns(session), session)
    return opened


def reopen(journal: Journal, rows: Collection[int] | None = None) -> None:
    """Reopen the failed rows of a job, or those of them with these ids, and check them again; completed steps stay
    done."""
    with journal.writing():
        journal.reopen_failed(rows)
        for row in journal.rows("outcome IS NULL AND problems IS NOT NULL"):
            bad = [problem for problem in row.problems if problem["level"] == ERROR]
            lasting = [problem for problem in bad if problem["code"] not in PASSING]
            row.problems = [problem for problem in row.problems if problem not in bad or problem in lasting]
            if lasting:
                row.outcome = FAILED
                row.message = " ".join(f"{problem['cell']}: {problem['message']}" for problem in lasting)
            if bad:
                journal.save_row(row)
        journal.put(state=INTERRUPTED, reason="")


class Named(Protocol):
    """A school as journals know it: a session, or what will be one."""

    @property
    def name(self) -> str: ...

    @property
    def root(self) -> str: ...


def place_of(school: Named) -> str:
    """The key of a school: its address, without the port for practice schools, which differs at every start."""
    return PRACTICE if school.name == PRACTICE else school.root


def at_school(home: Home, opened: Opened, school: Named) -> Opened:
    """The file opened for this school: which of its rows are done there."""
    return replace(
        opened, place=place_of(school), undone=undone_rows(home) if opened.known_done else frozenset()
    )


def create(home: Home, opened: Opened, session: Named) -> Journal:
    """Start a job from an opened file: its rows, checked, are in the journal.

    Raises UserError when the home cannot be written.
    """
    opened = at_school(home, opened, session)
    journal, rows = begin(home, opened, session), CheckedRows(opened, opened.checker())
    with new_rows(journal):
        journal.add_rows(rows)
        complete(journal, rows)
    return journal


@contextmanager
def new_rows(journal: Journal) -> Iterator[None]:
    """While rows are added to a job that is begun: all in one transaction; what goes wrong removes the job."""
    try:
        with journal.writing():
            yield
    except BaseException:
        journal.remove()
        raise


def begin(home: Home, opened: Opened, session: Named) -> Journal:
    """Start a job from an opened file, without its rows yet. Until it is `complete`, no list of jobs shows it.

    Raises UserError when the home cannot be written.
    """
    table, content, prints = opened.table, opened.table.path.read_bytes(), opened.prints
    with new_journal(home, opened.recipe.id) as journal:
        if not opened.secret_cells:  # a file with passwords is not copied: it stays where the user keeps it
            journal.keep_upload(table.path.name, content)
        journal.put(
            what=opened.recipe.id,
            state=DRAFT,
            created=time.time(),
            school=session.name,
            root=session.root,
            file=str(table.path.absolute()),
            digest=hashlib.sha256(content).hexdigest(),
            sheet=table.sheet,
            guarded=table.guarded,
            encoding=opened.encoding,
            header_row=table.header_row,
            headers=[header.text for header in table.headers],
            header_letters=[header.letter for header in table.headers],
            letters=opened.letters,
            prints=[prints.school, prints.recipe, prints.fixed, prints.columns],
            not_imported=opened.not_imported,
            picked=_picked(table, session.root),
            label=opened.label,
            secret=opened.secret_cells
            if opened.secret_cells or opened.fixed.keys() & opened.secret_columns
            else None,
        )
    return journal


def complete(journal: Journal, rows: "CheckedRows") -> None:
    """Note in the job that all its rows are there."""
    journal.put(kind="import", done_before=rows.done_before)


class CheckedRows:
    """The rows of an opened file, checked, as the journal stores them, each of them once.

    `done_before` are the numbers of the rows so far that an earlier run has done.
    """

    def __init__(self, opened: Opened, checker: Checker):
        self._opened, self._checker = opened, checker
        self._rows = self._check()
        self.done_before: list[int] = []

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def _check(self) -> Iterator[Row]:
        cells, columns = self._opened.secret_cells, self._opened.secret_columns
        for number, values in self._opened.table.rows:
            found = self._checker.check(number, values)
            self.done_before.extend([number] if found.done else [])
            row = row_of(found, values)
            yield _without(row, cells, columns) if row.outcome else row


def _picked(table: Table, root: str) -> dict[str, dict[str, tuple[str, str]]]:
    """The ids behind the lists of a template of this school: column id -> label -> (listing, id)."""
    if table.lists is None or table.lists.school != root:
        return {}
    return {
        name: {item.label: (item.listing, item.id) for item in items}
        for name, items in table.lists.columns.items()
    }


def _without(row: Row, cells: Collection[int], columns: Collection[str]) -> Row:
    """The row without passwords, for a row that is not sent."""
    row.cells = [None if index in cells else cell for index, cell in enumerate(row.cells)]
    row.values = {name: value for name, value in row.values.items() if name not in columns}
    return row


def lost_passwords(journal: Journal, opened: Opened) -> dict[int, dict[int, Any]]:
    """Row number -> index -> cell: the passwords in the file that the journal doesn't keep."""
    found: dict[int, dict[int, Any]] = {}
    for index in opened.secret_cells:
        sql = "SELECT number FROM row WHERE json_extract(CAST(cells AS TEXT), ?) IS NULL"
        lost = {number for (number,) in journal.ask(sql, f"$[{index}]")}
        for number, cells in opened.table.rows if lost else ():
            if number in lost and cells[index] is not None:
                found.setdefault(number, {})[index] = cells[index]
    return found


def row_of(checked: Checked, cells: Sequence[Any]) -> Row:
    """A checked row as the journal stores it, with an outcome if it is skipped."""
    row = Row(checked.number, list(map(_plain, cells)), pack(checked.values))
    row.problems = [problem.facts() for problem in checked.problems]
    row.was = pack(checked.was) if checked.was is not None else None
    if checked.same:
        row.outcome = UNCHANGED
        row.message = " ".join(f"{p.cell}: {p.message}" for p in checked.problems) or _("Not edited.")
    elif checked.foreign:
        row.outcome, row.message = (
            SKIPPED,
            _("This row has no ID, so it isn't part of the export. Import new rows in a separate file."),
        )
    elif checked.example:
        row.outcome, row.message = SKIPPED, _("The example row of the template.")
    elif checked.done:
        row.outcome, row.message = SKIPPED, _("Done in an earlier run.")
    elif checked.empty:
        row.outcome, row.message = SKIPPED, _("No values in this row.")
    elif not checked.good:
        bad = [p for p in checked.problems if p.level == ERROR]
        row.outcome, row.message = FAILED, " ".join(f"{p.cell}: {p.message}" for p in bad)
    return row


def _plain(cell: Any) -> Any:
    """A cell as a JSON value: text, numbers, booleans; dates as ISO text."""
    return cell if cell is None or isinstance(cell, str | int | float) else str(cell)


def plan(
    journal: Journal,
    session: Session,
    stop: Callable[[], bool] = never,
    memory: PlanMemory | None = None,
    prepare: Callable[[], object] | None = None,
) -> Plan:
    """Plan the open rows of a job; writes nothing to the school. The counts of the plan are saved in the journal.

    A plan of which nothing was sent yet is made again; `memory`, where it is kept, knows which rows of it stay.
    `prepare` opens or closes rows first. Raises Stopped where `stop` says so meanwhile; then the journal is as it was
    before.
    """
    before = session.client.requests
    recipe = recipe_of(journal.get("what").split("+"))
    made = memory if memory is not None else PlanMemory()
    try:
        with session.planning(stop), journal.writing():
            if prepare is not None:
                prepare()
            made.plan(journal, recipe, session, stop)
            journal.put(state=PLANNED)
            counts = summary(journal, session.seconds_for)
            counts.reads = session.client.requests - before
            journal.put(plan=asdict(counts))
        made.keep()
    except BaseException:
        made.dismiss()
        raise
    finally:
        if memory is None:
            session.directory.clear_plan_cache()
    return counts


def engine(journal: Journal, session: Session, **options: Any) -> Engine:
    """The engine of a planned import; its `stopping` ends the session's waits too."""
    found = Engine(journal, ImportPort(journal, session), **options)
    session.stopping = found.stopping
    return found
