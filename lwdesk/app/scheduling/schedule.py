"""When a saved export runs by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count

from lwdesk.base.text import _, language
from lwdesk.catalog.words import weekday_in

DAY, WEEK, MONTH = "day", "week", "month"
# Every month has it.
LAST_DAY = 28
# How early a scheduler may start a run, by its own clock.
_EARLY = timedelta(minutes=1)


@dataclass(frozen=True)
class Schedule:
    """Every day, week (on `weekday`, Monday is 0) or month (on `day`, up to 28) `at` a time ("08:00") of this
    computer; `since` is when it was set, in Unix seconds."""

    every: str
    at: str = "08:00"
    weekday: int = 0
    day: int = 1
    since: float = 0.0

    @property
    def time(self) -> time:
        return time.fromisoformat(self.at)

    def next_run(self, now: datetime) -> datetime:
        """The first run after `now`, local time without a zone."""
        return next(run for run in self._runs(now, 1) if run > now)

    def last_due(self, now: datetime) -> datetime:
        """The last time at which a run was due; one that a scheduler starts a little early is due already."""
        return next(run for run in self._runs(now, -1) if run <= now + _EARLY)

    def is_due(self, last_run: float, now: datetime) -> bool:
        """Whether a run is due that has not been made: `last_run` is the time of the last one, in Unix seconds."""
        due = self.last_due(now)
        return due.timestamp() > self.since and (due - _EARLY).timestamp() > last_run

    def words(self) -> str:
        """When it runs, for the user."""
        if self.every == WEEK:
            day = weekday_in(language(), self.weekday)
            return _("every {weekday} at {time}").format(weekday=day, time=self.at)
        if self.every == MONTH:
            return _("every month on day {n} at {time}").format(n=self.day, time=self.at)
        return _("every day at {time}").format(time=self.at)

    def _runs(self, now: datetime, step: int) -> Iterator[datetime]:
        """The times of runs from the day of `now` on, or back."""
        for n in count(-step, step):
            day = now.date() + timedelta(days=n)
            fits = {DAY: True, WEEK: day.weekday() == self.weekday, MONTH: day.day == self.day}
            if fits[self.every]:
                yield datetime.combine(day, self.time)
