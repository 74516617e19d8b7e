"""Seat offerings and user groups from a sheet: what is not in it stays, what is deleted is gone, undo leads back."""

import pytest

from lwdesk.app.job.rows import Filter
from lwdesk.app.job.sheet_rows import SheetRows
from lwdesk.practice.switches import Fault
from tests.app.desk import row_results, state, words


@pytest.fixture
def acme(practice):
    return next(c for c in practice.school.seats.values() if c.title == "Acme team")


@pytest.fixture
def spring(practice):
    return next(c for c in practice.school.groups.values() if c.title == "Spring cohort")


def sent(journal):
    return [call.body for call in journal.calls()]


def review(journal):
    """What changes by the rows of a job: column, before, after."""
    rows = SheetRows(journal.path)
    found = [change for row_id in rows.ids(Filter()) for change in rows.detail(row_id).changes]
    rows.close()
    return found


def test_an_update_sends_along_what_the_service_would_drop(desk, practice, acme):
    acme.description = "For the team"
    before = state(practice)
    journal = desk.run_import(("Seat offering", "Seats"), ("Acme team", 14), operation="update-seat-offering")
    assert sent(journal) == [
        {
            "title": "Acme team",
            "description": "For the team",
            "products": {"courses": ["safety-101", "gdpr"]},
            "number_of_seats": 14,
            "max_number_of_users": 12,
            "seat_managers": acme.managers,
            "tags": ["seat Acme team"],
        }
    ]
    assert row_results(journal)[2].message == "updated: Seats 10 → 14"
    assert (acme.seats, acme.courses, len(acme.managers)) == (14, ["safety-101", "gdpr"], 1)
    acme.description = "Changed since"
    desk.undo(journal)
    assert (acme.seats, acme.description) == (10, "Changed since")
    acme.description = "For the team"
    assert state(practice) == before


def test_an_old_plan_sends_along_what_the_school_shows_by_now(desk, practice, acme):
    journal = desk.plan(("Seat offering", "Seats"), ("Acme team", 14), operation="update-seat-offering")
    acme.title, acme.managers, acme.seats = "Renamed since", [], 11
    journal.put(created=0)
    assert desk.run(journal) == "finished" and words(journal) == ["done"]
    assert (acme.title, acme.managers, acme.seats) == ("Renamed since", [], 14)


def test_a_school_that_goes_out_right_before_is_waited_for(desk, practice, acme):
    journal = desk.plan(("Seat offering", "Seats"), ("Acme team", 14), operation="update-seat-offering")
    journal.put(created=0)
    practice.switches.faults = [Fault("cut", "GET", "seats/", times=9)]
    assert desk.run(journal) == "finished" and words(journal) == ["done"]
    assert desk.writes == {"PUT seats/{seat}": 1} and acme.seats == 14


def test_managers_are_written_by_email_and_sent_by_id(desk, practice, spring):
    one, two, three = practice.school.users[5:8]
    spring.managers = [one.id, two.id]
    before = state(practice)
    rows = [("Spring cohort", f"{two.email.upper()}; {three.id}", "Workplace Safety; excel-basics")]
    journal = desk.run_import(("User group", "Group managers", "Courses"), *rows, operation="update-group")
    assert spring.managers == [two.id, three.id]
    assert set(spring.courses) == {"safety-101", "excel-basics"}
    assert row_results(journal)[2].message == (
        "updated: Courses Welcome to the School; Excel for Beginners → Workplace Safety; Excel for Beginners;"
        f" Group managers {one.email}; {two.email} → {two.email}; {three.email}"
    )
    again = desk.run_import(
        ("User group", "Group managers", "Courses"), *rows, operation="update-group", name="b.xlsx"
    )
    assert words(again) == ["unchanged"]
    desk.undo(journal)
    assert state(practice) == before


def test_a_manager_whom_the_school_does_not_have_fails_the_row(desk, practice):
    before = state(practice)
    rows = [("Night class", "nobody@example.org"), ("Day class", practice.school.users[5].email)]
    journal = desk.run_import(("Title", "Group managers"), *rows, operation="create-group")
    assert words(journal) == ["failed", "done"]
    assert row_results(journal)[2].message == "Your school has no user nobody@example.org."
    made = next(g for g in practice.school.groups.values() if g.title == "Day class")
    assert made.managers == [practice.school.users[5].id]
    desk.undo(journal)
    assert state(practice) == before


