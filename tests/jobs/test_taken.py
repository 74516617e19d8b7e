"""Calls that the school takes and works on in its own queue: asked about, never sent twice, never for ever."""

import pytest

from lwdesk.jobs.states import DONE, FAILED, SENDING, SKIPPED, UNSURE, End, Taken
from tests.jobs.script import LOST, OUT, UNKNOWN, Script, call

TICKET = {"job_id": "abc"}


def states(journal):
    return [found.state for found in journal.calls()]


@pytest.mark.parametrize("repeat", ["safe", "look", "never"])
def test_a_taken_call_is_asked_about_until_it_ends(journal, engine, repeat):
    journal.add_call(call("a", repeat=repeat))
    port = Script({"a": [Taken(TICKET)]}, {"a": [None, None, LOST, OUT, None, End(DONE)]})
    assert engine(port).run() == "finished"
    assert (states(journal), port.sends, len(port.looks)) == ([DONE], ["a"], 6)


def test_it_is_asked_less_and_less_often(journal, engine):
    journal.add_call(call("a"))
    times = []
    found = engine(Script({"a": [Taken(TICKET)]}))
    found.port.look = lambda call: times.append(found.clock.now() - call.sent)
    assert found.run() == "interrupted"
    pauses = [later - sooner for sooner, later in zip([0, *times], times, strict=False)]
    assert 2 <= pauses[0] < 4 and 28 <= pauses[-1] < 35
    assert 600 < times[-1] < 640 and len(times) < 30


def test_others_go_out_meanwhile_and_those_of_its_lane_wait(journal, engine):
    for path, lane in (("a", "one"), ("b", "one"), ("c", "two")):
        journal.add_call(call(path, lane=lane))
    port = Script({"a": [Taken(TICKET)]}, {"a": [None, End(DONE)]})
    assert engine(port, workers=1).run() == "finished"
    assert port.sends == ["a", "c", "b"]


def test_a_failure_in_the_queue_is_one_and_what_builds_on_it_is_skipped(journal, engine):
    first = journal.add_call(call("a"))
    journal.add_call(call("b", needs=(first,)))
    port = Script({"a": [Taken(TICKET)]}, {"a": [End(FAILED, "No.")]})
    assert engine(port).run() == "finished"
    assert (states(journal), port.sends) == ([FAILED, SKIPPED], ["a"])


@pytest.mark.parametrize("repeat", ["safe", "look", "never"])
def test_a_program_that_ended_while_asking_asks_on(journal, engine, repeat):
    one = journal.add_call(call("a", repeat=repeat))
    journal.about_to_send(one, 1.0)
    journal.taken(one, TICKET)
    port = Script(looks={"a": [End(DONE)]})
    assert engine(port).run() == "finished"
    assert (states(journal), port.sends, port.looks) == ([DONE], [], ["a"])


def test_what_takes_too_long_is_unsure_and_asked_about_when_the_job_goes_on(journal, engine):
    journal.add_call(call("a"))
    port = Script({"a": [Taken(TICKET)]})
    assert engine(port).run() == "interrupted"
    assert "still working" in journal.get("reason")
    [one] = journal.calls()
    assert one.state == UNSURE and "hadn't confirmed it after 10 minutes" in one.message
    port = Script(looks={"a": [None, End(DONE)]})
    assert engine(port).run() == "finished"
    assert (states(journal), port.sends, journal.get("reason")) == ([DONE], [], "")


def test_a_stop_leaves_it_to_be_asked_about(journal, engine):
    journal.add_call(call("a"))
    found = engine(Script({"a": [Taken(TICKET)]}))
    found.port.look = lambda call: found.stop()
    assert found.run() == "interrupted"
    assert states(journal) == [SENDING]


def test_a_school_that_does_not_let_one_ask_leaves_it_unsure(journal, engine):
    journal.add_call(call("a"))
    port = Script({"a": [Taken(TICKET)]}, {"a": [UNKNOWN]})
    assert engine(port).run() == "finished"
    [one] = journal.calls()
    assert one.state == UNSURE and "has started this" in one.message
