"""Rows added to a list in a workbook: by id, and all that users made of the workbook is kept."""

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from lwdesk.base.errors import FileError, SaveError, UserError
from lwdesk.sheets.append import Added, add_rows
from lwdesk.sheets.columns import Column
from lwdesk.sheets.list_mark import SHEET, Mark, mark_sheet, read_mark
from lwdesk.sheets.listed import Wanted, find_list
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.write import write_book

SOFFICE = shutil.which("soffice")
COLUMNS = [
    Column("Paid", "datetime"),
    Column("Email"),
    Column("Gross", "money"),
    Column("Refunded", "yesno"),
    Column("Id"),
]
TITLES = [column.title for column in COLUMNS]
PLACES = ["created", "user.email", "price", "refund_at", "id"]
WANTED = Wanted(COLUMNS, PLACES, 4)


def paid(day):
    return datetime(2026, 3, day, 10, 30, tzinfo=UTC)


def row(n, gross=10.0, refunded=False):
    return [paid(n), f"user{n}@x.example", gross, refunded, f"00{n}"]


@pytest.fixture
def path(tmp_path):
    """A workbook of lwdesk with three rows."""
    path = tmp_path / "Payments.xlsx"
    write_book(path, [Sheet("Payments", COLUMNS, [row(n) for n in (1, 2, 3)])], [("Export", "Payments")], UTC)
    return path


@pytest.fixture
def marked(tmp_path):
    """A workbook of lwdesk with three rows, which says where its columns are."""
    path, sheet = tmp_path / "Marked.xlsx", Sheet("Payments", COLUMNS, [row(n) for n in (1, 2, 3)])
    write_book(path, [sheet, mark_sheet(sheet, {"export": "payments"}, PLACES)], [("What", "Payments")], UTC)
    return path


def add(path, *rows):
    found = add_rows(path, wanted_of(path), rows, UTC)
    return found.added, found.updated


def notes(path, *rows):
    return add_rows(path, wanted_of(path), rows, UTC).notes


def wanted_of(path):
    return replace(WANTED, mark=read_mark(path) or Mark())


def cells(path, sheet="Payments"):
    book = openpyxl.load_workbook(path)
    found = [list(line) for line in book[sheet].iter_rows(values_only=True)]
    book.close()
    return found


def change(path, edit):
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    book.close()
    calculated(path)


def calculated(path):
    """Give each formula a value, as Excel does when it saves: that of the header it refers to, or 1."""
    book = openpyxl.load_workbook(path)

    def value(match):
        sheet, _mark, cell = match[2].decode().replace("'", "").replace("$", "").rpartition("!")
        shown = book[sheet][cell].value if sheet in book.sheetnames else 1
        kind = b' t="str"' if isinstance(shown, str) else b' t="b"' if b"()" in match[2] else b""
        return b"<c %b%b><f>%b</f><v>%b</v>" % (match[1], kind, match[2], str(shown).encode())

    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, re.sub(rb"<c ([^>]*)><f>([^<]*)</f>(?:<v ?/>|<v></v>)", value, data))
    book.close()


def refer(book, place, cell):
    """Let the mark of a workbook refer to another cell, as Excel does when a header moves."""
    sheet = book[SHEET]
    line = next(n for n in range(1, sheet.max_row + 1) if sheet.cell(n, 1).value == place)
    sheet.cell(line, 3).value = f"=Payments!{cell}"


def test_new_rows_are_added_and_changed_ones_updated_and_none_comes_twice(path):
    assert add(path, row(2), row(3, refunded=True), row(4, gross=0), row(5), row(5)) == (2, 1)
    expected = [
        [datetime(2026, 3, n, 10, 30), f"user{n}@x.example", 10, False, f"00{n}"] for n in range(1, 6)
    ]
    expected[2][3], expected[3][2] = True, 0
    assert cells(path) == [TITLES, *expected]
    before = path.read_bytes()
    assert add(path, row(4, gross=0), row(5)) == (0, 0) and path.read_bytes() == before
    book = openpyxl.load_workbook(path)
    sheet = book["Payments"]
    assert [c.number_format for c in sheet[6]] == [c.number_format for c in sheet[3]]
    assert sheet.auto_filter.ref == "A1:E6" and sheet.dimensions == "A1:E6"
    book.close()
    with zipfile.ZipFile(path) as package:
        assert "Payments!$A$1:$E$6</definedName>" in package.read("xl/workbook.xml").decode()


