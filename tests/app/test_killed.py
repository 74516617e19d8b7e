"""A program that is killed at any moment: whatever it had done is done once, whatever it had not is done later."""

import json
import signal
import subprocess
import sys
import time

import openpyxl
import pytest

from lwdesk.app.exporting import workbook
from lwdesk.app.job import history, results
from lwdesk.base.errors import UserError
from lwdesk.jobs.journal import Journal
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app import killed
from tests.app.desk import HEADERS, Desk, idle, row_results, state, words

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="killing without warning is POSIX's")


def people(practice):
    """One to create with everything, one to update, one to tag and enroll."""
    old, other = idle(practice)[:2]
    return HEADERS, (
        {
            "Email": "new@example.org", "First name": "Nia", "Tags": "autumn", "Company": "Nia Ltd",
            "Courses": "Workplace Safety", "Seat offering": "Acme team",
        },
        {"Email": old.email, "Company": "Changed Ltd"},
        {"Email": other.email, "Tags": "autumn", "Courses": "Workplace Safety"},
    )  # fmt: skip


def codes(practice):
    return ("Promotion", "Code", "Quantity"), (("Spring sale", "NEW-1", 5), ("Back to school", "NEW-2", None))


def bulk(practice):
    return ("Promotion", "Prefix", "Quantity"), (("Spring sale", "easter", 3), ("Spring sale", "easter", 2))


def members(practice):
    space = next(s for s in practice.school.spaces.values() if not s["is_invitation_required"])
    outside = [u for u in practice.school.users if u.id not in space["members"] and not u.suspended]
    return ("User", "Space"), [(user.email, space["title"]) for user in outside[:52]]


def teachers(practice):
    return ("Email", "Role"), [(user.email, "Teaching assistant") for user in idle(practice)[:2]]


def students(practice):
    found = [u for u in practice.school.users if "gdpr" in u.progress and not u.suspended]
    begun = [u for u in found if u.progress["gdpr"].units and not u.progress["gdpr"].completed_at]
    return ("Email", "Course"), [(user.email, "gdpr") for user in begun[:2]]


def sections(practice):
    return ("Course", "Section", "Section access"), (
        ("gdpr", "Week 9", "paid"),
        ("welcome", "Week 9", "draft"),
    )


JOBS = {"roster": people, "create-coupon": codes, "bulk-coupons": bulk, "add-to-space": members}
# Those whose calls go the same way as the others' are killed at a few steps only.
MORE_JOBS = {"set-role": teachers, "complete": students, "create-section": sections}
# A lost answer of these is answered by sending again: the second time changes nothing.
SAFE = (
    "PUT users/{user}",
    "PUT users/{user}/user-role",
    "PUT users/{user}/tags",
    "POST community/spaces/{space}/users",
)


class Room:
    """A school and a desk of one attempt."""

    def __init__(self, folder, operation, users):
        folder.mkdir()
        self.practice = Practice(users=users, limit=False).start()
        self.desk, self.operation = Desk(folder, self.practice), operation
        self.path = self.desk.workbook(*self._sheet())

    def _sheet(self):
        headers, rows = (JOBS | MORE_JOBS)[self.operation](self.practice)
        return headers, *rows

    def work(self, workers=1):
        arguments = (
            str(self.desk.home.root),
            self.practice.credentials(),
            str(self.path),
            self.operation,
            workers,
        )
        return killed.importing, arguments

    @property
    def job(self):
        found = list(self.desk.home.jobs.glob("*.lwjob"))
        return found[0].stem if found else ""

    def go_on(self):
        """What a person does next: resume the job; where there is none yet, import again. Returns the job."""
        try:
            history.find(self.desk.home, self.job).close()
        except UserError as error:
            assert "no job" in error.title or "Nothing was sent" in error.message
            assert self.desk.writes == {}
            return self.desk.run_import(*self._sheet(), operation=self.operation)
        return self.desk.resume(self.job)

    def outcome(self, journal):
        return {n: (one.outcome, one.made != "") for n, one in row_results(journal).items()}

    def close(self):
        self.desk.close()
        self.practice.stop()


@pytest.fixture
def room(tmp_path):
    made = []

    def open_room(operation, users=200):
        made.append(Room(tmp_path / str(len(made)), operation, users))
        return made[-1]

    yield open_room
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def wholes():
    """What unbroken runs did, by operation."""
    return {}


