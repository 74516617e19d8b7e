"""What all pages share: the helper process, the bridge, the settings, the current school, navigation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lwdesk.api.releases import Release
from lwdesk.app.job.status import RunnerStatus
from lwdesk.app.school import schools as known_schools
from lwdesk.app.school.connections import PRACTICE, Connected, school_title
from lwdesk.app.settings import Settings
from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.ui.bridge import Bridge, Failed
from lwdesk.ui.colours import colour_of
from lwdesk.ui.theme import Theme
from lwdesk.ui.work import Work

# Milliseconds between two polls of the jobs' status.
_STATUS_INTERVAL = 500
# Milliseconds between two checks for a newer version: the helper asks the network once a day at most.
_UPDATE_INTERVAL = 3_600_000


@dataclass(frozen=True)
class Chosen:
    """The current school: `name` as journals have it, `title`, `address` and `colour` as the window shows them."""

    name: str
    title: str
    address: str
    colour: str

    @property
    def practice(self) -> bool:
        return self.name == PRACTICE


class Context(QObject):
    """Shared by all pages.

    Signals: `school_changed`; `status_changed` (RunnerStatus) after each poll; `navigated` (page id, arguments);
    `failed` (AppError) for errors without a place of their own; `update_found`; `rebuild_needed` after the language or
    the text size changed.
    """

    school_changed = Signal()
    status_changed = Signal(object)
    navigated = Signal(str, object)
    failed = Signal(object)
    update_found = Signal()
    rebuild_needed = Signal()

    def __init__(self, home: Home, theme: Theme, work: Work, bridge: Bridge):
        super().__init__()
        self.home, self.theme, self.work, self.bridge = home, theme, work, bridge
        self.settings = Settings(home)
        self.school: Chosen | None = None
        self.starts_practice = False  # whether the practice school is on its way
        self.jobs_status = RunnerStatus({}, [], {})
        self.draft = ""  # the job that the import page reviews
        self.starting: set[str] = set()  # jobs that were asked to start since `jobs_status`
        self._started: set[str] = set()  # those of them whose start was answered
        self.newer: Release | None = None
        self._asked = False
        self._status_timer = QTimer(self)
        self._status_timer.setInterval(_STATUS_INTERVAL)
        self._status_timer.timeout.connect(self._request_status)
        bridge.failed.connect(self.failed)

    # Schools --------------------------------------------------------------------------------------------------

    def schools(self) -> list[Chosen]:
        """The schools to choose from, with the practice school while it runs."""
        self.settings = Settings(self.home)
        found = [self._chosen(school, n) for n, school in enumerate(known_schools.schools(self.settings))]
        if self.school is not None and self.school.practice:
            found.append(self.school)
        return found

    def _chosen(self, school: known_schools.School, number: int) -> Chosen:
        address = school.url.partition("//")[2].removesuffix("/admin/api")
        return Chosen(school.name, school.shown, address, school.colour or colour_of(number))

    def choose(self, name: str | None) -> None:
        """Make this the current school, remember it, and emit `school_changed`."""
        if name != PRACTICE:
            self.school = next((school for school in self.schools() if school.name == name), None)
        self.settings.change("window", "school", name)
        self.school_changed.emit()

    def choose_last(self) -> None:
        """Choose the school that was current when the window closed, else the first."""
        known = [school.name for school in self.schools()]
        last = self.settings.section("window").get("school")
        if last == PRACTICE:
            self.start_practice()
        elif known:
            self.choose(last if last in known else known[0])

    def start_practice(self, *, reset: bool = False) -> None:
        """Start the practice school, as it was left or `reset` to its sample data, and choose it."""
        name = "schools.reset_practice" if reset else "schools.practice"
        self.starts_practice = True
        self.work.ask(name, done=self._on_practice_started, failed=self._on_practice_failed)

    def _on_practice_failed(self, error: AppError) -> None:
        self.starts_practice = False
        self.school_changed.emit()
        self.say(error)

    def _on_practice_started(self, found: Connected) -> None:
        self.starts_practice = False
        address = found.root.partition("//")[2].removesuffix("/admin/api")
        self.school = Chosen(PRACTICE, school_title(PRACTICE), address, "#c2570c")
        self.choose(PRACTICE)

    # Navigation ---------------------------------------------------------------------------------------------------

    def go(self, page: str, **about: Any) -> None:
        """Show the page with this id; `about` are its arguments."""
        self.navigated.emit(page, about)

    def open_job(self, job: str) -> None:
        """Show a job: in the import page where that reviews it, else on the page of the job."""
        if job == self.draft:
            self.go("import", draft=job)
        else:
            self.go("job", job=job)

    def say(self, error: AppError) -> None:
        """Show an error outside of any page."""
        self.failed.emit(error)

    # Newer versions -------------------------------------------------------------------------------------------

    def watch_for_updates(self) -> None:
        """Check for a newer version regularly; `newer` holds it, `update_found` tells."""
        self._check_for_update()
        timer = QTimer(self)
        timer.timeout.connect(self._check_for_update)
        timer.start(_UPDATE_INTERVAL)

    def _check_for_update(self) -> None:
        self.work.ask("updates.look", done=self._on_update, failed=lambda _error: None)

    def _on_update(self, found: Release | None) -> None:
        if found != self.newer:
            self.newer = found
            self.update_found.emit()

    def invalidate(self) -> None:
        """Drop the callbacks of the pages, which are about to be rebuilt."""
        self.bridge.invalidate()
        self._asked = False
        self.starting.clear()
        self._started.clear()

    # The jobs -------------------------------------------------------------------------------------------------

    def poll_status(self, on: bool = True) -> None:
        """Start (or stop) polling the status of the jobs."""
        self._status_timer.start() if on else self._status_timer.stop()

    def start_job(self, job: str, *, done: Callable[[], object], failed: Failed) -> None:
        """Start a job, after what its draft was asked before."""

        def answered() -> None:
            self._started.add(job)
            done()

        def not_started(error: AppError) -> None:
            self.starting.discard(job)
            failed(error)

        self.starting.add(job)
        self.work.ask("runs.start", job, done=lambda _none: answered(), failed=not_started, lane="draft")

    def moving(self) -> set[str]:
        """The jobs that run, wait, or are about to."""
        return {*self.jobs_status.running, *self.jobs_status.waiting, *self.starting}

    def _request_status(self) -> None:
        if not self._asked:
            self._asked = True
            done = partial(self._on_status, frozenset(self._started))
            self.work.ask("runs.status", done=done, failed=self._on_status_failed)

    def _on_status(self, told: frozenset[str], found: RunnerStatus) -> None:
        """Take a status; it tells of all jobs in `told`, whose starts were answered before it was asked for."""
        self._asked, self.jobs_status = False, found
        self.starting -= told
        self._started -= told
        self.status_changed.emit(found)

    def _on_status_failed(self, error: AppError) -> None:
        self._asked = False
