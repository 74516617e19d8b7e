"""The queue of open calls, in the plan's order: one at a time per lane, and after the calls they need."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import OUTCOMES, Call

_CHUNK = 256
# Calls to look ahead for a free lane before waiting for a busy one.
_FAR = 8 * _CHUNK
# Seconds that a call may be due ahead at most: a later time was written by a wrong clock.
_MOST_WAIT = 60
_BEGAN = time.time() - time.monotonic()


class Waitable(Protocol):
    """An event or a condition, as `threading` has them."""

    def wait(self, timeout: float) -> object: ...


def _wait(thing: Waitable, seconds: float) -> object:
    return thing.wait(seconds)


def monotonic_unix_time() -> float:
    """Unix seconds that never jump while the program runs, even if the computer's clock is set."""
    return _BEGAN + time.monotonic()


@dataclass(frozen=True)
class Clock:
    """An injectable clock: `now` in Unix seconds; `wait` sleeps so many seconds, or until the event is set."""

    now: Callable[[], float] = monotonic_unix_time
    wait: Callable[[Waitable, float], object] = _wait


class Queue:
    """Hands out calls to worker threads."""

    def __init__(self, journal: Journal, clock: Clock):
        self._journal, self._clock = journal, clock
        self._waiting: deque[Call] = deque()
        self._cursor = 0
        self._busy: set[str] = set()
        self._active = 0
        self._stopped = False
        self._change = threading.Condition()

    def stop(self) -> None:
        """Hand out no more calls."""
        with self._change:
            self._stopped = True
            self._change.notify_all()

    def next(self) -> Call | None:
        """Wait for the next call that may be sent. Returns None when none is left, or after `stop`."""
        with self._change:
            while not self._stopped:
                call, soonest = self._pick()
                if call is not None:
                    self._waiting.remove(call)
                    self._active += 1
                    if call.lane:
                        self._busy.add(call.lane)
                    return call
                if len(self._waiting) < _FAR and self._refill():
                    continue
                if not self._active and not self._waiting:
                    self._change.notify_all()
                    return None
                self._clock.wait(self._change, min(max(soonest - self._clock.now(), 0.01), 1.0))
        return None

    def requeue(self, call: Call) -> None:
        """Queue a call again, before all others of its lane."""
        with self._change:
            self._waiting.appendleft(call)

    def finished(self, call: Call) -> None:
        """Release the lane of a call."""
        with self._change:
            self._active -= 1
            self._busy.discard(call.lane)
            self._change.notify_all()

    def wait_until_empty(self) -> None:
        """Block until no call is left or `stop` is called. Ctrl+C raises KeyboardInterrupt here."""
        with self._change:
            while not self._stopped and (self._active or self._waiting or self._refill()):
                self._change.wait(0.5)

    def _pick(self) -> tuple[Call | None, float]:
        """A call that may be sent, or the earliest time at which one may."""
        now, blocked = self._clock.now(), set(self._busy)
        soonest = now + 3600
        for call in self._waiting:
            if call.lane in blocked:
                continue
            if call.due <= now and self._needs_ended(call):
                return call, now
            if call.due > now:
                soonest = min(soonest, call.due)
            if call.lane:
                blocked.add(call.lane)
        return None, soonest

    def _needs_ended(self, call: Call) -> bool:
        return not call.needs or all(
            s in OUTCOMES for s, _ended in self._journal.states_of(call.needs).values()
        )

    def _refill(self) -> bool:
        found = list(
            self._journal.calls("id > ? AND state IN ('ready', 'sending')", self._cursor, most=_CHUNK)
        )
        latest = self._clock.now() + _MOST_WAIT
        for call in found:
            call.due = min(call.due, latest)
        if found:
            self._cursor = found[-1].id
            self._waiting.extend(found)
        return bool(found)
