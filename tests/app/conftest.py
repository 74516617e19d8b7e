"""A practice school per test, and a desk to work with it from."""

import pytest

from lwdesk.practice.server import Practice
from tests.app.desk import Desk


@pytest.fixture
def practice():
    with Practice(users=200, limit=False) as school:
        yield school


@pytest.fixture
def desk(tmp_path, practice):
    found = Desk(tmp_path, practice)
    yield found
    found.close()
