"""Starting, stopping, the command in the foreground, and the controls below /practice."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from lwdesk.base.errors import UserError
from lwdesk.practice.server import Practice

ROOT = Path(__file__).parents[2]


def test_the_room_itself_loads_nothing():
    code = "import sys, lwdesk.practice; print([m for m in ('uvicorn', 'starlette', 'orjson') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_serves_on_this_computer_only(practice):
    host, port = practice.url.removeprefix("http://").split(":")
    assert (host, int(port)) == ("127.0.0.1", practice.port)


def test_it_starts_again_after_a_stop():
    school = Practice(users=5)
    for _ in range(2):
        with school:
            assert requests.get(school.url + "/practice/mails", timeout=5).json() == []
    with pytest.raises(requests.ConnectionError):
        requests.get(school.url, timeout=5)


def test_a_taken_port_is_told_in_plain_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(UserError, match="can't use port"):
            Practice(users=5, port=other.getsockname()[1]).start()


@pytest.mark.skipif(sys.platform == "win32", reason="signals between processes differ there")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_foreground_tells_how_to_connect_and_ends_cleanly(sign):
    command = [sys.executable, "-m", "lwdesk.practice", "--users", "20", "--no-limit", "--seed", "3"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        result = json.loads(process.stdout.readline())
        assert result.keys() == {"url", "client_id", "client_secret"}
        body = {**result, "grant_type": "client_credentials"}
        head = {"Lw-Client": result["client_id"]}
        url = result["url"] + "/admin/api/oauth2/access_token"
        assert requests.post(url, json=body, headers=head, timeout=5).json()["success"] is True
        process.send_signal(sign)
        assert process.wait(10) == 0
        assert process.stdout.read() == ""


def test_switches_are_read_and_set_over_http(practice, client):
    url = practice.url + "/practice/switches"
    fault = {"effect": "cut", "path": "users"}
    result = client.http.put(url, json={"dialect": "2025", "latency": 0, "faults": [fault]}).json()
    assert (practice.switches.dialect, practice.switches.faults[0].effect) == ("2025", "cut")
    assert result == client.http.get(url).json()
    for bad in (
        {"dialekt": "2025"},
        {"dialect": "1999"},
        {"limit": 3},
        {"faults": [{"effect": "smoke"}]},
        ["x"],
    ):
        assert client.http.put(url, json=bad).status_code == 422
    assert practice.switches.dialect == "2025"


def test_requests_are_counted(practice, client):
    url = practice.url + "/practice/requests"
    client.http.delete(url)
    client("GET users", page=2)
    client("GET users/nobody")
    client.create()
    counted = client.http.get(url).json()
    assert counted["calls"] == {"GET users": 1, "GET users/{user}": 1, "POST users": 1}
    assert (counted["received"], counted["reads"], counted["writes"], counted["refused"]) == (3, 2, 1, 0)
    assert client.http.delete(url).json()["calls"] == {}


def test_controls_are_not_rate_limited(practice, client):
    practice.switches.limit = True
    assert all(client.http.get(practice.url + "/practice/mails").ok for _ in range(35))
    assert client("GET users").status_code == 200


def test_latency_and_jitter_hold_answers(practice, client):
    practice.switches.update({"latency": 0.05, "jitter": 0.01})
    assert 0.05 <= client("GET courses").elapsed.total_seconds() < 2


def test_unknown_paths_answer_in_the_schools_shape(client, practice):
    assert client.http.get(practice.url + "/nothing").json().keys() == {"error"}
