"""Workbooks in formats that nobody here writes are read like any other, or refused in words."""

import json
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from lwdesk.app.importing.imports import open_file
from lwdesk.app.importing.opened import Choices
from lwdesk.app.settings import Settings
from lwdesk.base.errors import UserError
from lwdesk.base.marks import NO_RESULT
from lwdesk.base.paths import Home
from lwdesk.cli import run
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


SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def xml_book(path, cell, row="", encoding="utf-8", declared="utf-8"):
    text = '<Cell><Data ss:Type="String">{}</Data></Cell>'.format
    path.write_bytes(
        (
            f'<?xml version="1.0" encoding="{declared}"?><Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">'
            f'<Worksheet ss:Name="A"><Table><Row>{text("Email")}{text("V")}</Row>'
            f"<Row {row}>{text('a@x.org')}{cell}</Row><Row>{text('b@x.org')}</Row></Table></Worksheet></Workbook>"
        ).encode(encoding)
    )
    return path


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('<Cell><Data ss:Type="String">vip</Data><Comment><ss:Data>note</ss:Data></Comment></Cell>', "vip"),
        ("<Cell><Comment><ss:Data>note</ss:Data></Comment></Cell>", None),
        ('<Cell ss:MergeAcross="x"><Data ss:Type="String">vip</Data></Cell>', "vip"),
        ('<Cell ss:MergeAcross="99999999999999"><Data ss:Type="String">vip</Data></Cell>', "vip"),
        ('<Cell ss:Index="²"><Data ss:Type="String">vip</Data></Cell>', "vip"),
        ('<Cell><Data ss:Type="DateTime">1899-12-31T09:30:00.000</Data></Cell>', time(9, 30)),
        ('<Cell><Data ss:Type="Number">nan</Data></Cell>', "nan"),
    ],
)
def test_a_cell_of_excel_2003_keeps_its_own_value(cell, found, tmp_path):
    (_n, (_email, value)), _last = read(xml_book(tmp_path / "r.xml", cell)).rows
    assert (value, type(value)) == (found, type(found))


def test_rows_that_a_row_of_excel_2003_spans_are_counted(tmp_path):
    table = read(xml_book(tmp_path / "r.xml", "", 'ss:Span="3"'))
    assert [number for number, _row in table.rows] == [2, 6]


@pytest.mark.parametrize("encoding", ["shift_jis", "nonsense"])
def test_an_encoding_that_cannot_be_read_is_no_traceback(encoding, tmp_path):
    with pytest.raises(UserError):
        read(xml_book(tmp_path / "r.xml", "", declared=encoding))


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
    with pytest.raises(UserError, match=r"protected with a password.*clear the password, and save"):
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


OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def ods(path, rows, sheets=""):
    content = (
        f'<office:document-content xmlns:office="{OPEN}:office:1.0" xmlns:table="{OPEN}:table:1.0" '
        f'xmlns:text="{OPEN}:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet>{sheets}<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", content)
    return path


def ods_row(*cells, how=""):
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    inner = "".join(cell if cell.startswith("<") else text.format(cell) for cell in cells)
    return f"<table:table-row {how}>{inner}</table:table-row>"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (
            'table:formula="=NA()" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"><text:p>#N/A</text:p>',
            CellError("#N/A"),
        ),
        (
            'table:formula="=1/0" office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p>',
            CellError("#DIV/0!"),
        ),
        (
            'table:formula="=X" office:value-type="float" office:value="0"><text:p>Err:502</text:p>',
            CellError("Err:502"),
        ),
        ('table:formula="=A2"></table:table-cell><table:table-cell>', CellError(NO_RESULT)),
        ('table:formula="=A2" office:value-type="float">', CellError(NO_RESULT)),
        ('table:formula="=A2" office:value-type="string" office:string-value="">', None),
        ('table:formula="=A2" office:value-type="string"><text:p>a@x.org</text:p>', "a@x.org"),
        ('office:value-type="string"><text:p>PT30H15M00S</text:p>', "PT30H15M00S"),
        (
            'office:value-type="time" office:time-value="PT30H15M00S"><text:p>30:15</text:p>',
            timedelta(hours=30, minutes=15),
        ),
        (
            'office:value-type="time" office:time-value="PT100H00M01.5S"><text:p>x</text:p>',
            timedelta(hours=100, seconds=1.5),
        ),
        ('office:value-type="percentage" office:value="0.125"><text:p>13%</text:p>', "12.5%"),
        (
            'office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>a</text:p>',
            "a",
        ),
    ],
)
def test_a_cell_of_an_ods_is_read_as_in_xlsx(cell, found, tmp_path):
    hidden = (
        '<table:table table:name="T"><table:table-row><table:table-cell/></table:table-row></table:table>'
    )
    rows = ods_row("Email", "Value") + ods_row("<table:table-cell/>", how='table:number-rows-repeated="3"')
    row = ods_row("a@x.org", f"<table:table-cell {cell}</table:table-cell>")
    (number, (_email, value)), (_n, (_other, text)) = read(
        ods(tmp_path / "r.ods", rows + row + ods_row("b", "#N/A"), hidden)
    ).rows
    assert (number, value, type(value)) == (5, found, type(found))
    assert (text, type(text)) == ("#N/A", str)


@pytest.mark.parametrize(
    "cell",
    [
        'office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>',
        'table:formula="=NA()" office:value-type="string" calcext:value-type="error" '
        'table:number-columns-repeated="999999999"><text:p>#N/A</text:p>',
        'office:value-type="percentage" office:value="1" table:number-columns-repeated="16384"><text:p>x</text:p>',
    ],
)
def test_repeated_cells_of_an_ods_do_not_fill_the_memory(cell, tmp_path):
    rows = ods_row("Email", "Tags") + ods_row(
        f"<table:table-cell {cell}</table:table-cell>", how='table:number-rows-repeated="1048000"'
    )
    with pytest.raises(UserError, match=r"too large to read|damaged"):
        read(ods(tmp_path / "r.ods", rows))


def test_a_million_empty_rows_of_an_ods_are_no_cells(tmp_path):
    empty = ods_row(
        '<table:table-cell table:number-columns-repeated="16384"/>',
        how='table:number-rows-repeated="1048570"',
    )
    table = read(ods(tmp_path / "r.ods", ods_row("Email", "Tags") + ods_row("ána@x.org", "vip") + empty))
    assert list(table.rows) == READ


def xlsb_record(kind, data=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(data) & 0x7F | 0x80, len(data) >> 7]) + data


def xlsb(path, *cells):
    """A workbook of rows of texts and, where a number stands, of the error with that code."""

    def text(word):
        return struct.pack("<I", len(word)) + word.encode("utf-16-le")

    rows = b""
    for number, row in cells:
        rows += xlsb_record(0, struct.pack("<IIHBBBI", number - 1, 0, 300, 0, 0, 0, 0))
        for column, cell in row:
            place = struct.pack("<II", column, 0)
            rows += (
                xlsb_record(3, place + bytes([cell]))
                if isinstance(cell, int)
                else xlsb_record(6, place + text(cell))
            )
    last = cells[-1][0]
    extent = struct.pack("<IIII", 0, last - 1, 0, max(column for _n, row in cells for column, _c in row))
    sheet = (
        xlsb_record(129)
        + xlsb_record(148, extent)
        + xlsb_record(145)
        + rows
        + xlsb_record(146)
        + xlsb_record(130)
    )
    bundle = xlsb_record(156, struct.pack("<II", 0, 1) + text("rId1") + text("S"))
    workbook = xlsb_record(131) + xlsb_record(143) + bundle + xlsb_record(144) + xlsb_record(132)
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="{}" Target="{}"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("_rels/.rels", rels.format(f"{rel}/officeDocument", "xl/workbook.bin"))
        package.writestr("xl/workbook.bin", workbook)
        package.writestr(
            "xl/_rels/workbook.bin.rels", rels.format(f"{rel}/worksheet", "worksheets/sheet1.bin")
        )
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def test_errors_in_an_xlsb_are_errors(tmp_path):
    rows = [
        (1, [(0, "Email"), (1, "Tags")]),
        (3, [(0, "a@x.org"), (1, 0x2A)]),
        (4, [(0, "b@x.org"), (1, "#N/A")]),
    ]
    (number, (_a, error)), (_n, (_b, text)) = read(xlsb(tmp_path / "r.xlsb", *rows)).rows
    assert (number, error, type(error)) == (3, "#N/A", CellError) and type(text) is str


