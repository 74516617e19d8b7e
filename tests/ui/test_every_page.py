"""Every page, in every language and both themes, in a small window and with big letters, for a careful eye."""

from dataclasses import asdict
from itertools import product

import openpyxl
import pytest
from PySide6.QtGui import QColor

from lwdesk.app.exporting.saved import SavedExport, SavedExports
from lwdesk.app.job.sheet_rows import SheetRows
from lwdesk.app.school.schools import find
from lwdesk.app.settings import Settings
from lwdesk.base import text
from lwdesk.base.errors import SecretNeeded, UserError
from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop
from lwdesk.ui.colours import DARK, LIGHT, SCHOOLS
from lwdesk.ui.pages import PAGES
from lwdesk.ui.pages.import_page import FILE, MATCH, REVIEW, SEND
from tests.ui import appearance
from tests.ui.actions import TIMEOUT_MS, connect_school, go_to_step, open_review_step, wait_for_review
from tests.ui.conftest import close

SMALL, USUAL = (1100, 680), (1366, 748)  # what a screen of 700 and of 768 lines leaves
SCALES = (1.0, 1.5, 2.0)
LOOKS = [
    *product(text.LANGUAGES, ("light", "dark"), SCALES, [SMALL]),
    *product(text.LANGUAGES, ("light",), SCALES, [USUAL]),
]
LONG = UserError(
    "The file cannot be written because another program has it open",
    "The other program holds /home/konstantina/Documents/Autumn intake of the evening classes.xlsx",
    "Close it there, or choose another name for the results, then try again",
)


