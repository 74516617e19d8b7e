"""Effects on records of the school: create and update. Pure.

Everything that must know "is it so?" asks here: planning (skip what is so), a lost answer (was it carried out?),
undo (is it still as we left it?).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lwdesk.base.text import _, listing, quoted, title_key
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.cells.kinds import Email
from lwdesk.catalog.cells.problems import ignore_problem
from lwdesk.catalog.effects.facts import (
    as_ids,
    body_of,
    copied,
    derived,
    display,
    equal_values,
    get_path,
    lookup_key,
    serialize,
    set_path,
    with_emails,
    with_titles,
    with_user_ids,
    without_empty,
)
from lwdesk.catalog.effects.unique import claim_names, taken_by_other, taken_too, with_free_names
from lwdesk.catalog.model import Column, Values
from lwdesk.catalog.operation import (
    Change,
    Conflict,
    Fact,
    Need,
    Operation,
    Refused,
    Send,
    State,
    UpToDate,
    Verdict,
)


def column_of(operation: Operation, column_id: str) -> Column:
    found = operation.column(column_id)
    assert found is not None, (operation.id, column_id)
    return found


def unknown_user(user: object) -> Refused:
    return Refused(_("Your school has no user {user}.").format(user=user))


def unknown(listing: str, value: object) -> Refused:
    """The refusal for a record that the school lacks."""
    return (
        unknown_user(value)
        if listing == "user"
        else Refused(_("Your school has no {name}.").format(name=value))
    )


@dataclass(frozen=True)
class Single:
    """Defaults of most effects: one call per step, no undo."""

    def parts(self, values: Values) -> list[Values]:
        return [values]

    @property
    def identity(self) -> tuple[str, ...]:
        return ()

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        return None

    def made(self, answer: Any, values: Values) -> str:
        if isinstance(answer, list):
            return "; ".join(str(row["code"]) for row in answer if isinstance(row, dict) and "code" in row)
        return str(answer.get("id") or answer.get("code") or "") if isinstance(answer, dict) else ""

    def renewed(
        self, operation: Operation, values: Values, memo: Mapping[str, Any], body: dict[str, Any], now: Any
    ) -> dict[str, Any]:
        return body

    @property
    def sends_along(self) -> bool:
        return False


@dataclass(frozen=True)
class OnRecord(Single):
    """What is true of a record of `listing`, known by the column `by`.

    `people` are columns that list users, who go out as ids and are shown with their emails.
    """

    listing: str
    by: str
    people: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.by,)

    def key(self, values: Values) -> str:
        return lookup_key(values[self.by])

    def needs(self, values: Values) -> list[Need]:
        people = [person for name in self.people for person in values.get(name) or ()]
        return [
            Need(self.listing, lookup_key(values[self.by])),
            *(Need("user", lookup_key(p)) for p in people),
        ]


@dataclass(frozen=True)
class Creates(OnRecord):
    """A new record of `listing`, known by the column `by`; with `parent`, the column of what it belongs to. `back` is
    the column of the undo that says which one. `goes_with` (column, other, words): the column is needed where the
    other says one of these words, and nowhere else."""

    parent: str = ""
    back: str = ""
    goes_with: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.by, self.parent) if self.parent else (self.by,)

    def key(self, values: Values) -> str:
        name = lookup_key(values[self.by])
        return f"{values[self.parent].id}/{name}" if self.parent else name

    def there(self, values: Values, state: State) -> dict[str, Any]:
        """The record as the school has it now, {} if it lacks it."""
        fact = state.record(self.listing, str(values[self.by]))
        return dict(fact.data) if fact is not None else {}

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        name = lookup_key(values[self.by])
        fact = state.record(self.listing, name)
        values, unknown_one = with_user_ids(values, self.people, state)
        if unknown_one is not None:
            return unknown_user(unknown_one)
        if fact is None:
            values = without_empty(values)
        if fact is None and (misfit := self._misfit(operation, values)):
            return Refused(misfit)
        if fact is None:
            made_of = derived(operation, values)
            full, names, note = with_free_names(operation, self.listing, values, made_of, state)
            body = body_of(operation, full)
            added = tuple(
                Change(column.title, "", _shown(column, full[column.id]))
                for column in operation.present(full)
                if full.get(column.id) is not None and not column.id.startswith("cf_")
            )
            return Send(operation, full, body, added, note=note, memo={"names": names} if names else {})
        if self.parent and fact.data.get("parent") not in (None, values[self.parent].id):
            message = _("“{name}” already exists, but it doesn't belong to “{parent}”. Choose another one.")
            return Refused(message.format(name=name, parent=values[self.parent]))
        if fact.call is None:
            return UpToDate(operation.so.format_map(values))
        return contradiction(operation, values, fact, self.by) or UpToDate(
            operation.so.format_map(values), fact.call
        )

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        data = {**send.body, "id": ""}
        if self.parent:
            data["parent"] = send.values[self.parent].id
        columns = (send.operation.column(name) for name, value in send.values.items() if value is not None)
        given = {c.field: (row, call) for c in columns if c is not None and c.sent}
        name = lookup_key(send.values[self.by])
        state.learn(self.listing, name, Fact(data, call, given))
        claim_names(send, self.listing, name, state)

    def _misfit(self, operation: Operation, values: Values) -> str:
        for name, other, words in self.goes_with:
            column, there = column_of(operation, name), values.get(name) is not None
            if there is not (values.get(other) in words):
                message = (
                    _("Leave {column} blank for “{value}”.")
                    if there
                    else _("Fill in {column} for “{value}”.")
                )
                return message.format(value=values.get(other), column=_(column.title))
        return ""

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        return {self.back: memo.get("made") or values[self.by]} if self.back else None


def _shown(column: Column, value: Any) -> str:
    return "•••" if column.secret and value is not None else display(value)


def contradiction(
    operation: Operation, values: Values, fact: Fact, by: str, *, adding: bool = True
) -> Refused | None:
    """A refusal when an earlier row of the file gives the same record another value: two users with one email?

    `adding`: lists of several rows add up, and contradict each other never.
    """
    if not fact.given:
        return None
    others = {name: value for name, value in values.items() if name != by}
    for name, value in derived(operation, others).items():
        column = operation.column(name)
        if value is None or column is None or not column.sent or column.field not in fact.given:
            continue
        mine, theirs = serialize(column, value), as_ids(get_path(fact.data, column.field))
        if (adding and isinstance(mine, list)) or equal_values(mine, theirs):
            continue
        message = _("In row {row} of this file, {column} is “{other}”. Use the same value in both rows.")
        row, _call = fact.given[column.field]
        message = message.format(row=row, column=_(column.title), other=_shown(column, theirs))
        return Refused(message, whole=True)
    return None


def maker(fact: Fact, fields: Iterable[str]) -> int | None:
    """The id of the planned call that sets these fields, if any."""
    calls = [fact.given[name][1] for name in fields if name in fact.given]
    return max(calls, default=fact.call)


def _alike_but_case(column: Column, now: Any, want: Any) -> bool:
    """Whether a unique value differs in case only, which the school ignores (LearnWorlds API v2, email)."""
    return column.unique and isinstance(column.kind, Email) and str(now).casefold() == str(want).casefold()


def _still(column: Column, now: Any, was: Any) -> bool:
    """Whether the school's value is still the exported one, as far as a cell of the column shows."""
    before = None if was is None else serialize(column, was)
    cell = "; ".join(quoted(str(one)) for one in now) if isinstance(now, list) else now
    read = column.kind.read(cell, ignore_problem)
    return equal_values(now, before) or equal_values(
        None if read is None else serialize(column, read), before
    )


