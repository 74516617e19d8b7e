"""One request: paced, authenticated, retried only where that is safe, and honest about what it knows."""

import gzip
import json

import pytest

from lwdesk import __version__
from lwdesk.api import answers
from lwdesk.api.build import Request, request
from lwdesk.api.limiter import Limiter, Stopped
from lwdesk.base.errors import ApiError, Unavailable, UserError
from tests.api.school import cut, hang_up, html, reply, reset, token

GET = Request("GET", "users")
POST = Request("POST", "users", (), {"email": "ana@example.org"})


def test_a_request_goes_out_with_everything_the_api_asks_for(school, connect):
    school.script.append(reply(201, {"id": "u1", "name": "Δ"}))
    answer = connect().send(POST)
    (sent,) = school.calls
    assert (answer.status, answer.data) == (201, {"id": "u1", "name": "Δ"}) and answer.seconds > 0
    assert (sent.method, sent.target, sent.json) == (
        "POST",
        "/admin/api/v2/users",
        {"email": "ana@example.org"},
    )
    assert sent.headers["Lw-Client"] == "client-1"
    assert sent.headers["Authorization"] == "Bearer token-1"
    assert sent.headers["Accept"] == sent.headers["Content-Type"] == "application/json"
    assert sent.headers["User-Agent"] == f"lwdesk/{__version__}"


