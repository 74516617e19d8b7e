"""Effects on records that are found by whom and what they belong to: a certificate in a course, a submission, a
section. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lwdesk.base.text import _, listing, title_key
from lwdesk.catalog.cells.dates import day_of
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.effects.facts import (
    body_of,
    copied,
    display,
    equal_values,
    get_path,
    lookup_key,
    serialize,
    set_path,
)
from lwdesk.catalog.effects.records import Creates, Single, column_of, maker, unknown_user
from lwdesk.catalog.model import Column, Values
from lwdesk.catalog.operation import Change, Fact, Need, Operation, Refused, Send, State, UpToDate, Verdict


@dataclass(frozen=True)
class Picks(Single):
    """What is true of the one record of `listing` that the user in the column `user` has under the item in the column
    `item`.

    The column `by` distinguishes several, by id or `label`, and receives the id. Records that don't have one of the
    values of `alive` (field, value) are not there any more.
    """

    listing: str
    by: str
    item: str
    user: str = "user"
    label: str = "title"
    alive: tuple[str, str] = ("", "")

    @property
    def identity(self) -> tuple[str, ...]:
        return self.user, self.item, self.by

    def key(self, values: Values) -> str:
        return str(values.get(self.by) or values[self.user])

    def needs(self, values: Values) -> list[Need]:
        user = str(values[self.user])
        return [Need("user", user), Need(self.listing, user, values.get(self.item))]

    def pick(self, operation: Operation, values: Values, state: State) -> Fact | Refused | None:
        """The record; None where there is none, or none any more; a refusal where it may be one or another."""
        user = str(values[self.user])
        if state.record("user", user) is None:
            return unknown_user(user)
        rows = state.held(self.listing, user, values.get(self.item))
        facts = [state.record(self.listing, str(row["id"])) or Fact(row) for row in rows]
        field_, value = self.alive
        hits = [fact for fact in facts if not field_ or fact.data.get(field_) == value]
        what = _(column_of(operation, self.by).title)
        if text := values.get(self.by):
            named = [fact for fact in facts if self._called(fact, str(text))]
            if hits and not named:
                message = _("{user} has no {what} “{text}”, but has {choices}.")
                return Refused(
                    message.format(user=user, what=what, text=text, choices=self._choices(hits, operation))
                )
            hits = [fact for fact in named if fact in hits]
        if len(hits) > 1:
            message = _("{user} has several: {choices}. Enter the ID of one under “{what}”.")
            return Refused(message.format(user=user, what=what, choices=self._choices(hits, operation)))
        return hits[0] if hits else None

    def _called(self, fact: Fact, text: str) -> bool:
        title = str(fact.data.get(self.label) or "")
        return text == str(fact.data["id"]) or title_key(text) == title_key(title)

    def _choices(self, facts: list[Fact], operation: Operation) -> str:
        return listing([f"{self._label(fact)} (id {fact.data['id']})" for fact in facts])

    def _label(self, fact: Fact) -> str:
        value = fact.data.get(self.label)
        return day_of(value).isoformat() if isinstance(value, int | float) else str(value or "")

    def lacks(self, operation: Operation, values: Values) -> Refused:
        """A refusal for a record that is not there."""
        item, what = values.get(self.item), _(column_of(operation, self.by).title)
        if item is None:
            return Refused(_("{user} has no {what}.").format(user=values[self.user], what=what))
        message = _("{user} has no {what} in “{item}”.")
        return Refused(message.format(user=values[self.user], what=what, item=item))

    def back(self, values: Values) -> dict[str, Any]:
        """The values that find the same record again."""
        return {name: values[name] for name in (self.user, self.item, self.by) if name in values}


@dataclass(frozen=True)
class Revokes(Picks):
    """The record is there no more."""

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        fact = self.pick(operation, values, state)
        if isinstance(fact, Refused):
            return fact
        if fact is None:
            rows = state.held(self.listing, str(values[self.user]), values.get(self.item))
            facts = [state.record(self.listing, str(row["id"])) for row in rows]
            calls = [known.call for known in facts if known is not None and known.call is not None]
            return UpToDate(operation.so.format_map(values), calls[-1] if calls else None)
        change = Change(column_of(operation, self.by).title, self._label(fact), "")
        return Send(operation, {**values, self.by: str(fact.data["id"])}, {}, (change,))

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        field_, _value = self.alive
        name = send.values[self.by]
        state.learn(self.listing, name, Fact({"id": name, field_: ""}, call))


@dataclass(frozen=True)
class Corrects(Picks):
    """The record shows the row's values, days compared as days; of the places `whole`, all are sent where one is."""

    whole: tuple[str, ...] = ()

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        fact = self.pick(operation, values, state)
        if not isinstance(fact, Fact):
            return fact or self.lacks(operation, values)
        body: dict[str, Any] = {}
        before: dict[str, Any] = {}
        changes, left = [], []
        given = [(c, values[c.id]) for c in operation.columns if c.sent and values.get(c.id) is not None]
        for column, value in given:
            now = get_path(fact.data, column.field)
            if _alike(now, serialize(column, value) if value is EMPTY else value):
                continue
            if expect is not None and not _alike(now, expect.get(column.id)):
                left.append(column.title)
                continue
            set_path(body, str(column.at), serialize(column, value))
            before[column.id] = column.kind.blank if now is None else now
            changes.append(Change(column.title, _display(column, now), _display(column, value)))
        note = (
            _("left unchanged, because someone edited it in the meantime: {columns}").format(
                columns=listing(left)
            )
            if left
            else ""
        )
        if not changes:
            return UpToDate(
                note or operation.so.format_map(values), maker(fact, (c.field for c, _v in given))
            )
        if any(get_path(body, place) is not None for place in self.whole):
            for place in self.whole:
                if get_path(body, place) is None:
                    set_path(body, place, get_path(fact.data, place) or "")
        found = {**values, self.by: str(fact.data["id"])}
        return Send(operation, found, body, tuple(changes), note=note, memo={"before": before})

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        user, item = str(send.values[self.user]), send.values.get(self.item)
        name = send.values[self.by]
        rows = [row_ for row_ in state.held(self.listing, user, item) if str(row_["id"]) == name]
        fact = copied(state.record(self.listing, name) or Fact(rows[0]))
        for column in send.operation.columns:
            if column.sent and (value := get_path(send.body, str(column.at))) is not None:
                set_path(fact.data, column.field, value)
                fact.given[column.field] = (row, call)
        state.learn(self.listing, name, fact)

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        return {**self.back(values), **memo["before"]}


