"""Stopped and killed commands: status 3, nothing lost, nothing sent twice."""

import json
import os
import signal
import subprocess
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("signals between processes differ there", allow_module_level=True)

PEOPLE = [(f"new.{n}@intake.example", f"New {n}") for n in range(40)]


def _hear_signals():
    """A parent that ignores SIGINT, such as nohup or a background job, hands that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 3), (signal.SIGINT, 3), (signal.SIGKILL, -9)]
)
def test_a_job_that_was_stopped_goes_on_where_it_was(number, status, lwdesk, school, workbook, tmp_path):
    school.switches.latency = 0.02
    path = workbook(("Email", "Username"), *PEOPLE)
    command = [sys.executable, "-m", "lwdesk", "import", path, "--operation", "create-user", "--yes"]
    command += ["--results", tmp_path / "r.xlsx"]
    with subprocess.Popen(command, env=os.environ, text=True, preexec_fn=_hear_signals) as process:
        while school.api.counts["POST users"] < 5:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(number)
        assert process.wait(20) == status
    assert school.api.counts["POST users"] < len(PEOPLE)
    (job,) = lwdesk("jobs", "--json").json["jobs"]
    assert job["state"] == "interrupted"
    result = lwdesk("resume", job["job"], "--yes", "--json")
    assert (result.status, result.json["done"], result.json["results"]) == (0, 40, str(tmp_path / "r.xlsx"))
    emails = [user.email for user in school.school.users if user.email.startswith("new.")]
    assert sorted(emails) == sorted(email for email, _name in PEOPLE)
    assert json.loads(json.dumps(lwdesk("jobs", "--json").json))["jobs"][0]["state"] == "finished"
