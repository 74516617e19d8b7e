"""Reading workbooks: values as Excel shows them, row numbers of the file, headings found, nothing unexplained."""

from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter

from lwdesk.base.errors import UserError
from lwdesk.base.marks import NO_RESULT
from lwdesk.sheets.read import read
from lwdesk.sheets.table import CellError, Header
from tests.sheets.build import FILES, book, sheet_xml, texts

STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="000\\-00\\-0000;@"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/><xf numFmtId="165"/></cellXfs>'
    "</styleSheet>"
)


def cells(table):
    return [row for _number, row in table.rows]


def test_values_keep_their_types(tmp_path):
    path = tmp_path / "types.xlsx"
    with xlsxwriter.Workbook(path) as out:
        page = out.add_worksheet("Data")
        page.write_row(
            0, 0, ["Text", "Whole", "Part", "Day", "Moment", "Hour", "Span", "Yes", "Zip", "Padded"]
        )
        page.write_string(1, 0, "  as is  ")
        page.write_number(1, 1, 42)
        page.write_number(1, 2, 4.25)
        page.write_datetime(1, 3, date(2026, 3, 1), out.add_format({"num_format": "dd/mm/yyyy"}))
        page.write_datetime(1, 4, datetime(2026, 3, 1, 9, 30, 15), out.add_format({"num_format": 22}))
        page.write_datetime(1, 5, time(9, 30), out.add_format({"num_format": "hh:mm"}))
        page.write_datetime(1, 6, timedelta(hours=30), out.add_format({"num_format": "[h]:mm"}))
        page.write_boolean(1, 7, False)
        page.write_number(1, 8, 7, out.add_format({"num_format": "00000"}))
        page.write_number(1, 9, 1234567, out.add_format({"num_format": '"+30" 000-0000'}))
    table = read(path)
    assert cells(table) == [
        ("  as is  ", 42, 4.25, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30, 15), time(9, 30),
         timedelta(hours=30), False, "00007", "+30 123-4567")
    ]  # fmt: skip
    assert type(cells(table)[0][1]) is int
    assert table.sheet == "Data" and table.header_row == 1 and table.notes == []


@pytest.mark.parametrize(
    ("shown", "read_as"), [("0%", "12.5%"), (10, "12.5%"), ("[Red]0.0 %;-0%", "12.5%"), ('0.0" %"', 0.125)]
)
def test_a_percentage_is_what_the_person_sees(tmp_path, shown, read_as):
    path = tmp_path / "percent.xlsx"
    with xlsxwriter.Workbook(path) as out:
        page = out.add_worksheet()
        page.write_row(0, 0, ["Commission %", "Plain"])
        page.write_number(1, 0, 0.125, out.add_format({"num_format": shown}))
        page.write_number(1, 1, 0.125)
        page.write_string(2, 0, "none", out.add_format({"num_format": shown}))
    assert cells(read(path)) == [(read_as, 0.125), ("none", None)]


def test_errors_are_told_from_text(tmp_path):
    row = '<row r="2"><c r="A2" t="e"><f>NA()</f><v>#N/A</v></c><c r="B2" t="inlineStr"><is><t>#N/A</t></is></c></row>'
    table = read(book(tmp_path / "e.xlsx", sheet_xml(texts(1, "A", "B") + row)))
    found, text = cells(table)[0]
    assert found == text == "#N/A"
    assert isinstance(found, CellError) and not isinstance(text, CellError)


def test_rows_and_cells_without_references_count_on(tmp_path):
    rows = (
        '<row><c t="inlineStr"><is><t>Zip</t></is></c><c t="inlineStr"><is><t>Err</t></is></c></row>'
        '<row r="4"><c s="1"><v>7</v></c><c t="e"><v>#REF!</v></c></row><row><c s="1"><v>8</v></c></row>'
    )
    table = read(book(tmp_path / "r.xlsx", sheet_xml(rows), {"xl/styles.xml": STYLES}))
    assert list(table.rows) == [(4, ("00007", CellError("#REF!"))), (5, ("00008", None))]


def test_prefixed_xml_and_social_security_numbers(tmp_path):
    xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>SSN</x:t></x:is></x:c></x:row>'
        "<x:row r='2'><x:c r='A2' s='3'><x:v>12345678</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert cells(read(book(tmp_path / "x.xlsx", xml, {"xl/styles.xml": STYLES}))) == [("012-34-5678",)]


