"""Rows that the user skips: they are not sent, say so, and can be included again; rows of totals are offered."""

from contextlib import closing

import openpyxl
import pytest

from lwdesk.app.importing.drafts import DraftRequest
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job.sheet_rows import SKIP, SheetRows
from lwdesk.catalog.words import tables
from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from tests.app.desk import riverside


@pytest.fixture(scope="module")
def practice():
    with Practice(users=30, limit=False) as school:
        yield school


@pytest.fixture
def desk(home, practice):
    with riverside(home, practice) as found:
        yield found


def check(desk, tmp_path, headers, *rows, operation="save-user", before=""):
    book = openpyxl.Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    book.save(path := tmp_path / "people.xlsx")
    return desk.drafts.check(DraftRequest(str(path), (operation,), "Riverside", Choices()), before)


USERS = (["ana@x.example", "Ana"], ["ben at x", "Ben"], ["cyd@x.example", "Cyd"])
HEADERS = ["Email", "Username"]


def skip(desk, job, *rows, on=True):
    return desk.drafts.edit(job, {row: {SKIP: "skip" if on else ""} for row in rows})


def test_a_skipped_row_is_not_planned_and_comes_back_with_its_problems(desk, tmp_path, home):
    found = check(desk, tmp_path, HEADERS, *USERS)
    assert found.figures == {"ready": 2, "failed": 1}
    found = skip(desk, found.job, 1, 2)
    assert found.figures == {"ready": 1, "skipped": 2} and not found.groups
    assert desk.drafts.plan(found.job).plan.create == 1
    with closing(SheetRows(home / "jobs" / f"{found.job}.lwjob")) as rows:
        detail = rows.detail(2)
        assert detail.skipped and detail.status.text == "Skipped"
        assert ("You skipped this row.", "", "") in detail.steps
    found = skip(desk, found.job, 2, on=False)
    assert found.figures == {"create": 1, "skipped": 1, "failed": 1}
    found = desk.drafts.undo(found.job)
    assert found.figures == {"create": 1, "skipped": 2}
    found = desk.drafts.undo(found.job)
    assert found.figures == {"create": 1, "ready": 1, "failed": 1} and not found.undo


def test_a_skipped_row_stays_skipped_while_others_are_fixed_and_in_a_new_check(desk, tmp_path):
    found = check(desk, tmp_path, HEADERS, *USERS)
    found = skip(desk, found.job, 1)
    found = desk.drafts.edit(found.job, {1: {1: "Anna"}, 2: {0: "ben@x.example"}})
    assert found.figures == {"ready": 2, "skipped": 1}
    found = check(desk, tmp_path, HEADERS, *USERS, before=found.job)
    assert found.figures == {"ready": 2, "skipped": 1}


def test_a_skipped_row_is_no_evidence_against_its_twin(desk, tmp_path):
    rows = (["ana@x.example", "Ana Berger"], ["ana@x.example", "Tom Quick"], ["cyd@x.example", "Cyd"])
    found = check(desk, tmp_path, HEADERS, *rows)
    assert found.figures["check"] == 2
    found = skip(desk, found.job, 2)
    assert found.figures == {"ready": 2, "skipped": 1}
    found = skip(desk, found.job, 2, on=False)
    assert found.figures["check"] == 2


@pytest.mark.parametrize("language", tables())
def test_a_row_of_totals_at_the_foot_is_offered_to_be_skipped(desk, tmp_path, language):
    word = tables()[language]["totals"]["words"][0]
    rows = (["ana@x.example", "Ana"], ["ben@x.example", "Ben"], [f"{word.capitalize()}:", 2])
    found = check(desk, tmp_path, HEADERS, *rows)
    [group] = found.groups
    assert (group.code, group.level, group.count) == ("total-row", "error", 1)
    found = desk.drafts.fix(found.job, group.key)
    assert found.figures == {"ready": 2, "skipped": 1} and not found.groups


