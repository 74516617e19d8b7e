"""Every fault of a school at every kind of call: the school ends as it should, nothing is done twice, rows say why."""

import time

import pytest

from lwdesk.app.importing import imports
from lwdesk.base.errors import AppError, Unavailable
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.model import NEVER, SAFE
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app.desk import HEADERS, Desk, idle, roster, row_results, state, words


def _seated(practice):
    circle = next(c for c in practice.school.seats.values() if c.title == "Acme team")
    return next(practice.school.by_id[user] for user, since in circle.members.items() if since is not None)


def _grouped(practice):
    circle = next(c for c in practice.school.groups.values() if c.title == "Board")
    return practice.school.by_id[next(iter(circle.members))]


def _space(practice):
    return next(
        s for s in practice.school.spaces.values() if s["members"] and not s["is_invitation_required"]
    )


def _member(practice, *, there):
    members = _space(practice)["members"]
    return next(u.email for u in practice.school.users if (u.id in members) is there and not u.suspended)


def _promotion(practice):
    return ("Promotion name", "Discount", "Discount type"), ("Winter", 20, "percentage")


def _holder(practice):
    return next(u for u in practice.school.users if ("course", "gdpr") in u.holds and not u.suspended)


def _student(practice):
    """Someone in the middle of the course on data protection."""
    found = (
        (u, u.progress["gdpr"]) for u in practice.school.users if "gdpr" in u.progress and not u.suspended
    )
    return next(user for user, progress in found if progress.units and not progress.completed_at)


def _certified(practice):
    one = next(
        c for c in practice.school.certificates.values() if not practice.school.by_id[c["user"]].suspended
    )
    return practice.school.by_id[one["user"]].email, one["course_id"]


def _submitted(practice):
    school = practice.school
    units = {unit: course for course in school.contents for unit in school.units(course)}
    for one in school.submissions.values():
        course, person = units[one["unit"]], school.by_id[one["user_id"]]
        if one["grade"] is not None and not person.suspended:
            return person.email, course, one["unit"]
    raise AssertionError("nobody submitted anything")


