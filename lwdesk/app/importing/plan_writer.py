"""Writes a plan to the journal, thousands of its calls and steps in one statement."""

from collections.abc import Iterable
from typing import Any

from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import Call, Step

# Steps that are kept in memory until they are written.
_MANY = 1_000


class PlanWriter:
    """Appends calls and steps, and changes calls that were appended. To be used, up to `flush`, in one transaction."""

    def __init__(self, journal: Journal):
        self._journal = journal
        self._last: int = journal.ask("SELECT coalesce(max(id), 0) FROM call")[0][0]
        self._calls: dict[int, Call] = {}
        self._steps: list[Step] = []

    def add_call(self, call: Call) -> int:
        """Append a call. Returns its id."""
        self._last += 1
        call.id = self._last
        self._calls[call.id] = call
        return call.id

    def add_step(self, step: Step) -> None:
        """Append a step."""
        self._steps.append(step)
        if len(self._steps) >= _MANY:
            self.flush()

    def call(self, call_id: int) -> Call:
        """A call of the plan."""
        return self._calls.get(call_id) or self._journal.call(call_id)

    def change(
        self,
        call: Call,
        body: dict[str, Any],
        values: dict[str, Any],
        memo: dict[str, Any],
        needs: Iterable[int] = (),
    ) -> None:
        """Change what a call will send and remember, and let it wait for others too."""
        if call.id in self._calls:
            call.body, call.values, call.memo = body, values, memo
            call.needs = tuple(dict.fromkeys((*call.needs, *needs)))
        else:
            self._journal.set_body(call.id, body, values, memo)
            self._journal.add_needs(call.id, needs)

    def flush(self) -> None:
        """Write what is in memory."""
        self._journal.add_plan(self._calls.values(), self._steps)
        self._calls.clear()
        self._steps.clear()
