"""Answers to assessments and forms."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import Reference, Text
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.courses import COURSE, EACH_COURSE, OF_COURSE, UNITS, WHICH, activities
from lwdesk.catalog.effects.parts import Reviews
from lwdesk.catalog.export_model import DATETIME, ID, LIST, NUMBER, YES_NO, Export, Out, Parents
from lwdesk.catalog.files import Files
from lwdesk.catalog.filters import days, only_users
from lwdesk.catalog.model import CHANGES, SAFE, Column, Listing, Of
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import user_id
from lwdesk.catalog.users import USER

FAMILY = N_("Assessments and forms")

# The list of activity types is open; these are the ones that have answers.
ASSESSMENTS, FORMS = ("assessmentV2", "assessment"), ("newSurvey", "form", "survey")


def units(name: str, types: tuple[str, ...]) -> Parents:
    """The activities of all courses that have one of the types."""
    return Parents(
        name,
        "GET courses/{course}/contents",
        items=("sections", "learningUnits"),
        facts=(("type", "type"),),
        only=("type", types),
        of=EACH_COURSE,
    )


def _responses(entry_id: str, title: str, name: str, types: tuple[str, ...], doc: str) -> Export:
    return Export(
        id=entry_id,
        title=title,
        family=FAMILY,
        call=f"GET {name}s/{{{name}}}/responses",
        size=200,
        sized=True,
        per=(units(name, types),),
        filters=(
            WHICH,
            activities(name, name),
            only_users("of.response.user_id"),
            *days("of.response.submittedTimestamp", N_("Submitted from"), N_("Submitted until")),
        ),
        levels=(("response", "answers"),),
        columns=(
            OF_COURSE,
            Out(f"of.{name}.title", N_("Activity")),
            user_id("of.response.user_id", email="of.response.email"),
            Out("description", N_("Question")),
            Out("answer", N_("Answer")),
            Out("points", N_("Points"), NUMBER),
            Out("blockMaxScore", N_("Maximum points"), NUMBER),
            Out("feedback", N_("Feedback")),
            Out("of.response.grade", N_("Grade (0-100)"), NUMBER),
            Out("of.response.passed", N_("Passed"), YES_NO),
            Out("of.response.generalFeedback", N_("General feedback")),
            Out("of.response.submittedTimestamp", N_("Submitted"), DATETIME),
            Out("of.response.created", N_("Started"), DATETIME),
            Out("of.response.modified", N_("Modified"), DATETIME),
            Out("blockType", N_("Question type")),
            Out("answerData.downloads.title", N_("File names"), LIST),
            Out("answerData.downloads.url", N_("Files"), LIST),
            Out("answerData.downloads.avStatus", N_("Virus scan"), LIST),
            Out("blockId", N_("Question ID"), ID),
            Out(f"of.{name}.id", N_("Activity ID"), ID),
            Out("of.response.id", N_("Submission ID"), ID),
        ),
        files=Files(
            links=("answerData.downloads.url",),
            name=(f"of.{name}.title", "of.response.user_id:last_name", "of.response.user_id:first_name"),
            month="of.response.submittedTimestamp",
            titles="answerData.downloads.title",
            scans="answerData.downloads.avStatus",
        ),
        doc=doc,
    )


ASSESSMENT_RESPONSES = _responses(
    "assessment-responses",
    N_("Answers to assessments"),
    "assessment",
    ASSESSMENTS,
    N_("Every answer in every submission, one row per question. File links expire after 12 hours."),
)
FORM_RESPONSES = _responses(
    "form-responses",
    N_("Answers to forms"),
    "form",
    FORMS,
    N_("Every answer to every form, one row per question."),
)

_TESTS = replace(UNITS, id="assessment", title=N_("assessment"), only=("type", ASSESSMENTS))
_FORMS = replace(UNITS, id="form", title=N_("form"), only=("type", FORMS))
_SUBMISSIONS = Listing(
    "submission",
    N_("submission"),
    walk="GET assessments/{item}/responses",
    size=200,
    sized=True,
    of=Of("assessment", user="user_id", narrow="users"),
)

REVIEW = Operation(
    id="review-submission",
    title=N_("Review submissions"),
    family=FAMILY,
    call="POST assessments/scores/{submission}/review",
    columns=(
        replace(USER, at=""),
        COURSE,
        Column(
            "assessment",
            N_("Activity"),
            Reference(("assessment",)),
            required=True,
            example="Quiz 3",
            help=N_("The assessment in the course, by title or ID."),
        ),
        Column(
            "submission",
            N_("Submission"),
            Text(),
            at="path",
            help=N_("The ID of one submission; only needed if the user has several."),
        ),
        Column(
            "question",
            N_("Question"),
            Text(),
            at="answers.blockId",
            kept=True,
            help=N_("The question's title or ID. Only needed if a teacher grades several questions."),
        ),
        Column(
            "grade",
            N_("Grade (0-100)"),
            Number(low=0, high=100, whole=True, percent=True),
            at="answers.grade",
            kept=True,
            example="85",
            help=N_("In percent of the question's points. LearnWorlds calculates who has passed."),
        ),
        Column(
            "feedback",
            N_("Feedback"),
            Text(),
            at="answers.feedback",
            example="Well argued",
            help=N_("Feedback the user sees for this question."),
        ),
        Column(
            "general_feedback",
            N_("General feedback"),
            Text(),
            at="generalFeedback",
            example="Good work",
            help=N_("Feedback the user sees for the whole submission."),
        ),
    ),
    effect=Reviews(
        "submission",
        by="submission",
        item="assessment",
        label="submittedTimestamp",
        graded=("openEnded", "fileUpload"),
    ),
    done=N_("reviewed"),
    so=N_("already reviewed this way"),
    repeat=SAFE,
    risk=CHANGES,
    undo="review-submission",
    no_undo=N_("A first grade can be changed but not removed."),
    doc=N_("Grades answers that need a teacher, and adds feedback. One question per row."),
)

LISTINGS = (_TESTS, _FORMS, _SUBMISSIONS)
OPERATIONS = (REVIEW,)
EXPORTS = (ASSESSMENT_RESPONSES, FORM_RESPONSES)
