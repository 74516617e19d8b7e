"""The token is fetched when needed, once for all threads, and renewed before or when it ends."""

import threading

import pytest

from lwdesk.api.build import Request
from lwdesk.base.errors import ApiError, AppError, Unavailable
from tests.api.school import TOKEN, html, reply, reset, token

GET, POST = Request("GET", "users"), Request("POST", "users", (), {})


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_the_token_is_asked_for_in_the_form_most_schools_know(school, connect):
    client = connect()
    client.send(GET)
    client.send(GET)
    asked = next(one for one in school.seen if one.target == TOKEN)
    assert asked.headers["Lw-Client"] == "client-1" and asked.headers["Authorization"] is None
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert school.grants == [
        {"client_id": "client-1", "client_secret": "s3cret-value", "grant_type": "client_credentials"}
    ]


@pytest.mark.parametrize(("life", "good_for"), [(8000, 7880), ("8000", 7880), (200, 150), (4, 3)])
def test_the_token_is_renewed_before_it_ends(school, connect, life, good_for):
    clock = Clock()
    school.tokens += [token(life, "token-1"), token(life, "token-2")]
    client = connect(clock=clock)
    client.send(GET)
    clock.now += good_for - 0.01
    client.send(GET)
    clock.now += 0.02
    client.send(GET)
    assert [one.headers["Authorization"] for one in school.calls] == ["Bearer token-1"] * 2 + [
        "Bearer token-2"
    ]


def test_a_token_without_a_known_life_is_renewed_when_refused(school, connect):
    clock = Clock()
    school.tokens += [token(None)]
    client = connect(clock=clock)
    client.send(GET)
    clock.now += 1e9
    client.send(GET)
    assert len(school.grants) == 1


@pytest.mark.parametrize("request_", [GET, POST])
def test_a_401_renews_once_and_repeats_the_call_once(school, connect, request_):
    school.tokens += [token(name="old"), token(name="new")]
    school.script += [
        reply(401, {"errors": [{"code": "401", "message": "Invalid object ID"}]}),
        reply(200, {"ok": 1}),
    ]
    assert connect().send(request_).data == {"ok": 1}
    assert [one.headers["Authorization"] for one in school.calls] == ["Bearer old", "Bearer new"]


def test_a_second_401_is_an_error(school, connect):
    school.script += [reply(401)] * 3
    with pytest.raises(ApiError) as caught:
        connect().send(POST)
    assert caught.value.status == 401 and len(school.calls) == 2 and len(school.grants) == 2


def test_a_pasted_token_is_used_and_cannot_be_renewed(school, connect):
    client = connect(credentials={"access_token": "pasted-1"})
    client.send(GET)
    school.script.append(reply(401))
    with pytest.raises(ApiError, match="pasted") as caught:
        client.send(GET)
    assert caught.value.status == 401 and school.grants == []
    assert {one.headers["Authorization"] for one in school.calls} == {"Bearer pasted-1"}


def test_many_threads_fetch_one_token(school, connect):
    client, gate = connect(), threading.Barrier(8)

    def work():
        gate.wait()
        client.send(GET)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(school.grants) == 1 and len(school.calls) == 8


def test_many_threads_renew_a_refused_token_once(school, connect):
    school.tokens += [token(name="old"), token(name="new")]
    client, gate = connect(), threading.Barrier(4)
    client.send(GET)

    def by_token(handler):
        gate.wait()  # all four are refused before one of them renews
        reply(401)(handler)

    school.script += [by_token] * 4
    threads = [threading.Thread(target=client.send, args=(POST,)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(school.grants) == 2 and len(school.calls) == 9


def test_the_resource_owner_grant_goes_on_with_its_refresh_token(school, connect):
    kept, clock = [], Clock()
    school.tokens += [token(8000, refresh_token="r1"), token(8000, refresh_token="r2"), reply(400), token()]
    client = connect(
        credentials={"client_secret": "s", "username": "ana", "password": "pw"},
        clock=clock,
        on_rotated=kept.append,
    )
    for _ in range(3):
        client.send(GET)
        clock.now += 8000
    asked = [(one["grant_type"], one.get("refresh_token"), one.get("password")) for one in school.grants]
    assert asked == [
        ("password", None, "pw"),
        ("refresh_token", "r1", None),
        ("refresh_token", "r2", None),
        ("password", None, "pw"),
    ]
    assert kept == ["r1", "r2"]


def test_the_refresh_grant_rotates(school, connect):
    kept, clock = [], Clock()
    school.tokens += [token(refresh_token="r1"), token(), reply(400, {"error": "ended"})]
    client = connect(
        credentials={"client_secret": "s", "refresh_token": "r0"}, clock=clock, on_rotated=kept.append
    )
    for _ in range(2):
        client.send(GET)
        clock.now += 8000
    with pytest.raises(ApiError, match="refresh token"):
        client.send(GET)
    assert [one["refresh_token"] for one in school.grants] == ["r0", "r1", "r1"] and kept == ["r1"]


@pytest.mark.parametrize("act", [reset, reply(500), html(200), html(502)])
def test_no_token_means_that_the_write_was_not_sent(school, connect, act):
    school.tokens += [act] * 4
    with pytest.raises(Unavailable) as caught:
        connect().send(POST)
    assert caught.value.sent is False
    assert len(school.grants) == 4 and school.calls == []


def test_a_token_call_is_tried_again(school, connect):
    school.tokens += [reset, reply(503), reply(429, Retry_After="0.01"), token()]
    connect().send(POST)
    assert len(school.grants) == 4 and len(school.calls) == 1


@pytest.mark.parametrize("body", [None, [], {}, {"tokenData": None}, {"tokenData": {"access_token": 7}}])
def test_an_answer_without_a_token_is_said_so(school, connect, body):
    school.tokens.append(reply(200, body))
    with pytest.raises(AppError, match="no access token") as caught:
        connect().send(POST)
    assert caught.value.sent is False


def test_a_token_that_is_not_wrapped_is_taken_too(school, connect):
    school.tokens.append(reply(200, {"access_token": "bare", "expires_in": 8000}))
    connect().send(GET)
    assert school.calls[0].headers["Authorization"] == "Bearer bare"
