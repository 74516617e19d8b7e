"""Dates in cells: real ones, ISO, and as typed; a column decides whether the day comes first."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from lwdesk.base.text import N_, _, fold, shorten
from lwdesk.catalog.cells.kinds import Kind, clean, finite
from lwdesk.catalog.cells.problems import ERROR, WARNING, Problem, Report
from lwdesk.catalog.words import fillers, months, weekdays

_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|re|ro|e|o|a|η|ης|го)\b")
_TIME = r"(?:[ T]+\d{1,2}:\d{2}.*)?"
NUMERIC = re.compile(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{4}|\d{2})\.?" + _TIME)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Date(Kind):
    """A calendar day. `day_first` is None until the cells of a column have decided it."""

    name = N_("date")
    blank: ClassVar[Any] = None
    day_first: bool | None = None

    def tuned(self, cells: Iterable[object]) -> "Date":
        """Day or month first, as the cells that can be read in one way only say; None where they disagree."""
        votes = {vote for cell in cells if isinstance(cell, str) and (vote := day_leads(cell)) is not None}
        return replace(self, day_first=votes.pop()) if len(votes) == 1 else self

    def read(self, cell: object, report: Report) -> date | None:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if not finite(cell, report):
            return None
        text = unicodedata.normalize("NFKC", clean(cell, report))
        if not text:
            return None
        whole, text = text, without_weekday(text)
        if _SERIAL.fullmatch(text):
            return self._serial(text, report)
        try:
            found = self._parse(text, day_leads(whole))
            if found is None:
                report(self._unclear(text))
            elif (named := _named_weekdays(whole)) and found.weekday() not in named:
                message = _("“{text}”: {date} is another day of the week. Check the date.")
                report(Problem(WARNING, "date-weekday", message.format(text=shorten(whole), date=found)))
            return found
        except ValueError:
            message = _("“{text}” isn't a real date.").format(text=shorten(text))
            report(Problem(ERROR, "date-none", message))
            return None

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def _parse(self, text: str, leads: bool | None) -> date | None:
        """The day; None for what is no date or can be two. `leads`: what the cell says of its order, as `day_leads`.

        Raises ValueError for a day that does not exist.
        """
        if match := ISO.fullmatch(text) or _PACKED.fullmatch(text):
            return date(*map(int, match.groups()))
        if match := NUMERIC.fullmatch(text):
            first, second, year = map(int, match.groups())
            day_first = self.day_first if leads is None else leads
            if day_first is None and "." in text[: match.end(2) + 1]:  # who writes dots puts the day first
                day_first = True
            if day_first is None and first != second:
                return None
            day, month = (first, second) if day_first else (second, first)
            return date(_full(year), month, day)
        return _spelled(text)

    @staticmethod
    def _serial(text: str, report: Report) -> date | None:
        number = float(text.replace(",", "."))
        if not 20_000 <= number <= 80_000:
            report(Problem(ERROR, "date", _not_a_date(text)))
            return None
        found = _EXCEL_EPOCH + timedelta(days=int(number))
        message = _("Excel turned this date into the number {number}. It was read as {date}.")
        message = message.format(number=text, date=found)
        report(Problem(WARNING, "date-serial", message, fix=found.isoformat()))
        return found

    @staticmethod
    def _unclear(text: str) -> Problem:
        """Why it is no date. Raises ValueError for a day that does not exist, whichever way it is read."""
        if match := NUMERIC.fullmatch(text):
            first, second, year = map(int, match.groups())
            both = date(_full(year), second, first), date(_full(year), first, second)
            choices = tuple(day.isoformat() for day in both)
            message = _("“{text}” could be two different dates. Write {a} or {b}.")
            message = message.format(text=shorten(text), a=choices[0], b=choices[1])
            return Problem(ERROR, "date-ambiguous", message, choices=choices)
        return Problem(ERROR, "date", _not_a_date(text))


@dataclass(frozen=True)
class Moment(Date):
    """A day that the service takes as Unix seconds: noon, which is the same day nearly everywhere."""

    def serialize(self, value: date | float) -> Any:
        if isinstance(value, date):
            return int(datetime.combine(value, time(12), UTC).timestamp())
        return value


def day_of(seconds: float) -> date:
    """The day of a moment in Unix seconds."""
    return datetime.fromtimestamp(seconds, UTC).date()


def _not_a_date(text: str) -> str:
    return _("“{text}” isn't a date. Write it like 2026-12-31.").format(text=shorten(text))


def _full(year: int) -> int:
    """Two digits of a year as four: 69 is 2069, 70 is 1970."""
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _spelled(text: str) -> date | None:
    """A date with a month's name: "3 Apr 2026", "April 3, 2026", "Tue 3 de abril de 2026", "3-Apr-26"."""
    words = [word for word in _ORDINAL.sub("", fold(text)).split() if word not in fillers()]
    names = [word for word in words if not word.isdigit()]
    numbers = [int(word) for word in words if re.fullmatch(r"\d{1,2}|\d{4}", word)]
    months = _months_among(names)
    if len(months) != 1 or len(numbers) != 2 or len(numbers) + len(names) != len(words):
        return None
    day, year = numbers if numbers[0] <= 31 else reversed(numbers)
    return date(_full(year), months.pop(), day)


def _months_among(names: list[str]) -> set[int]:
    """The months that the words of a date can mean, all others of which name the day of the week: "mar. 3 mars"."""
    known = (
        month_of(name)
        for n, name in enumerate(names)
        if all(other in weekdays() for other in names[:n] + names[n + 1 :])
    )
    return {month for month in known if month is not None}


def _named_weekdays(text: str) -> frozenset[int]:
    """The days of the week that a date can name, Monday is 0; empty where it names none."""
    names = [word for word in fold(text).split() if word.isalpha()]
    if without_weekday(text) == text:  # one of the words is the month
        names = [word for word in names if word not in fillers()]
        others = [names[:n] + names[n + 1 :] for n, name in enumerate(names) if month_of(name) is not None]
        others = [words for words in others if all(word in weekdays() for word in words)]
        names = others[0] if len(others) == 1 else []
    days = [weekdays()[name] for name in names if name in weekdays()]
    return frozenset.intersection(*days) if days else frozenset()


def month_of(word: str) -> int | None:
    """The month of a folded name, a form of it, or the start of one: "marca", "sept", "februa"."""
    if word in months():
        return months()[word]
    starts = {month for form, month in months().items() if len(word) > 2 and form.startswith(word)}
    return starts.pop() if len(starts) == 1 else None


def without_weekday(text: str) -> str:
    """A date in figures without the day of the week before it: "lun. 03/03/2026"."""
    figures = re.search(r"\d", text)
    before = fold(text[: figures.start()]).split() if figures else []
    return (
        text[figures.start() :]
        if figures and before and all(w in weekdays() or w in fillers() for w in before)
        else text
    )


def day_leads(text: str) -> bool | None:
    """Whether a numeric date must be day first (True), month first (False), or says nothing."""
    match = NUMERIC.fullmatch(without_weekday(text.strip()))
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    if first > 12 or second > 12:
        return True if second <= 12 else False if first <= 12 else None
    year, named = _full(int(match[3])), _named_weekdays(text)
    if not named or 0 in (first, second):  # 00/00/0000, as databases write no date
        return None
    fits = [date(year, second, first).weekday() in named, date(year, first, second).weekday() in named]
    return fits[0] if sum(fits) == 1 else None
