"""Requests are data, and what is on the wire is exactly that data."""

from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lwdesk.api.build import Request, request
from lwdesk.base.errors import Bug, UserError

ANY = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: text.strip() and text not in (".", "..")
)


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("ana@example.org", "ana%40example.org"),
        ("a+b@example.org", "a%2Bb%40example.org"),
        ("a%2Bb", "a%252Bb"),
        ("~a-b_c.d", "~a-b_c.d"),
        ("a/b", "a%2Fb"),
        ("a?b#c;d", "a%3Fb%23c%3Bd"),
        ("Zoë", "Zo%C3%AB"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        (" a ", "%20a%20"),
        ("...", "..."),
        ("%", "%25"),
    ],
)
def test_the_wire_carries_what_was_built(school, connect, value, encoded):
    asked = request("GET users/{user}/courses", {"user": value}, {"q": value})
    assert asked.path == f"users/{encoded}/courses"
    connect().send(asked)
    assert school.calls[0].target == f"/admin/api/v2/users/{encoded}/courses?q={encoded}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=ANY)
def test_any_text_survives_the_wire(school, connect, value):
    if not hasattr(school, "client"):
        school.client = connect()
    asked = request("PUT users/{user}/tags", {"user": value}, [("tags", value)], {"tags": [value]})
    school.client.send(asked)
    sent = school.calls[-1]
    path, _, query = sent.target.partition("?")
    assert sent.target == f"/admin/api/v2/{asked.target}"
    assert unquote(path.split("/")[5]) == value and unquote(query.removeprefix("tags=")) == value
    assert sent.json == {"tags": [value]}


@pytest.mark.parametrize("value", ["", "  ", ".", "..", "\ud800"])
def test_a_value_that_cannot_stand_in_a_path_is_the_users_to_correct(value):
    with pytest.raises(UserError) as caught:
        request("GET users/{user}", {"user": value})
    assert caught.value.hint


@pytest.mark.parametrize("slots", [{}, {"user": "a", "course": "b"}, {"course": "b"}])
def test_slots_that_do_not_fit_are_a_bug(slots):
    with pytest.raises(Bug):
        request("GET users/{user}", slots)


def test_a_slot_that_is_no_text_is_a_bug():
    with pytest.raises(Bug):
        request("GET users/{user}", {"user": 7})


@pytest.mark.parametrize(
    "path", ["/users", "users/", "a//b", "users/..", "./users", "a b", "a?b", "a%2", "a%2b", ""]
)
def test_a_path_that_the_wire_would_change_is_a_bug(path):
    with pytest.raises(Bug):
        Request("GET", path)


def test_a_query_is_kept_as_pairs_of_text():
    query = {"page": 2, "include_suspended": True, "access": ["free", "paid"], "role": None}
    pairs = (("page", "2"), ("include_suspended", "true"), ("access", "free"), ("access", "paid"))
    assert Request("GET", "courses", query).query == pairs
    assert request("GET courses", {}, query.items()).query == pairs
    assert (
        Request("GET", "courses", query).target
        == "courses?page=2&include_suspended=true&access=free&access=paid"
    )


def test_asking_more_replaces_what_was_asked():
    asked = Request("GET", "users", {"page": 1, "role": "user"}).asking(page=2, items_per_page=None)
    assert asked.query == (("role", "user"), ("page", "2"))


def test_the_log_shows_no_persons_address():
    asked = request("DELETE seats/{seat}/users/{user}", {"seat": "s1", "user": "ana.lopez@example.org"})
    assert asked.shown == "seats/s1/users/***%40example.org"


@pytest.mark.parametrize("value", [object(), "\ud800", 2**80])
def test_a_body_that_json_cannot_say_is_a_bug(value):
    with pytest.raises(Bug, match="cannot be written as JSON"):
        _ = Request("POST", "users", (), {"x": value}).content
