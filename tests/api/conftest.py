"""A scripted school, and clients to it that wait for nothing."""

import pytest

from lwdesk.api.auth import Credentials
from lwdesk.api.client import Client
from lwdesk.api.limiter import Limiter
from tests.api.school import School


@pytest.fixture
def school():
    school = School()
    yield school
    school.close()


@pytest.fixture
def connect(school):
    """Makes clients of the scripted school; `connect.slept` is what they would have slept."""
    clients, slept = [], []

    def make(limiter=None, credentials=None, **options):
        given = credentials or {"client_secret": "s3cret-value"}
        options = {"sleep": slept.append} | options
        credentials = Credentials(school.url, "client-1", **given)
        clients.append(Client(credentials, limiter=limiter or Limiter(None), **options))
        return clients[-1]

    make.slept = slept
    yield make
    for client in clients:
        client.close()
