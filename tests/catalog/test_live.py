"""Cases of single operations that only show with a school."""

import pytest

from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app.desk import Desk, row_results, state, words


@pytest.fixture
def practice():
    with Practice(users=60, limit=False) as school:
        yield school


@pytest.fixture
def desk(tmp_path, practice):
    found = Desk(tmp_path, practice)
    yield found
    found.close()


@pytest.fixture
def user(practice):
    return next(u for u in practice.school.users if u.role and not u.suspended and not u.holds and not u.tags)


def test_two_rows_on_one_person_share_a_call_and_are_undone_together(desk, practice, user):
    before = state(practice)
    job = desk.run_import(
        ("User", "Company", "Location"),
        (user.email, "Acme", ""),
        (user.id, "", "Oslo"),
        operation="update-user",
    )
    assert words(job) == ["done", "done"]
    assert (user.fields["company"], user.fields["location"]) == ("Acme", "Oslo")
    assert desk.writes == {"PUT users/{user}": 1}
    assert words(desk.undo(job)) == ["done", "done"]
    assert state(practice) == before


def test_a_person_with_a_new_email_gets_the_old_one_back(desk, practice, user):
    old = user.email
    job = desk.run_import(("User", "New email"), (old, "fresh@example.org"), operation="update-user")
    assert (words(job), user.email) == (["done"], "fresh@example.org")
    assert words(desk.undo(job)) == ["done"]
    assert user.email == old


def test_marketing_that_was_never_asked_for_is_off_again(desk, user):
    user.subscribed = None
    job = desk.run_import(("User", "Newsletter"), (user.email, "yes"), operation="update-user")
    assert user.subscribed is True
    assert words(desk.undo(job)) == ["done"]
    assert user.subscribed is False


@pytest.mark.parametrize("operation", ["roster", "save-user"])
def test_tags_of_people_who_are_there_are_kept_too(desk, practice, user, operation):
    rows = ((user.email, "autumn; vip"), ("nia@example.org", "autumn"))
    job = desk.run_import(("Email", "Tags"), *rows, operation=operation)
    assert words(job) == ["done", "done"]
    assert user.tags == ["autumn", "vip"]
    assert practice.school.find_user("nia@example.org").tags == ["autumn"]
    assert desk.writes == {"PUT users/{user}/tags": 1, "POST users": 1}


def test_a_row_that_repeats_another_is_one_call(desk, practice):
    row = ("nia@example.org", "Nia", "Okafor", "autumn", "Workplace Safety", "Ltd")
    headers = ("Email", "First name", "Last name", "Tags", "Courses", "Company")
    job = desk.run_import(headers, row, row)
    assert words(job) == ["done", "done"], row_results(job)
    assert desk.writes == {"POST users": 1, "POST users/{user}/enrollment": 1}
    promotion = next(iter(practice.school.promotions.values()))["name"]
    desk.forget()
    job = desk.run_import(
        ("Promotion", "Code"), (promotion, "TWICE"), (promotion, "TWICE"), operation="create-coupon"
    )
    assert words(job) == ["done", "done"], row_results(job)
    assert desk.writes == {"POST promotions/{promotion}/coupons": 1}


def test_many_codes_of_which_some_calls_failed_are_completed_by_a_retry(desk, practice):
    promotion = next(iter(practice.school.promotions.values()))
    had = len(promotion["coupons"])
    practice.switches.faults = [Fault("500", "POST", "coupons-bulk", skip=1, times=4)]
    headers, row = ("Promotion", "Prefix", "Quantity"), (promotion["name"], "many", 250)
    job = desk.run_import(headers, row, operation="bulk-coupons")
    made = len(promotion["coupons"]) - had
    assert words(job) == ["failed"] and 0 < made < 250, row_results(job)
    practice.switches.faults = []
    desk.retry(job)
    assert words(job) == ["done"], row_results(job)
    assert len(promotion["coupons"]) - had == 250


def test_the_first_name_beside_a_name_is_not_lost(desk, practice):
    job = desk.run_import(("Name", "Vorname", "E-Mail"), ("Okafor", "Nia", "nia@example.org"))
    assert words(job) == ["done"]
    assert practice.school.find_user("nia@example.org").username == "Nia Okafor"
