"""User roles and segments."""

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import Choice, Reference, Several
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.effects.assigned import SetsRole
from lwdesk.catalog.export_model import DATETIME, ID, LIST, YES_NO, Export, Out, Parents
from lwdesk.catalog.model import CHANGES, SAFE, Column, Listing, Of, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of, ids_of, user_id
from lwdesk.catalog.users import EACH_USER, MEMBER, NARROW_USERS, USER, WHO

FAMILY = N_("Roles and segments")

ROLES = Listing("role", N_("role"), walk="GET user-roles", size=200)
SEGMENTS = Listing("segment", N_("segment"), walk="GET users/segments", size=200, label="name")
# A user's role with what is assigned to it; only asked for.
HELD = Listing("user-role", N_("role of a user"), of=Of(by_user=Walk("GET users/{item}/user-role")))
_LEVELS = ("admin", "instructor", "reporter", "license_reporter", "seat_manager", "user")

ROLE = Column(
    "role",
    N_("Role"),
    Reference(("role",)),
    at="role_id",
    required=True,
    example="Instructor",
    help=N_("The role's title or ID."),
)

SET_ROLE = Operation(
    id="set-role",
    title=N_("Set user roles"),
    family=FAMILY,
    call="PUT users/{user}/user-role",
    columns=(
        USER,
        ROLE,
        Column(
            "assigned_courses",
            N_("Assigned courses"),
            Several(Reference(("course",))),
            at="assigned_courses",
            help=N_("For instructors: all courses they teach. If blank: no change."),
        ),
        Column(
            "revenue_shares",
            N_("Revenue shares %"),
            Several(Number(low=0, high=100, percent=True)),
            help=N_(
                "The instructor's share of each assigned course in percent, in their order; or one for all."
            ),
        ),
        Column(
            "assigned_seats",
            N_("Assigned seat offerings"),
            Several(Reference(("seat",))),
            at="assigned_seat_offering_ids",
            help=N_("For seat managers: all seat offerings they manage. If blank: no change."),
        ),
        Column(
            "assigned_groups",
            N_("Assigned user groups"),
            Several(Reference(("group",))),
            at="assigned_user_group_ids",
            help=N_("For group managers: all user groups they manage. If blank: no change."),
        ),
        Column(
            "assigned_segment",
            N_("Assigned segment"),
            Reference(("segment",)),
            at="assigned_segment_id",
            help=N_("For reporters: the segment of users they can see. If blank: no change."),
        ),
    ),
    effect=SetsRole("user-role"),
    done=N_("role set to {role}"),
    so=N_("already has the role {role}"),
    repeat=SAFE,
    risk=CHANGES,
    undo="set-role",
    doc=N_("Changes users' roles. Assigned items are kept if the new role supports them."),
)

ROLE_LIST = Export(
    id="roles",
    title=N_("Roles"),
    family=FAMILY,
    call="GET user-roles",
    filters=(
        Column(
            "access_level", N_("Access level"), Several(Choice.of(*_LEVELS), commas=True), at="access_level"
        ),
        Column("role", N_("Role"), Reference(("role",)), at="role_id"),
    ),
    columns=(
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        Out("access_level", N_("Access level")),
        Out("custom_role", N_("Custom role"), YES_NO),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("The roles that users can have."),
)

USER_ROLES = Export(
    id="user-roles",
    title=N_("User roles"),
    family=FAMILY,
    call="GET users/{user}/user-role",
    per=(EACH_USER,),
    filters=(WHO,),
    narrows=NARROW_USERS,
    columns=(
        user_id("id", email="email", username="username"),
        Out("username", N_("Username")),
        id_of("role", "role_id", N_("Role ID"), N_("Role"), shown="user_role.name"),
        Out("user_role.access_level", N_("Access level")),
        ids_of("course", "assigned_courses.course_id", N_("Assigned course IDs"), N_("Assigned courses")),
        Out("assigned_courses.revenue_share_percentage", N_("Revenue shares %"), LIST),
        ids_of(
            "seat",
            "assigned_seat_offering_ids",
            N_("Assigned seat offering IDs"),
            N_("Assigned seat offerings"),
        ),
        ids_of("group", "assigned_user_group_ids", N_("Assigned user group IDs"), N_("Assigned user groups")),
        id_of("segment", "assigned_segment_id", N_("Assigned segment ID"), N_("Assigned segment")),
        Out("assigned_licenses_ids", N_("Assigned license IDs"), LIST),
    ),
    doc=N_(
        "Each user's role and what's assigned to it. Can take a while with many users, so choose the ones you need."
    ),
)

SEGMENT_LIST = Export(
    id="segments",
    title=N_("Segments"),
    family=FAMILY,
    call="GET users/segments",
    columns=(Out("name", N_("Name")), Out("description", N_("Description")), Out("id", N_("ID"), ID)),
    doc=N_("The user segments of the school."),
)

SEGMENT_USERS = Export(
    id="users-by-segment",
    title=N_("Segment users"),
    family=FAMILY,
    call="GET users/by-segment",
    query=(("segment_id", "{segment}"),),
    per=(Parents("segment", "GET users/segments", title="name"),),
    filters=(Column("segment", N_("Segments"), Several(Reference(("segment",)))),),
    columns=(
        id_of("segment", "of.segment.id", N_("Segment ID"), N_("Segment"), shown="of.segment.title"),
        *MEMBER,
        Out("last_login", N_("Last login"), DATETIME),
    ),
    doc=N_("The users in each segment."),
)

LISTINGS = (ROLES, SEGMENTS, HELD)
OPERATIONS = (SET_ROLE,)
EXPORTS = (ROLE_LIST, USER_ROLES, SEGMENT_LIST, SEGMENT_USERS)