def _alike(now: Any, value: Any) -> bool:
    if isinstance(value, date) and isinstance(now, int | float):
        return day_of(now) == value
    return equal_values(value, now)


def _display(column: Column, value: Any) -> str:
    """A value as shown to users; a number in a date column is a timestamp."""
    if isinstance(value, int | float) and not isinstance(value, bool) and hasattr(column.kind, "day_first"):
        return day_of(value).isoformat()
    return display(value)


@dataclass(frozen=True)
class Adds(Creates):
    """A new record inside what the column `parent` names, which may have the same name elsewhere.

    `along` (place, value) is sent beside what the row gives of the same object.
    """

    along: tuple[tuple[str, Any], ...] = ()
    items: str = field(
        default="", kw_only=True
    )  # where the answer, which is the whole parent, lists such records

    def needs(self, values: Values) -> list[Need]:
        return [Need(self.listing, lookup_key(values[self.by]), values[self.parent])]

    def there(self, values: Values, state: State) -> dict[str, Any]:
        rows = state.held(self.listing, lookup_key(values[self.by]), values[self.parent])
        return dict(rows[-1]) if rows else {}

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        planned = state.record(self.listing, self.key(values))
        if planned is not None or self.there(values, state):
            return UpToDate(operation.so.format_map(values), planned.call if planned else None)
        body = body_of(operation, values)
        for place, value in self.along:
            whole = place.rpartition(".")[0]
            if get_path(body, whole) and get_path(body, place) is None:
                set_path(body, place, value)
        given = [c for c in operation.columns if values.get(c.id) is not None]
        changes = tuple(Change(c.title, "", display(values[c.id])) for c in given)
        return Send(operation, values, body, changes)

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        state.learn(self.listing, self.key(send.values), Fact({**send.body, "id": ""}, call))

    def made(self, answer: Any, values: Values) -> str:
        """The id of the new record, from the parent as it is now."""
        rows = answer.get(self.items) if isinstance(answer, dict) else None
        named = [r for r in rows or () if isinstance(r, dict) and r.get("title") == values[self.by]]
        return str(named[-1].get("id") or "") if named else ""


