"""Two programs that import one file into one school at the same time: the second does not start."""

import os
import subprocess
import sys

import pytest

from tests.cli.conftest import lwdesk, school, workbook

__all__ = ["lwdesk", "school", "workbook"]


@pytest.fixture
def first(school, workbook, tmp_path, monkeypatch):
    """A program that imports a file. Returns the file; it goes on until `latency` is 0."""
    monkeypatch.setenv("LWDESK_HOME", str(tmp_path / "home"))
    school.switches.latency = 0.5
    path = workbook(("Email", "Company"), *[(user.email, "Changed Ltd") for user in school.school.users[:50]])
    command = [sys.executable, "-m", "lwdesk", "import", path, "--operation", "update-user", "--yes"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=os.environ, stdout=quiet, stderr=quiet) as process:
        while school.api.counts["PUT users/{user}"] < 2:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
        yield path
        school.switches.latency = 0
        assert process.wait(30) == 0


def test_the_second_says_that_the_first_is_at_it_and_sends_nothing(first, lwdesk):
    told = lwdesk("import", first, "--operation", "update-user", "--yes", "--json")
    assert told.status == 1
    assert "is being imported into this school right now (job " in told.err
    assert "right now" in told.json["error"]["title"]
    assert len(lwdesk("jobs", "--json").json["jobs"]) == 1


def test_the_second_starts_with_again(first, lwdesk):
    told = lwdesk("import", first, "--operation", "update-user", "--yes", "--json", "--again")
    assert told.status == 0


def test_another_file_is_imported_meanwhile(first, school, lwdesk, workbook):
    other = workbook(("Email", "Company"), (school.school.users[55].email, "Other"), name="other.xlsx")
    assert lwdesk("import", other, "--operation", "update-user", "--yes", "--json").status == 0
