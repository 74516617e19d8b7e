"""A further sheet for an xlsx workbook whose other parts stay as they are."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from html import escape

from lwdesk.sheets.cell_xml import CellXml
from lwdesk.sheets.columns import Losses
from lwdesk.sheets.parts import rels_of, sheet_parts, workbook_part
from lwdesk.sheets.survey import Unpatchable
from lwdesk.sheets.table import letter
from lwdesk.sheets.write import Sheet
from lwdesk.sheets.write_xlsx import safe_title

_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TYPES = "[Content_Types].xml"
_SHEET = re.compile(rb"""<((?:\w+:)?)sheet\s[^>]*?\s(\w+:id)=["'][^"']*["'][^>]*>""")
_SHEET_ID = re.compile(rb"""\ssheetId=["']([0-9]+)["']""")


@dataclass
class AddedSheet:
    """A sheet that a workbook gets: `parts` are the parts of the package to write, the changed and the new one."""

    sheet: Sheet
    zone: tzinfo | None
    losses: Losses = field(default_factory=Losses)

    def parts(self, package: zipfile.ZipFile, workbook: bytes) -> dict[str, bytes]:
        """Name of a part → its bytes; `workbook` is the workbook's part, as it is written otherwise.

        Raises Unpatchable where the package is written in a way that can't be added to.
        """
        name = workbook_part(package)
        rels, new = (
            rels_of(name),
            f"{name.rpartition('/')[0]}/worksheets/lwdesk-{len(package.namelist())}.xml",
        )
        found = _SHEET.search(workbook)
        if found is None or rels not in package.namelist():
            raise Unpatchable
        relation = f"lwdesk{len(package.namelist())}".encode()
        title = safe_title(self.sheet.title, {one.casefold() for one in sheet_parts(package)})
        number = max(int(one) for one in _SHEET_ID.findall(workbook)) + 1
        entry = b'<%bsheet name="%b" sheetId="%d" %b="%b"/>' % (
            *(found[1], escape(title).encode(), number, found[2], relation),
        )
        link = b'<%%bRelationship Id="%b" Type="%b" Target="/%b"/>' % (relation, _RELATION, new.encode())
        kind = b'<%%bOverride PartName="/%b" ContentType="%b"/>' % (new.encode(), _TYPE)
        return {
            name: _appended(workbook, b"sheets", lambda prefix: entry),
            rels: _appended(package.read(rels), b"Relationships", lambda prefix: link % prefix),
            _TYPES: _appended(package.read(_TYPES), b"Types", lambda prefix: kind % prefix),
            new: self._xml(),
        }

    def _xml(self) -> bytes:
        cells = CellXml(b"", None, self.zone, self.losses)
        rows = [[cells.text(f"{letter(n)}1", column.title) for n, column in enumerate(self.sheet.columns)]]
        for number, row in enumerate(self.sheet.rows, 2):
            rows.append([cells.cell(f"{letter(n)}{number}", cell) for n, cell in enumerate(row)])
        inner = b"".join(
            b'<row r="%d">%b</row>' % (number, b"".join(row)) for number, row in enumerate(rows, 1)
        )
        head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%b">' % _MAIN
        pane = b'<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        view = b'<sheetViews><sheetView workbookViewId="0">%b</sheetView></sheetViews>' % pane
        widths = b'<cols><col min="1" max="%d" width="22" customWidth="1"/></cols>' % len(self.sheet.columns)
        return head + view + widths + b"<sheetData>" + inner + b"</sheetData></worksheet>"


def _appended(xml: bytes, element: bytes, child: Callable[[bytes], bytes]) -> bytes:
    """The XML with a last child in an element; `child` is given the prefix of the element's name."""
    end = re.search(rb"</((?:\w+:)?)%b\s*>" % element, xml)
    if end is None:
        raise Unpatchable
    return xml[: end.start()] + child(end[1]) + xml[end.start() :]
