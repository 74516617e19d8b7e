"""Users and what they have: joining and leaving as an effect. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lwdesk.base.text import _, listing
from lwdesk.catalog.cells.numbers import Money
from lwdesk.catalog.effects.facts import body_of, display
from lwdesk.catalog.effects.records import Single, column_of, unknown_user
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Change, Fact, Need, Operation, Refused, Send, State, UpToDate, Verdict


@dataclass(frozen=True)
class Joins(Single):
    """A user has an item (or has it not: `there` False). `flag` is a yes/no column that `attribute` mirrors:
    for joining, with the attribute on; for leaving, `flag` no means only the attribute goes off. `needs_for`
    names the columns that items of one listing need (a subscription its duration). `back` is the flag of the undo,
    `invites` the field of an item's record that says that who joins is sent an invitation.
    """

    membership: str
    item: str
    of: str = "user"
    there: bool = True
    flag: str = ""
    back: str = ""
    attribute: str = ""
    invites: str = ""
    needs_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, ...]:
        return self.of, self.item

    def key(self, values: Values) -> str:
        return str(values[self.of])

    def needs(self, values: Values) -> list[Need]:
        user = str(values[self.of])
        return [Need("user", user), Need(self.membership, user, values[self.item])]

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        user, item = str(values[self.of]), values[self.item]
        person = state.record("user", user)
        if person is None:
            return unknown_user(user)
        fact = state.member(self.membership, user, item)
        packs = state.through(self.membership, user, item) if fact is None else []
        if packs and not self.there:
            message = _(
                "The user has {item} through {packs}. Remove the user from that instead. Nothing was changed"
            )
            return UpToDate(message.format(item=f"“{item}”", packs=listing(packs)))
        if self._so(operation, values, fact):
            return UpToDate(operation.so.format_map(values), fact.call if fact else None)
        if lacking := self._lacking(operation, values):
            words = _("“{item}” needs {columns}.").format(item=item, columns=listing(lacking))
            if (
                expect is not None
            ):  # an undo would give it back, and the API doesn't say for how long it was given
                words += " " + _(
                    "LearnWorlds doesn't say how long the enrollment was. Enroll the user again with an import."
                )
            return Refused(words)
        takes_room = self.there and (not self.attribute or self._flag(operation, values))
        if takes_room and state.room(self.membership, item) == 0:
            return Refused(
                _("“{item}” is full. Add seats in LearnWorlds, then retry this row.").format(item=item)
            )
        values = {k: v for k, v in values.items() if k not in self._not_for(item.listing)}
        records = state.records(item.listing) if self.invites else ()
        invited = any(r["id"] == item.id and r.get(self.invites) for r in records)
        note = _("an invitation is sent") if invited else ""
        if packs:
            note = _("already has it through {packs}, and now gets it directly too").format(
                packs=listing(packs)
            )
        title = f"{item.title} ({note})" if note else item.title
        before, after = ("", title) if self.there else (title, "")
        waits = tuple({f.call for f in (person, fact) if f is not None and f.call is not None})
        change = Change(column_of(operation, self.item).title, before, after)
        memo = {"was": None if fact is None else fact.data}
        body = body_of(operation, values)
        changes = (change, *self._paid(operation, values))
        return Send(operation, values, body, changes, waits, note, memo, invites=invited)

    def _paid(self, operation: Operation, values: Values) -> list[Change]:
        """The amounts that go along, for the review."""
        amounts = [
            c for c in operation.columns if self.there and isinstance(c.kind, Money) and values.get(c.id)
        ]
        return [Change(column.title, "", display(values[column.id])) for column in amounts]

    def _lacking(self, operation: Operation, values: Values) -> list[str]:
        wanted = self.needs_for.get(values[self.item].listing, ())
        return [column_of(operation, name).title for name in wanted if values.get(name) is None]

    def _not_for(self, kind: str) -> set[str]:
        """Columns that only items of other listings take."""
        return {name for names in self.needs_for.values() for name in names} - set(
            self.needs_for.get(kind, ())
        )

    def _flag(self, operation: Operation, values: Values) -> bool:
        value = values.get(self.flag)
        return bool(column_of(operation, self.flag).default if value is None else value)

    def _so(self, operation: Operation, values: Values, fact: Fact | None) -> bool:
        if not self.attribute:
            return (fact is not None) is self.there
        if self.there:
            return fact is not None and (
                bool(fact.data.get(self.attribute)) or not self._flag(operation, values)
            )
        if self._flag(operation, values):
            return fact is None
        return fact is None or not fact.data.get(self.attribute)

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        user, item = str(send.values[self.of]), send.values[self.item]
        flag = bool(self.attribute) and self._flag(send.operation, send.values)
        if self.there:
            fact: Fact | None = Fact({self.attribute: flag} if self.attribute else {}, call)
        elif self.attribute and not flag:
            fact = Fact({self.attribute: False}, call)
        else:
            fact = None
        state.set_member(self.membership, user, item, fact)

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        back = {self.of: values[self.of], self.item: values[self.item]}
        if self.flag:
            was = memo.get("was")
            back[self.back] = was is None if self.there else bool((was or {}).get(self.attribute))
        return back
