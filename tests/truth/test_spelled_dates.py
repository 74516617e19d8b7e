"""Dates in words: months, their forms and the days of the week, in every language that has a table of them."""

from datetime import date

import pytest

from lwdesk.base.text import fold
from lwdesk.catalog import words
from lwdesk.catalog.cells.dates import Date

LANGUAGES = [name for name, table in words.tables().items() if "dates" in table]


def read(text):
    return Date().read(text, lambda _problem: None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_every_month_is_read_with_and_without_a_weekday(language):
    table = words.tables()[language]["dates"]
    assert len(table["months"]) == 12 and len(table["weekdays"]) == 7
    for number, forms in enumerate(table["months"], 1):
        day = date(2026, number, 3)
        weekdays = table["weekdays"][day.weekday()].split()
        for form in forms.split():
            assert read(f"3 {form} 2026") == day, form
            for weekday in weekdays:
                assert read(f"{weekday}, 3 {form} 2026") == day, (weekday, form)
                assert read(f"{weekday}. 3. {form} 2026") == day, (weekday, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_weekday_before_figures_is_passed_over(language):
    for weekday in (
        form for forms in words.tables()[language]["dates"]["weekdays"] for form in forms.split()
    ):
        assert read(f"{weekday}, 2026-03-31") == date(2026, 3, 31)
        assert read(f"{weekday} 31/03/2026") == date(2026, 3, 31)


def test_no_form_is_of_two_months():
    seen = {}
    for table in words.tables().values():
        for number, forms in enumerate(table.get("dates", {}).get("months", ()), 1):
            for form in forms.split():
                assert seen.setdefault(fold(form), number) == number, form


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("poniedziałek, 3 marca 2026", (2026, 3, 3)),
        ("Δευτέρα 3 Μαρτίου 2026", (2026, 3, 3)),
        ("lun. 3 mars 2026", (2026, 3, 3)),
        ("mar. 3 mars 2026", (2026, 3, 3)),
        ("segunda-feira, 3 de março de 2026", (2026, 3, 3)),
        ("3 maja 2026 r.", (2026, 5, 3)),
        ("1er août 2026", (2026, 8, 1)),
        ("понедельник, 3 марта 2026 г.", (2026, 3, 3)),
    ],
)
def test_dates_as_people_write_them(text, day):
    assert read(text) == date(*day)


@pytest.mark.parametrize("text", ["3 jui 2026", "3 mars avril 2026", "March 3", "mar 2026", "3 lundi 2026"])
def test_what_names_no_single_day_is_not_guessed_at(text):
    assert read(text) is None
