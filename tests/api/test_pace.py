"""The policy: the documented window filled to the brim without a refusal, and learning from refusals."""

import pytest

from lwdesk.api.pace import LOST, Pace
from tests.api.simulation import Crowd, Windows, ideal


@pytest.mark.parametrize("workers", [4, 6, 12])
@pytest.mark.parametrize("seed", range(5))
def test_the_documented_window_is_filled_without_a_refusal(workers, seed):
    school = Windows((30, 10))
    took = Crowd(Pace(30, 10.0), school, workers, latency=0.15, jitter=0.1, seed=seed).run(300)
    assert school.refused == []
    # The ideal: 30 at once at 0, 10 ... 90 seconds, and one answer.
    assert (90 + 0.15) / took >= 0.95


def test_no_delay_on_the_way_brings_a_refusal():
    school = Windows((30, 10))
    Crowd(Pace(30, 10.0), school, workers=30, latency=2.0, jitter=1.999).run(600)
    assert school.refused == []


SUSTAINED = [(30, 10), (60, 60)]


@pytest.mark.parametrize("retry_after", [0, 10, 30, 60])
@pytest.mark.parametrize("limits", [SUSTAINED, [(20, 10)], [(30, 10), (120, 60)], [(1, 10)]], ids=str)
def test_the_pace_converges_on_what_a_school_really_allows(limits, retry_after):
    school = Windows(*limits, retry_after=retry_after)
    crowd = Crowd(Pace(30, 10.0), school, latency=0.3)
    crowd.run(10**6, until=3600)
    allowed = min(calls / seconds for calls, seconds in limits)
    last_half_hour = sum(1800 <= at < 3600 for at in crowd.answers)
    assert last_half_hour >= 0.9 * allowed * 1800
    assert len(school.refused) <= 20
    assert sum(at >= 1800 for at in school.refused) <= 3


def test_the_pace_recovers_when_a_school_was_only_busy():
    school = Windows((10, 10))
    crowd = Crowd(Pace(30, 10.0), school)
    crowd.run(10**6, until=120)
    school.limits = ((30, 10),)
    refused = len(school.refused)
    crowd.run(10**6, until=120 + 3600)
    assert crowd.pace.capacity == 30 and len(school.refused) == refused


def test_one_refusal_stops_everything_and_only_one_request_tries_again():
    pace = Pace(30, 10.0)
    slots = [pace.take(0.0) for _ in range(4)]
    pace.refused(slots[0], 1.0, retry_after=30)
    for slot in slots[1:]:
        pace.refused(slot, 1.5, retry_after=30)  # they were out already: the same refusal
    assert pace.take(2.0) == pytest.approx(29.5)
    trial = pace.take(31.6)
    assert not isinstance(trial, float) and isinstance(pace.take(31.7), float)
    pace.answered(trial, 32.6)
    assert isinstance(pace.take(31.8), float) and not isinstance(pace.take(33.7), float)


def test_stops_grow_when_the_trial_is_refused_too():
    pace, now, stops = Pace(30, 10.0), 0.0, []
    for _ in range(5):
        pace.refused(pace.take(now), now)
        stops.append(pace.until - now)
        now = pace.until
    assert stops == [10, 20, 40, 60, 60]


@pytest.mark.parametrize(("asked", "stopped"), [(3, 3), (60, 60), (600, 600), (1e9, 3600)])
def test_the_school_says_for_how_long(asked, stopped):
    pace = Pace(30, 10.0)
    pace.refused(pace.take(0.0), 0.0, asked)
    assert pace.until == stopped


def test_the_least_is_one_in_a_window():
    school = Windows((1, 60))
    crowd = Crowd(Pace(4, 10.0), school)
    crowd.run(10**6, until=1200)
    assert len(school.taken) >= 15 and len(school.refused) <= 10


def test_a_refusal_of_the_first_request_teaches_nothing_but_to_spread():
    pace = Pace(30, 10.0)
    pace.refused(pace.take(0.0), 0.2)  # somebody else had filled the school's window
    assert not isinstance(pace.take(10.3), float)
    assert (pace.capacity, pace.short, pace.long) == (30, 0, 0) and pace.gap == pytest.approx(1 / 3)


