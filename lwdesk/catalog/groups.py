"""User groups: adding and removing users; creating, changing and deleting groups; the lists."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import members
from lwdesk.catalog.cells.kinds import Reference, Several, YesNo
from lwdesk.catalog.effects.deletes import Deletes
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.export_model import DATETIME, ID, LIST, NUMBER, YES_NO, Export, Out, Parents
from lwdesk.catalog.filters import one_of
from lwdesk.catalog.model import CHANGES, LOOK, NEVER, SAFE, TAKES, Column, Listing, Membership, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of, ids_of
from lwdesk.catalog.users import EACH_USER, MEMBER, NARROW_USERS, OF_USER, USER, WHO

FAMILY = N_("User groups")

GROUPS = Listing("group", N_("user group"), walk="GET user_groups", size=20, keys=("id", "title"))
EACH_GROUP = Parents("group", "GET user_groups")
MEMBERS = Membership(
    "groups", ask="GET users/{key}/user-groups", walks={"group": Walk("GET user_groups/{item}/users")}
)

GROUP_LIST = Export(
    id="groups",
    title=N_("User groups"),
    family=FAMILY,
    call="GET user_groups",
    columns=(
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        ids_of("course", "products.courses", N_("Course IDs"), N_("Courses")),
        Out("max_number_of_users", N_("Maximum users"), NUMBER),
        Out("group_managers.email", N_("Group managers"), LIST),
        Out("enroll_users_on_courses", N_("Enrolls members"), YES_NO),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
    ),
    returns="update-group",
    doc=N_("Every user group with its courses, managers and tags."),
)

GROUP_USERS = Export(
    id="group-users",
    title=N_("User group members"),
    family=FAMILY,
    call="GET user_groups/{group}/users",
    per=(EACH_GROUP,),
    filters=(Column("group", N_("User groups"), Several(Reference(("group",)))),),
    columns=(
        id_of("group", "of.group.id", N_("Group ID"), N_("User group"), shown="of.group.title"),
        *MEMBER,
    ),
    doc=N_("The members of each group."),
)

MEMBERSHIP_LIST = Export(
    id="memberships",
    title=N_("User group memberships"),
    family=FAMILY,
    call="GET users/{user}/user-groups",
    per=(EACH_USER,),
    filters=(WHO, one_of("group", N_("User groups"), ("group",), "id")),
    narrows=NARROW_USERS,
    columns=(
        *OF_USER,
        id_of("group", "id", N_("Group ID"), N_("User group"), shown="title"),
    ),
    doc=N_(
        "The groups of each user. Can take a while with many users; for a few groups, “User group members” is faster."
    ),
)

LISTINGS = (GROUPS,)
GROUP = members.item(
    "group",
    N_("User group"),
    example="Night class",
    help=N_("The user group, by title or ID; several separated by semicolons."),
)

JOIN = Operation(
    id="join-group",
    title=N_("Add users to groups"),
    family=FAMILY,
    call="POST user_groups/{group}/users/{user}",
    columns=(USER, GROUP),
    effect=Joins("groups", item="group"),
    done=N_("added to group {group}"),
    so=N_("already in group {group}"),
    repeat=LOOK,
    undo="leave-group",
    already=("already",),
    doc=N_("Adds users to user groups. A group can tag its users and enroll them in its courses."),
)

LEAVE = Operation(
    id="leave-group",
    title=N_("Remove users from groups"),
    family=FAMILY,
    call="DELETE user_groups/{group}/users/{user}",
    columns=(USER, GROUP),
    effect=Joins("groups", item="group", there=False),
    done=N_("removed from group {group}"),
    so=N_("not in group {group}"),
    repeat=SAFE,
    risk=TAKES,
    undo="join-group",
    gone=True,
    doc=N_("Removes users from user groups. Tags and enrollments they got from the group stay."),
)

_ABOUT = (
    members.DESCRIPTION,
    members.MAX_USERS,
    Column(
        "enrolls",
        N_("Enrolls members"),
        YesNo(),
        at="enroll_users_on_courses",
        example="yes",
        help=N_("Yes: users who join the group are enrolled in its courses."),
    ),
    members.managers("group_managers", N_("Group managers")),
    members.MEMBER_TAGS,
)
# LearnWorlds API v2, PUT user_groups: these must come along, or may be set back where they don't.
_RESEND = (
    *("title", "description", "products.courses", "max_number_of_users", "enroll_users_on_courses"),
    *("group_managers", "tags"),
)

CREATE = Operation(
    id="create-group",
    title=N_("Create user groups"),
    family=FAMILY,
    call="POST user_groups",
    columns=(
        members.title(
            "group",
            example="Night class",
            help=N_("The name of the group. It must be unique in your school."),
        ),
        replace(members.COURSES, default=()),
        *_ABOUT,
    ),
    effect=Creates("group", by="title", people=("managers",), back="group"),
    done=N_("group {title} created"),
    so=N_("group {title} already exists"),
    repeat=NEVER,
    undo="delete-group",
    doc=N_("Creates user groups without members. Add users to them afterwards."),
)

UPDATE = Operation(
    id="update-group",
    title=N_("Update user groups"),
    family=FAMILY,
    call="PUT user_groups/{group}",
    columns=(
        members.changed(GROUP, N_("The current title of the user group, or its ID.")),
        members.NEW_TITLE,
        members.COURSES,
        *_ABOUT,
    ),
    effect=Updates("group", by="group", people=("managers",), resend=_RESEND, renames="new_title"),
    done=N_("updated"),
    so=N_("already up to date"),
    repeat=SAFE,
    risk=CHANGES,
    undo="update-group",
    doc=N_(
        "Updates the values that differ from your sheet. Blank cells change nothing. Courses, managers, and "
        "tags are replaced by the ones in your sheet."
    ),
)

DELETE = Operation(
    id="delete-group",
    title=N_("Delete user groups"),
    family=FAMILY,
    call="DELETE user_groups/{group}",
    columns=(members.deleted(GROUP),),
    effect=Deletes("group", by="group", membership="groups"),
    done=N_("group {group} deleted"),
    so=N_("group {group} doesn't exist"),
    repeat=SAFE,
    risk=TAKES,
    gone=True,
    no_undo=N_("LearnWorlds can't restore a deleted group. Create it again and add its members."),
    doc=N_("Deletes user groups, even if they have members. Requires a newer version of LearnWorlds."),
)

OPERATIONS = (JOIN, LEAVE, CREATE, UPDATE, DELETE)
MEMBERSHIPS = (MEMBERS,)
EXPORTS = (GROUP_LIST, GROUP_USERS, MEMBERSHIP_LIST)