def test_a_delete_carries_its_body(school, connect):
    school.script.append(reply(204))
    asked = request("DELETE users/{user}/enrollment", {"user": "u1"}, body={"productId": "c1"})
    assert connect().send(asked).data is None
    assert school.calls[0].json == {"productId": "c1"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("act", [reply(200), reply(200, "  "), reply(204)])
def test_an_empty_success_of_a_write_is_a_success(school, connect, method, act):
    school.script.append(act)
    assert connect().send(Request(method, "users/u1/enrollment")).data is None


def test_an_answer_may_be_compressed(school, connect):
    school.script.append(reply(200, gzip.compress(b'{"data": [1]}'), Content_Encoding="gzip"))
    assert connect().send(GET).data == {"data": [1]}


BROKEN = [
    reset,
    hang_up,
    cut,
    html(200),
    html(502),
    reply(500, {"error": "Server Error"}),
    reply(503, {"error": "busy"}),
    reply(200, '{"data": [1,'),
    reply(200, b"\xff\xfe{}"),
    reply(200, b"no gzip", Content_Encoding="gzip"),
]


@pytest.mark.parametrize("act", [*BROKEN, reply(200), reply(200, " \n")])
def test_a_get_is_tried_again_until_its_answer_is_whole(school, connect, act):
    school.script += [act, act, act, reply(200, {"data": [7]})]
    client = connect()
    assert client.send(GET).data == {"data": [7]}
    assert sum(connect.slept) == pytest.approx(1 + 2 + 4)
    assert client.requests == 5


@pytest.mark.parametrize("act", BROKEN)
def test_a_get_gives_up_after_four_tries(school, connect, act):
    school.script += [act] * 4
    with pytest.raises(Unavailable) as caught:
        connect().send(GET)
    assert caught.value.sent and len(school.calls) == 4


@pytest.mark.parametrize("act", BROKEN)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_whose_answer_is_lost_is_sent_once(school, connect, act, method):
    school.script.append(act)
    with pytest.raises(Unavailable) as caught:
        connect().send(Request(method, "users", (), {"a": 1}))
    assert caught.value.sent is True
    assert len(school.calls) == 1 and connect.slept == []
    assert caught.value.title and caught.value.message and caught.value.hint


def test_a_write_is_not_sent_again_on_a_fresh_line_when_the_kept_one_breaks(school, connect):
    client = connect()
    client.send(POST)
    school.script.append(reset)
    with pytest.raises(Unavailable) as caught:
        client.send(POST)
    assert caught.value.sent and len(school.calls) == 2
    assert school.calls[0].connection == school.calls[1].connection


def test_a_line_that_idled_is_replaced_before_use(school, connect, monkeypatch):
    from lwdesk.api import wire

    client = connect()
    client.send(POST)
    monkeypatch.setattr(wire, "IDLE", 0.0)
    client.send(POST)
    assert school.calls[0].connection != school.calls[1].connection


def test_a_school_that_stalls_runs_into_the_time_out(school, connect):
    school.script.append(school.stall)
    client = connect(timeout=(1, 0.05))
    client._tokens.get(lambda fields: {"tokenData": {"access_token": "t", "expires_in": 8000}})
    with pytest.raises(Unavailable) as caught:
        client.send(POST)
    assert caught.value.sent and "didn't answer" in caught.value.message


@pytest.mark.parametrize("request_", [GET, POST])
def test_a_refusal_for_the_pace_is_waited_out_whatever_the_method(school, connect, request_):
    clock = iter(range(0, 100_000, 15))
    school.script += [
        reply(429, {"error": "Too many requests"}, Retry_After="10"),
        reply(429),
        reply(200, {"id": 1}),
    ]
    client = connect(Limiter(clock=lambda: float(next(clock))))
    assert client.send(request_).data == {"id": 1}
    assert (client.requests, client.refused) == (4, 2)
    assert client.limiter.capacity == 15


def test_a_stop_ends_the_wait(school, connect):
    school.script.append(reply(429, Retry_After="30"))
    client = connect(Limiter())
    with pytest.raises(Stopped) as caught:
        client.send(POST, stop=lambda: client.refused > 0)
    assert caught.value.sent is False and len(school.calls) == 1


def test_a_stop_ends_the_wait_between_two_tries(school, connect):
    school.script.append(reset)
    client = connect()
    with pytest.raises(Stopped):
        client.send(GET, stop=lambda: bool(connect.slept))
    assert len(school.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_is_not_followed(school, connect, status, method):
    school.script.append(reply(status, None, Location="https://new.learnworlds.com/admin/api/v2/users"))
    with pytest.raises(UserError, match=r"moved to new\.learnworlds\.com") as caught:
        connect().send(Request(method, "users"))
    assert "https://new.learnworlds.com" in caught.value.hint and len(school.calls) == 1


@pytest.mark.parametrize(
    ("here", "there", "named"),
    [
        ("a.mylearnworlds.com", "b.learnworlds.com", True),
        ("school.example.org", "www.school.example.org", True),
        ("www.example.org", "learn.example.org", True),
        ("school.example.org", "login.hotel.example", False),
        ("school.example.org", "learnworlds.com.evil.example", False),
        ("a.mylearnworlds.com", "evilmylearnworlds.com", False),
        ("127.0.0.1:8000", "192.168.0.1", False),
    ],
)
def test_only_an_address_of_the_school_or_of_learnworlds_is_named_as_its_new_one(here, there, named):
    hint = answers.moved(f"https://{here}/admin/api/v2/users", f"https://{there}/login").hint
    assert (there in hint) is named


@pytest.mark.parametrize("location", ["/login", "http://[broken", ""])
def test_a_redirect_to_a_page_of_the_school_is_no_api(school, connect, location):
    school.script.append(reply(302, None, Location=location))
    with pytest.raises(UserError, match="We couldn't find a LearnWorlds school"):
        connect().send(GET)


def test_a_success_that_says_failure_is_a_failure(school, connect):
    school.script.append(reply(200, {"success": False, "errors": [{"message": "Product is already owned"}]}))
    with pytest.raises(ApiError) as caught:
        connect().send(POST)
    assert (caught.value.status, caught.value.words) == (200, "Product is already owned")


def test_cookies_are_not_kept(school, connect):
    school.script.append(reply(200, {}, Set_Cookie="session=1"))
    client = connect()
    client.send(GET)
    client.send(GET)
    assert school.calls[1].headers["Cookie"] is None


def test_the_log_has_one_line_a_request_without_persons_and_secrets(school, connect, caplog):
    caplog.set_level("DEBUG", "lwdesk.api")
    client = connect()
    client.send(request("POST users/{user}/enrollment", {"user": "ana.lopez@example.org"}, body={"price": 0}))
    school.script.append(hang_up)
    with pytest.raises(Unavailable):
        client.send(request("PUT users/{user}", {"user": "ana.lopez@example.org"}))
    lines = [record.getMessage() for record in caplog.records if record.name == "lwdesk.api"]
    assert len(lines) == 3
    assert lines[1].startswith("POST users/***%40example.org/enrollment 200 ")
    for private in ("ana", "lopez", "s3cret", "token-1", "price"):
        assert private not in "".join(lines)


def test_no_error_shows_a_secret_the_school_echoes(school, connect):
    client = connect()
    for status in (200, 400, 401, 422, 500):
        answer = json.dumps({"success": False, "error": "wrong: s3cret-value and token-1", "errors": []})
        school.script += [reply(status, answer)] * 2
        with pytest.raises((ApiError, Unavailable)) as caught:
            client.send(POST)
        assert "wrong: ***" in caught.value.message
        assert "s3cret" not in repr(caught.value) and "token-1" not in repr(caught.value)
        school.script.clear()


def test_token_calls_are_counted(school, connect):
    school.tokens += [token(), token()]
    school.script += [reply(401), reply(200, {})]
    client = connect()
    client.send(GET)
    assert client.requests == len(school.seen) == 4


def test_who_wants_to_know_is_told_right_before_each_leaving(school, connect):
    calls_at_wait = []

    def leaving():
        calls_at_wait.append(len(school.calls))

    school.script += [reply(429, Retry_After="0.01"), reply(401), reply(200, {})]
    connect().send(POST, leaving=leaving)
    assert calls_at_wait == [0, 1, 2] and len(school.grants) == 2


def test_nothing_leaves_when_the_one_told_objects(school, connect):
    def leaving():
        raise UserError("The disk is full")

    limiter = Limiter(2)
    with pytest.raises(UserError):
        connect(limiter).send(POST, leaving=leaving)
    assert school.calls == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        (" 30 ", 30),
        ("2.5", 2.5),
        ("0", 10),
        ("-5", 10),
        ("soon", 10),
        ("", 10),
        ("1e999", 3600),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 10),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
    ],
)
@pytest.mark.parametrize("capacity", [30, None])
def test_the_wait_the_school_asks_for_is_kept(school, connect, header, seconds, capacity):
    school.script.append(reply(429, Retry_After=header))
    client = connect(Limiter(capacity, clock=lambda: 50.0))
    with pytest.raises(Stopped):
        client.send(POST, stop=lambda: client.refused > 0)
    assert client.limiter.resumes_in == seconds
