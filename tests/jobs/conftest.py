"""A journal per test, and an engine in fast time."""

import pytest

from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from tests import fast


@pytest.fixture
def journal(tmp_path):
    found = Journal(tmp_path / "job.lwjob", create=True)
    yield found
    found.close()


@pytest.fixture
def engine(journal):
    """Port -> an engine that runs the journal's calls through it, in fast time."""
    return lambda port, **options: Engine(journal, port, **{"clock": fast.CLOCK} | options)
