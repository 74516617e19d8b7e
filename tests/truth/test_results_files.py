"""Results arrive in whatever workbook the roster came in, and lose nothing of it."""

import csv
import json
import zipfile
from xml.parsers import expat

import openpyxl
import pytest

from lwdesk.practice.server import Practice
from lwdesk.sheets.columns import Column
from lwdesk.sheets.read import read
from lwdesk.sheets.results import write_results
from lwdesk.sheets.sheet import Sheet
from tests.app.desk import Desk, row_results
from tests.sheets.build import book, sheet_xml, texts

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STATUS = ("status", "message")


def results(source, target, numbers, more=None):
    values = [(n, ("done", f"row {n}")) for n in numbers]
    written = write_results(source, target, sheet="S", header_row=1, titles=STATUS, values=values, more=more)
    with zipfile.ZipFile(target) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(package.read(name), True)
    return written


@pytest.mark.parametrize("prefix", ["", "x:", "ss:", "main:"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_every_row_keeps_its_cells_under_any_prefix(prefix, quote, tmp_path):
    p = prefix
    cells = "".join(
        f'<{p}row r="{n}"><{p}c r="A{n}" t="inlineStr"><{p}is><{p}t>a{n}@x.org</{p}t></{p}is></{p}c>'
        f'<{p}c r="B{n}" t="str"><{p}f>LOWER("B")</{p}f><{p}v>b{n}</{p}v></{p}c></{p}row>'
        for n in range(2, 40)
    )
    head = f'<{p}row r="1"><{p}c r="A1" t="inlineStr"><{p}is><{p}t>Email</{p}t></{p}is></{p}c></{p}row>'
    space = f'xmlns:{p[:-1]}="{MAIN}"' if p else f'xmlns="{MAIN}"'
    xml = f"<{p}worksheet {space}><{p}sheetData>{head}{cells}</{p}sheetData></{p}worksheet>".replace(
        '"', quote
    )
    xml = xml.replace(f"LOWER({quote}B{quote})", "LOWER(C1)")
    source = book(tmp_path / "a.xlsx", xml)
    written = results(source, tmp_path / "b.xlsx", range(2, 40))
    assert written.notes == () and written.rows == 38
    rows = dict(read(tmp_path / "b.xlsx").rows)
    assert rows == {n: (f"a{n}@x.org", f"b{n}", "done", f"row {n}") for n in range(2, 40)}


@pytest.mark.parametrize(
    "unnamed",
    [
        '<row><c t="inlineStr"><is><t>a@x.org</t></is></c><c r="B2" t="inlineStr"><is><t>B</t></is></c></row>',
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a@x.org</t></is></c><c t="inlineStr"><is><t>B</t></is></c></row>',
        '<row spans="1:2"><c t="inlineStr"><is><t>a@x.org</t></is></c><c t="inlineStr"><is><t>B</t></is></c></row>',
    ],
)
def test_cells_of_which_some_have_no_name_are_named_once(unnamed, tmp_path):
    source = book(tmp_path / "a.xlsx", sheet_xml(texts(1, "Email", "Course") + unnamed))
    results(source, tmp_path / "b.xlsx", [2])
    assert dict(read(tmp_path / "b.xlsx").rows) == {2: ("a@x.org", "B", "done", "row 2")}
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").active["C2"].value == "done"


@pytest.mark.parametrize(
    ("after", "column"),
    [
        ('<mergeCells count="1"><mergeCell ref="B2:E2"/></mergeCells>', "F"),
        ("<mergeCells count='1'><mergeCell ref='B1:D3'/></mergeCells>", "E"),
        ('<autoFilter ref="A1:G9"/>', "H"),
        ("<autoFilter ref='A1:G9'/>", "H"),
        (
            '<dataValidations count="1"><dataValidation type="whole" sqref="B2:B9 D2:E9"/></dataValidations>',
            "F",
        ),
        (
            '<conditionalFormatting sqref="F2"><cfRule type="expression" priority="1"><formula>1</formula></cfRule>'
            "</conditionalFormatting>",
            "G",
        ),
        (
            '<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="1"><formula>1</formula>'
            "</cfRule></conditionalFormatting>",
            "C",
        ),
    ],
)
def test_results_stand_beside_merged_cells_and_filters(after, column, tmp_path):
    xml = sheet_xml(texts(1, "Email", "Course") + texts(2, "a@x.org", "B"))
    source = book(tmp_path / "a.xlsx", xml.replace("</sheetData>", f"</sheetData>{after}"))
    results(source, tmp_path / "b.xlsx", [2])
    page = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert (page[f"{column}1"].value, page[f"{column}2"].value) == ("status", "done")


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_further_sheet_and_widths_under_any_prefix(prefix, quote, tmp_path):
    p, space = prefix, f'xmlns:{prefix[:-1]}="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    row = '<{p}row r="{n}"><{p}c r="A{n}" t="str"><{p}v>{text}</{p}v></{p}c></{p}row>'
    rows = "".join(row.format(p=p, n=n, text=text) for n, text in ((1, "Email"), (2, "a@x.org")))
    cols = f'<{p}cols><{p}col min="1" max="1" width="20"/><{p}col min="2" max="16384" hidden="1"></{p}col></{p}cols>'
    sheet = f'<{p}worksheet {space}><{p}dimension ref="A1:A2"/>{cols}<{p}sheetData>{rows}</{p}sheetData></{p}worksheet>'
    workbook = (
        f'<{p}workbook {space}><{p}sheets><{p}sheet r:id="rId1" xmlns:r="{office}" name="S" sheetId="1"/>'
        f"</{p}sheets></{p}workbook>"
    )
    parts = {"xl/workbook.xml": workbook.replace('"', quote)}
    source = book(tmp_path / "a.xlsx", sheet.replace('"', quote), parts)
    for n in (1, 2):  # results of results too
        hidden = Sheet("lwdesk done", [Column("For lwdesk")], [["abc def"]], hidden=True)
        target = tmp_path / f"b{n}.xlsx"
        assert results(source, target, [2], [Sheet("Codes", [Column("Code")], [["X-1"]]), hidden]).notes == ()
        source = target
    found = openpyxl.load_workbook(target)
    assert found.sheetnames == ["S", "Codes", "lwdesk done", "Codes (2)", "lwdesk done (2)"]
    assert found["lwdesk done (2)"].sheet_state == "veryHidden" and found["Codes (2)"]["A2"].value == "X-1"
    assert not found["S"].column_dimensions["B"].hidden and found["S"]["C2"].value == "row 2"
    table = read(target)
    assert table.done == {"abc", "def"} and len(table.sheets) == 3


@pytest.fixture
def desk(tmp_path):
    with Practice(users=40, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


@pytest.mark.parametrize("quantity", [3, 100, 250])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_every_code_of_a_row_is_in_its_results(quantity, kind, desk, tmp_path):
    from lwdesk.app.importing import imports
    from lwdesk.app.importing.opened import Choices
    from lwdesk.app.job import results as of_job

    promotion = next(iter(desk.practice.school.promotions.values()))
    headers, rows = (
        ("Promotion", "Prefix", "Quantity", "Partner"),
        [(promotion["name"], "Q", quantity, "Acme")],
    )
    if kind == "xlsx":
        job = desk.run_import(headers, *rows, operation="bulk-coupons")
    else:
        path = tmp_path / "codes.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([headers, *rows])
        opened = imports.open_for(desk.session, path, ["bulk-coupons"], Choices(), desk.settings)
        job = imports.create(desk.home, opened, desk.session)
        imports.plan(job, desk.session)
        assert desk.run(job) == "finished"
    made = {c["code"] for c in promotion["coupons"] if c["bulk"] and c["code"].startswith("Q-")}
    assert len(made) == quantity
    [row] = row_results(job).values()
    assert row.outcome == "done" and str(quantity) in row.message
    written = of_job.write(job, tmp_path / f"results.{kind}")
    if kind == "xlsx":
        page = openpyxl.load_workbook(written.paths[0])["Codes"]
        [head, *found] = page.iter_rows(values_only=True)
    else:
        [head, *found] = csv.reader(written.paths[1].read_text("utf-8-sig").splitlines())
    assert {row[0] for row in found} == made and len(found) == quantity
    assert {row[list(head).index("Partner")] for row in found} == {"Acme"}
    assert {row[1] for row in found} == {promotion["name"]} and {bool(row[2]) for row in found} == {True}


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("kind", [OSError, KeyError, "full"])
def test_after_sending_results_that_cannot_be_written_change_neither_status_nor_json(
    kind, plain, desk, tmp_path, monkeypatch, capsys
):
    from lwdesk import cli
    from lwdesk.app.job import results as of_job
    from lwdesk.base.errors import UserError

    def refuse(journal, target):
        if kind == "full":
            raise UserError("Not enough space", "The disk is full")
        raise kind("The disk is full")

    monkeypatch.setattr(of_job, "write", refuse)
    if not plain:
        monkeypatch.setattr(of_job, "_cells_only", refuse)
    monkeypatch.setenv("LWDESK_SCHOOL_URL", desk.practice.credentials()["url"])
    monkeypatch.setenv("LWDESK_CLIENT_ID", desk.practice.credentials()["client_id"])
    monkeypatch.setenv("LWDESK_CLIENT_SECRET", desk.practice.credentials()["client_secret"])
    path = desk.workbook(("Email", "Username"), ("new@example.org", "New"))
    status = cli.run(
        ["--home", str(tmp_path / "h"), "import", str(path), "--operation", "create-user", "--yes", "--json"]
    )
    out, err = capsys.readouterr()
    facts = json.loads(out.splitlines()[-1])
    assert (status, facts["done"], bool(facts["results"])) == (0, 1, plain) and "disk is full" in err
    if plain:
        assert [row[-4] for _n, row in read(facts["results"]).rows] == ["done"] and "plain copy" in err
