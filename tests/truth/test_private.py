"""Nobody but the user reads what lwdesk keeps: job files hold whole rosters."""

import sys

import pytest

from lwdesk.app.job import results
from lwdesk.base import log
from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from tests.app.desk import Desk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def desk(tmp_path):
    with Practice(users=30, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


def modes(folder):
    return {str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777) for path in folder.rglob("*")}


def test_every_file_and_folder_of_the_home_is_the_users_own(desk):
    import logging

    log.start(desk.home.logs)
    desk.settings.change("window", "theme", "dark")
    desk.run_import(("Email", "Username"), ("new@example.org", "New"), operation="create-user")
    logging.getLogger("lwdesk").warning("a line")
    logging.getLogger("lwdesk").handlers.clear()
    found = modes(desk.home.root)
    assert oct(desk.home.root.stat().st_mode & 0o777) == "0o700" and len(found) > 4
    wide = {name: mode for name, mode in found.items() if mode not in ("0o600", "0o700")}
    assert not {name for name in wide if not name.endswith((".json.lock", ".log.lock"))}, wide


def test_a_job_file_that_others_could_read_is_closed_to_them_when_it_is_opened(desk):
    job = desk.run_import(("Email", "Username"), ("new@example.org", "New"), operation="create-user")
    job.close()
    job.path.chmod(0o644)
    Journal(job.path).close()
    assert oct(job.path.stat().st_mode & 0o777) == "0o600"


def test_results_beside_the_users_file_are_as_open_as_their_other_files(desk, tmp_path):
    job = desk.run_import(("Email", "Username"), ("new@example.org", "New"), operation="create-user")
    [path] = results.write(job, tmp_path / "results.xlsx").paths
    assert path.stat().st_mode & 0o777 == (tmp_path / "people.xlsx").stat().st_mode & 0o777
