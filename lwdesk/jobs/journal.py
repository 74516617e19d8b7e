"""The journal: one SQLite file that is the job. Every view of a job reads it, every mover changes it.

What must survive a power cut before a request leaves (that it was about to be sent) is written through to the disk;
what can be found out again (how it ended) is committed, and survives the death of the program.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import orjson

from lwdesk.base.text import _
from lwdesk.jobs.spool import Spool
from lwdesk.jobs.states import READY, RUNNING, SENDING, SKIPPED, UNSURE, Call, End, Row, Step
from lwdesk.jobs.wiping import Wiping

SUFFIX = ".lwjob"
# The open rows of which something is not planned, as a condition on rows.
UNPLANNED = (
    "outcome IS NULL AND (id NOT IN (SELECT row FROM step)"
    f" OR id IN (SELECT row FROM step WHERE step.outcome = '{READY}'))"
)
# The calls that the school took and did not finish in time: they keep the ticket to ask by.
_TAKEN = f"state = '{UNSURE}' AND answer NOT NULL"
_CALL = (
    'id, op, method, path, body, query, lane, repeat, "values", memo, mails, state, tries, due, status, message,'
    " answer, made, sent, ended"
)
_ADD_CALL = (
    'INSERT INTO call (id, op, method, path, body, query, lane, repeat, "values", memo, mails, state, due)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_NEED = "INSERT OR IGNORE INTO need VALUES (?, ?)"
_ADD_STEP = (
    'INSERT INTO step (row, op, about, "values", call, outcome, message, changes)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def _call_values(call: Call) -> tuple[Any, ...]:
    return (
        *(call.id or None, call.op, call.method, call.path, _pack(call.body), _pack(call.query or None)),
        *(call.lane, call.repeat, _pack(call.values or None), _pack(call.memo or None)),
        *(call.mails, call.state, call.due),
    )


def _step_values(step: Step) -> tuple[Any, ...]:
    return (
        *(step.row, step.op, step.about, _pack(step.values), step.call, step.outcome, step.message),
        _pack(step.changes or None),
    )


def _pack(value: Any) -> bytes | None:
    return None if value is None else orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def _unpack(data: bytes | None, empty: Any = None) -> Any:
    return empty if data is None else orjson.loads(data)


class Journal(Spool, Wiping):
    """What a job is made of: facts, rows, steps, calls, pages."""

    # What the job is ------------------------------------------------------------------------------------------

    def get(self, key: str, default: Any = None) -> Any:
        """A fact about the job."""
        found = self.ask("SELECT value FROM meta WHERE key = ?", key)
        return orjson.loads(found[0][0]) if found else default

    def put(self, **facts: Any) -> None:
        """Write facts about the job."""
        packed = [(key, orjson.dumps(value).decode()) for key, value in facts.items()]
        self._do_many(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", packed
        )

    def keep_upload(self, name: str, data: bytes) -> None:
        """Store a copy of the user's file."""
        with self.writing():
            self._do("DELETE FROM upload")
            self._do("INSERT INTO upload VALUES (?, ?)", name, data)

    def upload(self) -> tuple[str, bytes] | None:
        """The kept copy: name and content."""
        found = self.ask("SELECT name, data FROM upload")
        return (found[0][0], found[0][1]) if found else None

    # Rows -----------------------------------------------------------------------------------------------------

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Append rows, in one transaction."""
        self._do_many(
            'INSERT INTO row (number, cells, "values", problems, outcome, message, was)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(r.number, _pack(r.cells), _pack(r.values), _pack(r.problems or None)),
                    *(r.outcome, r.message, _pack(r.was)),
                )
                for r in rows
            ),
        )

    def rows(self, where: str = "1", *values: Any) -> Iterator[Row]:
        """The rows in the file's order, read a few thousand at a time."""
        last = 0
        while True:
            found = self.ask(
                f'SELECT id, number, cells, "values", problems, outcome, message, was FROM row'
                f" WHERE id > ? AND ({where}) ORDER BY id LIMIT 2000",
                last,
                *values,
            )
            for row_id, number, cells, row_values, problems, outcome, message, was in found:
                facts = (_unpack(cells), _unpack(row_values), _unpack(problems, []), outcome, message)
                yield Row(number, *facts, row_id, _unpack(was))
            if len(found) < 2000:
                return
            last = found[-1][0]

    def save_row(self, row: Row) -> None:
        """Write back what is known of a row."""
        self._do(
            'UPDATE row SET cells = ?, "values" = ?, problems = ?, outcome = ?, message = ?, was = ? WHERE id = ?',
            *(_pack(row.cells), _pack(row.values), _pack(row.problems or None), row.outcome, row.message),
            *(_pack(row.was), row.id),
        )

    def mark_rows(self, ids: Iterable[int], outcome: str | None, message: str) -> None:
        """Set the outcome of rows."""
        self._do_many(
            "UPDATE row SET outcome = ?, message = ? WHERE id = ?",
            [(outcome, message, row_id) for row_id in ids],
        )

    # The plan -------------------------------------------------------------------------------------------------

    def drop_unsent(self) -> None:
        """Delete the calls that were planned and never sent, so that their rows (`UNPLANNED`) can be planned again.

        Of a job of which nothing was sent at all, the whole plan is forgotten.
        """
        with self.writing():
            if self.ask("SELECT 1 FROM call WHERE state != ? LIMIT 1", READY):
                self._unplan("call IN (SELECT id FROM call WHERE state = ?)", READY)
            else:
                self._do("DELETE FROM step")
            self._do("DELETE FROM need WHERE call IN (SELECT id FROM call WHERE state = ?)", READY)
            self._do("DELETE FROM call WHERE state = ?", READY)

    def unplan(self, rows: Collection[int]) -> bool:
        """Forget the plan of the rows with these ids. Returns False, and does nothing, where something was sent, or
        another row has part in it."""
        chosen = f"({','.join(map(str, rows))})"
        calls = f"(SELECT call FROM step WHERE row IN {chosen})"
        sql = (
            f"SELECT 1 FROM call WHERE state != '{READY}' UNION ALL"
            f" SELECT 1 FROM step WHERE call IN {calls} AND row NOT IN {chosen} UNION ALL"
            f" SELECT 1 FROM need WHERE first IN {calls} AND call NOT IN {calls} LIMIT 1"
        )
        with self.writing():
            if self.ask(sql):
                return False
            self._do(f"DELETE FROM need WHERE call IN {calls}")
            self._do(f"DELETE FROM call WHERE id IN {calls}")
            self._do(f"DELETE FROM step WHERE row IN {chosen}")
        return True

    def _unplan(self, which: str, *values: Any) -> None:
        """Mark steps as to be planned again: ready, and without a call."""
        self._do(f"UPDATE step SET call = NULL, outcome = '{READY}' WHERE {which}", *values)

    @property
    def unplanned(self) -> bool:
        """Whether steps are to be planned again."""
        return bool(self.ask("SELECT 1 FROM step WHERE outcome = ? LIMIT 1", READY))

    def drop_unplanned(self, row_id: int) -> None:
        """Forget the steps of a row that are to be planned again."""
        self._do("DELETE FROM step WHERE row = ? AND outcome = ?", row_id, READY)

    def reopen_failed(self, rows: Collection[int] | None = None) -> int:
        """Make the rows that failed open again (`UNPLANNED`), or those with these ids: what failed or was skipped
        is to be planned again, what was done stays. Rows that the user skipped stay as they are.

        Returns the number of rows.
        """
        bad = "SELECT id FROM call WHERE state IN ('failed', 'skipped')"
        which = "1" if rows is None else f"{{}} IN ({','.join(map(str, rows))})"
        with self.writing():
            count = self.ask(
                "SELECT count(DISTINCT row.id) FROM row LEFT JOIN step ON step.row = row.id"
                f" WHERE (row.outcome = 'failed' OR step.outcome = 'failed' OR step.call IN ({bad}))"
                f" AND {which.format('row.id')}"
            )[0][0]
            self._do(
                f"UPDATE row SET outcome = NULL, message = '' WHERE outcome = 'failed' AND {which.format('id')}"
            )
            skipped = "SELECT id FROM row WHERE outcome = 'skipped'"
            self._unplan(
                f"(outcome IN ('failed', 'skipped') OR call IN ({bad})) AND {which.format('row')}"
                f" AND row NOT IN ({skipped})"
            )
            self.put(cancel=False)
            return int(count)

    def reopen_calls(self) -> None:
        """Make the calls that failed ready again, as they are."""
        sql = (
            "UPDATE call SET state = ?, tries = 0, due = 0, status = 0, message = '', answer = NULL"
            " WHERE state IN ('failed', 'skipped')"
        )
        with self.writing():
            self._do(sql, READY)
            self.put(cancel=False)

    def add_call(self, call: Call) -> int:
        """Append a call. Returns its id."""
        with self.writing():
            call_id = self._do(_ADD_CALL, *_call_values(call)).lastrowid
            assert call_id is not None
            self.add_needs(call_id, call.needs)
            return call_id

    def add_plan(self, calls: Collection[Call], steps: Iterable[Step]) -> None:
        """Append the calls and steps of a plan, each call with the id that it has."""
        with self.writing():
            self._do_many(_ADD_CALL, map(_call_values, calls))
            self._do_many(_ADD_NEED, ((call.id, first) for call in calls for first in call.needs))
            self._do_many(_ADD_STEP, map(_step_values, steps))

    def set_body(
        self, call_id: int, body: dict[str, Any], values: dict[str, Any], memo: dict[str, Any] | None = None
    ) -> None:
        """Change what a planned call will send and remember."""
        sql = 'UPDATE call SET body = ?, "values" = ?, memo = ? WHERE id = ? AND state = ?'
        self._change_one(sql, _pack(body), _pack(values), _pack(memo or None), call_id, READY)

    def add_needs(self, call_id: int, needs: Iterable[int]) -> None:
        """Let a planned call wait for others too."""
        self._do_many(_ADD_NEED, [(call_id, first) for first in needs])

    def add_step(self, step: Step) -> int:
        """Append a step. Returns its id."""
        step_id = self._do(_ADD_STEP, *_step_values(step)).lastrowid
        assert step_id is not None
        return step_id

    def steps_of(self, call_id: int) -> list[Step]:
        """The steps that a call carries out, in the plan's order."""
        sql = 'SELECT id, row, op, about, "values", outcome, message FROM step WHERE call = ? ORDER BY id'
        return [
            Step(row, op, about, _unpack(values), call_id, outcome, message, id=step_id)
            for step_id, row, op, about, values, outcome, message in self.ask(sql, call_id)
        ]

    # Calls in motion ------------------------------------------------------------------------------------------

    def call(self, call_id: int) -> Call:
        return next(self.calls("id = ?", call_id))

    def calls(self, where: str = "1", *values: Any, most: int = -1) -> Iterator[Call]:
        """Calls in the plan's order."""
        for found in self.ask(f"SELECT {_CALL} FROM call WHERE {where} ORDER BY id LIMIT ?", *values, most):
            yield self._call(found)

    def _call(self, found: tuple[Any, ...]) -> Call:
        call = Call(found[1], found[2], found[3])
        call.id = found[0]
        call.body, call.query, call.lane, call.repeat = (
            _unpack(found[4]),
            _unpack(found[5], []),
            found[6],
            found[7],
        )
        call.values, call.memo, call.mails = _unpack(found[8], {}), _unpack(found[9], {}), bool(found[10])
        call.state, call.tries, call.due, call.status, call.message = found[11:16]
        call.answer, call.made, call.sent, call.ended = _unpack(found[16]), found[17], found[18], found[19]
        call.needs = tuple(first for (first,) in self.ask("SELECT first FROM need WHERE call = ?", call.id))
        return call

    def about_to_send(self, call_id: int, now: float) -> None:
        """READY -> SENDING, on the disk before the request leaves."""
        sql = "UPDATE call SET state = ?, tries = tries + 1, sent = ? WHERE id = ? AND state IN (?, ?)"
        with self.writing(durable=True):
            self._change_one(sql, SENDING, now, call_id, READY, SENDING)

    def again(self, call_id: int, due: float) -> None:
        """Back to READY: surely not processed, to be sent at `due` at the earliest (Unix seconds)."""
        sql = "UPDATE call SET tries = tries - (state = ?), state = ?, due = ? WHERE id = ?"
        self._do(sql, SENDING, READY, due, call_id)

    def taken(self, call_id: int, ticket: Any) -> None:
        """The school is at work on the call; how to ask about it is on the disk from here on."""
        with self.writing(durable=True):
            self._change_one(
                "UPDATE call SET answer = ? WHERE id = ? AND state = ?", _pack(ticket), call_id, SENDING
            )

    def reopen_taken(self, now: float) -> None:
        """Calls that the school took and did not finish in time are asked about again, from `now` on."""
        sql = f"UPDATE call SET state = ?, sent = ?, ended = NULL, message = '' WHERE {_TAKEN}"
        self._do(sql, SENDING, now)

    def taken_calls(self) -> int:
        """How many calls the school took and did not finish in time."""
        return int(self.ask(f"SELECT count(*) FROM call WHERE {_TAKEN}")[0][0])

    def ended(self, call_id: int, end: End, now: float) -> list[int]:
        """The call's outcome with all it brought, in one transaction. Returns the ids of calls it led to."""
        sql = (
            "UPDATE call SET state = ?, status = ?, message = ?, answer = ?, made = ?, ended = ? WHERE id = ?"
        )
        with self.writing():
            self._do(sql, end.outcome, end.status, end.message, _pack(end.answer), end.made, now, call_id)
            if (page := end.page) is not None:
                keys = _pack(page.keys or None)
                self._do(
                    "REPLACE INTO page VALUES (?, ?, ?, ?, ?)",
                    call_id,
                    page.place,
                    page.rows,
                    keys,
                    page.data,
                )
            for listing, ids in end.wants.items():
                self.want_names(listing, ids)
            for listing, found in end.names.items():
                self.add_names(listing, found)
            ends = [(*columns, step_id) for step_id, columns in end.steps.items()]
            self._do_many("UPDATE step SET outcome = ?, message = ? WHERE id = ?", ends)
            return [self.add_call(call) for call in end.more]

    def lost(self) -> list[int]:
        """The calls whose answer is not known: the program ended, or the line broke, while they were on their way."""
        return [
            call_id for (call_id,) in self.ask("SELECT id FROM call WHERE state = ? ORDER BY id", SENDING)
        ]

    def skip_rest(self, message: str, now: float) -> None:
        """End all calls that were not sent yet as skipped, and the steps that wait to be planned."""
        with self.writing():
            values = (SKIPPED, message, now, READY)
            self._do("UPDATE call SET state = ?, message = ?, ended = ? WHERE state = ?", *values)
            self._do("UPDATE step SET outcome = ?, message = ? WHERE outcome = ?", SKIPPED, message, READY)

    def states_of(self, call_ids: Iterable[int]) -> dict[int, tuple[str, float | None]]:
        """State and time of the end of calls."""
        ids = list(call_ids)
        marks = ",".join("?" * len(ids))
        found = self.ask(f"SELECT id, state, ended FROM call WHERE id IN ({marks})", *ids)
        return {call_id: (state, ended) for call_id, state, ended in found}

    # Views ----------------------------------------------------------------------------------------------------

    def call_counts(self) -> dict[str, int]:
        """How many calls are in each state."""
        return dict(self.ask("SELECT state, count(*) FROM call GROUP BY state"))

    @property
    def reason(self) -> str:
        """Why the job was interrupted, in the language that is chosen now; "" where it was not."""
        found = str(self.get("reason") or "")
        return _(found) if found else ""

    @property
    def state(self) -> str:
        """The job's state; RUNNING counts as INTERRUPTED when no program holds the job."""
        state = str(self.get("state", "draft"))
        return "interrupted" if state == RUNNING and not self.busy else state
