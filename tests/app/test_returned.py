"""Exports that come back: only edited cells are sent, and what changed in the school since is not overwritten."""

import shutil
import subprocess
from datetime import datetime

import openpyxl
import pytest

from lwdesk.app.exporting import exports, workbook
from lwdesk.app.importing import imports, returned
from lwdesk.app.importing.opened import Choices
from lwdesk.app.importing.preview import preview
from lwdesk.app.job import results
from lwdesk.base.errors import UserError
from lwdesk.catalog import EXPORTS
from lwdesk.catalog import recipe as recipe_of
from lwdesk.catalog.model import custom_column
from lwdesk.catalog.returns import KEY, partner
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results

SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def crowd():
    with Practice(users=1000, limit=False) as school:
        yield school


@pytest.fixture
def many(crowd, tmp_path):
    found = Desk(tmp_path, crowd)
    yield found
    found.close()


def export(desk, entry_id, columns=(), name="export.xlsx"):
    target = desk.folder / name
    journal = exports.create(desk.home, entry_id, {}, desk.session, target, columns)
    assert exports.engine(journal, desk.session).run() == "finished"
    workbook.write(journal, target)
    journal.close()
    return target


class Excel:
    """A workbook open in Excel: cells are named by the id of their row and the heading of their column."""

    def __init__(self, path):
        self.path, self.book = path, openpyxl.load_workbook(path)
        self.sheet = self.book.worksheets[0]
        self.places = {cell.value: cell.column for cell in self.sheet[1]}

    def row(self, key):
        return next(r for r in range(2, self.sheet.max_row + 1) if self.cell(r, "ID").value == key)

    def cell(self, row, heading):
        return self.sheet.cell(row, self.places[heading])

    def put(self, key, heading, value):
        self.cell(self.row(key), heading).value = value

    def save(self):
        self.book.save(self.path)


def edit(path, *edits):
    """Change cells (id, heading, value) of a workbook."""
    excel = Excel(path)
    for change in edits:
        excel.put(*change)
    excel.save()


def drop(desk, path, operation, **choices):
    """Drop a workbook back. Returns the planned job."""
    desk.again()
    desk.forget()
    opened = imports.open_for(desk.session, path, [operation], Choices(**choices), desk.settings)
    journal = imports.create(desk.home, opened, desk.session)
    desk.counts = imports.plan(journal, desk.session)
    return journal


def send(desk, path, operation="edit-users", **choices):
    """Drop a workbook back and carry the job out."""
    journal = drop(desk, path, operation, **choices)
    assert desk.run(journal) == "finished"
    return journal


def bodies(journal):
    return sorted((call.body for call in journal.calls()), key=str)


def test_three_edited_cells_of_a_thousand_rows_are_three_calls(many):
    path = export(many, "users")
    ana, ben, cai = many.practice.school.users[5:8]
    edit(
        path,
        (ana.id, "Company", "Round Ltd"),
        (ben.id, "Username", "Benjamin"),
        (cai.id, "Email", "cai@new.example"),
    )
    journal = send(many, path)
    assert bodies(journal) == [
        {"email": "cai@new.example"},
        {"fields": {"company": "Round Ltd"}},
        {"username": "Benjamin"},
    ]
    assert many.writes == {"PUT users/{user}": 3} and many.counts.unchanged == 997
    assert (
        ana.fields["company"] == "Round Ltd" and ben.username == "Benjamin" and cai.email == "cai@new.example"
    )
    assert many.counts.reads <= 6
    again = send(many, path)
    assert not many.writes and many.counts.calls == 0
    assert set(one.outcome for one in row_results(again).values()) == {"unchanged"}


