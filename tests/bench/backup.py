"""A backup of a whole school by the real command: unbroken, and killed at many points and resumed each time."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from lwdesk.jobs.engine import WORKERS
from lwdesk.practice.server import Practice
from tests.bench.measure import Figure, Line

USERS = 20_000
# Kills when this part of the requests is served; two more follow while the workbook is written.
PARTS = (0.002, 0.05, 0.2, 0.5, 0.8, 0.97, 0.999)


class Watched:
    """A practice school that counts how often each page is asked for, and kills `victim` after so many requests."""

    def __init__(self, practice: Practice):
        self.asked: Counter[str] = Counter()
        self.victim, self.left = 0, 0
        operate = practice.api._operate

        def counting(request, path, body):
            self.asked[f"{path}?{request.url.query}"] += 1
            self.left -= 1
            if self.victim and self.left == 0:
                os.kill(self.victim, signal.SIGKILL)
            return operate(request, path, body)

        practice.api._operate = counting


def lines(folder: Path) -> Iterator[Line]:
    with Practice(users=USERS, limit=False) as practice:
        watched = Watched(practice)
        desk = Desk(folder, practice, watched)
        whole = desk.run("whole", "export", "everything", "-o", folder / "whole.xlsx")
        once = Counter(watched.asked)
        size = (folder / "whole.xlsx").stat().st_size / 1024**2
        says = f"{desk.facts['rows']:,} rows, {once.total():,} requests, {size:.1f} MB workbook"
        yield Line(f"back up a school of {USERS:,} users", whole, says, "100 MB", whole.peak < 100)
        watched.asked.clear()
        last, kills = desk.broken(once.total())
        again = (watched.asked - once).total()
        same = contents(folder / "broken.xlsx") == contents(folder / "whole.xlsx")
        says = f"{again} pages asked for twice, workbook {'the same' if same else 'ANOTHER ONE'}"
        met = same and watched.asked.keys() == once.keys() and again <= WORKERS * kills
        yield Line(f"  ... killed {kills} times, the last resume", last, says, f"{WORKERS} a kill, same", met)


class Desk:
    """Runs commands against the school, each in a process of its own, and kills them."""

    def __init__(self, folder: Path, practice: Practice, watched: Watched):
        self.folder, self.watched, self.facts = folder, watched, {}
        given = practice.credentials()
        self.env = os.environ | {"LWDESK_SCHOOL_URL": given["url"], "LWDESK_CLIENT_ID": given["client_id"]}
        self.env |= {"LWDESK_CLIENT_SECRET": given["client_secret"], "TMPDIR": str(folder / "tmp")}
        (folder / "tmp").mkdir()

    def run(self, home: str, *arguments: object, kill: Callable[[], bool] | None = None) -> Figure:
        """A command, killed as soon as `kill` says so, or by the school."""
        clock, out = time.perf_counter(), self.folder / "out.json"
        command = [sys.executable, "-m", "lwdesk", "--home", str(self.folder / home), *map(str, arguments)]
        with out.open("w") as stream:
            child = subprocess.Popen([*command, "--json"], env=self.env, stdout=stream, stderr=stream)
            self.watched.victim = child.pid
            while kill is not None and child.returncode is None and not kill():
                time.sleep(0.002)
            if kill is not None:
                child.kill()
            _pid, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.watched.victim = 0
        seconds = time.perf_counter() - clock
        assert child.returncode in (0, -signal.SIGKILL), out.read_text()
        self.facts = json.loads(out.read_text().splitlines()[-1]) if child.returncode == 0 else {}
        return Figure(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)

    def broken(self, requests: int) -> tuple[Figure, int]:
        """A backup that is killed again and again. Returns what the last resume took, and the number of kills."""
        target, temporary = self.folder / "broken.xlsx", self.folder / "tmp"
        begin: tuple[object, ...] = ("export", "everything", "-o", target)
        for part in PARTS:
            self.watched.left = int(requests * part) - self.watched.asked.total()
            self.run("broken", *begin)
            assert not self.facts and not target.exists()
            [job] = [path.stem for path in (self.folder / "broken" / "jobs").glob("*.lwjob")]
            begin = ("resume", job, "--yes")
        for written in (
            lambda: len(list(temporary.glob("lwdesk-making-*/*"))) > 10,  # sheets, one by one
            lambda: any(
                path.stat().st_size > 100_000 for path in self.folder.glob(".lwdesk-making-*.xlsx")
            ),  # the file
        ):
            self.run("broken", *begin, kill=written)
            assert not self.facts and not target.exists()
            for path in (*temporary.glob("lwdesk-making-*/*"), *self.folder.glob(".lwdesk-making-*.xlsx")):
                path.unlink()
        return self.run("broken", *begin), len(PARTS) + 2


def contents(path: Path) -> dict[str, int]:
    """The sheets of a workbook but the last, which tells when the school was read: name -> checksum."""
    with zipfile.ZipFile(path) as book:
        found = {info.filename: info.CRC for info in book.infolist() if "worksheets/sheet" in info.filename}
    found.pop(f"xl/worksheets/sheet{len(found)}.xml")
    return found
