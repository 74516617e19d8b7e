"""Filters of every export about users: whose rows it brings."""

from dataclasses import dataclass, replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import Kind, Reference, tags
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.model import Column


@dataclass(frozen=True)
class UserSheet(Kind):
    """Users of a sheet: the path of its file, or their emails and ids."""

    name = N_("a file, or emails and user IDs")


USERS_OF = Column(
    "users_of",
    N_("Only users in this sheet"),
    UserSheet(),
    help=N_("A workbook or CSV file with a column of emails or user IDs; or the emails themselves."),
)
TAGS = Column(
    "user_tags", N_("Only users with this tag"), tags(), help=N_("Users who have any of these tags.")
)
_LISTED = N_("By title or ID. LearnWorlds may leave out suspended users here.")
# What users are in, by the id of the filter: the membership that lists them.
IN = {"user_group": "groups", "user_course": "products", "user_seat": "seats"}
_FILTERS = (
    USERS_OF,
    TAGS,
    Column("user_group", N_("Only users in this group"), Reference(("group",)), help=_LISTED),
    Column("user_course", N_("Only users in this course"), Reference(("course",)), help=_LISTED),
    Column("user_seat", N_("Only users in this seat offering"), Reference(("seat",)), help=_LISTED),
)


def with_people(entry: Export) -> Export:
    """The export, with these filters if it is about users; not with a second filter by tag."""
    if not (entry.about or entry.grid or entry.pages) or entry.people:
        return entry
    own = {column.id for column in entry.choices}
    people = tuple(column for column in _FILTERS if column is not TAGS or "tags" not in own)
    return replace(entry, people=people)