def test_what_the_user_made_of_the_workbook_is_kept(path):
    def edit(book):
        sheet = book["Payments"]
        sheet.insert_cols(2)
        sheet["B1"], sheet["G1"] = "My notes", "Tax"
        sheet["B2"], sheet["G2"], sheet["G3"] = "called her", "=D2*0.24", "=D3*0.24"
        sheet["D3"] = "=5+5"
        sheet["D2"].fill = PatternFill("solid", "FFFF00")
        sheet.delete_cols(5)  # they don't want "Refunded"
        sheet.auto_filter.ref = "A1:F4"
        more = book.create_sheet("Mine", 0)
        more["A1"] = "=SUM(Payments!D:D)"

    change(path, edit)
    assert add(path, row(1, gross=12.5), row(2, gross=99.0), row(4)) == (1, 1)
    found = cells(path)
    assert found[0] == ["Paid", "My notes", "Email", "Gross", "Id", "Tax"]
    assert found[1] == [
        datetime(2026, 3, 1, 10, 30),
        "called her",
        "user1@x.example",
        12.5,
        "001",
        "=D2*0.24",
    ]
    assert found[2][3] == "=5+5"  # a formula is the user's own
    assert found[4] == [datetime(2026, 3, 4, 10, 30), None, "user4@x.example", 10, "004", None]
    book = openpyxl.load_workbook(path)
    assert book["Mine"]["A1"].value == "=SUM(Payments!D:D)" and book.calculation.fullCalcOnLoad
    assert book["Payments"]["D2"].fill.fgColor.rgb == "00FFFF00"
    book.close()


def test_a_column_is_found_though_its_header_was_renamed_and_it_was_moved(marked):
    def edit(book):
        sheet = book["Payments"]
        sheet.title = "Fees"
        sheet.insert_cols(1)
        sheet["A1"], sheet["D1"], sheet["F1"] = "My notes", "Amount €", "Payment no."
        for n, place in enumerate(PLACES):
            refer(book, place, "#REF!" if place == "refund_at" else f"${'BCDEF'[n]}$1")
        sheet.delete_cols(5)  # they don't want "Refunded"
        refer(book, "id", "$E$1")
        for line in book[SHEET].iter_rows(min_row=3, min_col=3, max_col=3):
            line[0].value = line[0].value.replace("Payments", "Fees")

    change(marked, edit)
    found = add_rows(marked, wanted_of(marked), [row(2, gross=12.5), row(4, gross=7.5)], UTC)
    assert (found.added, found.updated) == (1, 1)
    (note,) = found.notes
    assert note.startswith("Not in the workbook: “Refunded”. Give its column this header again or add one")
    assert cells(marked, "Fees") == [
        ["My notes", "Paid", "Email", "Amount €", "Payment no."],
        *(
            [None, datetime(2026, 3, n, 10, 30), f"user{n}@x.example", gross, f"00{n}"]
            for n, gross in enumerate((10, 12.5, 10, 7.5), 1)
        ),
    ]


def test_a_column_that_the_list_lacks_is_named_and_filled_once_it_is_there(path):
    change(path, lambda book: book["Payments"].delete_cols(3, 2))
    (note,) = notes(path, row(4))
    assert note.startswith("Not in the workbook: “Gross”, “Refunded”. Give their columns these headers again")
    assert notes(path, row(4)) == (note,)
    change(path, lambda book: book["Payments"].__setitem__("D1", "GROSS"))
    assert "Not in the workbook: “Refunded”" in notes(path, *(row(n) for n in (1, 2, 3, 4)))[0]
    assert [line[3] for line in cells(path)] == ["GROSS", 10, 10, 10, 10]


