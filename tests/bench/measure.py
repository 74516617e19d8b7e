"""Measures a function in a process of its own: wall seconds, CPU seconds, peak memory, and what it returns.

As a program it is that process: `python -m tests.bench.measure MODULE FUNCTION ARGUMENTS`, arguments as a JSON list.
"""

import contextlib
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`seconds` on the clock, `cpu` seconds of all threads, `peak` megabytes in memory, and what was returned."""

    seconds: float
    cpu: float
    peak: float
    found: Any = None


@dataclass(frozen=True)
class Line:
    """A line of the table. `met` is None where there is no target."""

    what: str
    figure: Figure
    says: str = ""
    target: str = ""
    met: bool | None = None


def measured(function: Callable[..., Any], *arguments: Any, runs: int = 1) -> Figure:
    """`function(*arguments)` in a fresh process each time; of several runs the one with the median of seconds.

    The function must stand in a module, its arguments and result must be JSON (paths are passed as text).
    """
    given = json.dumps([str(one) if isinstance(one, Path) else one for one in arguments])
    command = [sys.executable, "-m", __name__, function.__module__, function.__name__, given]
    figures = []
    for _run in range(runs):
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        figures.append(Figure(**json.loads(done.stdout.splitlines()[-1])))
    middle = statistics.median_low(figure.seconds for figure in figures)
    return next(figure for figure in figures if figure.seconds == middle)


@contextlib.contextmanager
def school(*options: str) -> Iterator[dict[str, str]]:
    """A practice school as a process of its own: url, client_id and client_secret."""
    command = [sys.executable, "-m", "lwdesk", "practice", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _cpu() -> float:
    """CPU seconds of this process and of those it started."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def peak(process: int | str = "self") -> float:
    """Megabytes. Linux's own figure where there is one: the other counts the parent process in."""
    status = Path(f"/proc/{process}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _here(module: str, function: str, arguments: str) -> None:
    run = getattr(import_module(module), function)
    clock, cpu = time.perf_counter(), _cpu()
    found = run(*json.loads(arguments))
    seconds, cpu = time.perf_counter() - clock, _cpu() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak(), "found": found}))


if __name__ == "__main__":
    _here(*sys.argv[1:])
