"""One pace for many threads and for every program that speaks to the same school."""

import json
import subprocess
import sys
import threading
import time

import pytest

from lwdesk.api.limiter import Limiter, Stopped

WINDOW = 0.2


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def busiest(stamps, window):
    """The most stamps within any window."""
    return max(sum(start <= at < start + window for at in stamps) for start in stamps)


def crowd(limiter, calls, workers):
    """So many calls by so many threads; when each was sent."""
    left, stamps = threading.Semaphore(calls), []

    def work():
        while left.acquire(blocking=False):
            permit = limiter.take()
            stamps.append(time.monotonic())
            limiter.answered(permit)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return stamps


def test_threads_share_the_window():
    stamps = crowd(Limiter(10, WINDOW), 35, 6)
    assert len(stamps) == 35 and busiest(stamps, WINDOW) <= 10
    assert max(stamps) - min(stamps) < 25 * WINDOW


def test_first_come_first_served():
    limiter, order, threads = Limiter(1, 0.02), [], []
    limiter.answered(limiter.take())

    def work(n):
        permit = limiter.take()
        order.append(n)
        limiter.answered(permit)

    for n in range(6):
        threads.append(threading.Thread(target=work, args=(n,)))
        threads[-1].start()
        while len(limiter._queues[""]) < n + 1 - len(order):
            time.sleep(0)
    for one in threads:
        one.join()
    assert order == sorted(order)


def test_a_stop_wakes_who_waits():
    limiter, stop = Limiter(1, 60.0), threading.Event()
    limiter.take()
    began = time.monotonic()
    timer = threading.Timer(0.02, stop.set)
    timer.start()
    with pytest.raises(Stopped):
        limiter.take(stop=stop.is_set)
    timer.join()
    assert time.monotonic() - began < 15


def test_an_answer_that_frees_the_way_wakes_who_waits(monkeypatch):
    monkeypatch.setattr("lwdesk.api.limiter.POLL", 30.0)
    limiter = Limiter(1, 60.0)
    permit = limiter.take()
    timer = threading.Timer(0.01, limiter.unused, (permit,))
    timer.start()
    began = time.monotonic()
    limiter.take()
    assert time.monotonic() - began < 15
    timer.join()


def test_certificates_have_a_gate_of_their_own():
    clock = Clock()
    limiter = Limiter(clock=clock)
    limiter.answered(limiter.take("certificates"))
    with pytest.raises(Stopped):
        limiter.take("certificates", stop=iter([False, False, True]).__next__)
    limiter.take()  # others go on
    clock.now += 10
    limiter.take("certificates")
    assert limiter.capacity == 30


def test_a_gate_left_by_a_stop_is_open_for_the_next():
    clock = Clock()
    limiter = Limiter(1, clock=clock)
    limiter.take()
    with pytest.raises(Stopped):
        limiter.take("certificates", stop=iter([False, False, True]).__next__)
    clock.now += 200
    limiter.take("certificates", stop=iter([False, False, True]).__next__)


def test_a_refusal_at_the_gate_stops_all_but_slows_only_the_gate():
    clock = Clock()
    limiter = Limiter(clock=clock)
    limiter.refused(limiter.take("certificates"), 30)
    assert limiter.capacity == 30 and limiter.resumes_in == 30
    with pytest.raises(Stopped):
        limiter.take(stop=iter([False, True]).__next__)
    clock.now += 30
    assert limiter.resumes_in == 0
    limiter.answered(limiter.take())
    for _ in range(28):
        limiter.answered(limiter.take())


def test_a_refusal_is_visible_and_makes_the_estimate_longer():
    clock = Clock()
    limiter = Limiter(clock=clock)
    assert limiter.seconds_for(0) == 0 and limiter.seconds_for(30) < 5
    assert 90 < limiter.seconds_for(300) < 100
    assert limiter.seconds_for(10, gate="certificates") > 90
    limiter.refused(limiter.take(), 40)
    assert (limiter.capacity, limiter.resumes_in) == (30, 40)
    assert limiter.seconds_for(300) > 40 + 90


def test_few_threads_and_slow_answers_make_the_estimate_longer():
    clock = Clock()
    limiter = Limiter(clock=clock)
    for _ in range(60):
        permit = limiter.take()
        clock.now += 2
        limiter.answered(permit)
    assert limiter.seconds_for(1000, workers=1) == pytest.approx(2000, rel=0.1)
    assert limiter.seconds_for(1000, workers=8) == pytest.approx(1000 / 30 * 12, rel=0.1)


