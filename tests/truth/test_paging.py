"""Every list of a school is read to its end, in every shape its pages come in, and no further."""

import pytest

from lwdesk.app.exporting import exports, lists, workbook
from lwdesk.practice import wire
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app.desk import Desk, row_results
from tests.fast import CLOCK

SHAPES = ["document", "bare", "bare named", "uncounted"]
MEMBERS = 240


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A school whose first seat offering and first group have 240 members each, of 300 users."""
    with Practice(users=300, limit=False) as practice:
        school = practice.school
        for circles in (school.seats, school.groups):
            circle = next(iter(circles.values()))
            circle.members = {user.id: None for user in school.users[:MEMBERS]}
        desk = Desk(tmp_path_factory.mktemp("crowd"), practice)
        yield desk
        desk.close()


@pytest.fixture(autouse=True)
def as_documented(crowd):
    yield
    crowd.practice.switches.shape = "document"
    crowd.practice.switches.faults.clear()


def export(desk, entry, path):
    """Run an export to its end. Returns its job, and how many rows its workbook has."""
    job = exports.create(desk.home, entry, {}, desk.session, path)
    assert exports.engine(job, desk.session, clock=CLOCK).run() == "finished"
    return job, workbook.write(job, path).rows


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("entry", "table"), [("seat-users", "seats"), ("group-users", "groups")])
def test_all_members_of_a_large_group_are_exported(entry, table, shape, crowd, tmp_path):
    crowd.practice.switches.shape = shape
    _job, rows = export(crowd, entry, tmp_path / "members.xlsx")
    circles = getattr(crowd.practice.school, table).values()
    assert rows == sum(len(circle.members) for circle in circles)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_member_on_a_late_page_is_known_as_a_member(shape, crowd):
    crowd.practice.switches.shape = shape
    group = next(iter(crowd.practice.school.groups.values()))
    people = [user for user in crowd.practice.school.users[:MEMBERS] if not user.suspended]
    rows = [(user.email, group.title) for user in people]
    job = crowd.run_import(("User", "Group"), *rows, operation="join-group", name=f"{shape}.xlsx")
    assert {one.outcome for one in row_results(job).values()} == {"unchanged"}


def test_a_school_that_claims_a_billion_pages_costs_a_few_requests(crowd, tmp_path, monkeypatch):
    cut = wire.Page.cut

    def boast(self, rows, query, switches):
        found, meta = cut(self, rows, query, switches)
        return found, {**meta, "totalPages": 10**9, "totalItems": 10**11}

    monkeypatch.setattr(wire.Page, "cut", boast)
    job, rows = export(crowd, "users", tmp_path / "users.xlsx")
    assert sum(1 for _call in job.calls()) <= 1 + 2 * lists.AHEAD
    assert rows == len(crowd.practice.school.users)


def test_a_404_for_the_list_of_users_is_an_error_and_no_empty_workbook(crowd, tmp_path):
    crowd.practice.switches.faults.append(Fault("404", path=r"v2/users$"))
    job = exports.create(crowd.home, "users", {}, crowd.session, tmp_path / "users.xlsx")
    exports.engine(job, crowd.session, clock=CLOCK).run()
    assert len(exports.missing(job)) == 1
