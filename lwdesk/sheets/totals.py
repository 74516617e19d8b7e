"""The total row of a table: whether it can be moved down, so that rows are added above it."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from lwdesk.sheets.marks import named_rows
from lwdesk.sheets.package import pieces
from lwdesk.sheets.parts import related, workbook_part
from lwdesk.sheets.survey import CELL, REF
from lwdesk.sheets.table import index_of
from lwdesk.sheets.tables import SheetTable

# Formulas and names, but for the names that Excel gives itself: the range that prints moves along.
_FORMULA = re.compile(rb"<(?:\w+:)?(?:f|formula[12]?|definedName(?![^>]*_xlnm[.]))(?:\s[^>]*)?>([^<]+)<")
# A cell of a row, or whole rows from it or to it.
_ROW = (
    rb"(?<![\w.])\$?[A-Z]{1,3}\$?%(row)d(?![\w.(])|"
    rb"(?<![\w.$])\$?%(row)d:\$?[0-9]|(?<![\w.$])\$?[0-9]+:\$?%(row)d(?![\w.(])"
)
_CELLS = rb"""<(?:\w+:)?row\s[^>]*?\br=["']%d["'](?:[^>]*[^>/])?>(.*?)</(?:\w+:)?row>"""
_ANY_CELL = re.compile(rb"(?<![\w.\[])\$?[A-Z]{1,3}\$?[0-9]+(?![\w.(])")
_PLACED = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?ref=["']([^"']*)["']""")
_COMMENT = re.compile(rb"""<(?:\w+:)?(?:comment|threadedComment)\s[^>]*?ref=["']([^"']*)["']""")


@dataclass(frozen=True)
class Totals:
    """The total row of a table, with its cells as XML by column (from 0)."""

    table: SheetTable
    cells: Mapping[int, bytes]

    @property
    def row(self) -> int:
        return self.table.bottom

    def moved(self, row: int) -> list[tuple[int, bytes]]:
        """Its cells in another row."""
        name = rb"\g<1>%d" % row
        return [
            (column, re.sub(rb"""(\sr=["'][A-Z]+)[0-9]+""", name, cell, count=1))
            for column, cell in self.cells.items()
        ]


def movable_totals(package: zipfile.ZipFile, sheet: str, part: str, table: SheetTable) -> Totals | None:
    """The total row of a table; None where its formulas, or something else in the workbook, say in which row it is."""
    said, cells = re.compile(_ROW % {b"row": table.bottom}), dict[int, bytes]()
    names = {escape(name, quote=False).encode() for name in (sheet, sheet.replace("'", "''"))}
    for name in package.namelist():
        if not (name.startswith(("xl/worksheets/", "xl/charts/")) or name == workbook_part(package)):
            continue
        for text in _texts(package, name):
            own = name == part
            formulas = (f for f in _FORMULA.findall(text) if own or any(one in f for one in names))
            if any(said.search(formula) for formula in formulas):
                return None
            if own and any(said.search(place) for place in _PLACED.findall(text)):
                return None
            cells |= _cells(text, table) if own else {}
    if any(_ANY_CELL.search(formula) for cell in cells.values() for formula in _FORMULA.findall(cell)):
        return None
    comments = (target for kind, target in related(package, part).values() if "omment" in kind)
    places = (place for target in comments for place in _COMMENT.findall(package.read(target)))
    return None if any(said.search(place) for place in places) else Totals(table, cells)


def _texts(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    if not part.startswith("xl/worksheets/") or part.endswith(".rels"):
        yield package.read(part)
        return
    with package.open(part) as xml:
        yield from named_rows(pieces(xml))


def _cells(text: bytes, table: SheetTable) -> dict[int, bytes]:
    """The cells of the table's last row, where the text has it."""
    row = re.search(_CELLS % table.bottom, text, re.DOTALL)
    found = {}
    for cell in CELL.findall(row[1]) if row else ():
        if (reference := REF.search(cell)) and (column := index_of(reference[1].decode())) in table.columns:
            found[column] = cell
    return found
