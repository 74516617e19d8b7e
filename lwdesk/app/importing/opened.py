"""A file opened for a recipe, and the user's choices for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from lwdesk.catalog import LISTINGS
from lwdesk.catalog.cells.check import Checked, Checker
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.effects.facts import pack
from lwdesk.catalog.fingerprint import Fingerprint
from lwdesk.catalog.match import CHECK, Match, header_keys
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Recipe
from lwdesk.catalog.returns import Exported, ReturnChecker
from lwdesk.catalog.unmapped import not_imported
from lwdesk.sheets import read as sheets
from lwdesk.sheets.table import Rows, Table


@dataclass(frozen=True)
class Choices:
    """What the user says of a file: its sheet and header row, where headers go (by text, or by key where only one of
    several with a text is meant), values for all rows, how the letters of a text file are written."""

    sheet: str | None = None
    header_row: int | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    blanks: Sequence[str] = ()  # the columns whose blank cells empty the value
    encoding: str = ""


@dataclass(frozen=True)
class Opened:
    """A file opened for a recipe: the table, where each header goes, the values for all rows."""

    recipe: Recipe
    table: Table
    matches: list[Match]
    fixed: dict[str, Any]
    encoding: str = ""
    exported: Exported | None = None  # of an export that comes back
    left_out: frozenset[str] = frozenset()  # the keys of the headers that the user leaves out
    blanks: frozenset[str] = frozenset()  # the columns whose blank cells empty the value
    place: str = ""  # identifies the school, "" where it is not known
    undone: frozenset[str] = frozenset()  # fingerprints of rows that were done, and undone since
    custom: Sequence[Column] = ()  # the school's custom fields, as far as they were asked for

    @property
    def label(self) -> int | None:
        """The column of an edited export that names the row for the user: the email, the title."""
        if self.exported is None:
            return None
        known = LISTINGS[self.recipe.uses[0].operation.effect.listing].label  # type: ignore[attr-defined]
        at = {
            heading: place
            for heading, place in zip(self.exported.headings, self.exported.places, strict=True)
        }
        return next((m.index for m in self.matches if at.get(m.header.text) == known), None)

    @property
    def letters(self) -> dict[str, str]:
        """Column id -> Excel's letter."""
        return {m.column.id: m.header.letter for m in reversed(self.matches) if m.column is not None}

    @property
    def secret_cells(self) -> list[int]:
        """The indexes of the cells with passwords."""
        return [m.index for m in self.matches if m.column is not None and m.column.secret]

    @property
    def secret_columns(self) -> set[str]:
        """The ids of the columns with passwords."""
        return {column.id for column in self.recipe.columns if column.secret}

    @property
    def headers(self) -> list[str]:
        """The texts of all headers."""
        return [m.header.text for m in self.matches]

    @property
    def not_imported(self) -> list[dict[str, Any]]:
        """The headers that go nowhere, as `catalog.unmapped` lists them; those of an export that comes back are its
        own facts."""
        if self.exported is not None:
            return []
        return not_imported(self.matches, [*self.recipe.columns, *self.custom])

    @property
    def mapping(self) -> dict[str, str]:
        """Key of a header -> column id, "" where the user leaves it out; without the headers that are undecided."""
        keys = header_keys([m.header for m in self.matches])
        found = {key: m.column.id if m.column else "" for key, m in zip(keys, self.matches, strict=True)}
        left_out = {
            key
            for key, m in zip(keys, self.matches, strict=True)
            if key in self.left_out or m.header.text in self.left_out
        }
        return {key: column for key, column in found.items() if column or key in left_out}

    @property
    def prints(self) -> Fingerprint:
        """What makes the fingerprints of the rows."""
        columns = [
            (m.index, m.column.id) for m in self.matches if m.column is not None and not m.column.secret
        ]
        fixed = {name: value for name, value in pack(self.fixed).items() if name not in self.secret_columns}
        if self.blanks:
            fixed[""] = sorted(self.blanks)
        return Fingerprint(self.place, self.recipe.id, fixed, columns)

    @cached_property
    def known_done(self) -> frozenset[str]:
        """The fingerprints of the rows that are done: those that the file remembers, but for what was undone since."""
        at = next((m.index for m in self.matches if m.header.text == CHECK), None)
        if at is None:
            return self.table.done - self.undone
        return (self.table.done | {text_of(cells[at]).strip() for _n, cells in self.table.rows}) - self.undone

    def without_rows(self) -> "Opened":
        """The same without the cells of the sheet, which take much memory."""
        sheets.forget(self.table.path)
        return replace(self, table=replace(self.table, rows=Rows(lambda: iter(()), 0)))

    def checker(self) -> Checker:
        """The checker of this file, tuned to all its cells."""
        prints, known_done = self.prints, self.known_done
        checker = Checker(
            *(self.recipe, self.matches, self.fixed, self.blanks),
            was_done=lambda cells: prints.of(cells) in known_done,
        )
        if self.exported is not None:
            checker = ReturnChecker(self.recipe, self.matches, self.fixed, self.exported)
            checker.look_for_doubles(self.table.rows)
        checker.tune(self.table.rows)
        return checker

    def check(self) -> list[Checked]:
        """All rows, checked."""
        checker = self.checker()
        return [checker.check(number, cells) for number, cells in self.table.rows]
