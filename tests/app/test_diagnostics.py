"""A diagnostics file tells how things went, and nothing about anyone."""

import logging

import pytest

from lwdesk.app import about
from lwdesk.app.diagnostics import Diagnostics
from lwdesk.app.school import network
from lwdesk.app.school.schools import School, add
from lwdesk.app.settings import Settings
from lwdesk.base import log
from lwdesk.base.errors import UserError

SECRETS = (
    "nia@example.org",
    "Okafor",
    "s3cr3t-of-riverside",
    "client-4711",
    "Riverside",
    "people.xlsx",
    "t0ken",
)


@pytest.fixture
def logged(desk):
    """A home whose log has seen it all."""
    handlers = list(logging.getLogger("lwdesk").handlers)
    log.start(desk.home.logs)
    yield desk
    for handler in set(logging.getLogger("lwdesk").handlers) - set(handlers):
        logging.getLogger("lwdesk").removeHandler(handler)
        handler.close()
    logging.getLogger("lwdesk").propagate = True


def test_no_secret_and_nobody_is_in_it(logged, tmp_path):
    address = "https://riverside.example.org"
    school = School("Riverside", address, "client-4711", "#7a4fb5")
    add(logged.settings, school, "s3cr3t-of-riverside", keep=False)
    logged.settings.change("window", "files", ["/home/okafor/people.xlsx"])
    logged.run_import(("Email", "First name", "Last name"), ("nia@example.org", "Nia", "Okafor"))
    voice = logging.getLogger("lwdesk.api")
    voice.warning("GET /v2/users/nia@example.org 404 12 ms")
    voice.warning("Okafor said: Bearer t0ken")
    try:
        raise ValueError("nia@example.org is no number\nOkafor is none either")
    except ValueError:
        voice.exception("drafts.check")
    target = tmp_path / "diagnostics.txt"
    Diagnostics(logged.home).write(str(target))
    text = target.read_text("utf-8")
    assert "@" not in text and "riverside" not in text.lower()
    for secret in SECRETS:
        assert secret.lower() not in text.lower(), secret
    assert str(tmp_path) not in text and logged.session.root not in text


def test_it_tells_what_helps(logged, tmp_path):
    logged.run_import(("Email",), ("nia@example.org",))
    logging.getLogger("lwdesk.api").info("GET /v2/users/nia@example.org?x=1 404 12 ms")
    try:
        raise KeyError("nia")
    except KeyError:
        logging.getLogger("lwdesk.helper").exception("drafts.check")
    target = tmp_path / "diagnostics.txt"
    Diagnostics(logged.home).write(str(target))
    text = target.read_text("utf-8")
    for words in ("lwdesk 0", "PySide6", "import roster finished: 1 rows", "schools: 0", "users/… 404 12 ms"):
        assert words in text, words
    assert "KeyError" in text and "ERROR lwdesk.helper: drafts.check" in text


def test_every_library_is_named_with_its_licence():
    found = {library.name.lower(): library for library in about.libraries()}
    assert {"requests", "urllib3", "openpyxl", "pyside6_essentials", "keyring"} <= set(found)
    assert not [library.name for library in found.values() if not library.licence]
    assert "pytest" not in found


def test_the_pace_can_only_be_slower(desk):
    network.choose_pace(desk.settings, 12)
    assert network.pace(Settings(desk.home)) == 12
    network.choose_pace(desk.settings, 500)
    assert network.pace(Settings(desk.home)) == 30


@pytest.mark.parametrize(
    "address", ["ftp://proxy", "http://", "http://me:secret@proxy:80", "http://proxy:port"]
)
def test_a_proxy_that_cannot_be_one_or_holds_a_password_is_refused(desk, address):
    with pytest.raises(UserError):
        network.choose_proxy(desk.settings, address)
    assert not network.proxy(Settings(desk.home))


def test_a_proxy_is_used_but_not_for_this_computer(desk, monkeypatch):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    network.choose_proxy(desk.settings, "127.0.0.1:9")
    network.use(Settings(desk.home))
    desk.again()
    desk.session.client.check()
    from lwdesk.api.wire import Wire

    assert Wire("https://riverside.example.org", (1, 1))._proxies["https"] == "http://127.0.0.1:9"
