"""Prevents two imports of one file into one school at the same time: everything would be sent twice."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from filelock import FileLock

from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import RUNNING

_SAME = ("digest", "root", "what")


@contextmanager
def only_one(home: Home, journal: Journal, again: bool) -> Iterator[None]:
    """Lock the job while the block runs, so that other programs refuse to import the same file.

    Raises UserError where another program imports it now, unless `again`.
    """
    with ExitStack() as stack:
        with FileLock(home.jobs / "starting.lock", mode=0o600):
            if not again:
                refuse_second(home, journal, _("To import it a second time anyway, use --again"))
            stack.enter_context(journal.held())
            journal.put(begun=True)
        yield


def refuse_second(home: Home, journal: Journal, otherwise: str = "") -> None:
    """Do nothing unless another job imports the same file now: then raise UserError, with what
    can be done `otherwise`."""
    if journal.get("digest") and (other := running(home, journal)):
        raise UserError(
            _("This file is being imported into this school right now (job {job})").format(job=other),
            "",
            ". ".join(filter(None, (_("Wait until it is done"), otherwise))),
        )


def running(home: Home, journal: Journal) -> str | None:
    """The id of a running job that imports the same content by the same operation into the same school, or None."""
    mine = [journal.get(key) for key in _SAME]
    first = str(journal.get("what")).partition("+")[0]
    for path in home.jobs.glob(f"*-{first}-*{SUFFIX}"):
        if path == journal.path:
            continue
        try:
            with closing(Journal(path)) as other:
                at_it = other.get("begun") or other.get("state") == RUNNING
                if at_it and [other.get(key) for key in _SAME] == mine and other.busy:
                    return other.id
        except UserError:  # a damaged file, or one that was deleted meanwhile
            continue
    return None
