"""The match step offers to let blank cells empty a value, where that can be."""

from lwdesk.ui.pages.import_page import MATCH, REVIEW
from tests.ui.actions import TIMEOUT_MS, go_to_step, open_match_step


def test_blank_cells_of_a_column_empty_the_value_where_it_is_ticked(connected, roster, qtbot):
    page = open_match_step(connected, roster, qtbot)
    step = page.parts[MATCH]
    qtbot.waitUntil(lambda: "Mobile" in step.blanks, timeout=TIMEOUT_MS)
    offered = {header for header, box in step.blanks.items() if not box.isHidden()}
    assert "Mobile" in offered and not any("mail" in header.lower() for header in offered)
    step.blanks["Mobile"].setChecked(True)
    assert page.wizard.asked("").choices.blanks == ("phone",)
    go_to_step(page, qtbot, REVIEW)
    step.blanks["Mobile"].setChecked(False)
    assert page.wizard.asked("").choices.blanks == ()
