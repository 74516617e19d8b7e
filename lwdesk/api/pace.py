"""The policy of pacing, pure: no clock, no threads, no files. Every method is told what time it is.

LearnWorlds documents 30 requests in any 10 seconds. Nobody outside knows at which moment between the send
and the answer the school counts a request, so a slot is held from the send until one window after the
answer: then no delay on the way can put one request too many into the school's window.

Schools have been seen to allow less over a minute, and to punish those who go on while refused. So a refusal
(429) stops everything for a while; then one request alone tries whether the school answers again, and the
pace goes on at half the capacity, from where it feels its way up.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

# Seconds to stop when refused for the 1st, 2nd, 3rd ... time in a row, unless the school asks for longer.
STOPS = (10.0, 20.0, 40.0, 60.0)
# No school has been seen to ask for more than a minute; more than an hour is taken for a mistake.
LONGEST_STOP = 3600.0
# A pace is proven when it ran this long without a refusal: the longest window seen at any school.
PROOF = 60.0
# How long a capacity that was refused once is left alone before it is tried again; doubles up to an hour.
# At ten minutes a probe that fails costs about 2 % of the time.
PROBE, LONGEST_PROBE = 600.0, 3600.0
# A request that never came back (a crashed program) gives its slot back after this many seconds.
LOST = 120.0


@dataclass(frozen=True)
class Slot:
    """Leave to send one request: its number, and the stop (counted) after which it was given."""

    number: int
    stop: int


@dataclass
class Pace:
    """`limit` requests in any `window` seconds; `capacity` is how many of them the school lets us use."""

    limit: int
    window: float
    capacity: int = 0
    proven: int = 0  # a capacity that ran for PROOF without a refusal
    ceiling: int = 0  # the capacity that was refused last; 0 when none was
    probes: int = 0  # how often in a row the ceiling was tried in vain
    strikes: int = 0  # refusals without PROOF seconds of peace between them
    stops: int = 0  # how often everything stopped
    until: float = 0.0  # nothing is sent before this time
    trial: int = 0  # the one request out after a stop; -1: a trial is due
    since: float = 0.0  # the capacity was changed, or the stop ended
    given: int = 0
    slots: dict[str, float] = field(default_factory=dict)  # number → when the slot comes free

    def __post_init__(self) -> None:
        self.capacity = min(self.capacity or self.limit, self.limit)

    def take(self, now: float) -> Slot | float:
        """A slot, or the seconds after which to ask again (sooner if an answer comes in)."""
        self.slots = {number: free for number, free in self.slots.items() if free > now}
        if now < self.until:
            return self.until - now
        if self.trial and str(self.trial) in self.slots:
            return self.slots[str(self.trial)] - now
        if len(self.slots) >= self.capacity and not self._rise(now):
            return sorted(self.slots.values())[len(self.slots) - self.capacity] - now
        self.given += 1
        self.slots[str(self.given)] = now + LOST + self.window
        if self.trial:
            self.trial = self.given
        return Slot(self.given, self.stops)

    def answered(self, slot: Slot, now: float) -> None:
        """The answer is here (whatever it says, but for a refusal), or will never come."""
        self.slots[str(slot.number)] = now + self.window
        if self.trial == slot.number:
            self.trial, self.since = 0, now

    def unused(self, slot: Slot) -> None:
        """The request was not sent after all."""
        self.slots.pop(str(slot.number), None)
        if self.trial == slot.number:
            self.trial = -1

    def refused(self, slot: Slot, now: float, retry_after: float = 0.0) -> None:
        """The school said 429. Requests that were out already when it stopped don't count again."""
        self.slots[str(slot.number)] = now + self.window
        if slot.stop == self.stops:
            if self.strikes and not self.trial and now - self.since >= PROOF:
                self.strikes = 0
            if not self.trial:
                self._fall()
            self.strikes += 1
            self.stops += 1
        self.stop(now, retry_after)

    def stop(self, now: float, retry_after: float = 0.0) -> None:
        """Send nothing for `retry_after` seconds or the usual time, whichever is longer; then try one."""
        usual = STOPS[min(self.strikes, len(STOPS)) - 1] if self.strikes > 1 or not retry_after else 0.0
        self.until = max(self.until, now + max(usual, min(retry_after, LONGEST_STOP)))
        self.trial, self.since = -1, self.until

    def wait(self, calls: int, now: float, latency: float) -> float:
        """Seconds until the last of so many calls may be sent, at the present capacity."""
        if calls < 1:
            return 0.0
        start = max(self.until - now, 0.0)
        busy = sorted(max(free - now, start) for free in self.slots.values())[-self.capacity :]
        free = [start] * (self.capacity - len(busy)) + busy
        rounds, last = divmod(calls - 1, self.capacity)
        # What is out now is answered soon; only a lost request holds its slot longer.
        return min(free[last], start + self.window + latency) + rounds * (self.window + latency)

    def _fall(self) -> None:
        self.probes = self.probes + 1 if self.capacity == self.ceiling else 0
        self.ceiling = self.capacity
        self.proven = min(self.proven, self.capacity - 1)
        self.capacity = max(1, self.capacity // 2)

    def _rise(self, now: float) -> bool:
        """One more slot, when all are in use and the present pace has been quiet for long enough."""
        if self.capacity >= self.limit or now - self.since < self._patience():
            return False
        if now - self.since >= PROOF:
            self.proven = max(self.proven, self.capacity)
            if self.capacity >= self.ceiling:
                self.ceiling = self.probes = 0
        self.capacity, self.since = self.capacity + 1, now
        return len(self.slots) < self.capacity

    def _patience(self) -> float:
        if self.capacity < self.proven:
            return self.window
        if self.capacity + 1 == self.ceiling:
            return min(PROBE * 2**self.probes, LONGEST_PROBE)
        return PROOF

    def dump(self) -> dict[str, Any]:
        """Everything as plain data, for `load`."""
        return asdict(self)

    def load(self, data: dict[str, Any], since_boot: bool, now: float) -> None:
        """Take over what `dump` gave; after a reboot what was learned, without the times.

        Raises ValueError for data that is not of that kind; nothing is changed then.
        """
        times = data.get("slots")
        if data.keys() != {one.name for one in fields(self)} or not isinstance(times, dict):
            raise ValueError("other fields")
        numbers = [*(value for value in data.values() if value is not times), *times.values()]
        if not all(type(value) in (int, float) for value in numbers):
            raise ValueError("not numbers")
        limit, window = self.limit, self.window
        for one in fields(self):
            setattr(self, one.name, one.type(data[one.name]) if one.type in (int, float) else times)
        self.limit, self.window = limit, window
        self.capacity = max(1, min(self.capacity, limit))
        if not since_boot:
            self.slots, self.until, self.trial, self.since = {}, 0.0, 0, now
