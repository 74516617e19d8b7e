"""Records that are created or updated, whichever they need, as an effect. Pure."""

from dataclasses import dataclass

from lwdesk.catalog.effects.facts import lookup_key
from lwdesk.catalog.effects.records import OnRecord, contradiction
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Operation, Send, State, Verdict


@dataclass(frozen=True)
class Saves(OnRecord):
    """A record of `listing` known by the column `by` exists and shows the row's values: created or updated."""

    create: Operation
    update: Operation

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        fact = state.record(self.listing, lookup_key(values[self.by]))
        if fact is None:
            return self.create.effect.judge(self.create, values, state, expect)
        if clash := contradiction(self.create, values, fact, self.by):
            return clash
        known = {column.id for column in self.update.columns}
        rest = {k: v for k, v in values.items() if k in known or k.startswith("cf_")}
        key = self.update.columns[0].id
        return self.update.effect.judge(self.update, {key: values[self.by], **rest}, state, expect)

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        send.operation.effect.assume(send, state, call, row)
