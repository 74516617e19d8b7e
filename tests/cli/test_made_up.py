"""An entry that is added to the catalog is everywhere without a line about it: here, wherever no window is needed."""

import openpyxl

from lwdesk import reference
from lwdesk.app.importing.guess import guesses
from lwdesk.catalog import EXPORTS, IMPORTS, OPERATIONS
from lwdesk.sheets.table import Header

HEAD = ("E-mail", "Jersey")


def test_it_is_listed_and_described(made_up, lwdesk):
    operations = {entry["id"]: entry for entry in lwdesk("operations", "--json").json["operations"]}
    assert operations["set-shirt-size"]["title"] == "Set shirt sizes"
    assert "Set shirt sizes" in lwdesk("operations").out and "Shirt sizes" in lwdesk("exports").out
    assert "shirt-sizes" in {entry["id"] for entry in lwdesk("exports", "--json").json["exports"]}
    result = lwdesk("describe", "set-shirt-size").out
    assert "Writes down which shirt" in result and "The size of the user's shirt" in result
    assert "Columns: Email, Shirt size" in lwdesk("describe", "shirt-sizes").out
    assert "Did you mean “set-shirt-size”" in lwdesk("template", "set-shirtsize", "-o", "x.xlsx").err


def test_it_has_reference_pages(made_up):
    pages = reference.pages()
    assert (
        "[Set shirt sizes](imports/set-shirt-size.md)" in pages["README.md"]
        and "## Shirts" in pages["README.md"]
    )
    page = pages["imports/set-shirt-size.md"]
    for words in (
        "one of `S`, `M`, `L`, `XL`",
        "“jersey”",
        "`M`",
        "`PUT users/{user}`",
        "[Shirt sizes]",
        "Restores",
    ):
        assert words in page
    assert "[Set shirt sizes](../imports/set-shirt-size.md)" in pages["exports/shirt-sizes.md"]
    assert "[Shirt sizes](shirt-sizes.md)" in pages["exports/everything.md"]


def test_it_has_a_template_and_is_guessed_from_its_headers(made_up, lwdesk, tmp_path):
    path = tmp_path / "shirts.xlsx"
    assert lwdesk("template", "set-shirt-size", "-o", path).status == 0
    page = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in page[1]] == ["User", "Shirt size"]
    assert "as a letter" in page["B1"].comment.text
    likely = guesses([Header("A", "E-mail"), Header("B", "Hemdgröße")])
    assert (likely[0].id, likely[0].fits, likely[0].whole) == ("set-shirt-size", 2, True)


def test_it_is_checked_planned_carried_out_once_and_undone(made_up, lwdesk, school, workbook, cells):
    ana, tom = school.school.users[10:12]
    ana.fields["cf_t-shirt_size"] = "S"
    path = workbook(HEAD, (ana.email, "m"), (tom.email, "Extra large"), (tom.email, "big"), ("no one", "L"))
    result = lwdesk("check", path, "--operation", "set-shirt-size", "--json")
    assert [match["column"] for match in result.json["matches"]] == ["user", "shirt_size"]
    assert [problem["cell"] for problem in result.json["problems"]] == ["B4", "A5"]
    path = workbook(HEAD, (ana.email, "m"), (tom.email, "Extra large"))
    arguments = ("import", path, "--operation", "set-shirt-size", "--yes")
    assert "2 calls  Set shirt sizes" in lwdesk(*arguments, "--dry-run").out
    assert school.api.totals["writes"] == 0
    done = lwdesk(*arguments, "--json").json
    assert (done["done"], ana.fields["cf_t-shirt_size"], tom.fields["cf_t-shirt_size"]) == (2, "M", "XL")
    assert [row[3] for row in cells(done["results"])[1:]] == [
        "given a shirt of size M: Shirt size S → M",
        "given a shirt of size XL: Shirt size – → XL",
    ]
    assert lwdesk(*arguments, "--json").json["unchanged"] == 2
    assert lwdesk("undo", done["job"], "--yes", "--json").json["done"] == 2
    assert ana.fields["cf_t-shirt_size"] == "S" and not tom.fields.get("cf_t-shirt_size")


def test_it_is_exported_alone_and_in_the_backup_of_everything(made_up, lwdesk, school, cells, tmp_path):
    ana = school.school.users[10]
    ana.fields["cf_t-shirt_size"] = "L"
    assert lwdesk("export", "shirt-sizes", "-o", tmp_path / "shirts.xlsx").status == 0
    rows = cells(tmp_path / "shirts.xlsx")
    assert rows[0] == ("Email", "Shirt size") and (ana.email, "L") in rows
    assert lwdesk("export", "everything", "-o", tmp_path / "all.xlsx").status == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx", read_only=True)
    assert (ana.email, "L") in list(book["Shirt sizes"].iter_rows(values_only=True))
    book.close()


def test_without_it_nothing_of_it_is_left(lwdesk):
    assert not {"set-shirt-size", "shirt-sizes"} & {
        *OPERATIONS,
        *IMPORTS,
        *EXPORTS,
        *EXPORTS["everything"].parts,
    }
