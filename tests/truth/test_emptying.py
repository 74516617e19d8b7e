"""Emptying a value: a word in the cell, blank cells of a chosen column, cleared cells of an export that comes back."""

import zipfile

import pytest

from lwdesk.app.importing import imports, templates
from lwdesk.app.job.rows import Filter
from lwdesk.app.job.sheet_rows import SheetRows
from lwdesk.base.errors import UserError
from lwdesk.catalog import EDITS, EXPORTS, IMPORTS
from lwdesk.catalog import recipe as recipe_of
from lwdesk.catalog.cells.check import Checker, fixed_values
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.cells.kinds import Choice, Email, YesNo
from lwdesk.catalog.effects.facts import pack, unpack
from lwdesk.catalog.emptying import why_kept
from lwdesk.catalog.match import Match
from lwdesk.catalog.returns import partner
from lwdesk.cli.arguments import parser
from lwdesk.cli.look import choices
from lwdesk.sheets.table import Header, letter
from tests.app.conftest import desk, practice  # noqa: F401
from tests.app.desk import row_results, state, words
from tests.app.test_returned import Excel, drop, edit, export

COLUMNS = [(entry, column) for entry in (*IMPORTS.values(), *EDITS.values()) for column in entry.columns]
each_column = pytest.mark.parametrize(
    ("entry", "column"), COLUMNS, ids=[f"{entry.id}-{column.id}" for entry, column in COLUMNS]
)


def checked(entry, column, cell, blanks=()):
    """One row with a cell of the column, checked; the other columns of the sheet hold nothing."""
    headers = [Match(n, Header(letter(n), c.title), c, "") for n, c in enumerate(entry.columns)]
    cells = [cell if c is column else None for c in entry.columns]
    return Checker(entry, headers, {}, blanks).check(2, cells)


@each_column
def test_the_word_empties_every_column_that_can_be_and_is_an_error_in_all_others(entry, column):
    found = checked(entry, column, "[empty]")
    why = why_kept(entry, column)
    mine = [p for p in found.problems if p.column == column.id and p.code == "kept"]
    if why:
        assert [p.message for p in mine] == [why] and why.endswith(".") and column.id not in found.values
    else:
        assert found.values[column.id] is EMPTY and not mine


@each_column
def test_no_column_that_must_have_a_value_can_be_emptied(entry, column):
    must = (
        column.required or column.secret or column.unique or isinstance(column.kind, YesNo | Choice | Email)
    )
    if must or column.id in ("title", "username", "email", "name", "tags" if entry.id == "roster" else ""):
        assert why_kept(entry, column)


@pytest.mark.parametrize("word", ["[empty]", "[EMPTY]", " [Empty] ", "[ empty ]"])
def test_the_word_is_taken_in_any_case(word):
    roster = IMPORTS["roster"]
    assert checked(roster, roster.column("location"), word).values["location"] is EMPTY


@pytest.mark.parametrize("text", ["empty", "(empty)", "[empty", "[]", "[none]", "[empty] street"])
def test_other_texts_are_values(text):
    roster = IMPORTS["roster"]
    assert checked(roster, roster.column("location"), text).values["location"] == text


def test_what_empties_comes_back_from_the_journal():
    assert unpack(pack({"location": EMPTY})) == {"location": EMPTY}


def test_the_review_shows_it_the_school_has_it_and_undo_puts_it_back(desk):  # noqa: F811
    ana, ben = desk.practice.school.users[5:7]
    ana.fields |= {"location": "Athens", "company": "Ltd"}
    ben.fields |= {"location": "Rome", "company": "SpA"}
    before = state(desk.practice)
    rows = ((ana.email, "[empty]", "[EMPTY]"), (ben.email, None, "Ny"))
    journal = desk.run_import(("User", "Location", "Company"), *rows, operation="update-user")
    rows = SheetRows(journal.path)
    changes = [change for row_id in rows.ids(Filter()) for change in rows.detail(row_id).changes]
    rows.close()
    assert ("Location", "Athens", "(empty)") in changes
    assert words(journal) == ["done", "done"], row_results(journal)
    assert "Location Athens → (empty)" in row_results(journal)[2].message
    assert not ana.fields.get("location") and not ana.fields.get("company")
    assert (ben.fields["location"], ben.fields["company"]) == ("Rome", "Ny")
    again = desk.run_import(("User", "Location"), (ana.email, "[empty]"), operation="update-user")
    assert words(again) == ["unchanged"]
    desk.undo(journal)
    assert state(desk.practice) == before


