"""Planning: turns rows into calls with before → after, and skips what is up to date. Only reads from the school."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from string import Formatter
from typing import Any

from lwdesk.api.build import request
from lwdesk.api.limiter import Stopped, never
from lwdesk.app.importing.contradictions import Contradictions
from lwdesk.app.importing.links import Links
from lwdesk.app.importing.plan_writer import PlanWriter
from lwdesk.app.importing.resolve import Resolver, Work
from lwdesk.app.importing.same_users import note_same_users
from lwdesk.app.importing.suspended import SuspendedUsers
from lwdesk.app.school.directory import Directory
from lwdesk.base.text import _, quoted
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.cells.problems import WARNING, Problem, ignore_problem
from lwdesk.catalog.effects.facts import get_path, pack, unpack
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.lists import Lists
from lwdesk.catalog.effects.parts import Corrects, Reviews
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.model import Column, Values
from lwdesk.catalog.operation import Conflict, Need, Operation, Recipe, Ref, Refused, Send, UpToDate
from lwdesk.jobs.journal import UNPLANNED, Journal
from lwdesk.jobs.states import CONFLICT, FAILED, READY, SKIPPED, UNCHANGED, Call, Row, Step

# The rows that are planned, or were: those that no error keeps back.
_TO_COMPARE = "outcome IS NULL"
# `about` of the step that lists the conflicts of a row, beside the step that is sent.
_ALONE = "left alone"


def slots(operation: Operation, values: Values, directory: Directory) -> dict[str, str]:
    """The path parameters of a call: ids where they are known, else the email."""
    found = {}
    for column in operation.path:
        value = values[column.id]
        if isinstance(value, Ref):
            found[column.id] = value.id
        else:
            known = directory.record("user", str(value))
            found[column.id] = str((known and known.data.get("id")) or value)
    return found


class Planner:
    """Plans the rows of one journal."""

    def __init__(
        self,
        journal: Journal,
        recipe: Recipe,
        directory: Directory,
        stop: Callable[[], bool] = never,
        links: Links | None = None,
    ):
        """`links`, where they are wanted, learn which rows share a fact."""
        self._links, self._watched = links, set[int]() if links is not None else None
        directory.clear_overlay(self._watched)
        self.by_id = False
        self._journal, self._recipe, self._directory, self._stop = journal, recipe, directory, stop
        self.writer = PlanWriter(journal)
        self._resolver = Resolver(recipe, directory.titles, journal.get("picked", {}))
        self._letters: dict[str, str] = journal.get("letters", {})
        self._calls: dict[str, dict[str, int]] = defaultdict(dict)  # operation -> key -> call
        self._makers: dict[str, list[str]] = {}
        self._suspended = SuspendedUsers(directory)
        self._done: dict[int, set[tuple[str, str]]] = {}
        self._replan = False

    def plan(self) -> None:
        """Plan all rows that are open, and write their steps and calls to the journal."""
        self._replan = self._journal.unplanned
        self._done = self._done_before()
        first = not self._journal.ask("SELECT 1 FROM step LIMIT 1")
        self._plan(_TO_COMPARE if first else UNPLANNED, _TO_COMPARE)

    def plan_alone(self, rows: Collection[int], by_id: bool) -> None:
        """Plan these rows, which have no steps and share no fact with others. `by_id`: some row knows a user by id."""
        where = f"outcome IS NULL AND id IN ({','.join(map(str, rows))})"
        self._plan(where, where, by_id)

    def _plan(self, where: str, to_compare: str, by_id: bool = False) -> None:
        self._look(where, to_compare, by_id)
        with self._journal.writing():
            for row in self._journal.rows(where):
                self._check_stop()
                self._plan_row(row)
                self._link(row)
            self.writer.flush()
            note_same_users(self._journal, where, self._letters)

    def _look(self, where: str, to_compare: str, by_id: bool) -> None:
        """Fetch what is needed from the school, and refuse the rows that contradict others."""
        contradictions = Contradictions()
        self._directory.fetch(self._needs(where, contradictions))
        if to_compare != where:  # a row that is planned later than others must not contradict what they did
            self._note(f"{to_compare} AND NOT ({where})", contradictions)
        self.by_id = contradictions.by_id
        if self.by_id or by_id:
            contradictions = Contradictions(self._directory)
            self._note(to_compare, contradictions)
        self._refuse_contradictions(where, to_compare, contradictions)

    def _link(self, row: Row, facts: Collection[int] = ()) -> None:
        """Note the facts that the plan of a row looked at."""
        if self._links is not None and self._watched is not None:
            self._links.add(row.id, [*self._watched, *filter(None, facts)])
            self._watched.clear()

    def _check_stop(self) -> None:
        """Raise Stopped where the plan is no longer wanted."""
        if self._stop():
            raise Stopped

    def _done_before(self) -> dict[int, set[tuple[str, str]]]:
        """Row id -> steps (operation, about) that an earlier run completed, which are never planned again."""
        found: dict[int, set[tuple[str, str]]] = {}
        sql = "SELECT row, op, about FROM step WHERE coalesce(outcome, '') != ?"
        for row, op, about in self._journal.ask(sql, READY):
            found.setdefault(row, set()).add((op, about))
        return found

    def _needs(self, where: str, contradictions: Contradictions) -> Iterator[Need]:
        """The facts that planning needs. Rows with unknown titles are marked as failed."""
        for row in self._journal.rows(where):
            self._check_stop()
            problems: list[Problem] = []
            works = list(self._resolver.works(unpack(row.values), problems.append))
            if problems:
                self._refuse(row, problems)
                continue
            self._link(row, [fact for work in works for fact in contradictions.note(row.number, work)])
            for work in works:
                yield from work.use.operation.effect.needs(work.values)

    def _note(self, where: str, contradictions: Contradictions) -> None:
        for row in self._journal.rows(where):
            works = self._resolver.works(unpack(row.values), ignore_problem)
            self._link(row, [fact for work in works for fact in contradictions.note(row.number, work)])

    def _refuse_contradictions(self, where: str, to_compare: str, contradictions: Contradictions) -> None:
        """Mark the rows that contradict another row, planned now or before, as failed; messages name the other row and
        its value."""
        suspected = contradictions.suspected
        if not suspected:
            return
        for row in self._journal.rows(to_compare):
            if row.number in suspected:
                for work in self._resolver.works(unpack(row.values), ignore_problem):
                    contradictions.compare(row.number, work)
        for row in self._journal.rows(where):
            if row.number in suspected and (problems := contradictions.of(row.number)):
                self._refuse(row, problems)

    def _refuse(self, row: Row, problems: list[Problem]) -> None:
        cells = [f"{self._letters.get(problem.column, '')}{row.number}" for problem in problems]
        row.problems += [{**p.facts(), "cell": cell} for p, cell in zip(problems, cells, strict=True)]
        row.outcome = FAILED
        row.message = " ".join(f"{cell}: {p.message}" for p, cell in zip(problems, cells, strict=True))
        self._journal.save_row(row)

    def _plan_row(self, row: Row) -> None:
        stopped = ""
        if any(problem["code"] == "suspended" for problem in row.problems):  # of an earlier plan
            row.problems = [problem for problem in row.problems if problem["code"] != "suspended"]
            self._journal.save_row(row)
        if self._replan:
            self._journal.drop_unplanned(row.id)
        done = self._done.get(row.id, ())
        expect = None if row.was is None else self._resolver.resolved(unpack(row.was), ignore_problem)
        for work in self._resolver.works(unpack(row.values), ignore_problem):
            if work.use.operation.batch:
                work = work._replace(values=self.keyed(work.use.operation, work.values))
            step = Step(row.id, work.use.operation.id, work.about, pack(work.values))
            if (step.op, step.about) in done:
                continue
            if stopped:
                step.outcome, step.message = SKIPPED, stopped
            else:
                stopped = self._judge(row, work, step, expect)
                self._warn_of_suspended(row, work, step)
            self.writer.add_step(step)

    def _warn_of_suspended(self, row: Row, work: Work, step: Step) -> None:
        """Add a warning about suspended users to the row and to the step, if the step is sent."""
        if step.outcome:
            return
        for column, email in self._suspended.of(work.use.operation, work.values):
            step.message += "; " + _("{user} is suspended and can't sign in").format(user=email)
            name = work.use.names.get(column.id, column.id)
            cell = f"{self._letters.get(name, '')}{row.number}"
            words = _("{user} is suspended and can't sign in. The row is sent all the same.").format(
                user=email
            )
            problem = Problem(WARNING, "suspended", words, column=name, cell=cell).facts()
            if problem not in row.problems:
                row.problems.append(problem)
                self._journal.save_row(row)

    def _judge(self, row: Row, work: Work, step: Step, expect: Values | None) -> str:
        """Set the outcome, message and call of a step. Returns why the row's other steps are skipped, mostly ""."""
        operation = work.use.operation
        verdict = operation.effect.judge(operation, work.values, self._directory, expect)
        if isinstance(verdict, Refused):
            step.outcome, step.message = FAILED, verdict.message
            return _("Another value in this row has an error.") if verdict.whole else ""
        if isinstance(verdict, UpToDate) and verdict.left:
            _leave(step, verdict.left)
            return ""
        if isinstance(verdict, UpToDate):
            step.call, step.message = verdict.call, verdict.message
            if verdict.call is None:
                step.outcome = UNCHANGED
            else:  # another step of this job makes it so
                step.message = describe(operation, work.values)
            return ""
        if verdict.left and (step.op, _ALONE) not in self._done.get(row.id, ()):
            apart = Step(row.id, step.op, _ALONE, {})
            _leave(apart, verdict.left)
            self.writer.add_step(apart)
        self.send(step, replace(verdict, note="") if verdict.left else verdict, row.number)
        return ""

    def keyed(self, operation: Operation, values: Values) -> dict[str, Any]:
        """The values of a step. For batches, the user is given by id, or by email where the user has none yet."""
        many = operation.batch
        return dict(values) | (
            {many.id: self._directory.main_key("user", str(values[many.id]))} if many else {}
        )

    def send(self, step: Step, send: Send, row_number: int) -> None:
        """Plan a call for a step, or merge the step into a call that is planned already."""
        operation = send.operation
        step.changes = [[c.column, c.before, c.after] for c in send.changes]
        step.message = self._words(send)
        key = self._directory.main_key("user", operation.effect.key(send.values))
        if operation.batch:
            key = request(operation.call, slots(operation, send.values, self._directory)).path
        self._directory.touch("lane", key)
        call_id = self._gather(send, key, operation.batch) if operation.batch else self._fold(send, key)
        if call_id is None:
            call_id = self.writer.add_call(self._call(send, key))
            # Calls of other effects can't be merged.
            if operation.batch or isinstance(operation.effect, Creates | Updates | Lists):
                self._calls[operation.id][key] = call_id
        step.call = call_id
        operation.effect.assume(send, self._directory, call_id, row_number)

    def _words(self, send: Send) -> str:
        words = describe(send.operation, send.values)
        if isinstance(send.operation.effect, Updates | Corrects | Reviews):
            changes = [f"{_(c.column)} {c.before or '–'} → {c.after or '–'}" for c in send.changes]
            words = f"{words}: {'; '.join(changes)}"
        elif isinstance(send.operation.effect, Joins) and (paid := send.changes[1:]):
            words = f"{words} ({'; '.join(f'{_(c.column)} {c.after}' for c in paid)})"
        return f"{words}; {send.note}" if send.note else words

    def _call(self, send: Send, key: str) -> Call:
        operation = send.operation
        built = request(operation.call, slots(operation, send.values, self._directory))
        return Call(
            operation.id,
            built.method,
            built.path,
            send.body,
            lane=key,
            repeat=operation.repeat,
            values=pack(
                {k: v for k, v in send.values.items() if not operation.batch or k != operation.batch.id}
            ),
            memo=send.memo,
            needs=send.after,
            mails=send.invites or bool(operation.mails and send.values.get(operation.mails)),
        )

    def _gather(self, send: Send, key: str, many: Column) -> int | None:
        """Add the step to the planned batch call with the same key, if it has room. Returns the call's id or None."""
        call_id = self._calls[send.operation.id].get(key)
        if call_id is None:
            return None
        call = self.writer.call(call_id)
        body = merged(call.body or {}, send.body)
        if len(get_path(body, str(many.at))) > many.batch:
            return None
        self.writer.change(call, body, call.values, call.memo, send.after)
        return call_id

    def _fold(self, send: Send, key: str) -> int | None:
        """Merge the change into a planned call on the same record. Returns the call's id or None."""
        effect = send.operation.effect
        if not isinstance(effect, Updates | Lists):
            return None
        call_id = self._calls[send.operation.id].get(key)
        if call_id is None:
            if (makers := self._makers.get(effect.listing)) is None:
                makers = self._makers[effect.listing] = _makers(effect.listing)
            call_id = next((c for op in makers if (c := self._calls[op].get(key)) is not None), None)
            if call_id is None:
                return None
        call = self.writer.call(call_id)
        constants = dict(OPERATIONS[send.operation.id].body)
        body = merged(call.body or {}, {k: v for k, v in send.body.items() if k not in constants})
        values = merged(call.values, pack({k: v for k, v in send.values.items() if k in _sent(send)}))
        self.writer.change(call, body, values, merged(send.memo, call.memo))
        return call_id


