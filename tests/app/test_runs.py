"""Jobs run one after the other at each school; they are paused, resumed, cancelled and put in another order."""

import time
from contextlib import closing

import openpyxl
import pytest

from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job.status import job_status
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from tests.app.desk import riverside


@pytest.fixture
def practice():
    """Slow enough that a job has a middle."""
    with Practice(users=5, limit=False, latency=0.1) as school:
        yield school


@pytest.fixture
def desk(home, practice):
    with riverside(home, practice) as found:
        yield found


@pytest.fixture
def planned(desk, tmp_path):
    """Plans a job that creates so many users. Returns its id."""

    def plan(name, count):
        book = openpyxl.Workbook()
        book.active.append(["Email", "Username"])
        for number in range(count):
            book.active.append([f"{name}{number}@x.example", f"{name} {number}"])
        path = tmp_path / f"{name}.xlsx"
        book.save(path)
        found = desk.drafts.check(DraftRequest(str(path), ("create-user",), "Riverside", Choices()))
        desk.drafts.plan(found.job)
        return found.job

    return plan


def state(home, job):
    return job_status(Home(home).jobs / f"{job}.lwjob")


def until(true):
    end = time.monotonic() + 15
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_paused_job_goes_on_and_nothing_is_sent_twice(desk, planned, home, practice):
    job = planned("ana", 30)
    desk.runs.start(job)
    until(lambda: state(home, job).calls.get("done", 0) > 2)
    desk.runs.pause(job)
    until(lambda: state(home, job).state == "interrupted")
    assert 2 < state(home, job).calls["done"] < 30
    desk.runs.start(job)
    until(lambda: state(home, job).state == "finished")
    emails = [user.email for user in practice.school.users if user.email.startswith("ana")]
    assert len(emails) == len(set(emails)) == 30


def test_a_cancelled_job_gives_up_the_rest(desk, planned, home):
    job = planned("ben", 30)
    desk.runs.start(job)
    until(lambda: state(home, job).calls.get("done", 0) > 2)
    desk.runs.cancel(job)
    until(lambda: state(home, job).state == "cancelled")
    found = state(home, job)
    assert found.calls["done"] + found.calls["skipped"] == 30


def test_the_queue_is_kept_in_the_order_that_was_asked_for(desk, planned, home):
    first, second, third = planned("cyd", 12), planned("dee", 1), planned("eva", 1)
    for job in (first, second, third):
        desk.runs.start(job)
    with pytest.raises(UserError, match="already running"):
        desk.runs.start(second)
    status = desk.runs.status()
    assert set(status.running) == {first} and status.waiting == [second, third]
    desk.runs.move(third, 0)
    assert desk.runs.status().waiting == [third, second]
    desk.runs.pause(second)
    assert desk.runs.status().waiting == [third]
    until(lambda: state(home, third).state == "finished")
    assert state(home, second).state == "planned"


def test_closing_stops_in_good_order(desk, planned, home):
    job = planned("fay", 30)
    desk.runs.start(job)
    until(lambda: state(home, job).calls.get("done", 0) > 2)
    desk.close()
    assert state(home, job).state == "interrupted"
    assert "closed" in state(home, job).reason
    assert "sending" not in state(home, job).calls


def test_an_error_of_the_program_ends_one_job_only(desk, planned, home, tmp_path, monkeypatch):
    def broken(_journal, _home):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("lwdesk.app.exporting.saved_runs.conclude", broken)
        first = desk.exports.start("Riverside", "courses", {}, str(tmp_path / "courses.xlsx"))
        second = planned("ana", 2)
        desk.runs.start(second)
        until(lambda: state(home, second).state == "finished")
    found = state(home, first)
    assert found.state == "interrupted" and "internal error" in found.reason
    desk.runs.start(first)
    until((tmp_path / "courses.xlsx").exists)
    assert state(home, first).state == "finished"


def test_a_job_that_waits_is_kept_from_other_programs(desk, planned, home):
    first, second = planned("ana", 10), planned("bo", 2)
    desk.runs.start(first)
    desk.runs.start(second)
    with closing(Journal(Home(home).jobs / f"{second}.lwjob")) as journal:
        assert journal.busy
        with pytest.raises(UserError, match="running"):
            desk.jobs.forget(second)
        desk.runs.pause(second)
        assert not journal.busy
    desk.runs.start(second)
    until(lambda: state(home, second).state == "finished")
    desk.jobs.forget(second)


def results_of(home, job):
    with closing(Journal(Home(home).jobs / f"{job}.lwjob")) as journal:
        return journal.get("results")


def test_results_are_written_when_a_job_is_cancelled(desk, planned, home):
    running, paused, unsent = planned("running", 60), planned("paused", 60), planned("unsent", 2)
    for job in (running, paused):
        desk.runs.start(job)
        until(lambda job=job: state(home, job).calls.get("done", 0) > 2)
        desk.runs.cancel(job) if job == running else desk.runs.pause(job)
        until(lambda: not desk.runs.status().running)
    for job in (paused, unsent):
        desk.runs.cancel(job)
    assert {state(home, job).state for job in (running, paused, unsent)} == {"cancelled"}
    for job in (running, paused):
        sheet = openpyxl.load_workbook(results_of(home, job)).active
        words = [row[2].value for row in sheet.iter_rows(min_row=2)]
        assert {"done", "skipped"} <= set(words)
    assert results_of(home, unsent) is None


def test_results_are_written_when_an_undo_has_ended(desk, practice, tmp_path, home):
    users = practice.school.users[:2]
    path = tmp_path / "tags.csv"
    path.write_text("User,Tags\n" + "\n".join(f"{user.email},new-tag" for user in users) + "\n")
    found = desk.drafts.check(DraftRequest(str(path), ("tag",), "Riverside", Choices()))
    desk.drafts.plan(found.job)
    desk.runs.start(found.job)
    until(lambda: not desk.runs.status().running)
    undo, _plan = desk.jobs.undo(found.job)
    desk.runs.start(undo)
    until(lambda: not desk.runs.status().running)
    assert state(home, undo).state == "finished"
    assert results_of(home, undo) not in (None, results_of(home, found.job))