# Operation -> (its write, where it goes, the sheet that leads to it once); what stands after a colon tells apart two
# ways of one operation.
CALLS = {
    "create-user": ("POST users", "^/v2/users$", lambda p: (("Email", "Username"), ("new@example.org", "Nia"))),
    "update-user": (
        "PUT users/{user}", "^/v2/users/[^/]+$",
        lambda p: (("User", "Company"), (idle(p)[0].email, "Changed Ltd")),
    ),
    "tag": ("PUT users/{user}/tags", "/tags$", lambda p: (("User", "Tags"), (idle(p)[0].email, "autumn"))),
    "untag": (
        "PUT users/{user}/tags", "/tags$",
        lambda p: (("User", "Tags"), next((u.email, u.tags[0]) for u in p.school.users[20:] if u.tags)),
    ),
    "enroll": (
        "POST users/{user}/enrollment", "/enrollment$",
        lambda p: (("User", "Product"), (idle(p)[0].email, "Workplace Safety")),
    ),
    "unenroll": (
        "DELETE users/{user}/enrollment", "/enrollment$",
        lambda p: (("User", "Product"), (_holder(p).email, "gdpr")),
    ),
    "assign-seat": (
        "POST seats/{seat}/users/{user}", "^/v2/seats/",
        lambda p: (("User", "Seat offering"), (idle(p)[0].email, "Acme team")),
    ),
    "remove-seat": (
        "DELETE seats/{seat}/users/{user}", "^/v2/seats/",
        lambda p: (("User", "Seat offering", "Leave the offering too"), (_seated(p).email, "Acme team", "yes")),
    ),
    "create-coupon": (
        "POST promotions/{promotion}/coupons", "/coupons$",
        lambda p: (("Promotion", "Code", "Quantity"), ("Spring sale", "NEW-1", 5)),
    ),
    "bulk-coupons": (
        "POST promotions/{promotion}/coupons-bulk", "/coupons-bulk$",
        lambda p: (("Promotion", "Prefix", "Quantity"), ("Spring sale", "easter", 3)),
    ),
    "update-user:email": (
        "PUT users/{user}", "^/v2/users/[^/]+$",
        lambda p: (("User", "New email"), (idle(p)[0].email, "another@example.org")),
    ),
    "suspend": ("PUT users/{user}/suspend", "/suspend$", lambda p: (("User",), (idle(p)[0].email,))),
    "unsuspend": (
        "PUT users/{user}/unsuspend", "/unsuspend$",
        lambda p: (("User",), (next(u for u in p.school.users if u.suspended).email,)),
    ),
    "create-course": (
        "POST courses", "^/v2/courses$",
        lambda p: (("Course ID", "Title", "Access"), ("knitting", "Knitting", "free")),
    ),
    "update-course": (
        "PUT courses/{course}", "^/v2/courses/[^/]+$",
        lambda p: (("Course", "Label"), ("Workplace Safety", "Classic")),
    ),
    "join-group": (
        "POST user_groups/{group}/users/{user}", "^/v2/user_groups/",
        lambda p: (("User", "Group"), (idle(p)[0].email, "Empty so far")),
    ),
    "leave-group": (
        "DELETE user_groups/{group}/users/{user}", "^/v2/user_groups/",
        lambda p: (("User", "Group"), (_grouped(p).email, "Board")),
    ),
    "create-seat-offering": (
        "POST seats", "^/v2/seats$", lambda p: (("Title", "Courses", "Seats"), ("Sales 2026", "gdpr", 5)),
    ),
    "update-seat-offering": (
        "PUT seats/{seat}", "^/v2/seats/", lambda p: (("Seat offering", "Seats"), ("Acme team", 14)),
    ),
    "delete-seat-offering": (
        "DELETE seats/{seat}", "^/v2/seats/", lambda p: (("Seat offering",), ("Acme team",)),
    ),
    "create-group": ("POST user_groups", "^/v2/user_groups$", lambda p: (("Title",), ("Night class",))),
    "update-group": (
        "PUT user_groups/{group}", "^/v2/user_groups/", lambda p: (("Group", "New title"), ("Board", "Old board")),
    ),
    "delete-group": ("DELETE user_groups/{group}", "^/v2/user_groups/", lambda p: (("Group",), ("Board",))),
    "create-space": (
        "POST community/spaces", "/spaces$", lambda p: (("Title", "Access"), ("Teachers", "standalone")),
    ),
    "update-space": (
        "PUT community/spaces/{space}", "/spaces/", lambda p: (("Space", "New title"), (_space(p)["id"], "Lounge")),
    ),
    "delete-space": ("DELETE community/spaces/{space}", "/spaces/", lambda p: (("Space",), (_space(p)["id"],))),
    "add-to-space": (
        "POST community/spaces/{space}/users", "/users$",
        lambda p: (("User", "Space"), (_member(p, there=False), _space(p)["title"])),
    ),
    "remove-from-space": (
        "DELETE community/spaces/{space}/users/{member}", "/spaces/",
        lambda p: (("User", "Space"), (_member(p, there=True), _space(p)["title"])),
    ),
    "create-promotion": ("POST promotions", "^/v2/promotions$", _promotion),
    "make-affiliate": (
        "POST affiliates/{user}", "^/v2/affiliates/",
        lambda p: (("User",), (next(u for u in idle(p) if not u.affiliate).email,)),
    ),
    "set-role": (
        "PUT users/{user}/user-role", "/user-role$",
        lambda p: (("User", "Role", "Assigned courses"), (idle(p)[0].email, "Instructor", "gdpr")),
    ),
    "create-section": (
        "POST courses/{course}/sections", "/sections$",
        lambda p: (("Course", "Section", "Section access"), ("gdpr", "Week 1", "draft")),
    ),
    "complete": (
        "POST users/{user}/courses/{course}/complete", "/complete$",
        lambda p: (("User", "Course"), (_student(p).email, "gdpr")),
    ),
    "reset-progress": (
        "POST users/{user}/courses/{course}/reset", "/reset$",
        lambda p: (("User", "Course"), (_student(p).email, "gdpr")),
    ),
    "reissue-certificate": (
        "PUT certificates/{certificate}", "^/v2/certificates/",
        lambda p: (("User", "Course", "First name"), (*_certified(p), "Anna")),
    ),
    "revoke-certificate": (
        "DELETE certificates/{certificate}", "^/v2/certificates/",
        lambda p: (("User", "Course"), _certified(p)),
    ),
    "review-submission": (
        "POST assessments/scores/{score}/review", "/review$",
        lambda p: (("User", "Course", "Activity", "Grade", "Feedback"), (*_submitted(p), 33, "Well argued")),
    ),
}  # fmt: skip
LOST = ("cut", "500", "503", "html", "empty", "bad json")
# Every way to lose an answer at the calls of a roster and of coupons; one way at the others.
MAIN = list(CALLS)[:10]
PAIRS = [(call, effect) for call in CALLS for effect in (LOST if call in MAIN else LOST[:1])]
lost_in_every_way = pytest.mark.parametrize(("case", "effect"), PAIRS, indirect=["case"])
at_main_calls = pytest.mark.parametrize("case", MAIN, indirect=True)
at_calls_that_are_looked_up = pytest.mark.parametrize(
    "case", [name for name in CALLS if OPERATIONS[name.partition(":")[0]].repeat != SAFE], indirect=True
)


