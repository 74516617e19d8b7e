"""Grades of a course, and figures about courses and their units."""

from statistics import fmean
from typing import Any

from lwdesk.practice.schema import Choice
from lwdesk.practice.wire import Call, Page, Route, csv

_SORTS = {"sort": Choice(("created", "submittedTimestamp")), "order": Choice(("asc", "desc"))}


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
    Route("GET courses/{course}/grades", _grades, query=_SORTS, page=Page(20, sized=True), show=_grade),
    Route("GET courses/{course}/analytics", _analytics),
    Route("GET courses/{course}/units/{unit}/analytics", _unit_analytics),
)
