"""What a person did in a course, made complete or taken back, as an effect. Pure."""

from dataclasses import dataclass
from typing import Any

from lwdesk.base.text import _
from lwdesk.catalog.effects.facts import body_of, copied, display
from lwdesk.catalog.effects.records import Single, column_of, unknown_user
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import Change, Fact, Need, Operation, Send, State, UpToDate, Verdict


@dataclass(frozen=True)
class Studies(Single):
    """Of the user in the column `user`, the course in `course` is complete (or is as if never begun: `done` False).

    The column `units` narrows it to some activities; of those, what is not so yet is sent.
    """

    listing: str
    user: str = "user"
    course: str = "course"
    units: str = "units"
    done: bool = True

    @property
    def identity(self) -> tuple[str, ...]:
        return self.user, self.course, self.units

    def key(self, values: Values) -> str:
        return str(values[self.user])

    def needs(self, values: Values) -> list[Need]:
        user = str(values[self.user])
        return [Need("user", user), Need(self.listing, user, values[self.course])]

    def _known(self, values: Values, state: State) -> tuple[str, Fact]:
        """The progress, and what it is known by."""
        user, course = str(values[self.user]), values[self.course]
        rows = state.held(self.listing, user, course)
        name = str(rows[0]["id"]) if rows else f"{user.lower()}/{course.id}"
        return name, state.record(self.listing, name) or Fact(rows[0] if rows else {})

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        person = state.record("user", str(values[self.user]))
        if person is None:
            return unknown_user(values[self.user])
        _name, fact = self._known(values, state)
        wanted = values.get(self.units)
        left = tuple(ref for ref in wanted or () if not self._so(_units(fact.data).get(ref.id)))
        if not left if wanted else self._whole(fact.data):
            return UpToDate(operation.so.format_map(values), fact.call)
        values = {**values, self.units: left} if wanted else values
        before = _("{n}%").format(n=display(fact.data.get("progress_rate") or 0))
        if wanted:
            change = Change(column_of(operation, self.units).title, "", display([ref.title for ref in left]))
        else:
            after = _("{n}%").format(n=100 if self.done else 0)
            change = Change(column_of(operation, self.course).title, before, after)
        waits = tuple({call for call in (person.call, fact.call) if call is not None})
        return Send(operation, values, body_of(operation, values), (change,), waits)

    def _so(self, unit: dict[str, Any] | None) -> bool:
        if unit is None:
            return not self.done
        if self.done:
            return unit.get("unit_status") == "completed"
        return unit.get("unit_status") != "completed" and not unit.get("unit_progress_rate")

    def _whole(self, data: dict[str, Any]) -> bool:
        if self.done:
            return data.get("status") == "completed"
        return not (
            data.get("status") == "completed" or data.get("completed_units") or data.get("progress_rate")
        )

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        name, known = self._known(send.values, state)
        fact = copied(known)
        units, named = _units(fact.data), send.values.get(self.units)
        for unit_id in [ref.id for ref in named] if named else list(units):
            unit = units.get(unit_id) or _added(fact.data, unit_id)
            unit["unit_status"] = "completed" if self.done else "not_completed"
            unit["unit_progress_rate"] = 100 if self.done else 0
        if not named or not self.done:
            fact.data["status"] = "completed" if self.done else "not_completed"
        if not named:
            fact.data["progress_rate"] = 100 if self.done else 0
            fact.data["completed_units"] = len(units) if self.done else 0
        state.learn(self.listing, name, Fact(fact.data, call))


def _units(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The activities of a course by id, as someone's progress shows them."""
    sections = data.get("progress_per_section_unit") or ()
    return {str(unit["unit_id"]): unit for section in sections for unit in section.get("units") or ()}


def _added(data: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """An activity that the progress does not show yet."""
    unit: dict[str, Any] = {"unit_id": unit_id}
    data.setdefault("progress_per_section_unit", []).append({"section_id": "", "units": [unit]})
    return unit