def test_a_name_a_tag_more_and_a_tag_less_of_a_thousand_rows_are_three_calls(many):
    ana, ben, cai = many.practice.school.users[15:18]
    ben.tags, cai.tags = ["alumni"], ["alumni", "spring"]
    path = export(many, "users")
    ben.tags.append("put on by somebody else")
    edit(
        path,
        *((ana.id, "Username", "Ana"), (ben.id, "Tags", "alumni; autumn"), (cai.id, "Tags", "spring")),
    )
    journal = send(many, path)
    assert bodies(journal) == [
        {"action": "attach", "tags": ["autumn"]},
        {"action": "detach", "tags": ["alumni"]},
        {"username": "Ana"},
    ]
    assert many.counts.unchanged == 997
    assert (ben.tags, cai.tags) == (["alumni", "put on by somebody else", "autumn"], ["spring"])
    send(many, path)
    assert not many.writes
    many.undo(journal)
    assert (ben.tags, cai.tags) == (["alumni", "put on by somebody else"], ["spring", "alumni"])


def test_tags_that_the_school_gave_and_took_by_itself_are_left(desk):
    ana, ben, cai = desk.practice.school.users[5:8]
    ana.tags, ben.tags, cai.tags = ["one"], ["one", "two"], ["one", "two"]
    path = export(desk, "users")
    edit(path, (ana.id, "Tags", "one, two"), (ben.id, "Tags", "two"), (cai.id, "Tags", None))
    ana.tags.append("two")
    ben.tags.remove("one")
    journal = send(desk, path)
    assert bodies(journal) == [{"action": "detach", "tags": ["one", "two"]}] and cai.tags == []
    outcomes = [one.outcome for one in row_results(journal).values()]
    assert set(outcomes) == {"done", "unchanged"} and outcomes.count("done") == 1


def test_tags_in_another_order_are_no_edit_and_a_tag_for_all_rows_takes_none_away(desk):
    for user in desk.practice.school.users:
        user.tags = ["one", "two"]
    path = export(desk, "users")
    ana = desk.practice.school.users[5]
    edit(path, (ana.id, "Tags", "two; one; "))
    assert not bodies(drop(desk, path, "edit-users"))
    ana.tags = ["two", "three"]
    path = export(desk, "users")
    journal = drop(desk, path, "edit-users", fixed={"tags": "three"})
    assert len(bodies(journal)) == len(desk.practice.school.users) - 1
    assert {str(body) for body in bodies(journal)} == {"{'action': 'attach', 'tags': ['three']}"}


def test_suspending_and_lifting_it_are_edits_too(desk):
    ana, ben, cai = desk.practice.school.users[5:8]
    ana.subscribed, ben.suspended = True, True
    path = export(desk, "users")
    cai.suspended = True
    edit(
        path,
        *((ana.id, "Suspended", True), (ben.id, "Suspended", "no"), (cai.id, "Suspended", "yes")),
        *((ana.id, "Marketing emails", False),),
    )
    journal = send(desk, path)
    assert desk.writes == {
        "PUT users/{user}/suspend": 1,
        "PUT users/{user}/unsuspend": 1,
        "PUT users/{user}": 1,
    }
    assert (ana.suspended, ben.suspended, cai.suspended) == (True, False, True)
    desk.undo(journal)
    assert (ana.suspended, ben.suspended, cai.suspended) == (False, True, True)


def test_an_edited_role_is_set_unless_the_school_gave_another_since(desk):
    school = desk.practice.school
    teacher = next(role for role in school.roles.values() if role["access_level"] == "instructor")
    plain = [user for user in school.users if school.level(user) == "user"]
    ana, ben, cai = plain[5:8]
    was, other = ana.role, next(id for id, role in school.roles.items() if role["access_level"] == "reporter")
    path = export(desk, "users")
    ben.role, cai.role = teacher["id"], other
    edit(path, *((user.id, "Role", teacher["title"]) for user in (ana, ben, cai)))
    journal = send(desk, path)
    assert desk.writes == {"PUT users/{user}/user-role": 1}
    assert (ana.role, ben.role, cai.role) == (teacher["id"], teacher["id"], other)
    outcomes = [one.outcome for one in row_results(journal).values()]
    assert (outcomes.count("done"), outcomes.count("conflict")) == (1, 1)
    desk.undo(journal)
    assert (ana.role, ben.role, cai.role) == (was, teacher["id"], other)


