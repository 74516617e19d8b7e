"""Rows that failed are fixed in the window and sent again: those, nothing else, and nothing twice."""

import openpyxl
import pytest

from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job.rows import Filter
from lwdesk.app.job.sheet_rows import SKIP, SheetRows, figures
from lwdesk.app.job.status import job_status
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.jobs.journal import Journal
from tests.app.desk import riverside, row_results
from tests.app.desk import workbook as write_sheet
from tests.app.test_drafts import desk, practice, wait_for  # noqa: F401 - fixtures

HEADERS = ["Email", "Username", "Seat", "Password"]
WRITES = ("POST", "PUT", "DELETE")


@pytest.fixture
def full(practice):  # noqa: F811
    """A seat offering without a free seat."""
    offering = next(iter(practice.school.seats.values()))
    offering.seats -= offering.free_seats
    return offering


@pytest.fixture
def run(desk, tmp_path, home, practice):  # noqa: F811
    """Sends rows of people. Returns the job's id."""

    def send(*rows):
        book = openpyxl.Workbook()
        for row in (HEADERS, *rows):
            book.active.append(row)
        book.save(path := tmp_path / "people.xlsx")
        found = desk.drafts.check(DraftRequest(str(path), ("roster",), "Riverside", Choices()))
        desk.drafts.plan(found.job)
        desk.runs.start(found.job)
        wait_for(path_of(home, found.job))
        practice.api.counts.clear()
        return found.job

    return send


def path_of(home, job):
    return Home(home).jobs / f"{job}.lwjob"


def counts(home, job):
    return dict(job_status(path_of(home, job)).figures)


def sent(practice):  # noqa: F811
    return {op: n for op, n in practice.api.counts.items() if op.split()[0] in WRITES}


def send_fixed(desk, home, job):  # noqa: F811
    desk.jobs.send_fixed(job)
    wait_for(path_of(home, job))


def test_only_the_row_that_was_fixed_is_sent(desk, home, practice, run):  # noqa: F811
    job = run(
        ("fixed-a@x.example", "A", "", ""),
        ("fixed-b at x.example", "B", "", "secret"),
        ("fixed-c at x.example", "C", "", ""),
    )
    assert counts(home, job) == {"created": 1, "failed": 2}
    desk.drafts.edit(job, {2: {0: "fixed-b@x.example"}})
    assert counts(home, job) == {"created": 1, "fixed": 1, "failed": 1}
    rows = SheetRows(path_of(home, job))
    assert rows.fetch([2])[2][0].text == "Fixed, not sent yet"
    rows.close()
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 2, "failed": 1}
    assert sent(practice) == {"POST users": 1}
    user = next(user for user in practice.school.users if user.email == "fixed-b@x.example")
    assert user.username == "B" and user.password == "secret"


def test_a_fix_that_is_still_wrong_waits_for_nothing(desk, home, run):  # noqa: F811
    job = run(("still-a@x.example", "A", "", ""), ("still-b at x.example", "B", "", ""))
    desk.drafts.edit(job, {2: {0: "still b@x"}})
    assert counts(home, job) == {"created": 1, "failed": 1}
    desk.drafts.edit(job, {2: {0: "still-b@x.example"}})
    desk.drafts.edit(job, {2: {0: "wrong again"}})
    assert counts(home, job) == {"created": 1, "failed": 1}


def test_of_a_row_that_was_sent_in_part_only_the_rest_can_be_changed(desk, home, practice, full, run):  # noqa: F811
    job = run(("part@x.example", "Part", full.title, ""))
    assert counts(home, job) == {"failed": 1}
    with pytest.raises(UserError, match="already sent"):
        desk.drafts.edit(job, {1: {0: "other@x.example"}})
    desk.drafts.edit(job, {1: {2: ""}})
    assert counts(home, job) == {"fixed": 1}
    send_fixed(desk, home, job)
    assert sent(practice) == {} and counts(home, job) == {"created": 1}


def test_of_a_list_that_was_sent_in_part_the_other_items_can_be_replaced(desk, home, practice, full, run):  # noqa: F811
    free, third = [one for one in practice.school.seats.values() if one.free_seats > 2 and one is not full][
        :2
    ]
    job = run(("list@x.example", "List", f"{free.title}; {full.title}", ""))
    assert counts(home, job) == {"failed": 1}
    desk.drafts.edit(job, {1: {2: f"{free.title}; {third.title}"}})
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 1}
    assert sent(practice) == {"POST seats/{seat}/users/{user}": 1}
    user = next(user for user in practice.school.users if user.email == "list@x.example")
    assert user.id in free.members and user.id in third.members


def test_a_fix_during_a_planned_retry_waits_for_its_turn(desk, home, full, run):  # noqa: F811
    job = run(("retry-a@x.example", "A", full.title, ""), ("retry-b at x.example", "B", "", ""))
    full.seats += 1
    desk.jobs.retry(job)
    assert counts(home, job) == {"update": 1, "failed": 1}
    desk.drafts.edit(job, {2: {0: "retry-b@x.example"}})
    assert counts(home, job) == {"update": 1, "fixed": 1}
    assert job in {facts["job"] for facts in desk.jobs.all()}
    with pytest.raises(UserError, match="Only rows that failed"):
        desk.drafts.edit(job, {1: {2: ""}})
    desk.runs.start(job)
    wait_for(path_of(home, job))
    assert counts(home, job) == {"created": 1, "fixed": 1}
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 2}


