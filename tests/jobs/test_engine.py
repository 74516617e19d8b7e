"""The engine: order, needs, lost answers, outages, and ends of every kind."""

import subprocess
import sys
import threading

import pytest

from lwdesk.base import text
from lwdesk.base.errors import ApiError, Bug, Denied, Unavailable, UserError
from lwdesk.jobs.engine import FRESH, MOST_TRIES, PATIENCE
from lwdesk.jobs.queue import Clock
from lwdesk.jobs.states import DONE, FAILED, READY, SENDING, SKIPPED, UNSURE, End, Page
from tests import fast
from tests.jobs.script import LOST, OUT, REFUSED, UNKNOWN, Script, call


def states(journal):
    return [found.state for found in journal.calls()]


def test_calls_are_carried_out_and_the_job_ends(journal, engine):
    for n in range(40):
        journal.add_call(call(f"users/{n}"))
    port = Script({"users/3": [End(DONE, "made it", 201, {"success": True}, "abc")]})
    assert engine(port).run() == "finished"
    assert sorted(port.sends) == sorted(f"users/{n}" for n in range(40))
    assert states(journal) == [DONE] * 40
    third = journal.call(4)
    assert (third.message, third.status, third.answer, third.made) == (
        "made it",
        201,
        {"success": True},
        "abc",
    )
    assert third.sent <= third.ended
    assert port.ended
    assert engine(port).run() == "finished"
    assert len(port.sends) == 40


def test_one_call_at_a_time_in_a_lane_and_in_order(journal, engine):
    for n in range(30):
        journal.add_call(call(f"{n % 3}/{n}", lane=f"lane {n % 3}"))
    port = Script()
    assert engine(port, workers=6).run() == "finished"
    assert port.most == {"lane 0": 1, "lane 1": 1, "lane 2": 1}
    for lane in range(3):
        mine = [path for path in port.sends if path.startswith(f"{lane}/")]
        assert mine == [f"{n % 3}/{n}" for n in range(30) if n % 3 == lane]


def test_calls_without_a_lane_go_out_side_by_side(journal, engine):
    together = threading.Barrier(4, timeout=5)

    def meet():
        together.wait()
        return End(DONE)

    for n in range(4):
        journal.add_call(call(f"{n}"))
    assert engine(Script({f"{n}": [meet] for n in range(4)}), workers=4).run() == "finished"


def test_a_free_lane_is_found_far_behind_a_busy_one(journal, engine):
    free = threading.Event()
    for n in range(600):
        journal.add_call(call(f"busy/{n}", lane="busy"))
    journal.add_call(call("free", lane="free"))

    def wait():
        assert free.wait(5)
        return End(DONE)

    def go():
        free.set()
        return End(DONE)

    assert engine(Script({"busy/0": [wait], "free": [go]}), workers=2).run() == "finished"


def test_what_builds_on_a_failure_is_skipped_and_the_rest_goes_on(journal, engine):
    create = journal.add_call(call("create"))
    enroll = journal.add_call(call("enroll", needs=(create,)))
    journal.add_call(call("mail", needs=(enroll,)))
    journal.add_call(call("tag"))
    assert engine(Script({"create": [REFUSED]})).run() == "finished"
    assert states(journal) == [FAILED, SKIPPED, SKIPPED, DONE]
    assert "doesn't accept these values" in journal.call(enroll).message


def test_needs_go_first_whatever_the_order(journal, engine):
    first = journal.add_call(call("first"))
    for n in range(20):
        journal.add_call(call(f"{n}", needs=(first,)))
    port = Script({"first": [OUT, OUT, End(DONE)]})
    assert engine(port).run() == "finished"
    assert port.sends[:3] == ["first"] * 3
    assert states(journal) == [DONE] * 21


def test_an_outage_is_waited_out(journal, engine):
    journal.add_call(call("users", repeat="never"))
    port = Script({"users": [OUT] * 5 + [End(DONE)]})
    assert engine(port).run() == "finished"
    assert len(port.sends) == 6
    assert port.looks == []
    assert journal.call(1).tries == 1