@pytest.fixture(params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def dressed(request, qapp, home):
    """A window of one size in one language, one theme, and with letters of one size."""
    language, theme, scale, size = request.param
    settings = Settings(Home(home))
    settings.change("window", "language", language)
    settings.change("window", "theme", theme)
    settings.change("window", "scale", scale)
    found = Desktop(qapp, Home(home))
    found.window.resize(*size)
    found.window.show()
    yield found
    close(found)
    text.set_language("en")


@pytest.fixture
def people(tmp_path):
    """Two rows that cannot be sent, with words that are long, and as many that can that a run has a middle."""
    book = openpyxl.Workbook()
    for row in (
        ("Email", "Username", "Tags", "Courses"),
        ("konstantina.papadimitropoulou@intake.example", "Konstantina", "autumn; cohort-7", "AI at Work"),
        ("tom@intake.example", "Tom", "autumn", ""),
        ("tom @ intake.example", "Tom O'Neil", "autumn", "Leadershp, Teams & Trust and what comes of them"),
        ("maria@intake", "Maria", "autumn", "Nothing like it"),
        *((f"person{n}@intake.example", f"Person {n}", "", "") for n in range(30)),
    ):
        book.active.append(row)
    path = tmp_path / "people.xlsx"
    book.save(path)
    return path


class Visit:
    """Goes to every page and looks at it."""

    def __init__(self, desktop, school, qtbot, people, target):
        self.desktop, self.window, self.qtbot = desktop, desktop.window, qtbot
        self.practice, self.people, self.target, self.wrong = school, people, target, []
        self.size, self.scale = desktop.window.size().toTuple(), desktop.theme.scale

    def look(self, name):
        """Look at the page in front."""
        for _n in range(20):  # layouts settle in several rounds
            self.qtbot.wait(10)
            if not any(appearance.clipped(self.window)) and not any(
                appearance.scrolling_sideways(self.window)
            ):
                break
        assert self.window.size().toTuple() == self.size, f"{name} makes the window bigger"
        kinds = (
            appearance.clipped,
            appearance.without_accessible_name,
            appearance.scrolling_sideways,
            appearance.low_contrast,
        )
        self.wrong += [f"{name}: {line}" for kind in kinds for line in kind(self.window)]

    def wait(self, condition):
        self.qtbot.waitUntil(condition, timeout=TIMEOUT_MS)

    def stands(self, view, state):
        self.wait(lambda: view.now is not None and view.now.state == state)

    def pages(self):
        """The pages of the sidebar, as they are before anything was done."""
        for kind in PAGES:
            if kind.in_sidebar:
                self.window.show_page(kind.id)
                self.look(kind.id)

    def export(self):
        page = self.window.show_page("export", entry="users")
        self.wait(lambda: page.form.before.table.rowCount() > 0)
        self.look("export users")
        page.form.target.path_field.setText(str(self.target))
        page.go_on()
        self.wait(lambda: self.window.page.id == "job")
        self.stands(self.window.page.view, "finished")
        self.look("export done")

    def saved(self):
        """Saved exports: at home, on the export page, one that is renamed, one that is deleted, one that can't run."""
        store = SavedExports(self.desktop.context.home)
        where = {"from": "last month", "until": "last month"}
        target = str(self.target.with_name("Payments {year}-{month}.xlsx"))
        for name, columns in (("Monthly payments for the accountant", ()), ("Payments by city", ("city",))):
            store.save(SavedExport(name, "payments", "Riverside", target, where, columns))
        store.note("Payments by city", time=1.7e9, error=str(LONG), scheduled=True)
        home = self.window.show_page("home")
        self.wait(lambda: len(home.saved.cards()) == 2)
        self.look("home with saved exports")
        page = self.window.show_page("export")
        self.wait(lambda: len(page.choose.saved.lines) == 2)
        self.look("export with saved exports")
        line, other = page.choose.saved.lines.values()
        line._edit()
        line.box.fail(LONG)
        other._delete()
        self.look("a saved export that is renamed, one that is deleted")
        line._rest()
        line._edit_times()
        self.look("a saved export that gets a schedule")
        page.open_saved(line.offer)
        self.wait(lambda: page.form.before.words.text() != "")
        page.form.save_.click()
        page.form.saving.fail(LONG.at("path"))
        self.look("an export that is saved")
        page.close_form()
        for saved in store.all():
            store.delete(saved.name)
        home = self.window.show_page("home")
        self.wait(home.banner.isHidden)
        self.look("home without saved exports")

    def import_(self):
        """An import through all its steps. Returns its job."""
        page = open_review_step(self.desktop, self.people, self.qtbot)
        page.parts[FILE].picker.show_guesses()
        for at in (FILE, MATCH, REVIEW):
            page.show_step(at)
            self.wait(lambda at=at: not page.parts[at].busy)
            if at == REVIEW:
                wait_for_review(page, self.qtbot)
                cards = page.parts[REVIEW].view.cards
                self.wait(lambda cards=cards: cards.count() > len(page.wizard.findings.groups))
            self.look(f"import: {page.parts[at].__class__.__name__}")
            if at == REVIEW and self.scale <= 1.5 and self.size == USUAL:
                table = page.parts[REVIEW].view.table
                assert table.rowAt(table.viewport().height() - 1) >= 4, "the grid shows too few rows"
        self.practice.switches.latency = 0.6
        go_to_step(page, self.qtbot, SEND)
        sheet = page.view.sheet
        self.wait(lambda: sheet.model is not None and sheet.model.rowCount() > 0)
        self.look("import: run")
        self.practice.switches.latency = 0.0
        return page

    def interrupted(self, job):
        """What was interrupted is said at home, and on its own page."""
        self.desktop.work.ask("runs.pause", job, done=lambda _none: None)
        self.stands(self.window.page.view, "interrupted")
        self.look("import: interrupted")
        home = self.window.show_page("home")
        self.wait(home.banner.isVisible)
        self.look("home with an interrupted job")
        page = self.window.show_page("job", job=job)
        self.stands(page.view, "interrupted")
        self.look("job interrupted")
        self.desktop.work.ask("runs.start", job, done=lambda _none: page.view.look())
        self.stands(page.view, "finished")

    def afterwards(self, job):
        """Results, with a row chosen and an error said; the preview of undo; the jobs."""
        page = self.window.show_page("import")
        self.wait(lambda: page.ended)
        self.look("import: results")
        view = self.window.show_page("job", job=job).view
        sheet = view.sheet
        self.wait(lambda: sheet.model is not None and sheet.model.rowCount() == 34)
        sheet.table.selectRow(0)
        view.banner.show_error(LONG)
        self.look("job with failed rows and an error")
        self.fixed(view)
        undone = []
        self.desktop.work.ask("jobs.undo", job, done=undone.append)
        self.wait(lambda: bool(undone))
        view = self.window.show_page("job", job=undone[0][0]).view
        sheet = view.sheet
        self.wait(lambda: sheet.model is not None and sheet.model.rowCount() > 0)
        self.look("undo before it starts")
        page = self.window.show_page("jobs")
        self.wait(lambda: len(page.lines) == 3)
        self.look("jobs")

    def fixed(self, view):
        """A row that failed is fixed and sent again."""
        sheet = view.sheet
        emails = SheetRows.CELLS
        line = next(n for n in range(34) if sheet.model.cell(n, emails).text == "maria@intake")
        sheet.edited.emit({sheet.model.id_at(line): {0: "maria@intake.example", 3: ""}})
        self.wait(lambda: view.now.figures.get("fixed") == 1)
        self.look("job with a fixed row")
        self.desktop.work.ask("jobs.send_fixed", view.job, done=lambda _plan: view.look())
        self.wait(lambda: view.now.figures.get("fixed", 0) == 0 and view.now.state == "finished")
        self.look("job with a row that was sent again")

    def school(self):
        """A school is edited, with an error at each field; its secret is asked for."""
        page = self.window.show_page("schools")
        page.form.edit(find(Settings(self.desktop.context.home), "Riverside"))
        for box in page.form.boxes.values():
            box.fail(LONG)
        self.look("a school that is edited")
        page.form.reset()
        for front in ("schools", "import"):
            self.window.show_page(front)
            self.secret()

    def secret(self):
        """The secret of a school with a long title is asked for, and a wrong one given."""
        prompt, title = self.window.secret, "Riverside Academy of Arts and of the Evening Classes"
        error = SecretNeeded(f"We don't have the client secret for “{title}”", school="Riverside")
        prompt.ask(error, lambda: None, lambda: None)
        self.look("a secret that is asked for")
        prompt.secret.setText("not this one")
        prompt.go_on.click()
        self.wait(lambda: bool(prompt.box.wrong.text()))
        self.look("a wrong secret")
        prompt.give_up()


def test_every_page_can_be_read_by_everyone(dressed, practice, qtbot, people, tmp_path):
    visit = Visit(dressed, practice, qtbot, people, tmp_path / "users.xlsx")
    visit.look("home without a school")
    dressed.context.start_practice()
    visit.wait(lambda: dressed.context.school is not None)
    visit.pages()
    connect_school(dressed, practice, qtbot)
    visit.wait(lambda: not dressed.context.school.practice)
    visit.export()
    visit.saved()
    visit.school()
    page = visit.import_()
    visit.interrupted(page.view.job)
    visit.afterwards(page.view.job)
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
        if (ratio := appearance.contrast(QColor(found[ink]), QColor(found[ground]))) < appearance.LEAST
    ]
    faint += [
        ("edge", ground)
        for ground in ("page", "card", "sidebar")
        if appearance.contrast(QColor(found["edge"]), QColor(found[ground])) < 3
    ]
    faint += [
        (colour, ground)
        for colour, ground in product(SCHOOLS, ("page", "card", "sidebar"))
        if appearance.contrast(QColor(colour), QColor(found[ground])) < 3
    ]
    assert not faint
