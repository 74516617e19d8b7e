"""Workbooks that teachers read: the gradebook, and the progress of users in their courses."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import courses, enrollments, progress
from lwdesk.catalog.cells.kinds import Choice, YesNo
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.export_model import Export, Out
from lwdesk.catalog.filters import one_of
from lwdesk.catalog.model import Column
from lwdesk.catalog.refers import user_id
from lwdesk.catalog.summaries import GRADES, PROGRESS, Grid
from lwdesk.catalog.users import EACH_USER

# Options, and their words.
LAST, ONE = "last", "one"
RETAKES = Column(
    "retakes",
    N_("Grade for retakes"),
    replace(Choice.of("best", LAST), labels=(N_("The best"), N_("The last"))),
    default="best",
    help=N_(
        "Which grade counts when an activity was taken several times: the best or the last. If blank: the best."
    ),
)
SHEETS = Column(
    "sheets",
    N_("Sheets"),
    replace(Choice.of("each_course", ONE), labels=(N_("One for each course"), N_("One for all courses"))),
    default="each_course",
    help=N_(
        "each_course: one sheet per course; one: all courses side by side. If blank: one sheet per course."
    ),
)
PASS_MARK = Column(
    "pass_mark",
    N_("Pass mark"),
    Number(low=0, high=100, percent=True),
    help=N_(
        "In percent. Activities with at least this grade count as passed. If blank: passed activities aren't counted."
    ),
)
SUSPENDED = Column(
    "suspended",
    N_("Suspended users too"),
    YesNo(),
    default=True,
    help=N_(
        "Takes longer if many users are suspended. If no: only suspended users "
        "with grades or progress are included. If blank: yes."
    ),
)

_EACH_SUSPENDED = replace(EACH_USER, name="suspended_user", query=(*EACH_USER.query, ("status", "suspended")))
SUSPENDED_ENROLLMENTS = replace(
    enrollments.ENROLLMENTS,
    id="suspended-enrollments",
    title=N_("Enrollments of suspended users"),
    call="GET users/{suspended_user}/courses",
    per=(_EACH_SUSPENDED,),
    filters=(one_of("course", N_("Courses"), ("course",), "course.id"),),
    narrows=(),
    columns=(
        user_id(
            "of.suspended_user.id", email="of.suspended_user.title", username="of.suspended_user.username"
        ),
        Out("of.suspended_user.username", N_("Username")),
        *(column for column in enrollments.ENROLLMENTS.columns if not column.at.startswith("of.user.")),
    ),
    summaries=(),
    doc=N_("Courses of suspended users, who can be missing from a course's users."),
)

_MEMBERS = (courses.COURSE_USERS.id, SUSPENDED_ENROLLMENTS.id, enrollments.ENROLLMENTS.id)

GRADEBOOK = Export(
    id="gradebook",
    title=N_("Gradebook"),
    family=courses.FAMILY,
    parts=(courses.GRADES.id, *_MEMBERS),
    grid=Grid(GRADES, N_("Gradebook"), ("username", "is_suspended"), *_MEMBERS),
    filters=(courses.WHICH, *courses.SUBMITTED),
    options=(RETAKES, SHEETS, PASS_MARK, SUSPENDED),
    doc=N_(
        "A sheet for each course, with each user's grade in each activity, averages, and what wasn't taken, "
        "plus the underlying lists."
    ),
)

OVERVIEW = Export(
    id="progress-overview",
    title=N_("Progress overview"),
    family=progress.FAMILY,
    parts=(progress.PROGRESS.id, *_MEMBERS, courses.ANALYTICS.id),
    grid=Grid(
        PROGRESS,
        N_("Progress by user"),
        ("username", "is_suspended", "last_login"),
        *_MEMBERS,
        everyone=(courses.ANALYTICS.id,),
    ),
    filters=(courses.WHICH,),
    options=(SUSPENDED,),
    doc=N_(
        "Each user's progress in each course, statistics for each course with a chart, and the underlying "
        "lists. Can take a while with many users, so choose the ones you need."
    ),
)

EXPORTS = (SUSPENDED_ENROLLMENTS, GRADEBOOK, OVERVIEW)
