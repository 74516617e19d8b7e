"""The journal: one file that is the job, that survives everything and forgets passwords."""

import shutil
import sqlite3

import pytest

from lwdesk.base.errors import Bug, UserError
from lwdesk.jobs import file
from lwdesk.jobs.file import UPGRADES
from lwdesk.jobs.journal import UNPLANNED, Journal
from lwdesk.jobs.states import DONE, FAILED, READY, SENDING, SKIPPED, UNCHANGED, UNSURE, End, Page, Row, Step
from tests.jobs.script import Script, call

SECRET = "hunter2-Παπί"
# One that needs pages of its own beside the row, and so leaves free pages behind.
LONG = "hunter3" * 2000


def copied(journal, folder):
    """The journal as another program finds it after this one was killed."""
    folder.mkdir()
    for path in journal.path.parent.glob(f"{journal.path.name}*"):
        shutil.copy(path, folder / path.name)
    return Journal(folder / journal.path.name)


def raw(journal):
    """All bytes of the job's files."""
    return b"".join(path.read_bytes() for path in journal.path.parent.glob(f"{journal.path.name}*"))


def test_facts_rows_steps_and_calls_come_back_as_they_were(journal):
    rows = [
        Row(n, [n, "ά", None, 1.5, True], {"email": f"{n}@x.org"}, [{"code": "note"}]) for n in range(2, 5000)
    ]
    rows[3].outcome, rows[3].message = SKIPPED, "no values"
    journal.add_rows(rows)
    journal.put(kind="import", letters={"email": "A"}, secret=None)
    body = {"email": "ά@x.org", "fields": {"bio": "Ω"}, "n": 1.5}
    first = journal.add_call(
        call("users", body=body, query=[["a", "b"], ["a", "c"]], lane="x", memo={"was": None})
    )
    second = journal.add_call(call("tags", needs=(first,), values={"tags": ["a"]}, mails=True))
    journal.add_step(Step(1, "create-user", "", {"email": "x"}, first, changes=[["Email", "", "x"]]))
    journal.close()
    found = Journal(journal.path)
    assert (found.get("kind"), found.get("letters"), found.get("secret", 1), found.get("x", 7)) == (
        "import", {"email": "A"}, None, 7,
    )  # fmt: skip
    back = list(found.rows())
    assert [(r.number, r.cells, r.values, r.problems, r.outcome, r.message) for r in back] == [
        (r.number, r.cells, r.values, r.problems, r.outcome, r.message) for r in rows
    ]
    assert [r.number for r in found.rows("outcome = ?", SKIPPED)] == [5]
    one, two = found.calls()
    assert (one.body, one.query, one.lane, one.memo, one.needs, one.state) == (
        body, [["a", "b"], ["a", "c"]], "x", {"was": None}, (), READY,
    )  # fmt: skip
    assert (two.id, two.needs, two.values, two.mails, two.body) == (
        second,
        (first,),
        {"tags": ["a"]},
        True,
        None,
    )
    found.close()


def test_what_is_about_to_leave_is_on_the_disk_first(journal):
    """Written through: a power cut does not undo it."""
    statements = []
    journal.add_call(call("users"))
    journal._db.set_trace_callback(statements.append)
    journal.about_to_send(1, 5.0)
    journal._db.set_trace_callback(None)
    kinds = [line.split()[0] if not line.startswith("PRAGMA") else line for line in statements]
    assert kinds == ["PRAGMA synchronous = FULL", "BEGIN", "UPDATE", "COMMIT", "PRAGMA synchronous = NORMAL"]
    with sqlite3.connect(journal.path) as other:
        assert other.execute("SELECT state, tries, sent FROM call").fetchall() == [(SENDING, 1, 5.0)]
    other.close()


def test_every_change_is_there_for_the_next_program(journal, tmp_path):
    for path in ("a", "b", "c"):
        journal.add_call(call(path))
    journal.about_to_send(1, 1.0)
    journal.about_to_send(2, 1.0)
    journal.ended(
        2, End(DONE, "made", 201, {"success": True}, "id", Page("p/1", 3, b"rows", ["cf"]), [call("d")]), 2.0
    )
    journal.about_to_send(3, 1.0)
    journal.again(3, 9.0)
    found = copied(journal, tmp_path / "copy")
    assert [(one.path, one.state, one.tries, one.due) for one in found.calls()] == [
        ("a", SENDING, 1, 0.0), ("b", DONE, 1, 0.0), ("c", READY, 0, 9.0), ("d", READY, 0, 0.0),
    ]  # fmt: skip
    assert found.lost() == [1]
    assert [page.data for page in found.pages("op")] == [b"rows"]
    assert found.page_keys("op") == {"cf"}
    assert (found.call(2).made, found.call(2).answer, found.call(2).ended) == ("id", {"success": True}, 2.0)
    found.close()


def test_a_transaction_that_breaks_leaves_nothing(journal):
    with pytest.raises(ZeroDivisionError), journal.writing():
        journal.put(kind="import")
        journal.add_call(call("users"))
        raise ZeroDivisionError
    assert journal.get("kind") is None
    assert list(journal.calls()) == []
    journal.put(kind="import")
    assert journal.get("kind") == "import"


