"""Recipes: several operations over one row."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import community, enrollments, groups, roles, seats, users
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Operation, Recipe, Use, gains, loses

_USER = {"user": "email"}


def _enroll(column: str) -> Use:
    return Use(enrollments.ENROLL, {**_USER, "product": column}, wanted=(column,))


# "Role" in a class list is mostly a job title: only clear words give rights in the school.
_ROLE = replace(
    roles.ROLE,
    id="user_role",
    title=N_("User role"),
    required=False,
)

ROSTER = Recipe(
    id="roster",
    title=N_("Import a roster"),
    family=N_("Users"),
    uses=(
        Use(users.SAVE),
        Use(users.TAG, _USER, wanted=("tags",)),
        _enroll("courses"),
        _enroll("bundles"),
        _enroll("subscription"),
        Use(seats.ASSIGN, _USER, wanted=("seat",)),
        Use(groups.JOIN, _USER, wanted=("group",)),
        Use(community.ADD, _USER, wanted=("space",)),
        Use(roles.SET_ROLE, {**_USER, "role": "user_role"}, wanted=("user_role",)),
    ),
    columns=(
        *(users.EMAIL, users.USERNAME, users.FIRST_NAME, users.LAST_NAME, users.TAGS),
        *(enrollments.COURSES, enrollments.BUNDLES, enrollments.SUBSCRIPTION),
        *(enrollments.DURATION, enrollments.DURATION_TYPE),
        replace(seats.SEAT, required=False),
        *(column for column in seats.ASSIGN.columns if column.id == "active_seat"),
        replace(groups.GROUP, required=False),
        replace(community.SPACE, required=False),
        _ROLE,
        *(enrollments.PRICE, enrollments.JUSTIFICATION, enrollments.MAIL, users.WELCOME, users.PASSWORD),
        *(users.MARKETING, *users.PROFILE, *users.UTMS, users.ADMIN, users.RULES),
    ),
    doc=N_(
        "Everything from a class list in one import: users, tags, courses, learning programs, subscriptions, "
        "seats, groups, spaces, and roles."
    ),
)


def single(operation: Operation) -> Recipe:
    """The recipe of one operation."""
    return Recipe(
        operation.id,
        operation.title,
        operation.family,
        (Use(operation),),
        operation.columns,
        doc=operation.doc,
    )


def several(operations: tuple[Operation, ...]) -> Recipe:
    """The operations one after the other over the same row; columns of the same id are one column.

    Where one of them knows the user by `email`, the others' `user` is that email. All but the first act where
    their own columns are filled.
    """
    has_email = any(column.id == "email" for op in operations for column in op.columns)
    rename = _USER if has_email else {}
    columns: dict[str, Column] = {}
    uses: list[Use] = []
    demands: list[str] = []
    for operation in operations:
        own = [c for c in operation.columns if c.id not in rename and c.id not in columns]
        wanted = tuple(c.id for c in operation.columns if c.required and c.id not in rename) if uses else ()
        columns |= {c.id: replace(c, required=False) if c.id in wanted else c for c in own}
        demands += [c.id for c in own if c.id in wanted]
        uses.append(Use(operation, {k: v for k, v in rename.items() if operation.column(k)}, wanted))
    title = " + ".join(operation.title for operation in operations)
    entry_id = "+".join(operation.id for operation in operations)
    family = operations[0].family
    return Recipe(entry_id, title, family, tuple(uses), tuple(columns.values()), tuple(demands))


# A new user's tags go along with the account; of who is there, they are a call of their own.
SAVE_USER = replace(single(users.SAVE), uses=(Use(users.SAVE), Use(users.TAG, _USER, wanted=("tags",))))
RECIPES = (ROSTER, SAVE_USER)

# What takes the edits of an export that comes back, where one operation does not take them all.
EDIT_USERS = Recipe(
    id="edit-users",
    title=N_("Edit users"),
    family=N_("Users"),
    uses=(
        Use(users.UPDATE, wanted=tuple(column.id for column in users.UPDATE.columns if column.at != "path")),
        Use(users.UNTAG, {"tags": loses("tags")}, wanted=(loses("tags"),)),
        Use(users.TAG, {"tags": gains("tags")}, wanted=(gains("tags"),)),
        Use(users.UNSUSPEND, wanted=(loses("is_suspended"),)),
        Use(users.SUSPEND, wanted=(gains("is_suspended"),)),
        Use(roles.SET_ROLE, wanted=("role",)),
    ),
    columns=(
        *(*users.UPDATE.columns, users.TAGS, users.SUSPENDED),
        replace(roles.ROLE, reads="role.name", required=False),
    ),
    doc=N_(
        "Sends back what you edited in an export of users: profile, tags, role, and whether they are suspended."
    ),
)
EDITS = (EDIT_USERS,)
