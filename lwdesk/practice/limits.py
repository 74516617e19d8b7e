"""Rate limits of the school: sliding windows, and penalties for clients that ignore them.

LearnWorlds documents 30 requests in any 10 seconds. Large schools were seen to sustain only 60 a minute, to
allow the certificate list once in 10 seconds, and to punish calls that go on while refused.
"""

from collections import deque
from collections.abc import Callable

from lwdesk.practice.switches import Switches

IGNORED, SILENCE = 10, 120.0  # refusals not waited out before a penalty begins; seconds of quiet that end it


class Window:
    """At most `calls` calls in any `seconds` seconds."""

    def __init__(self, calls: int, seconds: float):
        self.calls, self.seconds = calls, seconds
        self._stamps: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until a call is accepted; 0 for now."""
        while self._stamps and self._stamps[0] <= now - self.seconds:
            self._stamps.popleft()
        return 0.0 if len(self._stamps) < self.calls else self._stamps[0] + self.seconds - now

    def take(self, now: float) -> None:
        self._stamps.append(now)


class Limiter:
    """All windows of one school; `clock` gives monotonic seconds."""

    def __init__(self, switches: Switches, clock: Callable[[], float]):
        self._switches, self._clock = switches, clock
        self._burst, self._sustained = Window(30, 10), Window(60, 60)
        self._certificates, self._slow = Window(1, 10), Window(1, 60)
        self._refused_until = self._last = float("-inf")
        self._ignored, self._punished = 0, False

    def ask(self, operation: str) -> float:
        """Seconds this call has to wait; 0 if it was accepted. A refused call isn't counted in the windows."""
        now = self._clock()
        if now - self._last >= SILENCE:
            self._ignored, self._punished = 0, False
        self._last = now
        windows = self._windows(operation)
        wait = max((window.wait(now) for window in windows), default=0.0)
        if wait > 0:
            self._refused(now, wait)
            return wait
        for window in windows:
            window.take(now)
        return 0.0

    def _windows(self, operation: str) -> list[Window]:
        on = self._switches
        chosen = (
            (on.limit, self._burst),
            (on.sustained, self._sustained),
            (on.certificates_gate and operation == "GET certificates", self._certificates),
            (on.penalty and self._punished, self._slow),
        )
        return [window for wanted, window in chosen if wanted]

    def _refused(self, now: float, wait: float) -> None:
        if now < self._refused_until:
            self._ignored += 1
        self._refused_until = now + wait
        if self._switches.penalty and not self._punished and self._ignored >= IGNORED:
            self._punished = True
            self._slow.take(now)
