"""The journal: how many calls a second can be written down before and after they are sent."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, Call, End
from tests.bench.measure import Line, measured

CALLS = 20_000
LEAST = 5000


def lines(folder: Path) -> Iterator[Line]:
    for threads in (1, 6):
        done = measured(transitions, threads, runs=3)
        says = f"{done.found:,} transitions/s"
        target, met = f"{LEAST:,}/s", done.found >= LEAST
        yield Line(f"journal: about to send + ended, {threads} threads", done, says, target, met)
    bare = measured(fsyncs, runs=3)
    yield Line("  a line and fsync for each call, bare", bare, f"{bare.found:,} calls/s")


def transitions(threads: int) -> int:
    """Transitions a second: each call is marked on the disk before it is sent, and when its answer came."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "bench.lwjob", create=True)
        with journal.writing():
            ids = [journal.add_call(_call(n)) for n in range(CALLS)]
        start = time.perf_counter()
        parts = [threading.Thread(target=_carry, args=(journal, ids[n::threads])) for n in range(threads)]
        for part in parts:
            part.start()
        for part in parts:
            part.join()
        return round(2 * CALLS / (time.perf_counter() - start))


def fsyncs() -> int:
    """Lines a second that reach the disk: nothing durable can be faster than half of a journal's transitions."""
    with tempfile.TemporaryFile() as file:
        start = time.perf_counter()
        for n in range(CALLS):
            file.write(b"about to send call %d\n" % n)
            file.flush()
            os.fsync(file.fileno())
        return round(CALLS / (time.perf_counter() - start))


def _call(n: int) -> Call:
    body = {"productId": "safety-101", "productType": "course", "price": 0}
    return Call(
        "enroll", "POST", f"users/person{n}@example.com/enrollment", body, lane=f"person{n}@example.com"
    )


def _carry(journal: Journal, ids: list[int]) -> None:
    for call_id in ids:
        journal.about_to_send(call_id, 1.0)
        journal.ended(call_id, End(DONE, "enrolled", 200, {"success": True}), 2.0)
