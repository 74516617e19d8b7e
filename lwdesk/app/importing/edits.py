"""Fixes in a draft: cells are edited in its journal, their rows are checked again. The file stays as it is."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from lwdesk.app.importing.imports import lost_passwords, row_of
from lwdesk.app.importing.opened import Opened
from lwdesk.app.importing.resolve import Resolver
from lwdesk.app.importing.skipped_rows import change_skip, skip_row
from lwdesk.app.importing.trial import judged
from lwdesk.app.job.rows import chunks, marks
from lwdesk.app.job.sheet_rows import SKIP, skipped_by_user
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, split_marked, unquoted
from lwdesk.catalog.cells.check import Checker
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.cells.problems import EITHER, ERROR, FIXABLE, NOTE, TOTAL, WARNING, Problem
from lwdesk.catalog.effects.facts import unpack
from lwdesk.catalog.operation import Recipe
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED, Row

# The separators of the items of a list in one cell.
_MARKS = ";|\n,"
_LEVELS = (ERROR, WARNING, NOTE)
# Different values that a group shows for mapping, at most.
_MOST_VALUES = 200
# Problems whose repair is no more than the nearest spelling.
_GUESSES = ("unknown", "choice")
# Repairs that a group shows before and after.
_MOST_CHANGES = 3

# Edits that can be undone, at most.
_MOST_UNDONE = 100

# Row id -> cell index -> new text; at SKIP any text skips the row.
Edits = Mapping[int, Mapping[int, str]]


@dataclass
class Group:
    """Alike problems of one column: how many, where, what would fix them.

    `fix` is what would fix all of them, where that is one text; `fixes` counts those that can be fixed. `values`
    are the texts they are about, with their numbers, `changes` some of them before and after the repair; `options` the
    candidates for each, `likely` the best of them.
    """

    level: str
    code: str
    column: str
    message: str
    count: int = 0
    cells: list[str] = field(default_factory=list)
    fixes: int = 0
    fix: str | None = None
    choices: tuple[str, ...] = ()
    values: Counter[str] = field(default_factory=Counter)
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    likely: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    needed: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.level, self.code, self.column

    def add(self, problem: dict[str, Any], text: str) -> None:
        if self.count < 3:
            self.cells.append(problem["cell"])
        self.fix = problem["fix"] if not self.count or problem["fix"] == self.fix else None
        self.choices = tuple(dict.fromkeys((*self.choices, *problem["choices"])))[:50]
        self.count += 1
        self.fixes += problem["fix"] is not None
        if problem["fix"] is not None and len(self.changes) < _MOST_CHANGES:
            self.changes[text] = problem["fix"]
        if text and (text in self.values or len(self.values) < _MOST_VALUES):
            self.values[text] += 1
            self.options[text] = tuple(problem["choices"])
            if problem["fix"] is not None:
                self.likely[text] = problem["fix"]


# Row id -> cell index -> cell.
Cells = Mapping[int, Mapping[int, Any]]
# The cells before an edit, and after it.
Step = tuple[Cells, Cells]


@dataclass
class History:
    """What was edited, so that it can be undone and redone: the cells before and after each edit, the last at the
    end."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def note(self, before: Cells, after: Cells) -> None:
        """Keep an edit; what was undone before it cannot be redone any more."""
        self.done = [*self.done[1 - _MOST_UNDONE :], (before, after)]
        self.undone.clear()