def test_a_header_that_means_several_columns_fills_none(tmp_path):
    path, columns = tmp_path / "Tax.xlsx", [Column("Tax"), Column("Tax %"), Column("Id")]
    wanted = Wanted(columns, ["tax", "percent", "id"], 2)
    write_book(path, [Sheet("Tax", columns, [["1", "24", "a"]])], [], UTC)
    assert add_rows(path, wanted, [["1", "24", "a"]], UTC).updated == 0
    change(path, lambda book: book["Tax"].__setitem__("A1", "TAX."))
    (note,) = add_rows(path, wanted, [["2", "13", "b"]], UTC).notes
    assert note.startswith("Not written: “Tax”. More than one column could have this header")
    assert cells(path, "Tax") == [["TAX.", "Tax %", "Id"], ["1", "24", "a"], [None, "13", "b"]]


def test_a_column_of_the_users_own_with_the_same_header_is_left_alone(path, marked):
    def edit(book):
        sheet = book["Payments"]
        sheet.insert_cols(1)
        sheet["A1"], sheet["A2"] = "Email", "mine"
        for n, place in enumerate(PLACES if SHEET in book.sheetnames else ()):
            refer(book, place, f"${'BCDEF'[n]}$1")

    for one in (path, marked):
        change(one, edit)
    assert notes(marked, row(4)) == ()
    assert cells(marked)[4][:3] == [
        None,
        datetime(2026, 3, 4, 10, 30),
        "user4@x.example",
    ]
    assert "Not written: “Email”. More than one column" in notes(path, row(4))[0]
    assert cells(path)[1][0] == "mine" and cells(path)[4][:3] == [None, datetime(2026, 3, 4, 10, 30), None]
    change(path, lambda book: book["Payments"].__setitem__("A1", "Id"))
    with pytest.raises(FileError, match="Several columns of “Payments” have the header “Id”"):
        find_list(path, WANTED)


def test_columns_are_found_in_the_language_that_their_headers_were_written_in(marked):
    greek = ["Πληρωμή", "Email", "Ποσό", "Επιστροφή", "ID"]
    columns = [replace(column, title=title) for column, title in zip(COLUMNS, greek, strict=True)]
    wanted = replace(wanted_of(marked), columns=columns)
    assert add_rows(marked, wanted, [row(4)], UTC) == Added(1, 0, ())
    assert cells(marked)[4] == [datetime(2026, 3, 4, 10, 30), "user4@x.example", 10, False, "004"]


def test_several_lists_are_refused_unless_the_workbook_says_which_one(path, marked):
    def copy(book):
        book.move_sheet(book.copy_worksheet(book["Payments"]), 1 - len(book.worksheets))

    for one in (path, marked):
        change(one, copy)
    with pytest.raises(FileError, match=r"several lists.*“Payments Copy”, “Payments”"):
        add(path, row(4))
    assert add(marked, row(4)) == (1, 0) and (len(cells(marked)), len(cells(marked, "Payments Copy"))) == (
        5,
        4,
    )


def test_a_duration_is_one_however_the_user_formatted_it(tmp_path):
    path, columns = tmp_path / "Time.xlsx", [Column("Time", "duration"), Column("Id")]
    wanted, rows = (
        Wanted(columns, ["time", "id"], 1),
        [[timedelta(minutes=90), "a"], [timedelta(hours=50), "b"]],
    )
    write_book(path, [Sheet("Time", columns, rows)], [], UTC)

    def edit(codes, book):
        for line, code in enumerate(codes, 2):
            book["Time"].cell(line, 1).number_format = code

    for codes in (("hh:mm", "General"), ("General", "hh:mm"), ("yyyy-mm-dd", "[h]:mm"), ("hh:mm", "0.00")):
        change(path, partial(edit, codes))
        assert add_rows(path, wanted, rows, UTC) == Added(0, 0, ())
    assert add_rows(path, wanted, [[timedelta(minutes=80), "a"], rows[1]], UTC) == Added(0, 1, ())
    assert cells(path, "Time")[1] == [time(1, 20), "a"]


@pytest.mark.parametrize(
    "cell", [time(10, 30), timedelta(hours=30), "#N/A", True, datetime(2026, 3, 1), " ", "x" * 100, 1e300, -1]
)
def test_a_cell_of_any_kind_is_replaced_by_what_the_school_says(path, cell):
    def edit(book):
        for column in "BCD":
            book["Payments"][f"{column}2"] = cell

    change(path, edit)
    assert (add(path, row(1)), add(path, row(1))) == ((0, 1), (0, 0))
    assert cells(path)[1][1] == "user1@x.example"


