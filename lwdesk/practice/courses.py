"""Courses: list, create, update, contents, sections, users."""

import re
import unicodedata
from typing import Any

from lwdesk.practice.records import course_record, user_record
from lwdesk.practice.refusals import refuse
from lwdesk.practice.schema import Choice, Flag, Many, Number, Record, Text, Whole
from lwdesk.practice.wire import Call, Newest, Page, Route, csv

_ACCESS = ("paid", "free", "coming_soon", "private", "draft")
_COURSE = {
    "titleId": Text(),
    "title": Text(filled=True),
    "description": Text(),
    "price": Number(0),
    "dripFeed": Choice(("days", "date", "none")),
    "access": Choice(_ACCESS),
    "categories": Many(Text()),
    "label": Text(),
}
_CREATE = Record(_COURSE, required=("titleId", "title", "access"))
_UPDATE = Record(
    {key: kind for key, kind in _COURSE.items() if key != "titleId"}
    | {"access": Choice((*_ACCESS, "enrollment_closed"))}
)
_DRIP = {"days": Whole(0), "date": Whole(0), "notify": Flag(), "subject": Text(), "body": Text()}
_SECTION = Record(
    {
        "title": Text(filled=True),
        "description": Text(),
        "access": Choice(("draft", "soon", "free", "paid")),
        "drip": Record(_DRIP, null=True),
    },
    required=("title", "access"),
)


def slug(title: str) -> str:
    """The id that a school forms from a title: lower case words with dashes."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return "-".join(re.findall(r"\w+", kept)) or "course"


def new_course(id: str, title: str, created: float, **more: Any) -> dict[str, Any]:
    """A course with the service's defaults; `more` overrides them."""
    return {
        "id": id,
        "title": title,
        "description": None,
        "label": None,
        "access": "paid",
        "categories": [],
        "expires": None,
        "expiresType": "days",
        "afterPurchase": {"type": "course", "settings": {"url": None, "page": None}},
        "author": None,
        "courseImage": None,
        "price": 0,
        "dripFeed": "none",
        "created": created,
        "modified": created,
    } | more


def _list(call: Call) -> Any:
    access, categories = csv(call.query.get("access", "")), csv(call.query.get("categories", ""))
    rows = [
        course
        for course in call.school.products["course"].values()
        if (not access or course["access"] in access)
        and (not categories or categories & set(course["categories"]))
    ]
    return Newest(rows)


def _create(call: Call) -> Any:
    body, school = call.body, call.school
    id = body["titleId"] or slug(body["title"])
    if id in school.products["course"]:
        raise refuse(422, "A course with this titleId exists already.")
    course = new_course(id, body["title"], school.now(), **_kept(body))
    school.products["course"][id] = course
    school.contents[id] = []
    return course_record(call, course)


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key in _UPDATE.fields and key != "title"}


def _get(call: Call, course: dict[str, Any]) -> Any:
    return course_record(call, course)


def _update(call: Call, course: dict[str, Any]) -> Any:
    course |= {key: value for key, value in call.body.items() if key in _UPDATE.fields}
    course["modified"] = call.school.now()
    return course_record(call, course)


def _contents(call: Call, course: dict[str, Any]) -> Any:
    sections = call.school.contents[course["id"]]
    return {"id": course["id"], "title": course["title"], "sections": sections}


def _add_section(call: Call, course: dict[str, Any]) -> Any:
    body, sections = call.body, call.school.contents[course["id"]]
    base = f"{course['id'].replace('-', '')[:12]}_{slug(body['title'])}"
    taken = {section["id"] for section in sections}
    id = next(name for n in range(len(taken) + 1) if (name := base + (f"_{n + 1}" if n else "")) not in taken)
    section = {
        "id": id,
        "title": body["title"],
        "description": body.get("description"),
        "access": body["access"],
        "drip": _drip(call, body.get("drip")),
        "learningUnits": [],
    }
    sections.append(section)
    return _contents(call, course)


def _drip(call: Call, sent: dict[str, Any] | None) -> dict[str, Any] | None:
    if not sent:
        return None
    drip = {"days": sent.get("days", 0), "date": sent.get("date"), "notify": sent.get("notify", False)}
    drip |= {"subject": sent.get("subject"), "body": sent.get("body")}
    return drip | ({"type": "days" if "days" in sent else None} if call.switches.dialect != "2025" else {})


def _users(call: Call, course: dict[str, Any]) -> Any:
    return call.school.shown(call.school.learners(course["id"]))


ROUTES = (
    Route("GET courses", _list, page=Page(50), show=course_record),
    Route("POST courses", _create, body=_CREATE, status=201),
    Route("GET courses/{course}", _get),
    Route("PUT courses/{course}", _update, body=_UPDATE),
    Route("GET courses/{course}/contents", _contents),
    Route("POST courses/{course}/sections", _add_section, body=_SECTION, status=201),
    Route("GET courses/{course}/users", _users, page=Page(20, sized=True, empty=404), show=user_record),
)
