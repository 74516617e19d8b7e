"""Roles, and what a user's role is assigned to."""

from typing import Any

from lwdesk.practice.model import User
from lwdesk.practice.refusals import missing
from lwdesk.practice.schema import Many, Number, Record, Text
from lwdesk.practice.wire import Call, Route, csv

_COURSE = Record({"course_id": Text(), "revenue_share_percentage": Number(0, 100)})
_ASSIGNED = {
    "assigned_courses": Many(_COURSE),
    "assigned_seat_offering_ids": Many(Text()),
    "assigned_user_group_ids": Many(Text()),
    "assigned_segment_id": Text(),
}
_ROLE = Record({"role_id": Text(), **_ASSIGNED}, required=("role_id",))
# What each level can be assigned to; the parts of an answer vary with the role.
_APPLIES = {
    "instructor": ("assigned_courses",),
    "seat_manager": ("assigned_seat_offering_ids", "assigned_user_group_ids"),
    "reporter": ("assigned_segment_id",),
}


def _list(call: Call) -> Any:
    levels, wanted = csv(call.query.get("access_level", "")), call.query.get("role_id")
    rows = [
        role
        for role in call.school.roles.values()
        if (not levels or role["access_level"] in levels) and wanted in (None, role["id"])
    ]
    return {"data": sorted(rows, key=lambda role: role["title"].casefold())}


def _show(call: Call, user: User) -> Any:
    role = call.school.roles[user.role]
    record: dict[str, Any] = {
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "role_id": role["id"],
        "user_role": {"id": role["id"], "access_level": role["access_level"], "name": role["title"]},
    }
    for name in _APPLIES.get(role["access_level"], ()):
        if name != "assigned_segment_id":
            record[name] = user.assigned.get(name, [])
        elif name in user.assigned:
            record[name] = user.assigned[name]
    if call.switches.dialect != "2025":
        record["assigned_licenses_ids"] = []
    return record


def _set(call: Call, user: User) -> Any:
    """Assignments that the call leaves out are gone afterwards."""
    role, school = call.school.roles.get(call.body["role_id"]), call.school
    if role is None:
        raise missing()
    applies = _APPLIES.get(role["access_level"], ())
    assigned = {name: call.body[name] for name in applies if call.body.get(name)}
    school.need_courses(one.get("course_id") for one in assigned.get("assigned_courses", ()))
    user.role, user.assigned = role["id"], assigned
    return _show(call, user)


ROUTES = (
    Route("GET user-roles", _list),
    Route("GET users/{user}/user-role", _show),
    Route("PUT users/{user}/user-role", _set, body=_ROLE),
)