@dataclass(frozen=True)
class Reviews(Picks):
    """The record has the row's marks: of one of its answers that a teacher grades, and of the whole.

    `question` is the column that distinguishes several answers, `grade`, `feedback` and `whole` the columns of marks.
    LearnWorlds API v2: a grade is a percentage of the points that an answer may bring.
    """

    question: str = "question"
    grade: str = "grade"
    feedback: str = "feedback"
    whole: str = "general_feedback"
    graded: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        return *super().identity, self.question

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        fact = self.pick(operation, values, state)
        if not isinstance(fact, Fact):
            return fact or self.lacks(operation, values)
        answer = self._answer(operation, values, fact)
        if isinstance(answer, Refused):
            return answer
        now = {self.grade: _percent(answer), self.feedback: answer.get("feedback")}
        now[self.whole] = fact.data.get("generalFeedback")
        given = {name: values[name] for name in now if values.get(name) is not None}
        if not given:
            return Refused(_("There is neither a grade nor feedback in this row."))
        given = {name: "" if value is EMPTY else value for name, value in given.items()}
        differs = {name: value for name, value in given.items() if not equal_values(value, now[name])}
        left = {n for n in differs if expect is not None and not equal_values(expect.get(n), now[n])}
        note = ""
        if left:
            names = listing([column_of(operation, name).title for name in sorted(left)])
            note = _("left unchanged, because someone edited it in the meantime: {columns}").format(
                columns=names
            )
        differs = {name: value for name, value in differs.items() if name not in left}
        if not differs:
            return UpToDate(note or operation.so.format_map(values), maker(fact, given))
        body: dict[str, Any] = {}
        if self.whole in differs:
            body["generalFeedback"] = differs[self.whole]
        found = {**values, self.by: str(fact.data["id"])}
        if differs.keys() - {self.whole}:
            marks = {name: differs.get(name, now[name]) for name in (self.grade, self.feedback)}
            given = {name: value for name, value in marks.items() if value is not None}
            body["answers"] = [{"blockId": answer["blockId"], **given}]
            found[self.question] = answer["blockId"]
        changes = tuple(
            Change(
                column_of(operation, name).title, display(now[name]), display(EMPTY if value == "" else value)
            )
            for name, value in differs.items()
        )
        memo = {"before": {name: now[name] for name in differs}}
        return Send(operation, found, body, changes, note=note, memo=memo)

    def _answer(self, operation: Operation, values: Values, fact: Fact) -> dict[str, Any] | Refused:
        """The answer that is marked; an empty one where only the whole is."""
        if values.get(self.grade) is None and values.get(self.feedback) is None:
            return {}
        answers: list[dict[str, Any]] = list(fact.data.get("answers") or ())
        text = values.get(self.question)
        if text is None:
            hits = [one for one in answers if one.get("blockType") in self.graded]
        else:
            hits = [one for one in answers if text == one["blockId"]]
            hits = hits or [
                one for one in answers if title_key(str(one.get("description"))) == title_key(text)
            ]
        if len(hits) == 1:
            return hits[0]
        what = column_of(operation, self.question).title
        names = listing([f"{one.get('description')} (id {one['blockId']})" for one in hits or answers])
        message = _("Which question do you mean: {choices}? Enter its ID under “{what}”.")
        return Refused(message.format(choices=names, what=_(what)))

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        name = send.values[self.by]
        rows = state.held(self.listing, str(send.values[self.user]), send.values.get(self.item))
        known = state.record(self.listing, name) or Fact(next(r for r in rows if str(r["id"]) == name))
        fact = copied(known)
        fact.data["generalFeedback"] = send.body.get("generalFeedback", fact.data.get("generalFeedback"))
        for marks in send.body.get("answers", ()):
            for one in fact.data["answers"]:
                if one["blockId"] == marks["blockId"]:
                    one["feedback"] = marks.get("feedback", one.get("feedback"))
                    if "grade" in marks:
                        one["points"] = (one.get("blockMaxScore") or 0) * marks["grade"] / 100
        state.learn(self.listing, name, replace(fact, call=call))

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        """A grade can be changed and not taken back; feedback can be emptied."""
        before = dict(memo["before"])
        if self.grade in before and before[self.grade] is None:
            return None
        texts = {name: before[name] or "" for name in (self.feedback, self.whole) if name in before}
        asked = {self.question: values[self.question]} if self.question in values else {}
        return {**self.back(values), **asked, **before, **texts}


def _percent(answer: Mapping[str, Any]) -> int | None:
    points, most = answer.get("points"), answer.get("blockMaxScore")
    return round(100 * points / most) if points is not None and most else None
