"""What seat offerings and user groups have in common: both are people around courses, with people who manage them."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.kinds import Reference, Several, Text, User
from lwdesk.catalog.model import Column
from lwdesk.catalog.numbers import Number
from lwdesk.catalog.users import TAGS

DESCRIPTION = Column(
    "description",
    N_("Description"),
    Text(),
    at="description",
    example="For new staff",
    synonyms=(
        "about",
        "summary",
        "notes",
        "beschreibung",
        "descripcion",
        "descrizione",
        "περιγραφη",
        "описание",
    ),
    help=N_("A few words about it; members may see them."),
)
COURSES = Column(
    "courses",
    N_("Courses"),
    Several(Reference(("course",))),
    at="products.courses",
    example="Workplace Safety; Data Protection (GDPR)",
    synonyms=("course", "products", "course ids", "kurse", "cursos", "cours", "corsi", "μαθηματα", "курсы"),
    help=N_("All its courses, by title or id, apart by a semicolon."),
)
MOST_USERS = Column(
    "max_users",
    N_("Most users"),
    Number(low=0, whole=True),
    at="max_number_of_users",
    example="30",
    synonyms=(
        *(
            "max users",
            "max number of users",
            "maximum users",
            "maximum number of users",
            "limit",
            "capacity",
        ),
        *("max members", "user limit", "hochstzahl", "maximo de usuarios", "μεγιστος αριθμος χρηστων"),
    ),
    help=N_("How many people can be in it at most; a new one without a number has no limit."),
)
MEMBER_TAGS = replace(
    TAGS,
    synonyms=("tag", "member tags", "user tags", *TAGS.synonyms[6:]),
    help=N_("Tags that everyone gets who is added, apart by a semicolon."),
)


def managers(column_id: str, title: str, *synonyms: str) -> Column:
    """The people who manage it: the service wants their ids, and shows them with their emails."""
    return Column(
        "managers",
        title,
        Several(User(), commas=True),
        at=column_id,
        synonyms=("managers", "manager", "owner", "leiter", "gestores", "υπευθυνοι", *synonyms),
        help=N_("Emails or ids of people of the school, apart by a semicolon. Their role must allow it."),
    )


def new_title(key: str) -> Column:
    """The column for a new title, where `key` is the column that finds the record."""
    return Column(
        "new_title",
        N_("New title"),
        Text(),
        at="title",
        synonyms=("title new", "rename to", "new name"),
        beside=(("title", key), ("name", key)),
        help=N_("What it is called from now on."),
    )
