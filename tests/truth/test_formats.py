"""Workbooks in formats that nobody here writes are read like any other, or refused in words."""

import struct
from datetime import date, datetime

import pytest

from lwdesk.base.errors import UserError
from lwdesk.sheets.read import read
from lwdesk.sheets.results import write_results
from lwdesk.sheets.table import CellError
from tests.sheets.build import book, label, parts_of, record, sheet_xml, texts, xls

ROSTER = """<?xml version="1.0"{encoding}?>
<?mso-application progid="Excel.Sheet"?>
<{p}Workbook {space} xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
  xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">
 <{p}Worksheet ss:Name="Cover"><{p}Table/></{p}Worksheet>
 <{p}Worksheet ss:Name="Class 1"><{p}Table>
  <{p}Row><{p}Cell><{p}Data ss:Type="String">Email</{p}Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="String">Name</{p}Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="String">Day</{p}Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="String">Price</{p}Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="String">Mail</{p}Data></{p}Cell>
  </{p}Row>
  <{p}Row ss:Index="4"><{p}Cell><{p}Data ss:Type="String">a@x.org</{p}Data></{p}Cell>
   <{p}Cell><ss:Data ss:Type="String"><html:B>Thérèse</html:B> &amp; Co</ss:Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="DateTime">2026-03-04T00:00:00.000</{p}Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="Number">49.9</{p}Data></{p}Cell>
   <{p}Cell><{p}Data ss:Type="Boolean">1</{p}Data></{p}Cell></{p}Row>
  <{p}Row><{p}Cell ss:MergeAcross="1"><{p}Data ss:Type="String">b@x.org</{p}Data></{p}Cell>
   <{p}Cell ss:Index="4"><{p}Data ss:Type="Error">#N/A</{p}Data></{p}Cell>
   <{p}Cell ss:Formula="=1+1"/></{p}Row>
 </{p}Table></{p}Worksheet>
</{p}Workbook>"""


def roster(path, prefix="", encoding="utf-8", declared=' encoding="utf-8"'):
    name = prefix.rstrip(":")
    space = f'xmlns{":" + name if name else ""}="urn:schemas-microsoft-com:office:spreadsheet"'
    path.write_bytes(ROSTER.format(p=prefix, space=space, encoding=declared).encode(encoding))
    return path


@pytest.mark.parametrize("name", ["roster.xls", "roster.xml"])
@pytest.mark.parametrize("prefix", ["", "s:"])
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ' encoding="utf-8"'),
        ("cp1252", ' encoding="windows-1252"'),
        ("utf-16", ' encoding="utf-16"'),
    ],
)
def test_a_workbook_of_excel_2003_in_xml_is_read(name, prefix, encoding, declared, tmp_path):
    table = read(roster(tmp_path / name, prefix, encoding, declared))
    assert (table.format, table.sheet) == ("xml", "Class 1")
    assert [header.text for header in table.headers] == ["Email", "Name", "Day", "Price", "Mail"]
    rows = dict(table.rows)
    assert rows[4] == ("a@x.org", "Thérèse & Co", date(2026, 3, 4), 49.9, True)
    assert rows[5][:3] == ("b@x.org", None, None) and isinstance(rows[5][3], CellError)
    assert rows[5][3] == "#N/A" and isinstance(rows[5][4], CellError)
    assert isinstance(rows[4][2], date) and not isinstance(rows[4][2], datetime)


def test_its_results_are_a_new_workbook(tmp_path):
    source = roster(tmp_path / "roster.xls")
    values = [(4, ("done",)), (5, ("failed",))]
    titles = ("lwdesk status",)
    written = write_results(
        source, tmp_path / "r.xlsx", sheet="Class 1", header_row=1, titles=titles, values=values
    )
    assert [row[-1] for _n, row in read(written.paths[0]).rows] == ["done", "failed"]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        ROSTER.format(p="", space="", encoding="")[:900],
        BOMB + '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&b;</Workbook>',
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ],
)
def test_a_damaged_empty_or_hostile_one_is_refused_in_words(content, tmp_path):
    path = tmp_path / "x.xml"
    path.write_text(content, "utf-8")
    with pytest.raises(UserError):
        read(path)


PEOPLE = label(0, 0, "Email") + label(0, 1, "Tags") + label(1, 0, "ána@x.org") + label(1, 1, "vip")
READ = [(2, ("ána@x.org", "vip"))]


