"""Written workbooks and CSV files: typed, readable by others, whole or not there at all."""

import csv
import math
import os
import sys
import tempfile
import time
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lwdesk.base.errors import UserError
from lwdesk.sheets import write_xlsx
from lwdesk.sheets.columns import Column, Link
from lwdesk.sheets.read import read
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.table import letter
from lwdesk.sheets.write import write_book

ATHENS = timezone(timedelta(hours=2), "EET")
KINDS = {
    "Id": "text", "Logins": "integer", "Paid": "money", "Score": "number", "Progress": "percent", "Born": "date",
    "Seen": "datetime", "Time": "duration", "Active": "yesno", "Tags": "list",
}  # fmt: skip
COLUMNS = [Column(title, kind) for title, kind in KINDS.items()]
ROW = (
    "00420", 7, 12.5, 8.25, 0.5, date(2010, 5, 1), datetime(2026, 1, 2, 22, 30, tzinfo=UTC), 5400, True, ["A", "B"],
)  # fmt: skip


def cells(path, **how):
    return [row for _number, row in read(path, **how).rows]


def test_every_kind_arrives_typed(tmp_path):
    path = tmp_path / "users.xlsx"
    written = write_book(path, [Sheet("Users", COLUMNS, [ROW, [None] * 10, ROW])], zone=ATHENS)
    assert (written.paths, written.rows, written.notes) == ((path,), 3, ())
    first = (
        "00420", 7, 12.5, 8.25, "50%", date(2010, 5, 1), datetime(2026, 1, 3, 0, 30), timedelta(hours=1.5), True,
        "A; B",
    )  # fmt: skip
    assert cells(path) == [first, first]
    assert [number for number, _row in read(path).rows] == [2, 4]


def test_how_it_looks(tmp_path):
    path = tmp_path / "users.xlsx"
    write_book(path, [Sheet("Users", COLUMNS, [ROW])], [("School", "demo")], zone=ATHENS)
    book = openpyxl.load_workbook(path)
    page, about = book.worksheets
    assert page.freeze_panes == "A2" and page.auto_filter.ref == "A1:J2"
    assert page["A1"].font.bold and page["A1"].fill.fgColor.rgb == "FFDCE6F1"
    assert page["C2"].number_format == "#,##0.00" and page["F2"].number_format == "yyyy-mm-dd"
    assert all(8 <= page.column_dimensions[letter].width <= 61 for letter in "ABCDEFGHIJ")
    assert about.title == "About"
    assert [[cell.value for cell in row] for row in about.rows] == [
        ["School", "demo"], ["Rows", 1],
    ]  # fmt: skip
    with zipfile.ZipFile(path) as package:
        assert b'numberStoredAsText="1"' in package.read("xl/worksheets/sheet1.xml")


def printed(tmp_path, count):
    """A sheet with so many columns."""
    path = tmp_path / "wide.xlsx"
    columns = [Column(f"Column {n}", "integer") for n in range(count)]
    write_book(path, [Sheet("Sales & more", columns, [range(count)] * 200)], [("School", "demo")])
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize(
    ("count", "orientation", "across"), [(3, None, 1), (10, "landscape", 1), (40, "landscape", 3)]
)
def test_it_prints_well(tmp_path, count, orientation, across):
    book = printed(tmp_path, count)
    page, about = book.worksheets
    assert page.print_title_rows == "$1:$1" and page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.orientation in (orientation, orientation or "portrait")
    assert (int(page.page_setup.fitToWidth or 1), int(page.page_setup.fitToHeight)) == (across, 0)
    wide = sum(page.column_dimensions[letter(n)].width for n in range(count))
    assert 140 * across / wide >= 0.55
    assert page.print_title_cols == ("$A:$C" if across > 1 else None)
    for sheet, title in ((page, "Sales && more"), (about, "About")):
        assert title in sheet.oddFooter.left.text
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_columns_that_few_need_are_folded(tmp_path):
    columns = [
        Column("A"),
        Column("B", folded=True),
        Column("C", folded=True),
        Column("D"),
        Column("E", folded=True),
    ]
    write_book(tmp_path / "book.xlsx", [Sheet("One", columns, [["a", "b", "c", "d", "e"]])])
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["One"]
    shown = {
        name: (found.hidden, found.outlineLevel, found.collapsed)
        for name, found in sheet.column_dimensions.items()
    }
    assert shown["A"] == (False, 0, False)
    assert shown["B"][:2] == (True, 1)
    assert shown["D"] == shown["F"] == (False, 0, True)
    assert [cell.value for cell in sheet[2]] == ["a", "b", "c", "d", "e"]
    assert shown["E"][:2] == (True, 1)


