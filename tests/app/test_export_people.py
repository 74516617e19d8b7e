"""Exports of some users only: those of a sheet, with a tag, or in a group, a course or a seat offering."""

from pathlib import Path

import pytest

from lwdesk.app.exporting import estimates, exports, people
from lwdesk.base.errors import UserError
from lwdesk.catalog import EXPORTS
from tests.app.test_export_filters import export, graded

# Lists that leave out suspended users.
HIDING = (
    *("course-users", "users-by-product", "users-by-segment", "seat-users", "group-users"),
    "course-progress",
)
ABOUT_USERS = [entry.id for entry in EXPORTS.values() if entry.about]


def sheet(desk, users, *more, header="E-Mail"):
    """A workbook with the emails of users in capitals, the first one twice."""
    emails = [user.email.upper() for user in users]
    rows = [("x", email) for email in (*emails, *emails[:1], *more)]
    return str(desk.workbook(("Remark", header), *rows))


def who(entry):
    """The headers of the emails and of the ids of the users that rows are about."""
    headers = {out.at: out.heading for out in entry.outs}
    return headers[entry.about]


@pytest.mark.parametrize("entry_id", ABOUT_USERS)
def test_only_rows_of_the_users_in_the_sheet_are_left(desk, practice, entry_id):
    entry = EXPORTS[entry_id]
    everything, _about = export(desk, entry_id)
    header = who(entry)
    ids = [id for id in dict.fromkeys(row[header] for row in everything) if id in practice.school.by_id][:3]
    users = [practice.school.by_id[id] for id in ids]
    if users and entry_id not in HIDING:
        users[0].suspended = True
    rows, about = export(desk, entry_id, {"users_of": sheet(desk, users, "no@one.example")})
    expected = [row for row in everything if row[header] in ids]
    key = [name for name in everything[0] if name == header or "id" in name.lower()] if everything else []
    shape = lambda row: tuple(str(row[name]) for name in key)  # noqa: E731
    assert sorted(map(shape, rows)) == sorted(map(shape, expected))
    assert "Only users in this sheet: " in about["Filters"]
    assert "1 of" in about["Note"] and "no@one.example" in about["Note"]


@pytest.mark.parametrize("entry_id", ["users", "leads", "lead-submissions"])
def test_a_lead_without_an_account_is_found_by_the_email(desk, practice, entry_id):
    everything, _about = export(desk, entry_id)
    email = everything[-1]["Email"]
    rows, about = export(desk, entry_id, {"users_of": f"{email.upper()}; no@one.example"})
    assert rows == [row for row in everything if row["Email"] == email] and rows
    assert "1 of 2 users in the sheet has no rows: “no@one.example”" in about["Note"]


def test_users_by_tag_group_course_and_seat(desk, practice):
    school = practice.school
    grades = graded(school)
    tag = next(tag for _u, one in grades for tag in school.by_id[one["user_id"]].tags)
    group = next(g for g in school.groups.values() if any(one["user_id"] in g.members for _u, one in grades))
    seat = next(s for s in school.seats.values() if any(one["user_id"] in s.members for _u, one in grades))
    course = next(iter(school.products["course"].values()))
    tagged = {user.id for user in school.users if tag in user.tags}
    learners = set(school.learners(course["id"]))
    for where, ids in (
        ({"user_tags": tag}, tagged),
        ({"user_group": group.title}, set(group.members)),
        ({"user_seat": seat.title}, set(seat.members)),
        ({"user_course": course["title"]}, learners),
        ({"user_group": group.title, "user_tags": tag}, tagged & set(group.members)),
    ):
        rows, _about = export(desk, "grades", where)
        shown = {id for id in ids if not school.by_id[id].suspended} if "user_tags" not in where else ids
        wanted = [one["id"] for _u, one in grades if one["user_id"] in ids]
        least = [one["id"] for _u, one in grades if one["user_id"] in shown]
        found = [row["Submission ID"] for row in rows]
        assert set(least) <= set(found) <= set(wanted) and len(found) == len(set(found))


def test_nobody_in_the_group_is_an_empty_export(desk, practice):
    group = next(iter(practice.school.groups.values()))
    group.members.clear()
    for entry_id in ("payments", "grades", "enrollments"):
        rows, _about = export(desk, entry_id, {"user_group": group.title})
        assert rows == []


def test_every_course_is_asked_for_the_grades_of_the_chosen_users_only(desk, practice):
    where = {"users_of": "; ".join(user.email for user in practice.school.users[:2])}
    job = exports.create(desk.home, "grades", where, desk.session, desk.folder / "out.xlsx")
    exports.engine(job, desk.session).run()
    asked = [dict(call.query) for call in job.calls("path LIKE ?", "%/grades")]
    job.close()
    ids = ",".join(user.id for user in practice.school.users[:2])
    assert len(asked) == len(practice.school.products["course"]) and {one["users"] for one in asked} == {ids}


