"""Progress of users in courses."""

from lwdesk.base.text import N_
from lwdesk.catalog.courses import EACH_COURSE, WHICH
from lwdesk.catalog.model import DATETIME, NUMBER, Export, Out, Parents
from lwdesk.catalog.users import EACH_USER, NARROW_USERS, WHO

FAMILY = N_("Progress")

_FIGURES = (
    Out("status", N_("Status")),
    Out("progress_rate", N_("Progress %"), NUMBER),
    Out("average_score_rate", N_("Average score %"), NUMBER),
    Out("completed_units", N_("Completed activities"), NUMBER),
    Out("total_units", N_("Activities"), NUMBER),
    Out("time_on_course", N_("Seconds on course"), NUMBER),
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
    filters=(WHO,),
    narrows=NARROW_USERS,
    columns=(
        Out("of.user.title", N_("Email")),
        Out("of.user.username", N_("Username")),
        Out("course_id", N_("Course id")),
        *_FIGURES,
        Out("of.user.id", N_("User id")),
    ),
    doc=N_(
        "Progress of all users in all courses, those they left too; one request for each user, so choose them."
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
        Out("of.course.title", N_("Course")),
        Out("of.user.title", N_("Email")),
        Out("of.user.username", N_("Username")),
        Out("unit_section_name", N_("Section")),
        Out("unit_name", N_("Activity")),
        Out("unit_type", N_("Activity type")),
        Out("unit_status", N_("Status")),
        Out("unit_progress_rate", N_("Progress %"), NUMBER),
        Out("score_on_unit", N_("Score"), NUMBER),
        Out("time_on_unit", N_("Seconds on activity"), NUMBER),
        Out("unit_duration", N_("Length in seconds"), NUMBER),
        Out("of.course_progress.progress_rate", N_("Course progress %"), NUMBER),
        Out("of.course_progress.status", N_("Course status")),
        Out("unit_id", N_("Activity id")),
        Out("of.user.id", N_("User id")),
        Out("of.course.id", N_("Course id")),
    ),
    doc=N_(
        "Each activity of each user in a course; one request for each user of the course, so choose courses."
    ),
)

EXPORTS = (PROGRESS, COURSE_PROGRESS)
