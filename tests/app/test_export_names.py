"""Names for ids in exports: found by the fewest requests, told where they are gone, fetched once after a crash."""

import openpyxl
import pytest

from lwdesk.app.exporting import estimates, exports, workbook
from lwdesk.app.exporting.columns import places, with_fields
from lwdesk.app.job import again
from lwdesk.base.errors import UserError
from lwdesk.catalog import EXPORTS
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app.test_exports import fetch

NOBODY = "f" * 24


@pytest.fixture
def practice():
    with Practice(users=650, limit=False) as school:
        yield school


@pytest.fixture
def target(tmp_path):
    return tmp_path / "export.xlsx"


def records(rows):
    head, *table = rows
    return [dict(zip(head, row, strict=True)) for row in table]


def walks(desk):
    return {op: n for op, n in desk.practice.api.counts.items() if op.startswith("GET users")}


def buyers(practice):
    """Payment id -> its buyer, from the state of the school."""
    return {one["id"]: practice.school.by_id[one["user_id"]] for one in practice.school.payments}


def test_payments_show_who_paid_suspended_users_too(desk, practice, target):
    for user in list(buyers(practice).values())[::3]:
        user.suspended = True
    found = {one["ID"]: one for one in records(fetch(desk, "payments", target))}
    assert found.keys() == buyers(practice).keys()
    for id, user in buyers(practice).items():
        told = found[id]
        assert (told["Email"], told["First name"], told["Last name"]) == (
            *(user.email, user.first_name, user.last_name),
        )
    assert walks(desk) == {"GET users": 4}


def test_two_users_are_asked_for_and_many_are_walked(desk, practice, target):
    one, two = practice.school.payments[0]["user_id"], practice.school.payments[1]["user_id"]
    for n, payment in enumerate(practice.school.payments):
        payment |= {"user_id": (one, two)[n % 2], "affiliate": None, "instructors": []}
    fetch(desk, "payments", target)
    assert walks(desk) == {"GET users/{user}": 2}


def test_a_few_old_users_are_asked_for_after_a_look_at_the_first_page(desk, practice, target):
    wanted = [user.id for user in practice.school.users[:2]] + [practice.school.users[-1].id]
    for n, payment in enumerate(practice.school.payments):
        payment |= {"user_id": wanted[n % 3], "affiliate": None, "instructors": []}
    fetch(desk, "payments", target)
    assert walks(desk) == {"GET users": 1, "GET users/{user}": 2}


def test_a_walk_ends_where_all_are_found(desk, practice, target):
    second = practice.school.users[-390:-380]  # the newest 200 are on the first page
    for n, payment in enumerate(practice.school.payments):
        payment |= {"user_id": second[n % 10].id, "affiliate": None, "instructors": []}
    journal = exports.create(desk.home, "payments", {}, desk.session, target)
    assert desk.run(journal, workers=1) == "finished"
    assert walks(desk) == {"GET users": 2}


def test_columns_without_names_look_nothing_up(desk, target):
    fetch(desk, "payments", target, columns=("created", "price", "user_id"))
    assert walks(desk) == {}


def test_what_is_no_longer_there_is_said(desk, practice, target):
    school = practice.school
    school.payments[-1]["user_id"] = NOBODY
    promotion = next(one for one in school.promotions.values() if one["products"])
    promotion["products"] = [{"type": "course", "id": "gone"}, {"type": "course", "id": "gdpr"}]
    [told] = [one for one in records(fetch(desk, "payments", target)) if one["User ID"] == NOBODY]
    assert (told["Email"], told["First name"]) == ("(no longer in your school)", None)
    [told] = [one for one in records(fetch(desk, "promotions", target)) if one["Name"] == promotion["name"]]
    assert told["Products"] == "(no longer in your school); Data Protection (GDPR)"
    assert told["Product IDs"] == "gone; gdpr"


def test_an_email_in_the_row_stays_where_its_user_is_gone(desk, practice, target):
    row = practice.school.subscriptions[0]
    user = practice.school.by_id.pop(row["user_id"])
    practice.school.users.remove(user)
    practice.school.by_id[user.id] = user  # rows of the school are still shown with their email
    found = records(fetch(desk, "user-subscriptions", target))
    [told] = [one for one in found if one["User ID"] == user.id]
    assert (told["Email"], told["First name"]) == (user.email, "(no longer in your school)")


