"""A further sheet for an xlsx workbook whose other parts stay as they are."""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from html import escape

from lwdesk.sheets.cell_xml import CellXml
from lwdesk.sheets.columns import Losses
from lwdesk.sheets.parts import rels_of, sheet_parts, workbook_part
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.survey import Unpatchable
from lwdesk.sheets.table import letter
from lwdesk.sheets.write_xlsx import safe_title

# The namespaces of the two families of workbooks (ECMA-376).
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/officeDocument/2006"
_STRICT = b"http://purl.oclc.org/ooxml/officeDocument"
_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TYPES = "[Content_Types].xml"
_SHEET_ID = re.compile(rb"""\ssheetId=["']([0-9]+)["']""")


@dataclass
class AddedSheet:
    """A sheet that a workbook gets: `parts` are the parts of the package to write, the changed and the new one.

    `number` counts those that it gets, from 0.
    """

    sheet: Sheet
    zone: tzinfo | None
    number: int = 0
    losses: Losses = field(default_factory=Losses)

    def parts(self, package: zipfile.ZipFile, changed: Mapping[str, bytes]) -> dict[str, bytes]:
        """Name of a part → its bytes; `changed` are those that are written otherwise than they are in the package.

        Raises Unpatchable where the package is written in a way that can't be added to.
        """
        name, unique = workbook_part(package), len(package.namelist()) + self.number
        rels, new = rels_of(name), f"{name.rpartition('/')[0]}/worksheets/lwdesk-{unique}.xml".lstrip("/")
        if rels not in package.namelist():
            raise Unpatchable
        workbook, links, types = (changed.get(part) or package.read(part) for part in (name, rels, _TYPES))
        title = safe_title(self.sheet.title, {one.casefold() for one in sheet_parts(package)})
        number = max((int(one) for one in _SHEET_ID.findall(workbook)), default=0) + 1
        family = _STRICT if _STRICT in workbook else _TRANSITIONAL
        entry = b'<%%bsheet xmlns:r="%b/relationships" name="%b" sheetId="%d"%b r:id="lwdesk%d"/>' % (
            *(family, escape(title).encode(), number),
            *(b' state="veryHidden"' if self.sheet.hidden else b"", unique),
        )
        link = b'<%%bRelationship Id="lwdesk%d" Type="%b/relationships/worksheet" Target="/%b"/>' % (
            *(unique, family, new.encode()),
        )
        kind = b'<%%bOverride PartName="/%b" ContentType="%b"/>' % (new.encode(), _TYPE)
        return {
            name: _appended(workbook, b"sheets", lambda prefix: entry % prefix),
            rels: _appended(links, b"Relationships", lambda prefix: link % prefix),
            _TYPES: _appended(types, b"Types", lambda prefix: kind % prefix),
            new: self._xml(_STRICT_MAIN if family == _STRICT else _MAIN),
        }

    def _xml(self, main: bytes) -> bytes:
        cells = CellXml(b"", None, self.zone, self.losses)
        rows = [[cells.text(f"{letter(n)}1", column.title) for n, column in enumerate(self.sheet.columns)]]
        for number, row in enumerate(self.sheet.rows, 2):
            rows.append([cells.cell(f"{letter(n)}{number}", cell) for n, cell in enumerate(row)])
        inner = b"".join(
            b'<row r="%d">%b</row>' % (number, b"".join(row)) for number, row in enumerate(rows, 1)
        )
        head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%b">' % main
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