def test_updating_users_with_an_export_takes_the_edits_that_it_can(desk):
    path = export(desk, "users")
    ana = desk.practice.school.users[5]
    edit(path, (ana.id, "Username", "Ana"), (ana.id, "Tags", "one"))
    journal = drop(desk, path, "update-user")
    assert bodies(journal) == [{"username": "Ana"}]
    assert [p["code"] for row in journal.rows() for p in row.problems] == ["fixed-column"]


@pytest.mark.parametrize(
    ("entry_id", "heading", "instead"),
    [("groups", "Courses", "Course IDs"), ("users", "Referrer: Email", "")],
)
def test_an_edited_name_is_told_not_sent(desk, entry_id, heading, instead):
    path = export(desk, entry_id)
    school = desk.practice.school
    key = next(iter(school.groups if entry_id == "groups" else school.by_id))
    edit(path, (key, heading, "Somebody else"))
    journal = drop(desk, path, EXPORTS[entry_id].returns)
    assert bodies(journal) == []
    [problem] = [p for row in journal.rows() for p in row.problems]
    assert problem["code"] == "fixed-column" and f"can't change “{heading}”" in problem["message"]
    assert ("Change “" in problem["message"]) == bool(instead) and instead in problem["message"]


def test_an_edited_name_in_a_csv_file_is_told_too(desk):
    path = export(desk, "groups", name="groups.csv")
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "Welcome to the School" in line)
    lines[at] = lines[at].replace("Welcome to the School", "First Aid", 1)
    path.write_text("".join(lines), "utf-8-sig")
    journal = drop(desk, path, "update-group")
    assert bodies(journal) == []
    [problem] = [p for row in journal.rows() for p in row.problems]
    assert problem["code"] == "fixed-column" and "Change “Course IDs” instead" in problem["message"]


def test_what_takes_only_edits_refuses_any_other_sheet(desk):
    path = desk.workbook(["User", "Tags", "Suspended"], ["a" * 24, "one", "no"])
    with pytest.raises(UserError, match="can't be sent back"):
        drop(desk, path, "edit-users")


def test_the_id_decides_however_the_rows_were_sorted_deleted_and_added_to(desk):
    path = export(desk, "users")
    excel = Excel(path)
    first, second = desk.practice.school.users[3:5]
    rows = [[cell.value for cell in row] for row in excel.sheet.iter_rows(min_row=2)]
    rows = [row for row in sorted(rows, key=lambda row: str(row[1]), reverse=True) if row[0] != second.id]
    excel.sheet.delete_rows(2, excel.sheet.max_row)
    for row in rows:
        excel.sheet.append(row)
    excel.sheet.insert_cols(2)
    excel.sheet.cell(1, 2).value = "Remarks"
    excel.sheet.cell(2, 2).value = "called on Monday"
    excel.places = {cell.value: cell.column for cell in excel.sheet[1]}
    excel.put(first.id, "Email", "moved@new.example")
    new = excel.sheet.max_row + 1
    excel.cell(new, "Email").value, excel.cell(new, "Username").value = "new@example.org", "Somebody new"
    excel.save()
    journal = send(desk, path)
    assert bodies(journal) == [{"email": "moved@new.example"}]
    assert row_results(journal)[new].outcome == "skipped" and "no ID" in row_results(journal)[new].message
    assert second.email in desk.practice.school.by_email


def test_what_was_changed_in_the_school_since_is_a_conflict_and_stays(desk):
    path = export(desk, "users")
    ana, ben, cai = desk.practice.school.users[5:8]
    was = ana.username
    edit(
        path,
        *((ana.id, "Username", "Mine"), (ana.id, "Company", "Mine Ltd")),
        *((ben.id, "Username", "Agreed"), (cai.id, "Username", "Free")),
    )
    ana.username, ben.username = "Theirs", "Agreed"
    journal = drop(desk, path, "edit-users")
    assert (desk.counts.conflict, desk.counts.update, desk.counts.calls) == (1, 1, 2)
    assert desk.run(journal) == "finished"
    assert (ana.username, ben.username, cai.username) == ("Theirs", "Agreed", "Free")
    assert ana.fields["company"] == "Mine Ltd"
    found = next(one for one in row_results(journal).values() if one.outcome == "conflict")
    assert all(word in found.message for word in (was, "Theirs", "Mine", "Mine Ltd"))
    written = results.write(journal, desk.folder / "results.xlsx").paths[0]
    book = openpyxl.load_workbook(written)
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    book.close()
    assert "conflict" in cells and any("Theirs" in cell and was in cell for cell in cells)
    desk.undo(journal)
    assert ana.username == "Theirs" and not ana.fields.get("company")


