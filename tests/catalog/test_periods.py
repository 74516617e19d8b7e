"""Days of filters that are said relative to today."""

from datetime import date, timedelta

import pytest

from lwdesk.base.text import LANGUAGES
from lwdesk.catalog.filters import OFFERED, period
from lwdesk.catalog.words import period_in

LEAP = date(2028, 3, 1)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2028-03-01", "2028-03-01"),
        ("Yesterday", "2028-02-29", "2028-02-29"),
        ("χτες", "2028-02-29", "2028-02-29"),
        ("this week", "2028-02-28", "2028-03-05"),
        ("last week", "2028-02-21", "2028-02-27"),
        ("this month", "2028-03-01", "2028-03-31"),
        ("last month", "2028-02-01", "2028-02-29"),
        ("τον προηγούμενο μήνα", "2028-02-01", "2028-02-29"),
        ("this quarter", "2028-01-01", "2028-03-31"),
        ("last quarter", "2027-10-01", "2027-12-31"),
        ("this year", "2028-01-01", "2028-12-31"),
        ("ΠΈΡΥΣΙ", "2027-01-01", "2027-12-31"),
        ("last 7 days", "2028-02-23", "2028-02-29"),
        ("Τελευταίες 30 μέρες", "2028-01-31", "2028-02-29"),
        ("3 days ago", "2028-02-27", "2028-02-27"),
    ],
)
def test_words_are_days_relative_to_today(text, first, last):
    assert period(text, LEAP) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "2028-03-01", "last 0 days", "last month 3", "last moon", "last n days"]
)
def test_other_texts_are_none(text):
    assert period(text, LEAP) is None


def test_periods_are_whole_on_every_day_of_four_years():
    for n in range(4 * 366):
        today = date(2025, 1, 1) + timedelta(days=n)
        for unit in ("week", "month", "quarter", "year"):
            this, before = period(f"this {unit}", today), period(f"last {unit}", today)
            assert this[0] <= today <= this[1] and before[1] + timedelta(days=1) == this[0]
            assert period(f"this {unit}", before[0]) == before


def test_what_the_window_offers_is_read_in_every_language():
    for language in LANGUAGES:
        for which in OFFERED:
            assert period(period_in(language, which), LEAP) == period(period_in("en", which), LEAP)
