"""The status of a row in a results file counts for the same school, the same import and the unchanged row only."""

import csv

import openpyxl
import pytest

from lwdesk.app.importing import imports
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job import results
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results

HEAD = ("Email", "Username", "Tags", "Born")
ROWS = [
    ("ana@new.example", "Ana", "one", "2001-02-03"),
    ("ben@new.example", "Ben", "two", "1.5"),
    ("no address", "Cai", "", ""),
]


@pytest.fixture
def desk(tmp_path):
    with Practice(users=40, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


def rows_of(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    page = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


def save(path, rows):
    """Write the rows back, as somebody who edits the file does."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
        return path
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    page.delete_rows(1, page.max_row)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def job(desk, path, operation="save-user", **choices):
    desk.again()
    desk.forget()
    opened = imports.open_for(desk.session, path, [operation], Choices(**choices), desk.settings)
    journal = imports.create(desk.home, opened, desk.session)
    imports.plan(journal, desk.session)
    return journal


@pytest.fixture(params=["xlsx", "csv", "xlsx to csv", "csv to xlsx"])
def done(desk, request):
    """A results file: two rows are done, one has an error."""
    first, _to, last = request.param.partition(" to ")
    path = desk.workbook(HEAD, *ROWS)
    if first == "csv":
        path = save(desk.folder / "people.csv", [HEAD, *ROWS])
    journal = job(desk, path)
    assert desk.run(journal) == "finished"
    return results.write(journal, desk.folder / f"results.{last or first}").paths[0]


def outcomes(desk, path, *where, **choices):
    journal = job(desk, path, *where, **choices)
    planned = {row.number: row.outcome for row in journal.rows()}
    assert desk.run(journal) == "finished"
    return [planned[number] for number in sorted(planned)], journal


def test_unchanged_rows_are_skipped_and_fixed_ones_sent(done, desk):
    head, ana, ben, cai = rows_of(done)
    cai[0] = "cai@new.example"
    ana[desk_column(head, "lwdesk message")] = "my own remark"
    save(done, [[*head, "Notes"], [*ana, "called"], ben, cai])
    found, journal = outcomes(desk, done)
    assert found == ["skipped", "skipped", None] and "cai@new.example" in desk.practice.school.by_email
    assert sum(desk.writes.values()) == 1
    again = results.write(journal, desk.folder / f"again{done.suffix}").paths[0]
    found, _journal = outcomes(desk, again)
    assert found == ["skipped"] * 3 and not desk.writes


def desk_column(head, title):
    return list(head).index(title)


def test_an_edited_row_is_planned_like_any_other(done, desk):
    head, ana, ben, cai = rows_of(done)
    ana[1] = "Anna"
    save(done, [head, ana, ben, cai])
    found, _journal = outcomes(desk, done)
    assert found == [None, "skipped", "failed"]
    assert desk.practice.school.by_email["ana@new.example"].username == "Anna"


def test_rows_sorted_added_and_copied_are_known(done, desk):
    head, ana, ben, cai = rows_of(done)
    new = ["dora@new.example", "Dora"]
    save(done, [head, cai, new, ben, ana])
    found, _journal = outcomes(desk, done)
    assert found == ["failed", None, "skipped", "skipped"]
    assert "dora@new.example" in desk.practice.school.by_email


def test_at_another_school_every_row_is_sent(done, tmp_path):
    (tmp_path / "there").mkdir()
    with Practice(users=10, limit=False) as other:
        there = Desk(tmp_path / "there", other)
        found, _journal = outcomes(there, done)
        assert found == [None, None, "failed"] and {"ana@new.example", "ben@new.example"} <= set(
            other.school.by_email
        )
        there.close()


def test_for_another_import_or_another_value_every_row_is_planned(done, desk):
    assert outcomes(desk, done, "suspend")[0][:2] == [None, None]
    assert outcomes(desk, done, fixed={"first_name": "Same"})[0][:2] == [None, None]


def test_a_status_that_somebody_typed_counts_for_nothing(desk):
    path = desk.workbook((*HEAD, "lwdesk status"), (*ROWS[0], "done"), (*ROWS[1], "skipped"))
    found, journal = outcomes(desk, path)
    assert found == [None, None] and {one.outcome for one in row_results(journal).values()} == {"done"}


def test_a_status_that_was_cleared_makes_the_row_be_planned(done, desk):
    head, ana, ben, cai = rows_of(done)
    ana[desk_column(head, "lwdesk status")] = None
    save(done, [head, ana, ben, cai])
    found, _journal = outcomes(desk, done)
    assert found == [None, "skipped", "failed"] and not desk.writes


def test_rows_that_were_fixed_before_they_were_sent_are_known_as_they_are_in_the_file(
    lwdesk, school, tmp_path
):
    path, target = tmp_path / "typo.csv", tmp_path / "out.xlsx"
    path.write_text("Email,Username\na na@new.example,Ana\n")
    what = ("import", path, "--operation", "create-user")
    found = lwdesk(*what, "--yes", "--fix", "all", "--results", target, "--json")
    assert found.json["done"] == 1 and "ana@new.example" in school.school.by_email
    again = lwdesk("import", target, *what[2:], "--dry-run", "--json")
    assert (again.json["skipped"], again.json["plan"]["calls"]) == (1, 0)
