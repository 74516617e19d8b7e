"""A job stays what it was: what its filters mean is kept in it, whatever the school calls things later."""

import pytest

from lwdesk.app.exporting import exports, people
from lwdesk.app.exporting.filters import read_filters
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, Text, User, YesNo
from lwdesk.catalog.cells.numbers import Number
from lwdesk.practice.server import Practice
from tests.app.desk import Desk


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A school that is asked a lot, and not changed."""
    with Practice(users=40, limit=False) as practice:
        found = Desk(tmp_path_factory.mktemp("town"), practice)
        yield found
        found.close()


def sample(desk, kind):
    """A text that a filter of this kind takes."""
    if isinstance(kind, Several):
        return sample(desk, kind.item)
    if isinstance(kind, Reference):
        listing = kind.to[0]
        if listing in ("unit", "assessment", "form"):
            return "65f0000000000000000000aa"
        records = desk.session.directory.titles(listing)
        return str(records[0]["id"]) if records else ""
    if isinstance(kind, User):
        return desk.practice.school.users[10].email
    samples = {Date: "2024-05-31", YesNo: "yes", Number: "50", Text: "vip; new"}
    return kind.values[0] if isinstance(kind, Choice) else samples.get(type(kind), "")


FILTERS = [
    (entry.id, column.id)
    for entry in EXPORTS.values()
    for column in entry.choices
    if column not in entry.people and not entry.pages
]


@pytest.mark.parametrize(("entry", "name"), FILTERS)
def test_every_filter_is_kept_as_it_was_read(entry, name, town):
    column = next(one for one in EXPORTS[entry].choices if one.id == name)
    where = {name: sample(town, column.kind)}
    wanted = read_filters(EXPORTS[entry], where, town.session)
    job = exports.create(town.home, entry, where, town.session, town.folder / "export.xlsx")
    reads = town.reads
    kept = people.kept(job, EXPORTS[entry], town.session)
    assert town.reads == reads
    assert kept == {n: list(value) if isinstance(value, tuple) else value for n, value in wanted.items()}
    assert bool(kept) == bool(where[name])
    job.close()


def rename_course(school):
    """The course gets another title, and another course gets this one."""
    course = school.products["course"]["safety-101"]
    school.products["course"]["gdpr"]["title"], course["title"] = course["title"], "Safety 2027"


def move_away(school):
    """The user gets another email, and another user gets this one."""
    user, other = school.users[20], school.users[21]
    user.email, other.email = "new@x.example", user.email
    school.by_email = {one.email.casefold(): one for one in school.users}


def rename_group(school):
    first, second, *_rest = school.groups.values()
    first.title, second.title = second.title, first.title


CASES = [
    ("course-users", {"course": "Workplace Safety"}, rename_course),
    ("grades", {"course": "Workplace Safety"}, rename_course),
    ("certificates", {"course": "Workplace Safety"}, rename_course),
    ("enrollments", {"course": "Workplace Safety"}, rename_course),
    ("event-logs", {"user": "{email}"}, move_away),
    ("payments", {"user": "{email}"}, move_away),
    ("enrollments", {"user": "{email}"}, move_away),
    ("group-users", {"group": "{group}"}, rename_group),
]


@pytest.mark.parametrize(("entry", "where", "change"), CASES)
def test_an_export_that_is_resumed_after_names_changed_brings_what_it_was_to_bring(
    entry, where, change, desk
):
    school = desk.practice.school
    facts = {"email": school.users[20].email, "group": next(iter(school.groups.values())).title}
    where = {name: text.format(**facts) for name, text in where.items()}

    def fetched(changed):
        job = exports.create(desk.home, entry, where, desk.session, desk.folder / "export.xlsx")
        if changed:
            change(school)
            desk.again()
        assert exports.engine(job, desk.session).run() == "finished" and exports.missing(job) == []
        calls = sorted((call.path, str(call.query)) for call in job.calls() if call.op == entry)
        rows = exports.count_rows(job)
        job.close()
        return calls, rows

    whole = fetched(False)
    assert whole[1] or entry == "payments"
    assert fetched(True) == whole
