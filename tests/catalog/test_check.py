"""Checking rows: every problem on its cell, and rows that need no work."""

from datetime import datetime

import pytest

from lwdesk.base.errors import UserError
from lwdesk.catalog import IMPORTS
from lwdesk.catalog.cells.check import Checker, fixed_values
from lwdesk.catalog.match import RESULT_TITLES, match
from lwdesk.sheets.table import Header, letter


def check(headers, *rows, entry="roster", fixed=None, **choices):
    """The rows, checked; the first is row 2 of the file."""
    recipe = IMPORTS[entry]
    matches = match([Header(letter(n), text) for n, text in enumerate(headers)], recipe, **choices)
    checker = Checker(recipe, matches, fixed_values(recipe, fixed or {}))
    numbered = list(enumerate(rows, 2))
    checker.tune(numbered)
    return [checker.check(number, cells) for number, cells in numbered]


def found(checked):
    return [(p.cell, p.column, p.level, p.code) for p in checked.problems]


def test_a_good_row_is_its_values():
    (row,) = check(
        ["E-Mail", "Course 1", "Course 2", "Tags", "Price"], ["ana@x.com", "A", "B; C", "x, y", "1.234,50"]
    )
    assert row.values == {
        "email": "ana@x.com",
        "courses": ("A", "B; C"),
        "tags": ("x", "y"),
        "price": 1234.5,
    }
    assert (row.number, row.problems, row.good, row.done, row.example, row.empty) == (
        2,
        [],
        True,
        False,
        False,
        False,
    )


def test_all_problems_of_a_row_at_once_each_on_its_cell():
    headers = ["Email", "Remarks", "Duration", "Duration unit", "Send welcome email", "Price"]
    (row,) = check(headers, ["ana x@y.com", "#N/A", "x", "mnths", "perhaps", " 5 "])
    assert found(row) == [
        ("A2", "email", "error", "email-spaces"),
        ("C2", "duration", "error", "number"),
        ("D2", "duration_type", "error", "choice"),
        ("E2", "send_registration_email", "error", "yes-no"),
        ("F2", "price", "note", "spaces"),
    ]
    assert row.values == {"price": 5} and not row.good


def test_the_address_is_that_of_the_file_wherever_a_column_stands():
    headers = [f"Extra {n}" for n in range(27)] + ["Email"]
    rows = check(headers, [""] * 27 + ["ana@x.com"], [""] * 27 + ["ana"])
    assert [found(row) for row in rows] == [[], [("AB3", "email", "error", "email")]]


def test_an_empty_required_cell_is_named():
    rows = check(
        ["Email", "Course"],
        ["", "Algebra"],
        ["  ", "Algebra"],
        [None, "Algebra"],
        ["ana", "Algebra"],
        ["b@x.y"],
    )
    assert [found(row) for row in rows[:3]] == [[(f"A{n}", "email", "error", "required")] for n in (2, 3, 4)]
    assert rows[0].problems[0].message == "Email is empty."
    assert [p.code for p in rows[3].problems] == ["email"]  # not both wrong and empty
    assert rows[4].problems[0].code == "email"  # a row may be shorter than the heading


@pytest.mark.parametrize("cells", [[], [None, None], ["", ""], [" ", "\u00a0"], ["\u200b", None]])
def test_a_row_of_blanks_is_empty(cells):
    (row,) = check(["Email", "Course"], cells)
    assert row.empty and row.good
    (row,) = check(["Email", "Course"], cells, fixed={"tags": "autumn"})
    assert row.empty


def test_the_example_row_of_a_template_is_known():
    columns = [column for column in IMPORTS["roster"].columns if not column.rare]
    headers, example = [column.title for column in columns], [column.example for column in columns]
    changed = ["real@x.com", *example[1:]]
    assert [row.example for row in check(headers, example, changed)] == [True, False]
    assert [row.example for row in check(headers[:1], example[:1])] == [
        False
    ]  # one column is too little to know


def test_the_example_row_is_known_as_a_sheet_types_it():
    columns = IMPORTS["create-coupon"].columns
    cells = [column.example for column in columns]
    cells[[c.id for c in columns].index("quantity")] = 50.0
    cells[[c.id for c in columns].index("expires")] = datetime(2030, 3, 31)
    (row,) = check([column.title for column in columns], cells, entry="create-coupon")
    assert row.example


def test_rows_done_in_an_earlier_run_are_known_by_their_results():
    headers = ["Email", *RESULT_TITLES]
    words = ["done", "unchanged", "failed", "skipped", "unsure", "", None, "Done "]
    rows = check(headers, *[["ana@x.com", word, "", "", ""] for word in words])
    assert [row.done for row in rows] == [True, True, False, False, False, False, False, True]


def test_values_for_all_rows_fill_what_a_row_leaves_empty():
    rows = check(
        ["Email", "Tags"],
        ["ana@x.com", ""],
        ["tom@x.com", "own"],
        fixed={"tags": "autumn", "send_registration_email": "no"},
    )
    assert [row.values["tags"] for row in rows] == [("autumn",), ("own",)]
    assert rows[0].values["send_registration_email"] is False


def test_values_for_all_rows_are_read_like_cells():
    recipe = IMPORTS["roster"]
    assert fixed_values(recipe, {"price": "12,50", "tags": "", "cf_x": "y"}) == {"price": 12.5, "cf_x": "y"}
    with pytest.raises(UserError) as caught:
        fixed_values(recipe, {"price": "cheap"})
    assert str(caught.value) == "The value for Price can't be used. “cheap” isn't a number."
    with pytest.raises(UserError) as caught:
        fixed_values(recipe, {"tag": "autumn"})
    assert str(caught.value) == "There is no column “tag” in roster. Did you mean “tags”, “instagram”?"


def test_headers_of_one_list_column_are_one_list_without_doubles():
    (row,) = check(["Email", "Tag 1", "Tag 2", "Tag 3"], ["ana@x.com", "a", "", "b; a"])
    assert row.values["tags"] == ("a", "b")


def test_a_list_with_one_bad_item_is_not_sent_in_part():
    (row,) = check(["User", "Tags"], ["ana@x.com", "#REF!"], entry="tag")
    assert found(row) == [("B2", "tags", "error", "excel-error")]


def test_the_column_decides_the_order_of_day_and_month():
    headers = ["Promotion", "Code", "Expires"]
    rows = check(headers, ["P", "A", "04/03/2030"], ["P", "B", "25/03/2030"], entry="create-coupon")
    assert [str(row.values["expires"]) for row in rows] == ["2030-03-04", "2030-03-25"]
    (row,) = check(headers, ["P", "A", "04/03/2030"], entry="create-coupon")
    assert found(row) == [("C2", "expires", "error", "date-ambiguous")]


def test_cells_that_repeat_keep_their_own_address():
    rows = check(["Email", "Send welcome email"], *[[f"u{n}@x.com", "maybe"] for n in range(3)])
    assert [row.problems[0].cell for row in rows] == ["B2", "B3", "B4"]