def test_a_long_outage_interrupts_with_the_reason_and_the_job_goes_on_later(journal, engine):
    for n in range(10):
        journal.add_call(call(f"{n}"))
    before = fast.CLOCK.now()
    down = {f"{n}": [OUT] for n in range(3, 10)}
    assert engine(Script(down)).run() == "interrupted"
    assert PATIENCE < fast.CLOCK.now() - before < 3 * PATIENCE
    assert journal.get("reason") == "The school cannot be reached."
    assert states(journal) == [DONE] * 3 + [READY] * 7
    assert [found.tries for found in journal.calls()] == [1] * 3 + [0] * 7
    port = Script()
    assert engine(port).run() == "finished"
    assert sorted(port.sends) == [f"{n}" for n in range(3, 10)]
    assert journal.get("reason") == ""


@pytest.mark.parametrize(
    ("repeat", "found", "sends", "looks", "outcome"),
    [
        ("safe", None, 2, 0, DONE),
        ("look", None, 2, 1, DONE),
        ("look", End(DONE, "was there"), 1, 1, DONE),
        ("never", End(DONE, "was there"), 1, 1, DONE),
        ("never", None, 1, 1, FAILED),
        ("never", End(UNSURE, "look there"), 1, 1, UNSURE),
    ],
)
def test_a_lost_answer(journal, engine, repeat, found, sends, looks, outcome):
    journal.add_call(call("users", repeat=repeat))
    port = Script({"users": [LOST, End(DONE)]}, {"users": [found]})
    assert engine(port).run() == "finished"
    assert (len(port.sends), len(port.looks), states(journal)) == (sends, looks, [outcome])


@pytest.mark.parametrize(("repeat", "sends"), [("safe", MOST_TRIES), ("look", MOST_TRIES), ("never", 1)])
def test_a_call_whose_answers_are_always_lost_ends_with_a_sentence(journal, engine, repeat, sends):
    journal.add_call(call("users", repeat=repeat))
    port = Script({"users": [LOST]})
    assert engine(port).run() == "finished"
    assert len(port.sends) == sends
    ended = journal.call(1)
    assert ended.state == FAILED
    assert ended.message.startswith("The answer was lost. lwdesk checked: LearnWorlds didn't do it.")


def test_a_lost_answer_is_looked_up_once_the_school_is_back(journal, engine):
    journal.add_call(call("users", repeat="never"))
    port = Script({"users": [LOST]}, {"users": [OUT, LOST, OUT, End(DONE)]})
    assert engine(port).run() == "finished"
    assert (len(port.sends), len(port.looks), states(journal)) == (1, 4, [DONE])


def test_a_lost_answer_stays_lost_through_a_long_outage(journal, engine):
    journal.add_call(call("users", repeat="never"))
    assert engine(Script({"users": [LOST]}, {"users": [OUT]})).run() == "interrupted"
    assert states(journal) == [SENDING]
    port = Script(looks={"users": [End(DONE)]})
    assert engine(port).run() == "finished"
    assert (port.sends, port.looks, states(journal)) == ([], ["users"], [DONE])


@pytest.mark.parametrize("repeat", ["look", "never"])
def test_unsure_says_what_to_look_at(journal, engine, repeat):
    journal.add_call(call("users", repeat=repeat))
    forbidden = ApiError("The school doesn't allow this", status=403)
    assert engine(Script({"users": [LOST]}, {"users": [forbidden]})).run() == "finished"
    assert states(journal) == [UNSURE]
    message = journal.call(1).message
    assert message.startswith("The answer was lost.")
    assert "The school doesn't allow this." in message
    assert "Check there before you retry." in message


def test_what_was_just_made_may_be_unknown_for_a_moment(journal, engine):
    create = journal.add_call(call("create"))
    journal.add_call(call("enroll", needs=(create,)))
    port = Script({"enroll": [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, End(DONE)]})
    assert engine(port).run() == "finished"
    assert states(journal) == [DONE, DONE]
    assert journal.call(2).tries == 1


