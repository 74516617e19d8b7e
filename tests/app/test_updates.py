"""The look for a newer version: once a day, by the proxy, silent about trouble, never unwanted."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lwdesk.app import updates
from lwdesk.app.school import network
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home


class Place:
    """Where releases are published, or a proxy on the way there: gives the answers it was set, and counts."""

    def __init__(self):
        self.status, self.body, self.asked = 200, b"", []
        place = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                place.asked.append(self.path)
                self.send_response(place.status)
                self.send_header("Content-Length", str(len(place.body)))
                self.end_headers()
                self.wfile.write(place.body)

            def log_message(self, *_args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/latest"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def publish(self, tag, body="- Faster exports"):
        self.status, self.body = 200, json.dumps({"tag_name": tag, "body": body}).encode()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def place(monkeypatch):
    found = Place()
    found.publish("v0.10.0")
    monkeypatch.setenv("LWDESK_RELEASES", found.url)
    yield found
    found.close()


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def looking(home, clock):
    """Looks as version 0.9.1 does."""
    return updates.Updates(Home(home), "0.9.1", clock)


def test_a_newer_version_is_told_with_what_is_new_and_asked_for_once_a_day(looking, place, clock):
    found = looking.look()
    assert (found.version, found.notes) == ("0.10.0", "- Faster exports")
    clock.now += updates.DAY - 1
    assert looking.look() == found and len(place.asked) == 1
    place.publish("v0.11.0")
    clock.now += 1
    assert looking.look().version == "0.11.0" and len(place.asked) == 2


@pytest.mark.parametrize("tag", ["v0.9.1", "v0.9.0", "0.8", "v0.10.0-rc1", "nightly", ""])
def test_what_is_not_newer_is_not_told(looking, place, tag):
    place.publish(tag)
    assert looking.look() is None and len(place.asked) == 1


def test_after_the_update_the_old_news_is_no_news(looking, place, clock, home):
    assert looking.look() is not None
    assert updates.Updates(Home(home), "0.10.0", clock).look() is None and len(place.asked) == 1


def test_who_does_not_want_it_is_not_looked_for(looking, place, home):
    settings = Settings(Home(home))
    updates.want(settings, False)
    assert looking.look() is None and not place.asked
    updates.want(settings, True)
    assert looking.look() is not None


@pytest.mark.parametrize(("status", "body"), [(404, b"{}"), (500, b"oops"), (200, b"<html>"), (200, b"[1]")])
def test_trouble_is_silent_and_not_repeated_before_tomorrow(looking, place, clock, status, body):
    place.status, place.body = status, body
    assert looking.look() is None and looking.look() is None and len(place.asked) == 1
    place.publish("v0.10.0")
    clock.now += updates.DAY
    assert looking.look() is not None


def test_trouble_does_not_make_known_news_unknown(looking, place, clock):
    assert looking.look() is not None
    place.status = 503
    clock.now += updates.DAY
    assert looking.look().version == "0.10.0" and len(place.asked) == 2


def test_nobody_there_is_silent(looking, place):
    place.close()
    assert looking.look() is None


def test_it_goes_through_the_proxy_of_the_settings(looking, place, home, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.setenv(name, "")  # so that they are put back
    settings = Settings(Home(home))
    network.choose_proxy(settings, place.url.removesuffix("/latest"))
    network.use(settings)
    monkeypatch.setenv("LWDESK_RELEASES", "http://releases.invalid/latest")
    assert looking.look() is not None
    assert place.asked == ["http://releases.invalid/latest"]
