"""Time that runs fast: what waits a second in the product waits milliseconds in a test."""

import threading
import time

from lwdesk.jobs.queue import Clock

SPEED = 200
_START = time.monotonic()


def monotonic():
    """Seconds since the start of the computer, that run fast."""
    return _START + (time.monotonic() - _START) * SPEED


def sleep(seconds):
    time.sleep(seconds / SPEED)


class _Waited:
    """Unix time that passes only where all who wait wait in vain: a busy computer does not make it run faster."""

    GRACE = (
        0.2  # seconds that a thread at work holds the time up, at most: it may be waiting for something else
    )

    def __init__(self):
        self._now, self._mutex = time.time(), threading.Lock()
        self._deadlines = {}  # waiting thread -> when its wait is over

    def now(self):
        return self._now

    def wait(self, thing, seconds):
        thread, until = threading.current_thread(), self._now + seconds
        with self._mutex:
            self._deadlines[thread] = until
        try:
            while self._now < until and not self._notified(thing, seconds / 1000):
                with self._mutex:
                    self._now = max(self._now, min(self._deadlines.values()))
        finally:
            with self._mutex:
                del self._deadlines[thread]

    def _notified(self, thing, seconds):
        """Whether the event came, in this time or while other threads were at work."""
        if thing.wait(seconds):
            return True
        end = time.monotonic() + self.GRACE
        while self._at_work() and time.monotonic() < end:
            if thing.wait(0.001):
                return True
        return False

    def _at_work(self):
        workers = [thread for thread in threading.enumerate() if thread.name.startswith("lwdesk_")]
        with self._mutex:
            return any(thread not in self._deadlines for thread in workers)


_waited = _Waited()
CLOCK = Clock(_waited.now, _waited.wait)
