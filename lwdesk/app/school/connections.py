"""The schools a running window is connected to: their sessions, the practice school, secrets kept for now only."""

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lwdesk.api.auth import Credentials, school_root
from lwdesk.app.school import network, schools
from lwdesk.app.school.schools import School
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _

if TYPE_CHECKING:
    from lwdesk.practice.server import Practice

PRACTICE = "practice"
# The practice school answers as a school nearby does, so that a run can be watched.
_LATENCY = 0.02


def school_title(name: str) -> str:
    """How a school is called that jobs know by this name."""
    return _("Practice school") if name == PRACTICE else name


@dataclass(frozen=True)
class Connected:
    """A connected school; `kept` is False if its secret is only kept until the window closes."""

    name: str
    root: str
    kept: bool = True


class Connections:
    """One session per school, opened on first use. Thread-safe."""

    def __init__(self, home: Home):
        self.home = home
        self._pace = network.pace(Settings(home))
        network.use(Settings(home))
        self._secrets: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._practice: Practice | None = None
        self._mutex = threading.RLock()

    def practice(self) -> Connected:
        """Start the practice school, as it was when it was last used."""
        self._practice_school()
        return Connected(PRACTICE, self.session(PRACTICE).root)

    def reset_practice(self) -> Connected:
        """Start the practice school with its sample data. No job may run there."""
        with self._mutex:
            self._drop(PRACTICE)
            if self._practice is not None:
                self._practice.stop()
                self._practice = None
            self._kept_practice.unlink(missing_ok=True)
        return self.practice()

    @property
    def _kept_practice(self) -> Path:
        return self.home.root / "practice.school"

    def _practice_school(self) -> "Practice":
        with self._mutex:
            if self._practice is None:
                from lwdesk.practice.server import Practice

                found = Practice(limit=False, latency=_LATENCY, kept=self._kept_practice)
                self._practice = found.start()
            return self._practice

    def connect(self, school: School, secret: str, keep: bool = True) -> Connected:
        """Test a school and remember it, its secret in the keychain where `keep` says so and there is one.

        Raises AppError that says what is wrong: the address, the credentials, the plan, the network.
        """
        if not school.name.strip() or school.name == PRACTICE:
            raise UserError(_("The school needs a name"), "", _("Type a name for the school")).at("name")
        known, root = schools.schools(Settings(self.home)), school_root(school.url)
        self._refuse_twin(school, [o for o in known if (o.name, o.url) != (school.name, root)])
        self._try(school, secret)
        return self._remember(school, secret, keep)

    def edit(self, school: School, secret: str, keep: bool = True) -> Connected:
        """Change a known school, found by its name, after testing it; without a secret the known one stays.

        Raises AppError as `connect` does.
        """
        known = schools.schools(Settings(self.home))
        self._refuse_twin(school, [other for other in known if other.name != school.name])
        secret = secret or self._credentials(school.name).client_secret
        self._try(school, secret)
        return self._remember(school, secret, keep)

    def unlock(self, name: str, secret: str) -> None:
        """Take the secret of a known school, until `close`. Raises AppError where the school doesn't accept it."""
        self._try(schools.find(Settings(self.home), name), secret)
        with self._mutex:
            self._secrets[name] = secret

    def details(self, name: str) -> School:
        """What is known of a school, but for its secret. Raises UserError where there is none of this name."""
        return schools.find(Settings(self.home), name)

    def _refuse_twin(self, school: School, others: Sequence[School]) -> None:
        """Raise UserError where another school has this name."""
        if any(school.shown in (other.name, other.shown) for other in others):
            raise UserError(
                _("A school named “{name}” is already connected").format(name=school.shown),
                "",
                _("Choose another name, or edit that school"),
            ).at("name")

    def _remember(self, school: School, secret: str, keep: bool) -> Connected:
        kept = schools.add(Settings(self.home), school, secret, keep=keep)
        with self._mutex:
            self._secrets[school.name] = secret
            self._drop(school.name)
        return Connected(school.name, Credentials(school.url, school.client_id, secret).root, kept)

    def test(self, name: str) -> Connected:
        """Test the connection to a known school. Raises AppError with the reason if it fails."""
        session = self.session(name)
        session.client.check()
        return Connected(name, session.root)

    def forget(self, name: str) -> None:
        """Forget a school and its secret. Raises UserError where there is none of this name."""
        with self._mutex:
            self._drop(name)
            self._secrets.pop(name, None)
        schools.remove(Settings(self.home), name)

    def titles(self, name: str, listing: str) -> list[tuple[str, str]]:
        """(id, title) of all that the school has of a listing."""
        found = self.session(name).directory.titles(listing)
        return [(str(row["id"]), str(row["title"])) for row in found]

    def session(self, name: str) -> Session:
        """The session of a school. Raises UserError where the school or its secret is not known."""
        with self._mutex:
            if name not in self._sessions:
                self._sessions[name] = self._session(name, self._credentials(name))
            return self._sessions[name]

    def rest(self, name: str) -> None:
        """Reset the session after a run: clear its stop flag and what it knows of the school."""
        with self._mutex:
            if (session := self._sessions.get(name)) is not None:
                session.stopping = threading.Event()
                session.directory = session.new_directory()
            if name == PRACTICE and self._practice is not None:
                self._practice.save(self._kept_practice)

    def open(self) -> dict[str, Session]:
        """The sessions that were made, by school."""
        with self._mutex:
            return dict(self._sessions)

    def close(self) -> None:
        """End all sessions and the practice school."""
        with self._mutex:
            for name in list(self._sessions):
                self._drop(name)
            if self._practice is not None:
                with contextlib.suppress(AppError):  # it is only practice: no full disk may hold up the end
                    self._practice.save(self._kept_practice)
                self._practice.stop()
                self._practice = None

    def _session(self, name: str, found: Credentials) -> Session:
        return Session(name, found, self.home.pace, pace_limit=self._pace)

    def _try(self, school: School, secret: str) -> None:
        session = self._session(school.name, Credentials(school.url, school.client_id, secret))
        try:
            session.client.check()
        finally:
            session.close()

    def _credentials(self, name: str) -> Credentials:
        if name == PRACTICE:
            made = self._practice_school()
            return Credentials(made.url, made.client_id, client_secret=made.client_secret)
        settings = Settings(self.home)
        if name in self._secrets:
            school = schools.find(settings, name)
            return Credentials(school.url, school.client_id, client_secret=self._secrets[name])
        return schools.credentials(settings, name)[1]

    def _drop(self, name: str) -> None:
        if (session := self._sessions.pop(name, None)) is not None:
            session.stopping.set()
            session.close()
