"""Values that can be read and make no sense are warned of, on their cell, in every import with such a column."""

from datetime import date, timedelta

import pytest

from lwdesk.app.exporting.filters import read_filters
from lwdesk.base.errors import UserError
from lwdesk.catalog import EDITS, EXPORTS, IMPORTS
from lwdesk.catalog.cells.check import Checker
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Email
from lwdesk.catalog.cells.numbers import Money, Number
from lwdesk.catalog.cells.sense import BIRTH, SENSES, SINCE, SOME, UNTIL, YEAR, nonsense
from lwdesk.catalog.match import Match
from lwdesk.sheets.table import Header, letter

COLUMNS = [(entry, column) for entry in (*IMPORTS.values(), *EDITS.values()) for column in entry.columns]
TODAY = date(2026, 6, 15)


def columns(chosen):
    found = [(entry, column) for entry, column in COLUMNS if chosen(column)]
    assert found
    return pytest.mark.parametrize(("entry", "column"), found, ids=[f"{e.id}-{c.id}" for e, c in found])


def problems(entry, column, cell, **others):
    """(level, code, fix) of the problems on a cell."""
    headers = [Match(n, Header(letter(n), c.title), c, "") for n, c in enumerate(entry.columns)]
    cells = [cell if c is column else others.get(c.id) for c in entry.columns]
    found = Checker(entry, headers, {}, today=TODAY).check(2, cells)
    at = letter(entry.columns.index(column))
    return [(p.level, p.code, p.fix) for p in found.problems if p.cell == f"{at}2"]


def test_every_sense_is_known():
    assert {column.sense for _entry, column in COLUMNS} - {""} == set(SENSES)


@columns(lambda column: column.sense == UNTIL)
@pytest.mark.parametrize(
    "cell", ["2019-12-31", date(2020, 1, 1), str(TODAY - timedelta(days=1)), "31.12.2019"]
)
def test_an_end_in_the_past_is_warned_of(entry, column, cell):
    assert problems(entry, column, cell) == [("warning", "date-past", None)]
    assert not problems(entry, column, str(TODAY)) and not problems(
        entry, column, str(TODAY + timedelta(days=400))
    )


@columns(lambda column: column.sense == SINCE)
def test_what_happened_is_not_in_the_future(entry, column):
    assert problems(entry, column, str(TODAY + timedelta(days=2))) == [("warning", "date-future", None)]
    assert not problems(entry, column, str(TODAY))


@columns(lambda column: isinstance(column.kind, Date))
def test_a_year_of_another_calendar_or_a_slip_is_warned_of_in_every_date(entry, column):
    thai = TODAY.year + 544
    assert problems(entry, column, f"{thai}-03-01") == [("warning", "date-year", f"{thai - 543}-03-01")]
    assert problems(entry, column, "1026-03-01")[0][:2] == ("warning", "date-year")
    assert problems(entry, column, "3026-03-01")[0][:2] == ("warning", "date-year")


@columns(lambda column: column.sense == BIRTH)
@pytest.mark.parametrize(
    ("cell", "code", "fix"),
    [
        ("2567-03-01", "date-year", "2024-03-01"),
        ("1.3.2541", "date-year", "1.3.1998"),
        ("2541", "date-year", "1998"),
        ("1089-05-05", "date-year", None),
        (f"{TODAY.year + 1}-01-01", "date-year", None),
        (str(TODAY + timedelta(days=1)), "date-future", None),
    ],
)
def test_a_birthday_that_nobody_has_is_warned_of(entry, column, cell, code, fix):
    assert problems(entry, column, cell) == [("warning", code, fix)]


@columns(lambda column: column.sense == BIRTH)
@pytest.mark.parametrize("cell", ["1998-03-01", "1/3/98", "March 1, 1961", "12 04 1980"])
def test_a_usual_birthday_is_not(entry, column, cell):
    assert not problems(entry, column, cell)


@columns(lambda column: column.sense == YEAR)
def test_a_year_of_graduation_may_be_ahead_but_not_far(entry, column):
    assert not problems(entry, column, str(TODAY.year + 4)) and not problems(entry, column, "1987")
    assert problems(entry, column, "2999") == [("warning", "date-year", None)]


@columns(lambda column: column.most is not None)
def test_a_discount_of_more_than_everything_is_warned_of(entry, column):
    high = [("warning", "percent-high", None)]
    assert (
        problems(entry, column, 150) == high and problems(entry, column, "100.5", type="percentage") == high
    )
    assert not problems(entry, column, 150, type="fixed") and not problems(entry, column, 100)


@columns(lambda column: column.sense == SOME)
def test_nothing_is_warned_of_where_something_is_meant(entry, column):
    assert problems(entry, column, 0) == [("warning", "zero", None)] and not problems(entry, column, 5)


@columns(lambda column: isinstance(column.kind, Number))
def test_no_number_of_the_catalog_can_be_negative(entry, column):
    assert [level for level, _code, _fix in problems(entry, column, -5)] == ["error"]


@columns(lambda column: "duration" in column.id and isinstance(column.kind, Number))
def test_a_duration_of_nothing_is_an_error(entry, column):
    assert problems(entry, column, 0) == [("error", "number-low", None)]


@columns(lambda column: isinstance(column.kind, Money))
def test_a_price_of_nothing_is_a_price(entry, column):
    assert not problems(entry, column, 0)


@columns(lambda column: isinstance(column.kind, Email))
@pytest.mark.parametrize("sign", "’‘ʼ′´")
def test_a_typographic_apostrophe_in_an_email_is_warned_of_with_a_fix(entry, column, sign):
    found = problems(entry, column, f"o{sign}brien@x.example")
    assert ("warning", "email-quote", "o'brien@x.example") in found
    assert not problems(entry, column, "o'brien@x.example")


@pytest.mark.parametrize(
    ("export", "first", "last"),
    [
        (entry.id, first, last)
        for entry in EXPORTS.values()
        for first, last in (("registered_after", "registered_before"), ("from", "until"))
        if {first, last} <= {column.id for column in entry.choices}
    ],
)
def test_a_span_that_ends_before_it_starts_is_refused(export, first, last):
    with pytest.raises(UserError, match="2026-01-01 is before 2026-02-01"):
        read_filters(EXPORTS[export], {first: "2026-02-01", last: "2026-01-01"}, None)
    assert read_filters(EXPORTS[export], {first: "2026-01-01", last: "2026-01-01"}, None)


@pytest.mark.parametrize("text", ["29.02.2023", "2023-02-30", "31/04/1990"])
def test_a_birthday_that_is_not_in_the_calendar_is_a_warning(text):
    problem = nonsense(BIRTH, text, text, date(2026, 6, 1))
    assert problem.level == "warning" and "isn't a real date" in problem.message