@pytest.mark.parametrize("stream", ["Workbook", "WORKBOOK", "workbook", "WorkBook"])
def test_the_name_of_the_stream_in_an_xls_knows_no_case(stream, tmp_path):
    table = read(xls(tmp_path / "r.xls", PEOPLE, stream=stream))
    assert (table.format, list(table.rows)) == ("xls", READ)


@pytest.mark.parametrize("code_page", [1200, 1252, 10000, 0x8000, 0x8001])
def test_an_xls_of_a_macintosh_is_read(code_page, tmp_path):
    assert list(read(xls(tmp_path / "r.xls", PEOPLE, code_page=code_page)).rows) == READ


@pytest.mark.parametrize("kind", [1, 2, 6])
@pytest.mark.parametrize(
    "inside", [b"", record(0x06, b"\1\2\3"), record(0x204, b"\0\0"), record(0xFD, b"\0" * 10)]
)
def test_a_macro_chart_or_module_sheet_in_an_xls_is_passed_over(kind, inside, tmp_path):
    table = read(xls(tmp_path / "r.xls", PEOPLE, others=(("Macro1", kind, inside),)))
    assert (table.sheet, table.sheets, list(table.rows)) == ("S", ("S",), READ)


@pytest.mark.parametrize("place", [0, 3, 40])
def test_an_encrypted_xls_asks_for_the_password_to_be_removed(place, tmp_path):
    extra = record(0xE1, b"\0\0") * place + record(0x2F, bytes(54))
    with pytest.raises(UserError, match=r"protected with a password.*empty the password and save"):
        read(xls(tmp_path / "r.xls", PEOPLE, extra=extra))


def test_errors_in_an_xls_are_errors(tmp_path):
    error = record(0x205, struct.pack("<HHHBB", 1, 1, 0, 0x2A, 1))
    truth = record(0x205, struct.pack("<HHHBB", 2, 1, 0, 1, 0))
    formula = record(0x06, struct.pack("<HHHBBBBHHHIH", 3, 1, 0, 2, 0, 0x17, 0, 0, 0xFFFF, 0, 0, 0))
    cells = (
        label(0, 0, "Email") + label(0, 1, "Tags") + b"".join(label(n, 0, f"{n}@x.org") for n in (1, 2, 3))
    )
    found = [row[1] for _n, row in read(xls(tmp_path / "r.xls", cells + error + truth + formula)).rows]
    assert found == ["#N/A", True, "#REF!"] and [isinstance(cell, CellError) for cell in found] == [
        True,
        False,
        True,
    ]


def test_a_stray_cell_in_an_xls_does_not_fill_the_memory(tmp_path):
    path = xls(tmp_path / "r.xls", PEOPLE + label(65535, 255, "x"))
    with pytest.raises(UserError, match=r"too large to read.*IV65536.*delete it"):
        read(path)


def with_sheet(path, folder, kind):
    """A workbook whose first sheet is none of cells."""
    content = parts_of(book(path, sheet_xml(texts(1, "Email", "Tags") + texts(2, "ána@x.org", "vip"))))
    added = '<sheet name="Other" sheetId="2" r:id="rId9"/>'
    rel = f'<Relationship Id="rId9" Type="http://x/{kind}" Target="{folder}/sheet1.xml"/></Relationships>'
    names = {"xl/workbook.xml": ("<sheets>", "<sheets>" + added)}
    names["xl/_rels/workbook.xml.rels"] = ("</Relationships>", rel)
    changed = {name: content[name].decode().replace(*how) for name, how in names.items()}
    return book(path, content["xl/worksheets/sheet1.xml"], {**changed, f"xl/{folder}/sheet1.xml": "<x/>"})


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("macrosheets", "xlMacrosheet"),
        ("macrosheets", "xlIntlMacrosheet"),
        ("dialogsheets", "dialogsheet"),
        ("chartsheets", "chartsheet"),
        ("others", "unheardOf"),
    ],
)
def test_a_macro_dialog_or_chart_sheet_beside_the_roster_is_passed_over(folder, kind, tmp_path):
    table = read(with_sheet(tmp_path / "r.xlsx", folder, kind))
    assert (table.sheet, table.sheets, list(table.rows)) == ("S", ("S",), READ)
