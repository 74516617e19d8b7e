"""Progress of users, marking complete and resetting, and the jobs that do it."""

from statistics import fmean
from typing import Any

from lwdesk.practice.certificates import issue
from lwdesk.practice.model import Job, Progress, Study, User
from lwdesk.practice.schema import Flag, Many, Record, Text
from lwdesk.practice.wire import Call, Page, Route

_UNITS = {"units": Many(Text())}  # an empty array means the whole course
_COMPLETE = Record(
    {"send_course_complete_email": Flag(), **_UNITS}, required=("send_course_complete_email", "units")
)
_RESET = Record(_UNITS, required=("units",))
_AT_ONCE = {"async": False, "job_id": ""}


def _record(call: Call, progress: Progress, course: str) -> dict[str, Any]:
    units = call.school.units(course)
    done = sum(progress.units[id].done for id in units if id in progress.units)
    scores = [study.score for study in progress.units.values() if study.score]
    started = any(study.seconds or study.done for study in progress.units.values())
    finished = progress.completed_at is not None
    sections = [
        {
            "section_id": section["id"],
            "units": [_unit(section, unit, progress) for unit in section["learningUnits"]],
        }
        for section in call.school.contents[course]
    ]
    return {
        "status": "completed" if finished else "not_completed" if started else "not_started",
        "progress_rate": round(100 * done / len(units), 2) if units else 0,
        "average_score_rate": round(fmean(scores), 2) if scores else 0,
        "time_on_course": sum(study.seconds for study in progress.units.values()),
        "total_units": len(units),
        "completed_units": done,
        "completed_at": progress.completed_at,
        "progress_per_section_unit": sections,
    }


def _unit(section: dict[str, Any], unit: dict[str, Any], progress: Progress) -> dict[str, Any]:
    study = progress.units.get(unit["id"], Study())
    return {
        "unit_section_name": section["title"],
        "unit_id": unit["id"],
        "unit_name": unit["title"],
        "unit_type": unit["type"],
        "unit_status": "completed" if study.done else "not_completed",
        "unit_duration": 300 if "video" in unit["type"] else None,
        "time_on_unit": study.seconds,
        "score_on_unit": study.score,
        "unit_progress_rate": 100 if study.done else 0,
    }


def _list(call: Call, user: User) -> Any:
    """All courses the user is or ever was active in."""
    return list(dict.fromkeys([*call.school.enrollments(user), *user.progress]))


def _row(call: Call, course: str, user: User) -> dict[str, Any]:
    return {"course_id": course, **_record(call, user.progress.get(course, Progress()), course)}


def _rows(call: Call, rows: list[Any], meta: dict[str, Any], user: User) -> Any:
    return {"data": [_row(call, course, user) for course in rows], "meta": meta}


def _one(call: Call, user: User, course: dict[str, Any]) -> Any:
    return _record(call, user.progress.get(course["id"], Progress()), course["id"])


def _wanted(call: Call, course: dict[str, Any]) -> list[str]:
    """The units a call names, or all of the course."""
    units = call.school.units(course["id"])
    return [id for id in call.body["units"] if id in units] or list(units)


def _complete(call: Call, user: User, course: dict[str, Any]) -> Any:
    school = call.school
    named, wanted = bool(call.body["units"]), _wanted(call, course)
    progress = school.progress(user, course["id"])
    if progress.completed_at or (wanted and all(_is_done(progress, id) for id in wanted)):
        return _AT_ONCE
    mail = call.body["send_course_complete_email"]

    def finish(job: Job) -> None:
        kept = wanted[: max(0, len(wanted) - call.switches.job_skips)]
        _mark(call, user, course, kept, mail)
        job.results = {
            "userEmail": user.email,
            "courseTitle": course["title"],
            "courseId": course["id"],
            "totalUnits": len(school.units(course["id"])),
            "numOfUnitsCompleted": len(kept),
            "numOfUnitsSkipped": len(wanted) - len(kept),
            "unitsCompleted": kept if named else ["all"],
        }

    return school.queue("manually-completed-progress", finish)


def _is_done(progress: Progress, unit: str) -> bool:
    return unit in progress.units and progress.units[unit].done


def _mark(call: Call, user: User, course: dict[str, Any], units: list[str], mail: bool) -> None:
    school = call.school
    progress = school.progress(user, course["id"])
    for id in units:
        progress.units.setdefault(id, Study()).done = True
    if all(_is_done(progress, id) for id in school.units(course["id"])):
        progress.completed_at = int(school.now())
        school.log(user, "complete_course", f"Completed {course['title']}")
        school.mail(mail, "course complete", user, product_id=course["id"])
        if call.switches.complete_certifies:
            issue(school, user, course, school.now())
            school.log(user, "award_certificate", f"Certificate of {course['title']}", "award")


def _reset(call: Call, user: User, course: dict[str, Any]) -> Any:
    """Resets progress only: scores of submissions and certificates stay."""
    progress, wanted = call.school.progress(user, course["id"]), _wanted(call, course)
    if not any(id in progress.units for id in wanted) and not progress.completed_at:
        return _AT_ONCE

    def finish(job: Job) -> None:
        for id in wanted:
            progress.units.pop(id, None)
        progress.completed_at = None
        job.results = {"userEmail": user.email, "courseId": course["id"], "unitsReset": wanted}

    return call.school.queue("reset-progress", finish)


def _job(call: Call, job: Job) -> Any:
    return {"action": job.action, "state": job.state, "errors": job.errors, "results": job.results}


ROUTES = (
    Route(
        "GET users/{user}/progress",
        _list,
        page=Page(20, sized=True, beyond_empty=True, empty=404),
        wrap=_rows,
    ),
    Route("GET users/{user}/courses/{course}/progress", _one),
    Route("POST users/{user}/courses/{course}/complete", _complete, body=_COMPLETE),
    Route("POST users/{user}/courses/{course}/reset", _reset, body=_RESET),
    Route("GET async-actions/{job}", _job, since="2026"),
)