@pytest.mark.parametrize(
    "last",
    [
        ["total@x.example", "Total"],  # a user of that name
        ["Total nonsense at x", "Ben"],
        ["Total", "Ben"],  # words beside it
    ],
)
def test_other_rows_are_no_totals(desk, tmp_path, last):
    found = check(desk, tmp_path, HEADERS, ["ana@x.example", "Ana"], ["ben@x.example", "Ben"], last)
    assert all(group.code != "total-row" for group in found.groups)


def test_a_total_above_the_foot_is_an_ordinary_error(desk, tmp_path):
    rows = (["ana@x.example", "Ana"], ["Total", 1], ["ben@x.example", "Ben"])
    found = check(desk, tmp_path, HEADERS, *rows)
    assert [group.code for group in found.groups] == ["email"]


def test_a_failed_row_that_is_skipped_needs_no_attention_and_is_not_sent_by_retry(
    desk, tmp_path, home, practice
):
    found = check(desk, tmp_path, HEADERS, *USERS)
    desk.drafts.plan(found.job)
    desk.runs.start(found.job)
    wait(desk, found.job)
    practice.api.counts.clear()
    skip(desk, found.job, 2)
    with closing(Journal(home / "jobs" / f"{found.job}.lwjob")) as journal:
        assert journal.get("fixed") == []
    desk.jobs.retry(found.job)
    wait(desk, found.job)
    with closing(SheetRows(home / "jobs" / f"{found.job}.lwjob")) as rows:
        assert rows.detail(2).status.text == "Skipped"
    assert practice.api.counts["POST users"] == 0


def wait(desk, job):
    """Wait until a job has ended."""
    with desk.runs._change:
        desk.runs._change.wait_for(lambda: not any(q.running for q in desk.runs._queues.values()), 60)


def sent_to(practice):
    return sorted(user.email for user in practice.school.users if user.email.endswith("@trial.example"))


def trial(desk, tmp_path, most=2):
    """A draft of five rows, of which a trial sends the first ones."""
    rows = [[f"t{n}@trial.example", f"Trial {n}"] for n in range(1, 6)]
    found = check(desk, tmp_path, HEADERS, *rows)
    assert desk.drafts.plan(found.job, most).held == 5 - most
    return found.job


def test_the_end_of_a_trial_opens_no_row_that_was_skipped_or_broken_meanwhile(desk, tmp_path, practice):
    job = trial(desk, tmp_path)
    skip(desk, job, 4)
    desk.drafts.edit(job, {5: {0: "no email"}})
    review = desk.drafts.plan(job, 2)
    assert review.figures == {"create": 2, "skipped": 2, "failed": 1} and review.held == 1
    review = desk.drafts.plan(job)
    assert review.figures == {"create": 3, "skipped": 1, "failed": 1} and review.held == 0
    desk.runs.start(job)
    wait(desk, job)
    assert sent_to(practice) == [f"t{n}@trial.example" for n in (1, 2, 3)]


def test_a_held_row_that_was_fixed_twice_is_part_of_all_rows_again(desk, tmp_path):
    job = trial(desk, tmp_path)
    desk.drafts.edit(job, {5: {0: "no email"}})
    desk.drafts.edit(job, {5: {0: "t5@trial.example"}})
    figures = desk.drafts.plan(job, 2).figures
    assert figures["skipped"] == 3
    assert "skipped" not in desk.drafts.plan(job).figures


def test_a_trial_whose_plan_is_given_up_holds_back_what_it_did_before(desk, tmp_path, home):
    job = trial(desk, tmp_path)
    desk.drafts.stop_planning(job, 1)
    assert desk.drafts.plan(job, 4, 1) is None
    with closing(Journal(home / "jobs" / f"{job}.lwjob")) as journal:
        assert journal.get("held") == [3, 4, 5] and journal.get("state") == "planned"
