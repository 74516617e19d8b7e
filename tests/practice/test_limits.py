"""The limiter, with a clock that stands still until moved."""

from hypothesis import given
from hypothesis import strategies as st

from lwdesk.practice.limits import IGNORED, SILENCE, Limiter, Window
from lwdesk.practice.switches import Switches


def limiter(clock, **on):
    return Limiter(Switches(**on), clock)


def accepted(limiter, calls, operation="GET users"):
    return sum(limiter.ask(operation) == 0 for _ in range(calls))


def test_thirty_calls_in_ten_seconds(clock):
    school = limiter(clock)
    assert accepted(school, 40) == 30
    clock.seconds += 9.99
    assert accepted(school, 1) == 0
    clock.seconds += 0.01
    assert accepted(school, 40) == 30


def test_the_window_slides(clock):
    school = limiter(clock)
    assert accepted(school, 15) == 15
    clock.seconds += 6
    assert accepted(school, 20) == 15
    clock.seconds += 4
    assert accepted(school, 20) == 15


@given(st.lists(st.floats(0, 3), max_size=120))
def test_no_window_ever_holds_more(gaps):
    window, now, taken = Window(5, 10), 0.0, []
    for gap in gaps:
        now += gap
        if window.wait(now) == 0:
            window.take(now)
            taken.append(now)
    assert all(b - a >= 10 for a, b in zip(taken, taken[5:], strict=False))


@given(st.lists(st.floats(0, 3), max_size=60))
def test_the_wait_it_names_is_enough_and_not_more(gaps):
    window, now = Window(3, 10), 0.0
    for gap in gaps:
        now += gap
        if wait := window.wait(now):
            assert window.wait(now + wait - 1e-6) > 0
            assert window.wait(now + wait + 1e-9) == 0
        else:
            window.take(now)


def test_off(clock):
    assert accepted(limiter(clock, limit=False), 500) == 500


def test_sixty_a_minute(clock):
    school = limiter(clock, sustained=True)
    for _ in range(3):
        accepted(school, 30)
        clock.seconds += 10
    assert school.ask("GET users") == 30


def test_the_certificate_list_has_its_own_gate(clock):
    school = limiter(clock, certificates_gate=True)
    assert accepted(school, 3, "GET certificates") == 1
    assert accepted(school, 3) == 3
    clock.seconds += 10
    assert accepted(school, 3, "GET certificates") == 1


def test_who_hammers_is_slowed_until_silent(clock):
    school = limiter(clock, penalty=True)
    accepted(school, 31 + IGNORED)
    clock.seconds += 30
    assert accepted(school, 5) == 0
    clock.seconds += 30
    assert accepted(school, 5) == 1
    clock.seconds += SILENCE
    assert accepted(school, 30) == 30


def test_who_waits_is_not_punished(clock):
    school = limiter(clock, penalty=True)
    for _ in range(5):
        assert accepted(school, 30) == 30
        clock.seconds += school.ask("GET users")
    assert accepted(school, 30) == 30


def test_a_refused_call_is_not_done(practice, client, clock):
    practice.switches.limit = True
    for _ in range(30):
        assert client("GET courses").status_code == 200
    answer = client.create("refused@example.org")
    assert (answer.status_code, answer.json()) == (429, {"error": "Too many requests"})
    assert answer.headers["Retry-After"] == "10"
    clock.seconds += 10
    assert client("GET users/refused%40example.org").status_code == 404


def test_retry_after_can_be_left_out_or_fixed(practice, client):
    practice.switches.limit = True
    for _ in range(30):
        client("GET courses")
    practice.switches.retry_after_seconds = 60
    assert client("GET courses").headers["Retry-After"] == "60"
    practice.switches.retry_after = False
    assert "Retry-After" not in client("GET courses").headers
