"""Filters that test a field of each row: LearnWorlds has no query for them, or takes only so many ids in one; and days
of filters that are said relative to today."""

import re
from datetime import date, timedelta

from lwdesk.base.text import N_, fold
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Reference, Several, User
from lwdesk.catalog.model import Column
from lwdesk.catalog.words import periods

# The periods that the window offers.
OFFERED = (
    *("yesterday", "last_week", "last_month", "last_quarter", "last_year"),
    *("today", "this_week", "this_month", "this_quarter", "this_year"),
)
# From the start of one, so many days later it is the next one.
_LONGEST = {"week": 7, "month": 31, "quarter": 92, "year": 366}


def days(reads: str, first: str, last: str, prefix: str = "") -> tuple[Column, Column]:
    """The first and the last day of a span, of the time at `reads`; `first` and `last` are the titles."""
    return (
        Column(f"{prefix}from", first, Date(), reads=reads),
        Column(f"{prefix}until", last, Date(), reads=reads),
    )


def is_first(name: str) -> bool:
    """Whether a filter is the first day of a span."""
    return name.endswith(("from", "after"))


def is_last(name: str) -> bool:
    """Whether a filter is the last day of a span."""
    return name.endswith(("until", "before"))


def first_of(name: str) -> str:
    """The filter with the first day of the span that a filter ends."""
    return name.replace("until", "from").replace("before", "after")


def one_of(column_id: str, title: str, to: tuple[str, ...], reads: str) -> Column:
    """Some records of the listings `to`: the row shows the id of one of them at `reads`."""
    help = N_("By title or ID, separated by semicolons.")
    return Column(column_id, title, Several(Reference(to)), reads=reads, help=help)


def only_users(reads: str) -> Column:
    """Some users, whose ids the service takes, and rows show at `reads`."""
    return Column(
        "users",
        N_("Users"),
        Several(User(by_id=True), commas=True),
        at="users",
        reads=reads,
        help=N_("Emails or user IDs, separated by semicolons. If blank: all users."),
    )


def period(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of "last month", "yesterday", "last 7 days" and the like, in any language that has
    words for them; None for another text.

    Weeks begin on Monday. The last days are whole ones, up to yesterday.
    """
    words = fold(text)
    number = re.search(r"\b\d{1,4}\b", words)
    found = periods().get(words if number is None else f"{words[: number.start()]}0{words[number.end() :]}")
    n = int(number[0]) if number else 0
    if found in ("last_days", "days_ago"):
        first = today - timedelta(days=n)
        last = today - timedelta(days=1) if found == "last_days" else first
        return (first, last) if n else None
    if found is None or number:
        return None
    which, _mark, unit = found.partition("_")
    if not unit:
        day = today - timedelta(days=which == "yesterday")
        return day, day
    start = _start(unit, today)
    if which == "last":
        return _start(unit, start - timedelta(days=1)), start - timedelta(days=1)
    return start, _start(unit, start + timedelta(days=_LONGEST[unit])) - timedelta(days=1)


def _start(unit: str, day: date) -> date:
    """The first day of the week, month, quarter or year that a day is in."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[unit]
    return day.replace(month=month, day=1)
