"""Drafts: an import on its way from a file to a plan. A draft is a journal of which nothing was sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from lwdesk.api.auth import school_root
from lwdesk.api.limiter import Stopped, never
from lwdesk.app.importing import imports, pasted, returned, templates
from lwdesk.app.importing.blocks import Block, edits_of
from lwdesk.app.importing.draft_answers import DraftRequest, Findings, Line, Matching, Review
from lwdesk.app.importing.edits import CellFixer, Edits, Step
from lwdesk.app.importing.fixed_rows import note_fixed, refuse_sent, was_sent
from lwdesk.app.importing.guess import Guess
from lwdesk.app.importing.imports import CheckedRows
from lwdesk.app.importing.open_draft import Nowhere, OpenDraft
from lwdesk.app.importing.opened import Choices, Opened
from lwdesk.app.importing.original import original
from lwdesk.app.importing.preview import Preview, best_preview
from lwdesk.app.importing.repeated_edits import repeated_edits
from lwdesk.app.importing.resolve import Resolver, listings
from lwdesk.app.importing.school_columns import custom_columns
from lwdesk.app.importing.templates import choices_of
from lwdesk.app.importing.trial import hold_back
from lwdesk.app.job import history, sheet_rows
from lwdesk.app.school import schools, wrong_school
from lwdesk.app.school.connections import Connections
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import recipe, unmapped
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.emptying import emptied
from lwdesk.catalog.match import header_keys, missing, require
from lwdesk.catalog.model import Column
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import DRAFT, PLANNED, Row

_SAMPLES = 3
# Seconds that a change waits for a job that is just ending.
_PATIENCE = 1
# The rows that are checked, and shown, before all others.
_FIRST_ROWS = 1_000


class Drafts:
    """Creates, fixes and plans drafts. Questions about one draft are to come one after the other."""

    def __init__(self, home: Home, connections: Connections):
        self._home, self._connections = home, connections
        self._open: dict[str, OpenDraft] = {}
        self._given_up: dict[str, int] = {}  # job -> the number of the last plan that is no longer wanted

    def preview(
        self,
        path: str,
        sheet: str | None,
        header_row: int | None,
        encoding: str = "",
        operations: Sequence[str] = (),
    ) -> tuple[Preview, list[Guess]]:
        """A first look at a file, and what it may be meant for; `operations` are what the user chose already. Raises
        UserError for a file that cannot be opened."""
        return best_preview(Path(path), sheet, header_row, encoding, operations)

    def add_headers(self, path: str, folder: str, encoding: str = "") -> str:
        """Copy a text file whose first row is data into a folder, with headers. Returns the path of the copy."""
        return str(pasted.with_headers(Path(path), Path(folder), encoding))

    def match(self, asked: DraftRequest) -> Matching:
        """Where each header goes. Raises UserError for a choice that cannot be."""
        opened, custom, trouble = self._look_at(asked)
        cells = [row for _number, row in zip(range(50), (row for _n, row in opened.table.rows), strict=False)]
        near = {facts["letter"]: unmapped.nearest_words(facts) for facts in opened.not_imported}
        lines = [
            Line(
                *(key, m.header.letter, m.header.text, _samples(cells, m.index)),
                *(m.column.id if m.column else "", near.get(m.header.letter) or m.why, m.sure),
            )
            for key, m in zip(header_keys(opened.table.headers), opened.matches, strict=True)
        ]
        lacking = [column.id for column in missing(opened.recipe, opened.matches, opened.fixed)]
        known = {column.id for column in opened.recipe.columns}
        more = [column for column in custom if column.id not in known]
        columns = [*opened.recipe.columns, *more]
        can = () if opened.exported is not None else emptied(opened.recipe, columns)
        return Matching(lines, columns, lacking, trouble, frozenset(column.id for column in can))

    def check(self, asked: DraftRequest, before: str = "") -> Findings:
        """Check all rows into a new draft: `begin`, and `finish` for large sheets."""
        found = self.begin(asked, before)
        return self.finish(found.job) if found.left else found

    def begin(self, asked: DraftRequest, before: str = "") -> Findings:
        """Check the first rows into a new draft; where that isn't all of them, `finish` checks the rest. `before` is
        the draft it replaces: its edits are made again.

        Raises UserError where a required column is missing.
        """
        opened, _custom, trouble = self._look_at(asked)
        hint = _("Go back to Match and choose its column, or enter one value for all rows")
        require(opened.recipe, opened.matches, opened.fixed, hint)
        for draft in self._open.values():  # of one draft at a time, the facts of the school are kept
            draft.memory.forget()
        checker = opened.checker()
        journal = imports.begin(self._home, opened, self._place(asked.school))
        draft = self._open[journal.id] = OpenDraft(asked, opened, checker, trouble, journal.hold())
        draft.unchecked, draft.before = CheckedRows(opened, checker), before
        left = len(opened.table.rows) - _FIRST_ROWS
        with closing(journal), imports.new_rows(journal):
            journal.put(asked=asdict(asked))
            return self._check(journal, draft, _FIRST_ROWS) if left > 0 else self._check(journal, draft)

    def finish(self, job: str) -> Findings:
        """Check the rows that `begin` left. Until then, the draft can't be used."""
        draft = self._open[job]
        with closing(Journal(self._home.jobs / f"{job}{SUFFIX}")) as journal, imports.new_rows(journal):
            return self._check(journal, draft)

    def _check(self, journal: Journal, draft: OpenDraft, most: int | None = None) -> Findings:
        """Check the next `most` rows of a draft, or all that are left."""
        rows, fixer = draft.unchecked, self._fixer(journal, draft)
        assert rows is not None

        def checked() -> Iterator[Row]:
            for row in islice(rows, most):
                fixer.resolve(row)
                yield row

        journal.add_rows(checked())
        if most is not None:
            left = len(draft.opened.table.rows) - most
            return replace(self._findings(journal, fixer, draft), left=left)
        imports.complete(journal, rows)
        draft.unchecked = None
        draft.release_rows(journal)
        fixer = replace(fixer, passwords=draft.passwords)
        dropped: list[str] = []
        if draft.before:
            dropped = self._take_over(draft.before, fixer)
            self.drop(draft.before)
        return replace(self._findings(journal, fixer, draft), dropped=dropped)

    def edit(self, job: str, asked: Edits | Sequence[Block]) -> Findings:
        """Change cells; of a job that was sent, those of rows that failed. Such rows wait until they are sent again.

        Raises UserError for a cell that was sent already, and while the job runs.
        """
        with self._fixing(job) as fixer:
            edits = edits_of(fixer.journal, asked)
            if fixer.sent:
                refuse_sent(fixer.journal, fixer.recipe, edits)
            fixer.edit(edits)
            if fixer.sent:
                note_fixed(fixer.journal, edits)
            return self._findings(fixer.journal, fixer, self._draft(fixer.journal))

    def fix(self, job: str, key: tuple[str, str, str]) -> Findings:
        """Apply the known fix to all alike problems."""
        with self._fixing(job) as fixer:
            fixer.fix(*key)
            return self._findings(fixer.journal, fixer, self._draft(fixer.journal))

    def empty(self, job: str, key: tuple[str, str, str]) -> Findings:
        """Empty the cells of all alike problems."""
        with self._fixing(job) as fixer:
            fixer.empty(*key)
            return self._findings(fixer.journal, fixer, self._draft(fixer.journal))

    def choose(self, job: str, key: tuple[str, str, str], place: int) -> Findings:
        """Take the first (0) or the second (1) choice of all alike problems."""
        with self._fixing(job) as fixer:
            fixer.choose(*key, place)
            return self._findings(fixer.journal, fixer, self._draft(fixer.journal))

    def put(self, job: str, key: tuple[str, str, str], words: Mapping[str, str]) -> Findings:
        """Replace texts: `words` maps each text to the one it is replaced with."""
        with self._fixing(job) as fixer:
            fixer.put(*key, words)
            return self._findings(fixer.journal, fixer, self._draft(fixer.journal))

    def undo(self, job: str) -> Findings:
        """Take the last edit back. Raises UserError as `edit` does."""
        with self._fixing(job) as fixer:
            return self._retrace(fixer, fixer.history.done, fixer.undo)

    def redo(self, job: str) -> Findings:
        """Make the edit again that was undone last. Raises UserError as `edit` does."""
        with self._fixing(job) as fixer:
            return self._retrace(fixer, fixer.history.undone, fixer.redo)

    def _retrace(self, fixer: CellFixer, steps: list[Step], act: Callable[[], None]) -> Findings:
        """Take the last of these steps of the history back, or make it again."""
        edits = steps[-1][0] if steps else {}
        if fixer.sent and edits:
            refuse_sent(fixer.journal, fixer.recipe, edits)
        act()
        if fixer.sent and edits:
            note_fixed(fixer.journal, edits)
        return self._findings(fixer.journal, fixer, self._draft(fixer.journal))

    def choices(self, job: str) -> dict[int, list[str]]:
        """Index of a cell -> the titles or tags of the school that it can name, where its column names some."""
        with closing(history.find(self._home, job)) as journal:
            directory = self._connections.session(journal.get("school")).directory
            found: dict[int, list[str]] = {}
            for match in self._draft(journal).opened.matches:
                if match.column is not None and (known := choices_of(match.column, directory)):
                    found[match.index] = known
            return found

    def plan(self, job: str, most: int | None = None, number: int | None = None) -> Review | None:
        """Plan what would be sent; `most` rows for a trial run. None where `stop_planning` was called for this number
        or a later one, and only then. Raises UserError without a school, and for a job that was started."""

        def stop() -> bool:
            return number is not None and self._given_up.get(job, -1) >= number

        try:
            return self._plan(job, most, stop)
        except Stopped:
            if stop():
                return None
            raise

    def _plan(self, job: str, most: int | None, stop: Callable[[], bool]) -> Review:
        with self._locked(job) as journal:
            session = self._connections.session(journal.get("school"))
            draft = self._draft(journal)
            if most or journal.get("held"):
                draft.memory.forget()
            trial = partial(hold_back, journal, most)
            plan = imports.plan(journal, session, stop, draft.memory, trial)
            held = len(journal.get("held"))
            draft.release()
            opened, recipe = draft.opened, draft.opened.recipe
            if opened.exported is None:
                Settings(self._home).remember_mapping(session.name, recipe.id, opened.headers, opened.mapping)
            strange = wrong_school.suspicion(journal, self._home)
            journal.put(strange=strange, trial=most)
            return Review(job, sheet_rows.figures(journal), plan, plan.takes, strange, held)

    def stop_planning(self, job: str, number: int) -> None:
        """Give up the plans up to this number, as their rows are about to change. To be called beside the lane of the
        draft, where the plan is in the making."""
        self._given_up[job] = max(number, self._given_up.get(job, number))

    def template(self, operation: str, path: str, school: str) -> str:
        """Write the template of an import, with the school's titles where there is a school. Returns the path."""
        session = self._connections.session(school) if school else None
        return str(templates.write(operation, Path(path), session).paths[0])

    def leave(self, job: str) -> None:
        """Let go of a draft: where cells were edited it is kept, to be continued from the list of jobs."""
        with closing(history.find(self._home, job)) as journal:
            edited = bool(journal.get("edits"))
        if not edited:
            self.drop(job)
        elif (draft := self._open.pop(job, None)) is not None:
            draft.memory.forget()
            draft.release()

    def drop(self, job: str) -> None:
        """Delete a draft of which nothing was sent. Raises UserError for a job that was started."""
        with self._locked(job) as journal:
            if not journal.ask("SELECT count(*) FROM call WHERE tries > 0")[0][0]:
                journal.remove()
        if (draft := self._open.pop(job, None)) is not None:
            draft.memory.forget()
            draft.release()
        journal.remove_lock()

    def _take_over(self, before: str, fixer: CellFixer) -> list[str]:
        """Make the edits of another draft again; of the same sheet, those that can be undone stay so. Returns the edits
        that are not made again, in words."""
        old = self._open.get(before)
        with closing(history.find(self._home, before)) as journal:
            found = repeated_edits(journal, fixer.journal)
        fixer.repeat(found.cells)
        if old is not None and found.same:
            fixer.history.done, fixer.history.undone = old.history.done, old.history.undone
        return found.dropped

    def _place(self, school: str) -> imports.Named:
        """The school of the draft, as far as it is known without asking it."""
        if not school:
            return Nowhere()
        try:
            return self._connections.session(school)
        except UserError:
            known = {found.name: found for found in schools.schools(Settings(self._home))}
            return Nowhere(school, school_root(known[school].url)) if school in known else Nowhere()

    def _look_at(self, asked: DraftRequest) -> tuple[Opened, Sequence[Column], AppError | None]:
        """The file, its headers matched; the school's custom fields; why those are not known, where they are not."""
        settings, path = Settings(self._home), Path(asked.path)
        custom: Sequence[Column] = ()
        trouble = None
        if asked.school and recipe(asked.operations).custom:
            try:
                custom = custom_columns(self._connections.session(asked.school))
            except AppError as error:
                trouble = error
        place = self._place(asked.school)
        session = place if isinstance(place, Session) else None
        found = (path, asked.operations, asked.choices, settings, asked.school, custom, session)
        opened = imports.at_school(self._home, imports.look_at(*found), place)
        returned.check_school(opened.table, asked.operations, place.name, place.root)
        return opened, custom, trouble

    @contextmanager
    def _locked(self, job: str) -> Iterator[Journal]:
        """The journal of a job that nothing else runs or changes meanwhile. Raises UserError where something does, such
        as a job that was started and waits for its turn."""
        with closing(history.find(self._home, job)) as journal, ExitStack() as stack:
            draft = self._open.get(job)
            if draft is None or draft.lock is None:
                try:
                    stack.enter_context(journal.held(_PATIENCE))
                except UserError as error:
                    hint = _("Pause it first, then change its rows")
                    raise UserError(_("This job is running or waits for its turn"), "", hint) from error
            yield journal

    @contextmanager
    def _fixing(self, job: str) -> Iterator[CellFixer]:
        with self._locked(job) as journal:
            if journal.get("state") == PLANNED and not was_sent(journal):
                journal.put(state=DRAFT)  # the plan is of other cells: nothing must be sent by it
            yield self._fixer(journal, self._draft(journal))

    def _draft(self, journal: Journal) -> OpenDraft:
        """The draft of a journal; the file is read again where another process made it."""
        if journal.id not in self._open:
            kept = journal.get("asked")
            asked = DraftRequest(**{**kept, "choices": Choices(**kept["choices"])})
            with original(journal, Path(asked.path)) as path:
                opened, _custom, trouble = self._look_at(replace(asked, path=str(path)))
                draft = OpenDraft(asked, opened, opened.checker(), trouble, None)
                draft.release_rows(journal)
            self._open[journal.id] = draft
        return self._open[journal.id]

    def _fixer(self, journal: Journal, draft: OpenDraft) -> CellFixer:
        resolver = None
        recipe = draft.opened.recipe
        if draft.asked.school and any(listings(column) for column in recipe.columns):
            try:
                session = self._connections.session(draft.asked.school)
                resolver = Resolver(recipe, session.directory.titles, journal.get("picked", {}))
                with session.stopped_by(never):  # whatever becomes of a job that runs
                    for name in {n for m in draft.opened.matches if m.column for n in listings(m.column)}:
                        session.directory.titles(name)
            except AppError as error:
                draft.trouble, resolver = error, None
        letters = [header.letter for header in draft.opened.table.headers]
        return CellFixer(
            *(journal, recipe, draft.checker, resolver, letters, draft.passwords, draft.history),
            *(draft.memory.edited, was_sent(journal)),
        )

    def _findings(self, journal: Journal, fixer: CellFixer, draft: OpenDraft) -> Findings:
        undo, redo = bool(draft.history.done), bool(draft.history.undone)
        figures = sheet_rows.figures(journal)
        return Findings(journal.id, figures, fixer.groups(), draft.trouble, undo, redo)


def _samples(rows: Sequence[Sequence[Any]], index: int) -> list[str]:
    """The first values of a column, each once."""
    found = dict.fromkeys(text for row in rows if (text := text_of(row[index]).strip()))
    return list(found)[:_SAMPLES]