@pytest.mark.parametrize("retry_after", [0, 10])
@pytest.mark.parametrize("limit", [(5, 1), (10, 10), (60, 60)], ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_what_a_school_counts_by_is_learned_from_few_refusals(limit, retry_after, seed):
    school = Windows(limit, retry_after=retry_after)
    took = Crowd(Pace(30, 10.0), school, seed=seed).run(300)
    assert took <= 1.3 * ideal(300, limit, (30, 10))
    assert len(school.refused) <= 5


def test_a_slot_is_held_from_the_send_until_one_window_after_the_answer():
    pace = Pace(1, 10.0)
    slot = pace.take(0.0)
    assert isinstance(pace.take(60.0), float)
    pace.answered(slot, 61.0)
    assert pace.take(70.0) == pytest.approx(1.0)
    assert not isinstance(pace.take(71.0), float)


def test_a_request_that_never_came_back_gives_its_slot_back():
    pace = Pace(1, 10.0)
    pace.take(0.0)
    assert pace.take(1.0) == pytest.approx(LOST + 9.0)
    assert not isinstance(pace.take(LOST + 10.0), float)


def test_a_trial_that_never_came_back_is_followed_by_another():
    pace = Pace(30, 10.0)
    pace.refused(pace.take(0.0), 0.0)
    pace.take(10.0)
    assert isinstance(pace.take(11.0), float)
    assert not isinstance(pace.take(10.0 + LOST + 10.0), float)


def test_an_unused_slot_is_free_at_once():
    pace = Pace(1, 10.0)
    pace.unused(pace.take(0.0))
    pace.refused(pace.take(0.0), 0.0)
    pace.unused(pace.take(10.0))
    assert not isinstance(pace.take(10.0), float)


@pytest.mark.parametrize("calls", [1, 30, 31, 90, 300, 1000])
@pytest.mark.parametrize("warm", [0, 45])
def test_the_estimate_is_honest(calls, warm):
    crowd = Crowd(Pace(30, 10.0), Windows((30, 10)))
    if warm:
        crowd.run(warm)
    start = crowd.now
    estimate = crowd.pace.wait(calls, start, latency=0.15)
    assert crowd.run(calls) - start == pytest.approx(estimate, abs=2.0, rel=0.02)


def test_what_was_learned_can_be_kept():
    pace = Pace(30, 10.0)
    pace.refused(pace.take(5.0), 5.0, 40)
    pace.take(50.0)
    other = Pace(30, 10.0)
    other.load(pace.dump(), since_boot=True, now=51.0)
    assert other == pace
    pace.capacity, pace.long, pace.gap = 15, 60, 0.6
    other.load(pace.dump(), since_boot=False, now=3.0)
    assert (other.capacity, other.until, other.slots, other.since) == (15, 0.0, {}, 3.0)
    assert (other.long, other.gap, other.last, other.hit) == (60, 0.6, 0.0, 0.0)
    narrow = Pace(10, 10.0)
    narrow.load(pace.dump(), since_boot=True, now=51.0)
    assert (narrow.limit, narrow.capacity) == (10, 10)


@pytest.mark.parametrize(
    "wrong",
    [{"slots": []}, {"slots": {"1": "x"}}, {"capacity": "30"}, {"until": None}, {"more": 1}, {"trial": True}],
)
def test_what_is_not_a_pace_is_refused_whole(wrong):
    pace = Pace(30, 10.0)
    before = pace.dump()
    with pytest.raises(ValueError):
        pace.load(Pace(5, 10.0).dump() | wrong, since_boot=True, now=1.0)
    assert pace.dump() == before


def test_few_requests_are_out_until_the_school_took_two_windows_of_them():
    pace, now, out = Pace(30, 10.0), 0.0, []
    while pace.given < 60:
        slot = pace.take(now)
        if isinstance(slot, float):
            now += slot
            for one in out:
                pace.answered(one, now)
            out = []
            continue
        out.append(slot)
        assert len(out) <= 4
    assert now < 35
    for one in out:
        pace.answered(one, now)
    more = [pace.take(now + 11) for _ in range(6)]
    assert not any(isinstance(slot, float) for slot in more)


@pytest.mark.parametrize("limit", [(10, 10), (60, 60), (5, 1)])
@pytest.mark.parametrize("workers", [4, 6, 8])
@pytest.mark.parametrize("latency", [0.15, 0.8])
def test_a_school_that_takes_less_refuses_five_at_most(limit, workers, latency):
    school = Windows(limit)
    Crowd(Pace(30, 10.0), school, workers=workers, latency=latency, jitter=latency / 2).run(300)
    assert len(school.refused) <= 5