def test_what_stays_unknown_fails_after_a_while(journal, engine):
    create = journal.add_call(call("create"))
    journal.add_call(call("enroll", needs=(create,)))
    journal.add_call(call("alone"))
    before = fast.CLOCK.now()
    assert engine(Script({"enroll": [UNKNOWN], "alone": [UNKNOWN]})).run() == "finished"
    assert FRESH < fast.CLOCK.now() - before < 10 * FRESH
    assert states(journal) == [DONE, FAILED, FAILED]
    assert journal.call(2).tries == 1


def test_a_lost_answer_after_waiting_for_something_new_is_still_repeated(journal, engine):
    create = journal.add_call(call("create"))
    journal.add_call(call("enroll", needs=(create,), repeat="look"))
    port = Script({"enroll": [UNKNOWN] * 5 + [LOST, End(DONE)]})
    assert engine(port).run() == "finished"
    assert states(journal) == [DONE, DONE]
    assert journal.call(2).tries == 2


def test_credentials_that_are_no_longer_good_interrupt_the_job(journal, engine):
    for n in range(3):
        journal.add_call(call(f"{n}"))
    denied = Denied("The school doesn't accept the client ID or client secret", status=401)
    assert engine(Script({"1": [denied]}), workers=1).run() == "interrupted"
    assert states(journal) == [DONE, READY, DONE]
    assert journal.get("reason") == "The school doesn't accept the client ID or client secret."
    assert engine(Script({"1": [denied, denied, End(DONE)]})).run() == "finished"


def test_an_answer_from_elsewhere_interrupts_and_is_settled_when_the_job_goes_on(journal, engine):
    journal.add_call(call("users", repeat="never"))
    moved = UserError("Your school has moved")
    assert engine(Script({"users": [moved]})).run() == "interrupted"
    assert states(journal) == [SENDING]
    port = Script(looks={"users": [End(DONE)]})
    assert engine(port).run() == "finished"
    assert port.sends == []


def test_stop_lets_what_is_on_its_way_end_and_keeps_the_rest(journal, engine):
    for n in range(20):
        journal.add_call(call(f"{n}"))
    running = {}

    def press():
        running["engine"].stop()
        return End(DONE)

    running["engine"] = engine(Script({"5": [press]}), workers=1)
    assert running["engine"].run() == "interrupted"
    assert journal.get("reason") == "Stopped by you."
    assert states(journal) == [DONE] * 6 + [READY] * 14
    assert engine(Script()).run() == "finished"


@pytest.mark.parametrize("blocked", [{"send": [OUT]}, {"send": [LOST]}, {"send": [LOST], "look": [OUT]}])
def test_stop_ends_every_wait_at_once(journal, engine, blocked):
    """In real time: each wait is one of seconds."""
    journal.add_call(call("users"))
    waits = threading.Event()

    class Noted(Script):
        def send(self, *args):
            waits.set()
            return super().send(*args)

    found = engine(Noted({"users": blocked["send"]}, {"users": blocked.get("look", [None])}), clock=Clock())
    thread = threading.Thread(target=found.run)
    thread.start()
    assert waits.wait(5)
    found.stop()
    thread.join(1)
    assert not thread.is_alive()
    assert journal.state == "interrupted"
    assert states(journal) == [SENDING if blocked["send"] == [LOST] else READY]


def test_cancel_gives_up_what_was_not_sent(journal, engine):
    for n in range(10):
        journal.add_call(call(f"{n}"))
    running = {}

    def press():
        running["engine"].cancel()
        return End(DONE)

    running["engine"] = engine(Script({"3": [press]}), workers=1)
    assert running["engine"].run() == "cancelled"
    assert states(journal) == [DONE] * 4 + [SKIPPED] * 6
    assert journal.call(10).message == "Canceled before it was sent."
    port = Script()
    assert engine(port).run() == "cancelled"
    assert port.sends == []


