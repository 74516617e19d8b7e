"""Home: what would you like to do? A place to drop a file, the common tasks, what was done last."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lwdesk.app import recent
from lwdesk.app.exporting.saved import SavedExport, SavedOffer
from lwdesk.base.errors import AppError
from lwdesk.base.text import N_, _
from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.ui import icons
from lwdesk.ui.context import Context
from lwdesk.ui.drop import DropZone
from lwdesk.ui.exporting.saved_list import periods_of, run, school_words
from lwdesk.ui.flow import Flow
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.job_list import JobList
from lwdesk.ui.job_words import title_of
from lwdesk.ui.page import Page
from lwdesk.ui.theme import GRID
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import SIGNS, Task, button, clear, column, label, row
from lwdesk.ui.words import entry_title, moment

# The common tasks, by the ids of the catalog; the words under them are shorter than the catalog's.
_IMPORTS = {
    "roster": N_("Create or update users, and give them tags, courses, and seats from one sheet"),
    "enroll": N_("Give users courses, learning programs (bundles) or subscriptions"),
    "tag": N_("Add tags to users; existing tags stay"),
    "assign-seat": N_("Give users seats in a seat offering"),
    "bulk-coupons": N_("Create hundreds of codes for a promotion at once"),
}
_EXPORTS = {
    "users": N_("All users with tags and custom fields"),
    "gradebook": N_("Everyone's grades, with a sheet for each course"),
    "progress-overview": N_("Who has started and who has finished"),
    "payments": N_("Any period, ready for accounting"),
    "everything": N_("A backup of the whole school in one workbook"),
}
_JOBS = 5
_SAVED = 10


class HomePage(Page):
    """The first page."""

    id: ClassVar[str] = "home"
    title: ClassVar[str] = N_("Home")
    icon: ClassVar[str] = "house"

    def __init__(self, context: Context):
        super().__init__(context)
        self._failed: list[SavedExport] = []
        self._broken: list[dict[str, Any]] = []
        self._warned = False
        self.heading = label(_("What would you like to do?"), "title", wrap=True)
        self.first = _FirstStart(context)
        self.drop = DropZone(self.opened)
        self.files = QVBoxLayout()
        self.jobs = JobList(context, most=_JOBS)
        self.body.addWidget(self.heading)
        self.body.addWidget(self.first)
        self.body.addWidget(self.drop)
        self.body.addLayout(self.files)
        self.saved_title = label(_("Saved exports"), "section")
        self.saved = CardGrid([], most=5)
        self.body.addWidget(self.saved_title)
        self.body.addWidget(self.saved)
        for title, cards in ((_("Import"), self._imports()), (_("Export"), self._exports())):
            self.body.addWidget(label(title, "section"))
            self.body.addWidget(CardGrid(cards, most=5))
        self.jobs_title = label(_("Recent jobs"), "section")
        self.body.addWidget(self.jobs_title)
        self.body.addWidget(self.jobs)
        self.body.addStretch(1)
        self.jobs.listed.connect(self._listed)
        context.school_changed.connect(self._school)
        self._school()
        self._listed([])
        self._offer([])

    def shown(self, **about: Any) -> None:
        self.jobs.refresh()
        self._ask_saved()
        self._recent()

    @property
    def takes_cells(self) -> bool:
        return True

    def again(self) -> None:
        self.jobs.refresh()
        self._ask_saved()

    def _ask_saved(self) -> None:
        self.context.work.ask("exports.saved", done=self._offer, failed=self.fail)

    def _offer(self, offers: Sequence[SavedOffer]) -> None:
        """Show the saved exports, those that ran last first: one click runs them."""
        lasts = [(offer.saved, offer.saved.last) for offer in offers]
        self._failed = [saved for saved, last in lasts if last.error and last.scheduled and not last.seen]
        self._warn()
        found = sorted(offers, key=lambda offer: -offer.saved.last.time)[:_SAVED]
        self.saved.set_cards([self._saved(offer) for offer in found])
        for part in (self.saved, self.saved_title):
            part.setVisible(bool(found))

    def _saved(self, offer: SavedOffer) -> Task:
        saved = offer.saved
        about = [entry_title(saved.export), school_words(self.context, saved), periods_of(saved)]
        words = f"{SIGNS['look']} " + _("Needs attention") if offer.wrong else " · ".join(filter(None, about))
        entry = EXPORTS.get(saved.export)
        found = Task(icons.of(saved.export, entry.family if entry else ""), saved.name, words)

        def failed(error: AppError) -> None:
            found.setEnabled(True)
            self.fail(error)

        def clicked(_checked: bool = False) -> None:
            found.setEnabled(False)
            run(self.context, saved.name, failed)

        found.clicked.connect(clicked)
        set_tip(found, offer.file)
        return found

    def _imports(self) -> list[Task]:
        def task(entry_id: str, about: str) -> Task:
            entry = IMPORTS[entry_id]
            return Task(
                icons.of(entry.id, entry.family),
                _(entry.title),
                _(about),
                lambda: self.context.go("import", operation=entry_id),
            )

        return [task(entry_id, about) for entry_id, about in _IMPORTS.items() if entry_id in IMPORTS]

    def _exports(self) -> list[Task]:
        def task(entry_id: str, about: str) -> Task:
            entry = EXPORTS[entry_id]
            found = Task(
                icons.of(entry.id, entry.family),
                _(entry.title),
                _(about),
                lambda: self.context.go("export", entry=entry_id),
            )
            found.setAccessibleName(_("Export: {title}").format(title=_(entry.title)))  # without its section
            return found

        return [task(entry_id, about) for entry_id, about in _EXPORTS.items() if entry_id in EXPORTS]

    def _school(self) -> None:
        self.first.setVisible(self.context.school is None and not self.context.starts_practice)

    def _listed(self, jobs: list[dict[str, Any]]) -> None:
        self.jobs_title.setVisible(bool(jobs))
        self.jobs.setVisible(bool(jobs))
        self._broken = [facts for facts in jobs if facts["state"] == "interrupted"]
        self._warn()

    def _warn(self) -> None:
        """Say what went wrong while nobody watched: a scheduled run that failed, else a job that was interrupted."""
        if self._failed:
            self._say_failed(self._failed[0])
        elif self._broken:
            self._say_broken(self._broken[0])
        elif self._warned:
            self.banner.hide()
        self._warned = bool(self._failed or self._broken)

    def _say_failed(self, saved: SavedExport) -> None:
        def seen() -> None:
            self.context.work.ask("exports.failure_seen", saved.name, done=lambda _none: self._ask_saved())

        def again() -> None:
            seen()
            run(self.context, saved.name, self.fail)

        tone, title = "failed", _("“{name}” didn't run as scheduled ({time})")
        if saved.last.partial:
            tone, title = "look", _("“{name}” ran, but some rows or files are missing ({time})")
        self.banner.say(
            *(tone, title.format(name=saved.name, time=moment(saved.last.time)), saved.last.error),
            button(_("Run it now"), "quiet", "play", again),
            button(_("OK"), clicked=seen),
        )

    def _say_broken(self, facts: dict[str, Any]) -> None:
        name, _what = title_of(facts)
        words = facts.get("reason") or _("lwdesk closed while the job was running.")
        words += " " + _("Nothing is lost. Resume it to continue where it stopped.")
        show = button(_("Open the job"), "quiet", clicked=lambda: self.context.go("job", job=facts["job"]))
        self.banner.say("look", _("{name} was interrupted").format(name=name), words, show)

    def _recent(self) -> None:
        clear(self.files)
        paths = recent.files(self.context.settings)[:4]
        if paths:
            line = row(label(_("Recent files"), "small"), gap=4)
            for path in paths:
                line.addWidget(self._file(path))
            line.addStretch(1)
            self.files.addLayout(line)

    def _file(self, path: Path) -> QWidget:
        name = path.name if len(path.name) <= 28 else f"{path.stem[:20]}…{path.suffix}"
        found = button(name, "link", "file", lambda: self.opened(path))
        set_tip(found, str(path))
        found.setAccessibleName(_("Open {name}").format(name=path.name))
        return found


class _FirstStart(QFrame):
    """What someone sees who has no school yet: practise with one click, or connect their own."""

    def __init__(self, context: Context):
        super().__init__()
        practise = button(_("Try it with the practice school"), "primary", "play", context.start_practice)
        connect = button(_("Connect my school"), "quiet", "globe", lambda: context.go("schools"))
        words = _(
            "The practice school runs only on this computer. There's nothing to set up, and nothing real can "
            "change. Try things out, then connect your own school when you're ready."
        )
        self.setProperty("banner", "accent")
        layout = column(
            label(_("Welcome! Choose how to start."), "section", wrap=True),
            label(words, wrap=True),
            Flow(practise, connect, gap=12),
            gap=12,
        )
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.setLayout(layout)