def test_yes_and_no_of_libreoffice_are_updated_and_formulas_of_the_user_are_not(path):
    change(path, lambda book: book["Payments"].__setitem__("D2", "=TRUE()"))
    change(path, lambda book: book["Payments"].__setitem__("D3", "=D1=TRUE()"))
    assert add(path, row(1), row(2)) == (0, 1)
    assert [line[3] for line in cells(path)] == ["Refunded", False, "=D1=TRUE()", False]


def test_days_are_right_in_a_workbook_that_counts_from_1904(path):
    def edit(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    change(path, edit)
    assert add(path, row(4)) == (1, 0) and add(path, row(4), row(3)) == (0, 0)
    assert [line[0] for line in cells(path)[1:]] == [datetime(2026, 3, n, 10, 30) for n in (1, 2, 3, 4)]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_workbook_that_libreoffice_saved_is_added_to(marked, tmp_path):
    book = openpyxl.load_workbook(marked)
    book["Payments"]["C1"] = "Amount"
    book.move_sheet(book.copy_worksheet(book["Payments"]), -3)
    book.save(marked)  # formulas have no values: LibreOffice calculates them
    book.close()
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "saved", marked]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    path = tmp_path / "saved" / marked.name
    assert notes(path, row(2, gross=12.5, refunded=True), row(4)) == ()
    assert len(cells(path, "Payments Copy")) == 4
    assert [line[2:] for line in cells(path)[2:]] == [
        [12.5, True, "002"],
        [10, "=FALSE()", "003"],
        [10, False, "004"],
    ]
    assert add(path, *(row(n) for n in (1, 3, 4))) == (0, 0)


def test_rows_with_one_id_are_told(path):
    change(path, lambda book: book["Payments"].__setitem__("E4", "001"))
    assert notes(path, row(1)) == ("1 ID is in several rows of the list. Only the first of them is updated",)


def test_a_table_grows_with_its_rows_and_blank_formatted_rows_are_filled(path):
    def edit(book):
        sheet = book["Payments"]
        sheet.auto_filter.ref = None
        sheet.add_table(Table(displayName="Paid", ref="A1:E4"))
        sheet["B5"].fill = PatternFill("solid", "FFFF00")
        sheet["B7"].fill = PatternFill("solid", "FFFF00")

    change(path, edit)
    assert add(path, row(4), row(5), row(6), row(7)) == (4, 0)
    book = openpyxl.load_workbook(path)
    (table,) = book["Payments"].tables.values()
    assert table.ref == "A1:E8" and [c.value for c in book["Payments"]["E"]][1:] == [
        f"00{n}" for n in range(1, 8)
    ]
    book.close()


def test_rows_are_added_to_a_list_without_any(tmp_path):
    path = tmp_path / "Payments.xlsx"
    write_book(path, [Sheet("Payments", COLUMNS, [])], [], UTC)
    assert add(path, row(1)) == (1, 0) and cells(path)[1][4] == "001"


DATED = [Column("Refunded on", "datetime"), Column("Net", "money"), Column("Took", "duration"), Column("Id")]
REFUND = [paid(5), 9999.5, timedelta(hours=30), "1"]


def dated(path, *rows):
    return add_rows(path, Wanted(DATED, ["on", "net", "took", "id"], 3), rows, UTC)


def part_of(path, name):
    with zipfile.ZipFile(path) as package:
        return package.read(name)


def look(path, line):
    book = openpyxl.load_workbook(path)
    found = [(c.number_format, c.fill.fgColor.rgb[2:], c.font.b) for c in book["Refunds"][line]]
    book.close()
    return found


PLAIN = [(code, "000000", False) for code in ("yyyy-mm-dd hh:mm", "#,##0.00", "[h]:mm", "General")]


