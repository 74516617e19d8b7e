"""The rate limiting policy, pure: no clock, no threads, no files. Every method takes the time as an argument.

LearnWorlds documents 30 requests in any 10 seconds. Nobody outside knows at which moment between the send
and the answer the school counts a request, so a slot is held from the send until one window after the
answer: then no delay on the way can put one request too many into the school's window.

Schools have been seen to allow less over a minute, or less in a second, and to punish those who go on while refused.
So a refusal (429) stops everything for a while; then one request alone tries whether the school answers again, and
from then on calls are spread evenly. What the school allows is learned from the requests that it had taken when it
refused: of the windows of 1, 10 and 60 seconds, the shortest that was as full as never before is the one it counts
by. From there the pace feels its way up.
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
# Requests that may be out at the same time until the school has taken two windows of them (a school that counts by the
# minute takes as many), and for PROOF after a refusal: all that are out when it refuses one are refused too.
UNPROVEN, LOOK_AGAIN = 4, 0.1
# The windows (seconds) beside the documented one that schools have been seen to count by.
SHORT, LONG = 1.0, 60.0


@dataclass(frozen=True)
class Slot:
    """Leave to send one request: its number, and the stop (counted) after which it was given."""

    number: int
    stop: int


@dataclass
class Pace:
    """`limit` requests in any `window` seconds; `capacity` is how many of them the school lets us use.

    `short` and `long` are how many it takes in 1 and in 60 seconds (0: no limit is known), `best_...` the most that
    it was seen to take. `slots` holds the requests of the last minute: number → when it was answered; in the future
    for one that is out.
    """

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
    short: int = 0
    long: int = 0
    best_short: int = 0
    best: int = 0
    best_long: int = 0
    hit: float = 0.0  # the first refusal since the last stop ended; 0 when what it teaches is learned
    gap: float = 0.0  # seconds between two requests, once the school has refused one
    last: float = 0.0  # the last slot was given
    slots: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.capacity = min(self.capacity or self.limit, self.limit)

    def take(self, now: float) -> Slot | float:
        """A slot for one request, or the seconds after which to try again (sooner if an answer arrives)."""
        ready = max(self.until, self.last + self.gap)
        if now < ready:
            return ready - now
        oldest = (self.hit or now) - max(self.window, LONG)
        self.slots = {number: done for number, done in self.slots.items() if done > oldest}
        if self.trial > 0 and self.slots.get(str(self.trial), now) > now:
            return self.slots[str(self.trial)] - now
        if self.hit:
            self._learn()
        if (self.short or self.long) and now - self.since >= LONGEST_PROBE:
            self.short = self.long = 0  # an hour of peace: perhaps it was only busy
        unproven = self.given <= 2 * self.limit or (self.strikes and now - self.since < PROOF)
        if unproven and sum(done > now for done in self.slots.values()) >= UNPROVEN:
            return LOOK_AGAIN
        wait = self._busy(now)
        if wait > 0 and not self._rise(now):
            return wait
        self.given, self.last = self.given + 1, now
        self.slots[str(self.given)] = now + LOST
        if self.trial:
            self.trial = self.given
        return Slot(self.given, self.stops)

    def answered(self, slot: Slot, now: float) -> None:
        """The request was answered (with anything but 429), or given up."""
        self.slots[str(slot.number)] = now
        if self.trial == slot.number:
            self.trial, self.since = 0, now
        if not self.hit:  # what is answered after a refusal may be what was one too many
            for name, seconds in (("best_short", SHORT), ("best", self.window), ("best_long", LONG)):
                setattr(self, name, max(getattr(self, name), self._taken(now - seconds, now)))

    def unused(self, slot: Slot) -> None:
        """The request was not sent after all."""
        self.slots.pop(str(slot.number), None)
        if self.trial == slot.number:
            self.trial = -1

    def refused(self, slot: Slot, now: float, retry_after: float = 0.0) -> None:
        """The request was refused with 429. Requests in flight at the first refusal don't count again."""
        self.slots.pop(str(slot.number), None)
        if slot.stop == self.stops:
            if self.strikes and not self.trial and now - self.since >= PROOF:
                self.strikes = 0
            if not self.trial:
                self.hit = now
            self.strikes += 1
            self.stops += 1
        self.stop(now, retry_after)

    def stop(self, now: float, retry_after: float = 0.0) -> None:
        """Send nothing for `retry_after` seconds or the usual back-off, whichever is longer; then try one request."""
        usual = STOPS[min(self.strikes, len(STOPS)) - 1] if self.strikes > 1 or not retry_after else 0.0
        self.until = max(self.until, now + max(usual, min(retry_after, LONGEST_STOP)))
        self.trial, self.since = -1, self.until

    def wait(self, calls: int, now: float, latency: float) -> float:
        """Seconds until the last of so many calls may be sent, at the present capacity."""
        if calls < 1:
            return 0.0
        start = max(self.until - now, 0.0)
        ends = (min(done, now + latency) + self.window - now for done in self.slots.values())
        busy = sorted(max(end, start) for end in ends if end > 0)[-self.capacity :]
        free = [start] * (self.capacity - len(busy)) + busy
        rounds, last = divmod(calls - 1, self.capacity)
        # What is out now is answered soon; only a lost request holds its slot longer.
        found = min(free[last], start + self.window + latency) + rounds * (self.window + latency)
        return max(found, start + calls * self.gap, (calls / self.long - 1) * LONG if self.long else 0.0)

    def _taken(self, after: float, now: float) -> int:
        """How many requests were answered after that time."""
        return sum(after < done <= now for done in self.slots.values())

    def _busy(self, now: float) -> float:
        """Seconds until a request fits into every window."""
        wait = 0.0
        for most, seconds in ((self.short, SHORT), (self.capacity, self.window), (self.long, LONG)):
            ends = [done + seconds for done in self.slots.values() if done + seconds > now] if most else ()
            if most and len(ends) >= most:
                wait = max(wait, sorted(ends)[len(ends) - most] - now)
        return wait

    def _learn(self) -> None:
        """What a refusal teaches, once all that was out then is answered."""
        hit, self.hit = self.hit, 0.0
        short, here, long = (
            self._taken(hit - seconds, float("inf")) for seconds in (SHORT, self.window, LONG)
        )
        if self.ceiling and self.capacity >= self.ceiling:  # that was tried once more, in vain
            self._fall(self.ceiling - 1)
        elif short and not self.gap and (short >= self.best_short or here <= self.capacity // 4):
            self.short = max(short, self.best_short)
        elif here and here >= self.best:  # few requests prove little: others may use the school too
            self._fall(max(here, self.capacity // 4))
        elif long >= max(self.best_long, self.capacity):
            self.long = long
        elif long:  # it allows less than it did
            self._fall(self.capacity // 2)
        self.gap = self.window / self.capacity

    def _fall(self, capacity: int) -> None:
        self.probes = self.probes + 1 if self.capacity == self.ceiling else 0
        self.capacity = max(1, min(capacity, self.capacity))
        self.ceiling, self.best = self.capacity + 1, self.capacity
        self.proven = min(self.proven, self.ceiling - 1)

    def _rise(self, now: float) -> bool:
        """One more slot, when all are in use and the present pace has been quiet for long enough."""
        if self.capacity >= self.limit or now - self.since < self._patience():
            return False
        if now - self.since >= PROOF:
            self.proven = max(self.proven, self.capacity)
            if self.capacity >= self.ceiling:
                self.ceiling = self.probes = 0
        self.capacity, self.since = self.capacity + 1, now
        self.gap = self.window / self.capacity if self.gap else 0.0
        return self._busy(now) <= 0

    def _patience(self) -> float:
        if self.capacity < self.proven:
            return self.window
        if self.capacity + 1 == self.ceiling:
            return min(PROBE * 2.0**self.probes, LONGEST_PROBE)
        return PROOF

    def clear(self) -> None:
        """Free all slots and end all waits."""
        self.slots, self.until, self.trial = {}, 0.0, 0
        self.hit = self.gap = self.last = 0.0

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
            self.hit, self.last = 0.0, 0.0
        # However broken the file is, the wait is never longer than for a stop and a request that never came back.
        self.until, self.last = min(self.until, now + LONGEST_STOP), min(self.last, now)
        self.slots = {number: min(done, now + LOST) for number, done in self.slots.items()}