def test_headings_are_found_below_titles_and_empty_parts_left_out(tmp_path):
    path = tmp_path / "titled.xlsx"
    out = openpyxl.Workbook()
    page = out.active
    page["B1"] = "Class 5A, spring term"
    page["B2"] = date(2026, 3, 1)
    for column, text in ((2, "Email"), (3, "First\nname"), (5, "Grade")):
        page.cell(4, column, text)
    for row, email in ((5, "a@x.org"), (6, "b@x.org"), (9, "c@x.org")):
        page.cell(row, 2, email)
        page.cell(row, 3, "Ana")
        page.cell(row, 6, row)
    page.cell(400, 9).number_format = "0.00"
    page.row_dimensions[6].hidden = True
    out.save(path)
    table = read(path)
    assert table.header_row == 4
    assert table.headers == (
        Header("B", "Email"), Header("C", "First name"), Header("E", "Grade"), Header("F", "Column F"),
    )  # fmt: skip
    assert [number for number, _row in table.rows] == [5, 6, 9] and len(table.rows) == 3
    assert cells(table)[0] == ("a@x.org", "Ana", None, 5)
    joined = " ".join(table.notes)
    assert "row 4" in joined and "1 hidden" in joined and "2 empty rows" in joined
    assert list(table.rows) == list(table.rows)


def test_the_heading_row_may_be_named(tmp_path):
    path = tmp_path / "two.xlsx"
    out = openpyxl.Workbook()
    for row in (["Name", "Mail"], ["Ana", "a@x.org"], ["Ben", "b@x.org"]):
        out.active.append(row)
    out.save(path)
    assert [header.text for header in read(path, header_row=2).headers] == ["Ana", "a@x.org"]
    with pytest.raises(UserError, match=r"Row 9 of two.xlsx is empty"):
        read(path, header_row=9)


def test_data_taken_for_headings_is_said(tmp_path):
    path = tmp_path / "bare.xlsx"
    out = openpyxl.Workbook()
    out.active.append(["12.10.2026", 5])
    out.active.append(["13.10.2026", 6])
    out.save(path)
    assert any("look like data" in note for note in read(path).notes)


def test_merged_cells_count_for_each_row(tmp_path):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as out:
        page = out.add_worksheet()
        page.merge_range("A1:B1", "Pupils of the school")
        page.write_row("A2", ["Course", "Pupil"])
        page.merge_range("A3:A5", "Algebra")
        page.write_column("B3", ["Ana", "Ben", "Cy", "Di"])
        page.write("A6", "Biology")
    table = read(path)
    assert cells(table) == [("Algebra", "Ana"), ("Algebra", "Ben"), ("Algebra", "Cy"), ("Biology", "Di")]
    assert any("column A" in note for note in table.notes)


def test_headings_over_two_merged_rows(tmp_path):
    path = tmp_path / "double.xlsx"
    with xlsxwriter.Workbook(path) as out:
        page = out.add_worksheet()
        page.merge_range("A1:A2", "Name")
        page.merge_range("B1:C1", "Courses")
        page.write_row("B2", ["First", "Second"])
        page.write_row("A3", ["Ana", "Algebra", "Biology"])
        page.write_row("A4", ["Ben", "Algebra", "Biology"])
    table = read(path)
    assert [header.text for header in table.headers] == ["Name", "First", "Second"]
    assert len(table.rows) == 2


def test_rows_with_nothing_of_their_own_stay_empty(tmp_path):
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as out:
        page = out.add_worksheet()
        page.merge_range("A1:A2", "Name")
        page.merge_range("B1:B2", "Course")
        page.write_row("A3", ["Ana", "Algebra"])
    table = read(path)
    assert (table.header_row, list(table.rows)) == (1, [(3, ("Ana", "Algebra"))])


def test_rows_that_are_all_alike_are_all_kept(tmp_path):
    path = tmp_path / "alike.csv"
    path.write_text("Name\n" + "x,x\n" * 9)
    table = read(path)
    assert len(table.rows) == 10 - table.header_row >= 8


def several(path):
    with xlsxwriter.Workbook(path) as out:
        out.add_worksheet("Cover")
        hidden = out.add_worksheet("Old")
        hidden.write_column(0, 0, ["Email", "old@x.org"])
        hidden.hide()
        for name, email in (("Class A", "a@x.org"), ("Class B", "b@x.org")):
            out.add_worksheet(name).write_column(0, 0, ["Email", email])
    return path


