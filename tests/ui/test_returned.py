"""An export dropped back on the window: recognised, reviewed before → after, conflicts shown, only edits sent."""

import openpyxl
import pytest

from lwdesk.ui.pages.import_page import CHECK, FILE, MATCH, RESULTS, REVIEW, RUN, WHAT
from tests.ui.actions import TIMEOUT_MS, drop_file, go_to_step


@pytest.fixture
def export(connected, qtbot, tmp_path):
    """The users of the school, exported through the window's own desk."""
    target = tmp_path / "Users.xlsx"
    started = []
    connected.work.ask(
        *("exports.start", "Riverside", "users", {}, str(target)),
        done=started.append,
        failed=started.append,
    )
    qtbot.waitUntil(lambda: bool(started), timeout=TIMEOUT_MS)
    qtbot.waitUntil(target.exists, timeout=TIMEOUT_MS)
    return target


def edit(path, *changes):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, places["Id"]).value: row for row in range(2, sheet.max_row + 1)}
    for key, heading, value in changes:
        sheet.cell(rows[key], places[heading]).value = value
    book.save(path)


def cells(view):
    """The lines of the table of the review."""
    model = view.model
    return [[model.cell(line, place).text for place in range(5)] for line in range(model.rowCount())]


def test_an_export_that_comes_back_is_recognised_and_only_its_edits_are_sent(
    connected, practice, export, qtbot
):
    ana, ben = practice.school.users[5:7]
    was = ben.username
    edit(export, (ana.id, "Username", "Ana of the Sheet"), (ben.id, "Username", "Ben of the Sheet"))
    ben.username = "Ben of the School"
    practice.api.counts.clear()
    page = drop_file(connected, export)
    go_to_step(page, qtbot, WHAT)
    words = page.parts[FILE].notes.text()
    assert "An export from “Riverside”" in words and "only edited cells are sent" in words
    assert (
        page.wizard.operation == "edit-users"
        and page.parts[WHAT]._guessed.text() == "You edited an lwdesk export"
    )
    go_to_step(page, qtbot, MATCH)
    qtbot.waitUntil(lambda: page.wizard.matching is not None, timeout=TIMEOUT_MS)
    lines = {line.header: line for line in page.wizard.matching.lines}
    assert (lines["Email"].column, lines["Registered"].column) == ("new_email", "")
    assert not page.parts[MATCH].template.isVisible(), "there is no template of an export"
    go_to_step(page, qtbot, CHECK)
    qtbot.waitUntil(lambda: page.wizard.findings is not None, timeout=TIMEOUT_MS)
    assert page.wizard.findings.ready == 2 and "were not edited" in page.words.text()
    assert not page.parts[CHECK].hint()
    go_to_step(page, qtbot, REVIEW)
    qtbot.waitUntil(lambda: page.wizard.review is not None, timeout=TIMEOUT_MS)
    plan = page.wizard.review.plan
    assert (plan.calls, plan.update, plan.conflict) == (1, 1, 1)
    view = page.parts[REVIEW].view
    for chip in view._kinds.buttons():
        if chip.property("which") == "conflict":
            chip.click()
    qtbot.waitUntil(
        lambda: view.model.rowCount() == 1 and bool(view.model.cell(0, 3).text), timeout=TIMEOUT_MS
    )
    assert cells(view)[0][2:4] == ["Username", "Ben of the School"]
    assert was in cells(view)[0][4] and "Ben of the Sheet" in cells(view)[0][4]
    go_to_step(page, qtbot, RUN)
    qtbot.waitUntil(lambda: page.at == RESULTS, timeout=TIMEOUT_MS)
    assert page.view.now.rows == {"done": 1, "conflict": 1, "unchanged": len(practice.school.users) - 2}
    assert (ana.username, ben.username) == ("Ana of the Sheet", "Ben of the School")
    assert practice.api.counts["PUT users/{user}"] == 1
