"""What planning asks of the school: as little as will do."""

import pytest

from lwdesk.app.importing import imports
from lwdesk.practice.server import Practice
from tests.app.desk import idle, words

HEADERS = (
    "Email",
    "First name",
    "Tags",
    "Courses",
    "Bundles",
    "Subscription plan",
    "Duration",
    "Duration unit",
)
HEADERS += ("Seat offering",)
COURSES = ("Workplace Safety", "Data Protection (GDPR)", "Excel for Beginners")
# What a plan of a roster may cost. A list of a course's users does not tell who has the course through a bundle or
# plan: those that hold it are looked at too, and each user who has one of them is asked for.
MOST, MOST_WITH_BUNDLES = 26, 90


@pytest.fixture
def practice():
    with Practice(users=500, limit=False) as school:
        yield school


def big_roster(practice, count=200):
    """A class list: half of the people are known; all take two courses, some more."""
    known = [user.email for user in practice.school.users[20:] if not user.suspended][: count // 2]
    new = [f"new{n}@example.org" for n in range(count - len(known))]
    rows = []
    for n, email in enumerate(known + new):
        row = {"Email": email, "Tags": "autumn", "Courses": f"{COURSES[n % 3]}; {COURSES[(n + 1) % 3]}"}
        if email in new:
            row["First name"] = f"Person {n}"
        if n % 6 == 0:
            row["Bundles"] = "Safety Pack"
        if n % 10 == 0:
            row |= {"Subscription plan": "Monthly Membership", "Duration": 12, "Duration unit": "months"}
        if n % 8 == 0:
            row["Seat offering"] = "Partner 16"
        rows.append(row)
    return rows


def test_a_large_roster_is_planned_with_few_requests(desk, practice):
    rows = big_roster(practice)
    for time in ("first", "second"):
        desk.again()
        desk.forget()
        journal = desk.plan(HEADERS, *rows, name=f"{time}.xlsx")
        assert journal.get("plan")["reads"] - 1 == desk.reads  # and one for the token
        assert desk.reads <= (MOST if time == "first" else MOST_WITH_BUNDLES)
        assert desk.writes == {}
        desk.forget()
        assert desk.run(journal) == "finished"
        assert set(words(journal)) <= ({"done"} if time == "first" else {"unchanged"})
    assert desk.writes == {}


def test_of_several_operations_one_whose_cells_are_empty_does_nothing_even_where_another_has_its_column(desk):
    rows = ("new1@x.example", "", "AI at Work"), ("new2@x.example", "vip", "")
    journal = desk.plan(("Email", "Tags", "Product"), *rows, operation="save-user+enroll")
    assert [call.op for call in journal.calls()] == ["create-user", "enroll", "create-user"]


def test_a_plan_counts_the_users_and_not_the_rows_of_one(desk, practice):
    old = idle(practice)[0]
    rows = [("twice@x.example", "Ann")] * 3 + [
        ("once@x.example", "Bo"),
        (old.email, "Changed"),
        (old.email.upper(), "Changed"),
    ]
    journal = desk.create(("Email", "Company"), *rows)
    plan = imports.plan(journal, desk.session)
    assert (plan.create, plan.update) == (4, 2)
    assert (plan.new_users, plan.changed_users) == (2, 1)
    notes = {
        row.number: [p["message"] for p in row.problems if p["code"] == "same-user"] for row in journal.rows()
    }
    assert notes == {
        **{n: ["Same user as row 2: they are sent together."] for n in (3, 4)},
        2: ["Same user as row 3: they are sent together."],
        5: [],
        6: ["Same user as row 7: they are sent together."],
        7: ["Same user as row 6: they are sent together."],
    }
    again = imports.plan(journal, desk.session)
    assert again.new_users == 2 and all(len(row.problems) <= 1 for row in journal.rows())