def test_a_stray_cell_in_an_xlsb_does_not_fill_the_memory(tmp_path):
    rows = [(1, [(0, "Email")]), (2, [(0, "a@x.org")]), (1_048_576, [(16_383, "x")])]
    with pytest.raises(UserError, match=r"too large to read.*XFD1048576"):
        read(xlsb(tmp_path / "r.xlsb", *rows))


PAGE = "{top}<table><tr><th>Email<th>Name<tr><td>a@x.org<td>{name}</table>"


@pytest.mark.parametrize(
    ("top", "encoding", "name"),
    [
        ('<html><meta charset="iso-8859-7">', "iso-8859-7", "Θηρεσία"),
        (
            "<html><head><META content='text/html; charset=windows-1252' http-equiv=Content-Type>",
            "cp1252",
            "Thérèse",
        ),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "cp1252", "Thérèse – Œ"),
        ("<html><meta charset=macintosh>", "mac_roman", "Thérèse"),
        ("<html><meta charset='windows-1250'>", "cp1250", "Dvořák"),
        ("<html><meta charset=shift_jis>", "shift_jis", "山田"),
        ("<html><meta charset=iso-2022-jp>", "iso-2022-jp", "山田"),
        ('<?xml version="1.0" encoding="windows-1251"?><html>', "cp1251", "Бен"),
        ("<html><meta charset=iso-8859-1>", "utf-8", "Thérèse"),
        ("<html><meta charset=utf-16>", "utf-8", "Thérèse"),
        ("<html><meta charset=no-such-one>", "utf-8", "Thérèse"),
        ("<html><meta charset=base64>", "utf-8", "Thérèse"),
        ("<html><meta charset=utf-8>", "utf-16", "Thérèse"),
    ],
)
def test_the_encoding_that_a_web_page_names_is_used(top, encoding, name, tmp_path):
    path = tmp_path / "r.xls"
    path.write_bytes(PAGE.format(top=top, name=name).encode(encoding))
    assert list(read(path).rows) == [(2, ("a@x.org", name))]