@pytest.mark.parametrize("saved", [lambda path: None, lambda path: change(path, lambda book: None)])
def test_cells_get_the_format_of_their_column_or_kind_and_never_that_of_the_header(tmp_path, saved):
    path = tmp_path / "Refunds.xlsx"
    write_book(path, [Sheet("Refunds", DATED, [])], [], UTC)
    saved(path)
    dated(path, REFUND)
    assert look(path, 2) == PLAIN
    write_book(path, [Sheet("Refunds", DATED, [[None, None, None, "1"], [None, None, None, "2"]])], [], UTC)
    saved(path)
    dated(path, REFUND, [*REFUND[:3], "3"])
    assert look(path, 2) == look(path, 4) == PLAIN
    size = len(part_of(path, "xl/styles.xml"))
    dated(path, [*REFUND[:3], "2"], [*REFUND[:3], "4"])
    assert look(path, 3) == look(path, 5) == PLAIN
    assert len(part_of(path, "xl/styles.xml")) == size


def test_the_users_own_formats_and_colours_are_kept(tmp_path):
    path, empty = tmp_path / "Refunds.xlsx", [None, None, None]
    rows = [[*REFUND[:3], "1"], [*REFUND[:3], "2"], [*empty, "3"], [*empty, "4"]]
    write_book(path, [Sheet("Refunds", DATED, rows)], [], UTC)

    def edit(book):
        for n in (2, 3):
            book["Refunds"][f"A{n}"].number_format = "dd/mm/yyyy"
        for line in book["Refunds"]["A4:D4"]:
            for cell in line:
                cell.fill = PatternFill("solid", "FFFF00")

    change(path, edit)
    assert (
        dated(path, [paid(6), 1.5, timedelta(hours=1), "1"], [*REFUND[:3], "3"], [*REFUND[:3], "5"]).updated
        == 2
    )
    codes = ("dd/mm/yyyy", "#,##0.00", "[h]:mm", "General")
    assert [code for code, *_rest in look(path, 2)] == [*codes]
    assert look(path, 4) == [(code, "FFFF00", False) for code in codes]
    assert look(path, 6) == [(code, "000000", False) for code in codes]


def with_totals(book):
    sheet = book["Payments"]
    sheet.auto_filter.ref = None
    table = Table(displayName="Paid", ref="A1:E5", totalsRowCount=1)
    table._initialise_columns()
    table.autoFilter.ref = "A1:E4"
    for column, title in zip(table.tableColumns, TITLES, strict=True):
        column.name = title
    sheet.add_table(table)
    sheet["A5"], sheet["C5"], sheet["E5"] = "Total", "=SUBTOTAL(109,Paid[Gross])", "=SUBTOTAL(103,Paid[Id])"
    sheet["C5"].number_format = "0.00"


def with_a_reference(to):
    def edit(book):
        with_totals(book)
        book.create_sheet("Mine")["A1"] = to

    return edit


def with_a_sum(book):
    with_totals(book)
    book["Payments"]["C5"] = "=SUM(C2:C4)"


def with_a_count(book):
    book["Payments"].append([None, None, None, None, "=COUNTA(E2:E4)"])


def test_rows_are_added_above_the_total_row_of_a_table(path):
    def edit(book):
        with_totals(book)
        sheet = book["Payments"]
        sheet["H5"], sheet["G5"] = "=5*A1", "beside"
        book.create_sheet("Mine")["A1"] = "=Paid[[#Totals],[Gross]]+Payments!C4+5"
        sheet.print_area = "A1:E5"
        sheet.conditional_formatting.add("A2:E5", CellIsRule("equal", ["0"]))

    change(path, edit)
    assert add(path, row(2, gross=12.5)) == (0, 1)
    total = ["Total", None, "=SUBTOTAL(109,Paid[Gross])", None, "=SUBTOTAL(103,Paid[Id])"]
    assert [line[:5] for line in cells(path)][4:] == [total]
    for n, more in enumerate([(row(4), row(5)), (row(6), row(7, gross=5))], 1):
        assert add(path, *more) == (2, 0)
        found = cells(path)
        assert [line[4] for line in found[1:-1]] == [f"00{i}" for i in range(1, 4 + n * 2)]
        assert found[-1][:5] == total and found[4][5:] == [None, "beside", "=5*A1"]
        book = openpyxl.load_workbook(path)
        sheet, last = book["Payments"], 5 + n * 2
        table = sheet.tables["Paid"]
        assert (table.ref, table.autoFilter.ref) == (f"A1:E{last}", f"A1:E{last - 1}")
        assert sheet.print_area == f"'Payments'!$A$1:$E${last}" and sheet.dimensions == f"A1:H{last}"
        assert [str(rule.sqref) for rule in sheet.conditional_formatting] == [f"A2:E{last}"]
        assert sheet[f"C{last}"].number_format == "0.00" and sheet["C5"].number_format == "#,##0.00"
        book.close()