def test_custom_fields_are_emptied_too(desk):  # noqa: F811
    ana = desk.practice.school.users[5]
    key = next(name for user in desk.practice.school.users for name in user.fields if name.startswith("cf_"))
    ana.fields[key] = "Sales"
    journal = desk.run_import(("User", key), (ana.email, "[empty]"), operation="update-user")
    assert words(journal) == ["done"] and not ana.fields.get(key)


def test_lists_and_numbers_of_groups_and_seats_are_emptied(desk):  # noqa: F811
    seat = next(c for c in desk.practice.school.seats.values() if c.title == "Acme team")
    seat.most_users, seat.description, before = 12, "For the team", list(seat.managers)
    assert before and seat.tags
    head = ("Seat offering", "Maximum users", "Description", "Seat managers", "Tags")
    journal = desk.run_import(head, ("Acme team", *["[empty]"] * 4), operation="update-seat-offering")
    assert words(journal) == ["done"], row_results(journal)
    assert (seat.most_users, seat.description, seat.managers, seat.tags) == (None, "", [], [])
    desk.undo(journal)
    assert (seat.most_users, seat.description, seat.managers) == (12, "For the team", before)


@pytest.mark.parametrize("shown", [True, False])
def test_a_value_that_the_school_keeps_is_told_on_its_row_only(desk, shown):  # noqa: F811
    desk.practice.switches.fields_kept, desk.practice.switches.answers_fields = True, shown
    ana, ben = desk.practice.school.users[5:7]
    ana.fields["location"], ben.fields["location"] = "Athens", "Rome"
    rows = ((ana.email, "[empty]", "Ltd"), (ben.email, "Oslo", None))
    journal = desk.run_import(("User", "Location", "Company"), *rows, operation="update-user")
    assert words(journal) == ["failed", "done"]
    assert "LearnWorlds didn't clear “Location”" in row_results(journal)[2].message
    assert ana.fields["company"] == "Ltd"


def test_one_look_is_enough_where_the_answer_does_not_show_the_value(desk):  # noqa: F811
    desk.practice.switches.answers_fields = False
    ana = desk.practice.school.users[5]
    ana.fields["location"] = "Athens"
    journal = desk.plan(("User", "Location"), (ana.email, "[empty]"), operation="update-user")
    desk.forget()
    assert desk.run(journal) == "finished" and words(journal) == ["done"]
    assert desk.reads <= 1 and sum(desk.writes.values()) == 1


def test_who_is_new_is_created_without_what_is_to_be_empty(desk):  # noqa: F811
    journal = desk.run_import(
        ("Email", "Location", "Company"), ("new@x.example", "[empty]", "Ltd"), operation="roster"
    )
    assert words(journal) == ["done"]
    assert next(call.body for call in journal.calls())["fields"] == {"company": "Ltd"}


def test_blank_cells_empty_only_the_columns_that_were_chosen(desk):  # noqa: F811
    ana = desk.practice.school.users[5]
    ana.fields |= {"location": "Athens", "company": "Ltd"}
    journal = desk.run_import(
        ("User", "Location", "Company"),
        (ana.email, None, None),
        operation="update-user",
        blanks=("location",),
    )
    assert words(journal) == ["done"]
    assert (ana.fields.get("location"), ana.fields["company"]) == (None, "Ltd")


def test_a_row_of_blanks_stays_empty(desk):  # noqa: F811
    entry = IMPORTS["update-user"]
    assert checked(entry, None, None, blanks=("location",)).empty