def test_rows_that_did_not_fail_are_not_changed(desk, home, run):  # noqa: F811
    job = run(("good@x.example", "Good", "", ""), ("bad at x.example", "Bad", "", ""))
    with pytest.raises(UserError, match="Only rows that failed"):
        desk.drafts.edit(job, {1: {1: "Better"}})
    assert counts(home, job) == {"created": 1, "failed": 1}


def test_a_plug_pulled_before_sending_leaves_the_row_waiting(desk, home, run, monkeypatch):  # noqa: F811
    job = run(("plug-a@x.example", "A", "", ""), ("plug-b at x.example", "B", "", ""))
    desk.drafts.edit(job, {2: {0: "plug-b@x.example"}})
    monkeypatch.setattr("lwdesk.app.importing.imports.summary", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        desk.jobs.send_fixed(job)
    monkeypatch.undo()
    journal = Journal(path_of(home, job))
    assert figures(journal) == {"created": 1, "fixed": 1} and journal.state == "finished"
    journal.close()
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 2}


def statuses_in(path):
    """The column of the results with the status of each row."""
    sheet = openpyxl.load_workbook(path).active
    [place] = [cell.column for cell in sheet[1] if cell.value == "lwdesk status"]
    return [sheet.cell(line, place).value for line in range(2, sheet.max_row + 1)]


def test_the_results_are_written_when_the_job_ends_and_again_after_a_fix(desk, home, run):  # noqa: F811
    job = run(("res-a@x.example", "A", "", ""), ("res-b at x.example", "B", "", ""))
    path = desk.jobs.results(job)
    assert job_status(path_of(home, job)).written == path
    assert statuses_in(path) == ["done", "failed"]
    desk.drafts.edit(job, {2: {0: "res-b@x.example"}})
    send_fixed(desk, home, job)
    assert desk.jobs.results(job) == path and statuses_in(path) == ["done", "done"]


def test_results_that_the_user_changed_are_not_written_over(desk, home, run):  # noqa: F811
    job = run(("own-a@x.example", "A", "", ""), ("own-b at x.example", "B", "", ""))
    path = desk.jobs.results(job)
    book = openpyxl.load_workbook(path)
    book.active["Z1"] = "my note"
    book.save(path)
    desk.drafts.edit(job, {2: {0: "own-b@x.example"}})
    send_fixed(desk, home, job)
    other = desk.jobs.results(job)
    assert other != path and openpyxl.load_workbook(path).active["Z1"].value == "my note"


def test_a_fix_that_contradicts_a_row_that_was_sent_is_refused_and_changes_nothing(desk, home, practice, run):  # noqa: F811
    job = run(("twin-a@x.example", "A", "", ""), ("twin b at x.example", "B", "", ""))
    desk.drafts.edit(job, {2: {0: "twin-a@x.example"}})
    send_fixed(desk, home, job)
    assert sent(practice) == {} and counts(home, job) == {"created": 1, "failed": 1}
    rows = SheetRows(path_of(home, job))
    assert any("row 2 (“A”)" in message for _cell, _level, message in rows.detail(2).problems)
    rows.close()
    user = next(user for user in practice.school.users if user.email == "twin-a@x.example")
    assert user.username == "A"


def test_a_search_finds_rows_and_does_not_change_their_status(desk, home, full, run):  # noqa: F811
    job = run(("seek@x.example", "Seek", full.title, ""))
    rows = SheetRows(path_of(home, job))
    assert list(rows.ids(Filter("failed", search="created"))) == [1], (
        "one of its steps was created, the row failed"
    )
    assert list(rows.ids(Filter("created", search="created"))) == []
    rows.close()


def test_what_was_sent_of_a_row_stays_in_sight_when_its_fix_is_wrong(desk, home, full, run):  # noqa: F811
    job = run(("sight@x.example", "Sight", full.title, ""))
    desk.drafts.edit(job, {1: {2: "No such offering"}})
    rows = SheetRows(path_of(home, job))
    found = rows.detail(1)
    rows.close()
    assert found.problems and ("created", "done") in [(message, tone) for message, tone, _time in found.steps]


