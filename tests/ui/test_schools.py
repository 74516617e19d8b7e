"""Schools in the window: errors stand beside their field, schools can be edited, a missing secret is asked for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from lwdesk.app.school.schools import find
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop
from lwdesk.ui.pages.import_page import MATCH
from tests.ui.actions import TIMEOUT_MS, click, go_to_step, open_match_step, open_review_step, wait_for_review
from tests.ui.conftest import close


def type_school(form, school, qtbot, **other):
    """Type a school into the form, as it is or with other words in some fields."""
    texts = {
        "name": "Riverside",
        "address": school.url,
        "client_id": school.client_id,
        "secret": school.client_secret,
    }
    for name, text in (texts | other).items():
        form.boxes[name].field.clear()
        qtbot.keyClicks(form.boxes[name].field, text)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("address", "not an address", "isn't the address of a school"),
        ("address", "http://myschool.example", "must start with https://"),
        ("address", "http://127.0.0.1:9", "refuses connections"),
        ("client_id", "two words", "client ID contains a space"),
        ("client_id", "0" * 24, "doesn't know this client ID"),
        ("secret", "wrong", "doesn't accept the client ID or client secret"),
        ("secret", "", "client secret (or an access token) is missing"),
    ],
)
def test_an_error_stands_beside_its_field_and_goes_when_that_is_changed(
    desktop, practice, qtbot, field, text, words
):
    page = desktop.window.show_page("schools")
    box = page.form.boxes[field]
    type_school(page.form, practice, qtbot, **{field: text})
    click(qtbot, page, "Test and connect")
    qtbot.waitUntil(box.wrong.isVisible, timeout=TIMEOUT_MS)
    assert words in box.wrong.text() and words in box.field.accessibleDescription()
    assert desktop.window.focusWidget() is box.field
    assert page.form.trouble.isHidden() and desktop.context.school is None
    qtbot.keyClicks(box.field, "x")
    assert box.wrong.isHidden() and not box.field.accessibleDescription()


def test_a_connected_school_offers_the_next_steps(desktop, practice, qtbot):
    page = desktop.window.show_page("schools")
    type_school(page.form, practice, qtbot)
    click(qtbot, page, "Test and connect")
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=TIMEOUT_MS)
    offered = [found.text() for found in page.banner.findChildren(QPushButton)]
    assert offered == ["Import a file", "Export"]
    qtbot.keyClick(desktop.window.focusWidget(), Qt.Key.Key_Space)
    assert desktop.window.page.id == "import"


def test_a_school_is_renamed_and_its_jobs_are_still_its_own(connected, roster, qtbot):
    page = open_review_step(connected, roster, qtbot)
    job = page.wizard.findings.job
    schools = connected.window.show_page("schools")
    click(qtbot, schools, "Edit")
    form = schools.form
    qtbot.waitUntil(lambda: form.edits is not None, timeout=TIMEOUT_MS)
    assert form.title.text() == "Edit Riverside" and form.name.text() == "Riverside"
    assert form.secret.text() == ""
    form.name.selectAll()
    qtbot.keyClicks(form.name, "Riverside Academy")
    click(qtbot, form, "Test and save")
    qtbot.waitUntil(lambda: connected.window.header.school.text() == "Riverside Academy", timeout=TIMEOUT_MS)
    assert form.edits is None and form.title.text() == "Connect a school"
    settings = Settings(connected.context.home)
    assert find(settings, "Riverside") == find(settings, "Riverside Academy")
    connected.window.show_page("import")
    go_to_step(page, qtbot, MATCH + 1)
    wait_for_review(page, qtbot)
    assert page.wizard.findings.job != "" and job
    assert connected.context.school.name == "Riverside"


def test_a_name_that_another_school_has_is_refused(connected, practice, qtbot):
    page = connected.window.show_page("schools")
    type_school(page.form, practice, qtbot, address=practice.url.replace("127.0.0.1", "localhost"))
    click(qtbot, page, "Test and connect")
    box = page.form.boxes["name"]
    qtbot.waitUntil(box.wrong.isVisible, timeout=TIMEOUT_MS)
    assert "A school named “Riverside” is already connected" in box.wrong.text()


def test_a_school_is_edited_until_that_is_cancelled(connected, qtbot):
    page = connected.window.show_page("schools")
    click(qtbot, page, "Edit")
    qtbot.waitUntil(lambda: page.form.edits is not None, timeout=TIMEOUT_MS)
    click(qtbot, page.form, "Cancel")
    assert page.form.edits is None and page.form.address.text() == ""


@pytest.fixture
def locked(connected, qapp, qtbot):
    """The window at its next start, on a computer without a keychain: the secret is gone."""
    home = connected.context.home
    connected.work.close()
    found = Desktop(qapp, Home(home.root))
    found.window.resize(1100, 680)
    found.window.show()
    yield found
    close(found)


def test_a_missing_secret_is_asked_for_where_it_is_needed_and_the_work_goes_on(
    locked, practice, roster, qtbot
):
    prompt = locked.window.secret
    assert locked.context.school.name == "Riverside" and prompt.isHidden()
    page = open_match_step(locked, roster, qtbot)
    qtbot.waitUntil(prompt.isVisible, timeout=TIMEOUT_MS)
    assert "We don't have the client secret for “Riverside”" in prompt.title.text()
    assert locked.window.focusWidget() is prompt.secret
    qtbot.keyClicks(prompt.secret, "wrong")
    qtbot.keyClick(prompt.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(prompt.box.wrong.isVisible, timeout=TIMEOUT_MS)
    prompt.secret.clear()
    qtbot.keyClicks(prompt.secret, practice.client_secret)
    qtbot.keyClick(prompt.secret, Qt.Key.Key_Return)
    qtbot.waitUntil(prompt.isHidden, timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: page.wizard.matching.trouble is None, timeout=TIMEOUT_MS)
    assert page.banner.isHidden()
    go_to_step(page, qtbot, MATCH + 1)
    wait_for_review(page, qtbot)
    assert page.wizard.findings.trouble is None


def test_a_secret_that_is_not_given_leaves_the_error_on_the_page(locked, qtbot):
    page = locked.window.show_page("schools")
    click(qtbot, page.list, "Test")
    prompt = locked.window.secret
    qtbot.waitUntil(prompt.isVisible, timeout=TIMEOUT_MS)
    qtbot.keyClick(prompt.secret, Qt.Key.Key_Escape)
    assert prompt.isHidden()
    assert "We don't have the client secret" in page.banner.title.text()