def test_cells_that_cannot_be_sent_are_told_on_the_cell(desk):
    path = export(desk, "users")
    ana, ben = desk.practice.school.users[5:7]
    ana.fields["company"] = "Given Ltd"
    path = export(desk, "users")
    edit(
        path,
        *(
            (ana.id, "Username", None),
            (ana.id, "Registered", datetime(2020, 1, 1)),
            (ben.id, "Affiliate", True),
        ),
    )
    journal = drop(desk, path, "edit-users")
    codes = {(p["level"], p["code"], p["column"]) for row in journal.rows() for p in row.problems}
    assert codes == {
        *(("warning", "emptied", "username"), ("warning", "fixed-column", "created")),
        ("warning", "fixed-column", "is_affiliate"),
    }
    assert desk.counts.calls == 0 and desk.counts.unchanged == len(desk.practice.school.users)
    assert "Registered" in " ".join(one.message for one in row_results(journal).values())


def test_the_same_value_written_otherwise_is_no_edit(desk):
    course = next(iter(desk.practice.school.products["course"].values()))
    course["categories"], course["price"] = ["one", "two"], 49.5
    path = export(desk, "courses")
    edit(path, (course["id"], "Original price", "49.50"), (course["id"], "Categories", "two; one"))
    assert not bodies(drop(desk, path, "update-course"))


def test_an_id_in_two_rows_is_an_error_where_one_of_them_was_edited(desk):
    path = export(desk, "users")
    excel = Excel(path)
    ana = desk.practice.school.users[5]
    copy = [cell.value for cell in excel.sheet[excel.row(ana.id)]]
    copy[excel.places["Email"] - 1] = "copied@example.org"
    excel.sheet.append(copy)
    excel.save()
    journal = send(desk, path)
    assert not desk.writes
    assert [one.outcome for one in row_results(journal).values()].count("failed") == 1


def test_an_id_that_was_not_exported_is_an_error(desk):
    path = export(desk, "users")
    excel = Excel(path)
    excel.cell(2, "ID").value = "f" * 24
    excel.save()
    assert row_results(send(desk, path))[2].outcome == "failed" and not desk.writes


def test_an_export_of_another_school_is_stopped(desk):
    path = export(desk, "users")
    with Practice(users=30, limit=False) as other:
        there = Desk(desk.folder / "there", other)
        there.session.name = "Elsewhere"
        with pytest.raises(UserError, match="another school"):
            imports.open_for(there.session, path, ["edit-users"], Choices(), there.settings)
        there.close()


def test_without_the_column_of_ids_it_is_a_sheet_like_any_other(desk):
    path = export(desk, "users")
    excel = Excel(path)
    excel.sheet.delete_cols(excel.places["ID"])
    excel.save()
    _found, table = preview(path, None, None)
    assert not returned.origin(table).whole and returned.exported(table, ["update-user"]) is None


def test_ids_are_hidden_where_they_were_not_asked_for(desk):
    path = export(desk, "users", columns=("email", "username"))
    excel = Excel(path)
    assert list(excel.places) == ["Email", "Username", "ID"]
    assert excel.sheet.column_dimensions["C"].hidden and excel.book.worksheets[1].sheet_state == "veryHidden"
    ana = desk.practice.school.users[5]
    edit(path, (ana.id, "Username", "Short"))
    assert bodies(send(desk, path)) == [{"username": "Short"}]
    target = export(desk, "users", columns=("email", "username"), name="plain.csv")
    assert target.read_text("utf-8-sig").splitlines()[0] == "Email,Username"


