"""What every page may use: the helper, the bridge, the settings, the school that is chosen, the way to other pages."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lwdesk.api.releases import Release
from lwdesk.app.job.runs import Pulse
from lwdesk.app.school import schools as known_schools
from lwdesk.app.school.connections import PRACTICE, Connected
from lwdesk.app.settings import Settings
from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.ui.bridge import Bridge
from lwdesk.ui.theme import SCHOOLS, Theme
from lwdesk.ui.work import Work

# Milliseconds between two questions to the helper how the jobs stand.
_BEAT = 500
# Milliseconds between two looks for a newer version: the helper asks the network once a day at most.
_NEWS = 3_600_000


@dataclass(frozen=True)
class Chosen:
    """The school that everything goes to: the name that journals know, and how it looks to people."""

    name: str
    title: str
    address: str
    colour: str

    @property
    def practice(self) -> bool:
        return self.name == PRACTICE


class Context(QObject):
    """Shared by all pages. Signals: another school was chosen, jobs move, a page is to be shown, someone failed,
    language or size of the letters changed, so that all is to be made again."""

    school_changed = Signal()
    pulse = Signal(object)
    went = Signal(str, object)
    failed = Signal(object)
    news = Signal()
    renewed = Signal()

    def __init__(self, home: Home, theme: Theme, work: Work, bridge: Bridge):
        super().__init__()
        self.home, self.theme, self.work, self.bridge = home, theme, work, bridge
        self.settings = Settings(home)
        self.school: Chosen | None = None
        self.last = Pulse({}, [], {})
        self.newer: Release | None = None
        self._asked = False
        self._beat = QTimer(self)
        self._beat.setInterval(_BEAT)
        self._beat.timeout.connect(self._listen)
        bridge.failed.connect(self.failed)

    # Schools --------------------------------------------------------------------------------------------------

    def schools(self) -> list[Chosen]:
        """The schools that can be chosen; the practice school while it is there."""
        self.settings = Settings(self.home)
        found = [self._chosen(school, n) for n, school in enumerate(known_schools.schools(self.settings))]
        if self.school is not None and self.school.practice:
            found.append(self.school)
        return found

    def _chosen(self, school: known_schools.School, number: int) -> Chosen:
        address = school.url.partition("//")[2].removesuffix("/admin/api")
        return Chosen(school.name, school.name, address, school.colour or SCHOOLS[number % len(SCHOOLS)])

    def choose(self, name: str | None) -> None:
        """From now on everything goes to this school."""
        if name != PRACTICE:
            self.school = next((school for school in self.schools() if school.name == name), None)
            self.settings.change("window", "school", name)
        self.school_changed.emit()

    def choose_last(self) -> None:
        """The school that was chosen when the window closed, else the first."""
        known = [school.name for school in self.schools()]
        last = self.settings.section("window").get("school")
        if known:
            self.choose(last if last in known else known[0])

    def start_practice(self) -> None:
        """Start the practice school and choose it."""
        self.work.ask("schools.practice", done=self._practise)

    def _practise(self, found: Connected) -> None:
        address = found.root.partition("//")[2].removesuffix("/admin/api")
        self.school = Chosen(PRACTICE, _("Practice school"), address, "#c2570c")
        self.choose(PRACTICE)

    # Moving ---------------------------------------------------------------------------------------------------

    def go(self, page: str, **about: Any) -> None:
        """Show another page; `about` says what of."""
        self.went.emit(page, about)

    def say(self, error: AppError) -> None:
        """Show an error that no page has a place for."""
        self.failed.emit(error)

    # Newer versions -------------------------------------------------------------------------------------------

    def watch_for_news(self) -> None:
        """Look for a newer version now and then; `newer` has it and `news` says so."""
        self._look_for_news()
        timer = QTimer(self)
        timer.timeout.connect(self._look_for_news)
        timer.start(_NEWS)

    def _look_for_news(self) -> None:
        self.work.ask("updates.look", done=self._tell_news, failed=lambda _error: None)

    def _tell_news(self, found: Release | None) -> None:
        if found != self.newer:
            self.newer = found
            self.news.emit()

    def begin_anew(self) -> None:
        """The pages are made again: nobody waits for an answer any more."""
        self.bridge.begin_anew()
        self._asked = False

    # The jobs -------------------------------------------------------------------------------------------------

    def listen(self, on: bool = True) -> None:
        """Begin (or end) to ask how the jobs stand."""
        self._beat.start() if on else self._beat.stop()

    def _listen(self) -> None:
        if not self._asked:
            self._asked = True
            self.work.ask("runs.pulse", done=self._felt, failed=self._numb)

    def _felt(self, found: Pulse) -> None:
        self._asked, self.last = False, found
        self.pulse.emit(found)

    def _numb(self, error: AppError) -> None:
        self._asked = False
