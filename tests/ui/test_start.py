"""The first start: practise with one click."""

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


def test_the_command_line_never_loads_qt():
    command = [sys.executable, "-X", "importtime", "-m", "lwdesk", "operations"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "PySide6" not in done.stderr and "lwdesk.ui" not in done.stderr
