"""What the product can do, as data: operations, recipes, exports, and the words they are written in."""

from collections.abc import Sequence

from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing, nearest
from lwdesk.catalog import courses, enrollments, payments, promotions, recipes, seats, users
from lwdesk.catalog.model import Export, Listing, Membership, Operation, Recipe

OPERATIONS: dict[str, Operation] = {
    entry.id: entry for family in (users, enrollments, seats, promotions) for entry in family.OPERATIONS
}
EXPORTS: dict[str, Export] = {
    entry.id: entry for family in (users, courses, payments, promotions, seats) for entry in family.EXPORTS
}
LISTINGS: dict[str, Listing] = {
    entry.id: entry for family in (users, courses, seats, promotions) for entry in family.LISTINGS
}
MEMBERSHIPS: dict[str, Membership] = {
    entry.id: entry for family in (enrollments, seats) for entry in family.MEMBERSHIPS
}
# What can be imported, by id: the ready recipes first, then every operation as a recipe of one.
IMPORTS: dict[str, Recipe] = {entry.id: entry for entry in recipes.RECIPES} | {
    entry.id: recipes.single(entry) for entry in OPERATIONS.values()
}


def recipe(ids: Sequence[str]) -> Recipe:
    """The recipe of these ids: a ready one, an operation, or several one after the other.

    Raises UserError for an id that is not there.
    """
    for entry_id in ids:
        if entry_id not in IMPORTS:
            raise _unknown(_("operation"), entry_id, IMPORTS)
    if len(ids) == 1:
        return IMPORTS[ids[0]]
    return recipes.several(tuple(use.operation for entry_id in ids for use in IMPORTS[entry_id].uses))


def export(entry_id: str) -> Export:
    """The export of this id. Raises UserError for an id that is not there."""
    if entry_id not in EXPORTS:
        raise _unknown(_("export"), entry_id, EXPORTS)
    return EXPORTS[entry_id]


def _unknown(
    what: str, entry_id: str, there: dict[str, object] | dict[str, Recipe] | dict[str, Export]
) -> UserError:
    close = nearest(entry_id, list(there))
    hint = _("Did you mean {close}?").format(close=listing(close)) if close else ""
    return UserError(_("There is no {what} “{id}”").format(what=what, id=entry_id), "", hint)
