"""Certificates: list, reissue, revoke. None can be created by a call."""

from typing import Any

from lwdesk.practice.model import User
from lwdesk.practice.refusals import missing, refuse
from lwdesk.practice.schema import Number, Record, Text
from lwdesk.practice.school import School
from lwdesk.practice.wire import Call, Page, Route

_NAMES = ("firstname", "lastname", "ptin")
_FORM = Record(dict.fromkeys(_NAMES, Text()), required=_NAMES)
_UPDATE = Record({"issued": Number(), "form": _FORM}, any_of=("issued", "form"))


def issue(school: School, user: User, course: dict[str, Any], at: float) -> None:
    """Gives a user the certificate of a course."""
    id = school.new_id(at)
    school.certificates[id] = {
        "id": id,
        "title": f"Certificate: {course['title']}",
        "issued": at,
        "attempts": 1,
        "type": "completion",
        "status": "active",
        "score": "OK",
        "provider": "LearnWorlds",
        "external_url": None,
        "form": {"firstname": user.first_name, "lastname": user.last_name, "ptin": ""},
        "user": user.id,
        "course_id": course["id"],
    }


def _list(call: Call) -> Any:
    query, school = call.query, call.school
    if not query.keys() & {"course_id", "user_id", "page"}:
        raise refuse(422, "You need to provide at least one query parameter.")
    rows = list(school.certificates.values())
    if "course_id" in query:
        rows = [row for row in rows if row["course_id"] == query["course_id"]]
    if "user_id" in query:
        user = school.find_user(query["user_id"])
        rows = [row for row in rows if user and row["user"] == user.id]
    if not call.switches.deleted_certificates:
        rows = [row for row in rows if row["status"] == "active"]
    return sorted(rows, key=lambda row: row["issued"], reverse=True)


def _show(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    school = call.school
    user = {"id": row["user"], "email": school.by_id[row["user"]].email}
    return row | {"user": user, "short_url": f"{school.host}/c/{row['id'][-6:]}"}


def _update(call: Call, row: dict[str, Any]) -> Any:
    row |= {key: call.body[key] for key in ("issued", "form") if key in call.body}
    return _show(call, row)


def _revoke(call: Call, row: dict[str, Any]) -> None:
    if row["status"] == "deleted":
        raise missing()
    row["status"] = "deleted"


ROUTES = (
    Route("GET certificates", _list, page=Page(20, empty=404), show=_show),
    Route("PUT certificates/{certificate}", _update, body=_UPDATE),
    Route("DELETE certificates/{certificate}", _revoke, status=204),
)
