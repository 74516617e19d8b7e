"""Dates in cells: real ones, ISO, and as people type them; a column decides whether the day comes first."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lwdesk.base.text import _, fold
from lwdesk.catalog.kinds import Kind, clean
from lwdesk.catalog.problems import ERROR, WARNING, Problem, Report

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NUMERIC = re.compile(r"(\d{1,2})[./\-\s](\d{1,2})[./\-\s](\d{4}|\d{2})(?:[ T].*)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Date(Kind):
    """A calendar day. `day_first` is None until the cells of a column have decided it."""

    name = "date"
    day_first: bool | None = None

    def tuned(self, cells: Iterable[object]) -> "Date":
        """Day or month first, as the cells that can be read in one way only say; None where they disagree."""
        votes = {vote for cell in cells if isinstance(cell, str) and (vote := _vote(cell)) is not None}
        return replace(self, day_first=votes.pop()) if len(votes) == 1 else self

    def read(self, cell: object, report: Report) -> date | None:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._serial(cell, report)
        text = unicodedata.normalize("NFKC", clean(cell, report))
        if not text:
            return None
        try:
            found = self._parse(text)
        except ValueError:
            message = _("There is no such day as “{text}”.").format(text=text)
            report(Problem(ERROR, "date-none", message))
            return None
        if found is None:
            report(self._unclear(text))
        return found

    def wire(self, value: date) -> str:
        return value.isoformat()

    def _parse(self, text: str) -> date | None:
        if match := _ISO.fullmatch(text):
            return date(*map(int, match.groups()))
        if match := _NUMERIC.fullmatch(text):
            first, second, year = map(int, match.groups())
            day_first = self.day_first if _vote(text) is None else _vote(text)
            if day_first is None and first != second:
                return None
            day, month = (first, second) if day_first else (second, first)
            return date(year + 2000 if year < 100 else year, month, day)
        words = fold(text).split()
        months = [n for n, name in enumerate(_MONTHS, 1) if any(w.startswith(name) for w in words)]
        numbers = sorted((int(w) for w in words if w.isdigit()), key=lambda n: n > 31)
        if len(months) == 1 and len(numbers) == 2 and len(words) == 3 and numbers[1] > 1900:
            return date(numbers[1], months[0], numbers[0])
        return None

    @staticmethod
    def _serial(cell: float, report: Report) -> date | None:
        if not 20_000 <= cell <= 80_000:
            report(Problem(ERROR, "date", _("{number} is not a date.").format(number=cell)))
            return None
        found = _EXCEL_EPOCH + timedelta(days=int(cell))
        message = _("Excel turned this date into the number {number}; read as {date}.")
        report(
            Problem(WARNING, "date-serial", message.format(number=cell, date=found), fix=found.isoformat())
        )
        return found

    @staticmethod
    def _unclear(text: str) -> Problem:
        if match := _NUMERIC.fullmatch(text):
            first, second, year = map(int, match.groups())
            year = year + 2000 if year < 100 else year
            both = tuple(f"{year:04}-{m:02}-{d:02}" for d, m in ((first, second), (second, first)))
            message = _("“{text}” can be two days: write {a} or {b}.").format(text=text, a=both[0], b=both[1])
            return Problem(ERROR, "date-ambiguous", message, choices=both)
        message = _("“{text}” is not a date; write it as 2026-12-31.").format(text=text)
        return Problem(ERROR, "date", message)


def _vote(text: str) -> bool | None:
    """Whether a numeric date must be day first (True), month first (False), or says nothing."""
    match = _NUMERIC.fullmatch(text.strip())
    if not match:
        return None
    first, second = int(match[1]), int(match[2])
    return True if first > 12 >= second else False if second > 12 >= first else None