def test_names_that_could_not_be_read_are_said_and_read_by_a_retry(desk, practice, target):
    practice.switches.faults = [Fault("404", "GET", "v2/users$")]
    journal = exports.create(desk.home, "payments", {}, desk.session, target)
    assert desk.run(journal) == "finished"
    workbook.write(journal, target)
    book = openpyxl.load_workbook(target)
    head, first, *_rest = book.worksheets[0].iter_rows(values_only=True)
    assert dict(zip(head, first, strict=True))["Email"] == "(couldn't be read)"
    about = [row for row in book["About"].iter_rows(values_only=True) if row[0] == "Missing"]
    assert about and about[0][1].startswith("“Names (user)”: ")
    practice.switches.faults = []
    desk.again()
    desk.forget()
    again.retry(journal, desk.session)
    assert desk.run(journal) == "finished"
    assert desk.reads == 4 and exports.missing(journal) == []
    workbook.write(journal, target)
    head, *rows = openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True)
    assert {row[head.index("Email")] for row in rows} == {user.email for user in buyers(practice).values()}


def test_an_export_of_everything_takes_its_names_from_its_own_pages(desk, target):
    found = estimates.look("everything", {}, desk.session)
    assert found.names == 0
    desk.forget()
    fetch(desk, "everything", target)
    assert walks(desk)["GET users"] == 4 and "GET users/{user}" not in walks(desk)
    book = openpyxl.load_workbook(target, read_only=True)
    head, *rows = book["Payments"].iter_rows(values_only=True)
    assert rows and all(row[head.index("Email")] for row in rows)


@pytest.mark.parametrize(
    "entry_id", ["payments", "event-logs", "posts", "progress", "user-roles", "promotions"]
)
def test_the_cost_of_names_is_told_before_the_start(desk, entry_id, target):
    found = estimates.look(entry_id, {}, desk.session)
    desk.forget()
    fetch(desk, entry_id, target)
    assert found.requests == pytest.approx(desk.reads, rel=0.1, abs=2)
    assert ("to look up names" in found.cost("1 s")) == bool(found.names)


def test_the_preview_shows_names(desk):
    found = estimates.look("payments", {}, desk.session)
    at = [place for place, _title in found.columns].index("user_id:email")
    assert any("@" in row[at] for row in found.rows) and all(row[at] for row in found.rows)


# Fields of users ---------------------------------------------------------------------------------------------------


ABOUT_USERS = [
    "payments", "course-users", "grades", "enrollments", "progress", "event-logs", "posts", "space-users",
    "user-subscriptions", "user-roles", "seat-users", "group-users", "affiliates", "leads", "coupon-usage",
]  # fmt: skip


@pytest.mark.parametrize("entry_id", ABOUT_USERS)
def test_a_field_of_the_user_can_be_added_to_any_export_about_users(desk, practice, entry_id, target):
    entry = EXPORTS[entry_id]
    columns = with_fields(entry, (), ["department", "Company"], desk.session)
    found = records(fetch(desk, entry_id, target, columns=columns))
    by_id = practice.school.by_id
    filled = 0
    for one in found:
        if one["User ID"] is not None:
            fields = by_id[one["User ID"]].fields
            assert one["Department"] == fields.get("cf_department") and one["Company"] == fields.get(
                "company"
            )
            filled += one["Department"] is not None
    assert filled


def test_fields_stand_after_the_name_and_are_added_once(desk):
    entry = EXPORTS["event-logs"]
    found = with_fields(
        entry, ("created", "user.id:email", "activity"), ["cf_department", "tags"], desk.session
    )
    assert found == ["created", "user.id:email", "user.id:fields.cf_department", "user.id:tags", "activity"]
    again = with_fields(entry, found, ["Department"], desk.session)
    assert again == found


def test_a_field_that_is_a_column_already_is_not_added_twice(desk, target):
    entry = EXPORTS["course-users"]
    assert with_fields(entry, (), ["tags"], desk.session) == places(entry)
    assert with_fields(entry, ("id:email",), ["tags"], desk.session) == ["id:email", "tags"]
    users = EXPORTS["users"]
    assert with_fields(users, (), ["department"], desk.session) == []
    columns = with_fields(users, ("email",), ["department"], desk.session)
    assert fetch(desk, "users", target, columns=columns)[0][:2] == ["Email", "Department"]
    columns = with_fields(EXPORTS["leads"], (), ["created"], desk.session)
    head = fetch(desk, "leads", target, columns=columns)[0]
    assert "User: Registered" in head and len(set(head)) == len(head)


def test_a_field_that_no_user_has_is_refused_with_those_there_are(desk):
    with pytest.raises(UserError, match="no field “departmint”") as error:
        with_fields(EXPORTS["payments"], (), ["departmint"], desk.session)
    assert "Department" in error.value.hint
    with pytest.raises(UserError, match="isn't about users"):
        with_fields(EXPORTS["courses"], (), ["department"], desk.session)
