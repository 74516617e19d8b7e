"""Files that are written: their ending says what they are, and none replaces another without being asked to."""

import csv
import zipfile
from pathlib import Path

import openpyxl
import pytest

from lwdesk.base.errors import UserError
from lwdesk.base.paths import check_place
from lwdesk.sheets.detect import kind_of
from lwdesk.sheets.read import read
from tests.sheets.build import FILES

BAD_NAMES = (
    *(
        "CON.xlsx",
        "con.csv",
        "Nul.xlsx",
        "COM1.xlsx",
        "lpt9.csv",
        "aux.tar.xlsx",
        "a?b.xlsx",
        "a:b.csv",
        "a*.xlsx",
    ),
    *(
        'say "hi".xlsx',
        "a|b.csv",
        "<a>.xlsx",
        "tab\there.csv",
        "blank.xlsx ",
        "dot.xlsx.",
        "x" * 260 + ".xlsx",
        "x" * 246 + ".xlsx",  # the lock file of LibreOffice beside it would be too long
    ),
)


def roster(path, kind):
    """Two users to create, one of them without an email, in a file of this kind."""
    rows = [["Email", "Username"], ["new@example.org", "=New"], ["", "Nobody"]]
    if kind == "csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        return path
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s"
    book.save(path)
    if kind == "xlsm":
        plain = path.read_bytes()
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        assert plain
        sheet, macro = b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        types = parts["[Content_Types].xml"].replace(b"openxmlformats-officedocument." + sheet, macro)
        with zipfile.ZipFile(path, "w") as new:
            for name, content in {**parts, "[Content_Types].xml": types}.items():
                new.writestr(name, content)
    return path


def create(lwdesk, path, target, *more):
    return lwdesk("import", path, "--operation", "create-user", "--results", target, "--yes", "--json", *more)


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("kind", ["xlsx", "csv", "xlsm"])
def test_results_are_what_their_ending_says(kind, ending, lwdesk, school, tmp_path):
    source = roster(tmp_path / f"roster.{kind}", kind)
    target = tmp_path / f"out{ending}"
    found = create(lwdesk, source, target)
    assert found.status == 2 and found.json["results"] == str(target)
    assert kind_of(target) == {".xlsx": "xlsx", ".csv": "text"}[ending]
    table = read(target)
    assert [header.text for header in table.headers][:3] == ["Email", "Username", "lwdesk status"]
    assert [row[2] for _n, row in table.rows] == ["done", "failed"]
    assert school.school.by_email["new@example.org"].username == "=New"
    again = lwdesk("import", target, "--operation", "create-user", "--dry-run", "--json")
    assert again.json["plan"]["calls"] == 0 and school.school.by_email["new@example.org"].username == "=New"


@pytest.mark.parametrize("name", ["people.ods", "people.xls", "people.html"])
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_results_of_old_formats_are_what_their_ending_says(name, ending, lwdesk, school, tmp_path):
    target = tmp_path / f"out{ending}"
    found = lwdesk(
        "import", FILES / name, "--operation", "create-user", "--dry-run", "--results", target, "--json"
    )
    assert found.json["results"] == str(target), found.err
    assert kind_of(target) == {".xlsx": "xlsx", ".csv": "text"}[ending]


@pytest.mark.parametrize("ending", [".pdf", ".xls", ".xlsm", ".ods", ".txt", ".json", ""])
@pytest.mark.parametrize("command", ["export users -o", "template create-user -o", "results"])
def test_an_ending_that_cannot_be_written_is_refused_before_any_work(
    command, ending, lwdesk, school, tmp_path
):
    target = tmp_path / f"out{ending}"
    if command == "results":
        found = create(lwdesk, roster(tmp_path / "roster.xlsx", "xlsx"), target)
    else:
        found = lwdesk(*command.split(), target)
    assert found.status == 1 and ".xlsx, .csv" in found.err
    assert not target.exists() and not sum(school.api.counts.values())


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_some_system_cannot_write_are_refused_on_every_system(name, tmp_path):
    with pytest.raises(UserError, match="can't be the name"):
        check_place(Path(f"{tmp_path}/{name}"))  # joined by "/", "a:b" would be a file of drive A: on Windows


@pytest.mark.parametrize(
    "name", ["console.xlsx", "Ωμέγα.csv", "com10.xlsx", "a.b.c.csv", ".hidden.csv", "50% 'x'.xlsx"]
)
def test_other_names_are_written(name, tmp_path):
    check_place(tmp_path / name)


