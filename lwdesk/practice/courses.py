"""Courses: list, create, update, contents, sections, users, grades, analytics."""

import re
import unicodedata
from statistics import fmean
from typing import Any

from lwdesk.practice.records import course_record, user_record
from lwdesk.practice.schema import Choice, Flag, Many, Number, Record, Text, Whole
from lwdesk.practice.wire import Call, Newest, Page, Route, refuse

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
_SORTS = {"sort": Choice(("created", "submittedTimestamp")), "order": Choice(("asc", "desc"))}


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


def csv(text: str) -> set[str]:
    return {part.strip() for part in text.split(",") if part.strip()}


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


def _grades(call: Call, course: dict[str, Any]) -> Any:
    query, school = call.query, call.school
    users, wanted = csv(query.get("users", "")), csv(query.get("learningUnits", ""))
    rows = [
        (unit, one)
        for unit in school.units(course["id"]).values()
        if unit["type"] == "assessmentV2" and (not wanted or unit["id"] in wanted)
        for one in school.responses.get(unit["id"], ())
        if one["grade"] is not None and (not users or one["user_id"] in users)
    ]
    key = query.get("sort", "created")
    return sorted(rows, key=lambda row: row[1][key], reverse=query.get("order", "desc") == "desc")


def _grade(call: Call, row: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    unit, submission = row
    keys = ("id", "user_id", "grade", "created", "modified", "submittedTimestamp")
    return {key: submission[key] for key in keys} | {
        "email": call.school.by_id[submission["user_id"]].email,
        "learningUnit": {key: unit[key] for key in ("id", "type", "icon", "subtitle")},
    }


def _studies(call: Call, course: str, unit: str) -> list[Any]:
    users = (call.school.by_id[id] for id in call.school.learners(course))
    found = (user.progress[course].units.get(unit) for user in users if course in user.progress)
    return [study for study in found if study]


def _analytics(call: Call, course: dict[str, Any]) -> Any:
    school, id = call.school, course["id"]
    units = school.units(id)
    studies = {unit: _studies(call, id, unit) for unit in units}
    scores = [study.score for many in studies.values() for study in many if study.score]
    seconds = sum(study.seconds for many in studies.values() for study in many)
    videos = [unit for unit in units.values() if "video" in unit["type"] or unit["type"] == "youtube"]
    people = [school.by_id[one] for one in school.learners(id)]
    done = [user for user in people if id in user.progress and user.progress[id].completed_at]
    return {
        "students": len(people),
        "videos": len(videos),
        "learning_units": len(units),
        "video_time": 300 * len(videos),
        "video_viewing_time": sum(study.seconds for unit in videos for study in studies[unit["id"]]),
        "avg_score_rate": round(fmean(scores), 2) if scores else 0,
        "success_rate": round(100 * len(done) / len(people), 2) if people else 0,
        "total_study_time": seconds,
        "avg_time_to_finish": seconds // len(people) if people else 0,
        "social_interactions": sum(post["posted_in"]["id"] == id for post in school.posts.values()),
        "certificates_issued": sum(one["course_id"] == id for one in school.certificates.values()),
    }


def _unit_analytics(call: Call, course: dict[str, Any], unit: dict[str, Any]) -> Any:
    studies = _studies(call, course["id"], unit["id"])
    scores = [study.score for study in studies if study.score]
    seconds = [study.seconds for study in studies]
    return {
        "type": unit["type"],
        "name": unit["title"],
        "users_completed": sum(study.done for study in studies),
        "viewers": len(studies),
        "avg_study_time": round(fmean(seconds), 2) if seconds else 0,
        "total_study_time": sum(seconds),
        "avg_score_rate": round(fmean(scores), 2) if scores else 0,
    }


ROUTES = (
    Route("GET courses", _list, page=Page(50), show=course_record),
    Route("POST courses", _create, body=_CREATE, status=201),
    Route("GET courses/{course}", _get),
    Route("PUT courses/{course}", _update, body=_UPDATE),
    Route("GET courses/{course}/contents", _contents),
    Route("POST courses/{course}/sections", _add_section, body=_SECTION, status=201),
    Route("GET courses/{course}/users", _users, page=Page(20, sized=True, empty=404), show=user_record),
    Route("GET courses/{course}/grades", _grades, query=_SORTS, page=Page(20, sized=True), show=_grade),
    Route("GET courses/{course}/analytics", _analytics),
    Route("GET courses/{course}/units/{unit}/analytics", _unit_analytics),
)
