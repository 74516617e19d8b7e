"""Progress of users in courses."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import Reference, Several, YesNo
from lwdesk.catalog.courses import COURSE, EACH_COURSE, OF_COURSE, WHICH
from lwdesk.catalog.effects.studies import Studies
from lwdesk.catalog.export_model import DATETIME, DURATION, ID, NUMBER, SECONDS, Export, Out, Parents
from lwdesk.catalog.filters import days, one_of
from lwdesk.catalog.model import CHANGES, LOOK, TAKES, Column, Listing, Of, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of
from lwdesk.catalog.users import EACH_USER, NARROW_USERS, OF_USER, USER, WHO

FAMILY = N_("Progress")

_FIGURES = (
    Out("status", N_("Status")),
    Out("progress_rate", N_("Progress %"), NUMBER),
    Out("average_score_rate", N_("Average score %"), NUMBER),
    Out("completed_units", N_("Completed activities"), NUMBER),
    Out("total_units", N_("Activities"), NUMBER),
    Out("time_on_course", N_("Time on course"), DURATION),
    Out("completed_at", N_("Completed"), DATETIME),
)

PROGRESS = Export(
    id="progress",
    title=N_("Progress"),
    family=FAMILY,
    call="GET users/{user}/progress",
    size=200,
    sized=True,
    per=(EACH_USER,),
    filters=(
        WHO,
        one_of("course", N_("Courses"), ("course",), "course_id"),
        *days("completed_at", N_("Completed from"), N_("Completed until"), "completed_"),
    ),
    narrows=NARROW_USERS,
    columns=(
        *OF_USER,
        id_of("course", "course_id", N_("Course ID"), N_("Course")),
        *_FIGURES,
    ),
    doc=N_(
        "Progress of all users in all courses, including courses they left. Can take a while with many "
        "users, so choose the ones you need."
    ),
)

COURSE_PROGRESS = Export(
    id="course-progress",
    title=N_("Progress by activity"),
    family=FAMILY,
    call="GET users/{user}/courses/{course}/progress",
    per=(
        Parents(
            "user",
            "GET courses/{course}/users",
            size=200,
            sized=True,
            title="email",
            facts=(("username", "username"),),
            of=EACH_COURSE,
        ),
    ),
    filters=(WHICH,),
    levels=(("course_progress", "progress_per_section_unit"), ("section", "units")),
    columns=(
        OF_COURSE,
        *OF_USER,
        Out("unit_section_name", N_("Section")),
        Out("unit_name", N_("Activity")),
        Out("unit_type", N_("Activity type")),
        Out("unit_status", N_("Status")),
        Out("unit_progress_rate", N_("Progress %"), NUMBER),
        Out("score_on_unit", N_("Score"), NUMBER),
        Out("time_on_unit", N_("Time on activity"), SECONDS),
        Out("unit_duration", N_("Length"), SECONDS),
        Out("of.course_progress.progress_rate", N_("Course progress %"), NUMBER),
        Out("of.course_progress.status", N_("Course status")),
        Out("of.course_progress.average_score_rate", N_("Average score %"), NUMBER),
        Out("of.course_progress.completed_units", N_("Completed activities"), NUMBER),
        Out("of.course_progress.total_units", N_("Activities"), NUMBER),
        Out("of.course_progress.time_on_course", N_("Time on course"), DURATION),
        Out("of.course_progress.completed_at", N_("Course completed"), DATETIME),
        Out("unit_id", N_("Activity ID"), ID),
    ),
    doc=N_(
        "Each user's status in each activity of a course. Can take a while for courses with many users, so "
        "choose the courses you need."
    ),
)

_DONE = Listing(
    "progress",
    N_("progress"),
    of=Of(
        "course",
        item="course_id",
        by_user=Walk("GET users/{item}/progress", 200, True),
        both="GET users/{user}/courses/{item}/progress",
    ),
)
_COURSE = replace(COURSE, at="path")
_UNITS = Column(
    "units",
    N_("Activities"),
    Several(Reference(("unit",))),
    at="units",
    default=(),
    help=N_("Titles or IDs of activities, separated by semicolons. If blank: the whole course."),
)

COMPLETE = Operation(
    id="complete",
    title=N_("Mark courses as complete"),
    family=FAMILY,
    call="POST users/{user}/courses/{course}/complete",
    columns=(
        USER,
        _COURSE,
        _UNITS,
        Column(
            "send_course_complete_email",
            N_("Send completion email"),
            YesNo(),
            at="send_course_complete_email",
            default=False,
            example="no",
            help=N_("Whether the user gets the school's completion email. If blank: no."),
        ),
    ),
    effect=Studies("progress"),
    done=N_("{course} marked as complete"),
    so=N_("{course} is already complete"),
    repeat=LOOK,
    risk=CHANGES,
    no_undo=N_(
        "A completion can't be undone without losing progress. To clear everything, use “Reset progress”."
    ),
    mails="send_course_complete_email",
    doc=N_("Marks courses, or some of their activities, as complete for users."),
)

RESET = Operation(
    id="reset-progress",
    title=N_("Reset progress"),
    family=FAMILY,
    call="POST users/{user}/courses/{course}/reset",
    columns=(USER, _COURSE, _UNITS),
    effect=Studies("progress", done=False),
    done=N_("progress in {course} reset"),
    so=N_("no progress in {course}"),
    repeat=LOOK,
    risk=TAKES,
    no_undo=N_("Users' progress in the course is deleted and can't be restored."),
    doc=N_("Deletes users' progress in courses, or in some of their activities. This can't be undone."),
)

LISTINGS = (_DONE,)
OPERATIONS = (COMPLETE, RESET)
EXPORTS = (PROGRESS, COURSE_PROGRESS)