def test_no_limit_costs_next_to_nothing():
    limiter = Limiter(None)
    began = time.process_time()
    for _ in range(10_000):
        limiter.answered(limiter.take())
    assert (time.process_time() - began) / 10_000 < 20e-6
    assert limiter.capacity is None and limiter.resumes_in == 0
    assert limiter.seconds_for(1000) < 100


def test_no_limit_still_waits_when_refused():
    clock = Clock()
    limiter = Limiter(None, clock=clock)
    limiter.refused(limiter.take(), 30)
    with pytest.raises(Stopped):
        limiter.take(stop=lambda: True)
    assert limiter.resumes_in == 30
    clock.now += 30
    limiter.take()


PROGRAM = """
import json, sys, time
from pathlib import Path
from lwdesk.api.limiter import Limiter
limiter = Limiter(8, float(sys.argv[2]), folder=Path(sys.argv[1]), school="https://x.com")
stamps = []
for _ in range(16):
    permit = limiter.take()
    stamps.append(time.monotonic())
    limiter.answered(permit)
print(json.dumps(stamps))
"""


def test_two_programs_share_one_window(tmp_path):
    programs = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path), str(WINDOW)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    stamps = [at for one in programs for at in json.loads(one.communicate(timeout=30)[0])]
    assert len(stamps) == 32 and busiest(stamps, WINDOW) <= 8


def shared(folder, clock, capacity=2, school="https://x.com"):
    return Limiter(capacity, 10.0, folder=folder, school=school, clock=clock)


def refuses(limiter):
    try:
        limiter.take(stop=iter([False, True]).__next__)
    except Stopped:
        return True
    return False


def test_one_programs_refusal_stops_and_slows_the_other(tmp_path):
    clock = Clock()
    one, two = shared(tmp_path, clock, 30), shared(tmp_path, clock, 30)
    one.refused(one.take(), 20)
    assert two.resumes_in == 20 and refuses(two)
    other = shared(tmp_path, clock, 30, school="https://y.com")
    assert other.resumes_in == 0 and not refuses(other)
    for limiter in (one, two, other):
        limiter.close()


def test_the_slots_of_a_crashed_program_come_back(tmp_path):
    clock = Clock()
    crashed, alive = shared(tmp_path, clock), shared(tmp_path, clock)
    crashed.take()
    crashed.take()
    crashed.close()
    assert refuses(alive)
    clock.now += 131
    assert not refuses(alive)
    alive.close()


def test_a_damaged_file_counts_for_nothing(tmp_path):
    clock = Clock()
    limiter = shared(tmp_path, clock)
    limiter.take()
    (path,) = tmp_path.glob("x.com-*.json")
    for content in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"now": "x"}',
        b"\xff" * 5000,
        b'{"now": 1, "paces": {"": {}}}',
    ):
        path.write_bytes(content)
        fresh = shared(tmp_path, clock)
        assert not refuses(fresh)
        assert json.loads(path.read_bytes())["now"] == clock.now
        fresh.close()
    limiter.close()


def test_after_a_reboot_no_time_counts(tmp_path):
    clock = Clock()
    clock.now = 1e6
    before = shared(tmp_path, clock, 30)
    before.refused(before.take(), 3000)
    before.close()
    clock.now = 40.0
    after = shared(tmp_path, clock, 30)
    assert after.resumes_in == 0 and not refuses(after)
    after.close()


def test_a_wait_in_the_file_is_bounded(tmp_path):
    clock = Clock()
    limiter = shared(tmp_path, clock)
    limiter.answered(limiter.take())
    (path,) = tmp_path.glob("x.com-*.json")
    data = json.loads(path.read_bytes())
    data["paces"][""] |= {"until": 1e9, "last": 1e9, "slots": {"1": 1e9}}
    path.write_text(json.dumps(data))
    assert limiter.resumes_in == 3600
    clock.now += 3601
    assert not refuses(limiter)
    limiter.close()


def test_slots_taken_before_a_school_says_that_it_has_no_limit_are_given_back(tmp_path):
    clock = Clock()
    for _command in range(40):
        limiter = shared(tmp_path, clock, 30)
        permit = limiter.take(stop=iter([False, True]).__next__)
        limiter.lift()
        limiter.answered(permit)
        limiter.close()


def test_a_folder_that_cannot_be_used_is_done_without(tmp_path, caplog):
    (tmp_path / "file").touch()
    limiter = shared(tmp_path / "file", Clock())
    assert not refuses(limiter) and not refuses(limiter) and refuses(limiter)
    assert "not shared" in caplog.text
    limiter.close()