@dataclass(frozen=True)
class Updates(OnRecord):
    """The record of `listing` found by the column `by` shows the row's values; `fixed` are values all rows set.

    Only what differs is sent, and beside it what the record shows at the places `resend`, which the service wants to
    hear again with every change. An empty cell leaves the value as it is.
    """

    fixed: tuple[tuple[str, Any], ...] = ()
    resend: tuple[str, ...] = ()
    renames: str = field(default="", kw_only=True)  # the column that changes what the record is known by

    def needs(self, values: Values) -> list[Need]:
        new = values.get(self.renames)
        return [*super().needs(values), *([Need(self.listing, str(new))] if new else [])]

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        named, values = values[self.by], self._as_renamed(values, state)
        fact = state.record(self.listing, lookup_key(values[self.by]))
        if fact is None:
            return unknown(self.listing, named)
        if (refused := self._at_odds(operation, values, fact, state, expect)) is not None:
            return refused
        values, unknown_one = with_user_ids(values, self.people, state)
        if unknown_one is not None:
            return unknown_user(unknown_one)
        wanted = self._wanted(operation, values)
        body: dict[str, Any] = {}
        before: dict[str, Any] = {}
        changes: list[Change] = []
        left: dict[str, Conflict] = {}
        for column, value in wanted:
            now, want = get_path(fact.data, column.field), serialize(column, value)
            if column.id in self.people:
                now, value = with_emails(now), with_emails(value)
            if equal_values(
                now, value if column.id in self.people and value is not EMPTY else want
            ) or _alike_but_case(column, now, want):
                continue
            if expect is not None and not _still(column, now, was := with_emails(expect.get(column.id))):
                cells = (_shown(column, with_titles(column, v, state)) for v in (was, now, value))
                left[column.id] = Conflict(column.title, *cells)
                continue
            set_path(body, str(column.at), want)
            before[column.id] = column.kind.blank if now is None else now
            changes.append(
                Change(column.title, *(_shown(column, with_titles(column, v, state)) for v in (now, value)))
            )
        alone, names = tuple(left.values()), listing([one.column for one in left.values()])
        note = (
            _("left unchanged, because someone edited it in the meantime: {columns}").format(columns=names)
            if left
            else ""
        )
        if not changes:
            call = maker(fact, (c.field for c, _v in wanted))
            return UpToDate(note or operation.so.format_map(values), call, alone)
        if values[self.by] is not named:
            return unknown(self.listing, named)  # the record with the new name may be another one
        values = {name: value for name, value in values.items() if name not in left}
        note = note or self._shares(operation, values, state)
        for place in {*self.resend} - {str(column.at) for column, _v in wanted if column.id in before}:
            if (now := as_ids(get_path(fact.data, place))) is not None:
                set_path(body, place, now)
        after = (fact.call,) if fact.call is not None else ()
        memo = {"before": before, "id": fact.data.get("id")}
        return Send(operation, values, body, tuple(changes), after, note, memo, alone)

    @property
    def sends_along(self) -> bool:
        return bool(self.resend)

    def renewed(
        self, operation: Operation, values: Values, memo: Mapping[str, Any], body: dict[str, Any], now: Any
    ) -> dict[str, Any]:
        fresh = dict(body)
        changed = {column_of(operation, name).at for name in memo["before"]}
        for place in {*self.resend} - changed:
            if (present := as_ids(get_path(now, place))) is not None:
                set_path(fresh, place, present)
        return fresh

    def _as_renamed(self, values: Values, state: State) -> Values:
        """The values of a row whose rename was done before: the record is found by its new name."""
        new = values.get(self.renames)
        if new is None or state.record(self.listing, lookup_key(values[self.by])) is not None:
            return values
        return {**values, self.by: new} if state.record(self.listing, str(new)) is not None else values

    def _at_odds(
        self, operation: Operation, values: Values, fact: Fact, state: State, expect: Values | None
    ) -> Refused | None:
        """The refusal of a unique value that another record has, or of a contradiction to another row; or None."""
        new, column = values.get(self.renames), operation.column(self.renames)
        if new is not None and column is not None and column.unique and self._others(column, values, state):
            return Refused(taken_by_other(column, new), whole=True)
        return contradiction(operation, values, fact, self.by, adding=False) if expect is None else None

    def _others(self, column: Column, values: Values, state: State) -> bool:
        """Whether another known record has the value of this unique column."""
        holder = state.holder(self.listing, column.field, str(values[column.id]))
        return holder is not None and holder != state.main_key(self.listing, lookup_key(values[self.by]))

    def _shares(self, operation: Operation, values: Values, state: State) -> str:
        """The note on a value that another record has too; the school may or may not accept it."""
        for column in operation.unique:
            if column.id == self.renames or (new := values.get(column.id)) is None or new is EMPTY:
                continue
            if self._others(column, values, state):
                return taken_too(column, new)
        new = values.get(self.renames)
        if new is None or new is EMPTY or column_of(operation, self.renames).unique:
            return ""
        others = (one for one in state.records(self.listing) if one["id"] != lookup_key(values[self.by]))
        if any(title_key(str(one["title"])) == title_key(str(new)) for one in others):
            return _("another one already has the title “{title}”").format(title=new)
        return ""

    def _wanted(self, operation: Operation, values: Values) -> list[tuple[Column, Any]]:
        columns = [(operation.column(name), value) for name, value in values.items()]
        wanted = [(c, value) for c, value in columns if c is not None and c.sent]
        return wanted + [(Column(name, name, at=name), value) for name, value in self.fixed]

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        name = lookup_key(send.values[self.by])
        known = state.record(self.listing, name)
        if known is None:
            return
        fact = copied(known)
        for column, value in self._wanted(send.operation, send.values):
            if get_path(send.body, str(column.at)) is not None or value is EMPTY:
                person = column.id in self.people and value is not EMPTY
                present = (
                    [{"id": p.id, "email": p.title} for p in value] if person else serialize(column, value)
                )
                set_path(fact.data, column.field, present)
                fact.given[column.field] = (row, call)
        state.learn(self.listing, name, fact)
        if new := send.values.get(self.renames):
            state.learn(self.listing, str(new), replace(fact, call=call))
        claim_names(send, self.listing, name, state)

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        """Find the record by its id, because the call may have renamed it."""
        return {self.by: memo.get("id") or values[self.by], **memo["before"]}