@pytest.mark.parametrize("column", ["new_email", "username", "nonsense", "user"])
def test_blank_cells_cannot_be_chosen_to_empty_what_cannot_be(desk, column):  # noqa: F811
    with pytest.raises(UserError):
        desk.create(("User",), ("a@b.example",), operation="update-user", blanks=(column,))


def test_a_value_for_all_rows_can_empty_too():
    assert fixed_values(IMPORTS["update-user"], {"location": "[empty]"}) == {"location": EMPTY}
    with pytest.raises(UserError):
        fixed_values(IMPORTS["update-user"], {"username": "[empty]"})


def test_the_template_says_how_to_empty(desk, tmp_path):  # noqa: F811
    templates.write("update-user", tmp_path / "template.xlsx", None)
    with zipfile.ZipFile(tmp_path / "template.xlsx") as package:
        texts = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "replace")
    assert texts.count("To empty it, write [empty].") >= 19


def test_the_command_line_takes_the_switch(desk, tmp_path):  # noqa: F811
    options = parser().parse_args(
        [
            "check",
            "x.csv",
            "--operation",
            "update-user",
            "--blank-empties",
            "location",
            "--blank-empties",
            "phone",
        ]
    )
    assert choices(options).blanks == ["location", "phone"]


def test_a_cleared_cell_of_an_export_that_comes_back_is_a_change(desk):  # noqa: F811
    ana = desk.practice.school.users[5]
    ana.fields["company"] = "Given Ltd"
    before = state(desk.practice)
    path = export(desk, "users")
    edit(path, (ana.id, "Company", None))
    journal = drop(desk, path, "edit-users")
    assert desk.counts.update == 1
    imports.engine(journal, desk.session).run()
    found = next(row for row in row_results(journal).values() if row.outcome == "done")
    assert "Company Given Ltd → (empty)" in found.message and not ana.fields.get("company")
    desk.undo(journal)
    assert state(desk.practice) == before


RETURNS = [
    (entry, heading.title, partner(heading.at, recipe_of([entry.returns])))
    for entry in EXPORTS.values()
    if entry.returns
    for heading in entry.columns
    if partner(heading.at, recipe_of([entry.returns])) is not None
]


@pytest.mark.parametrize("entry_id", dict.fromkeys(entry.id for entry, _heading, _column in RETURNS))
def test_each_cell_that_is_cleared_in_an_export_is_a_change_or_is_said(desk, entry_id):  # noqa: F811
    """A cell of each column, in rows of their own as far as there are enough."""
    for n, user in enumerate(desk.practice.school.users):
        user.fields |= {"company": f"Company {n}", "bio": f"Bio {n}"}
    for circle in (*desk.practice.school.groups.values(), *desk.practice.school.seats.values()):
        circle.description, circle.most_users = "About", 500
    path = export(desk, entry_id)
    excel = Excel(path)
    recipe = recipe_of([EXPORTS[entry_id].returns])
    cleared, taken = {}, set()
    for entry, heading, column in RETURNS:
        if entry.id != entry_id or heading == "ID":
            continue
        filled = [
            r for r in range(2, excel.sheet.max_row + 1) if excel.cell(r, heading).value not in (None, "")
        ]
        row = next((r for r in filled if r not in taken), None)
        if row is not None:
            taken.add(row)
            cleared[excel.cell(row, "ID").value] = row, column
            excel.cell(row, heading).value = None
    assert cleared
    excel.save()
    journal = drop(desk, path, EXPORTS[entry_id].returns)
    problems = {(row.number, p["column"], p["code"]) for row in journal.rows() for p in row.problems}
    imports.engine(journal, desk.session).run()
    found = row_results(journal)
    for row, column in cleared.values():
        if why_kept(recipe, column) and column.id not in ("tags", "is_suspended"):
            assert (row, column.id, "emptied") in problems, column.id
        elif not why_kept(recipe, column):
            assert found[row].outcome == "done" and "→ (empty)" in found[row].message, (column.id, found[row])
    again = drop(desk, path, EXPORTS[entry_id].returns)
    assert desk.counts.calls == 0, row_results(again)
