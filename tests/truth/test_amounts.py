"""Numbers and amounts: the column decides what its marks mean; what it leaves open is asked, never guessed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.catalog import IMPORTS
from lwdesk.catalog.cells.kinds import Amount, Several
from lwdesk.catalog.cells.numbers import Money, Number
from lwdesk.catalog.effects.facts import display, pack, unpack
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results


def inner(column):
    return column.kind.item if isinstance(column.kind, Several) else column.kind


COLUMNS = [
    pytest.param(inner(column), id=f"{entry.id}-{column.id}")
    for entry in IMPORTS.values()
    for column in entry.columns
    if isinstance(inner(column), Number)
]
# Name -> (mark of thousands, decimal mark)
LOCALES = {
    "en": (",", "."),
    "de": (".", ","),
    "fr": ("\u202f", ","),
    "ch": ("’", "."),
    "plain": ("", "."),
    "pl": (" ", ","),
}


def read_all(kind, cells):
    """Cell -> (value, codes of its problems)."""
    tuned = kind.tuned(cells)
    found = {}
    for cell in cells:
        reported = []
        value = tuned.read(cell, reported.append)
        found[cell] = value, [problem.code for problem in reported]
    return found


def written(cents, digits, locale):
    """A number of `digits` decimals as it is written in a country."""
    thousands, decimal = LOCALES[locale]
    whole, fraction = divmod(cents, 10**digits)
    return f"{whole:,}".replace(",", thousands) + (f"{decimal}{fraction:0{digits}d}" if digits else "")


@pytest.mark.parametrize("kind", COLUMNS)
@given(data=st.data())
def test_a_column_of_a_country_is_read_right_or_asked_about(kind, data):
    locale = data.draw(st.sampled_from(sorted(LOCALES)))
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, 99_999_999), st.integers(0, 3)), min_size=1, max_size=6)
    )
    true = {written(number, digits, locale): number / 10**digits for number, digits in pairs}
    tuned = kind.tuned(true)
    for cell, number in true.items():
        reported = []
        value = tuned.read(cell, reported.append)
        if value is None:
            assert "error" in [problem.level for problem in reported]
        else:
            assert value == pytest.approx(number, abs=1e-9), (cell, list(true))


@pytest.mark.parametrize("kind", COLUMNS)
def test_typed_numbers_are_taken_as_they_are(kind):
    texts = ("1.234,5", "1,5")
    number = max(1, kind.low or 0)
    assert kind.tuned({*texts, number}).read(number, lambda _problem: None) == number


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("cell", ["1e3", "=9.99*2", "12 months", "1,2,3", "5..5", "1.234.56", "0x1F", "½"])
def test_what_is_no_number_is_an_error(kind, cell):
    assert read_all(kind, [cell])[cell] == (None, ["number"])


@pytest.mark.parametrize("kind", COLUMNS)
def test_percentages_and_currencies_are_taken_where_they_belong(kind):
    taken = 12, ["number-tidied"]
    assert read_all(kind, ["12%"])["12%"] == (taken if kind.percent else (None, ["number-percentage"]))
    value, codes = read_all(kind, ["12 EUR"])["12 EUR"]
    assert (value, codes) == (taken if kind.money else (None, ["number-currency"]))


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234", "1.234", "0,5", "1.000", "12.345.678,90"], [1.234, 1234, 0.5, 1000, 12345678.9]),
        (["1,000.00", "1.000"], [1000, 1]),
        (["1,000.00"], [1000]),
        (["1.234"], [None]),
        (["1.234", "5.678", "49"], [None, None, 49]),
        (["1,000.00", "1.000,00", "1.000"], [1000, 1000, None]),
        (["1'234.50", "1.234"], [1234.5, 1.234]),
        (["-5"], [None]),
        (["(5.00)"], [None]),
        (["5,-", "CHF 10.-"], [5, 10]),
    ],
)
def test_prices_of_a_column(cells, values):
    assert [value for value, _codes in read_all(Money(), cells).values()] == values


@pytest.mark.parametrize(
    ("cell", "number", "currency"),
    [
        ("R$ 49,90", 49.9, "BRL"),
        ("49,90 zł", 49.9, "PLN"),
        ("kr 100", 100, "kr"),
        ("49.90 EUR", 49.9, "EUR"),
        ("€ 5", 5, "EUR"),
        ("CHF 10.-", 10, "CHF"),
        ("1\u202f234,50 €", 1234.5, "EUR"),
        ("US$1,234.50", 1234.5, "USD"),
        ("Rs. 1,23,456", 123456, "Rs."),
        ("49,90 Kč", 49.9, "CZK"),
    ],
)
def test_currencies_are_read_beside_amounts(cell, number, currency):
    value, _codes = read_all(Money(), [cell])[cell]
    assert isinstance(value, Amount) and (value, value.currency) == (number, currency)
    assert type(Money().serialize(value)) in (int, float)


def test_an_amount_keeps_its_currency_up_to_the_review():
    value = unpack(pack({"price": Amount(49.9, "EUR")}))["price"]
    assert display(value) == "49.90 EUR"


def test_several_currencies_in_one_column_are_errors():
    found = read_all(Money(), ["5 EUR", "$6", "7"])
    assert found == {
        "5 EUR": (None, ["number-currencies"]),
        "$6": (None, ["number-currencies"]),
        "7": (7, []),
    }
    assert read_all(Money(), ["$5", "6 USD"])["$5"][0] == 5


@given(st.decimals(0, 10**6, places=3).map(float))
def test_what_is_shown_is_never_read_as_another_number(number):
    for kind in (Number(), Money(), replace(Number(), decimal=",")):
        assert (
            Number().read(Number().show(number), lambda _problem: None) in (number, int(number))
            or kind is None
        )


@pytest.fixture
def desk(tmp_path):
    with Practice(users=20, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


def enrolled(desk, *prices, name="prices.xlsx"):
    """Outcome and message of enrollments at these prices, planned; and what is said of their cells."""
    users = [user for user in desk.practice.school.users if not user.suspended and not user.holds]
    course = next(iter(desk.practice.school.products["course"]))
    rows = [(user.email, course, price) for user, price in zip(users, prices, strict=False)]
    desk.again()
    job = desk.plan(("User", "Product", "Price"), *rows, operation="enroll", name=name)
    problems = [problem["code"] for row in job.rows() for problem in row.problems]
    return [(row.outcome, row.message) for row in row_results(job).values()], problems


def test_an_amount_in_another_currency_than_the_school_has_is_an_error(desk):
    found, _problems = enrolled(desk, "49.90 USD", "$ 10")
    assert [outcome for outcome, _message in found] == ["failed", "failed"]
    assert "isn't in your school's currency, EUR. Convert the amount." in found[0][1]


def test_an_amount_in_the_currency_of_the_school_needs_no_words(desk):
    found, problems = enrolled(desk, "49,90 €", "10,00 EUR")
    assert [outcome for outcome, _message in found] == ["ready", "ready"] and "currency" not in problems


def test_where_the_school_does_not_tell_its_currency_a_warning_asks(desk):
    desk.practice.switches.dialect = "2025"
    found, problems = enrolled(desk, "49.90 USD")
    assert [outcome for outcome, _message in found] == ["ready"] and "currency" in problems


def test_the_currency_is_asked_for_only_where_an_amount_names_one(desk):
    desk.forget()
    enrolled(desk, "49.90")
    assert desk.practice.api.counts["GET payments"] == 0


def test_the_discount_of_a_promotion_is_in_the_currency_of_the_school_too(desk):
    course = next(iter(desk.practice.school.products["course"]))
    headers = ("Name", "Type", "Value", "Products")
    desk.again()
    job = desk.plan(headers, ("Spring 10", "fixed", "10 USD", course), operation="create-promotion")
    [row] = row_results(job).values()
    assert row.outcome == "failed" and "isn't in your school's currency, EUR" in row.message
