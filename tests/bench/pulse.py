"""The window, driven offscreen as a person would, and how long its event loop was blocked meanwhile."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db=false;qt.qpa.*=false")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop
from tests.bench import idle
from tests.bench.idle import TICK
from tests.bench.measure import peak


@dataclass
class Step:
    """What one step took, and how much of it (CPU) the window's thread was at work, in seconds; in ms: the longest gap
    between two looks at the clock, how much of that it was at work, the 99.9th percentile of all gaps, and the longest
    gap of a process that does nothing."""

    name: str
    seconds: float
    cpu: float
    longest: float
    work: float
    most: float
    idle: float = 0


class JobsStatus:
    """A timer in the window's own loop: what comes later than it should was blocked."""

    def __init__(self) -> None:
        self._steps: list[tuple[Step, float, float]] = []
        self._ticks: list[tuple[float, float]] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(1000 * TICK))
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._idle = subprocess.Popen([sys.executable, idle.__file__], stdout=subprocess.PIPE, text=True)

    def _tick(self) -> None:
        self._ticks.append((time.monotonic(), time.thread_time()))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens in this block counts for this step."""
        self._ticks.clear()
        self._tick()
        yield
        pause(0.1)
        gaps = sorted((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(self._ticks))
        (longest, work), (most, _work) = gaps[-1], gaps[int(len(gaps) * 0.999)]
        (begin, before), (end, after) = self._ticks[0], self._ticks[-1]
        step = Step(name, end - begin, after - before, 1000 * longest, 1000 * work, 1000 * most)
        self._steps.append((step, begin, end))

    def steps(self) -> list[dict[str, Any]]:
        """All steps as JSON carries them, in the end."""
        self._idle.terminate()
        late = [tuple(map(float, line.split())) for line in self._idle.communicate()[0].splitlines()]
        for step, begin, end in self._steps:
            step.idle = 1000 * max((gap for moment, gap in late if begin < moment < end), default=TICK)
        return [asdict(step) for step, _begin, _end in self._steps]


def wait(until: Callable[[], Any], patience: float = 300, every: int = 20) -> None:
    """Let the window live until something is so (asked every so many ms). Raises TimeoutError."""
    loop, end, timer = QEventLoop(), time.monotonic() + patience, QTimer()

    def look() -> None:
        if until() or time.monotonic() > end:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(every)
    loop.exec()
    if time.monotonic() > end:
        raise TimeoutError


def pause(seconds: float) -> None:
    """Let the window live for a while."""
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end)


@contextmanager
def window(folder: Path) -> Iterator[Desktop]:
    """A window of the size of a small laptop's."""
    desktop = Desktop(QApplication([]), Home(folder))
    desktop.window.resize(1366, 768)
    desktop.window.show()
    try:
        yield desktop
    finally:
        desktop.close()


def helper(desktop: Desktop) -> float:
    """Peak memory of the helper process, in megabytes."""
    process = desktop.work.process
    assert process is not None and process.pid is not None
    return peak(process.pid)


def scroll(table: QTableView, seconds: float) -> None:
    """Turn the wheel, 60 times a second; every now and then drag the bar somewhere else."""
    bar, end, chance = table.verticalScrollBar(), time.monotonic() + seconds, random.Random(7)

    def turn() -> bool:
        far = chance.random() < 0.1
        bar.setValue(chance.randint(0, bar.maximum()) if far else (bar.value() + 3) % (bar.maximum() + 1))
        return time.monotonic() > end

    wait(turn, every=16)


@contextmanager
def filled(table: QTableView) -> Iterator[None]:
    """What is done in the block makes the table read again; the block lasts until it has."""
    fills: list[int] = []
    table.model().filled.connect(fills.append)  # type: ignore[attr-defined]
    yield
    wait(lambda: fills)
    table.model().filled.disconnect(fills.append)  # type: ignore[attr-defined]


def write(field: QLineEdit, text: str) -> None:
    """Type as fast as people do."""
    for letter in text:
        QTest.keyClicks(field, letter)
        pause(0.08)
