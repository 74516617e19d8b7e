"""A day of the week beside a date decides which is the day and which the month; one that does not fit is a warning."""

from datetime import date, timedelta

import pytest

from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.words import months, tables, weekdays

THURSDAY = date(2025, 4, 3)


def read(cell, *column):
    reported = []
    return Date().tuned([cell, *column]).read(cell, reported.append), [problem.code for problem in reported]


@pytest.mark.parametrize("language", [name for name, table in tables().items() if "dates" in table])
def test_a_weekday_that_fits_is_read_and_another_is_warned_of(language):
    dates = tables()[language]["dates"]
    for offset in range(7):
        day = THURSDAY + timedelta(days=offset + 10)
        name = dates["weekdays"][day.weekday()].split()[0]
        for text in (f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}"):
            assert read(f"{name} {text}") == (day, []), (name, text)
        wrong = dates["weekdays"][(day.weekday() + 3) % 7].split()[0]
        assert read(f"{wrong}, {day:%Y-%m-%d}") == (day, ["date-weekday"]), wrong


@pytest.mark.parametrize(
    "cell", ["Thu 03/04/2025", "Thursday, 3/4/2025", "do 03-04-2025", "czw. 03/04/2025", "Πέμ 3/4/25"]
)
def test_the_weekday_decides_day_or_month_first(cell):
    assert read(cell) == (THURSDAY, [])


def test_one_cell_with_a_weekday_decides_for_its_column():
    kind = Date().tuned(["Thu 03/04/2025", "05/06/2025"])
    assert kind.read("05/06/2025", lambda _problem: None) == date(2025, 6, 5)


@pytest.mark.parametrize(
    "cell",
    ["Thu 3 Apr 2025", "jeu. 3 avril 2025", "3 mar 2026", "Thursday, April 3, 2025", "mar. 4 mars 2025"],
)
def test_spelled_dates_with_and_without_weekdays_are_read(cell):
    value, problems = read(cell)
    assert value in (THURSDAY, date(2026, 3, 3), date(2025, 3, 4)) and problems == []


def test_a_spelled_date_with_another_weekday_is_warned_of():
    assert read("Monday, April 3, 2025") == (THURSDAY, ["date-weekday"])


def test_every_language_names_seven_days_and_twelve_months():
    assert {n for numbers in weekdays().values() for n in numbers} == set(range(7))
    assert set(months().values()) == set(range(1, 13))


@pytest.mark.parametrize(
    "cell", ["00/00/0000", "0/0/25", "00.05.2025", "Mon 00/00/2025", "0000-00-00", "05/00/2025"]
)
def test_a_day_or_month_of_zero_is_no_date(cell):
    assert read(cell) == (None, ["date-none"])
