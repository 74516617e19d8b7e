"""The other way round: switches whose default the other tests already show."""

import dataclasses
from pathlib import Path

import pytest

from lwdesk.practice.switches import Switches


def test_every_switch_is_turned_in_some_test():
    texts = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [one.name for one in dataclasses.fields(Switches) if one.name not in texts] == []


@pytest.mark.parametrize(
    "bad", [{"limit": 1}, {"latency": "1"}, {"dialect": "2024"}, {"retry_after_seconds": 1.5}]
)
def test_nothing_is_set_where_one_value_is_wrong(bad):
    switches = Switches()
    with pytest.raises(ValueError, match="cannot be"):
        switches.update({"sustained": True, **bad})
    assert switches == Switches()


def test_timestamps_may_be_whole(practice, client):
    practice.switches.whole_timestamps = True
    rows = client("GET users").json()["data"] + client("GET courses").json()["data"]
    assert all(isinstance(row["created"], int) for row in rows)


def test_suspended_learners_may_be_shown(practice, client, learner):
    client.enroll(learner.id, "gdpr")
    learner.suspended = practice.switches.suspended_in_products = True
    listed = client("GET courses/gdpr/users", items_per_page=200).json()["data"]
    assert learner.id in [user["id"] for user in listed]


def test_an_update_may_demote(practice, client):
    practice.switches.admin_defaults_false = True
    assert client(f"PUT users/{practice.school.users[0].id}", {}).json()["is_admin"] is False


def test_repeats_may_be_refused(practice, client, learner):
    practice.switches.repeats_refused = True
    seat = next(one for one in practice.school.seats.values() if one.free_seats > 10)
    seats = [{}, {"add_to_active_seat": True}]
    calls = [
        (f"PUT users/{learner.id}/tags", {"tags": ["a"], "action": "attach"}),
        (f"PUT users/{learner.id}/tags", {"tags": ["a"], "action": "detach"}),
        (f"PUT users/{learner.id}/suspend", None),
        (f"PUT users/{learner.id}/unsuspend", None),
        *((f"POST seats/{seat.id}/users/{learner.id}", body) for body in seats),
    ]
    for call in calls:
        assert [client(*call).status_code for _ in range(2)] == [200, 400]


def test_names_and_codes_may_be_unique_elsewhere(practice, client):
    practice.switches.update({"codes_per_promotion": True, "promotion_names_unique": True})
    one, other = (client("POST promotions", {"name": name}).json()["id"] for name in "AB")
    assert client("POST promotions", {"name": "A"}).status_code == 422
    statuses = [
        client(f"POST promotions/{id}/coupons", {"code": "C"}).status_code for id in (one, one, other)
    ]
    assert statuses == [200, 422, 200]


def test_unknown_members_may_be_refused(practice, client):
    practice.switches.unknown_uids_refused = True
    space = next(iter(practice.school.spaces))
    body = {"uids": ["nobody@example.org", practice.school.users[-1].id]}
    assert client(f"POST community/spaces/{space}/users", body).status_code == 422


@pytest.mark.parametrize(
    ("form", "keys"),
    [("users", {"users"}), ("user", {"user"}), ("one user", {"user"}), ("both", {"user", "users"})],
)
def test_added_users_may_be_named_in_several_ways(practice, client, form, keys):
    practice.switches.added_users = form
    space = next(iter(practice.school.spaces))
    outside = [u.id for u in practice.school.users if not u.suspended][-2:]
    answer = client(f"POST community/spaces/{space}/users", {"uids": outside}).json()
    assert answer["data"].keys() - {"invitation"} == keys


def test_pages_may_come_in_other_shapes(practice, client):
    shown = client("GET users").json()
    practice.switches.shape = "bare"
    assert client("GET users").json() == shown["data"]
    practice.switches.shape = "bare named"
    assert client("GET users").json() == {"data": shown["data"]}
    practice.switches.shape = "uncounted"
    assert client("GET users").json()["meta"].keys() == {"page", "itemsPerPage"}


def test_completion_may_certify(practice, client, learner):
    practice.switches.complete_certifies = True
    body = {"send_course_complete_email": False, "units": []}
    client(f"POST users/{learner.id}/courses/gdpr/complete", body)
    mine = client("GET certificates", user_id=learner.id).json()["data"]
    assert [row["course_id"] for row in mine] == ["gdpr"]


def test_an_empty_text_may_leave_a_field_as_it_is(practice, client):
    ana = practice.school.users[5]
    ana.fields["location"] = "Athens"
    practice.switches.fields_kept = True
    client(f"PUT users/{ana.id}", {"fields": {"location": "", "company": "Ltd"}})
    assert (ana.fields["location"], ana.fields["company"]) == ("Athens", "Ltd")


def test_the_answer_of_an_update_may_not_show_the_fields(practice, client):
    path = f"PUT users/{practice.school.users[5].id}"
    assert "fields" in client(path, {"fields": {"company": "Ltd"}}).json()
    practice.switches.answers_fields = False
    assert "fields" not in client(path, {"fields": {"company": "Inc"}}).json()
