"""The window names the columns that are not imported, from the match to the results."""

import openpyxl
import pytest

from lwdesk.ui.pages.import_page import MATCH, REVIEW
from tests.ui.actions import TIMEOUT_MS, go_to_step, open_match_step, send, wait_for_review

SAID = "Not imported: “Full name of pupil” (B), nearest column: Username; “Abteilung” (C)."


@pytest.fixture
def sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (("Email", "Full name of pupil", "Abteilung"), ("um@intake.example", "Uma Mapp", "Sales")):
        book.active.append(row)
    book.save(tmp_path / "pupils.xlsx")
    return tmp_path / "pupils.xlsx"


def test_columns_that_go_nowhere_are_named_on_every_page(connected, sheet, qtbot):
    page = open_match_step(connected, sheet, qtbot)
    qtbot.waitUntil(lambda: "Full name of pupil" in page.parts[MATCH].boxes, timeout=TIMEOUT_MS)
    why = page.parts[MATCH].boxes["Full name of pupil"].property("why").text()
    assert why == "Not imported. Nearest column: Username"
    go_to_step(page, qtbot, REVIEW)
    qtbot.waitUntil(lambda: page.parts[REVIEW].view.unmapped.text() == SAID, timeout=TIMEOUT_MS)
    wait_for_review(page, qtbot)
    send(page, qtbot)
    qtbot.waitUntil(lambda: page.view.sheet.unmapped.text() == SAID, timeout=TIMEOUT_MS)