def test_two_rows_of_one_group_must_not_contradict_each_other(desk, practice):
    rows = [("Spring cohort", "gdpr"), ("Spring cohort", "safety-101")]
    journal = desk.run_import(("User group", "Courses"), *rows, operation="update-group")
    assert words(journal) == ["failed", "failed"]
    assert "Courses differs from row 2" in row_results(journal)[3].message and desk.writes == {}


def test_a_limit_that_was_not_there_goes_away_again(desk, practice, spring):
    before = state(practice)
    journal = desk.run_import(("Group", "Maximum users"), ("Spring cohort", 40), operation="update-group")
    assert spring.most_users == 40
    desk.undo(journal)
    assert spring.most_users is None and state(practice) == before


def test_beside_an_id_a_title_is_the_new_one(desk, practice, spring):
    journal = desk.run_import(("Id", "Title"), (spring.id, "Summer cohort"), operation="update-group")
    assert words(journal) == ["done"] and spring.title == "Summer cohort"
    desk.undo(journal)
    assert spring.title == "Spring cohort"


def test_what_is_deleted_is_gone_for_the_rows_below(desk, practice, acme):
    rows = [("Acme team",), ("Acme tean",), ("ACME TEAM",), (acme.id,)]
    journal = desk.plan(("Seat offering",), *rows, operation="delete-seat-offering")
    use = f"seats taken: 9, enrollments: {acme.enrollments}"
    assert row_results(journal)[2].message == f"seat offering Acme team deleted; it was in use ({use})"
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done", "failed", "done", "done"]
    assert "Did you mean “Acme team”?" in row_results(journal)[3].message
    assert desk.writes == {"DELETE seats/{seat}": 1} and acme.id not in practice.school.seats
    undone = desk.undo(journal)
    assert "LearnWorlds can't restore" in row_results(undone)[2].message


def test_what_was_created_and_is_in_use_by_now_is_not_undone(desk, practice):
    rows = [("Sales 2026", "gdpr", 5), ("Sales 2027", "gdpr", 5)]
    journal = desk.run_import(("Title", "Courses", "Seats"), *rows, operation="create-seat-offering")
    used = next(c for c in practice.school.seats.values() if c.title == "Sales 2027")
    used.members[practice.school.users[9].id] = 1
    undone = desk.undo(journal)
    assert words(undone) == ["done", "failed"]
    assert "“Sales 2027” is in use now (seats taken: 1)" in row_results(undone)[3].message
    titles = {c.title for c in practice.school.seats.values()}
    assert "Sales 2027" in titles and "Sales 2026" not in titles


def test_members_are_counted_before_a_group_or_space_is_deleted(desk, practice):
    room = next(s for s in practice.school.spaces.values() if s["members"] and s["usages"])
    first = next(iter(room["members"]))
    room["members"][first] = "left"
    uses = f"members: {len(room['members']) - 1}, used in courses: 1"
    journal = desk.plan(("Group",), ("Spring cohort",), ("Empty so far",), operation="delete-group")
    assert row_results(journal)[2].message == "group Spring cohort deleted; it was in use (members: 30)"
    [line, *_rest] = review(journal)
    assert line == ("Delete user groups", "Spring cohort", "– (members: 30)")
    assert row_results(journal)[3].message == "group Empty so far deleted"
    journal = desk.plan(("Space",), (room["id"],), operation="delete-space", name="b.xlsx")
    assert row_results(journal)[2].message == f"space {room['title']} deleted; it was in use ({uses})"


def test_a_new_group_with_members_is_not_undone(desk, practice):
    journal = desk.run_import(("Title",), ("Day class",), ("Night class",), operation="create-group")
    day = next(g for g in practice.school.groups.values() if g.title == "Day class")
    day.members[practice.school.users[9].id] = None
    undone = desk.undo(journal)
    assert words(undone) == ["failed", "done"]
    assert "“Day class” is in use now (members: 1)" in row_results(undone)[2].message


def test_an_older_school_that_cannot_delete_says_so(desk, practice, spring):
    practice.switches.dialect = "2025"
    journal = desk.run_import(("Group",), ("Spring cohort",), operation="delete-group")
    assert words(journal) == ["failed"] and spring.id in practice.school.groups
    assert "doesn't let lwdesk delete this" in row_results(journal)[2].message


def test_what_somebody_else_deleted_since_the_plan_is_so_already(desk, practice, spring):
    journal = desk.plan(("Group",), ("Spring cohort",), operation="delete-group")
    del practice.school.groups[spring.id]
    assert desk.run(journal) == "finished" and words(journal) == ["unchanged"]
