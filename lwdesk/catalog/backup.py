"""The whole school in one workbook."""

from collections.abc import Iterable

from lwdesk.base.text import N_
from lwdesk.catalog.export_model import Export

ID = "everything"
# Things that a school has so many of that a request for each would take hours; segments only repeat the users.
_MANY = {"user", "suspended_user", "payment", "coupon", "unit", "segment"}


def everything(exports: Iterable[Export]) -> Export:
    """The export of all these lists, except those that need a call for each of many records."""
    return Export(
        id=ID,
        title=N_("Everything"),
        family=N_("The whole school"),
        parts=tuple(export.id for export in exports if not (export.parts or _MANY & _parents(export))),
        doc=N_(
            "A full backup: one workbook with a sheet for each list, except "
            "lists that take a long time with many users."
        ),
    )


def _parents(export: Export) -> set[str]:
    return {level.name for parents in export.per for level in parents.path}
