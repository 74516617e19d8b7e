"""A school's windows and a crowd of workers on a made-up clock: hours of pacing in a blink."""

import heapq
import random
from itertools import count

from lwdesk.api.pace import Pace


class Windows:
    """Refuses what goes over any of its windows: `limits` are (calls, seconds)."""

    def __init__(self, *limits, retry_after=0.0):
        self.limits, self.retry_after = limits, retry_after
        self.taken, self.refused = [], []

    def hit(self, now):
        """Count the call and say whether it is taken. The n-th last one tells whether n are in a window."""
        full = (
            len(self.taken) >= calls and now - self.taken[-calls] < seconds for calls, seconds in self.limits
        )
        good = not any(full)
        (self.taken if good else self.refused).append(now)
        return good


class Crowd:
    """Workers that call a school at `pace`; each answer takes `latency` give or take `jitter` seconds."""

    def __init__(self, pace: Pace, school: Windows, workers=4, latency=0.15, jitter=0.1, seed=1):
        self.pace, self.school, self.idle = pace, school, workers
        self.latency, self.jitter, self.random = latency, jitter, random.Random(seed)
        self.now, self.answers, self._events, self._order = 0.0, [], [], count()
        self._woken = 0.0

    def run(self, calls, until=float("inf")):
        """Do so many calls, or as many as fit into the time. Returns when the last answer came."""
        left = calls
        while self.now < until:
            while self.idle and left:
                slot = self.pace.take(self.now)
                if isinstance(slot, float):
                    self._wake(self.now + max(slot, 1e-9))
                    break
                left -= 1
                self.idle -= 1
                self._send(slot)
            if not self._events:
                break
            self.now, _, event = heapq.heappop(self._events)
            left += event() if event else 0
        return self.answers[-1]

    def _wake(self, when):
        if not self.now < self._woken <= when:  # one that comes sooner looks again by itself
            self._woken = when
            self._at(when, None)

    def _at(self, when, event):
        heapq.heappush(self._events, (when, next(self._order), event))

    def _send(self, slot):
        took = max(self.latency + self.random.uniform(-self.jitter, self.jitter), 0.001)
        answer_at = self.now + took

        def arrives():
            self._at(answer_at, lambda: self._answer(slot, good))
            return 0

        def reaches():
            nonlocal good
            good = self.school.hit(self.now)
            return arrives()

        good = True
        self._at(self.now + took * self.random.random(), reaches)

    def _answer(self, slot, good):
        self.idle += 1
        if good:
            self.pace.answered(slot, self.now)
            self.answers.append(self.now)
            return 0
        self.pace.refused(slot, self.now, self.school.retry_after)
        return 1


def ideal(calls, *limits):
    """When the last of so many calls is sent, if each is sent as early as all windows allow."""
    sent = []
    for _ in range(calls):
        free = [sent[-most] + seconds for most, seconds in limits if len(sent) >= most]
        sent.append(max([*free, *sent[-1:]], default=0.0))
    return sent[-1]
