"""An export dropped back on the window: recognised, reviewed before → after, conflicts shown, only edits sent."""

import openpyxl
import pytest

from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW
from tests.app.desk import ready
from tests.ui.actions import TIMEOUT_MS, click, drop_file, go_to_step, send, wait_for_review


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
    rows = {sheet.cell(row, places["ID"]).value: row for row in range(2, sheet.max_row + 1)}
    for key, heading, value in changes:
        sheet.cell(rows[key], places[heading]).value = value
    book.save(path)


def test_an_export_that_comes_back_is_recognised_and_only_its_edits_are_sent(
    connected, practice, export, qtbot
):
    ana, ben = practice.school.users[5:7]
    was = ben.username
    edit(export, (ana.id, "Username", "Ana of the Sheet"), (ben.id, "Username", "Ben of the Sheet"))
    ben.username = "Ben of the School"
    practice.api.counts.clear()
    page = drop_file(connected, export)
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    words = page.parts[FILE].notes.text()
    assert "Exported from “Riverside”" in words and "only edited cells are sent" in words
    assert page.wizard.operation == "edit-users" and page.parts[FILE].purpose.text() == "Edit users"
    assert page.parts[FILE].about.text().startswith("You edited an lwdesk export")
    go_to_step(page, qtbot, MATCH)
    qtbot.waitUntil(lambda: page.wizard.matching is not None, timeout=TIMEOUT_MS)
    lines = {line.header: line for line in page.wizard.matching.lines}
    assert (lines["Email"].column, lines["Registered"].column) == ("new_email", "")
    assert not page.parts[MATCH].template.isVisible(), "there is no template of an export"
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    assert ready(page.wizard.findings) == 2
    assert page.heading.text() == "1 row changed in LearnWorlds after the export"
    plan = page.wizard.review.plan
    assert (plan.calls, plan.update, plan.conflict) == (1, 1, 1)
    view = page.parts[REVIEW].view
    click(qtbot, view, "1 conflict")
    qtbot.waitUntil(lambda: view.model.rowCount() == 1 and view.pane.shown is not None, timeout=TIMEOUT_MS)
    [(column, now, yours)] = view.pane.shown.changes
    assert (column, now) == ("Username", "Ben of the School")
    assert was in yours and "Ben of the Sheet" in yours
    send(page, qtbot)
    assert page.view.now.rows == {"done": 1, "conflict": 1, "unchanged": len(practice.school.users) - 2}
    assert (ana.username, ben.username) == ("Ana of the Sheet", "Ben of the School")
    assert practice.api.counts["PUT users/{user}"] == 1


def test_a_finished_export_is_edited_and_sent_back_from_its_own_page(
    connected, practice, tmp_path, opened_files, qtbot
):
    page = connected.window.show_page("export", entry="users")
    qtbot.waitUntil(lambda: page.form.before.table.rowCount() > 0, timeout=TIMEOUT_MS)
    page.form.target.path_field.setText(str(target := tmp_path / "Users.xlsx"))
    click(qtbot, page, "Start the export")
    qtbot.waitUntil(lambda: connected.window.page.id == "job", timeout=TIMEOUT_MS)
    job = connected.window.page
    click(qtbot, job, "Open the workbook")
    click(qtbot, job, "Show in folder")
    click(qtbot, job, "Edit and send back")
    assert opened_files == [str(target), str(tmp_path), str(target)]
    assert "Edit the workbook" in job.view.banner.title.text()
    ana = practice.school.users[5]
    edit(target, (ana.id, "Username", "Ana of the Sheet"))
    click(qtbot, job.view.banner, "Review my edits")
    assert connected.window.page.id == "import"
    back = connected.window.page
    go_to_step(back, qtbot, MATCH)
    go_to_step(back, qtbot, REVIEW)
    wait_for_review(back, qtbot)
    send(back, qtbot)
    assert ana.username == "Ana of the Sheet"
