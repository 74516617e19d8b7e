"""Files that cannot be imported: a clear sentence, exit status 1, nothing sent, nothing kept."""

import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def only_a_header(path: Path) -> Path:
    path.write_text("Email,Username\n", "utf-8")
    return path.rename(path.with_suffix(".csv"))


def sixteen_thousand_columns(path: Path) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for _row in range(3):
        sheet.append([f"x{n}" for n in range(16_384)])
    book.save(path)
    return path


def nul_bytes(path: Path) -> Path:
    path = path.with_suffix(".csv")
    path.write_bytes(b"\0" * 5000)
    return path


def a_picture(path: Path) -> Path:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    return path


def truncated(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Email"])
    book.save(path)
    path.write_bytes(path.read_bytes()[:-600])
    return path


def zip_bomb(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Email"])
    book.save(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        for name, data in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                bomb.writestr(name, data)
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _megabyte in range(700):
                sheet.write(b" " * 1_000_000)
    assert path.stat().st_size < 2_000_000, zlib.ZLIB_VERSION
    return path


@pytest.mark.parametrize(
    "make", [empty, only_a_header, sixteen_thousand_columns, nul_bytes, a_picture, truncated, zip_bomb]
)
def test_a_bad_file_is_refused_in_words(make, lwdesk, school, tmp_path):
    path = make(tmp_path / "file.xlsx")
    before = path.read_bytes()
    result = lwdesk("import", path, "--operation", "create-user", "--yes")
    assert result.status == 1
    assert path.name in result.err
    assert result.err.count("\n") == 1 and "Traceback" not in result.err
    assert school.api.totals["writes"] == 0
    assert path.read_bytes() == before
    assert lwdesk("jobs", "--json").json == {"jobs": []}


def test_a_million_blank_rows_are_no_rows(lwdesk, school, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Email", "Username"])
    book.active.append(["ana@x.example", "Ana"])
    book.active.cell(1_048_576, 1).value = " "
    book.save(tmp_path / "long.xlsx")
    result = lwdesk("import", tmp_path / "long.xlsx", "--operation", "create-user", "--yes", "--json")
    assert (result.status, result.json["done"]) == (0, 1)
    assert result.json["rows"] - result.json["skipped"] == 1


def test_a_file_that_is_not_there(lwdesk, school, tmp_path):
    result = lwdesk("import", tmp_path / "nowhere.xlsx", "--operation", "create-user", "--yes")
    assert result.status == 1 and "nowhere.xlsx" in result.err
