"""Dates: what people type and what Excel makes of it; a column decides what one cell cannot."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.catalog.cells.dates import Date
from tests.catalog.reading import read

APRIL_3 = date(2026, 4, 3)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            APRIL_3,
            datetime(2026, 4, 3),
            datetime(2026, 4, 3, 23, 59),
            "2026-04-03",
            "2026/4/3",
            "2026.04.03",
        ),
        *(
            "2026-04-03T10:00:00Z",
            "2026-04-03 10:00",
            "20260403",
            20260403,
            " 2026-04-03\u00a0",
            "２０２６-０４-０３",
        ),
        *(
            "03.04.2026",
            "3.4.2026",
            "3.4.26",
            "03. 04. 2026",
            "3. 4. 2026",
            "03.04.2026 10:00",
        ),  # dots: day first
        *(
            "3 Apr 2026",
            "3. April 2026",
            "3-Apr-2026",
            "3-Apr-26",
            "03 Apr 26",
            "April 3, 2026",
            "Apr 3 2026",
        ),
        *("2026 Apr 3", "3rd of April 2026", "Fri 3 Apr 2026", "Friday, April 3, 2026"),
        *(
            "3 avril 2026",
            "3 de abril de 2026",
            "3 aprile 2026",
            "3. Apr. 2026",
            "3 Απριλίου 2026",
            "3 апреля 2026",
        ),
    ],
)
def test_dates_in_many_forms(typed):
    found = read(Date(), typed)
    assert (found.value, found.codes) == (APRIL_3, ["spaces"] if str(typed)[0] == " " else [])


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        *(
            ("1. März 2026", date(2026, 3, 1)),
            ("1er août 2026", date(2026, 8, 1)),
            ("2 juin 2026", date(2026, 6, 2)),
        ),
        *(
            ("2 juillet 2026", date(2026, 7, 2)),
            ("5 de mayo de 2026", date(2026, 5, 5)),
            ("5 mei 2026", date(2026, 5, 5)),
        ),
        *(
            ("9 ottobre 2026", date(2026, 10, 9)),
            ("24. Dezember 2026", date(2026, 12, 24)),
            ("1 мая 2026", date(2026, 5, 1)),
        ),
        *(
            ("13/04/2026", date(2026, 4, 13)),
            ("04/13/2026", date(2026, 4, 13)),
            ("05/05/2026", date(2026, 5, 5)),
        ),
        *(
            ("29.02.24", date(2024, 2, 29)),
            ("31.12.69", date(2069, 12, 31)),
            ("31.12.70", date(1970, 12, 31)),
        ),
    ],
)
def test_more_dates(typed, day):
    assert (read(Date(), typed).value, read(Date(), typed).codes) == (day, [])


@pytest.mark.parametrize("cell", [46115, 46115.5, "46115", "46115,5"])
def test_a_date_that_excel_made_a_number_is_read_with_a_warning(cell):
    found = read(Date(), cell)
    assert (found.value, found.codes, found.fixes) == (APRIL_3, ["date-serial"], ["2026-04-03"])


@pytest.mark.parametrize(
    "typed", ["31/02/2026", "2026-02-30", "29.02.2025", "31 Feb 2026", "00/04/2026", "2026-13-01", "20261301"]
)
def test_days_that_no_calendar_has(typed):
    found = read(Date(), typed)
    assert (found.value, found.codes) == (None, ["date-none"])
    assert found.problems[0].message == f"“{typed}” isn't a real date."


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "tomorrow",
            "-",
            "2026",
            "2026-04",
            "Apr 2026",
            "3/4",
            "3 Apr",
            "2026-04-03abc",
            "03.04.2026 or later",
        ),
        *("1 Jan 2 Feb", "not before 3 April 2026", 12, 2026, 99999, "12345", True, "Mon"),
    ],
)
def test_what_is_no_date(cell):
    assert (read(Date(), cell).value, read(Date(), cell).codes) == (None, ["date"])


def test_a_date_that_can_be_two_days_is_left_to_the_person():
    found = read(Date(), "04/03/2026")
    assert (found.value, found.codes) == (None, ["date-ambiguous"])
    assert found.problems[0].choices == ("2026-03-04", "2026-04-03")
    assert (
        found.problems[0].message
        == "“04/03/2026” could be two different dates. Write 2026-03-04 or 2026-04-03."
    )


def test_the_other_cells_of_the_column_decide():
    day_first = Date().tuned(["04/03/2026", "13/04/2026", None, 5, "soon"])
    month_first = Date().tuned(["04/03/2026", "04/13/2026"])
    assert read(day_first, "04/03/2026").value == date(2026, 3, 4)
    assert read(month_first, "04/03/2026").value == date(2026, 4, 3)
    assert read(month_first, "13/04/2026").value == date(2026, 4, 13)
    assert read(month_first, "04.03.2026").value == date(2026, 4, 3)


@pytest.mark.parametrize("cells", [[], ["04/03/2026"], ["13/04/2026", "04/13/2026"], [None, 46115, APRIL_3]])
def test_a_column_that_disagrees_decides_nothing(cells):
    assert Date().tuned(cells) == Date()


@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%d.%m.%y", "%Y%m%d", "%d %b %Y"]),
)
def test_every_day_is_read_in_every_unmistakable_form(day, form):
    assert read(Date(), day.strftime(form)).value == day


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_slashes_are_read_as_the_column_says(day):
    assert read(Date(day_first=True), day.strftime("%d/%m/%Y")).value == day
    assert read(Date(day_first=False), day.strftime("%m/%d/%Y")).value == day
    alone = read(Date(), day.strftime("%d/%m/%Y"))
    assert alone.value in (day, None) and (alone.value == day or day.isoformat() in alone.problems[0].choices)