def test_every_write_of_the_catalog_is_tried_here():
    calls = {entry.id for entry in OPERATIONS.values() if entry.call}
    assert {name.partition(":")[0] for name in CALLS} == calls


@pytest.fixture(scope="module")
def ends():
    """Operation -> the school after an import without faults."""
    return {}


@pytest.fixture(params=CALLS)
def case(request, desk, practice, ends, tmp_path):
    return Case(request.param, desk, practice, ends, tmp_path)


class Case:
    """One operation's import at a school that has a fault ready for its write."""

    def __init__(self, name, desk, practice, ends, folder):
        self.operation, self.desk, self.practice = name.partition(":")[0], desk, practice
        self.write, self.path, self.sheet = CALLS[name]
        # Sent again without a look, for the second time changes nothing; never sent again by itself.
        self.safe, self.never = (OPERATIONS[self.operation].repeat == kind for kind in (SAFE, NEVER))
        if name not in ends:
            (folder / "plain").mkdir()
            with Practice(users=200, limit=False) as plain:
                other = Desk(folder / "plain", plain)
                assert words(other.run_import(*self.sheet(plain), operation=self.operation)) == ["done"]
                ends[name] = state(plain)
                other.close()
        self.end = ends[name]

    def plan(self, *faults):
        journal = self.desk.plan(*self.sheet(self.practice), operation=self.operation)
        method = self.write.split()[0]
        self.practice.switches.faults = [
            Fault(effect, method, self.path, **facts) for effect, facts in faults
        ]
        self.desk.forget()
        return journal

    def run(self, *faults):
        journal = self.plan(*faults)
        return journal, self.desk.run(journal)

    @property
    def processed(self):
        return self.desk.writes.get(self.write, 0)

    def row(self, journal):
        [row] = row_results(journal).values()
        return row

    @property
    def as_it_should_be(self):
        return state(self.practice) == self.end


@lost_in_every_way
def test_an_answer_lost_after_the_work(case, effect):
    journal, ended = case.run((effect, {"times": 1, "after": True}))
    assert (ended, case.row(journal).outcome) == ("finished", "done")
    assert case.as_it_should_be
    assert case.processed == (2 if case.safe else 1)


@lost_in_every_way
def test_a_request_lost_before_the_work(case, effect):
    journal, ended = case.run((effect, {"times": 1}))
    assert ended == "finished"
    if case.never:
        row = case.row(journal)
        assert row.outcome == "failed"
        assert "lwdesk checked: LearnWorlds didn't do it. Retry to send it again." in row.message
        assert case.processed == 0
        case.desk.retry(journal)
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    assert case.processed == 1


def test_answers_lost_twice_after_the_work(case):
    journal, ended = case.run(("cut", {"times": 2, "after": True}))
    assert (ended, case.row(journal).outcome) == ("finished", "done")
    assert case.as_it_should_be
    assert case.processed == (3 if case.safe else 1)