def _leave(step: Step, left: Sequence[Conflict]) -> None:
    """Make a step a conflict: it lists what changed in the school since the export and is not sent."""
    words = _(
        "{column} changed in LearnWorlds after you exported: it was “{was}” and "
        "is now “{now}”. Your value “{wanted}” isn't sent"
    )
    parts = (words.format(column=_(one.column), was=one.was, now=one.now, wanted=one.wanted) for one in left)
    step.outcome, step.message = CONFLICT, "; ".join(parts)
    apart = _("not sent: {wanted} (exported: {was})")
    step.changes = [[c.column, c.now, apart.format(wanted=c.wanted or "–", was=c.was or "–")] for c in left]


def _makers(listing: str) -> list[str]:
    """The ids of the operations that create a record of the listing."""
    effects = ((op.id, op.effect) for op in OPERATIONS.values())
    return [name for name, effect in effects if isinstance(effect, Creates) and effect.listing == listing]


def _sent(send: Send) -> set[str]:
    """The ids of the columns whose values go into the body."""
    found = {name: send.operation.column(name) for name in send.values}
    return {name for name, column in found.items() if column is not None and column.sent}


def describe(operation: Operation, values: Values) -> str:
    """The message for users: what the operation does with these values."""
    words = _(operation.done)
    named = ((name, values[name]) for name in _named(words))
    return words.format_map(
        {
            name: "; ".join(quoted(str(one)) for one in value) if isinstance(value, tuple) else value
            for name, value in named
        }
    )


@cache
def _named(words: str) -> list[str]:
    """The names of the values that a message shows."""
    return [name for _text, name, _spec, _conversion in Formatter().parse(words) if name]


def merged(first: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Merge two bodies: dicts recursively, lists without duplicates, otherwise the second value wins."""
    result = dict(first)
    for key, value in more.items():
        mine = result.get(key)
        if isinstance(mine, dict) and isinstance(value, dict):
            result[key] = merged(mine, value)
        elif isinstance(mine, list) and isinstance(value, list):
            result[key] = list(dict.fromkeys([*mine, *value]))
        else:
            result[key] = value
    return result
