"""User roles and segments."""

from lwdesk.base.text import N_
from lwdesk.catalog.kinds import Choice, Reference, Several
from lwdesk.catalog.model import DATETIME, LIST, YES_NO, Column, Export, Listing, Out, Parents
from lwdesk.catalog.users import EACH_USER, NARROW_USERS, WHO

FAMILY = N_("Roles and segments")

ROLES = Listing("role", N_("role"), walk="GET user-roles", size=200)
SEGMENTS = Listing("segment", N_("segment"), walk="GET users/segments", size=200, label="name")
_LEVELS = ("admin", "instructor", "reporter", "seat_manager", "user")

ROLE_LIST = Export(
    id="roles",
    title=N_("Roles"),
    family=FAMILY,
    call="GET user-roles",
    filters=(
        Column(
            "access_level", N_("Access level"), Several(Choice.of(*_LEVELS), commas=True), at="access_level"
        ),
    ),
    columns=(
        Out("id", N_("Id")),
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        Out("access_level", N_("Access level")),
        Out("custom_role", N_("Made by the school"), YES_NO),
    ),
    doc=N_("The roles that users can have."),
)

USER_ROLES = Export(
    id="user-roles",
    title=N_("Roles of users"),
    family=FAMILY,
    call="GET users/{user}/user-role",
    per=(EACH_USER,),
    filters=(WHO,),
    narrows=NARROW_USERS,
    columns=(
        Out("email", N_("Email")),
        Out("username", N_("Username")),
        Out("user_role.name", N_("Role")),
        Out("user_role.access_level", N_("Access level")),
        Out("assigned_courses.course_id", N_("Assigned courses"), LIST),
        Out("assigned_courses.revenue_share_percentage", N_("Revenue shares %"), LIST),
        Out("assigned_seat_offering_ids", N_("Assigned seat offerings"), LIST),
        Out("assigned_user_group_ids", N_("Assigned user groups"), LIST),
        Out("assigned_segment_id", N_("Assigned segment")),
        Out("role_id", N_("Role id")),
        Out("id", N_("User id")),
    ),
    doc=N_("Each user's role with what is assigned to it; one request for each user, so choose them."),
)

SEGMENT_LIST = Export(
    id="segments",
    title=N_("Segments"),
    family=FAMILY,
    call="GET users/segments",
    columns=(Out("id", N_("Id")), Out("name", N_("Name")), Out("description", N_("Description"))),
    doc=N_("The user segments of the school."),
)

SEGMENT_USERS = Export(
    id="users-by-segment",
    title=N_("Users of segments"),
    family=FAMILY,
    call="GET users/by-segment",
    query=(("segment_id", "{segment}"),),
    per=(Parents("segment", "GET users/segments", title="name"),),
    filters=(Column("segment", N_("Segments"), Several(Reference(("segment",)))),),
    columns=(
        Out("of.segment.title", N_("Segment")),
        Out("email", N_("Email")),
        Out("username", N_("Username")),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Registered"), DATETIME),
        Out("last_login", N_("Last login"), DATETIME),
        Out("id", N_("User id")),
        Out("of.segment.id", N_("Segment id")),
    ),
    doc=N_("Who is in which segment."),
)

LISTINGS = (ROLES, SEGMENTS)
EXPORTS = (ROLE_LIST, USER_ROLES, SEGMENT_LIST, SEGMENT_USERS)
