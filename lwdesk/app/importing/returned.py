"""An export that comes back: what its workbook remembers, and whether it may go to this school."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lwdesk.app.importing.headers_only import exported_now, returning, unguarded_table
from lwdesk.app.school.connections import PRACTICE
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, fold
from lwdesk.catalog import EDITS, EXPORTS, recipe
from lwdesk.catalog.returns import Exported
from lwdesk.sheets import read as sheets
from lwdesk.sheets.table import Table


@dataclass(frozen=True)
class Origin:
    """Where a workbook comes from: the export, the import that takes its edits, the school, the address of that one's
    API, and when it was read (Unix seconds). `whole` is False where its column of ids is gone; `remembered` is False
    for a file that does not know its school or how its cells were: a CSV file, or what was saved from one."""

    export: str
    operation: str
    school: str
    root: str
    created: float
    whole: bool
    remembered: bool = True

    def goes_to(self, operations: Sequence[str]) -> bool:
        """Whether these operations take the edits: all of them, or what the first that takes them can change."""
        first = recipe((self.operation,)).uses[0].operation.id
        takers = ([self.operation], [first]) if self.remembered else ([self.operation],)
        return self.whole and list(operations) in takers

    @property
    def warning(self) -> str:
        """What to know before the edits of a file without a memory are sent; "" for any other."""
        if self.remembered:
            return ""
        return _(
            "This file doesn't contain the original values of your export. Every cell that differs from your "
            "school now will be sent, even where someone changed the value in LearnWorlds after you "
            "exported. Check the changes before you send them. To avoid this next time, export as .xlsx."
        )


def read(path: Path, sheet: str | None = None, header_row: int | None = None, encoding: str = "") -> Table:
    """The table of a file; of one that lwdesk wrote as CSV, the texts as they were before they were guarded against
    being calculated. Raises UserError for what cannot be read."""
    return unguarded_table(sheets.read(path, sheet, header_row, encoding))


def origin(table: Table, operations: Sequence[str] = ()) -> Origin | None:
    """Where a sheet comes from, if it is an export that can come back; None for any other. `operations` name what is
    to take its edits, where that is known."""
    if table.memory is None:
        found = returning(table, operations)
        return Origin(found.id, found.returns, "", "", 0, True, False) if found is not None else None
    facts = table.memory.facts
    entry = EXPORTS.get(facts.get("export", ""))
    if entry is None or not entry.returns:
        return None
    heading = fold(table.memory.headings[table.memory.key])
    whole = any(fold(header.text) == heading for header in table.headers)
    return Origin(
        *(entry.id, entry.returns, str(facts["school"]), str(facts["root"]), float(facts["created"])), whole
    )


def operations(path: Path, named: Sequence[str], sheet: str | None, encoding: str = "") -> Sequence[str]:
    """The operations that were named; without any, the import that takes the edits of an export that comes back.

    Raises UserError where that is none, and what reading a file raises.
    """
    if named:
        return named
    found = origin(read(path, sheet, None, encoding))
    if found is not None and found.whole:
        return [found.operation]
    raise UserError(
        _("Choose what to do with {name}").format(name=path.name),
        _("It isn't an lwdesk export, so lwdesk can't tell what to do with it"),
        _("Add --operation. To see the choices, run: lwdesk operations"),
    )


def exported(table: Table, operations: Sequence[str], session: Session | None = None) -> Exported | None:
    """How the sheet was when it was exported, where these operations are what takes its edits; how it would be
    exported from the school of the session now, where the sheet doesn't remember.

    Raises UserError where they take nothing else, and the sheet is not such an export.
    """
    found = origin(table, operations)
    if found is None or not found.goes_to(operations):
        if EDITS.keys() & set(operations):
            raise UserError(
                _("{name} can't be sent back").format(name=table.path.name),
                _("It isn't an lwdesk export, or its ID column was removed"),
                _("Export once more and edit that file, or choose another import"),
            )
        return None
    memory = table.memory
    if memory is None:
        return exported_now(table, EXPORTS[found.export], session)
    places: list[Any] = list(memory.facts["places"])
    return Exported(memory.headings, places, memory.key, memory.cells)


def check_school(table: Table, operations: Sequence[str], name: str, root: str) -> None:
    """Raises UserError where the export is another school's: its ids would match nothing here, or someone else."""
    found = origin(table)
    if found is None or not found.remembered or not root or _same(found, name, root):
        return
    if exported(table, operations) is None:
        return
    raise UserError(
        _("This file is an export of another school"),
        _("It comes from “{there}” ({address}), but your current school is “{here}”").format(
            there=found.school, address=urlsplit(found.root).hostname, here=name
        ),
        _("Choose “{there}”, or export from “{here}” and edit that file").format(
            there=found.school, here=name
        ),
    )


def _same(found: Origin, name: str, root: str) -> bool:
    """A practice school has another port at every start."""
    return found.root == root or found.school == name == PRACTICE
