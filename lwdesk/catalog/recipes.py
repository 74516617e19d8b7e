"""Recipes: several operations over one row."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import enrollments, seats, users
from lwdesk.catalog.model import Column, Operation, Recipe, Use

_USER = {"user": "email"}


def _enroll(column: str) -> Use:
    return Use(enrollments.ENROLL, {**_USER, "product": column}, wanted=(column,))


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
    ),
    columns=(
        *(users.EMAIL, users.USERNAME, users.FIRST_NAME, users.LAST_NAME, users.TAGS),
        *(enrollments.COURSES, enrollments.BUNDLES, enrollments.SUBSCRIPTION),
        *(enrollments.DURATION, enrollments.DURATION_TYPE),
        replace(seats.SEAT, required=False),
        *(column for column in seats.ASSIGN.columns if column.id == "active_seat"),
        *(enrollments.PRICE, enrollments.JUSTIFICATION, enrollments.MAIL, users.WELCOME, users.PASSWORD),
        *(users.MARKETING, *users.PROFILE, *users.UTMS, users.ADMIN, users.RULES),
    ),
    doc=N_("Everything of a class list in one go: accounts, tags, courses, bundles, subscription and seat."),
)


def single(operation: Operation) -> Recipe:
    """The recipe of one operation."""
    return Recipe(
        operation.id, operation.title, operation.family, (Use(operation),), operation.columns, operation.doc
    )


def several(operations: tuple[Operation, ...]) -> Recipe:
    """The operations one after the other over the same row; columns of the same id are one column.

    Where one of them knows the person by `email`, the others' `user` is that email.
    """
    has_email = any(column.id == "email" for op in operations for column in op.columns)
    rename = _USER if has_email else {}
    columns: dict[str, Column] = {}
    for operation in operations:
        for column in operation.columns:
            if column.id not in rename:
                columns.setdefault(column.id, column)
    uses = tuple(Use(op, {k: v for k, v in rename.items() if op.column(k)}) for op in operations)
    title = " + ".join(operation.title for operation in operations)
    return Recipe(
        "+".join(op.id for op in operations), title, operations[0].family, uses, tuple(columns.values())
    )


RECIPES = (ROSTER,)
