"""Whoever is suspended is named before something is sent about them, by every import that is about users."""

import pytest

from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.cells.kinds import Email
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, told
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
    [row] = told(job).values()
    if row.outcome == "ready":
        assert "suspended" in row.message
        assert [p["level"] for found in job.rows() for p in found.problems] == ["warning"]
    else:
        assert row.outcome in ("failed", "unchanged")
