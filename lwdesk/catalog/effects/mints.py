"""New records whose names the school chooses, as an effect. Pure."""

from dataclasses import dataclass

from lwdesk.catalog.effects.facts import body_of, display
from lwdesk.catalog.effects.records import Single, column_of
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Change, Need, Operation, Ref, Send, State, Verdict


@dataclass(frozen=True)
class Mints(Single):
    """`count` new records with names of the school's choice under `parent`; every call makes more.

    After a lost answer, new records of `listing` under the parent with the `prefix` show that it was carried out.
    """

    listing: str
    parent: str
    prefix: str
    count: str
    most: int

    def parts(self, values: Values) -> list[Values]:
        whole, rest = divmod(int(values[self.count]), self.most)
        sizes = [self.most] * whole + [rest] * bool(rest)
        return [{**values, self.count: n} for n in sizes]

    def key(self, values: Values) -> str:
        return str(values[self.parent].id)

    def needs(self, values: Values) -> list[Need]:
        return [Need(self.listing, str(values[self.prefix]))]

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        known = self.codes(values, state)
        count = Change(column_of(operation, self.count).title, "", display(values[self.count]))
        memo = {"known": known, "worth": self._worth(values[self.parent], state)}
        return Send(operation, values, body_of(operation, values), (count,), memo=memo)

    def _worth(self, parent: Ref, state: State) -> str:
        """What each of the new records is worth, as its parent says: "20%", "5"."""
        record = next((one for one in state.records(parent.listing) if one["id"] == parent.id), {})
        value, kind = record.get("value"), record.get("type")
        return "" if value is None else f"{display(value)}%" if kind == "percentage" else display(value)

    def codes(self, values: Values, state: State) -> list[str]:
        """The codes that the school has of this prefix under this parent."""
        start, parent = f"{values[self.prefix]}-", values[self.parent].id
        found = state.records(self.listing)
        return [
            r["code"]
            for r in found
            if r["parent"] == parent and r.get("bulk") and r["code"].startswith(start)
        ]

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        """Nothing: the names are the school's choice."""
