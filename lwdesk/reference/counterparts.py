"""Which export shows what an import changes: both name the same list of the service."""

import re
from collections.abc import Iterator

from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, IMPORTS, LISTINGS, MEMBERSHIPS
from lwdesk.catalog.effects.saves import Saves
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.operation import Operation, Recipe
from lwdesk.reference.markdown import link


def operations(entry: Recipe) -> list[Operation]:
    """The operations that a recipe sends, each once; for one that chooses between two, those."""
    found: dict[str, Operation] = {}
    for operation in (use.operation for use in entry.uses):
        effect = operation.effect
        sent = (effect.create, effect.update) if isinstance(effect, Saves) else (operation,)
        found |= {one.id: one for one in sent}
    return list(found.values())


def shown_by(entry: Recipe) -> list[Export]:
    """The exports that show what an import changed."""
    calls = {call for operation in operations(entry) for call in _changed(operation)}
    return [export for export in EXPORTS.values() if calls & set(_lists(export))]


def changed_by(export: Export) -> list[Recipe]:
    """The imports that change what an export shows."""
    return [entry for entry in IMPORTS.values() if export in shown_by(entry)]


def links(found: list[Export] | list[Recipe], folder: str) -> str:
    """Links to the pages of entries in `folder`, as seen from another page."""
    return ", ".join(link(_(entry.title), f"{folder}/{entry.id}.md") for entry in found)


def sources(operation: Operation) -> tuple[str, str]:
    """The ids of the listing and of the membership that the operation changes, "" for none."""
    return getattr(operation.effect, "listing", ""), getattr(operation.effect, "membership", "")


def _changed(operation: Operation) -> Iterator[str]:
    """The calls that list what the operation changes."""
    listing, membership = sources(operation)
    while listing in LISTINGS:
        found = LISTINGS[listing]
        mine = found.of.by_user.call if found.of and found.of.by_user else ""
        yield from map(_plain, (found.walk, found.ask, mine))
        listing = found.within
    if membership in MEMBERSHIPS:
        held = MEMBERSHIPS[membership]
        yield from map(_plain, (held.ask, *(walk.call for walk in held.walks.values())))


def _lists(export: Export) -> Iterator[str]:
    if not export.parts:
        yield from map(_plain, [call for _word, call in export.variants] or [export.call])


def _plain(call: str) -> str:
    """A call without the names of its slots."""
    return re.sub(r"\{\w+\}", "{}", call)
