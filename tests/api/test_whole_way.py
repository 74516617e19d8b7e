"""The whole way, against the practice school: what the room promises, promised together."""

import threading
import time

import pytest

from lwdesk.api.auth import Credentials
from lwdesk.api.build import Request, request
from lwdesk.api.client import Client
from lwdesk.api.limiter import Limiter
from lwdesk.api.pages import page, walk
from lwdesk.base.errors import ApiError, Unavailable, UserError
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault

USERS = Request("GET", "users", {"include_suspended": True})


@pytest.fixture(scope="module")
def practice():
    with Practice(users=230, limit=False) as school:
        yield school


@pytest.fixture
def connect(practice):
    clients = []

    def make(limiter=None, **given):
        credentials = Credentials(**practice.credentials() | given)
        clients.append(Client(credentials, limiter=limiter or Limiter(None), sleep=lambda _: None))
        return clients[-1]

    yield make
    practice.switches.faults.clear()
    for client in clients:
        client.close()


def create(name):
    return Request("POST", "users", (), {"email": f"{name}@example.org", "username": name})


def exists(client, name):
    try:
        return client.send(request("GET users/{user}", {"user": f"{name}@example.org"})).data["id"]
    except ApiError as error:
        assert error.status == 404
        return None


def test_the_check_passes_and_tells_bad_credentials_apart(connect):
    connect().check()
    with pytest.raises(ApiError, match="client ID"):
        connect(client_id="wrong").check()
    with pytest.raises(ApiError, match="client ID or client secret"):
        connect(client_secret="wrong").check()
    with pytest.raises(ApiError, match="access token"):
        connect(client_secret="", access_token="wrong").check()


def test_every_grant_opens_the_school(connect, practice):
    kept = []
    owner = Credentials(**practice.credentials(), username=practice.owner, password=practice.password)
    client = Client(owner, limiter=Limiter(None), on_rotated=kept.append)
    client.check()
    client.close()
    connect(refresh_token=kept[0]).check()


def test_all_users_are_walked_once(connect):
    found = list(walk(connect(), USERS, 200))
    ids = [row["id"] for one in found for row in one.rows]
    assert len(found) == 2 and len(set(ids)) == len(ids) == found[0].total >= 230


def test_hard_emails_find_their_user(connect):
    client = connect()
    for name in ("a+b", "o'neil", "x/y", "100%", "under_score-dot.ted"):
        made = client.send(create(name)).data
        assert exists(client, name) == made["id"]


def test_unenrolling_answers_with_nothing(connect):
    client = connect()
    user = page(client, USERS).rows[0]["id"]
    course = page(client, Request("GET", "courses")).rows[0]["id"]
    body = {"productId": course, "productType": "course", "price": 0}
    way = {"user": user}
    try:
        client.send(request("POST users/{user}/enrollment", way, body=body))
    except ApiError as error:
        assert "owned" in error.words
    assert client.send(request("DELETE users/{user}/enrollment", way, body=body)).data is None


@pytest.mark.parametrize("effect", ["cut", "500", "503", "html", "bad json"])
@pytest.mark.parametrize("after", [False, True])
def test_a_write_whose_answer_is_lost_is_done_once_at_the_most(connect, practice, effect, after):
    client, name = connect(), f"{effect.replace(' ', '-')}-{after}"
    practice.switches.faults.append(Fault(effect, method="POST", path="users$", times=1, after=after))
    before = practice.api.counts["POST users"]
    with pytest.raises(Unavailable) as caught:
        client.send(create(name))
    assert caught.value.sent is True
    assert practice.api.counts["POST users"] - before == int(after)
    assert (exists(client, name) is not None) == after


@pytest.mark.parametrize("effect", ["cut", "500", "503", "html", "bad json", "empty", "401"])
def test_a_get_gets_through(connect, practice, effect):
    practice.switches.faults.append(Fault(effect, method="GET", times=1))
    assert page(connect(), USERS).rows


def test_a_refused_write_is_waited_out_and_done_once(connect, practice):
    clock = iter(range(0, 10**6, 20))
    practice.switches.faults.append(Fault("429", method="POST", path="users$", times=2, retry_after=10))
    client = connect(Limiter(clock=lambda: float(next(clock))))
    client.send(create("patient"))
    assert client.refused == 2 and exists(client, "patient")


def test_a_redirect_carries_nothing_away(connect, practice):
    practice.switches.faults.append(Fault("redirect", times=1, path="users"))
    with pytest.raises(UserError, match=r"other-school\.invalid answered instead"):
        connect().send(USERS)


def test_a_token_that_another_program_ended_is_renewed(connect, practice):
    practice.switches.one_token = True
    one, two = connect(), connect()
    for _ in range(3):
        one.send(USERS)
        two.send(USERS)
    practice.switches.one_token = False


def test_threads_fill_the_window_without_a_refusal():
    with Practice(users=5) as school:
        school.api.limiter._burst.seconds = 0.5
        client = Client(Credentials(**school.credentials()), limiter=Limiter(window=0.5))
        left = threading.Semaphore(120)

        def work():
            while left.acquire(blocking=False):
                client.send(USERS)

        began = time.monotonic()
        threads = [threading.Thread(target=work) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert client.refused == 0 and client.requests == 121
        assert time.monotonic() - began < 15
        client.close()