def test_a_cancelled_job_still_settles_what_was_lost(journal, engine):
    journal.add_call(call("users", repeat="never"))
    journal.add_call(call("next"))
    running = {}

    def press():
        running["engine"].cancel()
        return LOST

    running["engine"] = engine(Script({"users": [press]}), workers=1)
    assert running["engine"].run() == "interrupted"
    assert states(journal) == [SENDING, SKIPPED]
    assert engine(Script(looks={"users": [End(DONE)]})).run() == "cancelled"
    assert states(journal) == [DONE, SKIPPED]


def test_a_crash_of_a_worker_surfaces_and_nothing_else_is_sent(journal, engine):
    for n in range(20):
        journal.add_call(call(f"{n}"))
    port = Script({"2": [ZeroDivisionError("oops")]})
    with pytest.raises(ZeroDivisionError, match="oops"):
        engine(port, workers=1).run()
    assert len(port.sends) == 3
    assert states(journal)[:4] == [DONE, DONE, SENDING, READY]
    assert journal.get("reason") == "lwdesk stopped because of an internal error."
    assert journal.state == "interrupted"
    port = Script(looks={"2": [End(DONE)]})
    assert engine(port).run() == "finished"


def test_a_bug_in_a_call_is_told_as_the_reason(journal, engine):
    journal.add_call(call("users"))
    assert engine(Script({"users": [Bug("A slot is missing")]})).run() == "interrupted"
    assert "A slot is missing" in journal.get("reason")


def test_calls_that_a_call_leads_to_are_carried_out_too(journal, engine):
    more = [call("page 2"), call("page 3")]
    journal.add_call(call("page 1"))
    port = Script({"page 1": [End(DONE, page=Page("1", 5, b"x", ["cf_a"]), more=more)]})
    assert engine(port).run() == "finished"
    assert sorted(port.sends) == ["page 1", "page 2", "page 3"]
    assert [(page.place, page.rows, page.data, page.keys) for page in journal.pages("op")] == [
        ("1", 5, b"x", ["cf_a"])
    ]


def test_another_program_is_refused_while_one_runs_the_job(journal, engine):
    result = {}
    script = (
        "import sys; from pathlib import Path; from lwdesk.jobs.journal import Journal\n"
        "from lwdesk.base.errors import UserError\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "print(journal.busy, journal.state)\n"
        "try:\n    with journal.held(): print('held')\n"
        "except UserError as error: print(error)\n"
    )

    def other():
        done = subprocess.run([sys.executable, "-c", script, journal.path], capture_output=True, text=True)
        result["output"] = done.stdout + done.stderr
        return End(DONE)

    journal.add_call(call("users"))
    assert engine(Script({"users": [other]})).run() == "finished"
    assert result["output"] == (
        "True running\nJob job is already running. Wait until it is done, or stop it there.\n"
    )
    assert not journal.busy


def test_a_second_engine_in_the_same_program_is_refused(journal, engine):
    result = {}

    def other():
        with pytest.raises(UserError, match="already running"):
            engine(Script()).run()
        result["refused"] = True
        return End(DONE)

    journal.add_call(call("users"))
    assert engine(Script({"users": [other]})).run() == "finished"
    assert result["refused"]


def test_unavailable_before_the_token_is_no_lost_answer(journal, engine):
    """An error that says nothing left is believed even where the call was about to leave."""
    journal.add_call(call("users", repeat="never"))

    class Torn(Script):
        def send(self, call, leaving):
            leaving()
            return super().send(call, lambda: None)

    port = Torn({"users": [Unavailable("No line", sent=False), End(DONE)]})
    assert engine(port).run() == "finished"
    assert (len(port.sends), port.looks, journal.call(1).tries) == (2, [], 1)


def test_the_reason_of_an_interruption_is_told_in_the_language_of_now(journal, engine):
    journal.add_call(call("users/1"))
    stopped = engine(Script({}))
    stopped.stop()
    assert stopped.run() == "interrupted"
    assert journal.reason == "Stopped by you."
    text.set_language("el")
    try:
        assert journal.reason == "Τη διακόψατε εσείς."
    finally:
        text.set_language("en")
