"""Many users in one call to a space: few calls, and every row's own outcome, whatever becomes of an answer."""

import pytest

from lwdesk.app.importing.batch import named
from lwdesk.app.importing.summary import summary
from lwdesk.practice.switches import Fault
from tests.app.desk import row_results, state, words

HEADERS = ("User", "Space")
ADDING = "POST community/spaces/{space}/users"
PATH = "/users$"


@pytest.fixture
def room(practice):
    """A space that nobody is in."""
    space = next(s for s in practice.school.spaces.values() if not s["is_invitation_required"])
    space["members"] = {}
    return space


def people(practice, count):
    found = [u for u in practice.school.users if not u.suspended][:count]
    assert len(found) == count
    return found


def rows(practice, room, count):
    return [(user.email, room["title"]) for user in people(practice, count)]


def inside(room):
    return {user for user, word in room["members"].items() if word in ("joined", "invited")}


def test_rows_of_one_space_go_out_in_few_calls_and_come_back_the_same_way(desk, practice, room):
    before = state(practice)
    rooms = rows(practice, room, 120)
    journal = desk.run_import(HEADERS, *rooms, operation="add-to-space")
    assert words(journal) == ["done"] * 120 and desk.writes == {ADDING: 3}
    assert [len(call.body["uids"]) for call in journal.calls()] == [50, 50, 20]
    assert inside(room) == {user.id for user in people(practice, 120)}
    assert row_results(journal)[2].message == f"added to space {room['title']}"
    desk.forget()
    again = desk.run_import(HEADERS, *rooms, operation="add-to-space", name="again.xlsx")
    assert words(again) == ["unchanged"] * 120 and desk.writes == {}
    desk.undo(journal)
    assert state(practice) == before
    assert desk.writes == {"DELETE community/spaces/{space}/users/{member}": 120}


def test_removing_many_is_undone_in_few_calls(desk, practice, room):
    room["members"] = {user.id: "joined" for user in people(practice, 60)}
    before = state(practice)
    journal = desk.run_import(HEADERS, *rows(practice, room, 60), operation="remove-from-space")
    assert not inside(room)
    desk.forget()
    undone = desk.undo(journal)
    assert words(undone) == ["done"] * 60 and desk.writes == {ADDING: 2}
    assert state(practice) == before


def test_who_left_is_added_again_and_who_was_invited_is_not(desk, practice, room):
    left, invited, deleted = people(practice, 3)
    room["members"] = {left.id: "left", invited.id: "invited", deleted.id: "deleted"}
    journal = desk.run_import(HEADERS, *rows(practice, room, 3), operation="add-to-space")
    assert words(journal) == ["done", "unchanged", "done"]


def test_the_same_person_twice_is_one_of_a_call(desk, practice, room):
    [user] = people(practice, 1)
    rooms = [(user.email, room["title"]), (user.id, room["id"]), ("nobody@example.org", room["title"])]
    journal = desk.run_import(HEADERS, *rooms, operation="add-to-space")
    assert words(journal) == ["done", "done", "failed"]
    assert [call.body["uids"] for call in journal.calls()] == [[user.id]]
    assert "no user nobody@example.org" in row_results(journal)[4].message
    assert words(desk.undo(journal)) == ["done", "unchanged", "skipped"] and not inside(room)


@pytest.mark.parametrize("refuses", [False, True])
def test_someone_who_is_gone_since_the_plan_fails_alone(desk, practice, room, refuses):
    practice.switches.unknown_uids_refused = refuses
    journal = desk.plan(HEADERS, *rows(practice, room, 20), operation="add-to-space")
    gone = people(practice, 20)[7]
    practice.school.users.remove(gone)
    for known in (practice.school.by_id, practice.school.by_email):
        known.pop(gone.id, None)
        known.pop(gone.email.lower(), None)
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done"] * 7 + ["failed"] + ["done"] * 12
    assert len(inside(room)) == 19
    message = row_results(journal)[9].message
    assert (gone.id in message) if refuses else ("no user" in message), message


def test_someone_who_joined_since_the_plan_is_unchanged_and_not_undone(desk, practice, room):
    journal = desk.plan(HEADERS, *rows(practice, room, 5), operation="add-to-space")
    early = people(practice, 5)[2]
    room["members"] = {early.id: "joined"}
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done", "done", "unchanged", "done", "done"]
    desk.undo(journal)
    assert inside(room) == {early.id}


