"""Answers to assessments and forms."""

from lwdesk.base.text import N_
from lwdesk.catalog.courses import EACH_COURSE, WHICH
from lwdesk.catalog.kinds import Several, Text
from lwdesk.catalog.model import DATETIME, LIST, NUMBER, YES_NO, Column, Export, Out, Parents

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
        filters=(WHICH, Column(name, N_("Activity ids"), Several(Text(), commas=True))),
        levels=(("response", "answers"),),
        columns=(
            Out("of.course.title", N_("Course")),
            Out(f"of.{name}.title", N_("Activity")),
            Out("of.response.email", N_("Email")),
            Out("description", N_("Question")),
            Out("answer", N_("Answer")),
            Out("points", N_("Points"), NUMBER),
            Out("blockMaxScore", N_("Most points"), NUMBER),
            Out("feedback", N_("Feedback")),
            Out("of.response.grade", N_("Grade (0-100)"), NUMBER),
            Out("of.response.passed", N_("Passed"), YES_NO),
            Out("of.response.generalFeedback", N_("General feedback")),
            Out("of.response.submittedTimestamp", N_("Submitted"), DATETIME),
            Out("of.response.created", N_("Started"), DATETIME),
            Out("blockType", N_("Question type")),
            Out("answerData.downloads.url", N_("Files"), LIST),
            Out("blockId", N_("Question id")),
            Out(f"of.{name}.id", N_("Activity id")),
            Out("of.response.user_id", N_("User id")),
            Out("of.response.id", N_("Submission id")),
        ),
        doc=doc,
    )


ASSESSMENT_RESPONSES = _responses(
    "assessment-responses",
    N_("Answers to assessments"),
    "assessment",
    ASSESSMENTS,
    N_("Every answer of every submission, one row a question. Links to files end after half a day."),
)
FORM_RESPONSES = _responses(
    "form-responses",
    N_("Answers to forms"),
    "form",
    FORMS,
    N_("Every answer to every form, one row a question."),
)

EXPORTS = (ASSESSMENT_RESPONSES, FORM_RESPONSES)
