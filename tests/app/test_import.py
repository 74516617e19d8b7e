"""Importing, from the workbook to what the school holds."""

from lwdesk.app.importing import imports
from tests.app.desk import HEADERS, roster, state, words


def test_a_mixed_roster_is_carried_out_and_a_second_import_sends_nothing(desk, practice):
    rows = roster(practice)
    journal = desk.run_import(HEADERS, *rows)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    assert desk.writes == {
        "POST users": 2,
        "PUT users/{user}": 1,
        "PUT users/{user}/tags": 1,
        "POST users/{user}/enrollment": 4,
        "POST seats/{seat}/users/{user}": 2,
    }
    after = state(practice)
    desk.forget()
    journal = desk.run_import(HEADERS, *rows, name="again.xlsx")
    assert words(journal) == ["unchanged"] * 5
    assert desk.writes == {}
    assert state(practice) == after


def test_a_plan_made_anew_in_the_same_session_is_the_same(desk, practice):
    journal = desk.create(HEADERS, *roster(practice))
    first = imports.plan(journal, desk.session)
    calls = [(call.op, call.body) for call in journal.calls()]
    second = imports.plan(journal, desk.session)
    assert (second.create, second.update, second.unchanged, second.operations) == (
        first.create,
        first.update,
        first.unchanged,
        first.operations,
    )
    assert [(call.op, call.body) for call in journal.calls()] == calls
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
