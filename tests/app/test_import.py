"""Importing, from the workbook to what the school holds."""

from tests.app.desk import HEADERS, roster, state, words


def test_a_mixed_roster_is_carried_out_and_a_second_import_sends_nothing(desk, practice):
    rows = roster(practice)
    journal = desk.do(HEADERS, *rows)
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
    journal = desk.do(HEADERS, *rows, name="again.xlsx")
    assert words(journal) == ["unchanged"] * 5
    assert desk.writes == {}
    assert state(practice) == after
