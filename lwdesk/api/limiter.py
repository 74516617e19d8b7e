"""The rate limiter of a school, shared by all threads and all programs on this computer."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lwdesk.api.pace import LONGEST_STOP, STOPS, Pace, Slot
from lwdesk.api.statefile import StateFile
from lwdesk.base.errors import Unavailable
from lwdesk.base.text import _

# LearnWorlds API v2, rate limits: 30 requests in any 10 seconds.
CAPACITY, WINDOW = 30, 10.0
# The list of certificates answers one call in about 10 seconds (seen at a large school).
GATES = {"certificates": (1, 10.0)}

MAIN = ""
# Seconds between two checks of a waiting thread: whether to stop, and what other programs sent.
POLL = 0.1


class Stopped(Unavailable):
    """Raised where `stop` ended the wait before the request was sent."""

    def __init__(self) -> None:
        super().__init__(_("Stopped"), _("Nothing was sent"), sent=False)


@dataclass(frozen=True)
class Permit:
    """Permission to send one request; return it with `answered`, `refused` or `unused`."""

    slots: tuple[tuple[str, Slot], ...]
    at: float


def never() -> bool:
    """A `stop` that never stops."""
    return False


class Limiter:
    """Hands out permits in order of arrival, at the rate that the school allows.

    `capacity` requests in any `window` seconds; None is no limit, for a practice school without one. `gates`
    are stricter limits of single lists, on top. With a `folder`, all programs that name the same `school`
    share one window and what was learned from refusals. `clock` counts seconds since boot.
    """

    def __init__(
        self,
        capacity: int | None = CAPACITY,
        window: float = WINDOW,
        *,
        gates: Mapping[str, tuple[int, float]] = GATES,
        folder: Path | None = None,
        school: str = "",
        clock: Callable[[], float] = time.monotonic,
    ):
        self._clock, self._free = clock, capacity is None
        self._paces = {MAIN: Pace(capacity or 1, window)}
        if not self._free:
            self._paces |= {name: Pace(calls, seconds) for name, (calls, seconds) in gates.items()}
        self._file = StateFile(folder, school) if folder and not self._free else None
        self._turn = threading.Condition()
        self._queues: dict[str, deque[object]] = {name: deque() for name in self._paces}
        self._open_at = 0.0
        self._latency = 0.3  # of a usual answer; measured from the first one on

    def take(self, gate: str = MAIN, stop: Callable[[], bool] = never) -> Permit:
        """Wait for a permit to send one request; also subject to the limit of `gate`, where it has one.

        Raises Stopped within a tenth of a second once `stop()` is true.
        """
        if self._free:
            return self._take_freely(stop)
        taken: list[tuple[str, Slot]] = []
        try:
            for line in (gate, MAIN) if gate in self._paces and gate != MAIN else (MAIN,):
                taken.append((line, self._queue_up(line, stop)))
        except Stopped:
            self.unused(Permit(tuple(taken), 0.0))
            raise
        return Permit(tuple(taken), self._clock())

    def answered(self, permit: Permit) -> None:
        """Return a permit whose request was answered (with anything but 429) or given up."""
        now = self._clock()
        self._latency += (now - permit.at - self._latency) / 8
        if self._free:
            return
        with self._changing() as paces:
            for line, slot in permit.slots:
                paces[line].answered(slot, now)

    def unused(self, permit: Permit) -> None:
        """Return a permit whose request was not sent: its slot is free at once."""
        if permit.slots:
            with self._changing() as paces:
                for line, slot in permit.slots:
                    paces[line].unused(slot)

    def refused(self, permit: Permit, retry_after: float = 0.0) -> None:
        """Return a permit whose request was refused with 429: all requests stop, its strictest limit slows down."""
        now = self._clock()
        if self._free:
            self._open_at = max(self._open_at, now + min(retry_after or STOPS[0], LONGEST_STOP))
            return
        with self._changing() as paces:
            for n, (line, slot) in enumerate(permit.slots):
                if n == 0:
                    paces[line].refused(slot, now, retry_after)
                else:
                    paces[line].answered(slot, now)
                    paces[line].stop(now, retry_after)

    @property
    def capacity(self) -> int | None:
        """Requests in one window, as learned so far; None is no limit."""
        return None if self._free else self._look(MAIN).capacity

    @property
    def resumes_in(self) -> float:
        """Seconds until the queue goes on after a refusal; 0 when it is not stopped."""
        until = self._open_at if self._free else self._look(MAIN).until
        return max(until - self._clock(), 0.0)

    def seconds_for(self, calls: int, workers: int = 4, gate: str = MAIN) -> float:
        """Estimate the seconds that so many calls take from now on, with so many threads."""
        lines = () if self._free else {MAIN, gate} & self._paces.keys()
        waits = [self._look(line).wait(calls, self._clock(), self._latency) for line in lines]
        by_threads = calls * self._latency / max(workers, 1) + self.resumes_in
        return max([by_threads, *(wait + self._latency for wait in waits)]) if calls > 0 else 0.0

    def lift(self) -> None:
        """Remove the limit, as a practice school on this computer asks for, and free all slots."""
        if not self._free:
            with self._changing() as paces:
                for pace in paces.values():
                    pace.clear()
        self._free = True

    def close(self) -> None:
        """Close the state file shared with other programs."""
        if self._file:
            self._file.close()

    def _take_freely(self, stop: Callable[[], bool]) -> Permit:
        while (now := self._clock()) < self._open_at:
            with self._turn:
                self._turn.wait(min(self._open_at - now, POLL))
            if stop():
                raise Stopped
        if stop():
            raise Stopped
        return Permit((), now)

    def _queue_up(self, line: str, stop: Callable[[], bool]) -> Slot:
        me, queue = object(), self._queues[line]
        with self._turn:
            queue.append(me)
            try:
                while not stop():
                    wait = POLL
                    if queue[0] is me:
                        with self._shared() as paces:
                            got = paces[line].take(self._clock())
                        if isinstance(got, Slot):
                            return got
                        wait = min(got, POLL)
                    self._turn.wait(wait)
                raise Stopped
            finally:
                queue.remove(me)
                self._turn.notify_all()

    def _look(self, line: str) -> Pace:
        with self._turn, self._shared() as paces:
            return paces[line]

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Pace]]:
        with self._turn, self._shared() as paces:
            yield paces
            self._turn.notify_all()

    @contextmanager
    def _shared(self) -> Iterator[dict[str, Pace]]:
        if not self._file:
            yield self._paces
            return
        with self._file.locked(self._paces, self._clock):
            yield self._paces
