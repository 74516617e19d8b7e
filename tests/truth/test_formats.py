"""Workbooks in formats that nobody here writes are read like any other, or refused in words."""

from datetime import date, datetime

import pytest

from lwdesk.base.errors import UserError
from lwdesk.sheets.read import read
from lwdesk.sheets.results import write_results
from lwdesk.sheets.table import CellError

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
