"""Custom fields get the kind that the school's own values show; what does not fit is warned of, and never refused."""

from datetime import date, datetime

import pytest

from lwdesk.catalog import IMPORTS
from lwdesk.catalog.cells.check import Checker
from lwdesk.catalog.cells.fields import ANSWER, DAY, LIST, NUMBER, learned
from lwdesk.catalog.match import Match
from lwdesk.catalog.model import custom_column
from lwdesk.sheets.table import Header
from tests.app.conftest import desk, practice  # noqa: F401
from tests.app.desk import words
from tests.cli.conftest import cells, lwdesk, school, workbook  # noqa: F401

DAYS = {f"2025-{n:02}-{n + 10}": 1 for n in range(1, 13)}
EUROPE = {f"{n + 12:02}/{n:02}/2025": 1 for n in range(1, 13)}
AMERICA = {f"{n:02}/{n + 12:02}/2025": 1 for n in range(1, 13)}
GERMAN = {f"{n + 12:02}.{n:02}.2025": 1 for n in range(1, 13)}
TEAMS = {"Marketing": 20, "Sales": 12, "IT": 8}


def read(values, cell):
    """(value, (code, fix) of each problem) of a cell of a field with these values in the school."""
    column = custom_column("cf_x")
    kind = learned(values)
    reported = []
    value = (kind or column.kind).tuned([cell]).read(cell, reported.append)
    assert all(problem.level == "warning" for problem in reported)
    return value, [(problem.code, problem.fix) for problem in reported]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        *((DAYS, DAY), (EUROPE, DAY), (AMERICA, DAY), (GERMAN, DAY), (TEAMS, LIST)),
        *(({"1": 9}, ANSWER), ({"yes": 5, "no": 9}, ANSWER), ({"Ja": 5, "Nein": 9}, ANSWER)),
        ({f"{n:06}": 1 for n in range(40)}, NUMBER),
    ],
)
def test_the_kind_is_learned_from_what_users_have(values, what):
    assert learned(values).what == what


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"2025-01-02": 4},  # too few
        {f"Text number {n}": 1 for n in range(60)},  # free text
        {"Marketing": 3, "2025-01-01": 3, "yes": 3, "Anything else": 1, "Something": 1, "5": 1},
        {f"{n:02}/{n:02}/2025": 1 for n in range(1, 10)},  # day or month first?
    ],
)
def test_nothing_is_learned_where_the_values_show_nothing(values):
    assert learned(values) is None
    assert read(values, "whatever")[1] == []


@pytest.mark.parametrize("cell", [date(2026, 3, 1), datetime(2026, 3, 1)])
@pytest.mark.parametrize(
    ("values", "text"),
    [(DAYS, "2026-03-01"), (EUROPE, "01/03/2026"), (AMERICA, "03/01/2026"), (GERMAN, "01.03.2026")],
)
def test_a_date_cell_is_written_as_the_school_writes_its_dates(values, text, cell):
    assert read(values, cell) == (text, [])


@pytest.mark.parametrize(
    ("values", "cell", "problem"),
    [
        (DAYS, "13/1/26", ("field-day", "2026-01-13")),
        (DAYS, "1/3/26", ("field-day", None)),  # two days: no fix
        (EUROPE, "1/3/26", ("field-day", "01/03/2026")),
        (EUROPE, "2026-03-01", ("field-day", "01/03/2026")),
        (GERMAN, "1 March 2026", ("field-day", "01.03.2026")),
        (DAYS, "none", ("field-day", None)),
        (TEAMS, "Markting", ("field-list", "Marketing")),
        (TEAMS, "sales", ("field-list", "Sales")),
        (TEAMS, "Zoology", ("field-list", None)),
        ({"1": 9}, "yes", ("field-answer", "1")),
        ({"1": 9}, "no", ("field-answer", None)),
        ({"Ja": 5, "Nein": 9}, "no", ("field-answer", "Nein")),
        ({"5": 4, "7": 9}, "many", ("field-number", None)),
    ],
)
def test_what_does_not_fit_is_warned_of_and_taken_as_it_is(values, cell, problem):
    assert read(values, cell) == (cell, [problem])