def test_a_call_that_never_gets_through_fails_with_a_sentence_and_can_be_retried(case):
    journal, ended = case.run(("500", {}))
    row = case.row(journal)
    assert (ended, row.outcome) == ("finished", "failed")
    assert "LearnWorlds is having trouble right now (error 500)" in row.message
    assert "LearnWorlds didn't do it" in row.message
    assert case.processed == 0
    case.practice.switches.faults = []
    case.desk.retry(journal)
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    assert case.processed == 1


def test_a_call_that_is_always_carried_out_and_never_answered_is_done(case):
    journal, ended = case.run(("500", {"after": True}))
    assert (ended, case.row(journal).outcome) == ("finished", "done")
    assert case.as_it_should_be
    assert case.processed == (3 if case.safe else 1)


@pytest.mark.parametrize("after", [False, True])
def test_a_success_that_says_it_is_none(case, after):
    journal, ended = case.run(("success false", {"times": 1, "after": after}))
    assert ended == "finished"
    if not after:
        assert case.row(journal).outcome == "failed"
        assert "refused" in case.row(journal).message
        case.desk.retry(journal)
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    assert case.processed == 1


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_comes_too_late(case, after):
    """The school goes on with what it was asked though nobody waits for it any more."""
    case.desk.again(timeout=(5.0, 0.2))
    journal, ended = case.run(("stall", {"times": 1, "after": after, "seconds": 0.5}))
    assert ended == "finished"
    sent = 1 if case.never or (after and not case.safe) else 2
    until = time.monotonic() + 5
    while case.processed < sent and time.monotonic() < until:
        time.sleep(0.01)
    if case.never and not after and case.row(journal).outcome == "failed":
        case.desk.retry(journal)  # and it finds what came later than the look after it
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    if case.safe:  # on a busy machine an ordinary answer may come too late as well, and is asked for again
        assert case.processed >= sent
    else:  # on a busy machine the look may come late enough to find the first one done
        assert 1 <= case.processed <= sent


def test_a_token_that_ends_in_the_middle(case):
    journal = case.plan()
    case.practice.api.tokens._access.clear()
    assert case.desk.run(journal) == "finished"
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    assert case.processed == 1
    assert case.practice.api.totals["tokens"] == 1


@at_main_calls
@pytest.mark.parametrize("pause", [None, 12])
def test_a_school_that_asks_for_patience(case, pause):
    journal, ended = case.run(("429", {"times": 2, "retry_after": pause}))
    assert (ended, case.row(journal).outcome) == ("finished", "done")
    assert case.as_it_should_be
    assert case.processed == 1
    assert case.desk.session.client.refused == 2


@pytest.mark.parametrize("after", [False, True])
def test_a_redirect_to_elsewhere_stops_the_job(case, after):
    journal, ended = case.run(("redirect", {"after": after}))
    assert ended == "interrupted"
    assert "other-school.invalid" in journal.get("reason")
    job = journal.id
    journal.close()
    case.practice.switches.faults = []
    journal = case.desk.resume(job)
    if case.never and not after:
        assert case.row(journal).outcome == "failed"
        case.desk.retry(journal)
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    assert case.processed == (2 if after and case.safe else 1)
    journal.close()


def test_credentials_that_are_withdrawn_stop_the_job(case):
    journal, ended = case.run(("401", {}))
    assert ended == "interrupted"
    assert "doesn't accept this access token" in journal.get("reason")
    assert case.processed == 0
    job = journal.id
    journal.close()
    case.practice.switches.faults = []
    journal = case.desk.resume(job)
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    journal.close()


def test_a_lost_answer_and_a_school_that_is_out_for_a_while(case):
    journal = case.plan(("cut", {"times": 1, "after": True}))
    case.practice.switches.faults.append(Fault("503", "GET", times=6))
    assert case.desk.run(journal) == "finished"
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be