def test_it_opens_at_the_top(tmp_path):
    book = printed(tmp_path, 5)
    assert book.active.title == "Sales & more"
    for sheet in book.worksheets:
        view = sheet.sheet_view
        assert (view.topLeftCell in (None, "A1") and view.pane is None) or view.pane.topLeftCell == "A2"
        assert {one.activeCell for one in view.selection} <= {None, "A1", "A2"}


def test_a_long_title_loses_what_stands_in_brackets_first(tmp_path):
    path = tmp_path / "long.xlsx"
    titles = ["Product discount offers (coupons)", "Learning programs (bundles)"]
    write_book(path, [Sheet(title, [Column("A")], []) for title in titles])
    assert openpyxl.load_workbook(path).sheetnames == [
        "Product discount offers",
        "Learning programs (bundles)",
    ]


def test_a_book_of_several_sheets_tells_what_is_in_it(tmp_path):
    path = tmp_path / "school.xlsx"
    sheets = [Sheet("Users", [Column("Name")], [["Ana"], ["Tom"]]), Sheet("It's", [Column("Name")], [])]
    write_book(path, sheets, [("School", "demo")])
    book = openpyxl.load_workbook(path)
    about = book["About"]
    assert [[cell.value for cell in row] for row in about.rows] == [
        ["School", "demo"], ["Rows", 2], [None, None], ["Sheet", "Rows"], ["Users", 2], ["It's", 0],
    ]  # fmt: skip
    assert [about[place].hyperlink.location for place in ("A5", "A6")] == ["'Users'!A1", "'It''s'!A1"]
    book.close()


def test_text_never_becomes_a_formula_a_link_or_markup(tmp_path):
    path = tmp_path / "x.xlsx"
    texts = [
        "=1+1",
        "{=A1}",
        "@SUM(A1)",
        "+1",
        "-2",
        "http://x.org",
        "mailto:a@x.org",
        "<r>&</r>",
        "_x0041_",
        "'a",
        "TRUE",
    ]
    write_book(path, [Sheet("S", [Column("Text")], [[text] for text in texts])])
    back = [row[0] for row in cells(path)]
    assert [text.rstrip() for text in back] == texts
    assert all(row[0].data_type != "f" for row in openpyxl.load_workbook(path).active.rows)


def test_what_no_cell_can_hold(tmp_path):
    path = tmp_path / "x.xlsx"
    columns = [Column("Text"), Column("Number", "number"), Column("Day", "date")]
    rows = [
        ["bell\a and \udc80 half", math.nan, date(1850, 1, 1)],
        ["x" * 40_000, math.inf, datetime(1899, 1, 1, 12, 0)],
        ["😀" * 20_000, 12345678901234567890, None],
        ["fine\r\nlines", "n/a", "soon"],
    ]
    written = write_book(path, [Sheet("S", columns, rows)])
    assert cells(path) == [
        ("bell and  half", None, "1850-01-01"),
        ("x" * 32_767, None, "1899-01-01 12:00:00"),
        ("😀" * 16_383, "12345678901234567890", None),
        ("fine\nlines", "n/a", "soon"),
    ]
    assert len(written.notes) == 2 and "1 cell had" in written.notes[0]
    assert written.notes[1].startswith("2 texts") and "S!A3, S!A4" in written.notes[1]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Understanding your 30 students' needs", "Understanding your 30 students"),
        ("Understanding all your students' needs", "Understanding all your students"),
        ("🎓 Introduction to Economics 24-25", "🎓 Introduction to Economics 24"),
        ("Introduction to Economics 2024 🎓", "Introduction to Economics 2024"),
        ("' 'x' '", "x"),
        (" Users (all) ", "Users (all)"),
        ("Part\ufffe one", "Part  one"),
        ("''", "Sheet"),
    ],
)
def test_a_sheet_title_is_one_that_excel_opens(tmp_path, title, name):
    path = tmp_path / "x.xlsx"
    write_book(path, [Sheet(title, [Column("A")], []), Sheet(title, [Column("A")], [])])
    first, second = openpyxl.load_workbook(path).sheetnames
    assert first == name and second.endswith(" (2)")
    assert all(len(one.encode("utf-16-le")) <= 2 * 31 for one in (first, second))


