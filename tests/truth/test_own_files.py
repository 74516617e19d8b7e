"""What lwdesk exports comes back: unedited it changes nothing, edited it changes what was edited."""

import csv

import openpyxl
import pytest

from lwdesk.app.importing import returned
from lwdesk.catalog import EXPORTS
from lwdesk.catalog import recipe as recipe_of
from lwdesk.practice.server import Practice
from lwdesk.sheets.write_csv import guard, unguarded
from tests.app.desk import Desk, row_results
from tests.app.test_returned import bodies, drop, edit, export, send

RETURNING = [entry.id for entry in EXPORTS.values() if entry.returns]
NASTY = (
    *(
        "=1+1",
        "'=1+1",
        "''@SUM(A1)",
        "+49 (0) 30",
        "+A1",
        "-5",
        "-x",
        "@handle",
        "'tis",
        "007",
        "0049301234567",
    ),
    *(' "quoted" ', "  led and trailed  ", "two\nlines", "semi; colon", "comma, comma", "TRUE", "2026-01-02"),
    *("1,5", "1.10", "12345678901234567890", "\ttab", "Ω – “x”"),
)


@pytest.fixture
def desk(tmp_path):
    with Practice(users=40, limit=False) as practice:
        found = Desk(tmp_path, practice)
        school = practice.school
        users = [user for user in school.users if not user.suspended]
        for user, text in zip(users, NASTY, strict=False):
            user.username = user.fields["company"] = user.fields["address"] = text
            user.fields["cf_note"] = text
            user.tags = [text.strip(), "north; south", "a,b"]
        for circle, text in zip((*school.groups.values(), *school.seats.values()), NASTY * 2, strict=False):
            circle.tags = [text.strip()]
        for course, text in zip(school.products["course"].values(), NASTY, strict=False):
            course["categories"] = [text.strip()]
        yield found
        found.close()


def in_another_program(path):
    """The CSV file opened in Excel and saved as a workbook: numbers and yes or no are cells of their kind."""
    book = openpyxl.Workbook()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for fields in csv.reader(file):
            book.active.append([{"TRUE": True, "FALSE": False}.get(field, field) for field in fields])
            for cell in book.active[book.active.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    target = path.with_name("saved.xlsx")
    book.save(target)
    return target


def change(path, key, header, value):
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    for row in rows:
        if row[head.index("ID")] == key:
            row[head.index(header)] = value
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])


@pytest.mark.parametrize("way", ["xlsx", "csv", "csv saved as xlsx"])
@pytest.mark.parametrize("entry_id", RETURNING)
def test_an_unedited_export_of_any_format_sends_nothing(entry_id, way, desk):
    path = export(desk, entry_id, name=f"export.{way[:4].strip().split()[0] if way == 'xlsx' else 'csv'}")
    if way == "csv saved as xlsx":
        path = in_another_program(path)
    [operation] = returned.operations(path, (), None)
    assert operation == EXPORTS[entry_id].returns
    journal = drop(desk, path, operation)
    assert bodies(journal) == [] and desk.counts.unchanged == len(row_results(journal)) > 0


def test_the_word_for_empty_takes_all_tags_of_an_xlsx_export_too(desk):
    ana = desk.practice.school.users[5]
    ana.tags = ["a", "b"]
    path = export(desk, "users")
    edit(path, (ana.id, "Tags", "[empty]"))
    assert bodies(send(desk, path)) == [{"action": "detach", "tags": ["a", "b"]}] and ana.tags == []


@pytest.mark.parametrize("text", NASTY)
def test_a_guard_is_taken_off_again_and_only_one(text):
    assert unguarded(guard(text)) == text


def test_an_edited_cell_of_a_csv_export_is_all_that_is_sent(desk):
    path = export(desk, "users", name="users.csv")
    ana, ben, cai = desk.practice.school.users[5:8]
    cai.tags = ["stays", "goes"]
    path = export(desk, "users", name="users.csv")
    change(path, ana.id, "Company", "Round Ltd")
    change(path, ben.id, "Username", "'=2+2")
    change(path, cai.id, "Tags", "stays; comes")
    journal = send(desk, path)
    assert (ana.fields["company"], ben.username, sorted(cai.tags)) == (
        "Round Ltd",
        "=2+2",
        ["comes", "stays"],
    )
    assert len(bodies(journal)) == 4
    assert bodies(send(desk, path)) == []


@pytest.mark.parametrize(
    ("was", "now"), [("007", "7"), ("0049301234567", "49301234567"), ("12345678901234567890", "1.23457E+19")]
)
def test_what_excel_makes_of_digits_in_csv_is_no_edit(was, now, desk):
    ana = desk.practice.school.users[5]
    ana.username = was
    path = export(desk, "users", name="users.csv")
    change(path, ana.id, "Username", now)
    journal = drop(desk, path, "edit-users")
    assert bodies(journal) == []
    assert [p["code"] for row in journal.rows() for p in row.problems] == ["reformatted"]


def test_a_blank_of_a_csv_export_empties_nothing_and_the_word_for_it_does(desk):
    ana, ben = desk.practice.school.users[5:7]
    ana.tags, ana.fields["company"], ben.tags, ben.fields["company"] = ["a"], "Round Ltd", ["b"], "Square Ltd"
    path = export(desk, "users", name="users.csv")
    for header, empty in (("Tags", ""), ("Company", "")):
        change(path, ana.id, header, empty)
    for header in ("Tags", "Company"):
        change(path, ben.id, header, "[empty]")
    journal = send(desk, path)
    assert (ana.tags, ana.fields["company"], ben.tags) == (["a"], "Round Ltd", []) and not ben.fields.get(
        "company"
    )
    notes = [p["message"] for row in journal.rows() for p in row.problems if p["code"] == "emptied"]
    assert len(notes) == 2 and all("[empty]" in note for note in notes) and "Round Ltd" in " ".join(notes)


def test_a_csv_of_another_school_finds_nobody(desk, tmp_path):
    with Practice(users=10, seed=7, limit=False) as other:
        there = Desk(tmp_path / "there", other)
        (tmp_path / "there").mkdir(exist_ok=True)
        path = export(there, "users", name="users.csv")
        there.close()
    journal = drop(desk, path, "edit-users")
    assert bodies(journal) == [] and {one.outcome for one in row_results(journal).values()} == {"failed"}
    assert all("another school" in one.message for one in row_results(journal).values())


def test_chosen_columns_come_back_and_people_s_own_lists_are_no_exports(desk, tmp_path):
    path = export(desk, "users", ("email", "id", "username"), name="some.csv")
    assert bodies(drop(desk, path, *returned.operations(path, (), None))) == []
    own = tmp_path / "own.csv"
    own.write_text("Id,Email,Course,Shoe size\n4711,ana@example.org,Leadership,39\n")
    assert returned.origin(returned.read(own)) is None
    for entry_id in RETURNING:
        assert recipe_of((EXPORTS[entry_id].returns,))
