"""What user groups, seat offerings and spaces share: columns that name one and describe it."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import Reference, Several, Text, User
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.model import Column
from lwdesk.catalog.users import TAGS

DESCRIPTION = Column(
    "description",
    N_("Description"),
    Text(),
    at="description",
    example="For new staff",
    words="description description.group",
    help=N_("A short description. Members may see it."),
)
COURSES = Column(
    "courses",
    N_("Courses"),
    Several(Reference(("course",))),
    at="products.courses",
    example="Workplace Safety; Data Protection (GDPR)",
    words="courses.granted",
    help=N_("All its courses, by title or ID, separated by semicolons."),
)
MAX_USERS = Column(
    "max_users",
    N_("Maximum users"),
    Number(low=0, whole=True),
    at="max_number_of_users",
    example="30",
    help=N_("Maximum number of users. If blank, a new one has no limit."),
)
MEMBER_TAGS = replace(
    TAGS,
    words="tags tags.members",
    help=N_("Tags that every added user gets, separated by semicolons."),
)


def managers(field: str, title: str) -> Column:
    """The users who manage one, at `field` of its record: the service takes their ids, and answers their emails too."""
    return Column(
        "managers",
        title,
        Several(User(), commas=True),
        at=field,
        help=N_("Emails or IDs of users with a role that allows it, separated by semicolons."),
    )


def item(listing: str, title: str, *, example: str, help: str) -> Column:
    """Which of the listing a user joins or leaves, several in a cell. The column's id is the listing's."""
    return Column(
        listing,
        title,
        Reference((listing,)),
        at="path",
        required=True,
        each=True,
        example=example,
        help=help,
    )


def changed(item: Column, help: str) -> Column:
    """The one that a row changes, by the title it has before."""
    return replace(item, each=False, words=f"{item.id}.own", help=help)


def deleted(item: Column) -> Column:
    """The ones that a row deletes; one that isn't there is no error."""
    return replace(item, kind=Reference((item.id,), lacking=True), words=f"{item.id}.own")


def title(listing: str, *, example: str, help: str) -> Column:
    """The title of a new one."""
    return Column(
        "title",
        N_("Title"),
        Text(),
        at="title",
        required=True,
        example=example,
        words=f"title.{listing}",
        help=help,
    )


NEW_TITLE = Column(
    "new_title",
    N_("New title"),
    Text(),
    at="title",
    help=N_("The new name."),
)
