"""Edits in a planned draft: what they touch is planned again, and the plan is as if it had been made from the start."""

import random
import re
import shutil
from contextlib import closing

import orjson
import pytest

from lwdesk.app.importing import imports
from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.opened import Choices
from lwdesk.app.importing.plan import Planner
from lwdesk.app.job.sheet_rows import SKIP
from lwdesk.jobs.journal import SUFFIX, Journal
from tests.app.desk import workbook
from tests.app.test_drafts import desk, practice  # noqa: F401 - fixtures

NAMES = ["Ana", "Ben", "Cyd"]
TAGS = ["vip", "autumn; vip", "north", ""]


def pools(practice):  # noqa: F811
    """Header -> the values that cells of it have, by chance: good ones, equal ones, bad ones."""
    school = practice.school
    there = [user for user in school.users if not user.suspended][:4]
    emails = [user.email for user in there] + [user.email.upper() for user in there[:1]]
    suspended = [user.email for user in school.users if user.suspended][:1]
    users = [*emails, *suspended, *(f"new{n}@x.example" for n in range(5)), "nonsense"]
    seat, group = next(iter(school.seats.values())), next(iter(school.groups.values()))
    seat.seats += 2 - seat.free_seats  # fewer than rows ask for
    return {
        "Email": users,
        "User": [*users, *(user.id for user in there[:2])],
        "First name": NAMES,
        "Last name": ["Berg", "Stein"],
        "Username": ["", "", "Ana Berg", "Ana Berg 2", there[0].username],
        "New email": [*(f"other{n}@x.example" for n in range(3)), there[1].email],
        "Tags": TAGS,
        "Courses": ["AI at Work", "AI at Work; Welcome to the School", "AI at Wrk", ""],
        "Product": ["AI at Work", "Welcome to the School", "AI at Wrk"],
        "Seat": [seat.title, "", ""],
        "Group": [group.title, "", ""],
        "Space": [next(iter(school.spaces.values()))["title"], "", ""],
        "Company": ["Acme", "Globex", ""],
    }


CASES = {
    ("roster",): ("Email", "First name", "Last name", "Tags", "Courses", "Seat", "Group", "Space"),
    ("save-user",): ("Email", "Username", "First name", "Last name", "Company", "Tags"),
    ("update-user",): ("User", "Username", "New email", "Company"),
    ("create-user", "enroll"): ("Email", "First name", "Last name", "Product"),
    ("enroll",): ("User", "Product"),
    ("tag",): ("User", "Tags"),
    ("add-to-space",): ("User", "Space"),
    ("assign-seat",): ("User", "Seat"),
}


def contents(journal):
    """All that a plan says, without the ids of steps and calls: these may differ."""
    steps = {}
    sql = 'SELECT id, row, op, about, "values", call, outcome, message, changes FROM step ORDER BY row, id'
    found = journal.ask(sql)
    of = {}
    for _id, row, op, about, _values, call, *_rest in found:
        of.setdefault(call, []).append((row, op, about))
    calls = {}
    for call in journal.calls():
        calls[call.id] = (
            *(sorted(of[call.id]), call.op, call.method, call.path, call.lane, call.mails, call.repeat),
            *(call.body, call.values, call.memo, sorted(sorted(of[first]) for first in call.needs)),
        )
    for _id, row, op, about, values, call, outcome, message, changes in found:
        # A plan made again knows users that no row speaks of any more, and so of names that they have.
        message = re.sub("; another user already has the Username “[^”]*”", "", message)
        facts = (op, about, orjson.loads(values), outcome, message, changes and orjson.loads(changes))
        steps.setdefault(row, []).append((*facts, calls.get(call)))
    assert set(calls) == set(of) - {None}
    return {
        row.number: (row.values, row.problems, row.outcome, row.message, steps.get(row.id))
        for row in journal.rows()
    }


def plans(found):
    """What a plan says, without the notes on cells: they name the row that was checked first."""
    return {number: (values, outcome, steps) for number, (values, _p, outcome, _m, steps) in found.items()}