@pytest.fixture
def finished(room, wholes):
    """Operation -> what an unbroken run does: steps, the school afterwards, its writes, outcomes."""

    def run(operation):
        if operation not in wholes:
            one = room(operation)
            steps, was_killed = killed.run(one.work())
            assert not was_killed
            journal = history.find(one.desk.home, one.job)
            wholes[operation] = steps, state(one.practice), one.desk.writes, one.outcome(journal)
            journal.close()
            assert {word for word, _made in wholes[operation][3].values()} == {"done"}
        return wholes[operation]

    return run


def expect(one, whole):
    """Going on ends as if nothing had happened."""
    _steps, after, writes, outcomes = whole
    journal = one.go_on()
    if one.operation in ("bulk-coupons", "create-section") and "failed" in words(journal):
        # They are not there and the answer is lost: whether to make them again is the user's decision.
        failed = [row for row in row_results(journal).values() if row.outcome == "failed"]
        assert all("LearnWorlds didn't do it. Retry to send it again." in row.message for row in failed)
        one.desk.retry(journal)
    assert state(one.practice) == after
    extra = {op: n - writes[op] for op, n in one.desk.writes.items() if n != writes[op]}
    assert all(op in SAFE and n == 1 for op, n in extra.items()), extra
    assert len(extra) <= 1
    assert one.outcome(journal) == outcomes
    assert journal.lost() == []
    journal.close()


@pytest.mark.parametrize("operation", [*JOBS, *MORE_JOBS])
def test_a_program_killed_at_any_step_loses_nothing_and_repeats_nothing(room, finished, operation):
    whole = finished(operation)
    assert whole[0] > 20
    for n in range(1, whole[0] + 1) if operation in JOBS else range(8, whole[0] + 1, 3):
        one = room(operation)
        assert killed.run(one.work(), at=n) == (n, True)
        try:
            expect(one, whole)
        except AssertionError as error:
            raise AssertionError(f"killed at step {n} of {whole[0]}: {error}") from error
        one.close()


@pytest.mark.parametrize("at", [20, 27, 34, 41])
def test_killed_again_and_again_while_going_on(room, finished, at):
    whole = finished("roster")
    one = room("roster")
    assert killed.run(one.work(), at=at)[1]
    for again in (3, 5, 6, 9):
        resume = killed.resuming, (str(one.desk.home.root), one.practice.credentials(), one.job, 1)
        assert killed.run(resume, at=again)[1]
    journal = one.go_on()
    assert state(one.practice) == whole[1]
    assert one.outcome(journal) == whole[3]
    journal.close()


@pytest.mark.parametrize("at", range(14, 50, 5))
def test_killed_with_many_calls_on_their_way(room, finished, at):
    whole = finished("roster")
    one = room("roster")
    assert killed.run(one.work(workers=6), at=at)[1]
    _steps, after, writes, outcomes = whole
    journal = one.go_on()
    assert state(one.practice) == after
    assert one.outcome(journal) == outcomes
    for operation, count in one.desk.writes.items():
        assert count == writes[operation] or operation in SAFE
    journal.close()


def test_killed_while_it_undoes(room):
    def done():
        one = room("roster")
        before = state(one.practice)
        one.desk.run_import(*one._sheet()).close()
        one.desk.forget()
        [job] = [path.stem for path in one.desk.home.jobs.glob("*.lwjob")]
        arguments = (str(one.desk.home.root), one.practice.credentials(), job, 1)
        return one, before, (killed.undoing, arguments)

    one, before, work = done()
    steps, _killed = killed.run(work)
    after, writes = state(one.practice), one.desk.writes
    assert {user: after["people"][user] for user in before["people"]} == before["people"]
    for n in range(1, steps + 1, 3):  # an odd number: before and after a commit in turn
        one, before, work = done()
        assert killed.run(work, at=n) == (n, True)
        made = [path.stem for path in one.desk.home.jobs.glob("*-undo-*.lwjob")]
        try:
            history.find(one.desk.home, made[0] if made else "none").close()
        except UserError:
            function, arguments = work
            assert not killed.run((function, arguments))[1]
        else:
            one.desk.resume(made[0]).close()
        assert state(one.practice) == after, n
        extra = {op: n - writes[op] for op, n in one.desk.writes.items() if n != writes[op]}
        assert all(op not in ("POST users/{user}/enrollment",) and n == 1 for op, n in extra.items()), extra
        one.close()


