"""Exports at a school that fails: what is missing is said, what is out is waited for, nothing is read twice."""

import openpyxl
import pytest

from lwdesk.app.exporting import exports, workbook
from lwdesk.app.job import again
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault


@pytest.fixture
def practice():
    with Practice(users=650, limit=False) as school:
        yield school


@pytest.fixture
def target(tmp_path):
    return tmp_path / "users.xlsx"


def rows(target):
    book = openpyxl.load_workbook(target, read_only=True)
    head, *table = book.worksheets[0].iter_rows(values_only=True)
    column = 0 if "Course" in head else head.index("ID")
    found = [row[column] for row in table]
    about = [row for sheet in book.worksheets[1:] for row in sheet.iter_rows(values_only=True)]
    book.close()
    return found, about


def ids(practice):
    return [user.id for user in reversed(practice.school.users)]


def test_a_page_that_never_comes_is_named_and_fetched_by_a_retry(desk, practice, target):
    practice.switches.faults = [Fault("500", "GET", "courses/gdpr/users$")]
    journal = exports.create(desk.home, "course-users", {}, desk.session, target)
    assert desk.run(journal) == "finished"
    workbook.write(journal, target)
    found, about = rows(target)
    assert "Workplace Safety" in found
    assert "Data Protection (GDPR)" not in found
    [missing] = [row[1] for row in about if row[0] == "Missing"]
    assert missing.startswith(
        "“Course users”, “Data Protection (GDPR)”: LearnWorlds is having trouble right now (error 500)"
    )
    practice.switches.faults = []
    desk.again()
    desk.forget()
    again.retry(journal, desk.session)
    assert desk.run(journal) == "finished"
    workbook.write(journal, target)
    found, about = rows(target)
    learners = [
        user for user in practice.school.learners("gdpr") if not practice.school.by_id[user].suspended
    ]
    assert found.count("Data Protection (GDPR)") == len(learners)
    assert desk.reads == -(-len(learners) // 200)
    assert not any(row[0] == "Missing" for row in about)


@pytest.mark.parametrize("effect", ["503", "cut", "html", "empty", "bad json"])
def test_a_school_that_goes_out_interrupts_the_export_which_goes_on_where_it_was(
    desk, practice, target, effect
):
    practice.switches.faults = [Fault(effect, "GET", skip=2)]
    journal = exports.create(desk.home, "users", {}, desk.session, target)
    assert desk.run(journal, workers=1) == "interrupted"
    assert journal.get("reason")
    assert exports.missing(journal) == []
    practice.switches.faults = []
    desk.forget()
    job = journal.id
    journal.close()
    journal = desk.resume(job)
    assert desk.reads <= 3  # two pages, and whether the school is back
    workbook.write(journal, target)
    assert rows(target)[0] == ids(practice)
    journal.close()


@pytest.mark.parametrize("effect", ["503", "cut", "html", "empty", "bad json", "429", "401"])
def test_a_fault_now_and_then_costs_a_second_try(desk, practice, target, effect):
    practice.switches.faults = [Fault(effect, "GET", every=3)]
    journal = exports.create(desk.home, "users", {}, desk.session, target)
    assert desk.run(journal) == "finished"
    workbook.write(journal, target)
    found, about = rows(target)
    assert found == ids(practice)
    assert not any(row[0] == "Missing" for row in about)
