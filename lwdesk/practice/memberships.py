"""Seat offerings and user groups: both are circles, sets of users with access to courses."""

from collections.abc import Iterable
from typing import Any

from lwdesk.practice.model import Circle, User
from lwdesk.practice.records import user_record
from lwdesk.practice.refusals import missing, refuse
from lwdesk.practice.schema import Choice, Flag, Many, Record, Text, Whole
from lwdesk.practice.school import School
from lwdesk.practice.wire import Call, Newest, Page, Route, envelope

_BOTH = {
    "title": Text(filled=True),
    "description": Text(null=True),
    "products": Record({"courses": Many(Text())}, required=("courses",)),
    "max_number_of_users": Whole(0, null=True),
    "tags": Many(Text()),
}
_ACTIVE = Choice(("active", "inactive"))
_SEAT = Record(
    {**_BOTH, "number_of_seats": Whole(0), "seat_managers": Many(Text()), "access": _ACTIVE},
    required=("title", "products", "number_of_seats"),
)
_GROUP = Record(
    {**_BOTH, "enroll_users_on_courses": Flag(), "group_managers": Many(Text())},
    required=("title", "products"),
)
_JOIN = Record({"add_to_active_seat": Flag()})
_LEAVE = Record({"remove_from_seat_offering": Flag()})
_PLAIN = {
    "title": "title",
    "description": "description",
    "max_number_of_users": "most_users",
    "tags": "tags",
    "seat_managers": "managers",
    "group_managers": "managers",
    "number_of_seats": "seats",
    "access": "access",
    "enroll_users_on_courses": "enrolls",
}


def _table(call: Call, circle: Circle) -> dict[str, Circle]:
    return call.school.seats if circle.id in call.school.seats else call.school.groups


def _write(call: Call, circle: Circle) -> None:
    body, school = call.body, call.school
    school.need_courses(body["products"]["courses"])
    for manager in (*body.get("seat_managers", ()), *body.get("group_managers", ())):
        if manager not in school.by_id:
            raise refuse(422, f"The user {manager} does not exist.")
    for key, name in _PLAIN.items():
        if key in body:
            setattr(circle, name, body[key])
    circle.description = circle.description or ""
    circle.courses, circle.modified = body["products"]["courses"], int(school.now())


def _create(call: Call, table: dict[str, Circle]) -> Circle:
    created = int(call.school.now())
    circle = Circle(call.school.new_id(created), "", created, created, [])
    _write(call, circle)
    table[circle.id] = circle
    return circle


def _create_seat(call: Call) -> Any:
    return _seat(call, _create(call, call.school.seats))


def _create_group(call: Call) -> Any:
    return _group(call, _create(call, call.school.groups))


def _update_seat(call: Call, circle: Circle) -> Any:
    _write(call, circle)
    return _seat(call, circle)


def _update_group(call: Call, circle: Circle) -> Any:
    _write(call, circle)
    return _group(call, circle)


def _both(call: Call, circle: Circle) -> dict[str, Any]:
    return {
        "id": circle.id,
        "title": circle.title,
        "description": circle.description,
        "products": {"courses": circle.courses},
        "tags": circle.tags,
        "created": circle.created,
        "modified": circle.modified,
    }


def _managers(school: School, ids: Iterable[str]) -> list[dict[str, str]]:
    users = (school.by_id[id] for id in ids)
    return [{"id": u.id, "username": u.username, "email": u.email, "role_id": u.role} for u in users]


def _seat(call: Call, circle: Circle) -> dict[str, Any]:
    return _both(call, circle) | {
        "number_of_seats": circle.seats,
        "available_seats": circle.free_seats,
        "max_number_of_users": circle.most_users,
        "seat_managers": _managers(call.school, circle.managers),
        "total_enrollments": circle.enrollments,
        "access": circle.access,
    }


def _group(call: Call, circle: Circle) -> dict[str, Any]:
    record = _both(call, circle) | {
        "enroll_users_on_courses": circle.enrolls,
        "group_managers": _managers(call.school, circle.managers),
    }
    return record if call.switches.dialect == "2025" else record | {"max_number_of_users": circle.most_users}


def _members(call: Call, circle: Circle) -> Any:
    return [call.school.by_id[id] for id in circle.members][::-1]


