"""Kinds: what people really type, what becomes of it, and the messages."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.catalog.cells.answers import is_letter
from lwdesk.catalog.cells.cell_checks import check_text
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import (
    Choice,
    Email,
    Kind,
    Several,
    Text,
    User,
    YesNo,
    tags,
    text_of,
)
from lwdesk.catalog.cells.numbers import Money, Number
from lwdesk.catalog.words import answers
from tests.catalog.reading import CELLS, read

UNIT = Choice.of(months="month monat", weeks="week", days="")


def catalog_kinds() -> list[Kind]:
    """Every kind that some column of the catalog has."""
    columns = [c for entry in IMPORTS.values() for c in entry.columns]
    columns += [c for entry in EXPORTS.values() for c in entry.filters]
    return list(dict.fromkeys(column.cell_kind for column in columns))


@pytest.mark.parametrize("kind", catalog_kinds(), ids=lambda kind: f"{type(kind).__name__} {kind.name}")
@given(cell=CELLS)
def test_no_cell_of_any_type_breaks_a_kind(kind, cell):
    found = read(kind, cell)
    if found.value is not None:
        again = read(kind, kind.show(found.value))
        assert again.value == found.value


LINE = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf"]), min_size=1)
    .map(str.strip)
    .filter(bool)
)
PLAIN = LINE.filter(
    lambda text: not text.startswith("#") and "\u00a0" not in text and check_text(text) is None
)
NAME = st.text("abcdefghijklmnopqrstuvwxyz0123456789_+", min_size=1)
EMAILS = st.builds(
    "{}@{}.{}".format, NAME, st.text("abcdefgh", min_size=1), st.sampled_from(["com", "co.uk", "gr"])
)
VALUES = [
    (Text(), PLAIN),
    (Email(), EMAILS),
    (User(), EMAILS | st.text("0123456789abcdef", min_size=24, max_size=24)),
    (YesNo(), st.booleans()),
    (Number(), st.integers(-(10**14), 10**14) | st.decimals(-99_999, 99_999, places=2).map(float)),
    (Number(low=1, whole=True), st.integers(1, 10**9)),
    (Money(), st.decimals(0, 99_999, places=2).map(float)),
    (Date(), st.dates(date(1950, 1, 1), date(2100, 1, 1))),
    (UNIT, st.sampled_from(UNIT.values)),
    (tags(), st.lists(PLAIN.filter(lambda t: not set(";|\n,") & set(t)), min_size=1, unique=True).map(tuple)),
    (
        Several(Text()),
        st.lists(PLAIN.filter(lambda t: not set(";|\n") & set(t)), min_size=1, unique=True).map(tuple),
    ),
]


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=lambda x: x.name if isinstance(x, Kind) else "")
@given(data=st.data())
def test_what_a_kind_shows_it_reads_back(kind, values, data):
    value = data.draw(values)
    found = read(kind, kind.show(value))
    assert found.value == value
    assert not [code for code in found.codes if code != "number-mark"]


@pytest.mark.parametrize(
    ("typed", "email", "code"),
    [
        ("ana@x.com", "ana@x.com", None),
        ("Ana@X.COM", "Ana@X.COM", None),
        ("o'brien@x.com", "o'brien@x.com", None),
        ("ana+autumn@x.co.uk", "ana+autumn@x.co.uk", None),
        (" ana@x.com ", "ana@x.com", "spaces"),
        ("ana@x.com\u00a0", "ana@x.com", "spaces"),
        ("ana\u200b@x.com", "ana@x.com", "spaces"),
        ("\ufeffana@x.com\u202c", "ana@x.com", "spaces"),
        ("ana@x.com\n", "ana@x.com", "spaces"),
        ("ana\u200d@x.com", "ana@x.com", "email-tidied"),
        ("mailto:ana@x.com", "ana@x.com", "email-tidied"),
        ("MAILTO:ana@x.com?subject=hi", "ana@x.com", "email-tidied"),
        ("Ana López <ana@x.com>", "ana@x.com", "email-tidied"),
        ('"López, Ana" <ana@x.com>;', "ana@x.com", "email-tidied"),
        ("<ana@x.com>", "ana@x.com", "email-tidied"),
        ("'ana@x.com'", "ana@x.com", "email-tidied"),
        ("ana＠x．com", "ana@x.com", "email-tidied"),
        ("ana@x.com,", "ana@x.com", "email-tidied"),
        ("ana@x.com;", "ana@x.com", "email-tidied"),
        ("ana@x.com.", "ana@x.com", "email-tidied"),
        ("anä@x.com", "anä@x.com", "email-letters"),
        ("ana@exämple.de", "ana@exämple.de", "email-letters"),
        ("жanna@x.com", "жanna@x.com", "email-letters"),  # no Latin letter looks like the first one
        ("ana..b@x.com", "ana..b@x.com", "email-dots"),
        ("ana.@x.com", "ana.@x.com", "email-dots"),
    ],
)
def test_emails_are_taken_as_they_are_meant(typed, email, code):
    found = read(Email(), typed)
    assert (found.value, found.codes) == (email, [code] if code else [])


@pytest.mark.parametrize(
    ("typed", "code", "fix"),
    [
        ("a@x.com, b@x.com", "email-several", None),
        ("a@x.com b@x.com", "email-several", None),
        ("a@x.com/b@x.com", "email-several", None),
        ("a@x.com\nb@x.com", "email-several", None),
        ("ana @x.com", "email-spaces", "ana@x.com"),
        ("ana lopez@x.com", "email-spaces", "analopez@x.com"),
        ("ana@x .com", "email-spaces", "ana@x.com"),
        ("Ana ana@x.com", "email-more", "ana@x.com"),
        ("Ana Lopez ana@x.com", "email-more", "ana@x.com"),
        ("ana@x.com (work)", "email-more", "ana@x.com"),
        ("ana@x", "email", None),
        ("ana@x.", "email", None),
        ("ana@x.c", "email", None),
        ("@x.com", "email", None),
        ("ana@@x.com", "email", None),
        ("ana@x..com", "email", None),
        ("ana@x,com", "email", None),
        ("ana(at)x.com", "email", None),
        ("Ana", "email", None),
        ("-", "email", None),
        (17, "email", None),
        (True, "email", None),
        (datetime(2026, 4, 3), "email", None),
        ("5f3e8b2c9d1a4e6f7a8b9c0d", "email", None),
        ("#N/A", "excel-error", None),
    ],
)
def test_what_is_no_email_is_refused_with_the_repair_where_there_is_one(typed, code, fix):
    found = read(Email(), typed)
    assert (found.value, found.codes, found.fixes) == (None, [code], [fix])
    if fix:
        assert read(Email(), fix).value == fix


def test_a_user_is_an_email_or_an_id():
    for typed in (
        "5f3e8b2c9d1a4e6f7a8b9c0d",
        " 5F3E8B2C9D1A4E6F7A8B9C0D\u00a0",
        "\u200b5f3e8b2c9d1a4e6f7a8b9c0d",
    ):
        assert read(User(), typed).value == "5f3e8b2c9d1a4e6f7a8b9c0d"
    assert read(User(), "mailto:ana@x.com").value == "ana@x.com"
    message = read(User(), "5f3e8b2c9d1a4e6f7a8b9c0").problems[0].message
    assert message == "“5f3e8b2c9d1a4e6f7a8b9c0” is neither an email address nor a user ID of 24 characters."


def test_a_message_quotes_little_of_a_long_cell():
    *_note, problem = read(Email(), "lorem ipsum\n" * 5_000).problems
    assert len(problem.message) < 120 and "…" in problem.message


YES_WORDS = """yes Y JA j Oui Sí si sim да ναι ΝΑΙ tak evet ano igen kyllä 是 はい true TRUE wahr vrai verdadero
    verdadeiro vero waar ИСТИНА on ok x X 1 ✓ ✔ ✔️ ☑ ✅ Yes! да."""
NO_WORDS = """no NEIN Non não nao нет όχι ΌΧΙ nie hayır HAYIR nee nej nei ne nem ei 否 いいえ false FALSE falsch
    faux falso onwaar ЛОЖЬ off 0 ✗ ✘ ☐ ❌"""


@pytest.mark.parametrize("word", YES_WORDS.split())
def test_yes_in_many_languages(word):
    assert read(YesNo(), word).value is True


@pytest.mark.parametrize("word", NO_WORDS.split())
def test_no_in_many_languages(word):
    assert read(YesNo(), word).value is False


@pytest.mark.parametrize(
    "cell", ["maybe", "yes, please", "Y/N", "2", 2, -1, "n/a", "-", "?", date(2026, 1, 1)]
)
def test_neither_yes_nor_no(cell):
    found = read(YesNo(), cell)
    assert (found.value, found.codes) == (None, ["yes-no"])
    assert all(read(YesNo(), choice).value is not None for choice in found.problems[0].choices)


def test_cells_of_excel_say_yes_and_no():
    assert [read(YesNo(), cell).value for cell in (True, False, 1, 0, 1.0, 0.0)] == [True, False] * 3


def test_no_word_means_yes_and_no():
    words = [
        (word, yes) for known in answers().values() for word, yes in known.items() if not is_letter(word)
    ]
    assert all((word, not yes) not in words for word, yes in words)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(
            (12, 12),
            (12.0, 12),
            (12.5, 12.5),
            (19.990000000000002, 19.99),
            ("12", 12),
            (" 12 ", 12),
            ("00012", 12),
        ),
        *(("1.234,50", 1234.5), ("1,234.50", 1234.5), ("1 234,5", 1234.5), ("1\u00a0234,5", 1234.5)),
        *(("1'234.50", 1234.5), ("1’234", 1234), ("12 345 678", 12345678), ("1\u202f234,5", 1234.5)),
        *(("1.234.567", 1234567), ("1,234,567", 1234567), ("1.234.567,89", 1234567.89), ("1,23,456", 123456)),
        *(("12,5", 12.5), ("12.5", 12.5), ("0,5", 0.5), ("0.500", 0.5), (".5", 0.5), (",5", 0.5), ("+5", 5)),
        *(
            ("€ 12", 12),
            ("12 €", 12),
            ("€12,50", 12.5),
            ("$1,234.50", 1234.5),
            ("12.50 EUR", 12.5),
            ("USD 12", 12),
        ),
        *(("12 %", 12), ("12%", 12), ("-5", -5), ("−5", -5), ("１２", 12), ("١٢", 12)),
    ],
)
def test_numbers_as_people_type_them(typed, number):
    found = read(Number(percent=True, money=True), typed)
    assert found.value == number and type(Number().serialize(found.value)) is type(number)
    assert not {"number", "number-mark"} & set(found.codes)


@pytest.mark.parametrize(
    ("typed", "choices"),
    [("1,234", ("1234", "1.2340")), ("1.234", ("1234", "1.2340")), ("$1,000", ("1000", "1.0000"))],
)
def test_a_number_that_can_be_two_is_asked_about(typed, choices):
    found = read(Number(money=True), typed)
    assert (found.value, found.codes, found.problems[0].choices) == (None, ["number-mark"], choices)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "1e3",
            "1.23457E+11",
            "abc",
            "--5",
            "(5",
            "5-",
            "½",
            "10²",
            "1_000",
            "0x10",
            "nan",
            "inf",
            "1 2",
        ),
        *(
            "3.4.26",
            "1,2,3",
            "12.34,5",
            "1.234.56",
            "12 months",
            "free",
            True,
            date(2026, 4, 3),
            time(5),
            timedelta(3),
        ),
        *(float("nan"), float("inf")),
    ],
)
def test_what_is_no_number_is_never_guessed_at(cell):
    found = read(Number(), cell)
    assert (found.value, found.codes) == (None, ["number"])


def test_numbers_have_bounds():
    kind = Number(low=1, high=10, whole=True)
    assert [read(kind, cell).codes for cell in ("1,5", 0, "11", 5)] == [
        ["number-whole"],
        ["number-low"],
        ["number-high"],
        [],
    ]
    assert read(kind, "11").problems[0].message == "11 is too large: the largest allowed is 10."
    assert read(Money(), "-3").codes == ["number-low"]
    assert [read(Number(), cell).codes for cell in (10**15, "9" * 20, 1e300)] == [["number-long"]] * 3


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        *(("Ana", "Ana"), ("00123", "00123"), ("+30 210", "+30 210"), (" Ana ", "Ana"), ("a\u00a0b", "a b")),
        *((5, "5"), (5.0, "5"), (0.1 + 0.2, "0.3"), (True, "TRUE"), (306912345678, "306912345678")),
        *((date(2026, 4, 3), "2026-04-03"), (datetime(2026, 4, 3), "2026-04-03"), (time(5), "05:00:00")),
        *(
            (datetime(2026, 4, 3, 10, 30), "2026-04-03 10:30:00"),
            ("2E+2 x", "2E+2 x"),
            ("", None),
            (" \u200b", None),
        ),
        *(("👩\u200d🎓", "👩\u200d🎓"), ("می\u200cخواهم", "می\u200cخواهم"), ("two\nlines", "two\nlines")),
        *(("\u202eAna\u202c", "Ana"), ("A\x00na", "Ana"), ("A\ud800na", "Ana"), ("\u200dAna", "Ana")),
    ],
)
def test_text_is_taken_as_it_looks(cell, text):
    assert read(Text(), cell).value == text


def test_text_that_excel_spoilt_is_named():
    for cell in ("1.23457E+11", "1,23457E+11", "1E+15"):
        found = read(Text(), cell)
        assert (found.value, found.codes) == (None, ["long-number"])
    assert read(Text(), 1234567890123456).codes == ["long-number"]
    assert read(Text(), "1234567890123456").codes == []
    for cell in ("#N/A", "#REF!", "#DIV/0!", "#NAME?", "#NV", " #N/A "):
        assert read(Text(), cell).codes == ["excel-error"]
    assert read(Text(), "#1 in sales").value == "#1 in sales"
    assert read(Text(), float("nan")).codes == ["number"]


def test_a_cell_of_blanks_is_empty_without_a_word():
    assert [
        read(kind, " \u00a0").problems for kind in (Text(), Email(), YesNo(), Number(), Date(), tags())
    ] == [[]] * 6


def test_choices_know_other_words_and_suggest_the_nearest():
    assert [read(UNIT, word).value for word in ("months", "Month", " MONAT ")] == ["months"] * 3
    found = read(UNIT, "mnths")
    assert (found.value, found.codes, found.fixes) == (None, ["choice"], ["months"])
    assert found.problems[0].message == "“mnths” isn't an allowed value. Use one of: months, weeks, days."


def test_lists_part_at_semicolons_bars_and_lines():
    assert read(Several(Text()), "Algebra; Biology|Chemistry\nAlgebra").value == (
        "Algebra",
        "Biology",
        "Chemistry",
    )
    assert read(Several(Text()), "Cooking, Baking and more").value == ("Cooking, Baking and more",)
    assert read(tags(), "a, b;c").value == ("a", "b", "c")
    assert read(Several(Text()), ";; ;").value is None
    assert read(Several(Text()), 7).value == ("7",)
    assert read(Several(UNIT), "months; hours").codes == ["choice"]


@given(cell=CELLS)
def test_every_cell_has_a_text(cell):
    if not isinstance(cell, int) or abs(cell) < 10**4000:
        assert isinstance(text_of(cell), str)
