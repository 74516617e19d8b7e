"""Users: what a create, an update, tags and a suspension do, and the switches where nobody knows."""

import pytest

from lwdesk.practice.users import in_segment


def test_a_new_user_is_first_in_the_list_and_found_by_both_keys(practice, client):
    made = client.create(
        "Ünï.Code@example.org", tags=["a", "a", "b"], fields={"company": "X", "cf_nope": "1"}
    )
    assert made.status_code == 201
    user = made.json()
    assert user["tags"] == ["a", "b"]
    assert user["fields"]["company"] == "X"
    assert "cf_nope" not in user["fields"]
    assert client("GET users").json()["data"][0] == user
    assert client("GET users/ünï.code@EXAMPLE.org").json() == user
    assert practice.school.users[-1].email == "Ünï.Code@example.org"


def test_an_email_is_taken_whatever_its_case_and_even_if_suspended(practice, client):
    uid = client.create("one@example.org").json()["id"]
    assert client.create("ONE@example.org").json() == {
        "error": "The email is already in use by another user."
    }
    client(f"PUT users/{uid}/suspend")
    assert client.create("one@example.org").status_code == 400
    practice.switches.existing_email = "return"
    again = client.create("one@example.org")
    assert (again.status_code, again.json()["id"]) == (200, uid)


def test_switches_about_creation(practice, client):
    assert client.create("a@example.org").status_code == client.create("b@example.org").status_code == 201
    practice.switches.update(
        {"unique_usernames": True, "check_passwords": True, "unknown_fields_refused": True}
    )
    assert client.create("c@example.org").status_code == 400
    assert client.create("c@example.org", username="c", password="12345").status_code == 422
    assert client.create("c@example.org", username="c", fields={"cf_nope": "1"}).status_code == 422
    assert client.create("c@example.org", username="c", signup_validation_rules=True).status_code == 422
    good = {"signup_validation_rules": True, "fields": {"cf_department": "R&D"}, "password": "123456"}
    assert client.create("c@example.org", username="c", **good).status_code == 201
    practice.switches.shortest_username = 3
    assert client.create("d@example.org", username="dd", **good).status_code == 422
    assert client.create("d@example.org", username="ddd", **good).status_code == 201


def test_update_changes_only_what_is_sent(client, learner):
    client(f"PUT users/{learner.id}", {"fields": {"phone": "007", "company": "X"}, "tags": ["t"]})
    client(f"PUT users/{learner.id}", {"email": "other@example.org", "fields": {"phone": ""}})
    user = client("GET users/other%40example.org").json()
    assert (user["fields"]["phone"], user["fields"]["company"], user["tags"]) == (None, "X", ["t"])
    assert client("GET users/learner%40example.org").status_code == 404


def test_update_may_replace_fields_and_merge_tags(practice, client, learner):
    learner.fields, learner.tags = {"company": "X"}, ["old"]
    practice.switches.update({"fields_replace": True, "tags_merge": True})
    client(f"PUT users/{learner.id}", {"fields": {"phone": "1"}, "tags": ["new"]})
    assert (learner.fields, learner.tags) == ({"phone": "1"}, ["old", "new"])


def test_a_refused_update_changes_nothing(practice, client, learner):
    taken = practice.school.users[3].email
    assert client(f"PUT users/{learner.id}", {"email": taken, "username": "x"}).status_code == 400
    assert (learner.email, learner.username) == ("learner@example.org", "New User")


def test_is_admin_is_kept_when_left_out(practice, client):
    admin = practice.school.users[0]
    client(f"PUT users/{admin.id}", {"username": "Chief"})
    assert client(f"GET users/{admin.id}").json()["is_admin"] is True
    client(f"PUT users/{admin.id}", {"is_admin": False})
    assert client(f"GET users/{admin.id}").json()["role"]["level"] == "user"