def test_a_value_for_all_rows_is_an_edit_of_all_rows(desk):
    people = desk.practice.school.users
    people[5].fields["country"] = "Greece"
    path = export(desk, "users")
    people[6].fields["country"] = "Spain"
    drop(desk, path, "edit-users", fixed={"country": "Greece"})
    assert desk.counts.conflict == 1 and desk.counts.calls == len(people) - 1 - desk.counts.unchanged > 20


def test_a_custom_field_comes_back_though_it_is_called_like_another_column(desk):
    for user in desk.practice.school.users:
        user.fields["cf_company"] = "Custom"
    path = export(desk, "users")
    ana = desk.practice.school.users[5]
    edit(path, (ana.id, "Company (cf_company)", "Own"))
    assert bodies(send(desk, path)) == [{"fields": {"cf_company": "Own"}}]


def test_edits_of_courses_are_sent(desk):
    path = export(desk, "courses")
    one, two = list(desk.practice.school.products["course"].values())[:2]
    edit(path, (one["id"], "Title", "A new title"), (two["id"], "Original price", 77))
    assert bodies(send(desk, path, "update-course")) == [{"price": 77}, {"title": "A new title"}]


def test_edits_of_groups_are_sent(desk):
    path = export(desk, "groups")
    group = next(iter(desk.practice.school.groups.values()))
    courses = list(desk.practice.school.products["course"].values())
    edit(path, (group.id, "Title", "Night school"), (group.id, "Courses", courses[1]["id"]))
    journal = send(desk, path, "update-group")
    assert desk.writes == {"PUT user_groups/{group}": 1} and group.title == "Night school"
    assert [one.outcome for one in row_results(journal).values()].count("done") == 1
    send(desk, path, "update-group")
    assert not desk.writes


def test_edits_of_seat_offerings_are_sent(desk):
    path = export(desk, "seat-offerings")
    one, two = list(desk.practice.school.seats.values())[:2]
    edit(path, (one.id, "Seats", 99), (two.id, "Description", "Mine"))
    two.description = "Theirs"
    journal = send(desk, path, "update-seat-offering")
    assert desk.writes == {"PUT seats/{seat}": 1}
    assert sorted(o.outcome for o in row_results(journal).values() if o.outcome != "unchanged") == [
        "conflict",
        "done",
    ]
    assert two.description == "Theirs"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_what_is_remembered_survives_being_saved_by_libreoffice(desk, suffix):
    ana, ben = desk.practice.school.users[5:7]
    ana.fields["bio"] = "Line  one\nline\ttwo\u2003"
    path = export(desk, "users")
    edit(path, (ben.id, "Company", "Saved Ltd"))
    saved = desk.folder / "saved"
    command = [
        SOFFICE,
        f"-env:UserInstallation=file://{desk.folder}/profile",
        "--headless",
        "--convert-to",
        suffix,
    ]
    subprocess.run([*command, "--outdir", saved, path], check=True, capture_output=True, timeout=120)
    journal = send(desk, saved / f"export.{suffix}")
    assert bodies(journal) == [{"fields": {"company": "Saved Ltd"}}]
    assert not [p for row in journal.rows() for p in row.problems]


@pytest.mark.parametrize("entry_id", [entry.id for entry in EXPORTS.values() if entry.returns])
def test_every_column_that_can_be_changed_finds_its_partner(entry_id):
    entry = EXPORTS[entry_id]
    recipe = recipe_of((entry.returns,))
    found = {column.at: partner(column.at, recipe) for column in entry.outs}
    assert found[KEY].id == recipe.uses[0].operation.effect.by
    taken = [column.id for column in found.values() if column is not None]
    assert len(taken) == len(set(taken)), "two columns of the export are taken as the same"
    without = [column.id for column in recipe.columns if column.id not in taken]
    assert without == WITHOUT.get(entry_id, [])
    if entry.open:
        assert partner(f"{entry.open}.cf_shirt", recipe) == custom_column("cf_shirt", recipe.custom)


# Columns of the operations that no column of the export shows.
WITHOUT: dict[str, list[str]] = {}


def test_the_headings_of_exports_that_come_back_differ():
    for entry in EXPORTS.values():
        titles = [column.heading for column in entry.outs]
        assert not entry.returns or len(titles) == len(set(titles))
