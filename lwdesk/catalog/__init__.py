"""What the product can do, as data: operations, recipes, exports, and the words they are written in."""

from collections.abc import Sequence
from types import ModuleType

from lwdesk.base.errors import UserError
from lwdesk.base.text import _, did_you_mean, nearest
from lwdesk.catalog import (
    affiliates,
    assessments,
    backup,
    certificates,
    community,
    courses,
    enrollments,
    events,
    grids,
    groups,
    payments,
    progress,
    promotions,
    recipes,
    roles,
    seats,
    transcripts,
    users,
)
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.model import Listing, Membership
from lwdesk.catalog.operation import Operation, Recipe
from lwdesk.catalog.people import with_people

_FAMILIES = (
    *(users, courses, enrollments, progress, grids, assessments, certificates, seats, groups, roles),
    *(community, payments, promotions, affiliates, events, transcripts),
)


OPERATIONS: dict[str, Operation] = {}
LISTINGS: dict[str, Listing] = {}
MEMBERSHIPS: dict[str, Membership] = {}
EXPORTS: dict[str, Export] = {}
# What can be imported, by id: the ready recipes first, then every operation as a recipe of one.
IMPORTS: dict[str, Recipe] = {entry.id: entry for entry in recipes.RECIPES}
# The recipes that only take the edits of an export that comes back: no other sheet says what changed in a cell.
EDITS: dict[str, Recipe] = {entry.id: entry for entry in recipes.EDITS}


def add(family: ModuleType) -> None:
    """Take in all entries of a family's file."""
    for there, kind in ((LISTINGS, "LISTINGS"), (MEMBERSHIPS, "MEMBERSHIPS"), (OPERATIONS, "OPERATIONS")):
        there.update({entry.id: entry for entry in getattr(family, kind, ())})
    for operation in getattr(family, "OPERATIONS", ()):
        IMPORTS.setdefault(operation.id, recipes.single(operation))
    entries = [
        entry for entry in (*EXPORTS.values(), *getattr(family, "EXPORTS", ())) if entry.id != backup.ID
    ]
    EXPORTS.clear()
    EXPORTS.update({entry.id: with_people(entry) for entry in (*entries, backup.everything(entries))})


for _family in _FAMILIES:
    add(_family)


def recipe(ids: Sequence[str]) -> Recipe:
    """The recipe of these ids: a ready one, an operation, or several one after the other; or one of `EDITS`.

    Raises UserError for an id that is not there.
    """
    if len(ids) == 1 and ids[0] in EDITS:
        return EDITS[ids[0]]
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
    hint = did_you_mean(nearest(entry_id, list(there)))
    return UserError(_("There is no {what} “{id}”").format(what=what, id=entry_id), "", hint)