@pytest.mark.parametrize("command", ["export users -o", "template create-user -o", "results"])
@pytest.mark.parametrize(
    "name", ["CON.xlsx", "nowhere/out.xlsx", "a?b.csv", "folder.xlsx", "blank.xlsx ", "dot.xlsx."]
)
def test_bad_places_are_refused_before_any_work(command, name, lwdesk, school, tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    if command == "results":
        found = create(lwdesk, roster(tmp_path / "roster.csv", "csv"), tmp_path / name, "--overwrite")
    else:
        found = lwdesk(*command.split(), tmp_path / name, "--overwrite")
    assert found.status == 1 and not sum(school.api.counts.values())
    assert "can't write" not in found.err and "has no extension" not in found.err, "the reason is another one"


def test_a_template_is_what_its_ending_says(lwdesk, tmp_path):
    for ending, kind in ((".xlsx", "xlsx"), (".csv", "text")):
        target = tmp_path / f"template{ending}"
        assert lwdesk("template", "create-user", "-o", target).status == 0
        assert kind_of(target) == kind and read(target).headers[0].text == "Email"
    found = lwdesk("check", tmp_path / "template.csv", "--operation", "create-user", "--json")
    assert found.status == 0 and found.json["problems"] == []


def terminal(monkeypatch, answer):
    """A person at a terminal who gives this answer."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    asked: list[str] = []
    return asked


COMMANDS = ["export users -o", "template create-user -o", "results of a job", "results of an import"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_exists_is_replaced_only_by_those_who_say_so(
    command, lwdesk, school, tmp_path, monkeypatch
):
    target, mine = tmp_path / "pivot.xlsx", b"her pivot sheets"

    def write(*more):
        target.write_bytes(mine)
        if command == "results of an import":
            return create(lwdesk, roster(tmp_path / "roster.xlsx", "xlsx"), target, *more)
        if command == "results of a job":
            job = create(lwdesk, roster(tmp_path / "roster.xlsx", "xlsx"), tmp_path / "r.xlsx", "--overwrite")
            return lwdesk("results", job.json["job"], "-o", target, *more)
        return lwdesk(*command.split(), target, *more)

    found = write()
    assert found.status == 1 and "--overwrite" in found.err and target.read_bytes() == mine
    assert write("--overwrite").status in (0, 2) and kind_of(target) == "xlsx"
    asked = terminal(monkeypatch, "n")
    assert write().status == 1 and "pivot.xlsx" in asked[0] and target.read_bytes() == mine
    terminal(monkeypatch, "y")
    assert write().status in (0, 2) and kind_of(target) == "xlsx"


def test_every_file_of_an_export_of_several_sheets_is_asked_about(lwdesk, school, tmp_path):
    target = tmp_path / "all.csv"
    from lwdesk.app.exporting.exports import files_of
    from lwdesk.catalog import EXPORTS

    entry = next(entry for entry in EXPORTS.values() if entry.parts and not entry.pages)
    second = files_of(entry.id, target)[1]
    second.write_bytes(b"mine")
    found = lwdesk("export", entry.id, "-o", target)
    assert found.status == 1 and second.name in found.err and not target.exists()
    assert lwdesk("export", entry.id, "-o", target, "--overwrite").status == 0
    assert second.read_bytes() != b"mine"


def test_a_file_that_comes_while_the_export_runs_stays(lwdesk, school, tmp_path, monkeypatch):
    from lwdesk.app.exporting import exports

    target = tmp_path / "users.xlsx"
    create_job = exports.create

    def creating(*arguments, **named):
        found = create_job(*arguments, **named)
        target.write_bytes(b"mine")
        return found

    monkeypatch.setattr(exports, "create", creating)
    found = lwdesk("export", "users", "-o", target, "--json")
    assert found.status == 0 and target.read_bytes() == b"mine" and "in the meantime" in found.err
    assert kind_of(tmp_path / "users (2).xlsx") == "xlsx" and found.json["file"].endswith("users (2).xlsx")


def test_reference_pages_replace_no_others_and_are_no_file(lwdesk, tmp_path):
    assert lwdesk("reference", "-o", tmp_path / "pages.pdf").status == 1
    for name in ("nul", "a?b", "pages."):
        assert "can't be the name" in lwdesk("reference", "-o", tmp_path / name).err
    folder = tmp_path / "pages"
    assert lwdesk("reference", "-o", folder).status == 0
    (folder / "README.md").write_text("mine")
    assert lwdesk("reference", "-o", folder).status == 1 and (folder / "README.md").read_text() == "mine"
    assert lwdesk("reference", "-o", folder, "--overwrite").status == 0


def test_diagnostics_are_text(tmp_path, home):
    from lwdesk.app.diagnostics import Diagnostics
    from lwdesk.base.paths import Home

    with pytest.raises(UserError, match=r"\.txt"):
        Diagnostics(Home(tmp_path)).write(str(tmp_path / "x.pdf"))
    with pytest.raises(UserError, match="can't be the name"):
        Diagnostics(Home(tmp_path)).write(str(tmp_path / "con.txt"))
    Diagnostics(Home(tmp_path)).write(str(tmp_path / "x.txt"))