# Cost -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("entry_id", "count"), [("event-logs", 2), ("event-logs", 60), ("enrollments", 2)])
def test_the_cheaper_way_is_taken_and_told(desk, practice, entry_id, count):
    users = practice.school.users[:count]
    where = {"users_of": "; ".join(user.email for user in users)}
    found = estimates.look(entry_id, where, desk.session)
    whole = estimates.look(entry_id, {}, desk.session)
    if count < 10:
        assert found.requests < whole.requests and found.reading() == ""
    else:
        assert "filter by “Only users in this sheet”, so" in found.reading()
    desk.forget()
    job = exports.create(desk.home, entry_id, where, desk.session, desk.folder / "out.xlsx")
    exports.engine(job, desk.session).run()
    assert desk.reads <= found.requests + 1
    job.close()


def test_only_the_invoices_of_the_users_are_asked_for(desk, practice):
    paid = [one for one in practice.school.payments if one["invoice"]]
    user = practice.school.by_id[paid[0]["user_id"]]
    desk.forget()
    rows, _about = export(desk, "invoice-links", {"users_of": user.email})
    links = sum(n for op, n in desk.practice.api.counts.items() if op.endswith("invoice-link"))
    mine = [one for one in practice.school.payments if one["user_id"] == user.id]
    assert len(rows) == links == len([one for one in mine if one["invoice"]]) < len(paid)


def test_an_account_that_was_made_after_the_preview_is_found(desk, practice):
    user = practice.school.users[5]
    where = {"users_of": "new@one.example"}
    assert "new@one.example" in estimates.look("users", where, desk.session).notes[0]
    user.email = "new@one.example"
    practice.school.by_email[user.email] = user
    rows, _about = export(desk, "users", where)
    assert [row["ID"] for row in rows] == [user.id]


def test_a_resumed_job_needs_neither_the_sheet_nor_the_group(desk, practice):
    path = sheet(desk, practice.school.users[:3])
    job = exports.create(desk.home, "users", {"users_of": path}, desk.session, desk.folder / "out.xlsx")
    Path(path).unlink()
    assert exports.engine(job, desk.session).run() == "finished"
    assert exports.count_rows(job) == 3
    job.close()


# Sheets -----------------------------------------------------------------------------------------------------------


def test_a_sheet_of_ids_or_without_headers(desk, practice):
    first, second = practice.school.users[:2]
    ids = desk.workbook(("ID", "User ID"), (1, first.id), (2, second.id), name="ids.xlsx")
    plain = desk.folder / "plain.csv"
    plain.write_text(f"{first.email}\n{second.email}\n")
    for path in (ids, plain):
        rows, _about = export(desk, "users", {"users_of": str(path)})
        assert {row["ID"] for row in rows} == {first.id, second.id}


def test_cells_that_are_no_users_are_counted(desk, practice):
    path = sheet(desk, practice.school.users[:1], "Ana", "n/a")
    _rows, about = export(desk, "users", {"users_of": path})
    assert about["Note"] == "2 cells of the sheet are neither an email nor a user ID"


@pytest.mark.parametrize("text", ["nowhere.xlsx", "Ana"])
def test_a_sheet_that_cannot_be_read_is_told_at_the_field(desk, text):
    with pytest.raises(UserError) as caught:
        estimates.look("users", {"users_of": text}, desk.session)
    assert caught.value.field == "users_of"


def test_a_sheet_without_users_is_refused(desk):
    path = desk.workbook(("Name", "Age"), ("Ana", 3))
    with pytest.raises(UserError, match="No users found in the sheet"):
        estimates.look("users", {"users_of": str(path)}, desk.session)


@pytest.mark.parametrize("more", [{}, {"user_tags": "mine"}, {"user_group": "{group}"}])
def test_the_order_of_the_sheet_is_kept_though_a_tag_or_a_group_is_chosen_too(desk, practice, more):
    school = practice.school
    group = next(iter(school.groups.values()))
    users = sorted(school.users[10:16], key=lambda user: user.email, reverse=True)
    for user in users:
        user.tags = [*user.tags, "mine"]
    group.members = {user.id: None for user in school.users[8:20]}
    where = {"users_of": "\n".join(user.email for user in users)}
    where |= {name: text.format(group=group.title) for name, text in more.items()}
    job = exports.create(desk.home, "transcript", where, desk.session, desk.folder / "pages.xlsx")
    assert list(people.people_of_job(job).users) == [user.id for user in users]
    job.close()
