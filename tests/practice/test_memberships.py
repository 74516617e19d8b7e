"""Seat offerings and groups: room, tags, courses, leaving."""

import pytest


@pytest.fixture
def offering(client):
    body = {"title": "Team", "products": {"courses": ["gdpr"]}, "number_of_seats": 1}
    body |= {"max_number_of_users": 2, "tags": ["team"]}
    return client("POST seats", body).json()["id"]


@pytest.fixture
def people(client):
    return [client.create(f"member{n}@example.org").json()["id"] for n in range(3)]


def test_seats_and_places_fill_up(client, offering, people):
    join = f"POST seats/{offering}/users/"
    assert client(join + people[0], {"add_to_active_seat": True}).json() == {"success": True}
    assert client(join + people[0], {"add_to_active_seat": True}).status_code == 200
    full = client(join + people[1], {"add_to_active_seat": True})
    assert (full.status_code, full.json()) == (422, {"error": "There are no available seats."})
    assert client(join + people[1], {}).status_code == 200
    assert client(join + people[2], {}).status_code == 422
    shown = client(f"GET seats/{offering}").json()
    assert (shown["available_seats"], shown["total_enrollments"]) == (0, 1)


def test_a_member_gets_the_tags_and_with_a_seat_the_courses(client, practice, offering, people):
    client(f"POST seats/{offering}/users/{people[0]}", {})
    user = practice.school.by_id[people[0]]
    assert (user.tags, user.holds) == (["team"], {})
    client(f"POST seats/{offering}/users/{people[0]}", {"add_to_active_seat": True})
    assert list(user.holds) == [("course", "gdpr")]


def test_giving_up_a_seat_is_not_leaving(client, practice, offering, people):
    one = f"seats/{offering}/users/{people[0]}"
    client(f"POST {one}", {"add_to_active_seat": True})
    assert client(f"DELETE {one}").status_code == 204
    assert client(f"GET users/{people[0]}/seats").json()[0]["active"] is False
    assert client(f"DELETE {one}", {"remove_from_seat_offering": True}).status_code == 204
    assert client(f"DELETE {one}", {"remove_from_seat_offering": True}).status_code == 404
    assert practice.school.by_id[people[0]].holds


def test_leaving_may_end_the_enrollments(client, practice, offering, people):
    practice.switches.removal_unenrolls = True
    client(f"POST seats/{offering}/users/{people[0]}", {"add_to_active_seat": True})
    client(f"DELETE seats/{offering}/users/{people[0]}", {"remove_from_seat_offering": True})
    assert not practice.school.by_id[people[0]].holds


def test_a_group_enrolls_its_members_if_it_says_so(client, practice, people):
    body = {"title": "G", "products": {"courses": ["gdpr", "welcome"]}, "enroll_users_on_courses": True}
    group = client("POST user_groups", body).json()["id"]
    client(f"POST user_groups/{group}/users/{people[0]}")
    assert {id for _, id in practice.school.by_id[people[0]].holds} == {"gdpr", "welcome"}
    client(f"PUT user_groups/{group}", body | {"enroll_users_on_courses": False})
    client(f"POST user_groups/{group}/users/{people[1]}")
    assert not practice.school.by_id[people[1]].holds


def test_unknown_courses_and_managers_are_refused(client):
    body = {"title": "G", "products": {"courses": ["nope"]}}
    assert client("POST user_groups", body).status_code == 422
    body = {"title": "G", "products": {"courses": ["gdpr"]}, "group_managers": ["nope"]}
    assert client("POST user_groups", body).status_code == 422


def test_both_dialects_of_members(client, practice, offering, people):
    empty = next(one.id for one in practice.school.groups.values() if not one.members)
    listed = f"GET user_groups/{empty}/users"
    assert client(listed).json() == {"error": "Users not found"}
    client(f"POST user_groups/{empty}/users/{people[0]}")
    assert client(listed).json()["meta"]["totalItems"] == 1
    assert client(f"GET users/{people[0]}/user-groups").json()["data"]["user_groups"][0]["id"] == empty
    practice.switches.dialect = "2025"
    assert [user["id"] for user in client(listed).json()] == [people[0]]
    assert client(f"GET users/{people[0]}/user-groups").json()[0]["id"] == empty
    assert client(f"GET seats/{offering}/users").json() == []
    practice.switches.seat_members_paged = True
    assert client(f"GET seats/{offering}/users").json()["data"] == []


def test_a_deletion_is_a_job_and_newer_schools_only(client, practice, clock, offering):
    practice.switches.job_delay = 2.0
    result = client(f"DELETE seats/{offering}")
    assert (result.status_code, result.json()["async"]) == (202, True)
    assert client(f"GET seats/{offering}").status_code == 200
    clock.seconds += 2
    assert client(f"GET seats/{offering}").status_code == 404
    practice.switches.dialect = "2025"
    assert client(f"DELETE seats/{next(iter(practice.school.seats))}").status_code == 405


def test_some_offerings_of_the_data_are_full_or_nearly(practice):
    assert sorted(one.free_seats for one in practice.school.seats.values())[:3] == [0, 0, 1]
