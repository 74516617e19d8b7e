"""Faults on purpose: each effect, when it strikes, and what was done all the same."""

import threading
import time

import pytest
import requests

from lwdesk.practice.switches import EFFECTS, Fault

NEW = "fault@example.org"


def plan(practice, *faults):
    practice.switches.faults = list(faults)


def exists(practice):
    return practice.school.find_user(NEW) is not None


@pytest.mark.parametrize("after", [False, True])
def test_a_cut_breaks_the_connection_before_or_after_the_work(practice, client, after):
    plan(practice, Fault("cut", "POST", "^/v2/users$", times=1, after=after))
    with pytest.raises(requests.ConnectionError):
        client.create(NEW)
    assert exists(practice) is after
    assert client("GET courses").status_code == 200


@pytest.mark.parametrize(
    ("effect", "status", "kind", "text"),
    [
        ("404", 404, "application/json", "Sorry the resource"),
        ("408", 408, "application/json", "Request Timeout"),
        ("425", 425, "application/json", "Too Early"),
        ("500", 500, "application/json", '{"error":"Server Error"}'),
        ("503", 503, "text/html", "Service Unavailable"),
        ("401", 401, "application/json", "Invalid object ID"),
        ("429", 429, "application/json", "Too many requests"),
        ("html", 200, "text/html", "Sign in"),
        ("empty", 200, "", ""),
        ("bad json", 200, "application/json", '{"data": ['),
        ("success false", 200, "application/json", '{"success":false}'),
        ("redirect", 302, "", ""),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_effects_replace_the_answer(practice, client, effect, status, kind, text, after):
    plan(practice, Fault(effect, "POST", after=after))
    answer = client.create(NEW)
    assert answer.status_code == status
    assert answer.headers.get("content-type", "").partition(";")[0] == kind
    assert text in answer.text
    assert exists(practice) is after


def test_every_effect_is_tested_here():
    result = {
        "cut",
        "stall",
        "404",
        "408",
        "425",
        "500",
        "503",
        "401",
        "429",
        "html",
        "empty",
        "bad json",
        "success false",
        "redirect",
    }
    assert result == set(EFFECTS)


def test_redirects_lead_to_another_host_and_429_may_say_when(practice, client):
    plan(practice, Fault("redirect", times=1), Fault("429", skip=0, retry_after=30))
    assert client("GET users").headers["location"].startswith("http://other-school.invalid/")
    assert client("GET users").headers["retry-after"] == "30"
    plan(practice, Fault("429", retry_after=None))
    assert "retry-after" not in client("GET users").headers


@pytest.mark.parametrize("after", [False, True])
def test_a_stall_holds_the_answer(practice, client, after):
    plan(practice, Fault("stall", seconds=0.2, times=1, after=after))
    began = time.monotonic()
    assert client.create(NEW).status_code == 201
    assert time.monotonic() - began >= 0.2


def test_stopping_waits_for_a_stall_a_moment_only(practice, client, capfd):
    plan(practice, Fault("stall", seconds=60))
    failed = []

    def ask():
        try:
            client("GET users")
        except requests.ConnectionError as error:
            failed.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not practice.api.totals["faults"]:
        time.sleep(0.001)
    began = time.monotonic()
    practice.stop()
    thread.join()
    assert time.monotonic() - began < 10
    assert failed
    assert capfd.readouterr().err == ""


def test_when_a_fault_strikes():
    fault = Fault("500", "GET", "users", every=2, skip=1, times=2)
    calls = [("POST", "/v2/users"), ("GET", "/v2/courses")] + [("GET", "/v2/users")] * 7
    assert [fault.strikes(*call) for call in calls] == [*[False] * 4, True, False, True, False, False]


def test_a_fault_can_hit_the_token_call(practice, client):
    plan(practice, Fault("500", path="^/oauth2"))
    assert client.token("client_credentials").status_code == 500


@pytest.mark.parametrize(
    "bad", [{"effect": "smoke"}, {"effect": "cut", "every": 0}, {"effect": "cut", "path": "("}]
)
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match=r"smoke|every|expression"):
        Fault(**bad)
