"""An entry that is added to the catalog is everywhere without a line about it: here, in the window."""

import pytest

from lwdesk.ui import work
from lwdesk.ui.form import ChoiceField
from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW
from tests import made_up as family
from tests.app.desk import workbook
from tests.ui.actions import TIMEOUT_MS, drop_file, go_to_step, send, wait_for_review


@pytest.fixture
def window(made_up, monkeypatch, request):
    """A connected window that knows the made-up family, and so does its helper."""
    monkeypatch.setattr(work, "serve", family.serve)
    return request.getfixturevalue("connected")


def test_it_is_offered_asked_for_checked_and_carried_out(window, practice, qtbot, tmp_path):
    people = practice.school.users[10:12]
    page = drop_file(
        window, workbook(tmp_path / "shirts.xlsx", ("E-mail",), *((user.email,) for user in people))
    )
    qtbot.waitUntil(lambda: page.wizard.preview is not None, timeout=TIMEOUT_MS)
    picker = page.parts[FILE].picker
    picker.show_guesses()
    cards = picker.cards
    picker.search.setText("which shirt")
    assert [name for name, found in cards.items() if not found[0].isHidden()] == ["set-shirt-size"]
    cards["set-shirt-size"][0].click()
    go_to_step(page, qtbot, MATCH)
    qtbot.waitUntil(lambda: bool(page.parts[MATCH].findChildren(ChoiceField)), timeout=TIMEOUT_MS)
    [field] = page.parts[MATCH].findChildren(ChoiceField)
    assert field.title == "Shirt size" and not page.parts[MATCH].can_go_on()
    field.set_text("L")
    go_to_step(page, qtbot, REVIEW)
    wait_for_review(page, qtbot)
    send(page, qtbot)
    assert [user.fields.get("cf_t-shirt_size") for user in people] == ["L", "L"]


def test_it_can_be_exported(window, qtbot):
    page = window.window.show_page("export")
    page.choose.search.setText("size of their shirt")
    assert [name for name, card in page.choose.cards.items() if card.isVisible()] == ["shirt-sizes"]
    page.choose.cards["shirt-sizes"].click()
    qtbot.waitUntil(lambda: page.form.before.table.rowCount() > 0, timeout=TIMEOUT_MS)
    order = page.form.order.list
    assert [order.item(line).text() for line in range(order.count())] == ["Email", "Shirt size"]
