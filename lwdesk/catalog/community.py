"""Community: collections, spaces, their users, posts."""

from lwdesk.base.text import N_
from lwdesk.catalog.kinds import Choice, Reference, Several, Text, User
from lwdesk.catalog.model import DATETIME, LIST, NUMBER, YES_NO, Column, Export, Listing, Out, Parents

FAMILY = N_("Community")

COLLECTIONS = Listing(
    "collection", N_("collection"), walk="GET community/collections", size=200, label="name"
)
SPACES = Listing(
    "space", N_("space"), walk="GET community/spaces", size=200, sized=True, keep=("id", "title", "access")
)
EACH_SPACE = Parents("space", "GET community/spaces", size=200, sized=True)

# What members may do in a space, in the order of the service's document of 2026.
MAY = {
    "post": N_("May post"),
    "poll": N_("May make polls"),
    "comment": N_("May comment"),
    "upvote": N_("May upvote"),
    "like": N_("May like"),
    "share": N_("May share"),
    "sort_posts": N_("May sort posts"),
    "upload_files": N_("May upload files"),
    "upload_images": N_("May upload images"),
    "upload_videos": N_("May upload videos"),
    "mention_members": N_("May mention members"),
}
_ACCESS = Column("access", N_("Access"), Choice.of("public", "private", "standalone"), at="access")

COLLECTION_LIST = Export(
    id="collections",
    title=N_("Collections"),
    family=FAMILY,
    call="GET community/collections",
    columns=(
        Out("id", N_("Id")),
        Out("name", N_("Name")),
        Out("description", N_("Description")),
        Out("display_order", N_("Order"), NUMBER),
        Out("space_ids", N_("Spaces"), LIST),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
    ),
    doc=N_("The collections that community spaces are sorted into."),
)

SPACE_LIST = Export(
    id="spaces",
    title=N_("Spaces"),
    family=FAMILY,
    call="GET community/spaces",
    size=200,
    sized=True,
    filters=(_ACCESS,),
    columns=(
        Out("id", N_("Id")),
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        Out("access", N_("Access")),
        Out("collectionId", N_("Collection id")),
        Out("owner.username", N_("Owner")),
        Out("usages.courseId", N_("Used in courses"), LIST),
        Out("hidden_from_community", N_("Hidden from the community"), YES_NO),
        Out("is_invitation_required", N_("Invitation required"), YES_NO),
        Out("is_members_allowed_to_view_members", N_("May view members"), YES_NO),
        *(Out(f"is_members_allowed_to_{key}", title, YES_NO) for key, title in MAY.items()),
        Out("default_post_sorting", N_("Sorting of posts")),
    ),
    doc=N_("Every community space with its access and what members may do."),
)

SPACE_USERS = Export(
    id="space-users",
    title=N_("Users of spaces"),
    family=FAMILY,
    call="GET community/spaces/{space}/users",
    size=200,
    sized=True,
    per=(EACH_SPACE,),
    filters=(Column("space", N_("Spaces"), Several(Reference(("space",)))),),
    columns=(
        Out("of.space.title", N_("Space")),
        Out("username", N_("Username")),
        Out("status", N_("Status")),
        Out("id", N_("User id")),
        Out("of.space.id", N_("Space id")),
    ),
    doc=N_("Who joined, was invited to or left which space."),
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
        Column("space", N_("Space id"), Text(), at="space_id"),
        Column("course", N_("Course id"), Text(), at="course_id"),
    ),
    columns=(
        Out("created", N_("Created"), DATETIME),
        Out("user.username", N_("Author")),
        Out("text", N_("Text")),
        Out("posted_in.type", N_("Posted in")),
        Out("posted_in.id", N_("Space or course id")),
        Out("likes.username", N_("Likes"), LIST),
        Out("upvotes.username", N_("Upvotes"), LIST),
        Out("mentions.username", N_("Mentions"), LIST),
        Out("items.type", N_("Attachments"), LIST),
        Out("user.id", N_("User id")),
        Out("id", N_("Id")),
    ),
    doc=N_("What people wrote in spaces and courses."),
)

LISTINGS = (COLLECTIONS, SPACES)
EXPORTS = (COLLECTION_LIST, SPACE_LIST, SPACE_USERS, POSTS)
