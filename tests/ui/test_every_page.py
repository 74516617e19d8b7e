"""Every page, in every language and both themes, in a small window and with big letters, for a careful eye."""

from dataclasses import asdict
from itertools import product

import openpyxl
import pytest
from PySide6.QtGui import QColor

from lwdesk.app.settings import Settings
from lwdesk.base import text
from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop
from lwdesk.ui.pages import PAGES
from lwdesk.ui.theme import DARK, LIGHT
from tests.ui import eyes
from tests.ui.conftest import close
from tests.ui.hands import SOON, to_check

SMALL = (1100, 680)
LOOKS = list(product(text.LANGUAGES, ("light", "dark")))

LONG = ("konstantina.papadimitropoulou @ intake.example", "Leadershp, Teams & Trust and what comes of them")


@pytest.fixture(params=LOOKS, ids="-".join)
def dressed(request, qapp, home):
    """A window in one language and one theme, with big letters where it is dark."""
    language, theme = request.param
    settings = Settings(Home(home))
    settings.change("window", "language", language)
    settings.change("window", "theme", theme)
    found = Desktop(qapp, Home(home))
    found.window.resize(*SMALL)
    found.window.show()
    yield found
    close(found)
    text.speak("en")


@pytest.fixture
def people(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Email", "Courses"),
        ("ana@intake.example", "AI at Work"),
        ("tom@intake", "Nothing like it"),
    ):
        sheet.append(row)
    path = tmp_path / "people.xlsx"
    book.save(path)
    return path


class Visit:
    """Goes to every page, at a size of letters, and looks."""

    def __init__(self, desktop, qtbot, people, target):
        self.desktop, self.window, self.qtbot = desktop, desktop.window, qtbot
        self.people, self.target, self.wrong = people, target, []

    def look(self, name):
        for _n in range(20):  # layouts settle in several rounds
            self.qtbot.wait(20)
            if not any(eyes.clipped(self.window)):
                break
        scale = f"{name} at {self.desktop.theme.scale}"
        assert (self.window.width(), self.window.height()) == SMALL, f"{scale} makes the window bigger"
        found = [*eyes.clipped(self.window), *eyes.nameless(self.window), *eyes.sideways(self.window)]
        if self.desktop.theme.scale == 1.0:
            found += eyes.faint(self.window)
        self.wrong += [f"{scale}: {line}" for line in found]

    def wait(self, condition):
        self.qtbot.waitUntil(condition, timeout=SOON)

    def go(self):
        for kind in PAGES:
            if kind.in_sidebar:
                self.window.show_page(kind.id)
                self.look(kind.id)
        page = self.window.show_page("export", entry="users")
        self.wait(lambda: page.form.before.table.rowCount() > 0)
        self.look("export users")
        page.form.target.path_field.setText(str(self.target))
        page.go_on()
        self.wait(lambda: self.window.page.id == "job")
        self.wait(lambda: (now := self.window.page.view.now) is not None and now.state == "finished")
        self.look("job")
        page = self.window.show_page("jobs")
        self.wait(lambda: bool(page.lines))
        self.look("jobs with one")
        page = to_check(self.desktop, self.people, self.qtbot)
        for at, name in enumerate(("file", "what", "match", "check")):
            page.show_step(at)
            self.wait(lambda at=at: not page.parts[at].busy)
            self.look(f"import: {name}")


def test_every_page_can_be_read_by_everyone(dressed, qtbot, people, tmp_path):
    visit = Visit(dressed, qtbot, people, tmp_path / "users.xlsx")
    visit.look("home without a school")
    dressed.context.start_practice()
    visit.wait(lambda: dressed.context.school is not None)
    visit.go()
    dressed.theme.choose(scale=1.5)
    visit.go()
    assert not visit.wrong, "\n".join(visit.wrong)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_inks_stand_out_from_every_ground_they_are_put_on(palette):
    found = asdict(palette)
    pairs = list(product(("text", "quiet", "accent", "done", "look", "failed"), ("page", "card", "sidebar")))
    pairs += [(tone, f"{tone}_tint") for tone in ("accent", "done", "look", "failed")]
    pairs += [("text", f"{tone}_tint") for tone in ("accent", "done", "look", "failed")]
    pairs += [("on_accent", "accent"), ("on_accent", "failed")]
    faint = [
        (ink, ground, round(ratio, 2))
        for ink, ground in pairs
        if (ratio := eyes.contrast(QColor(found[ink]), QColor(found[ground]))) < eyes.LEAST
    ]
    assert not faint
