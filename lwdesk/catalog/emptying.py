"""Which columns of an import can be emptied, and why others can't. Pure."""

from functools import cache

from lwdesk.base.text import _
from lwdesk.catalog.cells.kinds import Choice, Email, Reference, YesNo
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.lists import Lists
from lwdesk.catalog.effects.parts import Corrects, Reviews
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.effects.saves import Saves
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Operation, Recipe


def why_kept(recipe: Recipe, column: Column) -> str:
    """Why the import can't empty a column, in words; "" where it can."""
    title = _(column.title)
    if column.secret:
        return _("{title} can't be emptied: LearnWorlds can't change existing passwords.").format(title=title)
    changers = [
        found for use in recipe.uses if (found := _changer(use.operation, _own(use.names, column.id)))
    ]
    if any(_can_be_empty(operation, taker) for operation, taker in changers):
        return ""
    if changers:
        return _("{title} can't be emptied: LearnWorlds always needs a value here.").format(title=title)
    if away := _taken_away_by(recipe, column):
        message = _("{title} can't be emptied here. Remove items with “{import_}”.")
        return message.format(title=title, import_=_(away.title))
    return _("{title} can't be emptied: this import doesn't change it in existing records.").format(
        title=title
    )


def emptied(recipe: Recipe, columns: list[Column]) -> list[Column]:
    """The columns that can be emptied."""
    return [column for column in columns if not why_kept(recipe, column)]


def _taken_away_by(recipe: Recipe, column: Column) -> Operation | None:
    """The import that takes away what this column adds: tags, seats, groups."""
    from lwdesk.catalog import OPERATIONS

    for use in recipe.uses:
        effect, own = use.operation.effect, _own(use.names, column.id)
        item = (
            effect.item if isinstance(effect, Joins) else effect.column if isinstance(effect, Lists) else ""
        )
        if own == item and use.operation.undo:
            return OPERATIONS[use.operation.undo]
    return None


def _own(names: dict[str, str], column_id: str) -> str:
    """What an operation calls a column of its recipe."""
    return next((own for own, name in names.items() if name == column_id), column_id)


def _changer(operation: Operation, column_id: str) -> tuple[Operation, Column] | None:
    """The operation that changes the column's value in a record that exists, with its column."""
    if isinstance(operation.effect, Saves):
        operation = operation.effect.update
    column = operation.column(column_id)
    if column is None or not isinstance(operation.effect, Updates | Corrects | Reviews):
        return None
    return (operation, column)


def _can_be_empty(operation: Operation, column: Column) -> bool:
    effect = operation.effect
    assert isinstance(effect, Updates | Corrects | Reviews)
    kept = column.required or column.kept or column.at in _needed(effect.listing)
    return column.sent and not kept and not isinstance(column.kind, YesNo | Choice | Reference | Email)


@cache
def _needed(listing: str) -> frozenset[object]:
    """The places of a record that every creation of one fills: an email, a title."""
    from lwdesk.catalog import OPERATIONS

    return frozenset(
        column.at
        for operation in OPERATIONS.values()
        if type(operation.effect) is Creates and operation.effect.listing == listing
        for column in operation.columns
        if column.required or column.derive is not None
    )
