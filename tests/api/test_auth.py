"""Addresses as people paste them, and credentials that keep their secrets."""

import pytest

from lwdesk.api.auth import Credentials, school_root
from lwdesk.base.errors import UserError

SECRETS = {
    "client_secret": "hush-1",
    "username": "ana@example.org",
    "password": "hush-2",
    "refresh_token": "hush-3",
}


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("myschool.learnworlds.com", "https://myschool.learnworlds.com"),
        ("  https://MySchool.LearnWorlds.com/ ", "https://myschool.learnworlds.com"),
        ("https://x.com/admin/api", "https://x.com"),
        ("https://x.com/admin/api/v2/users?page=2", "https://x.com"),
        ("x.com/course/algebra#top", "https://x.com"),
        ('"https://x.com."', "https://x.com"),
        ("https://x.com:443/", "https://x.com"),
        ("https://x.com:8443", "https://x.com:8443"),
        ("HTTPS://x.com", "https://x.com"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://localhost", "https://localhost"),
    ],
)
def test_what_a_person_pastes_becomes_the_root(typed, root):
    assert school_root(typed) == f"{root}/admin/api"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "my school",
        "myschool",
        "ana@school.com",
        "https://ana:pw@school.com",
        "ftp://x.com",
        "https://",
        "https://x..com",
        "https://-x.com",
        "x.com:port",
        "http:/x.com",
        "https://[::1",
        "https://a_b.com",
    ],
)
def test_what_is_no_address_is_said_so(typed):
    with pytest.raises(UserError, match="isn't the address of a school"):
        school_root(typed)


def test_plain_http_is_for_this_computer_only():
    with pytest.raises(UserError, match=r"start with https://.*Type https://myschool\.com") as caught:
        school_root("http://myschool.com/admin")
    assert "secret" in caught.value.message


def test_no_secret_is_shown():
    shown = repr(Credentials("x.com", "id-1", **SECRETS)) + repr(
        Credentials("x.com", "id-1", access_token="hush-4")
    )
    assert "id-1" in shown and "hush" not in shown and "ana" not in shown


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"client_id": ""}, "client ID is missing"),
        ({"client_secret": ""}, "client secret"),
        ({"client_id": "two words"}, "client ID contains"),
        ({"client_id": "id\nX-Header: 1"}, "client ID contains"),
        ({"access_token": "tök"}, "access token contains"),
        ({"username": "ana"}, "password together"),
        ({"password": "pw"}, "password together"),
    ],
)
def test_incomplete_credentials_are_said_so(given, missing):
    with pytest.raises(UserError, match=missing):
        Credentials(**{"url": "x.com", "client_id": "id", "client_secret": "s"} | given)


def test_blanks_from_the_clipboard_are_dropped():
    given = Credentials(" x.com ", " id\n", client_secret=" s ", password=" p ", username="u")
    assert (given.client_id, given.client_secret, given.password) == ("id", "s", " p ")
