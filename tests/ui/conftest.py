"""Fixtures of the window: offscreen, one application, a home and a helper process of its own for each test."""

from pathlib import Path

import font_roboto
import openpyxl
import pytest
import shiboken6
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont, QFontDatabase

from lwdesk.base.paths import Home
from lwdesk.practice.server import Practice
from lwdesk.ui.app import Desktop
from tests.ui.actions import connect_school


@pytest.fixture(scope="session", autouse=True)
def letters(qapp):
    """The same letters on every machine, whatever fonts it has."""
    for path in Path(font_roboto.Roboto).parent.glob("*.ttf"):
        QFontDatabase.addApplicationFont(str(path))
    qapp.setFont(QFont("Roboto", 10))


@pytest.fixture(autouse=True)
def english(qapp):
    """The same figures and days on every machine, whatever its language and whichever test ran before."""
    QLocale.setDefault(QLocale("en"))


@pytest.fixture
def desktop(qapp, home):
    """A window without a school."""
    found = Desktop(qapp, Home(home))
    found.window.resize(1100, 680)
    found.window.show()
    yield found
    close(found)


def close(desktop: Desktop) -> None:
    desktop.close()
    shiboken6.delete(desktop.window)


@pytest.fixture
def practice():
    """A practice school in this process, for its switches."""
    with Practice(users=40, limit=False) as school:
        yield school


@pytest.fixture
def slow():
    """A practice school that takes its time, so that jobs can be met while they run."""
    with Practice(users=20, limit=False, latency=0.3) as school:
        yield school


@pytest.fixture
def connected(desktop, practice, qtbot):
    """A window that is connected to the practice school as to any school, by the name of Riverside."""
    connect_school(desktop, practice, qtbot)
    return desktop


@pytest.fixture
def opened_files(monkeypatch):
    """The files that the window would have opened with another program."""
    found: list[str] = []
    monkeypatch.setattr("lwdesk.ui.job_actions.open_path", lambda path: not found.append(path))
    return found


HEADERS = ["E-mail address", "Full name", "Courses", "Tags", "Mobile", "Dept"]
ROWS = [
    ["ana@intake.example", "Ana Παπαδοπούλου", "AI at Work", "autumn; cohort-7", "0151 847156", "Sales"],
    ["maria.k@intake", "Maria K.", "Welcome to the School", "autumn", "", "Sales"],
    ["li.wei@intake.example", "李伟", "AI at Worl; Welcome to the School", "autumn", "", "Ops"],
    [" tom@intake.example ", "Tom O'Neil", "AI at Worl", "", "1.51848E+11", "Ops"],
]


@pytest.fixture
def roster(tmp_path) -> Path:
    """A messy roster: a title above the headers, a bad email, two unknown courses, a number that Excel damaged."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Autumn"
    sheet.append(["Autumn intake 2026"])
    sheet.append([])
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    path = tmp_path / "Autumn intake.xlsx"
    book.save(path)
    return path
