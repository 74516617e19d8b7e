"""Time that runs fast: what waits a second in the product waits five milliseconds in a test."""

import time

from lwdesk.jobs.queue import Clock

SPEED = 200
_START = time.time(), time.monotonic()


def monotonic():
    """Seconds since the start of the computer, that run fast."""
    return _START[1] + (time.monotonic() - _START[1]) * SPEED


def sleep(seconds):
    time.sleep(seconds / SPEED)


CLOCK = Clock(
    now=lambda: _START[0] + (time.monotonic() - _START[1]) * SPEED,
    wait=lambda thing, seconds: thing.wait(seconds / SPEED),
)
