"""Journals as tables for the window: filtered and sorted row ids, and the cells of rows; the calls of an export.

`ids` may take long on big jobs and belongs on a thread; it is a query and nothing else, for Python on a thread makes
the window stutter. `fetch` reads few rows and is quick. Each has a connection of its own, so that neither waits for
the other.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import orjson

from lwdesk.app.job import passwords
from lwdesk.base.text import _, number, plain
from lwdesk.catalog import unmapped
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED

_CHUNK = 500
# What became of a step or call -> tone.
OUTCOME_TONES = {
    "done": "done",
    "unchanged": "same",
    "skipped": "plain",
    "failed": "failed",
    "unsure": "look",
    "conflict": "look",
    "ready": "waiting",
    "sending": "sending",
}


class Cell(NamedTuple):
    """A cell: its text, its tone ("" for none), and what the user should know of it (a problem, a fix). `mark`: the
    tone is a mark on the cell, else the colour of its text. `sign`: the sign of the tone is shown before the text."""

    text: str
    tone: str = ""
    detail: str = ""
    strong: bool = False
    mark: bool = False
    sign: bool = False


@dataclass(frozen=True)
class Filter:
    """Which rows, in which order: `which` is a word of the table's own, `search` text anywhere in the row, `sort` a
    column (-1: the table's own order)."""

    which: str = ""
    search: str = ""
    sort: int = -1
    down: bool = False


class Rows:
    """The base class of tables over a journal. `status` is the column with what became of a row, -1 for none."""

    titles: list[str]
    status = -1

    def __init__(self, path: Path):
        self._quick = Journal(path)

    @cached_property
    def _slow(self) -> Journal:
        """Opened by the thread that lists rows first. Its queries can search: `has` a text, `cells_have` the cells of a
        row as they are shown; case and accents don't matter, signs do."""
        found = Journal(self._quick.path)
        found.register("has", _has, 2)
        found.register("cells_have", _cells_have, 2)
        return found

    @property
    def unmapped(self) -> str:
        """Messages about columns that are not imported and passwords that are kept; mostly ""."""
        notices = unmapped.words(self._quick.get("not_imported") or ()), passwords.notice(self._quick)
        return " ".join(filter(None, notices))

    def reopened(self) -> Self:
        """The same rows, with connections of their own."""
        return type(self)(self._quick.path)

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

    def texts(self, ids: Sequence[int], columns: Sequence[int]) -> Iterator[list[str]]:
        """The texts of these cells, row by row; however many there are, they are read a few at a time."""
        for chunk in chunks(ids):
            found = self.fetch(chunk)
            for row_id in chunk:
                yield [found[row_id][column].text for column in columns]


def _has(text: str, search: str) -> bool:
    return search in plain(text)


def _cells_have(packed: bytes, search: str) -> bool:
    cells = orjson.loads(packed)
    try:
        text = "\n".join(cells)
    except TypeError:  # not only texts
        text = "\n".join(map(text_of, cells))
    return search in plain(text)


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in lists of a few hundred, each for one question to the journal."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def marks(ids: Sequence[int]) -> str:
    return ",".join(map(str, ids))


class CallRows(Rows):
    """The requests of an export and what became of them. `which` is an outcome."""

    def __init__(self, path: Path):
        super().__init__(path)
        self.titles = [_("#"), _("Data to export"), _("Status"), _("Rows"), _("When")]

    def ids(self, chosen: Filter) -> "array[int]":
        where, values = ["1"], []
        if chosen.which:
            where.append("state = ?")
            values.append(chosen.which)
        if chosen.search:
            where.append("(has(path, ?) OR has(message, ?))")
            values += [plain(chosen.search)] * 2
        sql = f"SELECT id FROM call WHERE {' AND '.join(where)} ORDER BY ended DESC, id"
        return self._slow.numbers(sql, *values)

    def fetch(self, ids: Sequence[int]) -> dict[int, list[Cell]]:
        sql = (
            "SELECT call.id, path, state, message, json_extract(CAST(answer AS TEXT), '$.rows'), ended, page.rows"
            " FROM call LEFT JOIN page ON page.call = call.id"
            f" WHERE call.id IN ({marks(ids)})"
        )
        return {call_id: self._cells(call_id, *facts) for call_id, *facts in self._quick.ask(sql)}

    def _cells(
        self,
        call_id: int,
        path: str,
        state: str,
        message: str,
        lost: str | None,
        ended: float | None,
        rows: Any,
    ) -> list[Cell]:
        if state == FAILED and lost:
            message = _where(message, *orjson.loads(lost))
        clock = datetime.fromtimestamp(ended).strftime("%H:%M:%S") if ended else ""
        words = message or {"done": _("done"), "ready": _("waiting"), "sending": _("sending")}.get(
            state, state
        )
        return [
            *(Cell(str(call_id), "quiet"), Cell(path), Cell(words, OUTCOME_TONES[state], message, sign=True)),
            *(Cell("" if rows is None else str(rows), "quiet"), Cell(clock, "quiet")),
        ]


def _where(why: str, first: int, last: int | None) -> str:
    """Why a page could not be read, with the rows that are missing."""
    if last is not None:
        return _("Rows {first} to {last}: {why}").format(first=number(first), last=number(last), why=why)
    return _("From row {first} on: {why}").format(first=number(first), why=why) if first > 1 else why