def test_tags_are_exact_and_repeating_changes_nothing(client, learner):
    tag = f"PUT users/{learner.id}/tags"
    for _ in range(2):
        assert client(tag, {"tags": ["A", "a"], "action": "attach"}).json()["tags"] == ["A", "a"]
    for _ in range(2):
        assert client(tag, {"tags": ["a", "zzz"], "action": "detach"}).json()["tags"] == ["A"]


def test_suspended_users_are_hidden_unless_asked_for(client, learner):
    for _ in range(2):
        assert client(f"PUT users/{learner.id}/suspend").json()["is_suspended"] is True
    assert client(f"GET users/{learner.id}").status_code == 404
    assert client(f"GET users/{learner.id}", include_suspended="true").status_code == 200
    hidden, every = client("GET users").json()["meta"], client("GET users", include_suspended="true").json()
    assert hidden["totalItems"] < every["meta"]["totalItems"]
    suspended = client("GET users", status="suspended").json()["data"]
    assert learner.id in [user["id"] for user in suspended]
    assert all(user["is_suspended"] for user in suspended)
    assert client("PUT users/learner%40example.org/unsuspend").json()["is_suspended"] is False


def test_an_administrator_cannot_be_suspended(practice, client):
    assert client(f"PUT users/{practice.school.users[0].id}/suspend").status_code == 403


@pytest.mark.parametrize(
    ("query", "test"),
    [
        ({"status": "paying"}, lambda user, school: user.paying),
        ({"status": "non_paying"}, lambda user, school: not user.paying),
        ({"status": "never_logged_in"}, lambda user, school: user.last_login is None),
        ({"role": "instructor"}, lambda user, school: school.level(user) == "instructor"),
        ({"tags": "vip,alumni"}, lambda user, school: bool({"vip", "alumni"} & {*user.tags})),
        ({"cf_department": "R&D"}, lambda user, school: user.fields.get("cf_department") == "R&D"),
        (
            {"status": "paying", "role": "user"},
            lambda user, school: user.paying and school.level(user) == "user",
        ),
    ],
)
def test_filters_agree_with_the_state(practice, client, query, test):
    got = client("GET users", items_per_page=200, **query).json()["data"]
    school = practice.school
    wanted = [user.id for user in school.users if not user.suspended and test(user, school)][::-1]
    assert wanted
    assert [user["id"] for user in got] == wanted


def test_both_readings_of_filters(practice, client, learner):
    learner.tags, learner.fields = ["x", "y"], {"cf_department": "R&D lab"}
    found = lambda **query: [user["id"] for user in client("GET users", **query).json()["data"]]  # noqa: E731
    assert found(tags="x,z") == [learner.id]
    assert learner.id not in found(cf_department="R&D")
    practice.switches.update({"tags_all": True, "custom_contains": True})
    assert found(tags="x,z") == []
    assert found(tags="x,y") == [learner.id]
    assert found(cf_department="&D lab") == [learner.id]


def test_bounds_are_inclusive_or_not(practice, client):
    user = practice.school.users[10]
    query = {"registration_after": repr(user.created), "registration_before": repr(user.created)}
    assert [row["id"] for row in client("GET users", **query).json()["data"]] == [user.id]
    practice.switches.bounds_inclusive = False
    assert client("GET users", **query).json()["data"] == []


def test_segments_hold_who_fits(practice, client):
    for segment in client("GET users/segments").json()["data"]:
        rule = practice.school.segments[segment["id"]]
        wanted = {
            user.id
            for user in practice.school.users
            if in_segment(practice.school, user, rule) and not user.suspended
        }
        got = client("GET users/by-segment", segment_id=segment["id"]).json()
        assert got["meta"]["totalItems"] == len(wanted)
    assert client("GET users/by-segment", segment_id="nope").status_code == 404


def test_names_are_shown_by_newer_schools_only(practice, client, learner):
    assert client(f"GET users/{learner.id}").json()["first_name"] == "New"
    practice.switches.dialect = "2025"
    assert "first_name" not in client(f"GET users/{learner.id}").json()