def _join(call: Call, circle: Circle, user: User) -> Any:
    seat = call.body.get("add_to_active_seat", False)
    new = user.id not in circle.members
    if call.switches.repeats_refused and not new and (circle.members[user.id] is not None or not seat):
        raise refuse(400, "The user is already a member.")
    if new and circle.most_users and len(circle.members) >= circle.most_users:
        raise refuse(422, "The maximum number of users has been reached.")
    takes_seat = seat and circle.members.get(user.id) is None
    if takes_seat and circle.free_seats < 1:
        raise refuse(422, "There are no available seats.")
    enter(call.school, circle, user, int(call.school.now()), takes_seat)
    return {"success": True}


def enter(school: School, circle: Circle, user: User, now: int, takes_seat: bool = False) -> None:
    """Makes a user a member: tags at once, courses with a seat or where the group enrolls its members."""
    new = user.id not in circle.members
    circle.members.setdefault(user.id, None)
    if takes_seat:
        circle.members[user.id] = now
    school.attach(user, circle.tags)
    if takes_seat or (new and circle.enrolls):
        circle.enrollments += sum(school.give(user, "course", id, now) for id in circle.courses)


def _leave(call: Call, circle: Circle, user: User) -> None:
    if user.id not in circle.members:
        raise missing()
    if circle.id in call.school.groups or call.body.get("remove_from_seat_offering", False):
        del circle.members[user.id]
    else:
        circle.members[user.id] = None
    if call.switches.removal_unenrolls:
        for id in circle.courses:
            call.school.take(user, "course", id)


def _delete(call: Call, circle: Circle) -> Any:
    table = _table(call, circle)
    action = "deleted-seat-offering" if table is call.school.seats else "deleted-user-group"
    return call.school.queue(action, lambda job: table.pop(circle.id, None))


def _seats_of(call: Call, user: User) -> Any:
    mine = [circle for circle in call.school.seats.values() if user.id in circle.members]
    rows = []
    for circle in mine:
        since = circle.members[user.id]
        row = {"id": circle.id, "title": circle.title, "active": since is not None}
        rows.append(row | ({"got_seat_on": since} if since is not None else {}))
    return rows


def _groups_of(call: Call, user: User) -> Any:
    rows = [{"id": c.id, "title": c.title} for c in call.school.groups.values() if user.id in c.members]
    return rows if call.switches.dialect == "2025" else {"data": {"user_groups": rows}}


def _seat_page(call: Call, rows: list[Any], meta: dict[str, Any], *_: Any) -> Any:
    """The document describes a page and types a bare array: bare, unless the switch says otherwise."""
    return envelope(call, rows, meta) if call.switches.seat_members_paged else rows


def _group_page(call: Call, rows: list[Any], meta: dict[str, Any], *_: Any) -> Any:
    return rows if call.switches.dialect == "2025" else envelope(call, rows, meta)


def _seats(call: Call) -> Any:
    return Newest(list(call.school.seats.values()))


def _groups(call: Call) -> Any:
    return Newest(list(call.school.groups.values()))


_NOBODY = Page(20, empty=404, words="Users not found")
ROUTES = (
    Route("GET seats", _seats, page=Page(20), show=_seat),
    Route("POST seats", _create_seat, body=_SEAT, status=201),
    Route("GET seats/{seat}", _seat),
    Route("PUT seats/{seat}", _update_seat, body=_SEAT),
    Route("DELETE seats/{seat}", _delete, status=202, since="2026"),
    Route("GET seats/{seat}/users", _members, page=Page(20), show=user_record, wrap=_seat_page),
    Route("POST seats/{seat}/users/{user}", _join, body=_JOIN),
    Route("DELETE seats/{seat}/users/{user}", _leave, body=_LEAVE, status=204),
    Route("GET users/{user}/seats", _seats_of),
    Route("GET user_groups", _groups, page=Page(20), show=_group),
    Route("POST user_groups", _create_group, body=_GROUP, status=201),
    Route("GET user_groups/{group}", _group),
    Route("PUT user_groups/{group}", _update_group, body=_GROUP),
    Route("DELETE user_groups/{group}", _delete, status=202, since="2026"),
    Route("GET user_groups/{group}/users", _members, page=_NOBODY, show=user_record, wrap=_group_page),
    Route("POST user_groups/{group}/users/{user}", _join),
    Route("DELETE user_groups/{group}/users/{user}", _leave, status=204),
    Route("GET users/{user}/user-groups", _groups_of),
)
