"""Waiting is reported, in the window and on the command line: a school in trouble never makes a program fall silent."""

import io
from contextlib import redirect_stderr

import pytest

from lwdesk.api.auth import Credentials
from lwdesk.api.waits import Waits
from lwdesk.app.school.session import Session
from lwdesk.cli import show
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests import fast
from tests.app.desk import Desk


@pytest.mark.parametrize(("effect", "words"), [("500", "(error 500)"), ("503", "(error 503)"), ("cut", "")])
def test_each_wait_of_a_list_is_told_with_its_reason_and_its_end(effect, words, tmp_path):
    messages = []
    with Practice(users=5, limit=False) as practice:
        practice.switches.faults.append(Fault(effect, path="v2/users", times=2))
        credentials = Credentials(practice.url, practice.client_id, practice.client_secret)
        session = Session(
            "S", credentials, tmp_path, sleep=fast.sleep, clock=fast.monotonic, on_wait=messages.append
        )
        session.directory.fields()
        session.close()
    assert [one.rpartition("Trying again")[2] for one in messages] == [
        " in 1 s (1 of 3).",
        " in 2 s (2 of 3).",
    ]
    assert all(words in one for one in messages)


def test_of_many_threads_that_wait_one_tells_it_and_it_is_over_in_time():
    now, messages = [0.0], []
    waits = Waits(messages.append, lambda: now[0])
    for _thread in range(6):
        waits.begin("LearnWorlds is having trouble.", 2.0)
    assert messages == ["LearnWorlds is having trouble."] and waits.now == messages[0]
    now[0] = 2.0
    assert waits.now == ""
    waits.begin("again", 1.0)
    assert waits.now == "again" and len(messages) == 2


def test_the_command_line_prints_a_wait_on_standard_error():
    with redirect_stderr(io.StringIO()) as message:
        show.waiting("LearnWorlds asked for a pause. Continuing in 30 s.")
    assert message.getvalue() == "LearnWorlds asked for a pause. Continuing in 30 s.\n"


def test_the_wait_before_a_call_goes_out_again_is_told(tmp_path):
    with Practice(users=5, limit=False) as practice:
        desk = Desk(tmp_path, practice)
        messages = []
        job = desk.plan(
            ("Email", "Company"), (practice.school.users[0].email, "New Ltd"), operation="save-user"
        )
        desk.again(on_wait=messages.append)
        practice.switches.faults.append(Fault("401", "PUT", times=2))
        engine = desk.engine(job)
        engine.run()
        desk.close()
    assert any("Trying again in 2 s." in one for one in messages), messages
