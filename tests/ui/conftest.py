"""Fixtures of the window: offscreen, one application, one helper process for all tests, real practice schools."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db=false;qt.qpa.*=false")

import pytest
import shiboken6

from lwdesk.base.paths import Home
from lwdesk.practice.server import Practice
from lwdesk.ui.app import Desktop


@pytest.fixture
def desktop(qapp, home):
    """A window on a home of its own, with a helper process of its own. No school yet."""
    found = Desktop(qapp, Home(home))
    found.window.resize(1100, 680)
    found.window.show()
    yield found
    found.close()
    shiboken6.delete(found.window)


@pytest.fixture
def practice():
    """A practice school in this process, for its switches."""
    with Practice(users=40, limit=False) as school:
        yield school