def test_a_school_that_does_not_say_why_it_leaves_one_out(desk, practice, room):
    journal = desk.plan(HEADERS, *rows(practice, room, 3), operation="add-to-space")
    stubborn = people(practice, 3)[1]
    find, practice.school.find_user = (
        practice.school.find_user,
        lambda key: None if key == stubborn.id else find(key),
    )
    desk.run(journal)
    practice.school.find_user = find
    assert words(journal)[0] == "done" and words(journal)[1] == "failed"
    desk.retry(journal)
    assert words(journal) == ["done"] * 3 and len(inside(room)) == 3
    assert [call.body["uids"] for call in journal.calls()][1:] == [[stubborn.id]]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("effect", ["cut", "500", "empty", "success false"])
def test_a_lost_answer_in_the_middle_of_the_batches(desk, practice, room, effect, after):
    journal = desk.plan(HEADERS, *rows(practice, room, 120), operation="add-to-space")
    practice.switches.faults = [Fault(effect, "POST", PATH, times=1, skip=1, after=after)]
    assert desk.run(journal) == "finished"
    if effect == "success false" and not after:
        assert words(journal).count("failed") in (20, 50)
        desk.retry(journal)
    assert words(journal) == ["done"] * 120
    assert len(inside(room)) == 120


def test_an_answer_names_users_in_the_shapes_of_both_documents():
    user = {"id": "1", "username": "one", "status": "normal"}
    other = {"id": "2"}
    assert named({"data": {"invitation": False, "user": user}}) == ({"1"}, False)
    assert named({"data": {"users": [user, other]}}) == ({"1", "2"}, True)
    assert named({"data": {"user": [user, other], "users": user}}) == ({"1", "2"}, True)
    assert named({"data": {"user": None, "users": [other]}}) == ({"2"}, True)
    assert named([user, "x", None]) == ({"1"}, True)
    assert named({"data": []}) == named([]) == (set(), True)


@pytest.mark.parametrize("form", ["user", "one user", "both"])
def test_added_users_count_as_added_in_every_form_of_the_answer_and_are_undone(form, desk, practice, room):
    practice.switches.added_users = form
    some = people(practice, 3)
    job = desk.run_import(
        ("Email", "Space"), *((one.email, room["title"]) for one in some), operation="add-to-space"
    )
    assert words(job) == ["done"] * 3
    assert words(desk.undo(job)) == ["done"] * 3
    assert not inside(room)


def test_new_people_of_a_roster_go_along_as_soon_as_they_are_there(desk, practice, room):
    known = people(practice, 1)[0]
    headers = ("Email", "Username", "Space", "Group")
    rooms = [(f"new{n}@example.org", f"New {n}", room["title"], "Empty so far") for n in range(60)]
    rooms.append((known.email, known.username, room["title"], ""))
    journal = desk.plan(headers, *rooms)
    practice.switches.faults = [Fault("success false", "POST", "^/v2/users$", times=1)]
    assert desk.run(journal) == "finished"
    assert sorted(words(journal)) == ["done"] * 60 + ["failed"]
    assert desk.writes[ADDING] == 2 and len(inside(room)) == 60
    practice.switches.faults = []
    desk.forget()
    desk.retry(journal)
    assert words(journal) == ["done"] * 61 and len(inside(room)) == 61
    assert desk.writes == {
        "POST users": 1, ADDING: 1, "POST user_groups/{group}/users/{user}": 1,
    }  # fmt: skip


def test_a_space_that_invites_says_so_before(desk, practice):
    room = next(s for s in practice.school.spaces.values() if s["is_invitation_required"])
    room["members"] = {}
    journal = desk.plan(HEADERS, *rows(practice, room, 2), operation="add-to-space")
    assert row_results(journal)[2].message == f"added to space {room['title']}; an invitation is sent"
    plan = summary(journal, lambda _calls: 0)
    assert (plan.calls, plan.mails, plan.invitations) == (1, 0, 2)
    assert desk.run(journal) == "finished"
    assert set(room["members"].values()) == {"invited"}


def test_a_public_space_needs_its_collection(desk, practice):
    collection = next(iter(practice.school.collections.values()))["name"]
    found = [("A", "public", ""), ("B", "public", collection), ("C", "standalone", collection)]
    journal = desk.run_import(("Title", "Access", "Collection"), *found, operation="create-space")
    assert words(journal) == ["failed", "done", "failed"]
    assert row_results(journal)[2].message == "Fill in Collection for “public”."
    assert row_results(journal)[4].message == "Leave Collection blank for “standalone”."
