"""The rows of an import as the user's own sheet: a status in front of each, figures over all, and all about one.

One SQL expression says the status of a row. Figures, filters, order and the grid's first column all come from it, so
that they can't differ.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from lwdesk.app.job.results import STEP_COLUMNS, row_result
from lwdesk.app.job.row_status import (
    ATTENTION,
    CHECK,
    CREATE,
    CREATED,
    DONE,
    FAILED,
    FIXED,
    OPEN,
    READY,
    SENDING,
    SKIPPED,
    STATUSES,
    UNCHANGED,
    UPDATE,
    status_cell,
)
from lwdesk.app.job.rows import OUTCOME_TONES, Cell, Filter, Rows, chunks, marks
from lwdesk.base.text import _, plain
from lwdesk.catalog import OPERATIONS, recipe
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.cells.problems import ERROR, NOTE, PASSING, WARNING
from lwdesk.catalog.effects.mints import Mints
from lwdesk.catalog.effects.records import Creates
from lwdesk.catalog.match import takes_many
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DRAFT, PLANNED

_MAKERS = ",".join(f"'{op.id}'" for op in OPERATIONS.values() if isinstance(op.effect, Creates | Mints))
_RANK = {word: n for n, word in enumerate(STATUSES)}
# Rows that were fixed after they failed, and wait to be sent again.
_FIXED = "SELECT value FROM json_each((SELECT value FROM meta WHERE key = 'fixed'))"
_STATUS = (
    f"max(CASE iif(row.outcome IS NULL AND row.id IN ({_FIXED}), '{FIXED}', "
    "coalesce(row.outcome, step.outcome, call.state,"
    f" iif((SELECT value FROM meta WHERE key = 'state') = '\"{DRAFT}\"', '{READY}', '{UNCHANGED}')))"
    f" WHEN 'ready' THEN iif(call.op IS NULL, {_RANK[READY]},"
    f" iif(call.op IN ({_MAKERS}), {_RANK[CREATE]}, {_RANK[UPDATE]}))"
    f" WHEN 'done' THEN iif(call.op IN ({_MAKERS}), {_RANK[CREATED]}, {_RANK[DONE]})"
    + "".join(
        f" WHEN '{word}' THEN {_RANK[word]}" for word in (UNCHANGED, SKIPPED, FIXED, SENDING, *ATTENTION)
    )
    + " END)"
)
_JOINED = "FROM row LEFT JOIN step ON step.row = row.id LEFT JOIN call ON call.id = step.call"
_WARNED = f"""max(CAST(row.problems AS TEXT) LIKE '%"level":"{WARNING}"%')"""
_RANKED = (
    "SELECT id, number, ended, iif(warned AND rank IN"
    f" ({_RANK[READY]}, {_RANK[UPDATE]}, {_RANK[CREATE]}), {_RANK[CHECK]}, rank) AS status, rank AS plain FROM ("
    f"SELECT row.id AS id, row.number AS number, max(call.ended) AS ended, {_STATUS} AS rank, {_WARNED} AS warned"
    f" {_JOINED} {{where}} GROUP BY row.id)"
)
# The place, among the indexes of a row's cells, of the user's mark that skips the row.
SKIP = -1
# Level of a problem -> tone of its cell, the worst first.
TONES = {ERROR: "failed", WARNING: "look", NOTE: "accent"}
_LEVELS = tuple(TONES)


def skipped_by_user(number: int, edits: Mapping[str, Sequence[str]]) -> bool:
    """Whether the edits of a job ("row number:index of the cell" -> old and new text) skip a row."""
    return bool(edits.get(f"{number}:{SKIP}", ("", ""))[1])


def figures(journal: Journal, *, warnings: bool = True) -> dict[str, int]:
    """Count the rows by status. The one source of every number of rows that lwdesk shows.

    `warnings`: rows with a warning are counted by themselves, else by what will be done with them.
    """
    status = "status" if warnings else "plain"
    sql = f"SELECT {status}, count(*) FROM ({_RANKED.format(where='')}) GROUP BY 1"
    return {STATUSES[rank]: count for rank, count in journal.ask(sql)}


def rows_with(status: str) -> str:
    """SQL for the ids of the rows with a status, whatever warnings they have."""
    return f"SELECT id FROM ({_RANKED.format(where='')}) WHERE plain = {_RANK[status]}"


def statuses(journal: Journal, rows: Collection[int]) -> dict[int, str]:
    """The statuses of some rows, by id."""
    ranked = _RANKED.format(where=f"WHERE row.id IN ({marks(list(rows))})")
    return {row_id: STATUSES[rank] for row_id, rank in journal.ask(f"SELECT id, status FROM ({ranked})")}


def retryable(journal: Journal) -> int:
    """Count the failed rows that a retry may send: those without errors in their cells, which would be there again."""
    lasting = (
        "SELECT 1 FROM row, json_each(CAST(row.problems AS TEXT)) WHERE row.id = ranked.id AND row.outcome NOT NULL"
        f" AND value ->> 'level' = '{ERROR}' AND value ->> 'code' NOT IN {PASSING}"
    )
    sql = f"SELECT count(*) FROM ({_RANKED.format(where='')}) AS ranked WHERE plain = ? AND NOT EXISTS ({lasting})"
    return int(journal.ask(sql, _RANK[FAILED])[0][0])


def row_counts(journal: Journal) -> dict[str, int]:
    """Count the rows by outcome, as the results name it; unfinished ones are "ready" or "sending"."""
    return outcomes_of(figures(journal))


def outcomes_of(counts: Mapping[str, int]) -> dict[str, int]:
    """Figures by outcome, as the results name it."""
    same = {CREATED: DONE, **dict.fromkeys((*OPEN, FIXED), READY)}
    found: dict[str, int] = {}
    for status, count in counts.items():
        found[same.get(status, status)] = found.get(same.get(status, status), 0) + count
    return found


@dataclass(frozen=True)
class RowDetail:
    """Everything about one row. `title`: the name in it, `key`: its email or title; `problems` are (cell, level,
    message); `changes` (column, before, after); `steps` (message, tone, time of day) say what was done, or what needs
    nothing. `before` anything is sent or after; `skipped` by the user. `errors` are the codes of the problems that keep
    the row back."""

    number: int
    title: str
    key: str
    status: Cell
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    steps: list[tuple[str, str, str]] = field(default_factory=list)
    before: bool = True
    skipped: bool = False
    errors: frozenset[str] = frozenset()


class SheetRows(Rows):
    """The user's rows and columns in their order, each row with its status in front.

    A filter's `which` is a status, several of them separated by commas, or a kind of problem ("level code column").
    Without a sort, the rows that need attention come first; of a job that was started, then the newest.
    """

    STATUS, NUMBER, CELLS = 0, 1, 2  # columns: the status, the row's number, the first cell
    status = STATUS

    def __init__(self, path: Path):
        super().__init__(path)
        headers = self._quick.get("headers") or []
        self.letters: list[str] = self._quick.get("header_letters") or [""] * len(headers)
        self.titles = [_("Status"), _("Row"), *headers]
        letters: dict[str, str] = self._quick.get("letters") or {}
        self._column_letters = {name: letter for name, letter in letters.items() if letter in self.letters}
        self._mapped = set(letters.values())
        self._label = self._quick.get("label")
        self._who = _names(str(self._quick.get("what") or ""))
        self._letter_of = _letters_by_title(str(self._quick.get("what") or ""), letters)

    @property
    def frozen(self) -> list[int]:
        """The columns that stay in sight: the status, the row's number, and what the row is known by."""
        letters = (self._column_letters[name] for name in self._who if name in self._column_letters)
        places = [self._label] if self._label is not None else [self.letters.index(x) for x in letters]
        return [self.STATUS, self.NUMBER, *(self.CELLS + place for place in places[:1])]

    @property
    def single(self) -> set[int]:
        """The columns whose cells are known to take one value, no list."""
        entry = recipe(what.split("+")) if (what := str(self._quick.get("what") or "")) else None
        places = {name: self.CELLS + self.letters.index(x) for name, x in self._column_letters.items()}
        columns = entry.columns if entry else ()
        return {places[one.id] for one in columns if one.id in places and not takes_many(one)}

    @property
    def before(self) -> bool:
        """Whether nothing of the job was sent yet."""
        return self._quick.get("state") in (DRAFT, PLANNED)

    def ids(self, chosen: Filter) -> "array[int]":
        where, values = "", []
        if chosen.search:
            # Whole rows, for a status is that of all steps of a row.
            where = (
                "WHERE row.id IN (SELECT id FROM row WHERE cells_have(cells, ?) OR has(message, ?)"
                " UNION SELECT row FROM step WHERE has(message, ?)"
                " UNION SELECT step.row FROM call JOIN step ON step.call = call.id"
                " WHERE call.message != '' AND has(call.message, ?))"
            )
            values = [plain(chosen.search)] * 4
        having = ["1"]
        if " " in chosen.which:
            level, code, column = chosen.which.split(" ")
            having.append(
                "EXISTS (SELECT 1 FROM row, json_each(CAST(row.problems AS TEXT)) WHERE row.id = ranked.id"
                " AND value ->> 'code' = ? AND value ->> 'level' = ? AND value ->> 'column' = ?)"
            )
            values += [code, level, column]
        elif chosen.which:
            having.append(f"status IN ({','.join(str(_RANK[word]) for word in chosen.which.split(','))})")
        sql = (
            f"SELECT id FROM ({_RANKED.format(where=where)}) AS ranked WHERE {' AND '.join(having)}"
            f" ORDER BY {self._order(chosen)}"
        )
        return self._slow.numbers(sql, *values)

    def _order(self, chosen: Filter) -> str:
        down = "DESC" if chosen.down else ""
        if chosen.sort == self.STATUS:
            return f"status {down}, id"
        if chosen.sort == self.NUMBER:
            return f"number {down}, id"
        if chosen.sort >= self.CELLS:
            cell = f"json_extract(CAST(cells AS TEXT), '$[{chosen.sort - self.CELLS}]')"
            return f"(SELECT {cell} FROM row WHERE row.id = ranked.id) {down}, id"
        attention = ",".join(str(_RANK[word]) for word in ATTENTION)
        first = f"iif(status IN ({attention}), 0, iif(status = {_RANK[CHECK]}, 1, 2))"
        return f"{first}, id" if self.before else f"status IN ({attention}) DESC, ended DESC, id"

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        chosen = marks(ids)
        known = statuses(self._quick, ids)
        changes: dict[int, list[list[str]]] = {}
        sql = f"SELECT row, changes FROM step WHERE row IN ({chosen}) AND changes IS NOT NULL ORDER BY id"
        for row_id, packed in self._quick.ask(sql):
            changes.setdefault(row_id, []).extend(orjson.loads(packed))
        before = self.before
        sql = f"SELECT id, number, cells, problems FROM row WHERE id IN ({chosen})"
        return {
            row_id: self._cells(number, cells, problems, known[row_id], changes.get(row_id, []), before)
            for row_id, number, cells, problems in self._quick.ask(sql)
        }

    def texts(self, ids: Sequence[int], columns: Sequence[int]) -> Iterator[list[str]]:
        if self.STATUS in columns:
            yield from super().texts(ids, columns)
            return
        for chunk in chunks(ids):
            sql = f"SELECT id, number, cells FROM row WHERE id IN ({marks(chunk)})"
            known = {row_id: (number, cells) for row_id, number, cells in self._quick.ask(sql)}
            for row_id in chunk:
                number, packed = known[row_id]
                cells = ("", number, *orjson.loads(packed))
                yield [text_of(cells[column]) for column in columns]

    def _cells(
        self,
        number: int,
        cells: bytes,
        packed: bytes | None,
        status: str,
        changes: list[list[str]],
        before: bool,
    ) -> list[Cell]:
        problems = orjson.loads(packed) if packed else []
        by_letter: dict[str, list[dict[str, Any]]] = {}
        for problem in problems:
            by_letter.setdefault(problem["cell"].rstrip("0123456789"), []).append(problem)
        open_ = status in (CREATE, UPDATE, CHECK)
        changed = (
            {self._letter_of.get(column, "") for column, *_rest in changes} if open_ and before else set()
        )
        found = [status_cell(status, problems, len(changes), before), Cell(str(number), "quiet")]
        for letter, cell in zip(self.letters, orjson.loads(cells), strict=False):
            text = text_of(cell)
            if reported := by_letter.get(letter):
                worst = min(reported, key=lambda problem: _LEVELS.index(problem["level"]))
                message = "\n".join(problem["message"] for problem in reported)
                found.append(Cell(text, TONES[worst["level"]], message, mark=True))
            elif letter in changed and text:
                found.append(Cell(text, status if status != CHECK else UPDATE, strong=True))
            else:
                found.append(Cell(text, "" if letter in self._mapped or not self._mapped else "quiet"))
        return found

    def detail(self, row_id: int) -> RowDetail | None:
        """All about one row; None where it is gone."""
        live = self._quick.get("state") == "running"
        sql = f"SELECT {STEP_COLUMNS}, step.changes {_JOINED} WHERE row.id = ? ORDER BY step.id"
        steps = self._quick.ask(sql, row_id)
        rows = self._quick.ask(
            'SELECT number, cells, problems, "values", message FROM row WHERE id = ?', row_id
        )
        if not rows:
            return None
        number, cells, packed, values, message = rows[0]
        noted = orjson.loads(packed) if packed else ()
        errors = frozenset(p["code"] for p in noted if p["level"] == "error")
        problems = [(p["cell"], p["level"], p["message"]) for p in noted]
        problems.sort(key=lambda problem: _LEVELS.index(problem[1]))
        known = {text for _cell, _level, text in problems}
        changes = [tuple(change) for *_step, found in steps if found for change in orjson.loads(found)]
        before = self.before
        # Steps alone, without what keeps the row back; before sending, their changes say more than their messages.
        shown = [(number, None, "", *step[3:-1]) for step in steps if not (before and step[-1])]
        lines = list(_lines(shown, live))
        if message and not any(text in message for text in known):
            lines.insert(0, (message, "", ""))
        status = self.fetch([row_id])[row_id][self.STATUS]
        texts = [text_of(cell) for cell in orjson.loads(cells)]
        key = self._key(orjson.loads(values), texts)
        named = [(_(column), was, now) for column, was, now in changes]
        # Only its own edit: all of them can be as many as the sheet has cells.
        sql = "SELECT json_extract(value, ?) FROM meta WHERE key = 'edits'"
        skipped = any(text for (text,) in self._quick.ask(sql, f'$."{number}:{SKIP}"[1]'))
        who = self._name(texts) or key
        return RowDetail(number, who, key, status, problems, named, lines, before, skipped, errors)

    def _name(self, texts: list[str]) -> str:
        """The name of the user in the row, where the sheet has one."""
        for names in (("first_name", "last_name"), ("username",)):
            places = [
                self.letters.index(self._column_letters[one]) for one in names if one in self._column_letters
            ]
            if text := " ".join(filter(None, (texts[place].strip() for place in places))):
                return text
        return ""

    def _key(self, values: dict[str, Any], texts: list[str]) -> str:
        """The email, username or title that the row is about."""
        if self._label is not None and texts[self._label]:
            return str(texts[self._label])
        for name in self._who:
            if name in values:
                found = values[name] if isinstance(values[name], list) else [values[name]]
                return "; ".join(str(v["ref"][2] if isinstance(v, dict) and "ref" in v else v) for v in found)
        places = [self._column_letters[name] for name in self._who if name in self._column_letters]
        written = (texts[self.letters.index(letter)] for letter in places)
        return next(filter(None, written), next(filter(None, texts), ""))


