"""Answers to assessments and forms, and a teacher's grades."""

from typing import Any

from lwdesk.practice.files import upload_path
from lwdesk.practice.refusals import refuse
from lwdesk.practice.schema import Many, Record, Text, Whole
from lwdesk.practice.wire import Call, Page, Route, csv

UPLOAD_LIFE = 12 * 3600  # seconds that links to uploaded files live
TEACHER_GRADES = ("openEnded", "fileUpload")
_ANSWER = Record({"blockId": Text(), "grade": Whole(0, 100), "feedback": Text()})
_REVIEW = Record({"answers": Many(_ANSWER), "generalFeedback": Text()})


def _list(call: Call, unit: dict[str, Any]) -> Any:
    users = csv(call.query.get("users", ""))
    rows = call.school.responses.get(unit["id"], [])
    return [row for row in rows if not users or row["user_id"] in users][::-1]


def _show(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    record = {key: value for key, value in row.items() if key != "unit"}
    answers = [_linked(call, row["id"], answer) for answer in row["answers"]]
    return record | {"email": call.school.by_id[row["user_id"]].email, "answers": answers}


def _linked(call: Call, submission: str, answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with links to what was uploaded."""
    if not answer["answerData"]:
        return answer
    files = [
        one
        | {
            "url": call.school.link(upload_path(submission, answer["blockId"], n, one["title"]), UPLOAD_LIFE)[
                0
            ]
        }
        for n, one in enumerate(answer["answerData"]["downloads"])
    ]
    return answer | {"answerData": {"downloads": files}}


def _review(call: Call, row: dict[str, Any]) -> Any:
    """A grade is a percentage of the block's points; the submission's grade is that of all its points."""
    blocks = {one["blockId"]: one for one in row["answers"]}
    for sent in call.body.get("answers", ()):
        block = blocks.get(sent.get("blockId"))
        if block is None or block["blockType"] not in TEACHER_GRADES:
            raise refuse(422, f"The block {sent.get('blockId')} is not graded by a teacher.")
    for sent in call.body.get("answers", ()):
        block = blocks[sent["blockId"]]
        if "grade" in sent:
            block["points"] = block["blockMaxScore"] * sent["grade"] / 100
        block["feedback"] = sent.get("feedback", block["feedback"])
    row["generalFeedback"] = call.body.get("generalFeedback", row["generalFeedback"])
    if all(one["points"] is not None for one in row["answers"]):
        most = sum(one["blockMaxScore"] for one in row["answers"])
        row["grade"] = round(100 * sum(one["points"] for one in row["answers"]) / most)
        row["passed"] = row["grade"] >= 50
    row["modified"] = int(call.school.now())
    return _show(call, row)


_PAGE = Page(20, sized=True)
ROUTES = (
    Route("GET assessments/{assessment}/responses", _list, page=_PAGE, show=_show),
    Route("GET forms/{form}/responses", _list, page=_PAGE, show=_show),
    Route("POST assessments/scores/{score}/review", _review, body=_REVIEW),
)
