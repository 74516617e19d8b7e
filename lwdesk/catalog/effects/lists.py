"""A list that a record has, as an effect: items are put on it or taken off. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lwdesk.base.text import quoted, split_list
from lwdesk.catalog.effects.facts import copied, display, lookup_key
from lwdesk.catalog.effects.records import OnRecord, maker, unknown
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Change, Operation, Send, State, UpToDate, Verdict


@dataclass(frozen=True)
class Lists(OnRecord):
    """The list `field` of a record has the items of the column `column` (or has them not: `there` False)."""

    column: str
    field: str
    there: bool = True

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        fact = state.record(self.listing, lookup_key(values[self.by]))
        if fact is None:
            return unknown(self.listing, values[self.by])
        now = list(fact.data.get(self.field) or ())
        values = {**values, self.column: _joined(values[self.column], now)}
        items = [item for item in values[self.column] if (item in now) is not self.there]
        if not items:
            words = operation.so.format_map(
                {**values, self.column: "; ".join(map(quoted, values[self.column]))}
            )
            return UpToDate(words, maker(fact, map(self._mark, values[self.column])))
        column = next(c for c in operation.columns if c.id == self.column)
        later = [*now, *items] if self.there else [item for item in now if item not in items]
        body = {**dict(operation.body), str(column.at): items}
        after = (fact.call,) if fact.call is not None else ()
        left = {**values, self.column: tuple(items)}
        return Send(operation, left, body, (Change(column.title, display(now), display(later)),), after)

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        name = lookup_key(send.values[self.by])
        if (known := state.record(self.listing, name)) is not None:
            fact = copied(known)
            now, items = list(fact.data.get(self.field) or ()), send.values[self.column]
            fact.data[self.field] = [*now, *items] if self.there else [x for x in now if x not in items]
            fact.given.update({self._mark(item): (row, call) for item in items})
            state.learn(self.listing, name, fact)

    def _mark(self, item: str) -> str:
        return f"{self.field}: {item}"

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        return {self.by: values[self.by], self.column: values[self.column]}


def _joined(items: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """The items of a cell, those in a row that one item of the record is made of as that: a cell "north, south" means
    the tag of this name, where the user has it."""
    found = list(items)
    for one in now:
        parts = split_list(one, ",")
        starts = (at for at in range(len(found)) if len(parts) > 1 and found[at : at + len(parts)] == parts)
        if (start := next(starts, None)) is not None:
            found[start : start + len(parts)] = [one]
    return tuple(found)
