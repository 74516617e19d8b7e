"""An undo knows how its job stands: running, killed in the middle, or undone before."""

import os
import signal
import subprocess
import sys
import time

import pytest

from lwdesk.app.job import again, undo
from lwdesk.base.errors import UserError
from lwdesk.jobs.states import SENDING
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results

TAGGED = ("User", "Tags")


@pytest.fixture
def practice():
    with Practice(users=60, limit=False) as school:
        yield school


@pytest.fixture
def desk(tmp_path, practice):
    found = Desk(tmp_path, practice)
    yield found
    found.close()


def rows(practice, count=5):
    return [(user.email, "spring-2027") for user in practice.school.users if not user.suspended][:count]


def tagged(practice):
    return sum("spring-2027" in user.tags for user in practice.school.users)


def test_a_job_that_runs_elsewhere_is_not_undone(desk, practice):
    job = desk.run_import(TAGGED, *rows(practice), operation="tag")
    release = job.hold()
    with pytest.raises(UserError, match="running"):
        undo.create(desk.home, job, desk.session)
    release()
    assert tagged(practice) == 5 and len(list(desk.home.jobs.glob("undo-*"))) == 0


def test_what_was_carried_out_though_its_answer_was_lost_is_undone_too(desk, practice):
    job = desk.run_import(TAGGED, *rows(practice), operation="tag")
    job._do("UPDATE call SET state = ?, ended = NULL WHERE id IN (SELECT max(id) FROM call)", SENDING)
    undone = desk.undo(job)
    assert tagged(practice) == 0
    assert [row.outcome for row in row_results(undone).values()] == ["done"] * 5


def test_a_job_that_was_undone_is_not_resumed_retried_or_undone_again(desk, practice):
    job = desk.run_import(TAGGED, *rows(practice), operation="tag")
    desk.undo(job)
    for attempt in (again.resume, again.retry):
        with pytest.raises(UserError, match="was undone"):
            attempt(job, desk.session)
    with pytest.raises(UserError, match="was undone"):
        undo.create(desk.home, job, desk.session)
    assert tagged(practice) == 0


def test_what_the_job_did_after_its_undoing_was_planned_is_not_left_behind(desk, practice):
    job = desk.run_import(TAGGED, *rows(practice), operation="tag")
    last = job.ask("SELECT max(id) FROM call")[0][0]
    job._do("UPDATE call SET state = 'ready', ended = NULL WHERE id = ?", last)
    undoing, _plan = undo.create(desk.home, job, desk.session)
    job._do("UPDATE call SET state = 'done' WHERE id = ?", last)
    with pytest.raises(UserError, match="continued after"):
        again.engine(undoing, desk.session)
    assert not job.get("undone") and tagged(practice) == 5


def test_a_job_whose_undo_was_undone_counts_again(desk, practice):
    job = desk.run_import(TAGGED, *rows(practice), operation="tag")
    undone = desk.undo(job)
    desk.undo(undone)
    assert tagged(practice) == 5 and not job.get("undone")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_killed_job_is_undone_whole_by_the_command(desk, practice, tmp_path):
    practice.switches.latency = 0.05
    path = desk.workbook(TAGGED, *rows(practice, 40))
    credentials = practice.credentials()
    environment = os.environ | {
        "LWDESK_SCHOOL_URL": credentials["url"],
        "LWDESK_CLIENT_ID": credentials["client_id"],
        "LWDESK_CLIENT_SECRET": credentials["client_secret"],
        "LWDESK_HOME": str(tmp_path / "h"),
    }
    command = [sys.executable, "-m", "lwdesk"]
    started = [*command, "import", str(path), "--operation", "tag", "--yes"]
    with subprocess.Popen(started, env=environment, stdout=subprocess.DEVNULL) as process:
        while practice.api.counts["PUT users/{user}/tags"] < 8:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    practice.switches.latency = 0.0
    time.sleep(0.3)
    assert 0 < tagged(practice) < 40
    [job] = [one.stem for one in (tmp_path / "h" / "jobs").glob("*.lwjob")]
    done = subprocess.run(
        [*command, "undo", job, "--yes"], env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert tagged(practice) == 0
    resumed = subprocess.run(
        [*command, "resume", job, "--yes"], env=environment, capture_output=True, encoding="utf-8"
    )
    assert resumed.returncode == 1 and "was undone" in resumed.stderr and tagged(practice) == 0
