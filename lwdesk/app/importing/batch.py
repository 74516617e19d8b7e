"""One call for many users: collecting them, and the outcome of each.

LearnWorlds API v2, POST community/spaces/{id}/users: the answer lists the users who were added. It leaves out members
and users whom the school does not have.
"""

from collections.abc import Callable, Iterable
from typing import Any

from lwdesk.api.build import Request
from lwdesk.app.school.session import Session
from lwdesk.base.errors import ApiError, Unavailable
from lwdesk.base.text import N_, _
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.effects.facts import set_path, unpack
from lwdesk.catalog.effects.records import Creates
from lwdesk.catalog.operation import Refused, UpToDate, Verdict
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, SKIPPED, UNCHANGED, Call, End, Step

FOUND = N_("The answer was lost, but lwdesk checked: LearnWorlds did this.")
# Refusals that may be about one of the users only.
_OF_ONE = (400, 422)


class Batch:
    """One call of an operation that takes many users. `_users` are the steps of each one who goes along."""

    def __init__(self, journal: Journal, session: Session, call: Call):
        self._session, self._call, self._operation = session, call, OPERATIONS[call.op]
        many = self._operation.batch
        assert many is not None
        self._many, self._users = many, dict[str, list[Step]]()
        self._ends: dict[int, tuple[str, str]] = {}
        self._lists = True  # every answer so far had a list of users
        makers = _makers(journal, call)
        for step in journal.steps_of(call.id):
            user = str(step.values[many.id])
            maker = makers.get(user)
            if maker is not None and maker.state not in (DONE, UNCHANGED):
                why = _("An earlier step for this row failed: {why}").format(why=maker.message)
                self._ends[step.id] = SKIPPED, why
            else:
                uid = maker.made or user if maker is not None else user
                self._users.setdefault(uid, []).append(step)

    def send(self, leaving: Callable[[], None]) -> End:
        """Send the call. Whom the answer does not name is looked up among the members. Raises what the client raises,
        and Unavailable for an answer that says nothing."""
        if not self._users:
            return End(SKIPPED, next(iter(self._ends.values()))[1], steps=self._ends)
        added, refused = self._post(list(self._users), leaving)
        one_for_many = bool(added) and not self._lists  # an answer with room for one user only
        for uid, words in refused.items():
            self._ended(uid, FAILED, words)
        rest = [uid for uid in self._users if uid not in added and uid not in refused]
        for uid, verdict in self._verdicts(rest).items():
            if not isinstance(verdict, UpToDate):
                self._ended(uid, FAILED, self._missing(verdict))
            elif self._call.tries > 1 or one_for_many:  # an earlier try made it so, whose answer was lost
                self._ended(uid, DONE, _(FOUND))
            else:
                self._ended(uid, UNCHANGED, verdict.message)
        return End(DONE, steps=self._ends)

    def look(self) -> End | None:
        """Ask the school who is a member now; None where nothing was carried out."""
        verdicts = self._verdicts(self._users)
        if not any(isinstance(verdict, UpToDate) for verdict in verdicts.values()):
            return None
        for uid, verdict in verdicts.items():
            if not isinstance(verdict, UpToDate):
                self._ended(uid, FAILED, self._missing(verdict))
        return End(DONE, _(FOUND), steps=self._ends)

    def _post(self, uids: list[str], leaving: Callable[[], None]) -> tuple[set[str], dict[str, str]]:
        """Whom the answer names, and who was refused with which words. A refusal for one user is sought by halves."""
        body: dict[str, Any] = dict(self._call.body or {})
        set_path(body, str(self._many.at), uids)
        try:
            data = self._session.client.send(
                Request(self._call.method, self._call.path, (), body), leaving=leaving
            ).data
        except ApiError as error:
            if len(uids) == 1 or error.status not in _OF_ONE:
                raise
        else:
            if data is None:
                raise Unavailable(_("LearnWorlds sent an empty answer"), sent=True)
            added, lists = named(data)
            self._lists = self._lists and lists
            return added, {}
        added, refused = set[str](), dict[str, str]()
        for half in (uids[: len(uids) // 2], uids[len(uids) // 2 :]):
            try:
                there, not_there = self._post(half, leaving)
            except ApiError as error:
                there, not_there = set(), dict.fromkeys(half, str(error))
            added |= there
            refused |= not_there
        return added, refused

    def _verdicts(self, uids: Iterable[str]) -> dict[str, Verdict]:
        """What the school, as it is now, says of these users."""
        directory, effect = self._session.new_directory(), self._operation.effect
        values = {uid: {**unpack(self._users[uid][0].values), self._many.id: uid} for uid in uids}
        directory.fetch(need for one in values.values() for need in effect.needs(one))
        return {uid: effect.judge(self._operation, one, directory, None) for uid, one in values.items()}

    def _ended(self, uid: str, outcome: str, message: str) -> None:
        self._ends.update({step.id: (outcome, message) for step in self._users[uid]})

    def _missing(self, verdict: Verdict) -> str:
        if isinstance(verdict, Refused):
            return verdict.message
        return _(
            "LearnWorlds didn't process this user and gave no reason. Check the user in LearnWorlds, then"
            " retry this row."
        )


def _makers(journal: Journal, call: Call) -> dict[str, Call]:
    """Email -> the call of this job that creates the user."""
    found = {}
    for first in map(journal.call, call.needs):
        effect = OPERATIONS[first.op].effect
        if isinstance(effect, Creates) and effect.listing == "user":
            found[str(first.values[effect.by]).lower()] = first
    return found


def named(data: Any) -> tuple[set[str], bool]:
    """The ids of the users in the answer of a batch, and whether it lists them.

    LearnWorlds API v2, space members: a list under `users` (2026); the document of 2025 has one object there and calls
    the key `user` in its sample. Each of the two, and the answer itself, may be a list or one user.
    """
    inner = data.get("data", data) if isinstance(data, dict) else data
    found = [inner.get(key) for key in ("users", "user")] if isinstance(inner, dict) else [inner]
    rows = [row for some in found for row in (some if isinstance(some, list) else [some])]
    ids = {str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id")}
    return ids, any(isinstance(some, list) for some in found)