def test_a_call_that_ended_is_neither_sent_nor_changed(journal):
    journal.add_call(call("users"))
    journal.ended(1, End(DONE), 1.0)
    with pytest.raises(Bug):
        journal.about_to_send(1, 2.0)
    with pytest.raises(Bug):
        journal.set_body(1, {}, {})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"PK\x03\x04 a workbook"),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000] + b"\0" * 20000),
        lambda path: path.write_bytes(b"SQLite format 3\0" + b"\xff" * 3000),
        lambda path: path.unlink(),
    ],
)
def test_a_file_that_is_no_journal_is_refused_with_a_sentence(tmp_path, spoil):
    path = tmp_path / "broken.lwjob"
    made = Journal(path, create=True)
    made.put(kind="import")
    made.close()
    spoil(path)
    with pytest.raises(UserError, match=r"broken"):
        Journal(path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UserError, match="job"):
        Journal(tmp_path / "nowhere" / "job.lwjob", create=True)


def test_a_full_disk_is_told_and_nothing_is_half_written(journal):
    journal.put(kind="import")
    journal._db.execute("PRAGMA max_page_count = 20")
    with pytest.raises(UserError, match="Free some space") as result:
        journal.add_rows(Row(n, ["x" * 1000], {}) for n in range(1000))
    assert "full" in result.value.message
    assert list(journal.rows()) == []
    assert journal.get("kind") == "import"


def test_a_job_whose_disk_is_full_stops_before_anything_more_is_sent(journal, engine):
    for n in range(50):
        journal.add_call(call(f"{n}"))
    journal._db.execute("PRAGMA max_page_count = 20")
    port = Script({f"{n}": [End(DONE, "x" * 4000)] for n in range(50)})
    assert engine(port, workers=1).run() == "interrupted"
    assert "Free some space" in journal.get("reason")
    sent = len(port.sends)
    assert sent < 50
    assert [one.state for one in journal.calls()][:sent] == [DONE] * (sent - 1) + [SENDING]


def test_remove_leaves_no_file(tmp_path):
    made = Journal(tmp_path / "job.lwjob", create=True)
    other = Journal(tmp_path / "job2.lwjob", create=True)
    made.put(kind="import")
    with made.held():
        pass
    made.remove()
    assert not list(tmp_path.glob("job.lwjob*"))
    assert other.get("kind") is None
    other.close()


def test_the_state_of_a_job_that_nobody_runs_any_more_is_interrupted(journal, tmp_path):
    journal.put(state="running")
    with journal.held():
        copy = Journal(journal.path)
        assert (copy.state, copy.busy) == ("running", True)
    assert (copy.state, copy.busy) == ("interrupted", False)
    copy.close()


# Passwords --------------------------------------------------------------------------------------------------------


def secretive(journal, secret, outcomes):
    """A job of one row an outcome, each with a password; None: its call is open; "alone": a step without a call."""
    journal.add_rows(
        Row(n, ["x@y.org", secret], {"email": "x@y.org", "password": secret}) for n in range(len(outcomes))
    )
    for n, outcome in enumerate(outcomes, 1):
        values = {"email": "x@y.org", "password": secret}
        if outcome == "alone":
            journal.add_step(Step(n, "create-user", "", values, None, UNCHANGED))
            continue
        number = journal.add_call(call("users", body=dict(values), values=dict(values)))
        journal.add_step(Step(n, "create-user", "", values, number))
        journal.add_step(Step(n, "tag", "", {"tags": ["a"]}, None, FAILED))
        if outcome:
            journal.about_to_send(number, 1.0)
            journal.ended(number, End(outcome), 2.0)


@pytest.mark.parametrize("secret", [SECRET, LONG])
def test_no_password_is_left_once_all_is_carried_out(journal, secret):
    journal._db.execute("PRAGMA secure_delete = OFF")  # some systems switch it on, others don't
    secretive(journal, secret, [DONE, UNCHANGED, UNSURE, "alone"] * 20)
    assert secret.encode()[:100] in raw(journal)
    journal.wipe(["password"], [1], ["create-user"])
    assert secret.encode()[:7] not in raw(journal)
    assert [row.cells for row in journal.rows()] == [["x@y.org", None]] * 80
    assert {tuple(row.values.items()) for row in journal.rows()} == {(("email", "x@y.org"),)}
    assert all(found.body == {"email": "x@y.org"} == found.values for found in journal.calls())


def test_passwords_that_a_further_try_needs_are_kept(journal):
    secretive(journal, SECRET, [FAILED, SKIPPED, None, DONE])
    journal.wipe(["password"], [1], ["create-user"])
    assert [row.values.get("password") for row in journal.rows()] == [SECRET, SECRET, SECRET, None]
    assert [row.cells[1] for row in journal.rows()] == [SECRET, SECRET, SECRET, None]
    assert ["password" in found.body for found in journal.calls()] == [False, False, True, False]


# Trying again -----------------------------------------------------------------------------------------------------


