"""Undo: the school as it was before, but for what cannot be undone or was changed since."""

import pytest

from lwdesk.app.exporting import exports
from lwdesk.app.job import again, undo
from lwdesk.base.errors import UserError
from lwdesk.practice.switches import Fault
from tests.app.desk import HEADERS, idle, roster, row_results, state, words


def plain_seats(practice):
    """Seat offerings that put no tags on their members and bring no courses: the school's own doing is not undone."""
    for circle in practice.school.seats.values():
        circle.tags, circle.courses = [], []


def without(found, *emails):
    """A school's state, some users left out."""
    return found | {"people": {user: facts for user, facts in found["people"].items() if user not in emails}}


NEW = ("new@example.org", "second@example.org")


def test_undo_brings_back_what_was_before(desk, practice):
    plain_seats(practice)
    before = state(practice)
    journal = desk.run_import(HEADERS, *roster(practice))
    undoing = desk.undo(journal)
    assert without(state(practice), *NEW) == before
    rows = row_results(undoing)
    assert [row.outcome for row in rows.values()] == ["done", "done", "done", "skipped", "done"]
    assert "can't be undone: LearnWorlds doesn't let other apps delete users" in rows[2].message
    assert "unenrolled from Workplace Safety" in rows[2].message
    assert "updated: Company Changed Ltd → –" in rows[3].message
    assert rows[5].message == "This row changed nothing."
    new = practice.school.find_user(NEW[0])
    assert not new.holds or {kind for kind, _id in new.holds} == {"course"}


def test_what_is_undone_last_was_done_first(desk, practice):
    journal = desk.run_import(HEADERS, *roster(practice))
    undoing = desk.undo(journal)
    order = [
        int(about) for (about,) in undoing.ask("SELECT about FROM step WHERE call IS NOT NULL ORDER BY call")
    ]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Company", "New Ltd"),
        ("Username", "Another Name"),
        ("Marketing emails", "yes"),
        ("Marketing emails", "no"),
        ("Administrator", "yes"),
        ("New email", "another@example.org"),
        ("First click UTM source", "fair"),
        ("Department", "Sales"),
    ],
)
@pytest.mark.parametrize("number", [12, 20, 33, 47])
def test_every_kind_of_value_comes_back(desk, practice, column, value, number):
    user = practice.school.users[number]
    before = state(practice)
    journal = desk.run_import(("User", column), (user.id, value), operation="update-user")
    if words(journal) == ["unchanged"]:
        return
    changed = state(practice)
    assert changed != before
    assert words(desk.undo(journal)) == ["done"]
    if column == "Marketing emails" and before["people"][user.email][1] is None:
        assert user.subscribed is False  # the service has no word for "never asked"
    else:
        assert state(practice) == before


def test_undo_of_an_undo_does_it_again(desk, practice):
    journal = desk.run_import(HEADERS, *roster(practice))
    after = state(practice)
    undoing = desk.undo(journal)
    redoing = desk.undo(undoing)
    assert state(practice) == after
    assert words(redoing) == ["done", "done", "done", "skipped", "done"]


def test_what_was_changed_since_is_left_alone_with_a_note(desk, practice):
    journal = desk.run_import(HEADERS, *roster(practice))
    school = practice.school
    old, other = (school.find_user(row["Email"]) for row in (roster_row(journal, 3), roster_row(journal, 4)))
    new = school.find_user(NEW[0])
    old.fields["company"] = "Changed again Ltd"
    other.tags.remove("autumn")
    school.take(other, "course", "safety-101")
    now = state(practice)
    undoing = desk.undo(journal)
    rows = row_results(undoing)
    assert old.fields["company"] == "Changed again Ltd"
    assert "edited it in the meantime: “Company”" in rows[3].message
    assert rows[4].outcome == "unchanged"
    assert rows[4].message == "not enrolled in Workplace Safety · doesn't have tag autumn"
    assert without(state(practice), new.email, old.email, NEW[1]) == without(
        now, new.email, old.email, NEW[1]
    )


def roster_row(journal, number):
    return {"Email": next(row for row in journal.rows() if row.number == number).values["email"]}


def test_a_call_of_two_rows_is_undone_once(desk, practice):
    user = idle(practice)[0]
    before = state(practice)
    rows = ((user.email, "autumn"), (user.email, "winter"), (user.email, "autumn"))
    journal = desk.run_import(("User", "Tags"), *rows, operation="tag")
    assert desk.writes == {"PUT users/{user}/tags": 1}
    desk.forget()
    undoing = desk.undo(journal)
    assert desk.writes == {"PUT users/{user}/tags": 1}
    assert words(undoing) == ["done", "done", "done"]
    assert state(practice) == before


def test_only_what_was_carried_out_is_undone(desk, practice):
    first, second = idle(practice)[:2]
    practice.switches.faults = [Fault("success false", "POST", f"{first.id}/enrollment$")]
    rows = [(user.email, "Workplace Safety") for user in (first, second)]
    journal = desk.run_import(("User", "Product"), *rows, operation="enroll")
    assert words(journal) == ["failed", "done"]
    practice.switches.faults = []
    desk.forget()
    undoing = desk.undo(journal)
    assert words(undoing) == ["skipped", "done"]
    assert desk.writes == {"DELETE users/{user}/enrollment": 1}


def test_an_undo_that_failed_in_part_is_retried_as_an_undo(desk, practice):
    plain_seats(practice)
    before = state(practice)
    journal = desk.run_import(HEADERS, *roster(practice))
    practice.switches.faults = [Fault("success false", "DELETE"), Fault("success false", "PUT")]
    undoing = desk.undo(journal)
    assert words(undoing)[:3] == ["failed", "failed", "failed"]
    practice.switches.faults = []
    desk.retry(undoing)
    assert without(state(practice), *NEW) == before
    assert words(undoing) == ["done", "done", "done", "skipped", "done"]


def test_what_has_nothing_to_undo_is_told(desk, practice):
    journal = desk.run_import(("User", "Tags"), ("nobody@example.org", "autumn"), operation="tag")
    assert words(journal) == ["failed"]
    with pytest.raises(UserError, match="nothing to undo"):
        undo.create(desk.home, journal, desk.session)
    export = exports.create(desk.home, "users", {}, desk.session, desk.folder / "out.xlsx")
    assert desk.run(export) == "finished"
    with pytest.raises(UserError, match="nothing to undo"):
        undo.create(desk.home, export, desk.session)


def test_an_undo_whose_job_was_forgotten_is_told(desk, practice):
    journal = desk.run_import(HEADERS, *roster(practice))
    practice.switches.faults = [Fault("success false", "DELETE")]
    undoing = desk.undo(journal)
    journal.remove()
    with pytest.raises(UserError, match="no job"):
        again.retry(undoing, desk.session)


def test_a_subscription_that_was_taken_cannot_be_given_back_without_its_length(desk, practice):
    user = next(
        u for u in practice.school.users if ("subscription", "monthly-plan") in u.holds and not u.suspended
    )
    journal = desk.run_import(("User", "Product"), (user.email, "Monthly Membership"), operation="unenroll")
    assert words(journal) == ["done"]
    undoing = desk.undo(journal)
    [row] = row_results(undoing).values()
    assert row.outcome == "failed"
    assert "“Monthly Membership” needs “Duration”, “Duration unit”" in row.message
    assert "doesn't say how long the enrollment was" in row.message
