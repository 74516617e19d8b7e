"""A clock that was set back or forward while a job waits."""

import time

from lwdesk.jobs.journal import Journal
from lwdesk.jobs.queue import Clock, Queue
from lwdesk.jobs.states import Call
from tests import fast


def test_the_engines_time_does_not_jump_with_the_computers_clock(monkeypatch):
    clock = Clock()
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: before - 86_400)
    assert 0 <= clock.now() - before < 5


def test_a_call_that_waits_for_a_far_time_goes_out_after_a_minute_at_most(tmp_path):
    journal = Journal(tmp_path / "one.lwjob", create=True)
    began = fast.CLOCK.now()
    journal.add_call(Call("update-user", "PUT", "users/1", due=began + 86_400))
    assert Queue(journal, fast.CLOCK).next() is not None
    assert 59 <= fast.CLOCK.now() - began < 120
    journal.close()