def test_the_encoding_chosen_for_a_web_page_is_obeyed(tmp_path):
    path = tmp_path / "r.xls"
    path.write_bytes(PAGE.format(top="<html>", name="Thérèse").encode("cp1252"))
    assert list(read(path, encoding="cp1252").rows) == [(2, ("a@x.org", "Thérèse"))]
    with pytest.raises(UserError, match="no encoding"):
        read(path, encoding="nonsense")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            'ID;PWXL;N;E\r\nP;PGeneral\r\nB;Y2;X2;D0 0 1 1\r\nC;Y1;X1;K"Email"\r\nC;Y2;K"a@x.org"\r\nE\r\n',
            "SYLK",
        ),
        ('ID;P\nC;X1;Y1;K"Email"\nC;X1;Y2;K"a@x.org"\nE\n', "SYLK"),
        (
            'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\nTUPLES\r\n0,2\r\n""\r\nDATA\r\n0,0\r\n""\r\n',
            "DIF",
        ),
    ],
)
def test_old_text_formats_are_refused_in_words(content, kind, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(content, "ascii")
    with pytest.raises(UserError, match=rf"old {kind} format.*save it as \.xlsx"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [
        "ID;Phone;Email\nC;Y1;a@x.org\n",
        "ID;P\nC;Kim\n",
        "ID,Email\n1,a@x.org\n",
        "ID;PIN\n1;2\nC;X1Y;\n",
        "Table\n1\n2\n",
        "Table,Seat\n0,1\n2,3\n",
    ],
)
def test_a_csv_that_begins_alike_is_read(content, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(content, "ascii")
    assert read(path).format == "csv"


def workbook(path, **sheets):
    out = openpyxl.Workbook()
    out.remove(out.active)
    for name, rows in sheets.items():
        page = out.create_sheet(name)
        for row in rows:
            page.append(row)
    out.save(path)
    return path


ROWS = [("Email", "First name", "Tags"), ("ana@x.org", "Ana", "vip")]


@pytest.mark.parametrize(
    "cover",
    [
        [("Roster of 2026",)],
        [("Roster of 2026",), (), ("Made by the office",)],
        [("Teacher", "Room"), ("Fox", "12"), ("Berg", "14")],
        [("Email", "Room"), ("office@x.org", "12")],
    ],
)
def test_the_sheet_whose_headers_fit_best_is_taken_and_said(cover, tmp_path):
    path = workbook(tmp_path / "r.xlsx", Cover=cover, People=ROWS, Notes=[("Done",), ("yes",)])
    opened = open_file(path, ["roster"], Choices(), Settings(Home(tmp_path / "home")))
    assert opened.table.sheet == "People"
    assert any(
        "Using sheet “People”" in note and "“Cover”" in note and "“Notes”" in note
        for note in opened.table.notes
    )


def test_of_sheets_that_fit_alike_the_first_is_taken_and_the_others_are_said(tmp_path):
    path = workbook(tmp_path / "r.xlsx", A=ROWS, B=ROWS)
    settings = Settings(Home(tmp_path / "home"))
    opened = open_file(path, ["roster"], Choices(), settings)
    assert opened.table.sheet == "A" and "“B”" in opened.table.notes[0]
    opened = open_file(path, ["roster"], Choices(sheet="B"), settings)
    assert opened.table.sheet == "B" and opened.table.notes == []


def test_where_no_sheet_fits_the_first_one_says_why(tmp_path):
    path = workbook(tmp_path / "r.xlsx", Cover=[("Roster of 2026",)], Notes=[("Zzz", "Yyy"), ("a", "b")])
    with pytest.raises(UserError, match="column headers but no rows"):
        open_file(path, ["roster"], Choices(), Settings(Home(tmp_path / "home")))


def test_the_command_line_says_which_sheet_it_read(tmp_path, capsys):
    path = workbook(tmp_path / "r.xlsx", Cover=[("Roster of 2026",)], People=ROWS)
    arguments = ["--home", str(tmp_path / "home"), "check", "--operation", "roster", str(path)]
    assert run([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sheet"] == "People" and any("“Cover”" in note for note in found["notes"])
    assert run([*arguments, "--sheet", "Cover"]) != 0


@pytest.mark.parametrize(
    ("below", "found"), [("1", ["vip", "vip"]), ("9", ["vip", "vip"]), ("x", ["vip", None])]
)
def test_a_cell_merged_over_rows_counts_for_each_in_the_xml_of_excel_2003(below, found, tmp_path):
    cell = f'<Cell ss:MergeDown="{below}"><Data ss:Type="String">vip</Data></Cell>'
    table = read(xml_book(tmp_path / "merged.xml", cell))
    assert [row[1] if len(row) > 1 else None for _number, row in table.rows] == found
    noted = any("Merged cells in column B" in note for note in table.notes)
    assert noted is (found[1] == "vip")
