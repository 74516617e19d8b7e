"""Sessions for commands: a known school, the school of the environment, or an embedded practice school."""

from collections.abc import Iterator
from contextlib import contextmanager

from lwdesk.api.auth import Credentials
from lwdesk.app.job.passwords import wipe_old
from lwdesk.app.school import network, schools
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.errors import SecretNeeded, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.cli import show
from lwdesk.jobs.journal import Journal

PRACTICE = "practice"


@contextmanager
def session_for(name: str | None, home: Home) -> Iterator[Session]:
    """A session with the school of this name, or of the environment without one; "practice" starts one.

    Raises UserError where the school is not known or lacks something.
    """
    if name == PRACTICE:
        from lwdesk.practice.server import Practice

        with Practice(limit=False) as practice:
            secret = Credentials(practice.url, practice.client_id, client_secret=practice.client_secret)
            yield from _open(PRACTICE, secret, home)
        return
    try:
        found = schools.credentials(Settings(home), name)
    except SecretNeeded as error:
        hint = _("Unlock the keychain, add the school again, or set LWDESK_CLIENT_SECRET")
        raise SecretNeeded(error.title, error.message, hint, school=error.school) from error
    yield from _open(*found, home)


def _open(name: str, credentials: Credentials, home: Home) -> Iterator[Session]:
    wipe_old(home)
    settings = Settings(home)
    network.use(settings)
    session = Session(name, credentials, home.pace, pace_limit=network.pace(settings), on_wait=show.waiting)
    try:
        yield session
    finally:
        session.close()


@contextmanager
def session_of(journal: Journal, home: Home) -> Iterator[Session]:
    """A session with the school that a job belongs to. Raises UserError when that is not to be had."""
    name = journal.get("school")
    if name == PRACTICE:
        raise UserError(
            _("The practice school of job {job} is gone").format(job=journal.id),
            _("It was started for one command and ended with it"),
            _("Start one that stays with: lwdesk practice"),
        )
    settings = Settings(home)
    known = any(school.name == name for school in schools.schools(settings))
    with session_for(name if known else None, home) as session:
        if session.root != journal.get("root"):
            raise UserError(
                _("Job {job} belongs to another school").format(job=journal.id),
                _("It belongs to {there}, not to {here}").format(
                    there=journal.get("root"), here=session.root
                ),
                _("Set its school in the environment variables, or add it"),
            )
        yield session