@dataclass(frozen=True)
class CellFixer:
    """Edits cells of one draft and checks their rows; `resolver` looks titles up where a school is known.

    `letters` are those of the headers, in the order of the cells; `passwords` are those that the journal
    doesn't keep, for their rows are not sent: by row number and index. `checked` learns the ids of the rows that
    were checked again. `sent`: the job ran, so rows that weren't edited stay as they are.
    """

    journal: Journal
    recipe: Recipe
    checker: Checker
    resolver: Resolver | None
    letters: Sequence[str]
    passwords: Mapping[int, Mapping[int, Any]] = field(default_factory=dict)
    history: History = field(default_factory=History)
    checked: set[int] = field(default_factory=set)
    sent: bool = False

    def look_up(self) -> None:
        """Find all titles in the school; what is not there becomes a problem of its row."""
        if self.resolver is None:
            return
        with self.journal.writing():
            for row in self.journal.rows("outcome IS NULL OR outcome = 'failed'"):
                if self.resolve(row):
                    self.journal.save_row(row)

    def edit(self, edits: Edits) -> None:
        """Put new texts into cells; an empty one empties the cell. Nothing to edit is nothing to undo."""
        if not edits:
            return
        after = {row_id: {n: text or None for n, text in cells.items()} for row_id, cells in edits.items()}
        self.history.note(self._put(after), after)

    def undo(self) -> None:
        """Take the last edit back, where there is one."""
        if self.history.done:
            before, after = self.history.done.pop()
            self._put(before)
            self.history.undone.append((before, after))

    def redo(self) -> None:
        """Make the edit again that was undone last, where there is one."""
        if self.history.undone:
            before, after = self.history.undone.pop()
            self._put(after)
            self.history.done.append((before, after))

    def _put(self, new: Cells) -> Cells:
        """Put cells into their rows, which are checked again. Returns the cells that were there."""
        known = dict(self.journal.get("edits", {}))
        before: dict[int, dict[int, Any]] = {}
        partners: set[int] = set()
        with self.journal.writing():
            for found in self._rows(new):
                for index, cell in self.passwords.get(found.number, {}).items():
                    if found.cells[index] is None and f"{found.number}:{index}" not in known:
                        found.cells[index] = cell
                cells, skipped = list(found.cells), skipped_by_user(found.number, known)
                now = {SKIP: "skip" if skipped else None, **dict(enumerate(cells))}
                before[found.id] = {index: now[index] for index in new[found.id]}
                for index, cell in new[found.id].items():
                    was = known.get(f"{found.number}:{index}", [text_of(now[index])])[0]
                    known[f"{found.number}:{index}"] = [was, text_of(cell)]
                    if index != SKIP:
                        found.cells[index] = cell
                # A row that is skipped is no evidence against others.
                old = [] if skipped else cells
                counted = [] if skipped_by_user(found.number, known) else found.cells
                partners |= self.checker.edited(found.number, old, counted)
                if self.sent and new[found.id].keys() == {SKIP}:
                    change_skip(self.journal, found, skipped_by_user(found.number, known))
                else:
                    self._check(found, known)
            for found in self._rows(() if self.sent else partners, "number"):
                self._check(found, known)
            judged(self.journal, self.checked)
            self.journal.put(edits={place: texts for place, texts in known.items() if texts[0] != texts[1]})
        return before

    def repeat(self, cells: Cells) -> None:
        """Make edits of another draft, which can't be undone here."""
        self._put(cells)

    def fix(self, level: str, code: str, column: str) -> int:
        """Apply the suggested fix of each problem of a group. Returns the number of cells."""
        return self._change(level, code, column, lambda problem: problem["fix"])

    def empty(self, level: str, code: str, column: str) -> int:
        """Empty the cells of a group. Returns their number."""
        return self._change(level, code, column, lambda _problem: "")

    def choose(self, level: str, code: str, column: str, place: int) -> int:
        """Take the first (0) or the second (1) choice of every problem of a group. Returns the number of cells."""
        return self._change(
            level, code, column, lambda problem: dict(enumerate(problem["choices"])).get(place)
        )

    def put(self, level: str, code: str, column: str, words: Mapping[str, str]) -> int:
        """Replace what the problems of a group are about: text -> new text. Returns the number of cells."""
        return self._change(level, code, column, lambda problem: words.get(problem["about"]))

    def _change(self, level: str, code: str, column: str, new: Any) -> int:
        edits: dict[int, dict[int, str]] = {}
        for row_id, cells, problem in self._problems():
            if (problem["level"], problem["code"], problem["column"]) != (level, code, column):
                continue
            index = self._index(problem)
            text = new(problem)
            if code == TOTAL:
                edits[row_id] = {SKIP: "skip"}
            if code == TOTAL or index is None or text is None:
                continue
            before = edits.get(row_id, {}).get(index, text_of(cells[index]))
            edits.setdefault(row_id, {})[index] = _swapped(before, problem["text"], text)
            if text == problem["fix"]:
                edits[row_id] |= {self.letters.index(at): also for at, also in problem["also"]}
        self.edit(edits)
        return sum(map(len, edits.values()))

    def groups(self) -> list[Group]:
        """All problems, alike ones together: errors first, then the most frequent."""
        found: dict[tuple[str, str, str], Group] = {}
        for _row_id, _cells, problem in self._problems():
            key = problem["level"], problem["code"], problem["column"]
            if key not in found:
                column = self.recipe.column(problem["column"])
                needed = column is not None and column.required and column.derive is None
                found[key] = Group(*key, problem["message"], needed=needed)
            found[key].add(problem, problem["about"])
        return sorted(found.values(), key=lambda group: (_LEVELS.index(group.level), -group.count))

    def _problems(self) -> Iterator[tuple[int, list[Any], dict[str, Any]]]:
        """Row id, cells, problem: `about` is the text it is about."""
        sql = (
            "SELECT id, cells, problems FROM row WHERE problems IS NOT NULL AND id > ? ORDER BY id LIMIT 2000"
        )
        last = 0
        while found := self.journal.ask(sql, last):
            for row_id, cells, problems in found:
                texts = orjson.loads(cells)
                for problem in orjson.loads(problems):
                    index = self._index(problem)
                    whole = "" if index is None else text_of(texts[index]).strip()
                    yield (
                        row_id,
                        texts,
                        {"text": "", "also": (), **problem, "about": problem.get("text") or whole},
                    )
            last = found[-1][0]

    def _index(self, problem: dict[str, Any]) -> int | None:
        """The cell of a problem; None where the column is not in the sheet."""
        letter = problem["cell"].rstrip("0123456789")
        return self.letters.index(letter) if letter in self.letters else None

    def _rows(self, wanted: Collection[int], by: str = "id") -> Iterator[Row]:
        """The rows of these ids, or numbers."""
        for chunk in chunks(list(wanted)):
            yield from list(self.journal.rows(f"{by} IN ({marks(chunk)})"))

    def _check(self, old: Row, known: Mapping[str, Sequence[str]]) -> None:
        found = {n: known.get(f"{old.number}:{n}", ("", "")) for n in range(len(self.letters))}
        changed = {n: was for n, (was, text) in found.items() if was != text}
        row = row_of(self.checker.check(old.number, old.cells, changed), old.cells)
        row.id = old.id
        self.checked.add(row.id)
        self.resolve(row)
        for index, letter in enumerate(self.letters):
            if index in changed:
                message = _("You changed this cell; in the file it is “{text}”.").format(text=changed[index])
                row.problems.append(Problem(NOTE, "edited", message, cell=f"{letter}{row.number}").facts())
        if skipped_by_user(old.number, known):
            skip_row(row)
        self.journal.save_row(row)

    def resolve(self, row: Row) -> bool:
        """Look the row's titles up. Returns whether something was not found."""
        if self.resolver is None or row.outcome not in (None, FAILED):
            return False
        reported: list[Problem] = []
        self.resolver.resolved(unpack(row.values), reported.append)
        messages = [row.message] if row.message else []
        for problem in reported:
            for cell in self._cells_of(row, problem):
                row.problems.append({**problem.facts(), "cell": cell})
                messages.append(f"{cell}: {problem.message}")
        if reported:
            row.outcome, row.message = FAILED, " ".join(messages)
        return bool(reported)

    def _cells_of(self, row: Row, problem: Problem) -> list[str]:
        """The addresses of the cells that hold a title: several columns may fill one list."""
        letters = self.checker.letters_of(problem.column)
        hits = [x for x in letters if problem.text in text_of(row.cells[self.letters.index(x)])]
        return [f"{x}{row.number}" for x in hits or letters[:1] or [""]]