@pytest.mark.parametrize(
    ("values", "cell"),
    [(DAYS, "2026-03-01"), (EUROPE, "01/03/2026"), (TEAMS, "IT"), ({"1": 9}, "1"), ({"5": 4, "7": 9}, "12")],
)
def test_what_fits_is_taken_without_a_word(values, cell):
    assert read(values, cell) == (cell, [])


def test_a_sheet_with_words_of_its_own_gets_notes_and_slips_still_warnings():
    known = learned(TEAMS)
    alone = known.tuned(["IT", "Sales", "Marketing", "Zoology"])
    several = known.tuned(["IT", "Zoology", "Botany", "Chemistry"])
    levels = []
    for kind, cell in ((alone, "Zoology"), (several, "Zoology"), (several, "Markting")):
        reported = []
        kind.read(cell, reported.append)
        levels.append([problem.level for problem in reported])
    assert levels == [["warning"], ["note"], ["warning"]]


@pytest.mark.parametrize("entry", [e for e in IMPORTS.values() if e.custom], ids=lambda entry: entry.id)
def test_every_import_with_custom_fields_warns(entry):
    from dataclasses import replace

    column = replace(custom_column("cf_team"), kind=learned(TEAMS))
    checker = Checker(entry, [Match(0, Header("A", "cf_team"), column, "")], {})
    [problem] = [p for p in checker.check(2, ["Markting"]).problems if p.cell == "A2"]
    assert problem.message == "No user has “Markting” in this field. Did you mean “Marketing”?"
    assert (problem.level, problem.column) == ("warning", "cf_team")


def test_the_command_line_warns_with_one_request_and_sends_the_row(lwdesk, school, workbook):  # noqa: F811
    one, two = school.school.users[5:7]
    for n, user in enumerate(school.school.users):
        user.fields |= {
            "cf_department": ("Marketing", "Sales")[n % 2],
            "cf_start_date": f"2025-01-{n % 28 + 1:02}",
        }
    path = workbook(
        ("User", "cf_department", "cf_start_date"),
        (one.email, "Markting", "13/1/26"),
        (two.email, "Sales", date(2026, 3, 1)),
    )
    result = lwdesk("import", path, "--operation", "update-user", "--yes")
    assert "B2: No user has “Markting” in this field. Did you mean “Marketing”?" in result.out
    assert "C2: Other users' values look like 2025-01-28. This one is 13/1/26." in result.out
    assert result.status == 0 and one.fields["cf_department"] == "Markting"
    one.fields["cf_department"] = "Sales"
    again = lwdesk("import", path, "--operation", "update-user", "--dry-run", "--json").json["warnings"]
    assert [(w["cell"], w["code"], w["fix"]) for w in again] == [
        *(("B2", "field-list", "Marketing"), ("C2", "field-day", "2026-01-13"))
    ]
    assert two.fields["cf_start_date"] == "2026-03-01"


def test_a_fix_can_be_applied_to_all(lwdesk, school, workbook):  # noqa: F811
    for n, user in enumerate(school.school.users):
        user.fields["cf_department"] = ("Marketing", "Sales")[n % 2]
    one, two = school.school.users[5:7]
    path = workbook(("User", "cf_department"), (one.email, "Markting"), (two.email, "sales"))
    result = lwdesk("import", path, "--operation", "update-user", "--yes", "--fix", "field-list", "--json")
    assert result.status == 0 and result.json["warnings"] == []
    assert (one.fields["cf_department"], two.fields["cf_department"]) == ("Marketing", "Sales")


def test_the_case_of_many_forms_is_warned_of_cell_by_cell(desk, tmp_path):  # noqa: F811
    for n, user in enumerate(desk.practice.school.users):
        user.fields |= {
            "cf_department": ("Marketing", "Sales")[n % 2],
            "cf_start_date": f"2025-01-{n % 28 + 1:02}",
        }
    ids = [user.email for user in desk.practice.school.users[5:9]]
    rows = zip(
        ids, ("Sales", "Slaes", "-", "N/A"), (datetime(2027, 4, 3), "03/04/2027", "none", 46115), strict=True
    )
    journal = desk.run_import(("User", "cf_department", "cf_start_date"), *rows, operation="update-user")
    found = {p["cell"]: p["code"] for row in journal.rows() for p in row.problems}
    assert set(found) >= {"B3", "C3", "B4", "C4", "B5", "C5"} and "B2" not in found and "C2" not in found
    assert words(journal) == ["done"] * 4
