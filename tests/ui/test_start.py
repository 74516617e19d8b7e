"""The first start: practise with one click, or connect a school and hear in words what is wrong."""

import subprocess
import sys

from lwdesk.ui.app import Desktop
from tests.ui.actions import click


def test_practice_school_is_one_click_away_and_marked(desktop: Desktop, qtbot):
    assert desktop.window.page.first.isVisible()
    click(qtbot, desktop.window.page, "Try it with the practice school")
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=15000)
    assert desktop.window.header.practice.isVisible()
    assert not desktop.window.page.first.isVisible()


def fill(form, school, secret=None):
    form.name.setText("Riverside")
    form.address.setText(school.url)
    form.client.setText(school.client_id)
    form.secret.setText(school.client_secret if secret is None else secret)


def test_a_wrong_secret_is_said_on_the_page_and_mended_there(desktop: Desktop, practice, qtbot):
    page = desktop.window.show_page("schools")
    fill(page.form, practice, "wrong")
    click(qtbot, page, "Test and connect")
    qtbot.waitUntil(lambda: page.form.trouble.property("banner") == "failed", timeout=15000)
    assert "secret" in page.form.trouble.accessibleName()
    assert desktop.context.school is None
    fill(page.form, practice)
    click(qtbot, page, "Test and connect")
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=15000)
    assert desktop.window.header.school.text() == "Riverside"
    assert not desktop.window.header.practice.isVisible()


def test_an_address_that_cannot_be_one_is_said(desktop: Desktop, qtbot):
    page = desktop.window.show_page("schools")
    page.form.name.setText("Riverside")
    page.form.address.setText("not an address")
    page.form.client.setText("id")
    page.form.secret.setText("secret")
    click(qtbot, page, "Test and connect")
    qtbot.waitUntil(lambda: page.form.trouble.property("banner") == "failed", timeout=15000)
    assert "not the address of a school" in page.form.trouble.accessibleName()


def test_the_command_line_never_loads_qt():
    command = [sys.executable, "-X", "importtime", "-m", "lwdesk", "operations"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "PySide6" not in done.stderr and "lwdesk.ui" not in done.stderr