def fix_all(journal: Journal, opened: Opened, session: Session, codes: Collection[str]) -> int:
    """Apply the suggested fixes of problems with these codes; "all": of all but guesses. Returns the number of cells.

    "date-ambiguous=2" takes the second choice of each problem with this code.
    Raises UserError for a code that no problem with a fix has.
    """
    letters = [header.letter for header in opened.table.headers]
    resolver = Resolver(opened.recipe, session.directory.titles, journal.get("picked", {}))
    passwords = lost_passwords(journal, opened)
    fixer = CellFixer(journal, opened.recipe, opened.checker(), resolver, letters, passwords)
    fixer.look_up()
    choices = {f"{code}={n}": (code, n - 1) for code in EITHER for n in (1, 2)}
    groups = fixer.groups()
    known = ["all", *sorted({*FIXABLE, *choices, *(g.code for g in groups if g.fixes)})]
    if unknown := next((code for code in codes if code not in known), None):
        raise UserError(
            _("There's no fix called “{word}”").format(word=unknown),
            "",
            _("Use one of: {words}").format(words=", ".join(known)),
        )
    taken = dict(choices[code] for code in codes if code in choices)
    answered = sum(fixer.choose(*g.key, taken[g.code]) for g in groups if g.code in taken)
    asked = [
        g
        for g in groups
        if g.fixes and g.level != NOTE and (g.code in codes or ("all" in codes and g.code not in _GUESSES))
    ]
    return answered + sum(fixer.fix(*group.key) for group in asked)


def _swapped(cell: str, old: str, new: str) -> str:
    """A cell's text with one item of its list replaced; with the whole text replaced where `old` is empty."""
    if not old or cell.strip() == old:
        return new
    pieces, kept, at = split_marked(cell, _MARKS), [], 0
    while at < len(pieces):
        end = next((n for n in range(at + 1, len(pieces) + 1) if _item(pieces[at:n]) == old), None)
        text, mark = pieces[at] if end is None else _put_in(pieces[at:end], new)
        if text.strip():
            kept.append(text + mark)
        at = end or at + 1
    return re.sub(r"\s*[;|,]\s*$", "", "".join(kept)).strip()


def _written(pieces: Sequence[tuple[str, str]]) -> str:
    """Items of a list as they are in the cell, without the mark after the last."""
    return "".join(piece + mark for piece, mark in pieces[:-1]) + pieces[-1][0]


def _item(pieces: Sequence[tuple[str, str]]) -> str:
    return unquoted(_written(pieces).strip())


def _put_in(pieces: Sequence[tuple[str, str]], new: str) -> tuple[str, str]:
    """The new text in the place of the pieces, with the blanks around them and the mark after them."""
    before = _written(pieces)
    blanks = before[: len(before) - len(before.lstrip())], before[len(before.rstrip()) :]
    return new and new.join(blanks), pieces[-1][1]
