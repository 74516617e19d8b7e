"""Journals as tables for the window: filtered and sorted row ids, and the cells of rows.

`ids` may take long on big jobs and belongs on a thread; it is a query and nothing else, for Python on a thread makes
the window stutter. `fetch` reads few rows and is quick. Each has a connection of its own, so that neither waits for
the other.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from lwdesk.app.job import passwords
from lwdesk.app.job.results import STEP_COLUMNS, row_result
from lwdesk.base.text import N_, _
from lwdesk.catalog import OPERATIONS, recipe, unmapped
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.cells.problems import ERROR, NOTE, WARNING
from lwdesk.catalog.effects.mints import Mints
from lwdesk.catalog.effects.records import Creates
from lwdesk.catalog.operation import Operation
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CONFLICT

# Level of a problem -> tone of its cell.
_TONES = {ERROR: "failed", WARNING: "look", NOTE: "accent"}
_LEVELS = (ERROR, WARNING, NOTE)
# SQL for the outcome of a row: that of its step which needs most attention.
_RANKS = ("unchanged", "skipped", "done", "ready", "sending", "conflict", "unsure", "failed")
_RANK = (
    "max(CASE coalesce(row.outcome, step.outcome, call.state, 'unchanged') "
    + " ".join(f"WHEN '{word}' THEN {n}" for n, word in enumerate(_RANKS))
    + " END)"
)
_JOINED = "FROM row LEFT JOIN step ON step.row = row.id LEFT JOIN call ON call.id = step.call"


def row_counts(journal: Journal) -> dict[str, int]:
    """Count rows by outcome; unfinished ones are "ready" or "sending"."""
    sql = f"SELECT rank, count(*) FROM (SELECT {_RANK} AS rank {_JOINED} GROUP BY row.id) GROUP BY rank"
    return {_RANKS[rank]: count for rank, count in journal.ask(sql)}


class Cell(NamedTuple):
    """A cell: its text, its tone ("" for none), and what a person should know of it (a problem, a fix)."""

    text: str
    tone: str = ""
    detail: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Filter:
    """Which rows, in which order: `which` is a word of the table's own, `search` text anywhere in the row, `sort` a
    column (-1: the table's own order)."""

    which: str = ""
    search: str = ""
    sort: int = -1
    down: bool = False


class Rows:
    """The base class of tables over a journal."""

    titles: list[str]

    def __init__(self, path: Path):
        self._quick = Journal(path)

    @cached_property
    def _slow(self) -> Journal:
        """Opened by the thread that lists rows first."""
        return Journal(self._quick.path)

    @property
    def unmapped(self) -> str:
        """Messages about columns that are not imported and passwords that are kept; mostly ""."""
        notices = unmapped.words(self._quick.get("not_imported") or ()), passwords.notice(self._quick)
        return " ".join(filter(None, notices))

    def close(self) -> None:
        self._quick.close()
        if "_slow" in vars(self):
            self._slow.close()

    def ids(self, chosen: Filter) -> "array[int]":
        """The ids of the rows that match the filter, sorted."""
        raise NotImplementedError

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        """The cells of some rows."""
        raise NotImplementedError


def _like(search: str) -> str:
    return f"%{search.replace('%', '').replace('_', '')}%"


def _marks(ids: Sequence[int]) -> str:
    return ",".join(map(str, ids))


class DraftRows(Rows):
    """The sheet as it was read, edits made, with problems on their cells. `which`: "problems", or a group's
    "level code column"."""

    def __init__(self, path: Path):
        super().__init__(path)
        headers = self._quick.get("headers", [])
        self.letters: list[str] = self._quick.get("header_letters", [])
        self.titles = [_("Row"), *headers]
        self.mapped = set(self._quick.get("letters", {}).values())

    def ids(self, chosen: Filter) -> "array[int]":
        where, values = ["1"], []
        if chosen.which:
            where.append("problems IS NOT NULL")
        if " " in chosen.which:
            level, code, column = chosen.which.split(" ")
            where.append(
                "EXISTS (SELECT 1 FROM json_each(CAST(problems AS TEXT)) WHERE value ->> 'code' = ?"
                " AND value ->> 'level' = ? AND value ->> 'column' = ?)"
            )
            values += [code, level, column]
        elif chosen.which:
            level = "CAST(problems AS TEXT) LIKE ?"
            where.append(f"({level} OR {level})")
            values += ['%"level":"error"%', '%"level":"warning"%']
        if chosen.search:
            where.append("CAST(cells AS TEXT) LIKE ?")
            values.append(_like(chosen.search))
        order = "id"
        if chosen.sort > 0:
            order = f"json_extract(CAST(cells AS TEXT), '$[{chosen.sort - 1}]') {'DESC' if chosen.down else ''}, id"
        elif chosen.sort == 0 and chosen.down:
            order = "id DESC"
        sql = f"SELECT id FROM row WHERE {' AND '.join(where)} ORDER BY {order}"
        return self._slow.numbers(sql, *values)

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        sql = f"SELECT id, number, cells, problems FROM row WHERE id IN ({_marks(ids)})"
        return {row_id: self._cells(*facts) for row_id, *facts in self._quick.ask(sql)}

    def _cells(self, number: int, cells: bytes, problems: bytes | None) -> list[Cell]:
        by_letter: dict[str, list[dict[str, Any]]] = {}
        for problem in orjson.loads(problems) if problems else ():
            by_letter.setdefault(problem["cell"].rstrip("0123456789"), []).append(problem)
        found = [Cell(str(number), "quiet")]
        for letter, cell in zip(self.letters, orjson.loads(cells), strict=True):
            text = text_of(cell)
            if reported := by_letter.get(letter):
                worst = min(reported, key=lambda problem: _LEVELS.index(problem["level"]))
                found.append(Cell(text, _TONES[worst["level"]], "\n".join(p["message"] for p in reported)))
            else:
                found.append(Cell(text, "" if letter in self.mapped else "quiet"))
        return found


class RunRows(Rows):
    """The rows of a job and what became of them, the last one first. `which` is an outcome."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.titles = [_("Row"), _("Who or what"), _("What happened"), _("Calls"), _("When")]
        self._who = _names(str(self._quick.get("what", "")))
        self._label = self._quick.get("label")

    def ids(self, chosen: Filter) -> "array[int]":
        having = ""
        values: list[Any] = []
        if chosen.which:
            having = f"HAVING {_RANK} = ?"
            values.append(_RANKS.index(chosen.which))
        where = ""
        if chosen.search:
            where = (
                "WHERE (CAST(row.cells AS TEXT) LIKE ? OR row.message LIKE ? OR step.message LIKE ?"
                " OR call.message LIKE ?)"
            )
            values[:0] = [_like(chosen.search)] * 4
        down = "DESC" if chosen.down else ""
        order = {0: f"row.id {down}", 2: f"{_RANK} {down}, row.id", 4: f"max(call.ended) {down}, row.id"}.get(
            chosen.sort, "max(call.ended) DESC, row.outcome NOT NULL, row.id"
        )
        sql = f"SELECT row.id {_JOINED} {where} GROUP BY row.id {having} ORDER BY {order}"
        return self._slow.numbers(sql, *values)

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        chosen = f"WHERE row.id IN ({_marks(ids)}) ORDER BY row.id, step.id"
        sql = f"SELECT row.id, {STEP_COLUMNS}, CASE WHEN call.tries > 0 THEN call.id END {_JOINED} {chosen}"
        values = self._quick.ask(f'SELECT id, "values", cells FROM row WHERE id IN ({_marks(ids)})')
        who = {row_id: self._name(orjson.loads(found), cells) for row_id, found, cells in values}
        return {
            row_id: self._cells(who[row_id], [step[1:] for step in steps])
            for row_id, steps in groupby(self._quick.ask(sql), key=lambda step: step[0])
        }

    def _name(self, values: dict[str, Any], cells: bytes) -> str:
        if self._label is not None and (text := text_of(orjson.loads(cells)[self._label])):
            return text
        for name in self._who:
            if name in values:
                found = values[name] if isinstance(values[name], list) else [values[name]]
                return "; ".join(str(v["ref"][2] if isinstance(v, dict) and "ref" in v else v) for v in found)
        return next((text for cell in orjson.loads(cells) if (text := text_of(cell))), "")

    def _cells(self, who: str, steps: list[tuple[Any, ...]]) -> list[Cell]:
        number, outcome, message, _made, ended = row_result(
            [step[:-1] for step in steps], live=self._quick.get("state") == "running"
        )
        calls = len({step[-1] for step in steps} - {None})
        clock = datetime.fromtimestamp(ended).strftime("%H:%M:%S") if ended else ""
        tone = OUTCOME_TONES[outcome]
        return [
            *(Cell(str(number), "quiet"), Cell(who), Cell(message, tone, message)),
            *(Cell(str(calls) if calls else "", "quiet"), Cell(clock, "quiet")),
        ]


OUTCOME_TONES = {
    "done": "done",
    "unchanged": "plain",
    "skipped": "plain",
    "failed": "failed",
    "unsure": "look",
    "conflict": "look",
    "ready": "quiet",
    "sending": "accent",
}


def _names(what: str) -> list[str]:
    """The columns that a row of this import is known by: required ones, the user first."""
    entry = recipe(what.split("+")) if what else None
    required = [column.id for column in entry.columns if column.required] if entry else []
    return sorted(required, key=lambda name: name not in ("email", "user"))


def _makes(operation: Operation) -> bool:
    return isinstance(operation.effect, Creates | Mints)


# What a step of a plan does, for the filter of the review.
KINDS = {
    "create": N_("create"),
    "update": N_("change"),
    "unchanged": N_("already up to date"),
    "conflict": N_("conflict"),
    "failed": N_("not sent"),
}


class ChangeRows(Rows):
    """What a plan would do, a line for each cell before and after. `which`: create, update, unchanged or failed."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.titles = [_("Row"), _("Who or what"), _("What would happen"), _("Now"), _("Afterwards")]
        self._who = _names(str(self._quick.get("what", "")))
        self._run = RunRows(path)

    def close(self) -> None:
        super().close()
        self._run.close()

    def ids(self, chosen: Filter) -> "array[int]":
        """A line's number holds its row, its step and which change of it; a step without changes has one line. Rows
        that nothing was planned for, as those of an export that were not edited, come last."""
        where, values = ["1"], []
        if chosen.which == "failed":
            where.append("(row.outcome = 'failed' OR step.outcome = 'failed')")
        elif chosen.which == "conflict":
            where.append("step.outcome = 'conflict'")
        elif chosen.which == "unchanged":
            where.append(
                "coalesce(row.outcome, step.outcome, iif(step.call IS NULL, 'unchanged', '')) = 'unchanged'"
            )
        elif chosen.which:
            makers = ",".join(f"'{op.id}'" for op in OPERATIONS.values() if _makes(op))
            where.append(f"call.op {'IN' if chosen.which == 'create' else 'NOT IN'} ({makers})")
            where.append("step.outcome IS NULL")
        if chosen.search:
            where.append("(CAST(row.cells AS TEXT) LIKE ? OR step.message LIKE ?)")
            values = [_like(chosen.search)] * 2
        sql = (
            f"SELECT (row.id * {_STEPS} + coalesce(step.id, 0)) * {_LINES} + coalesce(change.key, 0) {_JOINED}"
            f" LEFT JOIN json_each(CAST(step.changes AS TEXT)) AS change ON change.key < {_LINES}"
            f" WHERE {' AND '.join(where)} ORDER BY row.outcome NOT NULL, row.id, step.id, change.key"
        )
        return self._slow.numbers(sql, *values)

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        places = {line: _place(line) for line in ids}
        rows = self._run.fetch(sorted({row_id for row_id, _step, _n in places.values()}))
        steps = _marks(sorted({step for _row, step, _n in places.values() if step}))
        sql = f"SELECT id, message, outcome, changes FROM step WHERE id IN ({steps})"
        known = {step_id: facts for step_id, *facts in self._quick.ask(sql)}
        return {
            line: self._line(rows[row_id], known.get(step_id), n)
            for line, (row_id, step_id, n) in places.items()
        }

    def _line(self, row: list[Cell], step: list[Any] | None, n: int) -> list[Cell]:
        if step is None:
            return [row[0], row[1], row[2], Cell(""), Cell("")]
        message, outcome, packed = step
        changes = orjson.loads(packed) if packed else []
        column, before, after = changes[n] if n < len(changes) else ("", "", "")
        tone = OUTCOME_TONES.get(outcome or "", "")
        words, apart = _(column) if column else message, outcome == CONFLICT
        return [
            *(row[0], row[1], Cell(words, tone, message)),
            *(
                Cell(before, "quiet"),
                Cell(
                    after or ("–" if column else ""), "", message if apart else "", bool(column) and not apart
                ),
            ),
        ]


# Lines of one step, and steps, that a line's number has room for.
_LINES, _STEPS = 1_000, 1_000_000_000


def _place(line: int) -> tuple[int, int, int]:
    rest, n = divmod(line, _LINES)
    row_id, step_id = divmod(rest, _STEPS)
    return row_id, step_id, n


class CallRows(Rows):
    """The requests of an export and what became of them. `which` is an outcome."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.titles = [_("Request"), _("Data to export"), _("What happened"), _("Rows"), _("When")]

    def ids(self, chosen: Filter) -> "array[int]":
        where, values = ["1"], []
        if chosen.which:
            where.append("state = ?")
            values.append(chosen.which)
        if chosen.search:
            where.append("(path LIKE ? OR message LIKE ?)")
            values += [_like(chosen.search)] * 2
        sql = f"SELECT id FROM call WHERE {' AND '.join(where)} ORDER BY ended DESC, id"
        return self._slow.numbers(sql, *values)

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        sql = (
            "SELECT call.id, path, state, message, ended, page.rows FROM call LEFT JOIN page ON page.call = call.id"
            f" WHERE call.id IN ({_marks(ids)})"
        )
        return {call_id: self._cells(call_id, *facts) for call_id, *facts in self._quick.ask(sql)}

    def _cells(
        self, call_id: int, path: str, state: str, message: str, ended: float | None, rows: Any
    ) -> list[Cell]:
        clock = datetime.fromtimestamp(ended).strftime("%H:%M:%S") if ended else ""
        words = message or {"done": _("read"), "ready": _("waiting"), "sending": _("sending")}.get(
            state, state
        )
        return [
            *(Cell(str(call_id), "quiet"), Cell(path), Cell(words, OUTCOME_TONES[state], message)),
            *(Cell("" if rows is None else str(rows), "quiet"), Cell(clock, "quiet")),
        ]
