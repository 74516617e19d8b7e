"""No row of an export is lost without a word: pages that fail take no other along, and lists that change while they are
read are read again where it matters, with few requests."""

import threading
from contextlib import closing
from copy import deepcopy

import openpyxl
import pytest

from lwdesk.app.exporting import exports, lists, workbook
from lwdesk.app.exporting.walker import PARENTS, ROWS, parents_title
from lwdesk.app.job import again
from lwdesk.app.job.rows import CallRows, Filter
from lwdesk.base.errors import ApiError
from lwdesk.catalog import EXPORTS
from lwdesk.jobs.states import Call
from lwdesk.practice import wire
from lwdesk.practice.server import Practice
from tests.app.desk import Desk
from tests.fast import CLOCK

SIZE = 10  # rows of a page: the fewest that any list has
LISTS = [entry.id for entry in EXPORTS.values() if not entry.parts]


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    """Pages of ten rows, so that a small school has many."""
    monkeypatch.setattr(wire.Page, "_size", lambda *_args: SIZE)


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    """A school that nobody changes."""
    with Practice(users=45, limit=False) as practice:
        found = Desk(tmp_path_factory.mktemp("still"), practice)
        yield found
        found.close()


@pytest.fixture
def live(tmp_path):
    """A school that changes."""
    with Practice(users=245, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


class Line:
    """What passes between a desk and its school: `refuse` says which requests are refused, `before` is called before
    each request, with its number among those for `path`."""

    def __init__(self, desk, refuse=lambda request: False, path="", before=lambda n: None):
        self.refused, self.count = 0, 0
        self._mutex, real = threading.Lock(), desk.session.client.send

        def send(request, stop=None):
            with self._mutex:
                if request.path == path:
                    self.count += 1
                    before(self.count)
                if refuse(request):
                    self.refused += 1
                    raise ApiError("Refused", status=403)
            return real(request, stop)

        self._client, self._real = desk.session.client, real
        self._client.send = send

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._client.send = self._real


def page_of(request):
    return int(dict(request.query).get("page", 1))


def create(desk, entry, where=None, name="export.xlsx", **more):
    return exports.create(desk.home, entry, where or {}, desk.session, desk.folder / name, **more)


def run(desk, job, workers=6):
    assert exports.engine(job, desk.session, clock=CLOCK, workers=workers).run() == "finished"


def written(desk, job, column="ID"):
    """The cells of a column of the workbook, and what its About sheet says is missing."""
    target = desk.folder / "export.xlsx"
    workbook.write(job, target)
    book = openpyxl.load_workbook(target)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    lasting = [n for n, title in enumerate(head) if title not in ("Link", "Link expires")]
    whole = sorted(str([row[n] for n in lasting if not str(row[n]).startswith("http")]) for row in rows)
    found = [row[head.index(column)] for row in rows] if column else whole
    return found, [row[1] for row in book["About"].iter_rows(values_only=True) if row[0] == "Missing"]


def pages(job):
    """The numbers of the pages of each list that were asked for, and how many pages it has. Names are looked up as long
    as some are missing only."""
    found = {}
    for call in job.calls():
        if call.values["role"] in (PARENTS, ROWS):
            numbers, count = found.setdefault(
                (call.op, call.values["role"], call.values["place"]), (set(), [])
            )
            numbers.add(call.values["number"])
            count.append((call.answer or {}).get("pages") or 1)
    return found


# Pages that fail ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", LISTS)
def test_a_page_that_fails_takes_no_other_along_and_a_retry_brings_it(entry, still, monkeypatch):
    monkeypatch.setattr(lists, "AHEAD", 2)
    job = create(still, entry)
    run(still, job)
    whole = written(still, job, "")[0]
    job.close()
    job = create(still, entry)
    with Line(still, lambda request: page_of(request) == 2) as line:
        run(still, job)
    lost = written(still, job, "")[1]
    assert bool(lost) == bool(line.refused)
    for numbers, count in pages(job).values():
        assert numbers >= set(range(1, max(count) + 1))
    sent = {call.id: call.sent for call in job.calls("state = 'done'")}
    again.retry(job, still.session)
    run(still, job)
    assert written(still, job, "") == (whole, [])
    assert sent.items() <= {call.id: call.sent for call in job.calls()}.items()
    job.close()


def test_pages_that_fail_one_after_the_other_lose_only_themselves(live):
    job = create(live, "users")
    with Line(live, lambda request: 5 <= page_of(request) < 5 + lists.AHEAD - 1):
        run(live, job)
    found, lost = written(live, job)
    assert len(lost) == lists.AHEAD - 1 and lost[0].startswith("“Users”, rows 41 to 50: Refused")
    assert len(found) == len(live.practice.school.users) - SIZE * len(lost)


def test_a_school_that_refuses_the_rest_of_a_list_is_not_asked_for_all_of_it(live):
    job = create(live, "users")
    with Line(live, lambda request: page_of(request) >= 3) as line:
        run(live, job, workers=1)
    assert line.refused < 2 * lists.AHEAD
    lost = written(live, job)[1]
    assert lost[-1].startswith(f"“Users”, from row {(2 + line.refused - 1) * SIZE + 1} on: Refused")
    again.retry(job, live.session)
    run(live, job)
    found, lost = written(live, job)
    assert (len(found), lost) == (len(live.practice.school.users), [])


@pytest.mark.parametrize("shape", ["bare", "uncounted"])
def test_a_list_that_does_not_count_its_pages_says_from_which_row_on_it_is_missing(shape, live):
    live.practice.switches.shape = shape
    job = create(live, "users")
    with Line(live, lambda request: page_of(request) == 3):
        run(live, job)
    assert written(live, job)[1][0] == "“Users”, from row 21 on: Refused."
    again.retry(job, live.session)
    run(live, job)
    found, lost = written(live, job)
    assert (len(found), lost) == (len(live.practice.school.users), [])


@pytest.mark.parametrize(
    ("shape", "words"),
    [("uncounted", "From row 21 on: Refused."), ("document", "Rows 21 to 30: Refused.")],
)
def test_the_job_says_which_rows_are_missing(live, shape, words):
    live.practice.switches.shape = shape
    job = create(live, "users")
    with Line(live, lambda request: page_of(request) == 3):
        run(live, job)
    with closing(CallRows(job.path)) as table:
        texts = [row[2].text for row in table.fetch(list(table.ids(Filter("failed")))).values()]
    assert words in texts


@pytest.mark.parametrize("export", LISTS)
def test_every_list_of_parents_is_called_by_words_of_the_school(export):
    entry = EXPORTS[export]
    for per, way in enumerate(entry.per):
        for depth, level in enumerate(way.path):
            call = Call(export, "GET", level.call, values={"per": per, "depth": depth})
            assert parents_title(entry, call) != level.name


def test_what_belongs_to_a_page_of_parents_that_fails_is_named(still):
    job = create(still, "user-products")
    with Line(still, lambda request: request.path == "users" and page_of(request) == 2):
        run(still, job)
    [lost] = written(still, job, "")[1]
    assert lost == "“User products”, everything for rows 11 to 20 of “Users”: Refused."
    job.close()


# Lists that change -------------------------------------------------------------------------------------------------


def sign_up(practice):
    school = practice.school
    user = deepcopy(school.users[0])
    user.id, user.email = f"{len(school.users):024x}", f"new{len(school.users)}@x.example"
    school.add_user(user)


def delete(practice, at=-1):
    user = practice.school.users.pop(at)
    practice.school.by_id.pop(user.id)


CHANGES = {
    "a sign-up": sign_up,
    "a deletion at the top": delete,
    "a deletion at the end": lambda practice: delete(practice, 0),
    "three deletions": lambda practice: [delete(practice) for _n in range(3)],
    "more deletions than a page has": lambda practice: [delete(practice) for _n in range(SIZE + 3)],
    "more sign-ups than a page has": lambda practice: [sign_up(practice) for _n in range(SIZE + 3)],
}


@pytest.mark.parametrize("users", [40, 45])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("workers", [1, 6])
def test_all_users_who_are_there_all_the_time_are_exported(change, users, workers, live):
    school = live.practice.school
    for place in range(1, 6):
        while len(school.users) > users:
            delete(live.practice)
        while len(school.users) < users:
            sign_up(live.practice)
        before = {user.id for user in school.users}
        job = create(live, "users")
        with Line(
            live, path="users", before=lambda n, place=place: change(live.practice) if n == place else None
        ):
            run(live, job, workers)
        found, lost = written(live, job)
        assert before & {user.id for user in school.users} <= set(found) and len(found) == len(set(found))
        assert lost == [], "nothing is missing"
        job.close()


def test_a_page_that_is_answered_before_one_above_it_loses_nothing_to_a_sign_up(live):
    before = {user.id for user in live.practice.school.users}
    real, held = live.session.client.send, threading.Event()

    def send(request, stop=None):
        if request.path == "users" and page_of(request) == 4:
            held.wait(5)
        found = real(request, stop)
        if request.path == "users" and page_of(request) == 5 and not held.is_set():
            sign_up(live.practice)
            held.set()
        return found

    live.session.client.send = send
    job = create(live, "users")
    run(live, job)
    live.session.client.send = real
    found, lost = written(live, job)
    assert before <= set(found) and lost == []


def test_users_who_move_between_pages_while_enrollments_are_read_have_their_rows_once(live):
    school = live.practice.school
    whose = sorted(user.email for user in school.users[:-1] for _course in school.enrollments(user))
    for change in (sign_up, delete):
        job = create(live, "enrollments")
        with Line(
            live, path="users", before=lambda n, change=change: change(live.practice) if n == 7 else None
        ):
            run(live, job)
        found, lost = written(live, job, "Email")
        known = {user.email for user in school.users} & set(whose)
        assert sorted(email for email in found if email in known) == [one for one in whose if one in known]
        assert lost == []
        job.close()


def test_a_school_that_changes_all_the_time_is_not_read_endlessly(live):
    job = create(live, "users")

    def churn(n):
        delete(live.practice, -1 - n % 3)

    with Line(live, path="users", before=churn) as line:
        run(live, job)
    assert line.count <= 25 + 1 + max(lists.REREADS, 25 // lists.ONE_IN)
    assert any("The list changed in LearnWorlds while it was read" in text for text in written(live, job)[1])
    for _again in range(4):
        with Line(live, path="users") as line:
            again.retry(job, live.session)
            run(live, job)
        assert line.count <= 2 * lists.REREADS
    found, lost = written(live, job)
    assert {user.id for user in live.practice.school.users} <= set(found) and lost == []


def test_a_school_that_counts_each_page_differently_is_not_taken_for_one_that_changes(live, monkeypatch):
    cut = wire.Page.cut

    def uneven(self, rows, query, switches):
        found, meta = cut(self, rows, query, switches)
        return found, {**meta, "totalItems": meta["totalItems"] - int(query.get("page") or 1) % 2}

    monkeypatch.setattr(wire.Page, "cut", uneven)
    job = create(live, "users")
    with Line(live, path="users") as line:
        run(live, job, workers=1)
    assert line.count <= 25 + lists.PROBES * lists.DOUBTS
    found, lost = written(live, job)
    assert {user.id for user in live.practice.school.users} == set(found) and lost == []


def test_rows_without_ids_that_may_be_missed_are_named(live):
    school = live.practice.school
    job = create(live, "event-logs", {"sort": "desc"})
    change = lambda n: school.events.pop() if n == 3 else None  # noqa: E731
    with Line(live, path="event-logs", before=change):
        run(live, job, workers=1)
    [lost] = written(live, job, "")[1]
    assert lost.startswith("“Event log”: the list changed in LearnWorlds while it was read.")


def test_a_list_that_grows_at_its_end_is_read_to_its_end(live):
    school = live.practice.school
    job = create(live, "event-logs")
    with Line(live, path="event-logs", before=lambda n: school.events.append(dict(school.events[-1]))):
        run(live, job, workers=1)
    found, lost = written(live, job, "")
    assert len(found) >= len(school.events) - 1 and lost == []


def test_names_that_move_while_they_are_looked_up_are_found(live):
    job = create(live, "payments")
    with Line(live, path="users", before=lambda n: delete(live.practice) if n == 2 else None):
        run(live, job)
    there = {user.id: user.email for user in live.practice.school.users}
    ids, lost = written(live, job, "User ID")
    emails, _lost = written(live, job, "Email")
    assert lost == [] and len(ids) > 20
    assert [there.get(id) for id in ids if id in there] == [
        email for id, email in zip(ids, emails, strict=True) if id in there
    ]


def test_an_interrupted_export_knows_which_pages_it_has_planned(live):
    job = create(live, "users")
    engine = exports.engine(job, live.session, clock=CLOCK, workers=1)
    with Line(live, path="users", before=lambda n: engine.stop() if n == 6 else None):
        assert engine.run() == "interrupted"
    with Line(live, path="users") as line:
        run(live, job)
    numbers = [call.values["number"] for call in job.calls() if call.values["role"] == ROWS]
    assert sorted(numbers) == list(range(1, 26)) and line.count <= 25 - 5
