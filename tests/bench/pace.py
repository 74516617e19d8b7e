"""The pace: a job against a school that enforces 30 requests in any 10 seconds, beside the best there could be."""

import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lwdesk.api.pace import Pace
from tests.api.simulation import Crowd, Windows, ideal
from tests.bench.engine import USERS, carry, make
from tests.bench.measure import Figure, Line, measured, school

CALLS = 300
LATENCY = 150  # ms
WORKERS = 6
# The window is empty when the job begins, so its first 30 calls leave at once, the last 30 after nine windows.
IDEAL = (CALLS / 30 - 1) * 10 + LATENCY / 1000
MOST = 1.05
# Limits (calls, seconds) that schools may have beside the documented one.
STRICTER = ((5, 1), (10, 10), (60, 60))


def lines(folder: Path) -> Iterator[Line]:
    sheet = folder / "three hundred.csv"
    measured(make, sheet, CALLS)
    jitters = (0, 100)
    with ThreadPoolExecutor() as pool:  # both mostly wait, so they may wait at the same time
        figures = pool.map(lambda jitter: _paced(sheet, jitter), jitters)
        for jitter, figure in zip(jitters, figures, strict=True):
            yield _line(jitter, figure)
    for calls, seconds in STRICTER:
        yield _stricter(calls, seconds, measured(simulated, calls, seconds))


def simulated(calls: int, seconds: int) -> dict[str, float]:
    """A job at a school that allows less than the documented pace, on a made-up clock."""
    there = Windows((calls, seconds))
    took = Crowd(Pace(30, 10.0), there).run(CALLS)
    return {"took": took, "refused": len(there.refused)}


def _stricter(calls: int, seconds: int, figure: Figure) -> Line:
    took, refused = figure.found["took"], figure.found["refused"]
    best = ideal(CALLS, (calls, seconds), (30, 10))
    says = f"{took:.1f} s, ideal {best:.1f} s: {took / best - 1:+.1%}; {refused} refused"
    what = f"{CALLS} calls at a school that takes {calls} in {seconds} s (simulated clock)"
    return Line(what, figure, says, "+30 %, 5 refused", took <= 1.3 * best and refused <= 5)


def _line(jitter: int, figure: Figure) -> Line:
    assert figure.found["calls"] == CALLS
    seconds, refused = figure.found["seconds"], figure.found["refused"]
    says = f"{seconds:.1f} s, ideal {IDEAL:.1f} s: {seconds / IDEAL - 1:+.1%}; {refused} refused"
    what = f"{CALLS} calls at 30 in 10 s, {LATENCY} ms latency, {jitter} ms jitter"
    return Line(what, figure, says, "+5 %, 0 refused", seconds <= IDEAL * MOST and not refused)


def _paced(sheet: Path, jitter: int) -> Figure:
    with school("--users", str(USERS), "--latency", str(LATENCY)) as there:
        body = json.dumps({"jitter": jitter / 1000}).encode()
        request = urllib.request.Request(f"{there['url']}/practice/switches", body, method="PUT")
        urllib.request.urlopen(request).close()
        return measured(carry, sheet, there, WORKERS, 11)
