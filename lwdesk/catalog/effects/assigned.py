"""A person's role with what is assigned to it, as an effect. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lwdesk.base.text import _
from lwdesk.catalog.effects.facts import display, with_titles
from lwdesk.catalog.effects.records import Single, column_of, unknown_user
from lwdesk.catalog.model import Values
from lwdesk.catalog.operation import (
    Change,
    Conflict,
    Fact,
    Need,
    Operation,
    Ref,
    Refused,
    Send,
    State,
    UpToDate,
    Verdict,
)

_COURSES, _SHARES, _SHARE = "assigned_courses", "revenue_shares", "revenue_share_percentage"
# Column -> where the service has it, and the listing of what is assigned.
_LISTS = {
    _COURSES: ("assigned_courses", "course"),
    "assigned_seats": ("assigned_seat_offering_ids", "seat"),
    "assigned_groups": ("assigned_user_group_ids", "group"),
    "assigned_segment": ("assigned_segment_id", "segment"),
}
# What roles of each level are assigned to (LearnWorlds API v2: user roles).
_APPLIES = {
    "instructor": (_COURSES,),
    "seat_manager": ("assigned_seats", "assigned_groups"),
    "reporter": ("assigned_segment",),
}


@dataclass(frozen=True)
class SetsRole(Single):
    """The user in the column `user` has the role in the column `role`, with what the row assigns to it.

    LearnWorlds API v2: assigned lists that a call leaves out are taken away. So what is assigned now goes along, as
    far as the new role can have it.
    """

    listing: str
    user: str = "user"
    role: str = "role"

    @property
    def identity(self) -> tuple[str, ...]:
        return (self.user,)

    def key(self, values: Values) -> str:
        return str(values[self.user])

    def needs(self, values: Values) -> list[Need]:
        user = str(values[self.user])
        plain = not any(values.get(name) is not None for name in (*_LISTS, _SHARES))
        unless = ("role.name", values[self.role].title) if plain else None
        return [Need("user", user), Need(self.listing, user, None, unless)]

    def judge(self, operation: Operation, values: Values, state: State, expect: Values | None) -> Verdict:
        user, role = str(values[self.user]), values[self.role]
        person = state.record("user", user)
        if person is None:
            return unknown_user(user)
        _name, fact = self._known(user, state)
        if fact is None and (verdict := self._shown(operation, values, person, state)) is not None:
            return verdict
        now = fact.data if fact is not None else {}
        level = self._level(role.id, state)
        wanted = self._wanted(values, now, level)
        if isinstance(wanted, Refused):
            return wanted
        before = {name: now.get(place) for name, (place, _kind) in _LISTS.items() if now.get(place)}
        former = self._former(now, state)
        if expect is not None and not self._still(now, expect):
            title, was = column_of(operation, self.role).title, expect.get(self.role)
            words = _("left unchanged, because someone edited it in the meantime: {columns}").format(
                columns=_(title)
            )
            left = Conflict(title, was.title if was else "", former.title, role.title)
            return UpToDate(words, left=(left,))
        if now.get("role_id") == role.id and _sorted(before) == _sorted(wanted):
            return UpToDate(operation.so.format_map(values), fact.call if fact is not None else None)
        body = _body(role, wanted)
        changes = [Change(column_of(operation, self.role).title, former.title, role.title)]
        for name in _LISTS:
            if _sorted({0: before.get(name)}) != _sorted({0: wanted.get(name)}):
                column = column_of(operation, name)
                shown = (
                    display(with_titles(column, _ids(lists.get(name)), state)) for lists in (before, wanted)
                )
                changes.append(Change(column.title, *shown))
        memo = {
            "before": {"role": [former.listing, former.id, former.title], "lists": before},
            "given": [*values],
            "level": level,
        }
        waits = tuple({f.call for f in (person, fact) if f is not None and f.call is not None})
        return Send(operation, {**values, **self._columns(wanted)}, body, tuple(changes), waits, memo=memo)

    def _known(self, user: str, state: State) -> tuple[str, Fact | None]:
        rows = state.held(self.listing, user, None)
        name = str(rows[0]["id"]) if rows else user.lower()
        return name, state.record(self.listing, name) or (Fact(rows[0]) if rows else None)

    def _shown(self, operation: Operation, values: Values, person: Fact, state: State) -> Verdict | None:
        """The role was not asked for, because the user's own record shows one of this title."""
        role = values[self.role]
        if person.call is not None or (person.data.get("role") or {}).get("name") != role.title:
            return None
        if sum(r["title"] == role.title for r in state.records("role")) > 1:
            message = _("Your school has several roles called “{role}”. Give them different titles.")
            return Refused(message.format(role=role))
        return UpToDate(operation.so.format_map(values))

    def _wanted(self, values: Values, now: dict[str, Any], level: str) -> dict[str, Any] | Refused:
        """What is assigned afterwards, as the service takes it: what the row gives, else what is so now."""
        same_level = (now.get("user_role") or {}).get("access_level") == level
        found: dict[str, Any] = {}
        for name, (place, _kind) in _LISTS.items():
            given = values.get(name)
            if given is None:
                applies = same_level or name in _APPLIES.get(level, ())
                value = now.get(place) if applies else None
            elif name == _COURSES:
                kept = {one["course_id"]: one for one in now.get(place) or ()}
                value = [kept.get(ref.id, {"course_id": ref.id, _SHARE: 0}) for ref in given]
            else:
                value = given.id if isinstance(given, Ref) else [ref.id for ref in given]
            if value:
                found[name] = value
        shares, courses = values.get(_SHARES), found.get(_COURSES) or []
        if shares:
            if len(shares) not in (1, len(courses)):
                message = _(
                    "There are {n} revenue shares for {m} courses. Enter one for all courses, or one for each."
                )
                return Refused(message.format(n=len(shares), m=len(courses)))
            each = shares * len(courses) if len(shares) == 1 else shares
            found[_COURSES] = [
                {"course_id": one["course_id"], _SHARE: share}
                for one, share in zip(courses, each, strict=True)
            ]
        return found

    @property
    def sends_along(self) -> bool:
        return True

    def renewed(
        self, operation: Operation, values: Values, memo: Mapping[str, Any], body: dict[str, Any], now: Any
    ) -> dict[str, Any]:
        """The body with what is assigned by now, where the row does not say otherwise and it fits."""
        given = {name: value for name, value in values.items() if name in memo["given"]}
        wanted = self._wanted(given, now, memo["level"])
        return body if isinstance(wanted, Refused) else _body(values[self.role], wanted)

    @staticmethod
    def _level(role: str, state: State) -> str:
        return next((str(r.get("access_level")) for r in state.records("role") if str(r["id"]) == role), "")

    @staticmethod
    def _former(now: dict[str, Any], state: State) -> Ref:
        """The role before; of an account that this file makes, the school's plain one."""
        if now.get("role_id"):
            return Ref("role", str(now["role_id"]), str((now.get("user_role") or {}).get("name") or ""))
        plain = [r for r in state.records("role") if r.get("access_level") == "user"]
        plain.sort(key=lambda r: bool(r.get("custom_role")))
        return Ref("role", str(plain[0]["id"]), str(plain[0]["title"])) if plain else Ref("role", "", "")

    def _still(self, now: dict[str, Any], expect: Values) -> bool:
        """Whether role and lists are as expected; what is assigned only where that is known, as it is of an undo."""
        was = expect.get(self.role)
        if was is None or now.get("role_id") != was.id:
            return False
        if not _LISTS.keys() & expect.keys():
            return True
        lists = {name: now.get(place) for name, (place, _kind) in _LISTS.items() if now.get(place)}
        return {name: set(_ids(value)) for name, value in lists.items()} == {
            name: {ref.id for ref in (value if isinstance(value, tuple) else (value,))}
            for name in _LISTS
            if (value := expect.get(name))
        }

    @staticmethod
    def _columns(lists: Mapping[str, Any]) -> dict[str, Any]:
        """All assigned lists as values of columns; what is not assigned is empty."""
        found: dict[str, Any] = {}
        for name, (_place, kind) in _LISTS.items():
            refs = tuple(Ref(kind, one, one) for one in _ids(lists.get(name)))
            if name != "assigned_segment":
                found[name] = refs
            elif refs:
                found[name] = refs[0]
        found[_SHARES] = tuple(one.get(_SHARE) or 0 for one in lists.get(_COURSES) or ())
        return found

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        name, _fact = self._known(str(send.values[self.user]), state)
        role = send.values[self.role]
        level = {"access_level": self._level(role.id, state), "name": role.title}
        state.learn(self.listing, name, Fact({**send.body, "id": name, "user_role": level}, call))

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        before = memo["before"]
        return {
            self.user: values[self.user],
            self.role: Ref(*before["role"]),
            **self._columns(before["lists"]),
        }


def _body(role: Ref, lists: Mapping[str, Any]) -> dict[str, Any]:
    return {"role_id": role.id, **{_LISTS[name][0]: value for name, value in lists.items()}}


def _ids(value: Any) -> list[str]:
    """The ids of an assigned list, or of the single item in its place."""
    if isinstance(value, list):
        return [str(one["course_id"] if isinstance(one, dict) else one) for one in value]
    return [str(value)] if value else []


def _sorted(lists: Mapping[Any, Any]) -> dict[Any, list[str]]:
    return {
        name: sorted(map(str, value)) if isinstance(value, list) else [str(value)]
        for name, value in lists.items()
    }