def test_a_row_skipped_after_it_failed_is_taken_back_as_it_was(desk, home, practice, full, run):  # noqa: F811
    job = run(
        ("back-a@x.example", "A", full.title, ""),
        ("back-b at x.example", "B", "", "secret"),
        ("back-c@x.example", "C", "", ""),
    )
    before = job_status(path_of(home, job)).rows, row_results(opened(home, job))
    skip = {1: {SKIP: "skip"}, 2: {SKIP: "skip"}}
    desk.drafts.edit(job, skip)
    assert counts(home, job) == {"skipped": 2, "created": 1}
    desk.jobs.retry(job)
    assert counts(home, job) == {"skipped": 2, "created": 1}, "what is skipped is not sent"
    for back in (
        lambda: desk.drafts.undo(job),
        lambda: desk.drafts.edit(job, {1: {SKIP: ""}, 2: {SKIP: ""}}),
    ):
        back()
        assert (job_status(path_of(home, job)).rows, row_results(opened(home, job))) == before
        desk.drafts.edit(job, skip)
    desk.drafts.undo(job)
    desk.drafts.edit(job, {2: {0: "back-b@x.example"}})
    send_fixed(desk, home, job)
    user = next(user for user in practice.school.users if user.email == "back-b@x.example")
    assert user.password == "secret", "it was kept while the row was skipped"


def opened(home, job):
    return Journal(path_of(home, job))


def test_a_fixed_row_that_is_skipped_waits_until_it_is_taken_back(desk, home, practice, run):  # noqa: F811
    job = run(("wait-a at x.example", "A", "", ""), ("wait-b at x.example", "B", "", ""))
    desk.drafts.edit(job, {1: {0: "wait-a@x.example"}, 2: {0: "wait-b@x.example"}})
    desk.drafts.edit(job, {1: {SKIP: "skip"}})
    assert counts(home, job) == {"fixed": 1, "skipped": 1}
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 1, "skipped": 1} and sent(practice) == {"POST users": 1}
    desk.drafts.edit(job, {1: {SKIP: ""}})
    assert counts(home, job) == {"created": 1, "fixed": 1}
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 2}


def test_a_skipped_row_still_says_what_was_sent_of_it_and_so_do_the_results(desk, home, full, run):  # noqa: F811
    job = run(("half@x.example", "Half", full.title, ""))
    made = row_results(opened(home, job))[2].made
    path = desk.jobs.results(job)
    assert made and statuses_in(path) == ["failed"]
    desk.drafts.edit(job, {1: {SKIP: "skip"}})
    found = row_results(opened(home, job))[2]
    assert (found.outcome, found.made) == ("skipped", made)
    assert found.message == "You skipped this row. · created"
    assert desk.jobs.results(job) == path and statuses_in(path) == ["skipped"]


def test_a_row_that_was_not_edited_stays_as_it_is(desk, home, practice, run):  # noqa: F811
    """Rows with one email contradict each other; a fix of one of them is no fix of the other."""
    job = run(
        ("twins@x.example", "Tom", "", ""), ("twins@x.example", "Eva", "", ""), ("ok@x.example", "Ok", "", "")
    )
    assert counts(home, job) == {"failed": 2, "created": 1}
    desk.drafts.edit(job, {2: {0: "eva@x.example"}})
    assert counts(home, job) == {"failed": 1, "fixed": 1, "created": 1}
    send_fixed(desk, home, job)
    assert sent(practice) == {"POST users": 1} and counts(home, job) == {"failed": 1, "created": 2}
    assert job_status(path_of(home, job)).retryable == 1
    assert desk.jobs.retry(job).calls == 1, "nothing contradicts it any more"
    desk.runs.start(job)
    wait_for(path_of(home, job))
    assert counts(home, job) == {"created": 3}


def test_a_retry_that_can_send_nothing_leaves_the_job_as_it_is(desk, home, practice, run):  # noqa: F811
    job = run(("keep-a@x.example", "A", "", ""), ("keep-b at x.example", "B", "", ""))
    assert job_status(path_of(home, job)).retryable == 0
    assert desk.jobs.retry(job).calls == 0
    found = job_status(path_of(home, job))
    assert (found.state, dict(found.figures)) == ("finished", {"created": 1, "failed": 1})
    desk.drafts.edit(job, {2: {0: "keep-b@x.example"}})
    send_fixed(desk, home, job)
    assert counts(home, job) == {"created": 2}


def test_what_the_school_refused_can_be_retried(desk, home, full, run):  # noqa: F811
    job = run(("full@x.example", "Full", full.title, ""), ("bad at x.example", "Bad", "", ""))
    found = job_status(path_of(home, job))
    assert found.figures == {"failed": 2} and found.retryable == 1


@pytest.mark.parametrize("gone", [True, False])
def test_a_failed_row_is_fixed_later_though_the_file_is_gone_or_changed(home, practice, tmp_path, gone):  # noqa: F811
    name = f"later-{gone}".lower()
    path = tmp_path / "people.xlsx"
    write_sheet(path, HEADERS[:2], (f"{name}-a@x.example", "A"), (f"{name}-b at x.example", "B"))
    with riverside(home, practice) as first:
        job = first.drafts.check(DraftRequest(str(path), ("roster",), "Riverside", Choices())).job
        first.drafts.plan(job)
        first.runs.start(job)
        wait_for(path_of(home, job))
    if gone:
        path.unlink()
    else:
        write_sheet(path, HEADERS[:2], ("other@x.example", "Other"))
    with riverside(home, practice) as second:
        second.drafts.edit(job, {2: {0: f"{name}-b@x.example"}})
        send_fixed(second, home, job)
    assert counts(home, job) == {"created": 2}
