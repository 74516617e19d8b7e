"""Headers that fit no column though their cells say yes or no: a question in both faces, never taken, never silent."""

import pytest

from lwdesk.catalog import IMPORTS
from lwdesk.catalog.cells.answers import answering
from lwdesk.catalog.cells.kinds import YesNo
from lwdesk.catalog.match import match
from lwdesk.sheets.table import Header
from tests.cli.conftest import lwdesk, workbook  # noqa: F401

ASKING = [
    entry
    for entry in IMPORTS.values()
    if any(isinstance(column.kind, YesNo) and not column.rare for column in entry.columns)
]


@pytest.mark.parametrize("entry", ASKING, ids=lambda entry: entry.id)
def test_a_column_of_answers_that_fits_nothing_is_a_question(entry):
    (found,) = match([Header("A", "Zqx")], entry, answers={0})
    assert found.column is None and not found.sure and "unless you choose" in found.why
    titles = [c.title for c in entry.columns if isinstance(c.kind, YesNo) and not c.rare]
    assert any(title in found.why for title in titles)


@pytest.mark.parametrize("entry", IMPORTS.values(), ids=lambda entry: entry.id)
def test_a_column_of_other_cells_is_none(entry):
    (found,) = match([Header("A", "Zqx")], entry)
    assert (found.column, found.sure) == (None, True)


@pytest.mark.parametrize(
    "header",
    ["Welcome please email", "Email for welcome", "Wilkommen: send welcome e-mail?", "Mail (welcome email)"],
)
def test_a_header_that_loosely_fits_a_mail_is_a_question_whatever_its_cells_say(header):
    (found,) = match([Header("A", header)], IMPORTS["create-user"])
    assert found.column is None and not found.sure and "Send welcome email" in found.why


def test_a_choice_ends_the_question():
    for given in ({"chosen": {"Zqx": "send_registration_email"}}, {"ignored": ["Zqx"]}):
        (found,) = match([Header("A", "Zqx")], IMPORTS["create-user"], answers={0}, **given)
        assert found.sure


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        (("yes", "no"), True),
        (("ja", None, "nein"), True),
        (("Y", "N", ""), True),
        ((True, False), True),
        (("sim", 1), True),
        ((1, 0), False),
        (("x", "x"), False),
        (("F", "M"), False),
        (("yes", "maybe"), False),
        ((None, ""), False),
    ],
)
def test_what_counts_as_a_column_of_answers(cells, asked):
    assert answering([(cell,) for cell in cells], 1) == ({0} if asked else set())


def test_a_check_asks(lwdesk, workbook):  # noqa: F811
    path = workbook(
        ("Email", "Username", "Extra"), ("ana@x.example", "Ana", "oui"), ("b@x.example", "Ben", "non")
    )
    result = lwdesk("check", path, "--operation", "create-user")
    assert (
        "could be “Send welcome email”, “Marketing emails”; not imported unless you choose it" in result.out
    )
    found = lwdesk("check", path, "--operation", "create-user", "--json").json["matches"][2]
    assert (found["column"], found["sure"]) == (None, False)