def _lines(steps: list[tuple[Any, ...]], live: bool) -> Iterator[tuple[str, str, str]]:
    """A line for each step: its message, tone and time of day."""
    for _key, same in groupby(steps, key=lambda step: (step[3], step[4], step[5], step[6])):
        one = list(same)[:1]
        _number, outcome, message, _made, ended = row_result(one, live=live)
        if one[0][3] or one[0][5]:  # a row without steps has one line of nothing
            clock = datetime.fromtimestamp(ended).strftime("%H:%M:%S") if ended else ""
            yield message, OUTCOME_TONES[outcome], clock


def _names(what: str) -> list[str]:
    """The columns that a row of this import is known by: required ones, the user first."""
    entry = recipe(what.split("+")) if what else None
    required = [column.id for column in entry.columns if column.required] if entry else []
    return sorted(required, key=lambda name: name not in ("email", "user"))


def _letters_by_title(what: str, letters: Mapping[str, str]) -> dict[str, str]:
    """Title of a column, as changes name it -> its letter in the sheet."""
    entry = recipe(what.split("+")) if what else None
    found: dict[str, str] = {}
    for use in entry.uses if entry else ():
        for column in use.operation.columns:
            name = use.names.get(column.id, column.id)
            if name in letters:
                found.setdefault(column.title, letters[name])
    return found
