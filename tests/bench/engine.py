"""The engine: a real import job sent to a school without a limit, with more and more workers."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lwdesk.api.auth import Credentials
from lwdesk.app import imports
from lwdesk.app.imports import Choices
from lwdesk.app.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from lwdesk.jobs.states import FINISHED
from lwdesk.sheets.write import Column, Sheet, write_book
from tests.bench.measure import Line, measured, school

CALLS = 2000


def lines(folder: Path) -> Iterator[Line]:
    sheet = folder / "enroll.csv"
    measured(make, sheet, CALLS)
    for workers in (1, 4, 6, 8):
        with school("--no-limit", "--users", str(CALLS)) as there:
            done = measured(carry, sheet, there, workers)
        found = done.found
        says = f"{found['calls'] / found['seconds']:,.0f} calls/s, {done.cpu / found['calls'] * 1000:.2f} ms CPU a call"
        yield Line(f"import job of {CALLS:,} enrollments, {workers} workers", done, says)


def make(path: str, count: int) -> None:
    """A sheet that enrolls all users of a practice school of `count` users."""
    from lwdesk.practice.server import Practice

    rows = ([user.email, "Board Members Only"] for user in Practice(users=count).school.users)
    write_book(Path(path), [Sheet("People", [Column("Email"), Column("Course")], rows)])


def carry(path: str, there: dict[str, str], workers: int, rest: float = 0) -> dict[str, Any]:
    """Plan and run the job; the seconds are those of the run alone, which begins after a rest (seconds)."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        secret = Credentials(there["url"], there["client_id"], client_secret=there["client_secret"])
        session = Session("practice", secret, home.pace)
        opened = imports.open_for(session, Path(path), ["enroll"], Choices(), Settings(home))
        journal = imports.create(home, opened, session)
        calls = imports.plan(journal, session).calls
        engine = imports.engine(journal, session)
        engine.workers = workers
        time.sleep(rest)
        start = time.perf_counter()
        state = engine.run()
        seconds = time.perf_counter() - start
        assert state == FINISHED and journal.call_counts() == {"done": calls}, journal.call_counts()
        return {"calls": calls, "seconds": seconds, "refused": session.client.refused}
