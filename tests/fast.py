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
    """Unix time that passes only where someone waits in vain: a busy computer does not make it run faster."""

    def __init__(self):
        self._now, self._mutex = time.time(), threading.Lock()

    def now(self):
        return self._now

    def wait(self, thing, seconds):
        until = self._now + seconds
        if not thing.wait(seconds / 1000):
            with self._mutex:
                self._now = max(self._now, until)


_waited = _Waited()
CLOCK = Clock(_waited.now, _waited.wait)
