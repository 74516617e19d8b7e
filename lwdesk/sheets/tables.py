"""The tables of a sheet, as Excel calls ranges with a name, headers and a look of their own."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lwdesk.sheets.parts import related, tree
from lwdesk.sheets.table import index_of

_REF = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class SheetTable:
    """A table: its part, its range as it is written, columns (from 0) and rows (from 1), the rows of totals last."""

    part: str
    ref: str
    columns: range
    top: int
    bottom: int
    totals: int


def tables_of(package: zipfile.ZipFile, sheet_part: str) -> Iterator[SheetTable]:
    """The tables of the sheet in this part."""
    for kind, target in related(package, sheet_part).values():
        if kind != "table" or target not in package.namelist():
            continue
        table = tree(package, target)
        if found := _REF.fullmatch(table.get("ref", "")):
            columns = range(index_of(found[1]), index_of(found[3]) + 1)
            totals = int(table.get("totalsRowCount", "0"))
            yield SheetTable(target, found[0], columns, int(found[2]), int(found[4]), totals)
