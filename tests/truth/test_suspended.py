"""Whoever is suspended is named before something is sent about them, by every import that is about users."""

import pytest

from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.cells.kinds import Email
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app.desk import Desk, row_results
from tests.test_catalog_suite import candidates, inner, sendable

ABOUT_USERS = [
    pytest.param(op, next(c for c in op.columns if c.required and isinstance(inner(c), Email)), id=op.id)
    for op in OPERATIONS.values()
    if any(c.required and isinstance(inner(c), Email) for c in op.columns)
    and op.id not in ("create-user", "suspend", "unsuspend")
]


@pytest.fixture
def desk(tmp_path):
    with Practice(users=60, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


@pytest.mark.parametrize(("operation", "column"), ABOUT_USERS)
def test_a_suspended_user_is_a_warning_and_the_row_is_sent(operation, column, desk):
    from lwdesk.catalog import IMPORTS

    entry = IMPORTS[operation.id]
    optional = [c for c in entry.columns if c.example and c.at and not c.required and c.id != "product_type"]
    optional = [c for c in optional if "Reference" not in type(inner(c)).__name__]
    cells = sendable(entry, desk, 1, set(), []) or sendable(entry, desk, 1, set(), optional[:1])
    assert cells and candidates(column, desk, 1)
    email = cells[column.title]
    user = next((u for u in desk.practice.school.users if u.email == email), None)
    if user is None:
        pytest.skip("it makes the user")
    user.suspended = True
    desk.again()
    job = desk.plan(list(cells), cells, operation=operation.id)
    [row] = row_results(job).values()
    if row.outcome == "ready":
        assert "suspended" in row.message
        assert [p["level"] for found in job.rows() for p in found.problems] == ["warning"]
    else:
        assert row.outcome in ("failed", "unchanged")


def test_the_warning_names_the_email_and_goes_when_the_user_can_sign_in_again(desk):
    space = next(iter(desk.practice.school.spaces.values()))
    user = next(u for u in desk.practice.school.users if not u.suspended)
    space["members"].pop(user.id, None)
    user.suspended = True
    desk.practice.switches.faults = [Fault("success false", "POST", "users$")]
    job = desk.run_import(("User", "Space"), (user.email, space["title"]), operation="add-to-space")
    [problem] = next(job.rows()).problems
    assert user.email in problem["message"]
    user.suspended, desk.practice.switches.faults = False, []
    desk.retry(job)
    assert [found.problems for found in job.rows()] == [[]]


def test_suspended_managers_are_named(desk):
    user = next(u for u in desk.practice.school.users if not u.suspended)
    user.suspended = True
    desk.again()
    rows = {"Title": "A new group", "Managers": user.email}
    job = desk.plan(list(rows), rows, operation="create-group")
    assert "suspended" in next(iter(row_results(job).values())).message