@pytest.mark.parametrize("method", ["GET", ""])
def test_a_lost_answer_and_a_school_that_is_out_for_good(case, method):
    journal = case.plan(("cut", {"after": True}))
    case.practice.switches.faults.append(Fault("503", method))
    assert case.desk.run(journal) == "interrupted"
    assert "error 503" in journal.get("reason")
    job = journal.id
    journal.close()
    case.practice.switches.faults = []
    journal = case.desk.resume(job)
    if case.never and case.processed == 0:
        case.desk.retry(journal)
    assert case.row(journal).outcome == "done"
    assert case.as_it_should_be
    journal.close()


@at_calls_that_are_looked_up
def test_a_lost_answer_at_a_school_that_does_not_let_one_look(case):
    journal = case.plan(("cut", {"after": True}))
    case.practice.switches.faults.append(Fault("success false", "GET"))
    assert case.desk.run(journal) == "finished"
    row = case.row(journal)
    assert row.outcome == "unsure"
    assert "Check there before you retry." in row.message
    assert case.processed == 1


# Reading, before anything is sent ------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", [*LOST, "success false", "429"])
@pytest.mark.parametrize("skip", range(0, 8, 4))
def test_a_fault_while_planning_costs_a_second_try(desk, practice, effect, skip):
    rows = roster(practice)
    practice.switches.faults = [Fault(effect, "GET", times=1, skip=skip)]
    if effect == "success false":
        with pytest.raises(AppError):
            desk.plan(HEADERS, *rows)
    else:
        journal = desk.plan(HEADERS, *rows)
        assert journal.state == "planned"
    assert desk.writes == {}


@pytest.mark.parametrize("skip", range(0, 7, 2))
def test_a_school_that_goes_out_while_planning_leaves_a_job_to_go_on_with(desk, practice, skip):
    journal = desk.create(HEADERS, *roster(practice))
    practice.switches.faults = [Fault("503", "GET", skip=skip)]
    with pytest.raises(Unavailable, match="error 503"):
        imports.plan(journal, desk.session)
    assert (desk.writes, journal.state) == ({}, "draft")
    job = journal.id
    journal.close()
    practice.switches.faults = []
    journal = desk.resume(job)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    journal.close()


@pytest.mark.parametrize("effect", [*LOST, "429"])
def test_a_fault_of_the_token_call_costs_a_second_try(desk, practice, effect):
    journal = desk.plan(HEADERS, *roster(practice))
    practice.api.tokens._access.clear()
    practice.switches.faults = [Fault(effect, path="^/oauth2", times=1)]
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]


def test_a_secret_that_is_no_longer_good_stops_the_job_before_anything_is_sent(desk, practice):
    journal = desk.plan(HEADERS, *roster(practice))
    practice.api.tokens._access.clear()
    practice.api.tokens._secret = "another"
    assert desk.run(journal) == "interrupted"
    assert "doesn't accept the client ID or client secret" in journal.get("reason")
    assert desk.writes == {}
    assert set(journal.call_counts()) == {"ready"}


def test_tokens_that_end_each_other_do_not_stop_a_job(desk, practice):
    practice.switches.one_token = True
    journal = desk.plan(HEADERS, *roster(practice))
    other = Desk(desk.folder, practice)
    other.session.client.check()
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    other.close()


def test_users_that_enrollment_does_not_know_at_once(desk, practice):
    practice.switches.created_lag_calls = 3
    journal = desk.run_import(HEADERS, *roster(practice))
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]


def test_a_storm_of_every_fault_ends_well(desk, practice, tmp_path):
    journal = desk.plan(HEADERS, *roster(practice))
    practice.switches.faults = [
        Fault("cut", "P", every=3, skip=1, after=True),
        Fault("500", "POST", every=4),
        Fault("429", every=5),
        Fault("bad json", "GET", every=3),
        Fault("401", every=7),
    ]
    assert desk.run(journal) == "finished", journal.get("reason")
    practice.switches.faults = []
    if "failed" in words(journal):
        desk.retry(journal)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    (tmp_path / "plain").mkdir()
    with Practice(users=200, limit=False) as plain:
        other = Desk(tmp_path / "plain", plain)
        other.run_import(HEADERS, *roster(plain))
        other.close()
        assert state(practice) == state(plain)
