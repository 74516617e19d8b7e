"""The columns of an export go beside the rows of the user's own sheet, in a copy that keeps all it has."""

import csv
from datetime import UTC
from pathlib import Path

import openpyxl
import pytest

from lwdesk.app.exporting import exports, workbook
from lwdesk.base.errors import UserError


@pytest.fixture
def export(desk):
    """Runs an export beside a sheet; `meanwhile` is called before its workbook is written."""

    def run(entry_id, source, columns, target="copy.xlsx", meanwhile=lambda: None):
        where, target = {"users_of": str(source)}, desk.folder / target
        job = exports.create(desk.home, entry_id, where, desk.session, target, columns, "UTC", beside=True)
        assert exports.engine(job, desk.session).run() == "finished"
        meanwhile()
        written = workbook.write_wanted(job)
        job.close()
        return written

    return run


def sheet_of(path, title=None):
    book = openpyxl.load_workbook(path)
    found = list((book[title] if title else book.worksheets[0]).iter_rows(values_only=True))
    book.close()
    return found


@pytest.fixture
def roster(desk, practice):
    """Two users of the school, one of them twice, one by id, and a stranger."""
    a, b, c = practice.school.users[3:6]
    rows = [
        ("x", a.email.upper()),
        ("y", b.email),
        ("", ""),
        ("x", a.email),
        ("", "no@one.example"),
        ("z", c.id),
    ]
    return Path(desk.workbook(("Tags", "E-Mail"), *rows)), (a, b, c)


def test_each_row_gets_the_values_of_its_user_and_keeps_its_own(export, roster):
    source, (a, b, c) = roster
    written = export("users", source, ["first_name", "created", "is_suspended", "tags"])
    headers, *rows = sheet_of(written.paths[0])
    assert headers == ("Tags", "E-Mail", "First name", "Registered", "Suspended", "Tags (LearnWorlds)")
    assert [row[:2] for row in rows] == sheet_of(source)[1:]
    for row, user in zip([rows[0], rows[1], rows[3], rows[5]], (a, b, a, c), strict=True):
        first, registered, suspended, tags = row[2:]
        assert registered.replace(tzinfo=UTC).timestamp() == pytest.approx(user.created, abs=1)
        assert (first or "", suspended) == (user.first_name, user.suspended)
        assert (tags or "") == "; ".join(user.tags)
    assert rows[2][2:] == (None,) * 4
    assert rows[4][2:] == ("(not in your school)", None, None, None)
    about = dict(row[:2] for row in sheet_of(written.paths[0], "About")[1:])
    assert about["Contents"].startswith("Every user")


def test_several_rows_of_a_user_are_listed_in_one_cell(export, roster, practice):
    source, users = roster
    written = export("enrollments", source, ["of.user.id:email", "course.id:title"])
    _headers, *rows = sheet_of(written.paths[0])
    for row, user in zip([rows[0], rows[1], rows[5]], users, strict=True):
        titles = [practice.school.products["course"][id]["title"] for id in practice.school.enrollments(user)]
        assert row[2] == (user.email if titles else None)
        assert sorted((row[3] or "").split("; ")) == sorted(titles or [""])
    assert "several rows. Where the values differ" in " ".join(written.notes)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_csv_file_gets_the_columns_too(export, roster, desk, ending):
    a, b, _c = roster[1]
    source = desk.folder / "roster.csv"
    source.write_text(f"Name;Email\n=1+1;{a.email}\nÉva;{b.email}\n", "utf-8")
    written = export("users", source, ["first_name", "id"], f"copy{ending}")
    if ending == ".csv":
        rows = list(csv.reader(written.paths[0].read_text("utf-8-sig").splitlines(), delimiter=";"))
    else:
        rows = [list(row) for row in sheet_of(written.paths[0])]
    assert [row[-1] for row in rows] == ["ID", a.id, b.id]
    assert [row[1] for row in rows] == ["Email", a.email, b.email]


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"other")])
def test_a_sheet_that_is_changed_meanwhile_loses_no_rows(export, roster, change):
    source, users = roster
    written = export("users", source, ["email"], meanwhile=lambda: change(source))
    emails = [row[0] for row in sheet_of(written.paths[0])[1:]]
    assert sorted(emails) == sorted(user.email for user in users)
    assert "was moved or changed in the meantime" in written.notes[0]


@pytest.mark.parametrize(
    ("entry_id", "text", "field"),
    [("users", "a@b.example", "users_of"), ("users", "", "users_of"), ("courses", "", "users_of")],
)
def test_without_a_sheet_there_is_nothing_to_add_to(desk, entry_id, text, field):
    where = {"users_of": text} if text else {}
    with pytest.raises(UserError, match="no sheet to add columns to") as caught:
        exports.create(desk.home, entry_id, where, desk.session, desk.folder / "x.xlsx", beside=True)
    assert caught.value.field == field


def test_the_sheet_itself_is_never_replaced(desk, roster):
    source = roster[0]
    with pytest.raises(UserError, match="can't replace") as caught:
        exports.create(desk.home, "users", {"users_of": str(source)}, desk.session, source, beside=True)
    assert caught.value.field == "path"
