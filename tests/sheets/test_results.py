"""Results beside the user's own rows: everything else in the file stays as it was."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import openpyxl
import pytest
import xlsxwriter

from lwdesk.base.errors import Bug, UserError
from lwdesk.sheets.read import read
from lwdesk.sheets.results import results_path, write_results
from tests.sheets.build import FILES, book, parts_of, sheet_xml, texts

TITLES = ("Status", "Message", "Time")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ATHENS = timezone(timedelta(hours=2), "EET")


def styled(path):
    with xlsxwriter.Workbook(path) as out:
        page, other = out.add_worksheet("Class 5A"), out.add_worksheet("Other")
        head = out.add_format({"bold": True, "bg_color": "#375623", "font_color": "white"})
        page.merge_range("A1:D1", "Class 5A, 2026", out.add_format({"bold": True, "font_size": 16}))
        page.write_row(2, 0, ["Email", "Name", "Zip", "Born"], head)
        for row in range(3, 9):
            page.write_row(row, 0, [f"u{row}@x.org", "Ana & <Ben>"])
            page.write_number(row, 2, row, out.add_format({"num_format": "00000"}))
            page.write_datetime(row, 3, datetime(2010, 1, row), out.add_format({"num_format": "dd/mm/yyyy"}))
            page.write_blank(row, 5, None, head)
        page.autofilter(2, 0, 8, 3)
        page.freeze_panes(3, 1)
        page.set_column("D:D", 12, None, {"hidden": True})
        page.set_column("E:XFD", None, None, {"hidden": True})
        page.set_row(5, None, None, {"hidden": True})
        page.conditional_format("C4:C9", {"type": "3_color_scale"})
        page.insert_textbox("B12", "Ask Maria before you change this")
        page.write_comment("A3", "sign-in address")
        page.add_sparkline("E4", {"range": "'Class 5A'!C4:C9"})
        chart = out.add_chart({"type": "column"})
        chart.add_series({"values": "='Class 5A'!$C$4:$C$9"})
        page.insert_chart("B20", chart)
        other.add_table("A1:B4", {"columns": [{"header": "a"}, {"header": "b"}]})
    return path


def results(table, status="done"):
    return [(number, (status, "Created <ok> & sent", NOON)) for number, _cells in table.rows]


def put(source, target, values=None, titles=TITLES, status="done"):
    table = read(source)
    return write_results(
        source, target, sheet=table.sheet, header_row=table.header_row, titles=titles, zone=ATHENS,
        values=results(table, status) if values is None else values,
    )  # fmt: skip


def test_all_other_parts_survive_byte_for_byte(tmp_path):
    source, target = styled(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    digest = hashlib.sha256(source.read_bytes()).digest()
    written = put(source, target)
    assert written.rows == 6 and written.notes == ()
    before, after = parts_of(source), parts_of(target)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"}
    assert hashlib.sha256(source.read_bytes()).digest() == digest


def test_the_rows_come_back_with_their_results(tmp_path):
    source, target = styled(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    put(source, target)
    old, new = read(source), read(target)
    assert new.headers[:4] == old.headers
    assert [(h.letter, h.text) for h in new.headers[4:]] == [("E", "Status"), ("F", "Message"), ("G", "Time")]
    assert [(n, cells[:4]) for n, cells in new.rows] == list(old.rows)
    assert {cells[4:] for _n, cells in new.rows} == {
        ("done", "Created <ok> & sent", datetime(2026, 11, 1, 14))
    }


@pytest.mark.filterwarnings("ignore:Sparkline")
def test_others_find_the_new_columns_in_order(tmp_path):
    target = tmp_path / "b.xlsx"
    put(styled(tmp_path / "a.xlsx"), target)
    page = openpyxl.load_workbook(target)["Class 5A"]
    assert page.dimensions == "A1:G9" and page.auto_filter.ref == "A3:G9" and page.freeze_panes == "B4"
    assert page["E3"].fill.fgColor.rgb == "FF375623" and page["E3"].font.bold
    assert page["G4"].value == datetime(2026, 11, 1, 14) and page["G4"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert page["A1"].value == "Class 5A, 2026" and page["D4"].number_format == "dd/mm/yyyy"
    widths = page.column_dimensions
    assert not widths["E"].hidden and widths["F"].width > 15 and widths["D"].hidden and widths["H"].hidden
    assert b"$A$3:$G$9" in parts_of(target)["xl/workbook.xml"]


def test_dropped_back_in_results_are_replaced(tmp_path):
    first, second = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    put(styled(tmp_path / "a.xlsx"), first)
    some = [(5, ("failed", "=No", None)), (8, ("unsure", None, NOON))]
    assert put(first, second, some).rows == 2
    rows = dict(read(second).rows)
    assert len(read(second).headers) == 7
    assert (
        rows[4][4] == "done" and rows[5][4:] == ("failed", "=No", None) and rows[8][4:6] == ("unsure", None)
    )


def test_titles_already_there_in_part(tmp_path):
    first, second = tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    put(styled(tmp_path / "a.xlsx"), first, titles=("status ", "Message", "Time"))
    put(first, second, [(5, ("x", "y", "z"))], titles=("Message", "Id", "Status"))
    table = read(second)
    assert [header.text for header in table.headers[4:]] == ["Status", "Message", "Time", "Id"]
    assert dict(table.rows)[5][4:] == ("z", "x", datetime(2026, 11, 1, 14), "y")


def test_sheets_of_unusual_spelling(tmp_path):
    rows = (
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Email</x:t></x:is></x:c></x:row>'
        '<x:row r="2" spans="1:1"><x:c r="A2" t="inlineStr"><x:is><x:t>a@x.org</x:t></x:is></x:c></x:row>'
        '<x:row r="4"/>'
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<x:worksheet xmlns:x="{main}"><x:dimension ref="A1"/><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    source, target = book(tmp_path / "a.xlsx", xml), tmp_path / "b.xlsx"
    values = [(n, ("done", f"row {n}", True)) for n in (2, 3, 4, 9)]
    write_results(source, target, sheet="S", header_row=1, titles=TITLES, values=values)
    assert dict(read(target).rows) == {
        2: ("a@x.org", "done", "row 2", True), **{n: (None, "done", f"row {n}", True) for n in (3, 4, 9)},
    }  # fmt: skip
    assert b'<x:dimension ref="A1:D1"/>' in parts_of(target)["xl/worksheets/sheet1.xml"]
    assert openpyxl.load_workbook(target).active["C4"].value == "row 4"


def test_cells_without_references(tmp_path):
    rows = (
        '<row><c t="inlineStr"><is><t>Email</t></is></c><c t="inlineStr"><is><t>Name</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>a@x.org</t></is></c></row>'
    )
    target = tmp_path / "b.xlsx"
    put(book(tmp_path / "a.xlsx", sheet_xml(rows)), target)
    assert next(iter(read(target).rows))[1][:3] == ("a@x.org", None, "done")


def test_a_workbook_that_cannot_be_added_to_is_copied_by_its_cells(tmp_path):
    xml = sheet_xml(texts(1, "Email") + texts(3, "c@x.org") + texts(2, "a@x.org"))  # rows out of order
    source, target = book(tmp_path / "a.xlsx", xml), tmp_path / "b.xlsx"
    written = put(source, target, [(2, ("=x", "b\a", NOON))])
    assert "new Excel workbook" in written.notes[-1] and "removed" in written.notes[0]
    assert (2, ("a@x.org", "=x", "b", datetime(2026, 11, 1, 14))) in list(read(target).rows)


def test_attributes_of_the_cells_element_are_no_obstacle(tmp_path):
    xml = sheet_xml(texts(1, "Email") + texts(2, "a@x.org"))
    xml = xml.replace("<sheetData>", "<sheetData xml:space='default'>")
    written = put(book(tmp_path / "a.xlsx", xml), tmp_path / "b.xlsx")
    assert written.notes == ()


def test_macros_stay(tmp_path):
    source = tmp_path / "a.xlsm"
    book(source, sheet_xml(texts(1, "Email") + texts(2, "a@x.org")), {"xl/vbaProject.bin": b"\0macro"})
    assert results_path(source).name == "a - results.xlsm"
    put(source, tmp_path / "b.xlsm")
    assert parts_of(tmp_path / "b.xlsm")["xl/vbaProject.bin"] == b"\0macro"


@pytest.mark.parametrize("name", ["people.xls", "people.ods", "people.html"])
def test_other_formats_become_a_new_workbook(tmp_path, name):
    source = FILES / name
    target = tmp_path / "b.xlsx"
    written = put(source, target)
    old, new = read(source), read(target)
    assert new.header_row == old.header_row and "new Excel workbook" in written.notes[-1]
    assert written.rows == len(old.rows)
    assert [(n, cells[: len(old.headers)]) for n, cells in new.rows] == list(old.rows)
    assert next(iter(new.rows))[1][-3:] == ("done", "Created <ok> & sent", datetime(2026, 11, 1, 14))
    assert results_path(source).suffix == ".xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1253"])
def test_csv_keeps_its_ways(tmp_path, encoding):
    lines = 'Κατάλογος;;\n\nΌνομα;Πόλη;Ημερομηνία\nΑναστασία;"Θεσσα;λονίκη";1/5/2026\nΓιώργος\nΕλένη;;3/5/2026;έξτρα\n'
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes(lines.encode(encoding))
    written = put(source, target, [(4, ("done", "=x", NOON)), (6, ("failed", None, 3))])
    back = target.read_bytes()
    text = back.decode("utf-16" if encoding == "utf-16" else "utf-8-sig")
    assert text == (
        "Κατάλογος;;\n\nΌνομα;Πόλη;Ημερομηνία;;Status;Message;Time\n"
        'Αναστασία;"Θεσσα;λονίκη";1/5/2026;;done;\'=x;2026-11-01 14:00:00\nΓιώργος\nΕλένη;;3/5/2026;έξτρα;failed;;3\n'
    )
    assert bool(written.notes) == (encoding == "cp1253") and written.rows == 2
    again = tmp_path / "c.csv"
    put(target, again, [(4, ("unchanged", "", None))])
    assert dict(read(again).rows)[4][-3:] == ("unchanged", None, None)


def test_the_source_is_never_the_target(tmp_path):
    source = styled(tmp_path / "a.xlsx")
    with pytest.raises(UserError, match=r"can't replace.*a - results\.xlsx"):
        put(source, source)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_rows_out_of_order_are_a_bug_and_leave_nothing(tmp_path, name):
    source = tmp_path / name
    if name.endswith("csv"):
        source.write_text("Email\na@x.org\nb@x.org\n")
    else:
        book(source, sheet_xml(texts(1, "Email") + texts(2, "a@x.org") + texts(3, "b@x.org")))
    with pytest.raises(Bug, match="out of order"):
        put(source, tmp_path / f"b{source.suffix}", [(3, ("a", "b", "c")), (2, ("a", "b", "c"))])
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_no_room_is_a_sentence(tmp_path):
    rows = texts(1, "Email") + '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>1</v></c></row>'
    source = book(tmp_path / "a.xlsx", sheet_xml(rows))
    with pytest.raises(UserError, match="no space"):
        write_results(source, tmp_path / "b.xlsx", sheet="S", header_row=1, titles=TITLES, values=[])
