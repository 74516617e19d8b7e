"""Imports before anything is sent: read, match and check a roster; its journal; its plan against a school."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lwdesk.api.auth import Credentials
from lwdesk.app.importing import imports
from lwdesk.app.importing.imports import open_file
from lwdesk.app.importing.opened import Choices
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from tests.bench import rosters
from tests.bench.measure import Line, measured, school

ROWS, MANY, USERS = 100_000, 500_000, 20_000


def lines(folder: Path) -> Iterator[Line]:
    roster, huge = folder / "roster.xlsx", folder / "huge.xlsx"
    measured(rosters.make, roster, ROWS, USERS)
    measured(rosters.make, huge, MANY)
    checked = measured(check, roster)
    says = f"{checked.found['problems']:,} problems in {checked.found['bad']:,} rows with errors"
    met = checked.seconds < 6 and checked.peak < 400
    yield Line("read + match + check 100,000 rows", checked, says, "6 s, 400 MB", met)
    for rows, path, target in ((ROWS, roster, ""), (MANY, huge, "1,000 MB")):
        kept = measured(journal, path)
        met = kept.peak < 1000 if target else None
        yield Line(f"  ... into a journal, {rows:,} rows", kept, f"{kept.found:,} MB on disk", target, met)
    with school("--no-limit", "--users", str(USERS)) as there:
        planned = measured(plan, roster, there)
    says = "{calls:,} calls, {reads:,} requests, {seconds} s of it planning".format_map(planned.found)
    what = "read + check + plan 100,000 rows, 20,000 users there"
    yield Line(what, planned, says, "500 MB", planned.peak < 500)


def check(path: str) -> dict[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        opened = open_file(Path(path), ["roster"], Choices(), Settings(Home(Path(folder))))
    rows = opened.check()
    return {"bad": sum(not row.good for row in rows), "problems": sum(len(row.problems) for row in rows)}


def journal(path: str) -> int:
    """Megabytes of the journal."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        session = Session("nowhere", Credentials("http://127.0.0.1:1", "id", client_secret="s"), home.pace)
        opened = open_file(Path(path), ["roster"], Choices(), Settings(home))
        found = imports.create(home, opened, session)
        found.close()
        return found.path.stat().st_size // 1024**2


def plan(path: str, there: dict[str, str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        secret = Credentials(there["url"], there["client_id"], client_secret=there["client_secret"])
        session = Session("practice", secret, home.pace)
        opened = imports.open_for(session, Path(path), ["roster"], Choices(), Settings(home))
        found = imports.create(home, opened, session)
        start = time.perf_counter()
        counts = imports.plan(found, session)
        return {
            "calls": counts.calls,
            "reads": counts.reads,
            "seconds": round(time.perf_counter() - start, 1),
        }