def test_the_first_visible_sheet_with_something_in_it(tmp_path):
    table = read(several(tmp_path / "many.xlsx"))
    assert (table.sheet, table.sheets) == ("Class A", ("Cover", "Class A", "Class B"))
    assert cells(read(table.path, "Class B")) == [("b@x.org",)]
    assert read(table.path, " class b ").sheet == "Class B"
    assert cells(read(table.path, "Old")) == [("old@x.org",)]


def test_a_missing_sheet_names_those_there(tmp_path):
    with pytest.raises(UserError, match=r"no sheet “Class C”.*“Class A”, “Class B”"):
        read(several(tmp_path / "many.xlsx"), "Class C")


def test_formulas_give_their_saved_value(tmp_path):
    path = tmp_path / "formula.xlsx"
    with xlsxwriter.Workbook(path) as out:
        page = out.add_worksheet()
        page.write_row(0, 0, ["Name", "Sum"])
        page.write(1, 0, "Ana")
        page.write_formula(1, 1, "=1+1", None, 2)
    assert cells(read(path)) == [("Ana", 2)]


def test_formulas_never_calculated_are_said(tmp_path):
    path = tmp_path / "fresh.xlsx"
    out = openpyxl.Workbook()
    out.active.append(["Name", "Sum"])
    out.active.append(["Ana", "=1+1"])
    out.save(path)
    table = read(path)
    assert cells(table) == [("Ana", NO_RESULT)] and table.notes == []
    out.active["A1"] = out.active["A2"] = out.active["B1"] = "=2"
    out.save(path)
    with pytest.raises(UserError, match=r"never calculated.*Open it in Excel"):
        read(path)


def test_long_numbers_stay_whole(tmp_path):
    row = '<row r="2"><c r="A2"><v>306944123456</v></c><c r="B2"><v>1.2345678901234501E+17</v></c></row>'
    table = read(book(tmp_path / "long.xlsx", sheet_xml(texts(1, "Phone", "Id") + row)))
    assert cells(table) == [(306944123456, 123456789012345010)]


@pytest.mark.parametrize("name", ["people.xls", "people.ods", "people-libreoffice.xlsx"])
def test_files_of_other_programs(name):
    table = read(FILES / name)
    assert (table.sheet, table.sheets, table.header_row) == ("Πρόσωπα", ("Πρόσωπα", "Courses"), 3)
    assert [number for number, _row in table.rows] == [4, 5, 7]
    first, second, _third = cells(table)
    assert first[:5] == ("ana@example.com", "Ana", date(2010, 5, 1), 12.5, True)
    assert second[1] == "Бен" and second[5] == datetime(2026, 1, 3, 23, 59, 59)
    assert table.format == name.rsplit(".")[-1]


def test_leading_zeros_and_errors_of_libreoffice():
    first = cells(read(FILES / "people-libreoffice.xlsx"))[0]
    assert first[6:] == ("00007", "#N/A") and isinstance(first[7], CellError)


@pytest.mark.parametrize(
    ("name", "lost"),
    [("people.xls", "zeros and percent signs"), ("people.ods", "zeros shown in their cells")],
)
def test_what_other_formats_lose_is_said(name, lost):
    assert any(lost in note for note in read(FILES / name).notes)


@pytest.mark.parametrize("name", ["roster.csv", "roster.xls", "roster.dat"])
def test_the_name_of_a_file_does_not_matter(tmp_path, name):
    path = tmp_path / name
    path.write_bytes((FILES / "people-libreoffice.xlsx").read_bytes())
    assert read(path).format == "xlsx"


def test_a_web_page_named_xls(tmp_path):
    path = tmp_path / "export.xls"
    path.write_bytes((FILES / "people.html").read_bytes())
    table = read(path)
    assert table.format == "html" and table.header_row == 3
    assert cells(table)[0][:3] == ("ana@example.com", "Ana", "2010-05-01")
    assert "web page" in table.notes[0]


def test_a_web_page_with_loose_tags(tmp_path):
    path = tmp_path / "export.xls"
    path.write_text(
        "<table><tr><td>menu</table><TABLE><tr><th>Name<th>Mail<tr><td>Ana &amp; Co<br>Ltd<td> a@x.org "
        "<tr><td colspan=2>both</table>"
    )
    assert cells(read(path)) == [("Ana & Co\nLtd", "a@x.org"), ("both", None)]
