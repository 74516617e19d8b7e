"""Emails and usernames that no two users can share: conflicts are foreseen, namesakes get a number."""

import pytest

from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results


@pytest.fixture
def desk(tmp_path):
    with Practice(users=60, limit=False) as practice:
        practice.switches.unique_usernames = True
        found = Desk(tmp_path, practice)
        yield found
        found.close()


@pytest.fixture
def users(desk):
    return [user for user in desk.practice.school.users if not user.suspended]


def rename(desk, *pairs, name="rename.xlsx", run=True):
    rows = [(old, new) for old, new in pairs]
    job = (desk.run_import if run else desk.plan)(
        ("User", "New email"), *rows, operation="update-user", name=name
    )
    return [(row.outcome, row.message) for row in row_results(job).values()]


def test_a_taken_email_is_refused_while_planning(desk, users):
    [(outcome, message)] = rename(desk, (users[0].email, users[1].email), run=False)
    assert outcome == "failed" and "belongs to another user" in message and desk.writes == {}


def test_a_swap_is_refused_on_both_rows(desk, users):
    a, b = users[0].email, users[1].email
    found = rename(desk, (a, b), (b, a), run=False)
    assert [outcome for outcome, _message in found] == ["failed", "failed"]


def test_two_users_cannot_get_one_new_email(desk, users):
    found = rename(desk, (users[0].email, "new@x.org"), (users[1].email, "NEW@x.org"), run=False)
    assert [outcome for outcome, _message in found] == ["failed", "failed"]
    assert "row 3" in found[0][1] and "row 2" in found[1][1]


def test_the_second_run_of_a_rename_is_up_to_date(desk, users):
    pair = (users[0].email, "renamed@intake.example")
    assert rename(desk, pair)[0][0] == "done"
    assert rename(desk, pair, name="again.xlsx")[0][0] == "unchanged"


def test_a_change_of_case_alone_is_up_to_date(desk, users):
    assert rename(desk, (users[0].email, users[0].email.upper()), run=False)[0][0] == "unchanged"


def test_whoever_is_in_no_place_is_unknown(desk):
    [(outcome, message)] = rename(desk, ("gone@school.example", "x@intake.example"), run=False)
    assert outcome == "failed" and "gone@school.example" in message


def create(desk, *rows, name="new.xlsx", **choices):
    return desk.run_import(
        ("Email", "First name", "Last name"), *rows, operation="create-user", name=name, **choices
    )


def test_namesakes_of_the_file_and_of_the_school_get_numbers(desk, users):
    users[3].username = "Alice Martin"
    rows = [
        ("maria1@intake.example", "Maria", "Papadopoulou"),
        ("maria2@intake.example", "Maria", "Papadopoulou"),
        ("alice.new@intake.example", "alice", "martin"),
        ("info@a.example", "", ""),
        ("info@b.example", "", ""),
    ]
    job = create(desk, *rows)
    assert [row.outcome for row in row_results(job).values()] == ["done"] * 5
    made = {user.email: user.username for user in desk.practice.school.users}
    assert [made[email] for email, *_names in rows] == [
        "Maria Papadopoulou",
        "Maria Papadopoulou 2",
        "alice martin 2",
        "info",
        "info 2",
    ]


def test_a_namesake_that_planning_did_not_see_is_numbered_when_the_school_refuses(desk, users):
    users[3].username = "Zoe Last"  # one user alone is asked for, so nobody else's name is known
    job = create(desk, ("zoe@intake.example", "Zoe", "Last"))
    assert [row.outcome for row in row_results(job).values()] == ["done"]
    assert desk.practice.school.users[-1].username == "Zoe Last 2"


@pytest.mark.parametrize(
    ("style", "name"), [("email", "z.a@intake.example"), ("email_name", "z.a"), ("name", "Zoe A")]
)
def test_how_a_username_is_made_can_be_chosen(style, name, desk):
    create(desk, ("z.a@intake.example", "Zoe", "A"), fixed={"username_from": style})
    assert desk.practice.school.users[-1].username == name


def test_a_rename_whose_old_email_is_unknown_changes_nobody_else(desk, users):
    """Who has the new email may be a stranger: what else the row says is not for them."""
    before = dict(users[1].fields)
    headers, row = ("User", "New email", "Phone"), ("gone@school.example", users[1].email, "+30 210 1234567")
    job = desk.run_import(headers, row, operation="update-user")
    [found] = row_results(job).values()
    assert found.outcome == "failed" and "gone@school.example" in found.message
    assert dict(users[1].fields) == before and desk.writes == {}


def test_a_rename_with_other_values_is_up_to_date_the_second_time(desk, users):
    headers, row = (
        ("User", "New email", "Phone"),
        (users[0].email, "renamed@intake.example", "+30 210 1234567"),
    )
    for name, outcome in (("once.xlsx", "done"), ("again.xlsx", "unchanged")):
        job = desk.run_import(headers, row, operation="update-user", name=name)
        assert [found.outcome for found in row_results(job).values()] == [outcome]


def test_a_username_that_another_user_has_is_told(desk, users):
    taken = users[1].username
    for operation, headers in (
        ("update-user", ("User", "Username")),
        ("save-user", ("Email", "Username")),
        ("create-user", ("Email", "Username")),
    ):
        email = "fresh@intake.example" if operation == "create-user" else users[0].email
        rows = [(email, taken), *((user.email, user.username) for user in users[1:4])]
        desk.again()
        job = desk.plan(headers, *rows, operation=operation, name=f"{operation}.xlsx")
        assert "another user already has the Username" in next(iter(row_results(job).values())).message, (
            operation
        )


def test_a_refusal_for_another_reason_is_not_tried_with_another_name(desk):
    desk.practice.switches.shortest_username = 4
    job = create(desk, ("zo@intake.example", "Zo", ""))
    [row] = row_results(job).values()
    assert row.outcome == "failed" and "at least 4 characters" in row.message
    assert [user for user in desk.practice.school.users if user.email == "zo@intake.example"] == []


@pytest.mark.parametrize("what", ["course", "group", "seat-offering", "space"])
def test_a_new_title_is_up_to_date_the_second_time_and_names_its_twins(what, desk):
    from lwdesk.catalog import IMPORTS

    entry = IMPORTS[f"update-{what}"]
    listing = entry.columns[0].kind.to[0]
    titles = [str(one["title"]) for one in desk.session.directory.titles(listing)]
    one, other = [title for title in titles if titles.count(title) == 1][:2]
    headers = (entry.columns[0].title, "New title")
    job = desk.run_import(headers, (one, "Renamed once"), operation=entry.id)
    assert [row.outcome for row in row_results(job).values()] == ["done"]
    job = desk.run_import(headers, (one, "Renamed once"), operation=entry.id, name="again.xlsx")
    assert [row.outcome for row in row_results(job).values()] == ["unchanged"]
    desk.again()
    job = desk.plan(headers, (other, "renamed  ONCE"), operation=entry.id, name="twin.xlsx")
    [row] = row_results(job).values()
    assert row.outcome == "ready" and "already has the title" in row.message