def test_digits_of_a_title_stay_apart_from_the_size_of_the_letters_in_the_footer(tmp_path):
    path = tmp_path / "x.xlsx"
    write_book(path, [Sheet("2024 Safety at work", [Column("A")], [])])
    footer = openpyxl.load_workbook(path).active.oddFooter.left
    assert (footer.size, footer.text) == (8, "2024 Safety at work")


def test_sheet_titles_are_made_allowed_and_unique(tmp_path):
    path = tmp_path / "x.xlsx"
    titles = ["Users: all/active [1]", "x" * 40, "X" * 40, "", "history", "'quoted'", "About"]
    write_book(path, [Sheet(title, [Column("A")], [["b"]]) for title in titles], [("a", "b")])
    assert read(path).sheets == (
        "Users  all active  1", "x" * 31, "X" * 27 + " (2)", "Sheet", "history_", "quoted", "About", "About (2)",
    )  # fmt: skip


def test_rows_beyond_a_sheet_go_on_in_another(tmp_path, monkeypatch):
    monkeypatch.setattr("lwdesk.sheets.write_xlsx.MOST_ROWS", 11)
    path = tmp_path / "x.xlsx"
    written = write_book(path, [Sheet("S", [Column("N", "integer")], ([n] for n in range(25)))])
    assert written.rows == 25 and read(path).sheets == ("S", "S (2)", "S (3)")
    assert [row[0] for sheet in ("S", "S (2)", "S (3)") for row in cells(path, sheet=sheet)] == list(
        range(25)
    )
    assert "continue in “S (2)”" in written.notes[0] and len(written.notes) == 2


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_text("yesterday's")

    def rows():
        yield ["a"]
        raise UserError("stopped")

    for suffix in (".xlsx", ".csv"):
        with pytest.raises(UserError, match="stopped"):
            write_book(path.with_suffix(suffix), [Sheet("S", [Column("A")], rows())])
    assert [file.name for file in tmp_path.iterdir()] == ["x.xlsx"] and path.read_text() == "yesterday's"


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit as only Unix has it")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # zipfile closes once more
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path, suffix):
    import resource

    rows = ([f"{n * 7919 % 104729:x}" * 20] for n in range(20_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(UserError, match=f"Not enough space for x{suffix}.*Free some space"):
            write_book(tmp_path / f"x{suffix}", [Sheet("S", [Column("A")], rows)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_a_file_open_in_excel_is_left_alone(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_text("open")
    (tmp_path / "~$x.xlsx").touch()
    with pytest.raises(UserError, match=r"open in another program.*x \(2\)\.xlsx"):
        write_book(path, [Sheet("S", [Column("A")], [["b"]])])
    assert path.read_text() == "open"


def test_what_a_killed_program_left_is_swept_away(tmp_path, monkeypatch):
    temporary, long_ago = tmp_path / "tmp", time.time() - 2 * 86_400
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    names = (
        ".lwdesk-making-abcdefgh.xlsx",
        ".lwdesk-making-ab_12345.csv",
        ".lwdesk-making-notes.xlsx",
        ".users-x.xlsx",
    )
    for name in names:
        (tmp_path / name).touch()
    folders = "lwdesk-making-abcdefgh", "lwdesk-making-zyxwvuts", "lwdesk-look-abcdefgh"
    for name in folders:
        (temporary / name).mkdir()
        (temporary / name / "sheet1.xml").touch()
    old = (*(tmp_path / name for name in names if "12345" not in name), *temporary.glob("lwdesk-*"))
    for path in (*temporary.glob("lwdesk-*/*"), *old):
        os.utime(path, (long_ago, long_ago))
    os.utime(temporary / folders[1] / "sheet1.xml")  # another program is at work
    write_book(tmp_path / "users.xlsx", [Sheet("Users", COLUMNS, [ROW])])
    assert {path.name for path in tmp_path.iterdir()} == {"tmp", "users.xlsx", *names[1:]}
    assert {path.name for path in temporary.iterdir()} == set(folders[1:])


def test_other_suffixes_name_the_two(tmp_path):
    with pytest.raises(UserError, match=r"\.xlsx, \.csv"):
        write_book(tmp_path / "x.pdf", [])


def test_csv_opens_right_in_excel(tmp_path):
    path = tmp_path / "users.csv"
    written = write_book(path, [Sheet("Users", COLUMNS, [ROW])], zone=ATHENS)
    assert written.rows == 1
    assert path.read_bytes().decode("utf-8") == (
        "\ufeffId,Logins,Paid,Score,Progress,Born,Seen,Time,Active,Tags\r\n"
        "00420,7,12.5,8.25,0.5,2010-05-01,2026-01-03 00:30:00,1:30:00,TRUE,A; B\r\n"
    )


def test_csv_guards_formulas_and_spares_phones(tmp_path):
    path = tmp_path / "x.csv"
    texts = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd", "\tx", "+30 694 (12) 34-56.7", "-5", "a=b"]
    written = write_book(path, [Sheet("S", [Column("T")], [[text] for text in texts])])
    with path.open(encoding="utf-8-sig", newline="") as file:
        back = [row[0] for row in csv.reader(file)][1:]
    assert back == ["'=1+1", "'@SUM(A1)", "'+cmd|' /C calc'!A0", "'-cmd", "'\tx", *texts[5:]]
    assert "5 values" in written.notes[0]


def test_csv_has_a_file_for_each_sheet(tmp_path):
    sheets = [Sheet(title, [Column("A")], [["b"]]) for title in ("One", "Two: all")]
    written = write_book(tmp_path / "x.csv", sheets)
    assert [path.name for path in written.paths] == ["x.csv", "x - Two  all.csv"]
    assert all(cells(path) == [("b",)] for path in written.paths)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
VALUES = st.tuples(
    TEXT,
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(-1e9, 1e9).filter(lambda x: x == 0 or abs(x) > 1e-9),
    st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    st.datetimes(datetime(1901, 1, 1), datetime(2200, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(VALUES, min_size=1, max_size=8))
def test_what_is_written_is_read(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("w") / "x.xlsx"
    kinds = ("text", "integer", "number", "date", "datetime", "yesno")
    write_book(path, [Sheet("S", [Column(f"Title {kind}", kind) for kind in kinds], rows)])
    for back, row in zip(cells(path), rows, strict=True):
        assert back[0].rstrip() == row[0].replace("\ufffe", "").replace("\uffff", "").rstrip()
        assert back[1] == row[1] and back[2] == pytest.approx(row[2], rel=1e-14)
        moment = back[4] if isinstance(back[4], datetime) else datetime.combine(back[4], datetime.min.time())
        assert back[3] == row[3] and abs(moment - row[4]) < timedelta(milliseconds=2)
        assert back[5] is row[5]


def test_links_open_files_beside_the_workbook_and_are_paths_where_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(write_xlsx, "_MOST_LINKS", 2)
    path = "Τιμολόγια files/a 100%.pdf"
    rows = [
        [Link("a 100%.pdf", path)],
        ["Not downloaded"],
        [Link("b.pdf", "f/b.pdf")],
        [Link("c.pdf", "f/c.pdf")],
    ]
    for name in ("x.xlsx", "x.csv"):
        write_book(tmp_path / name, [Sheet("S", [Column("File", "link")], rows)])
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["a 100%.pdf", "Not downloaded", "b.pdf", "f/c.pdf"]
    targets = [cell.hyperlink and cell.hyperlink.target for cell in cells]
    assert targets == ["Τιμολόγια%20files/a%20100%25.pdf", None, "f/b.pdf", None]
    lines = (tmp_path / "x.csv").read_text("utf-8-sig").splitlines()
    assert lines == ["File", path, "Not downloaded", "f/b.pdf", "f/c.pdf"]
