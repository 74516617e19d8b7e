"""An export that comes back: what its workbook remembers, and whether it may go to this school."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lwdesk.app.school.connections import PRACTICE
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, fold
from lwdesk.catalog import EDITS, EXPORTS, recipe
from lwdesk.catalog.model import Export
from lwdesk.catalog.returns import KEY, Exported
from lwdesk.sheets.memory import Keep
from lwdesk.sheets.read import read
from lwdesk.sheets.table import Table


@dataclass(frozen=True)
class Origin:
    """Where a workbook comes from: the export, the import that takes its edits, the school, the address of that one's
    API, and when it was read (Unix seconds). `whole` is False where its column of ids is gone."""

    export: str
    operation: str
    school: str
    root: str
    created: float
    whole: bool

    def goes_to(self, operations: Sequence[str]) -> bool:
        """Whether these operations take the edits: all of them, or what the first that takes them can change."""
        first = recipe((self.operation,)).uses[0].operation.id
        return self.whole and list(operations) in ([self.operation], [first])


def keep(entry: Export, places: Sequence[str], school: str, root: str, created: float) -> Keep:
    """What a workbook is to remember of an export, to be known again when it comes back."""
    facts = {"export": entry.id, "school": school, "root": root, "created": created, "places": list(places)}
    return Keep(facts, places.index(KEY))


def origin(table: Table) -> Origin | None:
    """Where a sheet comes from, if it is an export that can come back; None for any other."""
    if table.memory is None:
        return None
    facts = table.memory.facts
    entry = EXPORTS.get(facts.get("export", ""))
    if entry is None or not entry.returns:
        return None
    heading = fold(table.memory.headings[table.memory.key])
    whole = any(fold(header.text) == heading for header in table.headers)
    return Origin(
        *(entry.id, entry.returns, str(facts["school"]), str(facts["root"]), float(facts["created"])), whole
    )


def operations(path: Path, named: Sequence[str], sheet: str | None) -> Sequence[str]:
    """The operations that were named; without any, the import that takes the edits of an export that comes back.

    Raises UserError where that is none, and what reading a file raises.
    """
    if named:
        return named
    found = origin(read(path, sheet))
    if found is not None and found.whole:
        return [found.operation]
    raise UserError(
        _("What is to be done with {name}?").format(name=path.name),
        _("It is not an export that comes back, so it does not say by itself"),
        _("Add --operation with one of: lwdesk operations"),
    )


def exported(table: Table, operations: Sequence[str]) -> Exported | None:
    """How the sheet was when it was exported, where these operations are what takes its edits.

    Raises UserError where they take nothing else, and the sheet is not such an export.
    """
    found = origin(table)
    if found is None or table.memory is None or not found.goes_to(operations):
        if EDITS.keys() & set(operations):
            raise UserError(
                _("{name} is not an export that comes back").format(name=table.path.name),
                _("Its column of ids is gone, or it was not written by lwdesk as an Excel workbook"),
                _("Export once more and edit that file, or choose another import"),
            )
        return None
    memory = table.memory
    places: list[Any] = list(memory.facts["places"])
    return Exported(memory.headings, places, memory.key, memory.cells)


def check_school(table: Table, operations: Sequence[str], name: str, root: str) -> None:
    """Raises UserError where the export is another school's: its ids would mean nothing here, or somebody else."""
    found = origin(table)
    if found is None or exported(table, operations) is None or not root or _same(found, name, root):
        return
    raise UserError(
        _("This file is an export of another school"),
        _("It comes from “{there}” ({address}), and “{here}” is chosen").format(
            there=found.school, address=urlsplit(found.root).hostname, here=name
        ),
        _("Choose “{there}”, or export from “{here}” and edit that file").format(
            there=found.school, here=name
        ),
    )


def _same(found: Origin, name: str, root: str) -> bool:
    """A practice school has another port at every start."""
    return found.root == root or found.school == name == PRACTICE
