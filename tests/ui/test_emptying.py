"""The match step offers to let blank cells empty a value, where that can be."""

from lwdesk.ui.pages.import_page import CHECK, MATCH
from tests.ui.hands import SOON, go_on, to_match


def test_blank_cells_of_a_column_empty_the_value_where_it_is_ticked(connected, roster, qtbot):
    page = to_match(connected, roster, qtbot)
    step = page.parts[MATCH]
    qtbot.waitUntil(lambda: "Mobile" in step.blanks, timeout=SOON)
    offered = {header for header, box in step.blanks.items() if not box.isHidden()}
    assert "Mobile" in offered and not any("mail" in header.lower() for header in offered)
    step.blanks["Mobile"].setChecked(True)
    assert page.way.asked("").choices.blanks == ("phone",)
    go_on(page, qtbot, CHECK)
    step.blanks["Mobile"].setChecked(False)
    assert page.way.asked("").choices.blanks == ()
