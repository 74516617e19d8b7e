"""Adds rows to a list in a workbook, and updates those that are there, by their ids. All else stays as it is: other
sheets, columns of the user's own, formulas, formats."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from lwdesk.base.errors import FileError, SaveError
from lwdesk.base.paths import digest_of, written_whole
from lwdesk.base.text import _
from lwdesk.sheets.cell_xml import CellXml
from lwdesk.sheets.columns import Link, Losses, Plain, days_of, plain
from lwdesk.sheets.listed import Listed, Wanted, find_list, id_of
from lwdesk.sheets.marks import named_rows
from lwdesk.sheets.package import opened, pieces, rewrite
from lwdesk.sheets.parts import sheet_parts, styles_part, workbook_part
from lwdesk.sheets.patch import Making, Placed, merged, with_dimension
from lwdesk.sheets.results_book import parse_parts, with_filter_name
from lwdesk.sheets.styles import GENERAL, StyleSheet
from lwdesk.sheets.survey import CELL, REF, STYLE, Facts, Unpatchable, survey
from lwdesk.sheets.table import MOST_ROWS, Cell, index_of, letter
from lwdesk.sheets.tables import tables_of
from lwdesk.sheets.write_xlsx import FORMATS, alignment_of

# Days (a second or so) that a moment may differ by and be the same.
_SAME = 1e-5
# A formula of the user's own: LibreOffice saves yes and no as one.
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s>/])(?!(?:\s[^>]*)?>(?:TRUE|FALSE)\(\)<)")
_FILTER = re.compile(rb"""(autoFilter\s[^>]*?ref=["'])([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)""")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
# Column, style and "/" for an empty cell, as nearly all programs write them; of others the style isn't known.
_STYLED = re.compile(rb"""<(?:\w+:)?c r=["']([A-Z]+)[0-9]+["'](?:\s+s=["']([0-9]+)["'])?[^>]*?(/?)>""")
# Kinds whose numbers say nothing without a format.
_NEVER_GENERAL = ("percent", "month", "date", "datetime", "duration", "seconds")
_RULED = re.compile(
    rb"""(?<=[<:])(?:conditionalFormatting|dataValidation)\s[^>]*?sqref=["'][^"']*|"""
    rb"""<(?:\w+:)?sqref>[^<]*(?=</(?:\w+:)?sqref>\s*</(?:\w+:)?(?:conditionalFormatting|dataValidation)>)"""
)
_RANGE = re.compile(rb"([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?(?=\s|$)")
# The range that prints, to its last row, of a sheet by its number.
_PRINTED = (
    rb"""(<(?:\w+:)?definedName\s(?=[^>]*name="_xlnm.Print_Area")(?=[^>]*localSheetId="%d")"""
    rb"""[^>]*>[^<,]*!\$[A-Z]+\$[0-9]+:\$[A-Z]+\$)%d(?=<)"""
)
# Days that a workbook of the first Excel for Macs counts from later.
_FROM_1904, _LATER = re.compile(rb"""\sdate1904=["'](?:1|true)["']"""), 1462
_CALCULATION = re.compile(rb"<((?:\w+:)?)calcPr\b(?![^>]*fullCalcOnLoad)")


@dataclass(frozen=True)
class Added:
    """How many rows were added and how many updated; sentences for the user."""

    added: int
    updated: int
    notes: tuple[str, ...]


def add_rows(path: Path, wanted: Wanted, rows: Iterable[Sequence[Any]], zone: tzinfo | None) -> Added:
    """Add the rows whose ids the list doesn't have, below it; of those that it has, update the cells that differ, but
    for formulas. The file is replaced at once, or stays as it was.

    Raises UserError as `find_list` does, and where the file changes meanwhile or has no room for the rows.
    """
    before, found = digest_of(path), find_list(path, wanted)
    changes, added = _changes(found, wanted, rows, zone)
    if not changes:
        return Added(0, 0, tuple(found.notes))
    if max(changes) > MOST_ROWS:
        raise SaveError(
            _("{name} is full").format(name=path.name),
            _("A sheet can't have more rows"),
            _("Move the file to another folder. The next run then creates a new one"),
        )
    kinds = {at: wanted.columns[n].kind for n, at in found.columns.items()}
    patch = _Patch(found, changes, kinds)
    with written_whole(path) as temporary:
        try:
            with opened(path) as package:
                parse_parts(temporary, patch.copy(package, temporary))
        except Unpatchable as error:
            raise FileError(
                _("Rows can't be added to {name}").format(name=path.name),
                _("It was saved by a program whose format lwdesk can't add rows to"),
                _("Save it in Excel, or move it to another folder. The next run then creates a new one"),
            ) from error
        if digest_of(path) != before:
            raise SaveError(
                _("{name} was changed while rows were being added").format(name=path.name),
                _("It wasn't changed by lwdesk"),
                _("Run it again: no row is added twice"),
            )
    return Added(added, patch.updated, (*found.notes, *patch.losses.notes()))


Changes = dict[int, dict[int, Plain]]
"""Row number → column (from 0) → the cell's content."""


def _changes(
    found: Listed, wanted: Wanted, rows: Iterable[Sequence[Any]], zone: tzinfo | None
) -> tuple[Changes, int]:
    """What differs, and how many rows are added."""
    makers = [plain(column.kind, zone) for column in wanted.columns]
    changes: Changes = {}
    known, number = dict(found.rows), found.last
    for row in rows:
        cells = [make(value) for make, value in zip(makers, row, strict=True)]
        id = id_of(cells[wanted.key])
        if id not in known:
            number += 1
            known[id] = number, ()
            changes[number] = {column: cells[n] for n, column in found.columns.items()}
        elif (place := known[id])[1]:
            new = {
                column: cells[n]
                for n, column in found.columns.items()
                if not _same(place[1], column, cells[n])
            }
            if new:
                changes[place[0]] = new
    return changes, number - found.last


def _same(cells: Sequence[Cell], column: int, new: Plain) -> bool:
    """Whether a cell holds this content, as far as Excel shows."""
    old: Any = cells[column] if column < len(cells) else None
    new = new.text if isinstance(new, Link) else new
    if isinstance(old, date | time | timedelta):
        old = days_of(old)
    elif isinstance(old, str) and isinstance(new, int | float):
        old = _number_shown(old)
    if isinstance(old, str) or isinstance(new, str) or old is None or new is None:
        return ("" if old is None else str(old)) == ("" if new is None else Losses().fit(str(new), str))
    return isinstance(old, int | float) and abs(float(old) - float(new)) < _SAME


def _number_shown(text: str) -> str | float:
    """The number in a cell that is read as it is shown: with leading zeros, or as a percentage."""
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return text


@dataclass
class _Patch:
    """Writes the changes into the XML of the sheet; new cells look as most of their column do, or as their kind.
    `kinds`: column of the sheet → one of KINDS."""

    found: Listed
    changes: Changes
    kinds: Mapping[int, str]
    losses: Losses = field(default_factory=Losses)
    facts: Facts = field(default_factory=Facts)
    seen: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)
    styles: dict[int, int] = field(default_factory=dict)
    """Column → the style of its new cells."""
    formatted: dict[tuple[int, int], int] = field(default_factory=dict)
    """Column and a style without a number format → the style like it that has that of the column."""
    later: int = 0
    """Days that the workbook counts from later than others."""
    updated: int = 0
    """Rows that were there and got other cells."""

    @property
    def last(self) -> int:
        """The last row of the list when all are added."""
        return max(self.found.last, *self.changes)

    def copy(self, package: zipfile.ZipFile, target: Path) -> list[str]:
        """Write the package. Returns the parts that changed. Raises Unpatchable."""
        part = sheet_parts(package)[self.found.sheet]
        with package.open(part) as xml:
            self.facts = survey(named_rows(pieces(xml)), self.found.header_row, self._see)
        changed = {**self._tables(package, part), **self._workbook(package), **self._choose_styles(package)}
        return rewrite(
            package,
            target,
            part,
            lambda old, new: new.writelines(self._texts(named_rows(pieces(old)))),
            changed,
        )

    def _see(self, rows: bytes) -> None:
        self.seen.update(_STYLED.findall(rows))

    def _choose_styles(self, package: zipfile.ZipFile) -> dict[str, bytes]:
        """The styles part, with those that the cells need."""
        name = styles_part(package)
        try:
            sheet = StyleSheet(package.read(name)) if name else None
        except ValueError:
            sheet = None
        usual: dict[int, Counter[int]] = {}
        others: dict[int, set[int]] = {}
        for (letters, own, empty), count in self.seen.items():
            column = index_of(letters.decode())
            others.setdefault(column, set()).add(int(own or 0))
            if not empty:
                usual.setdefault(column, Counter())[int(own or 0)] += count
        self.styles = {column: counts.most_common(1)[0][0] for column, counts in usual.items()}
        filled = {
            at for cells in self.changes.values() for at, value in cells.items() if value not in (None, "")
        }
        if name is None or sheet is None:
            return {}
        for column in filled:
            kind, style = self.kinds[column], self.styles.get(column)
            aligned = alignment_of(kind)
            if style is None or (kind in _NEVER_GENERAL and sheet.format_of(style) == GENERAL):
                style = self.styles[column] = sheet.like(0, FORMATS.get(kind, GENERAL), aligned)
            for other in others.get(column, set()) if kind in FORMATS else ():
                if sheet.format_of(other) == GENERAL:
                    self.formatted[column, other] = sheet.like(other, sheet.format_of(style), aligned)
        return {name: sheet.xml}

    def _tables(self, package: zipfile.ZipFile, part: str) -> dict[str, bytes]:
        """The tables that the list is in, with the new rows."""
        found = {}
        for table in tables_of(package, part):
            mine = {*table.columns} & {*self.found.columns.values()}
            last = self.last + table.totals
            if mine and table.top == self.found.header_row and table.bottom < last:
                xml = package.read(table.part)
                for lines in (0, table.totals):  # its filter doesn't have the totals
                    old, new = (_until(table.ref, end - lines) for end in (table.bottom, last))
                    xml = re.sub(rb"""\sref=(["'])%b\1""" % old, rb' ref="%b"' % new, xml)
                found[table.part] = xml
        return found

    def _workbook(self, package: zipfile.ZipFile) -> dict[str, bytes]:
        """The workbook's part: formulas are calculated when it is opened, its filter is that of the sheet."""
        name = workbook_part(package)
        xml = _CALCULATION.sub(rb'<\1calcPr fullCalcOnLoad="1"', package.read(name))
        self.later = _LATER if _FROM_1904.search(xml) else 0
        index = list(sheet_parts(package)).index(self.found.sheet)
        if self.facts.filter and int(self.facts.filter[3]) < self.last:
            left, top, right, bottom = self.facts.filter
            old, new = (b"%b%b:%b%b" % (left, top, right, end) for end in (bottom, b"%d" % self.last))
            xml = with_filter_name(xml, index, old, new)
        for before, after in self._ends.items():
            printed = re.compile(_PRINTED % (index, before))
            xml = printed.sub(rb"\g<1>%d" % after, xml)
        return {name: xml}

    @property
    def _ends(self) -> dict[int, int]:
        """Last row of a range over the list → its new one."""
        totals = self.found.totals
        return {self.found.last: self.last} | ({totals.row: self._moved} if totals and self._moved else {})

    def _texts(self, texts: Iterator[bytes]) -> Iterator[bytes]:
        making: list[tuple[int, Making]] = [(n, partial(self._cells, n)) for n in sorted(self.changes)]
        if self._moved:
            making.append((self._moved, self._totals))
        return merged(texts, self.facts.prefix, iter(making), self._with_head, self._with_tail)

    @property
    def _moved(self) -> int:
        """The row that the totals are moved to, 0 for none."""
        totals = self.found.totals
        return self.last + 1 if totals is not None and totals.row <= self.last else 0

    def _totals(self, _row: bytes) -> list[Placed]:
        return self.found.totals.moved(self._moved) if self.found.totals else []

    def _with_head(self, head: bytes) -> bytes:
        return with_dimension(head, -1, max(self.last, self._moved))

    def _with_tail(self, tail: bytes) -> bytes:
        return _RULED.sub(self._ruled, _FILTER.sub(self._longer, tail, count=1))

    def _ruled(self, match: re.Match[bytes]) -> bytes:
        """Conditional formats and data validations of whole columns of the list hold for new rows too."""
        start = max(match[0].rfind(mark) for mark in (b'"', b"'", b">")) + 1
        return match[0][:start] + _RANGE.sub(self._longer_range, match[0][start:])

    def _longer_range(self, match: re.Match[bytes]) -> bytes:
        whole = int(match[2]) in (self.found.header_row, self.found.header_row + 1)
        end = self._ends.get(int(match[4] or match[2])) if whole else None
        return b"%b%b:%b%d" % (match[1], match[2], match[3] or match[1], end) if end else match[0]

    def _longer(self, match: re.Match[bytes]) -> bytes:
        bottom = max(int(match[5]), self.last if int(match[3]) == self.found.header_row else 0)
        return b"%b%b%b:%b%d" % (match[1], match[2], match[3], match[4], bottom)

    def _cells(self, number: int, row: bytes) -> list[Placed]:
        """The cells of a row that change, as XML; formulas stay."""
        old = _cells_of(row) if number <= self.found.last else {}
        found, xml = list[Placed](), CellXml(self.facts.prefix, None, None, self.losses)
        for column, value in self.changes[number].items():
            before = old.get(column, b"")
            if _FORMULA.search(before):
                continue
            if (
                self.later
                and self.kinds[column] in ("month", "date", "datetime")
                and isinstance(value, float)
            ):
                value -= self.later
            style = self._style(column, before)
            found.append((column, self._cell(xml, f"{letter(column)}{number}", value, style)))
        self.updated += bool(found) and number <= self.found.last
        if (totals := self.found.totals) is not None and number == totals.row:
            new = {column for column, _cell in found}
            found += [(column, b"") for column in totals.cells if column not in new]
        return found

    def _style(self, column: int, before: bytes) -> int:
        """The style of a cell that is written, given the XML of the one that was there."""
        own = STYLE.search(before)
        style, empty = int(own[1]) if own else 0, not _VALUE.search(before)
        if empty and style == 0:
            return self.styles.get(column, 0)
        shown = empty or self.kinds[column] in _NEVER_GENERAL
        return self.formatted.get((column, style), style) if shown else style

    def _cell(self, xml: CellXml, name: str, value: Plain, style: int) -> bytes:
        p = self.facts.prefix.decode()
        if value is None or value == "":
            return f'<{p}c r="{name}" s="{style}"/>'.encode()
        if isinstance(value, str):
            return xml.text(name, value, style)
        kind, number = (' t="b"', int(value)) if isinstance(value, bool) else ("", value)
        return f'<{p}c r="{name}" s="{style}"{kind}><{p}v>{number!r}</{p}v></{p}c>'.encode()


def _until(ref: str, row: int) -> bytes:
    """A range with another last row."""
    return re.sub("[0-9]+$", str(row), ref).encode()


def _cells_of(row: bytes) -> dict[int, bytes]:
    """Column (from 0) → the XML of its cell."""
    found = {}
    for cell in CELL.findall(row):
        reference = REF.search(cell)
        if reference is None:
            raise Unpatchable
        found[index_of(reference[1].decode())] = cell
    return found
