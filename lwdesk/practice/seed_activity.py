"""Enrollments, progress, quiz and survey answers, certificates, the activity log."""

import random
from typing import Any

from lwdesk.practice.certificates import issue
from lwdesk.practice.model import Progress, Study, User
from lwdesk.practice.school import School
from lwdesk.practice.seed_shop import ACTIVE

_OPEN = ("paid", "free", "private")


def fill(school: School, rng: random.Random) -> None:
    """Enroll all users somewhere; the first ones have progress too."""
    courses = [id for id, course in school.products["course"].items() if course["access"] in _OPEN]
    weights = [len(courses) - n for n in range(len(courses))]
    for n, user in enumerate(school.users):
        for id in dict.fromkeys(rng.choices(courses, weights, k=n % 4)):
            school.give(user, "course", id, int(user.created) + rng.randrange(86400))
    for user in school.users[:ACTIVE]:
        school.log(user, "register", "Registered to the school", at=user.created)
        if user.last_login:
            school.log(user, "login", "Logged in", at=user.last_login, agent={"country": "GR"})
        for id in school.enrollments(user):
            _study(school, user, id, rng)
    for rows in school.responses.values():
        rows.sort(key=lambda row: row["created"])


def _study(school: School, user: User, course: str, rng: random.Random) -> None:
    """A user gets to some point of a course; those who reach the end get its certificate."""
    units = list(school.units(course).values())
    reached = rng.randrange(len(units) + 1) if user.last_login else 0
    progress = user.progress[course] = Progress()
    at = school.enrollments(user)[course].created
    for unit in units[:reached]:
        at += rng.randrange(60, 90000)
        study = progress.units[unit["id"]] = Study(rng.randrange(30, 1800), None, True)
        if unit["type"] == "assessmentV2":
            submission = _quiz(school, user, unit["id"], at, rng)
            study.score = round(submission["grade"]) or None if submission["grade"] is not None else None
        elif unit["type"] == "newSurvey":
            _survey(school, user, unit["id"], at, rng)
    if reached and reached == len(units):
        progress.completed_at = at
        title = school.products["course"][course]["title"]
        school.log(user, "complete_course", f"Completed {title}", at=at)
        issue(school, user, school.products["course"][course], at)
        school.log(user, "award_certificate", f"Certificate of {title}", "award", at=at)


def _submission(
    school: School, user: User, unit: str, at: int, answers: list[dict[str, Any]]
) -> dict[str, Any]:
    id = school.new_id(at)
    row = {
        "id": id,
        "unit": unit,
        "user_id": user.id,
        "grade": None,
        "passed": None,
        "created": at,
        "modified": at + 600,
        "submittedTimestamp": at + 600,
        "answers": answers,
        "generalFeedback": None,
    }
    school.submissions[id] = row
    school.responses.setdefault(unit, []).append(row)
    return row


def _answer(block: str, kind: str, text: str, answer: str, most: int | None = None) -> dict[str, Any]:
    row = {"blockId": block, "blockType": kind, "description": text, "answer": answer}
    return row | {"points": None, "blockMaxScore": most, "answerData": None, "feedback": None}


def _quiz(school: School, user: User, unit: str, at: int, rng: random.Random) -> dict[str, Any]:
    """A question with choices, and one that a teacher grades; of some submissions nobody did yet."""
    choice = _answer(f"mc1663256077565_{unit[-3:]}", "mc", "Who may open the door?", "Anybody", 10)
    essay = _answer(f"oe1663256077565_{unit[-3:]}", "openEnded", "Describe it.", "I would… 说明", 10)
    choice["points"] = rng.choice((0, 5, 10, 10))
    row = _submission(school, user, unit, at, [choice, essay])
    essay["points"] = rng.randrange(3, 11)
    row["grade"] = 5 * (choice["points"] + essay["points"])
    row["passed"] = row["grade"] >= 50
    if rng.random() < 0.2:
        essay["points"] = row["grade"] = row["passed"] = None
    return row


def _survey(school: School, user: User, unit: str, at: int, rng: random.Random) -> None:
    words = rng.choice(("Great, thank you!", "Πολύ καλό", "5", "=1+1", "too long\ntoo slow"))
    answers = [_answer(f"in{unit[-3:]}_1", "inputBlock", "How was it?", words)]
    _submission(school, user, unit, at, answers)
    n = len(school.submissions)
    if n % 2:
        answers.append(_answer(f"fu{unit[-3:]}_2", "fileUpload", "Your notes, if you like", ""))
        titles = ("notes.pdf", "Σημειώσεις: 1.docx") if n % 3 else ("photo.jpg",)
        scan = "unsafe" if n % 20 == 1 else "awating_scan" if n % 20 == 3 else "safe"
        answers[-1]["answerData"] = {"downloads": [{"title": one, "avStatus": scan} for one in titles]}
