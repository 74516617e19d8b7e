"""Two programs that import one file into one school at the same time: the second does not start."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lwdesk.app.importing import imports
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job.runs import Runs
from lwdesk.app.school.connections import Connections
from lwdesk.app.school.schools import School
from lwdesk.app.settings import Settings
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
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
    result = lwdesk("import", first, "--operation", "update-user", "--yes", "--json")
    assert result.status == 1
    assert "is being imported into this school right now (job " in result.err
    assert "right now" in result.json["error"]["title"]
    assert len(lwdesk("jobs", "--json").json["jobs"]) == 1


def test_the_second_starts_with_again(first, lwdesk):
    result = lwdesk("import", first, "--operation", "update-user", "--yes", "--json", "--again")
    assert result.status == 0


def test_another_file_is_imported_meanwhile(first, school, lwdesk, workbook):
    other = workbook(("Email", "Company"), (school.school.users[55].email, "Other"), name="other.xlsx")
    assert lwdesk("import", other, "--operation", "update-user", "--yes", "--json").status == 0


def test_a_window_refuses_it_too(first, lwdesk, school, tmp_path):
    home = Home(tmp_path / "home")
    connections = Connections(home)
    made = school.credentials()
    connections.connect(School("S", made["url"], made["client_id"]), made["client_secret"], keep=False)
    session = connections.session("S")
    opened = imports.open_for(session, Path(first), ["update-user"], Choices(), Settings(home))
    with closing(imports.create(home, opened, session)) as job:
        imports.plan(job, session)
        runs = Runs(home, connections)
        with pytest.raises(UserError, match="is being imported into this school right now"):
            runs.start(job.id)
    runs.close()
    connections.close()
