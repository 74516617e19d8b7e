"""Deleting as an effect: a record is gone. Pure."""

from dataclasses import dataclass
from typing import Any

from lwdesk.base.text import _, did_you_mean, listing, misspelled, nearest
from lwdesk.catalog.effects.facts import body_of, get_path, lookup_key
from lwdesk.catalog.effects.records import OnRecord
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Change, Fact, Operation, Ref, Refused, Send, State, UpToDate, Verdict


@dataclass(frozen=True)
class Deletes(OnRecord):
    """The record of `listing` found by the column `by` is gone.

    `holds` say whether it is in use: (words with {n}, the field that counts or lists it, the field to take off). So
    does `membership`, where the record does not count its users: they are counted, for there is no way back.
    """

    holds: tuple[tuple[str, str, str], ...] = ()
    membership: str = ""

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        name = values[self.by]
        fact = state.record(self.listing, lookup_key(name))
        if fact is None:
            note = operation.so.format_map(values)
            gone = state.gone(self.listing, lookup_key(name))
            if gone is None and (meant := self._meant(name, state)):
                message = _("Your school has no {name}. Did you mean {close}? Enter its exact title or ID.")
                return Refused(message.format(name=f"“{name}”", close=listing(meant)))
            return UpToDate(note + self._close(name, state), gone)
        item = Ref(self.listing, str(fact.data["id"]), str(fact.data.get("title") or name))
        title, held = item.title, self._held(fact, item, state)
        if expect is not None and held:
            message = _(
                "“{title}” is in use now ({what}). If you still want to delete it, do it in the LearnWorlds admin."
            )
            return Refused(message.format(title=title, what=held))
        change = Change(operation.title, title, f"– ({held})" if held else "")
        after = (fact.call,) if fact.call is not None else ()
        note = _("it was in use ({what})").format(what=held) if held else ""
        return Send(
            operation,
            {**values, self.by: item},
            body_of(operation, {}),
            (change,),
            after,
            note,
        )

    def _meant(self, name: Any, state: State) -> list[str]:
        """Titles that differ in signs, accents or a typing error alone: never deleted on a guess, and no sign that it
        was deleted before. Titles that differ in a number are different items."""
        titles = () if isinstance(name, Ref) else (str(one["title"]) for one in state.records(self.listing))
        return [title for title in titles if misspelled(str(name), title)]

    def _close(self, name: Any, state: State) -> str:
        """Titles that may be meant: a slip of the finger must not look like something that was deleted before."""
        if isinstance(name, Ref):
            return ""
        close = nearest(str(name), [str(record["title"]) for record in state.records(self.listing)])
        return ". " + did_you_mean(close) if close else ""

    def _held(self, fact: Fact, item: Ref, state: State) -> str:
        users = state.crowd(self.membership, item) if self.membership else 0
        found = [_("members: {n}").format(n=users)] if users else []
        for words, field, less in self.holds:
            there = get_path(fact.data, field) or 0
            n = len(there) if isinstance(there, list) else int(there) - int(get_path(fact.data, less) or 0)
            if n > 0:
                found.append(_(words).format(n=n))
        return ", ".join(found)

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        state.remove(self.listing, lookup_key(send.values[self.by]), call)
