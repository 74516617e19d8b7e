"""Effects that set a flag of a record: suspended, affiliate. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lwdesk.base.text import _
from lwdesk.catalog.effects.facts import body_of, copied, display, lookup_key, with_emails
from lwdesk.catalog.effects.records import OnRecord, maker, unknown
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Change, Operation, Refused, Send, State, UpToDate, Verdict


@dataclass(frozen=True)
class Marks(OnRecord):
    """The record of `listing` found by the column `by` has `flag` set to `value`; the call itself says so, what else
    it sends is not compared. Records with one of the flags `spares` are refused."""

    flag: str
    value: bool = True
    spares: tuple[str, ...] = ()

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        fact = state.record(self.listing, lookup_key(values[self.by]))
        if fact is None:
            return unknown(self.listing, values[self.by])
        if bool(fact.data.get(self.flag)) is self.value:
            return UpToDate(operation.so.format_map(values), maker(fact, (self.flag,)))
        if any(fact.data.get(name) for name in self.spares):
            message = _("{name} is an administrator. If you still want this, do it in the LearnWorlds admin.")
            return Refused(message.format(name=with_emails(fact.data)))
        change = Change(operation.title, display(not self.value), display(self.value))
        after = (fact.call,) if fact.call is not None else ()
        return Send(operation, values, body_of(operation, values), (change,), after)

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        name = lookup_key(send.values[self.by])
        if (known := state.record(self.listing, name)) is not None:
            fact = copied(known)
            fact.data[self.flag] = self.value
            fact.given[self.flag] = (row, call)
            state.learn(self.listing, name, fact)

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        return {self.by: values[self.by]}