def from_the_start(desk, path, folder):  # noqa: F811
    """What a plan of a copy of the job says, which knows nothing of the plan before."""
    copy = folder / f"copy{SUFFIX}"
    with closing(Journal(path)) as journal:
        journal._shrink()
    shutil.copy(path, copy)
    with closing(Journal(copy)) as journal:
        session = desk.drafts._connections.session("Riverside")
        known, session.directory = session.directory, session.new_directory()
        imports.plan(journal, session)
        session.directory = known
        return contents(journal)


@pytest.mark.parametrize("operations", CASES, ids="+".join)
@pytest.mark.parametrize("seed", range(6))
def test_a_plan_after_edits_is_the_same_as_one_from_the_start(
    desk,  # noqa: F811
    practice,  # noqa: F811
    tmp_path,
    operations,
    seed,
):
    chance, headers = random.Random(f"{operations} {seed}"), CASES[operations]
    values = pools(practice)
    count = chance.choice((3, 8, 25))
    cells = [[chance.choice(values[header]) for header in headers] for _row in range(count)]
    sheet = workbook(tmp_path / "people.xlsx", headers, *cells)
    asked = DraftRequest(str(sheet), operations, "Riverside", Choices())
    job = desk.drafts.check(asked).job
    path = desk.jobs._home.jobs / f"{job}{SUFFIX}"
    desk.drafts.plan(job)
    for _turn in range(8):
        for _edit in range(chance.choice((1, 1, 2))):
            rows = chance.sample(range(count), chance.choice((1, 1, min(3, count))))
            places = {row + 1: chance.randrange(len(headers)) for row in rows}
            if chance.random() < 0.2:
                desk.drafts.undo(job)
            else:
                edits = {row: {at: chance.choice(values[headers[at]])} for row, at in places.items()}
                if chance.random() < 0.2:
                    edits = {row: {SKIP: chance.choice(("skip", "skip", ""))} for row in places}
                desk.drafts.edit(job, edits)
        desk.drafts.plan(job)
        with closing(Journal(path)) as journal:
            found = contents(journal)
        assert found == from_the_start(desk, path, tmp_path)
    again = desk.drafts.check(asked, job).job
    desk.drafts.plan(again)
    with closing(Journal(path.with_name(f"{again}{SUFFIX}"))) as journal:
        assert plans(contents(journal)) == plans(found)


def test_only_rows_that_depend_on_an_edit_are_planned_again(desk, practice, tmp_path, monkeypatch):  # noqa: F811
    people = [(f"new{n}@x.example", f"Name{n // 2}", "vip") for n in range(40)]
    sheet = workbook(tmp_path / "people.xlsx", ("Email", "Username", "Tags"), *people)
    job = desk.drafts.check(DraftRequest(str(sheet), ("save-user",), "Riverside", Choices())).job
    desk.drafts.plan(job)
    planned: list[int] = []
    plan_row = Planner._plan_row
    monkeypatch.setattr(Planner, "_plan_row", lambda self, row: planned.append(row.id) or plan_row(self, row))
    desk.drafts.edit(job, {5: {2: "north"}})
    assert desk.drafts.plan(job).plan.calls == 40
    assert planned == [5, 6]  # the next one has the same username
    planned.clear()
    desk.drafts.edit(job, {5: {0: "new20@x.example", 1: "Name10"}})
    desk.drafts.plan(job)
    # The new values concern two more rows, so that all four are planned.
    assert planned == [5, 6, 5, 6, 21, 22]


def test_a_row_that_contradicted_another_is_planned_once_that_is_fixed(desk, tmp_path):  # noqa: F811
    rows = [("new1@x.example", "Ana", "Acme"), ("new1@x.example", "Ana", "Globex")]
    sheet = workbook(tmp_path / "people.xlsx", ("Email", "Username", "Company"), *rows)
    job = desk.drafts.check(DraftRequest(str(sheet), ("save-user",), "Riverside", Choices())).job
    assert desk.drafts.plan(job).figures == {"failed": 2}
    desk.drafts.edit(job, {1: {2: "Globex"}})
    assert desk.drafts.plan(job).plan.failed == 0
