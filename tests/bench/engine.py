"""The engine: a real import job sent to a school without a limit, with more and more workers."""

import csv
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from lwdesk.api.auth import Credentials
from lwdesk.app.importing import imports
from lwdesk.app.importing.opened import Choices
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from lwdesk.jobs.states import FINISHED
from lwdesk.sheets.columns import Column
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.write import write_book
from tests.bench.measure import Line, measured, school

CALLS, USERS = 2000, 2200


def lines(folder: Path) -> Iterator[Line]:
    sheet = folder / "enroll.csv"
    measured(make, sheet, CALLS)
    for workers in (1, 4, 6, 8):
        with school("--no-limit", "--users", str(USERS)) as there:
            done = measured(carry, sheet, there, workers)
        found = done.found
        pace, each = found["calls"] / found["seconds"], found["cpu"] / found["calls"]
        says = f"{pace:,.0f} calls/s, {each * 1000:.2f} ms CPU a call"
        yield Line(f"import job of {CALLS:,} enrollments, {workers} workers", done, says)
    with school("--no-limit", "--users", str(USERS)) as there:
        done = measured(bare, sheet, there)
    says = f"{CALLS / done.seconds:,.0f} calls/s, {done.cpu / CALLS * 1000:.2f} ms CPU a call"
    yield Line("  requests alone, one thread, nothing written down", done, says)


def make(path: str, count: int) -> None:
    """A sheet that enrolls `count` users of a practice school of USERS users."""
    from lwdesk.practice.server import Practice

    active = (user for user in Practice(users=USERS).school.users if not user.suspended)
    rows = ([user.email, "Draft: Onboarding 2027"] for user in islice(active, count))
    write_book(Path(path), [Sheet("People", [Column("Email"), Column("Course")], rows)])


def bare(path: str, there: dict[str, str]) -> None:
    """The same calls by the HTTP library alone."""
    import requests

    root, body = (
        f"{there['url']}/admin/api",
        {"productId": "draft-course", "productType": "course", "price": 0},
    )
    secret = {"client_id": there["client_id"], "client_secret": there["client_secret"]}
    with requests.Session() as session:
        session.headers["Lw-Client"] = there["client_id"]
        form = {**secret, "grant_type": "client_credentials"}
        token = session.post(f"{root}/oauth2/access_token", data=form).json()["tokenData"]["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                session.post(f"{root}/v2/users/{row['Email']}/enrollment", json=body).raise_for_status()


def carry(path: str, there: dict[str, str], workers: int, rest: float = 0) -> dict[str, Any]:
    """Plan and run the job; the figures are those of the run alone, which begins after a rest (seconds)."""
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
        start, cpu = time.perf_counter(), time.process_time()
        state = engine.run()
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        assert state == FINISHED and journal.call_counts() == {"done": calls}, journal.call_counts()
        return {"calls": calls, "seconds": seconds, "cpu": cpu, "refused": session.client.refused}
