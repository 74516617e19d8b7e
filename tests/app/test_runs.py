"""Jobs run one after the other at each school; they are paused, resumed, cancelled and put in another order."""

import threading
import time
from contextlib import closing

import openpyxl
import pytest

from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job.status import job_status
from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import Home
from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
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


@pytest.mark.parametrize("place", [0, 1])
def test_a_job_that_was_started_is_not_changed_planned_or_dropped(desk, planned, home, practice, place):
    """`place`: the job runs, or waits for its turn."""
    jobs = [planned("run", 5), planned("wait", 3)]
    practice.switches.faults = [Fault("429", "POST", retry_after=5)]
    for job in jobs:
        desk.runs.start(job)
    for change in (
        lambda: desk.drafts.edit(jobs[place], {1: {0: "other@x.example"}}),
        lambda: desk.drafts.undo(jobs[place]),
        lambda: desk.drafts.plan(jobs[place]),
        lambda: desk.drafts.drop(jobs[place]),
        lambda: desk.jobs.retry(jobs[place]),
    ):
        with pytest.raises(UserError, match="running"):
            change()
    practice.switches.faults = []
    until(lambda: state(home, jobs[1]).state == "finished")
    emails = sorted(user.email for user in practice.school.users if user.email.endswith("@x.example"))
    assert emails == [f"run{n}@x.example" for n in range(5)] + [f"wait{n}@x.example" for n in range(3)]


def test_a_change_that_was_not_reviewed_is_not_started(desk, planned, home, practice):
    job = planned("ana", 2)
    desk.drafts.edit(job, {1: {0: "other@x.example"}})
    with pytest.raises(UserError, match="was changed"):
        desk.runs.start(job)
    desk.drafts.plan(job)
    desk.runs.start(job)
    until(lambda: state(home, job).state == "finished")
    assert practice.school.find_user("other@x.example")


@pytest.fixture
def interrupted(desk, planned, home):
    """Makes a job with so many users, of whose rows one is to be planned at its start."""

    def interrupt(name, count):
        job = planned(name, count)
        with closing(Journal(Home(home).jobs / f"{job}.lwjob")) as journal:
            journal.ask("UPDATE step SET call = NULL, outcome = 'ready' WHERE row = 1")
            journal.ask("DELETE FROM call WHERE id NOT IN (SELECT call FROM step WHERE call NOT NULL)")
            journal.put(state="interrupted")
        return job

    return interrupt


@pytest.mark.parametrize(("stop", "end"), [("pause", "interrupted"), ("cancel", "cancelled")])
def test_a_job_stopped_while_it_is_planned_sends_nothing(desk, interrupted, home, practice, stop, end):
    job = interrupted("ana", 6)
    practice.switches.faults = [Fault("429", "GET", retry_after=5)]
    desk.runs.start(job)
    until(lambda: desk.schools.session("Riverside").client.refused)
    getattr(desk.runs, stop)(job)
    until(lambda: not desk.runs.status().running)
    assert state(home, job).state == end
    practice.switches.faults = []
    assert not any(user.email.startswith("ana") for user in practice.school.users)
    if stop == "cancel":
        assert dict(state(home, job).figures) == {"skipped": 6}
        return
    assert state(home, job).reason == "Stopped by you."
    desk.runs.start(job)
    until(lambda: state(home, job).state == "finished")
    assert sum(user.email.startswith("ana") for user in practice.school.users) == 6


def test_a_job_is_not_cancelled_while_what_was_on_its_way_can_not_be_looked_up(desk, planned, home, practice):
    job = planned("ana", 2)
    path = Home(home).jobs / f"{job}.lwjob"
    with closing(Journal(path)) as journal:  # the program ended here
        journal.put(state="running")
        journal.about_to_send(1, time.time())
    practice.switches.faults = [Fault("401", "GET")]
    with pytest.raises(AppError):
        desk.runs.cancel(job)
    assert state(home, job).state == "interrupted" and state(home, job).calls == {"sending": 1, "ready": 1}


def test_a_cancelled_job_looks_up_the_call_whose_answer_was_lost(desk, planned, home, practice):
    job = planned("ana", 3)
    with closing(Journal(Home(home).jobs / f"{job}.lwjob")) as journal:
        journal.put(state="running")
        journal.about_to_send(1, time.time())
    desk.runs.cancel(job)
    found = state(home, job)
    assert found.state == "cancelled" and found.figures == {"failed": 1, "skipped": 2}
    desk.jobs.retry(job)
    desk.runs.start(job)
    until(lambda: state(home, job).state == "finished")
    assert state(home, job).figures == {"created": 3}


def test_a_pause_leaves_the_plan_of_another_import_alone(desk, planned, home, practice):
    """The plan waits for the school while a job beside it is paused."""
    job = planned("ana", 40)
    other = planned("bob", 3)
    desk.runs.start(job)
    until(lambda: state(home, job).calls.get("done", 0) > 2)
    session = desk.schools.session("Riverside")
    answers = []
    with session.planning(lambda: False):
        plan = threading.Thread(target=lambda: answers.append(desk.drafts.plan(other, None, 1)))
        plan.start()
        desk.runs.pause(job)
        session.stopping.set()  # as the engine does for a while
    plan.join(20)
    assert answers[0].plan.create == 3
    desk.drafts.stop_planning(other, 2)
    assert desk.drafts.plan(other, None, 2) is None


def test_a_plan_is_given_up_while_it_waits_for_the_school(desk, planned, practice):
    job = planned("ana", 4)
    desk.drafts._open[job].memory.forget()
    desk.schools.rest("Riverside")  # as after a run: the school is asked again
    practice.switches.faults = [Fault("429", "GET", retry_after=20)]
    answers = []
    plan = threading.Thread(target=lambda: answers.append(desk.drafts.plan(job, None, 1)))
    plan.start()
    until(lambda: desk.schools.session("Riverside").client.refused)
    began = time.monotonic()
    with pytest.raises(UserError, match="running"):
        desk.drafts.edit(job, {1: {0: "other@x.example"}})
    desk.drafts.stop_planning(job, 1)
    plan.join(5)
    assert answers == [None] and time.monotonic() - began < 5
    practice.switches.faults = []
