"""What a client waits for right now, as a message: waiting must never be silent."""

import threading
import time
from collections.abc import Callable


class Waits:
    """The current wait of one client, reported once even if many threads wait for the same.

    `on_wait` is called with the words when a wait begins. `clock` counts seconds and never jumps.
    """

    def __init__(
        self, on_wait: Callable[[str], None] | None = None, clock: Callable[[], float] = time.monotonic
    ):
        self._on_wait, self._clock, self._turn = on_wait, clock, threading.Lock()
        self._text, self._until = "", 0.0

    def begin(self, text: str, seconds: float) -> None:
        """Report a wait of so many seconds, unless one is reported already."""
        with self._turn:
            now = self._clock()
            if now < self._until:
                return
            self._text, self._until = text, now + seconds
        if self._on_wait is not None:
            self._on_wait(text)

    @property
    def now(self) -> str:
        """The message of the current wait, "" for none."""
        with self._turn:
            return self._text if self._clock() < self._until else ""