@pytest.mark.parametrize("export", ["users", "course-users", "payments"])
def test_an_export_killed_at_any_step_has_every_row_once(room, tmp_path, export):
    def start():
        one = room("roster", users=100 if export == "course-users" else 450)
        target = one.desk.folder / "out.xlsx"
        return (
            one,
            target,
            (killed.exporting, (str(one.desk.home.root), one.practice.credentials(), export, str(target))),
        )

    one, target, work = start()
    steps, _killed = killed.run(work)
    whole, reads = rows(target), one.desk.reads
    assert reads >= {"users": 3, "course-users": 17, "payments": 2}[export]  # pages
    for n in range(1, steps + 1, 17 if export == "course-users" else 3):
        one, target, work = start()
        taken, was_killed = killed.run(work, at=n)
        assert was_killed or taken < n  # two workers don't always take the same number of steps
        if one.job and Journal(one.desk.home.jobs / f"{one.job}.lwjob").get("kind"):
            journal = one.desk.resume(one.job)
            workbook.write(journal, target)
            assert one.desk.reads <= reads + 2  # what was on its way is asked for again
            journal.close()
            assert rows(target) == whole, n
        one.close()


def rows(path):
    book = openpyxl.load_workbook(path, read_only=True)
    found = [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return found


def test_no_password_outlives_a_run_that_was_killed_at_its_end(room, monkeypatch):
    secret = "hunter2-Παπί"
    monkeypatch.setitem(
        JOBS, "roster", lambda practice: (("Email", "Password"), (("new@example.org", secret),))
    )
    steps, _killed = killed.run(room("roster").work())
    for n in range(12, steps + 1):
        one = room("roster")
        assert killed.run(one.work(), at=n) == (n, True)
        journal = one.go_on()
        assert words(journal) == ["done"]
        content = b"".join(path.read_bytes() for path in one.desk.home.jobs.iterdir())
        assert secret.encode() not in content, n
        assert one.practice.school.find_user("new@example.org").password == secret
        journal.close()
        one.close()


def test_results_that_were_cut_short_are_written_again(room, finished):
    steps = finished("roster")[0]
    one = room("roster")
    assert killed.run(one.work(), at=steps)[1]  # the last step puts the results in their place
    target = one.desk.folder / "results.xlsx"
    assert not target.exists()
    journal = one.go_on()
    results.write(journal, target)
    assert [row[8] for row in rows(target)[1:]] == ["done"] * 3
    journal.close()


def test_the_real_command_killed_in_the_middle_of_a_call(room, finished, monkeypatch):
    """In real time: the command line, a school that is slow with an answer, and a kill from outside."""
    whole = finished("roster")
    one = room("roster")
    given = one.practice.credentials()
    for name, value in (
        ("SCHOOL_URL", "url"),
        ("CLIENT_ID", "client_id"),
        ("CLIENT_SECRET", "client_secret"),
    ):
        monkeypatch.setenv(f"LWDESK_{name}", given[value])
    monkeypatch.setenv("LWDESK_HOME", str(one.desk.home.root))
    one.practice.switches.faults = [Fault("stall", "POST", "/enrollment$", after=True, times=1, seconds=60)]
    command = [sys.executable, "-m", "lwdesk"]
    child = subprocess.Popen([*command, "import", one.path, "--operation", "roster", "--yes", "--json"])
    while not one.practice.api.totals["faults"]:
        assert child.poll() is None
        time.sleep(0.005)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    done = subprocess.run(
        [*command, "resume", one.job, "--yes", "--json"], capture_output=True, text=True, check=True
    )
    facts = json.loads(done.stdout.splitlines()[-1])
    assert (facts["rows"], facts["done"]) == (3, 3)
    assert state(one.practice) == whole[1]
    for operation, count in one.desk.writes.items():
        assert count == whole[2][operation] or operation in SAFE
    assert [row[8] for row in rows(facts["results"])[1:]] == ["done"] * 3
