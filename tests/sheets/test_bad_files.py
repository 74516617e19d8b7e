"""Every file that cannot be read gets a sentence that says what it is and what to do."""

import os
import time
import zipfile

import pytest

from lwdesk.base.errors import UserError
from lwdesk.sheets import table
from lwdesk.sheets.read import read
from lwdesk.sheets.table import letter
from tests.sheets.build import FILES, book, sheet_xml, texts

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(path, pattern, **how):
    with pytest.raises(UserError, match=pattern) as caught:
        read(path, **how)
    assert caught.value.title and caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "pattern"),
    [
        ("empty.csv", b"", "is empty.*0 bytes"),
        ("blank.csv", b"\n\n , \n", "is empty"),
        ("head.csv", b"Name,Mail\n", "column headers but no rows"),
        ("zeros.csv", b"\0" * 5000, "zero bytes"),
        ("junk.csv", bytes(range(256)) * 9, "program's own data"),
        ("late.csv", b"a,b\n" * 2000 + b"\0\1\2\3" * 99, "program's own data"),
        ("x.csv", b"%PDF-1.7\n", "a PDF document"),
        ("x.xlsx", b"\x89PNG\r\n\x1a\n", "an image"),
        ("x.csv", b"MZ\x90\0", "a Windows program"),
        ("x.csv", b"\x1f\x8b\x08\0", "gzip"),
        ("x.xls", b"MIME-Version: 1.0\r\n", "a web archive"),
        ("x.mp4", b"\0\0\0\x18ftypmp42", "a video"),
        ("x.csv", b'[{"a": 1}]', "a JSON file"),
        ("x.gsheet", b'{"url": "https://docs.google.com/x", "doc_id": "1"}', "link to a Google.*Download"),
        ("x.xml", b'<?xml version="1.0"?><data/>', "an XML file"),
        ("x.xls", b"<html><p>Please sign in</p></html>", "a web page without a table"),
        ("x.xls", b"\x09\x04\x06\0\0\0\x10\0", "very old version of Excel"),
        ("x.doc", OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le"), "a Word document"),
        ("x.xlsx", OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), "password.*Encrypt with Password"),
        ("x.xlsx", b"PK\x03\x04" + b"\0" * 90, "is damaged.*repair"),
    ],
)  # fmt: skip
def test_what_it_is_and_what_to_do(tmp_path, name, content, pattern):
    path = tmp_path / name
    path.write_bytes(content)
    refused(path, pattern)


@pytest.mark.parametrize(
    ("inside", "pattern"),
    [
        ("word/document.xml", "a Word document"),
        ("ppt/presentation.xml", "a PowerPoint"),
        ("Index/Document.iwa", "an Apple Numbers"),
        ("photos/1.jpg", "ZIP file.*Extract it"),
    ],
)
def test_zips_of_other_programs(tmp_path, inside, pattern):
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(inside, "x")
    refused(path, pattern)