def test_what_is_beside_the_list_is_left_alone(path):
    def edit(book):
        sheet = book["Payments"]
        sheet["G1"], sheet["G9"], sheet["H9"] = "Mine", "Total", "=SUM(C2:C4)"
        sheet.add_table(Table(displayName="Mine", ref="G1:H9"))
        sheet["H1"] = "More"

    change(path, edit)
    assert add(path, row(4), row(5)) == (2, 0)
    assert cells(path)[5] == [datetime(2026, 3, 5, 10, 30), "user5@x.example", 10, False, "005", *[None] * 3]
    assert cells(path)[8][6:] == ["Total", "=SUM(C2:C4)"]
    book = openpyxl.load_workbook(path)
    assert book["Payments"].tables["Mine"].ref == "G1:H9"
    book.close()


def test_rules_and_the_range_that_prints_hold_for_new_rows(path):
    def edit(book):
        sheet = book["Payments"]
        red = PatternFill("solid", bgColor="FF0000")
        for cells in ("C2:C4", "A1:E4", "C2:C3"):
            sheet.conditional_formatting.add(cells, CellIsRule("equal", ["0"], fill=red))
        rule = DataValidation("list", '"yes,no"', prompt="see D2:D4", promptTitle="D2:D4")
        for cells in ("D2:D4", "G2:G3", "H1:H1000"):
            rule.add(cells)
        sheet.add_data_validation(rule)
        sheet.print_area = "A1:E4"

    change(path, edit)
    assert add(path, row(4), row(5)) == (2, 0)
    book = openpyxl.load_workbook(path)
    sheet = book["Payments"]
    assert [str(rule.sqref) for rule in sheet.conditional_formatting] == ["C2:C6", "A1:E6", "C2:C3"]
    (rule,) = sheet.data_validations.dataValidation
    assert {*str(rule.sqref).split()} == {"D2:D6", "G2:G3", "H1:H1000"}
    assert (rule.prompt, rule.promptTitle) == ("see D2:D4", "D2:D4")
    assert sheet.print_area == "'Payments'!$A$1:$E$6"
    book.close()


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda book: book["Payments"].delete_cols(5), "can't find its list in.*“Id”"),
        (
            lambda book: book["Payments"].append([None, "Total", "=SUM(C2:C4)"]),
            "Row 5 of “Payments” has something",
        ),
        (with_a_sum, r"Row 5 of “Payments” is the total row of a table, and .*safely\. Turn it off"),
        (with_a_reference("=Payments!C5"), "Row 5 of “Payments” is the total row"),
        (with_a_reference("=SUM('Payments'!$A$1:$E$5)"), "Row 5 of “Payments” is the total row"),
        (with_a_reference("=SUM(Payments!5:5)"), "Row 5 of “Payments” is the total row"),
        (with_a_count, "Row 5 of “Payments” has a formula in the ID column"),
    ],
)
def test_a_restructured_workbook_is_refused_and_left_as_it_is(path, edit, why):
    change(path, edit)
    before = path.read_bytes()
    with pytest.raises(FileError, match=why):
        find_list(path, WANTED)
    with pytest.raises(FileError, match=why):
        add(path, row(4))
    assert path.read_bytes() == before


def test_a_workbook_that_is_open_elsewhere_is_refused(path):
    path.with_name("~$Payments.xlsx").touch()
    with pytest.raises(SaveError, match="open in another program"):
        find_list(path, WANTED)


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "Payments.xlsx"
    path.write_text("Paid;Id\n")
    with pytest.raises(UserError):
        find_list(path, WANTED)
