"""What a client waits for right now, in words: waiting must never be silent."""

import threading
import time
from collections.abc import Callable


class Waits:
    """The wait of one client that is told; of many threads that wait for the same, one tells it.

    `told` is called with the words when a wait begins. `clock` counts seconds and never jumps.
    """

    def __init__(
        self, told: Callable[[str], None] | None = None, clock: Callable[[], float] = time.monotonic
    ):
        self._told, self._clock, self._turn = told, clock, threading.Lock()
        self._text, self._until = "", 0.0

    def begin(self, text: str, seconds: float) -> None:
        """A wait of so many seconds begins."""
        with self._turn:
            now = self._clock()
            if now < self._until:
                return
            self._text, self._until = text, now + seconds
        if self._told is not None:
            self._told(text)

    @property
    def now(self) -> str:
        """What is waited for; empty when nothing is."""
        with self._turn:
            return self._text if self._clock() < self._until else ""