def test_the_first_person_of_a_list_is_never_lost_as_its_heading(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("ana@x.org,Ana,Berg\nben@x.org,Ben,Fox\n")
    error = refused(path, "list.csv has no column headers")
    assert "Row 1" in error.message and "ana@x.org" in error.message
    path.write_text("Ask office@x.org for help,,\nE-Mail,First name,Last name\nana@x.org,Ana,Berg\n")
    assert read(path).header_row == 2


def test_missing_folder_and_forbidden(tmp_path):
    refused(tmp_path / "gone.xlsx", "Can't find")
    refused(tmp_path, "is a folder")
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n")
    path.chmod(0)
    if not os.access(path, os.R_OK):
        refused(path, "can't be opened.*permission")


@pytest.mark.parametrize("name", ["people.xls", "people-libreoffice.xlsx", "people.ods"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_cut_off_files(tmp_path, name, share):
    content = (FILES / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, "is damaged|can't read .* as a sheet")


def test_bytes_lost_on_the_way_never_end_in_a_traceback(tmp_path):
    """Some flips change nothing that is read; every other one is a sentence."""
    for name in ("people.xls", "people-libreoffice.xlsx", "people.ods"):
        content = bytearray((FILES / name).read_bytes())
        path = tmp_path / name
        for place in range(0, len(content), 211):
            broken = content[:]
            broken[place : place + 9] = b"\xff" * 9
            path.write_bytes(broken)
            try:
                list(read(path).rows)
            except UserError as error:
                assert error.hint


def test_a_protected_xls(tmp_path):
    content = bytearray((FILES / "people.xls").read_bytes())
    start = content.find(b"\x09\x08\x10\x00\x00\x06")
    record = start + 4 + 16
    content[record : record + 2] = b"\x2f\x00"  # the record that says: what follows is encrypted
    path = tmp_path / "locked.xls"
    path.write_bytes(content)
    refused(path, "protected with a password")


def test_a_protected_ods(tmp_path):
    path = tmp_path / "locked.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    refused(path, "protected with a password")


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    flood = b"<si><t>" + b"a" * (80 << 20)
    path = book(tmp_path / "bomb.xlsx", sheet_xml(texts(1, "A")), {"xl/sharedStrings.xml": flood})
    start = time.perf_counter()
    refused(path, "too large to read safely")
    assert path.stat().st_size < 1 << 20 and time.perf_counter() - start < 1


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    path = book(tmp_path / "lie.xlsx", sheet_xml(texts(1, "A")), {"xl/sharedStrings.xml": b"x" * 5_000_000})
    content = path.read_bytes()
    lied = content.replace((5_000_000).to_bytes(4, "little"), (50_000).to_bytes(4, "little"))
    assert lied != content
    path.write_bytes(lied)
    refused(path, "is damaged")


def test_a_million_blank_rows_cost_nothing(tmp_path):
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 1_048_577, 1))
    rows = texts(1, "Name", "Mail") + texts(2, "Ana", "a@x.org") + blanks
    path = book(tmp_path / "tail.xlsx", sheet_xml(rows))
    assert list(read(path).rows) == [(2, ("Ana", "a@x.org"))]


def test_a_stray_cell_in_the_last_corner(tmp_path):
    rows = texts(1, "Name", "Mail") + texts(2, "Ana", "a@x.org")
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    refused(
        book(tmp_path / "far.xlsx", sheet_xml(rows + far)), "reaches to cell XFD1048576.*don't need that cell"
    )


def test_columns_to_the_end_of_the_sheet(tmp_path):
    empty = "".join(f'<c r="{letter(i)}2" s="0"/>' for i in range(2, 16_384))
    rows = texts(1, "Name", "Mail") + f'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c>{empty}</row>'
    assert len(read(book(tmp_path / "wide.xlsx", sheet_xml(rows))).headers) == 2
    full = "".join(f'<c r="{letter(i)}1"><v>{i}</v></c>' for i in range(16_384))
    rows = f'<row r="1">{full}</row><row r="2">{full.replace("1", "2")}</row>'
    path = tmp_path / "full.csv"
    path.write_text("\n".join(",".join(f"c{i}" for i in range(16_384)) for _line in range(3)))
    refused(path, "too many columns")


def test_more_rows_than_a_sheet_has(tmp_path, monkeypatch):
    monkeypatch.setattr("lwdesk.sheets.layout.MOST_ROWS", 100)
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" + "1,2\n" * 100)
    refused(path, "too many rows.*101.*100")
    assert table.MOST_ROWS == 1_048_576


@pytest.mark.parametrize(
    "xml",
    [
        sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        sheet_xml('<row r="1"><c r="1A"><v>9</v></c></row>'),
        sheet_xml('<row r="0"><c r="A0"><v>9</v></c></row>'),
        sheet_xml('<row r="1"><c r="A99999999"><v>9</v></c></row>'),
        "<worksheet><sheetData><row",
        "",
        "no xml at all",
    ],
)
def test_sheets_that_make_no_sense(tmp_path, xml):
    refused(book(tmp_path / "odd.xlsx", xml), "is damaged|is empty|too large")


def test_a_workbook_of_empty_sheets(tmp_path):
    refused(book(tmp_path / "none.xlsx", sheet_xml("")), "All its visible sheets")


def test_merged_cells_of_xml_that_would_fill_any_memory_are_refused(tmp_path):
    rows = "".join("<Row/>" for _n in range(3_000))
    cell = '<Row><Cell ss:Index="16384" ss:MergeDown="9999999"><Data ss:Type="String">x</Data></Cell></Row>'
    path = tmp_path / "wide.xml"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
        f"{cell}{rows}</Table></Worksheet></Workbook>"
    )
    refused(path, "too large to read safely")
