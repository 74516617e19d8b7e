"""Community: collections, spaces and who is in them, posts."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import members
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, Text, User, YesNo
from lwdesk.catalog.effects.deletes import Deletes
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.export_model import DATETIME, ID, LIST, NUMBER, YES_NO, Export, Out, Parents
from lwdesk.catalog.filters import days
from lwdesk.catalog.model import CHANGES, NEVER, SAFE, TAKES, Column, Listing, Membership, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of, ids_of, user_id
from lwdesk.catalog.users import USER

FAMILY = N_("Community")

COLLECTIONS = Listing(
    "collection", N_("collection"), walk="GET community/collections", size=200, label="name"
)
SPACES = Listing(
    "space", N_("space"), walk="GET community/spaces", size=200, sized=True, keys=("id", "title")
)
# LearnWorlds API v2: a space lists its users, a user doesn't list their spaces.
MEMBERS = Membership(
    "spaces",
    ask="",
    walks={"space": Walk("GET community/spaces/{item}/users", 200, sized=True)},
    unless=("status", ("deleted", "left")),
)
EACH_SPACE = Parents("space", "GET community/spaces", size=200, sized=True)

# What members may do in a space, in the order of the service's document of 2026.
MAY = {
    "post": N_("Can post"),
    "poll": N_("Can create polls"),
    "comment": N_("Can comment"),
    "upvote": N_("Can upvote"),
    "like": N_("Can like"),
    "share": N_("Can share"),
    "sort_posts": N_("Can sort posts"),
    "upload_files": N_("Can upload files"),
    "upload_images": N_("Can upload images"),
    "upload_videos": N_("Can upload videos"),
    "mention_members": N_("Can mention members"),
}
_ACCESS = Column("access", N_("Access"), Choice.of("public", "private", "standalone"), at="access")

COLLECTION_LIST = Export(
    id="collections",
    title=N_("Collections"),
    family=FAMILY,
    call="GET community/collections",
    columns=(
        Out("name", N_("Name")),
        Out("description", N_("Description")),
        Out("display_order", N_("Order"), NUMBER),
        ids_of("space", "space_ids", N_("Space IDs"), N_("Spaces")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("The collections that community spaces belong to."),
)

SPACE_LIST = Export(
    id="spaces",
    title=N_("Spaces"),
    family=FAMILY,
    call="GET community/spaces",
    size=200,
    sized=True,
    filters=(
        _ACCESS,
        Column("collection", N_("Collection"), Reference(("collection",)), at="collectionId"),
        Column("course", N_("Used in courses"), Several(Reference(("course",))), at="usages[]"),
    ),
    columns=(
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        Out("access", N_("Access")),
        id_of("collection", "collectionId", N_("Collection ID"), N_("Collection")),
        user_id("owner.id", N_("Owner ID"), who=N_("Owner"), username="owner.username"),
        ids_of("course", "usages.courseId", N_("Used in course IDs"), N_("Used in courses")),
        Out("usages.type", N_("Used as"), LIST),
        Out("hidden_from_community", N_("Hidden from the community"), YES_NO),
        Out("is_invitation_required", N_("Invitation required"), YES_NO),
        Out("is_members_allowed_to_view_members", N_("Can view members"), YES_NO),
        *(Out(f"is_members_allowed_to_{key}", title, YES_NO) for key, title in MAY.items()),
        Out("default_post_sorting", N_("Post order")),
        Out("usages.unitId", N_("Used in activity IDs"), LIST),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("Every community space, with its access and member permissions."),
)

SPACE_USERS = Export(
    id="space-users",
    title=N_("Space members"),
    family=FAMILY,
    call="GET community/spaces/{space}/users",
    size=200,
    sized=True,
    per=(EACH_SPACE,),
    filters=(Column("space", N_("Spaces"), Several(Reference(("space",)))),),
    columns=(
        id_of("space", "of.space.id", N_("Space ID"), N_("Space"), shown="of.space.title"),
        user_id("id", username="username"),
        Out("username", N_("Username")),
        Out("status", N_("Status")),
    ),
    doc=N_("The members of each space, and whether they joined, were invited, or left."),
)

POSTS = Export(
    id="posts",
    title=N_("Posts"),
    family=FAMILY,
    call="GET community/posts",
    size=200,
    sized=True,
    filters=(
        Column("user", N_("User"), User(), at="user_id"),
        Column("space", N_("Space"), Reference(("space",), lacking=True), at="space_id"),
        Column("course", N_("Course"), Reference(("course",), lacking=True), at="course_id"),
        Column("mentions", N_("Mentioned user"), User(by_id=True), at="mentions"),
        *days("created", N_("Created from"), N_("Created until")),
    ),
    columns=(
        Out("created", N_("Created"), DATETIME),
        user_id("user.id", username="user.username"),
        Out("user.username", N_("Username")),
        Out("text", N_("Text")),
        Out("posted_in.type", N_("Posted in")),
        id_of(
            ("space", "course"),
            "posted_in.id",
            N_("Space or course ID"),
            N_("Space or course"),
            by="posted_in.type",
        ),
        Out("likes.username", N_("Likes"), LIST),
        Out("upvotes.username", N_("Upvotes"), LIST),
        Out("mentions.username", N_("Mentions"), LIST),
        Out("items.type", N_("Attachments"), LIST),
        Out("items.data", N_("Attachment contents"), LIST),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("User posts in spaces and courses."),
)

SPACE = members.item(
    "space",
    N_("Space"),
    example="Teachers' room",
    help=N_("The community space, by title or ID; several separated by semicolons."),
)
# The service documents no limit; with 50, a lost answer is quickly looked up.
USERS_A_CALL = 50

ADD = Operation(
    id="add-to-space",
    title=N_("Add users to spaces"),
    family=FAMILY,
    call="POST community/spaces/{space}/users",
    columns=(replace(USER, at="uids", batch=USERS_A_CALL), SPACE),
    effect=Joins("spaces", item="space", invites="is_invitation_required"),
    done=N_("added to space {space}"),
    so=N_("already in space {space}"),
    repeat=SAFE,
    undo="remove-from-space",
    doc=N_("Adds users to community spaces, many at once. Where a space requires it, they are invited."),
)

REMOVE = Operation(
    id="remove-from-space",
    title=N_("Remove users from spaces"),
    family=FAMILY,
    call="DELETE community/spaces/{space}/users/{user}",
    columns=(USER, SPACE),
    effect=Joins("spaces", item="space", there=False),
    done=N_("removed from space {space}"),
    so=N_("not in space {space}"),
    repeat=SAFE,
    risk=TAKES,
    undo="add-to-space",
    gone=True,
    mute=True,
    doc=N_("Removes users from community spaces. Their posts stay."),
)


def _switch(column_id: str, title: str, *, rare: bool = False, help: str) -> Column:
    return Column(column_id, title, YesNo(), at=column_id, example="yes", rare=rare, help=help)


_COLLECTION = Column(
    "collection",
    N_("Collection"),
    Reference(("collection",)),
    at="collectionId",
    help=N_("The collection of a public or private space, by name or ID; a standalone space has none."),
)
_SETTINGS = (
    Column(
        "description",
        N_("Description"),
        Text(),
        at="description",
        example="For all who teach",
        help=N_("What the space is about."),
    ),
    _switch(
        "hidden_from_community",
        N_("Hidden from the community"),
        help=N_("Yes: only members can see that the space exists."),
    ),
    _switch(
        "is_invitation_required",
        N_("Invitation required"),
        help=N_("Yes: added users are invited first. For private spaces only."),
    ),
    _switch(
        "is_members_allowed_to_view_members",
        N_("Can view members"),
        help=N_("Yes: members can see each other. For private spaces only."),
    ),
    *(
        _switch(
            f"is_members_allowed_to_{key}",
            title,
            rare=True,
            help=N_("Whether members can do this. Requires a newer version of LearnWorlds."),
        )
        for key, title in MAY.items()
    ),
    Column(
        "default_post_sorting",
        N_("Post order"),
        Choice.of("newest", "oldest", newest_activity="activity"),
        at="default_post_sorting",
        example="newest",
        rare=True,
        help=N_("newest, oldest or newest_activity. Requires a newer version of LearnWorlds."),
    ),
)

CREATE = Operation(
    id="create-space",
    title=N_("Create spaces"),
    family=FAMILY,
    call="POST community/spaces",
    columns=(
        members.title(
            "space",
            example="Teachers' room",
            help=N_("The name of the space. It must be unique in your school."),
        ),
        Column(
            "access",
            N_("Access"),
            Choice.of("public", "private", "standalone"),
            at="access",
            required=True,
            example="private",
            words="access.space",
            help=N_("public, private or standalone. A standalone space doesn't belong to a collection."),
        ),
        _COLLECTION,
        *_SETTINGS,
    ),
    effect=Creates(
        "space", by="title", back="space", goes_with=(("collection", "access", ("public", "private")),)
    ),
    done=N_("space {title} created"),
    so=N_("space {title} already exists"),
    repeat=NEVER,
    undo="delete-space",
    doc=N_("Creates community spaces without members. Add users to them afterwards."),
)

UPDATE = Operation(
    id="update-space",
    title=N_("Update spaces"),
    family=FAMILY,
    call="PUT community/spaces/{space}",
    columns=(
        members.changed(SPACE, N_("The current title of the space, or its ID.")),
        members.NEW_TITLE,
        Column(
            "access",
            N_("Access"),
            Choice.of("public", "private"),
            at="access",
            words="access.space",
            help=N_("public or private. You can't change this for a standalone space."),
        ),
        _COLLECTION,
        *_SETTINGS,
    ),
    effect=Updates("space", by="space", renames="new_title"),
    done=N_("updated"),
    so=N_("already up to date"),
    repeat=SAFE,
    risk=CHANGES,
    undo="update-space",
    doc=N_("Updates the values that differ from your sheet. Blank cells change nothing."),
)

DELETE = Operation(
    id="delete-space",
    title=N_("Delete spaces"),
    family=FAMILY,
    call="DELETE community/spaces/{space}",
    columns=(members.deleted(SPACE),),
    effect=Deletes(
        "space", by="space", holds=((N_("used in courses: {n}"), "usages", ""),), membership="spaces"
    ),
    done=N_("space {space} deleted"),
    so=N_("space {space} doesn't exist"),
    repeat=SAFE,
    risk=TAKES,
    gone=True,
    no_undo=N_("LearnWorlds can't restore a deleted space. Create it again and add its members."),
    doc=N_("Deletes community spaces, including all their posts."),
)

LISTINGS = (COLLECTIONS, SPACES)
MEMBERSHIPS = (MEMBERS,)
OPERATIONS = (ADD, REMOVE, CREATE, UPDATE, DELETE)
EXPORTS = (COLLECTION_LIST, SPACE_LIST, SPACE_USERS, POSTS)
