"""The shape of every effect: what planning, a lost answer and undo ask of it."""

from collections.abc import Mapping
from typing import Any, Protocol

from lwdesk.catalog.effects.facts import Need, Send, State, Verdict
from lwdesk.catalog.model import Operation, Values


class Effect(Protocol):
    """What an operation makes true."""

    def parts(self, values: Values) -> list[Values]:
        """The values of the calls that one step needs: mostly one."""

    def key(self, values: Values) -> str:
        """What the calls that must go one after the other have in common."""

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that say what a step is about: two rows that agree in them must not differ in the others. Empty
        where every row is about something of its own."""

    def needs(self, values: Values) -> list[Need]:
        """The facts to know before judging."""

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        """Whether it is so, cannot be, or is to be sent.

        `expect` (undo, and exports that come back): the values that the school must still show; what differs was
        changed since.
        """

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        """Make the state as it will be when `call`, planned for `row`, is done."""

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        """The values for the operation's undo, from those sent and the call's memo; None: nothing to undo."""

    def made(self, answer: Any, values: Values) -> str:
        """The id, code or codes of what a call made, from its answer."""

    def renewed(
        self, operation: Operation, values: Values, memo: Mapping[str, Any], body: dict[str, Any], now: Any
    ) -> dict[str, Any]:
        """The body with what is only sent along as the record shows it `now`; asked where it `sends_along`."""

    @property
    def sends_along(self) -> bool:
        """Whether the body repeats what the record shows, which others may have changed since."""
