"""Values that can be read and make no sense: an expiry in the past, a birth year to come, a discount of 150 %. Pure.

A column says by `sense` what its values are. Nothing here is an error: only the school knows what it takes.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from lwdesk.base.text import N_, _
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.problems import WARNING, Problem

# What a column's values are.
UNTIL = "until"  # the last day of something new
SINCE = "since"  # the day of something that happened
BIRTH = "birth"  # a day of birth, as text
YEAR = "year"  # a year of a life, as text
SOME = "some"  # a number that should not be 0
SENSES = (UNTIL, SINCE, BIRTH, YEAR, SOME)

_OLDEST = 1900
# Years from now that a plan, and a graduation, may lie ahead.
_AHEAD, _SCHOOL = 50, 20
# The Buddhist calendar, which Thailand's Excel writes, is so many years ahead.
_BUDDHIST = 543
_ODD_YEAR = N_("The year {year} is unusual. Is it correct?")
_YEAR_IN_TEXT = re.compile(r"(?<!\d)\d{4}(?!\d)")


def nonsense(sense: str, value: Any, text: str, today: date) -> Problem | None:
    """A warning on a value that can hardly be meant; `text` is the cell as it is written."""
    if isinstance(value, date):
        return _day(sense, value, text, today)
    if sense in (BIRTH, YEAR) and isinstance(value, str):
        return _life(sense, value, today)
    if sense == SOME and value == 0 and not isinstance(value, bool):
        return Problem(WARNING, "zero", _("This is 0, so it has no effect. Is that what you want?"))
    return None


def too_much(value: Any, most: float) -> Problem | None:
    """A warning on a discount of more than everything."""
    if not isinstance(value, int | float) or value <= most:
        return None
    return Problem(
        WARNING, "percent-high", _("A discount can't be more than {most}%.").format(most=int(most))
    )


def _day(sense: str, day: date, text: str, today: date) -> Problem | None:
    if not _OLDEST <= day.year <= today.year + _AHEAD:
        return _odd_year(day.year, text, today)
    if sense == UNTIL and day < today:
        message = _("{date} is in the past, so it would never apply. Choose a later date.")
        return Problem(WARNING, "date-past", message.format(date=day.isoformat()))
    if sense == SINCE and day > today:
        return Problem(WARNING, "date-future", _("{date} is in the future.").format(date=day.isoformat()))
    return None


def _life(sense: str, text: str, today: date) -> Problem | None:
    """What is odd about the years in a text: a birth is over, a graduation is at most some years away."""
    last = today.year if sense == BIRTH else today.year + _SCHOOL
    for found in _YEAR_IN_TEXT.findall(text):
        if not _OLDEST <= int(found) <= last:
            return _odd_year(int(found), text, today)
    reported: list[Problem] = []
    Date().read(text, reported.append)
    if impossible := next((problem for problem in reported if problem.code == "date-none"), None):
        return replace(impossible, level=WARNING)
    if sense == BIRTH and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and text > today.isoformat():
        return Problem(WARNING, "date-future", _("{date} is in the future.").format(date=text))
    return None


def _odd_year(year: int, text: str, today: date) -> Problem:
    common = year - _BUDDHIST
    if _OLDEST <= common <= today.year + _SCHOOL and str(year) in text:
        message = _("{year} is a year in the Buddhist calendar. In the Western calendar it's {common}.")
        fix = text.replace(str(year), str(common), 1)
        return Problem(WARNING, "date-year", message.format(year=year, common=common), fix=fix)
    return Problem(WARNING, "date-year", _(_ODD_YEAR).format(year=year))
