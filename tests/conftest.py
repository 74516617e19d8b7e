"""Fixtures for all tests: nothing of the user's own machine is touched."""

import os

import pytest
from hypothesis import settings

from lwdesk import catalog
from lwdesk.jobs.file import JobFile
from tests import made_up as family

# No test opens a window on a screen; tests of the window and of the command line both may start one.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db=false;qt.qpa.*=false")
# Nor is the keychain of the machine touched: there is none, in the processes that tests start too.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
settings.register_profile("lwdesk", deadline=None)  # a busy machine is no failure
settings.load_profile("lwdesk")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of the test's own; no school, proxy or language of the machine leaks in."""
    for name in ("LWDESK_SCHOOL_URL", "LWDESK_CLIENT_ID", "LWDESK_CLIENT_SECRET", "LWDESK_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LWDESK_LANGUAGE", "en")
    monkeypatch.setenv("LWDESK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def close_journals(request, monkeypatch):
    """Close the jobs that a test looked into, as Python 3.13 and newer ask for. Tests of both faces are without it: the
    program itself closes what it opens."""
    opened, begin = [], JobFile.__init__
    if request.path.parent.name not in ("cli", "ui"):

        def noted(journal, *arguments, **options):
            begin(journal, *arguments, **options)
            opened.append(journal)

        monkeypatch.setattr(JobFile, "__init__", noted)
    yield
    for journal in opened:
        journal.close()


@pytest.fixture
def made_up():
    """A family of entries that was added to the catalog, and is gone after the test."""
    tables = (catalog.OPERATIONS, catalog.IMPORTS, catalog.EXPORTS)
    before = [dict(table) for table in tables]
    family.add()
    yield family
    family.forget_words()
    for table, kept in zip(tables, before, strict=True):
        table.clear()
        table.update(kept)