def test_reopening_forgets_what_failed_and_keeps_what_was_done(journal):
    journal.add_rows(Row(n, [], {}) for n in range(4))
    for row, outcome in ((1, DONE), (1, FAILED), (2, UNSURE), (3, SKIPPED)):
        number = journal.add_call(call(f"{row}"))
        journal.add_step(Step(row, "op", "", {}, number))
        journal.ended(number, End(outcome), 1.0)
    refused = next(journal.rows("id = 4"))
    refused.outcome, refused.message = FAILED, "no such course"
    journal.save_row(refused)
    journal.put(cancel=True)
    assert journal.reopen_failed() == 3
    assert journal.ask("SELECT row, call, outcome FROM step ORDER BY row, id") == [
        (1, 1, None), (1, None, READY), (2, 3, None), (3, None, READY),
    ]  # fmt: skip
    assert [row.number for row in journal.rows(UNPLANNED)] == [0, 2, 3]
    assert journal.unplanned
    assert [row.outcome for row in journal.rows()] == [None] * 4
    assert not journal.get("cancel")


def test_dropping_the_unsent_plan_keeps_what_was_sent(journal):
    journal.add_rows([Row(2, [], {}), Row(3, [], {})])
    sent, unsent, lost = (journal.add_call(call(path)) for path in ("a", "b", "c"))
    journal.add_call(call("d", needs=(sent, unsent)))
    for row, number in ((1, sent), (1, unsent), (2, lost)):
        journal.add_step(Step(row, "op", "", {}, number))
    journal.add_step(Step(2, "op", "", {}, None, UNCHANGED))
    journal.ended(sent, End(DONE), 1.0)
    journal.about_to_send(lost, 1.0)
    journal.drop_unsent()
    assert [found.path for found in journal.calls()] == ["a", "c"]
    steps = journal.ask("SELECT row, call, outcome FROM step")
    assert steps == [(1, sent, None), (1, None, READY), (2, lost, None), (2, None, UNCHANGED)]
    assert journal.ask("SELECT count(*) FROM need") == [(0,)]
    assert [row.number for row in journal.rows(UNPLANNED)] == [2]
    journal.drop_unplanned(1)
    assert journal.ask("SELECT row, call FROM step") == [(1, sent), (2, lost), (2, None)]


def test_dropping_a_plan_of_which_nothing_was_sent_forgets_it_all(journal):
    journal.add_rows([Row(2, [], {}), Row(3, [], {})])
    journal.add_step(Step(1, "op", "", {}, journal.add_call(call("a"))))
    journal.add_step(Step(2, "op", "", {}, None, UNCHANGED))
    journal.drop_unsent()
    assert list(journal.calls()) == []
    assert journal.ask("SELECT * FROM step") == []
    assert [row.number for row in journal.rows(UNPLANNED)] == [2, 3]


def set_version(journal, number):
    journal.close()
    with sqlite3.connect(journal.path) as db:
        db.execute(f"PRAGMA user_version = {number}")
    db.close()


@pytest.mark.parametrize(
    ("number", "words"), [(99, "newer version of lwdesk.*Update"), (0, "trial version.*Start again")]
)
def test_a_job_of_a_version_that_is_not_known_is_left_as_it_is(journal, number, words):
    journal.put(kind="import")
    set_version(journal, number)
    before = journal.path.read_bytes()
    with pytest.raises(UserError, match=words):
        Journal(journal.path)
    assert journal.path.read_bytes() == before


def test_a_job_of_an_older_version_is_brought_up_to_this_one(journal, monkeypatch):
    journal.put(kind="import")
    journal.close()
    steps = [
        *UPGRADES,
        "ALTER TABLE row ADD COLUMN more TEXT; UPDATE meta SET value = '\"new\"'",
        "CREATE TABLE extra (n)",
    ]
    monkeypatch.setattr(file, "UPGRADES", steps)
    now = 1 + len(steps)
    for _again in range(2):
        found = Journal(journal.path)
        assert found.get("kind") == "new" and found.ask("SELECT n FROM extra") == []
        assert found.ask("PRAGMA user_version") == [(now,)]
        found.close()


def test_an_upgrade_that_fails_changes_nothing_and_is_told(journal, monkeypatch):
    journal.put(kind="import")
    journal.close()
    monkeypatch.setattr(
        file, "UPGRADES", [*UPGRADES, "CREATE TABLE extra (n); INSERT INTO nowhere VALUES (1)"]
    )
    with pytest.raises(UserError, match="Can't use the job file"):
        Journal(journal.path)
    monkeypatch.setattr(file, "UPGRADES", UPGRADES)
    found = Journal(journal.path)
    assert found.get("kind") == "import" and not found.ask("SELECT 1 FROM sqlite_master WHERE name = 'extra'")
    found.close()


def test_a_job_that_runs_elsewhere_is_not_upgraded_under_it(journal, monkeypatch):
    monkeypatch.setattr(file, "UPGRADES", [*UPGRADES, "CREATE TABLE extra (n)"])
    with journal.held(), pytest.raises(UserError, match="already running"):
        Journal(journal.path)
