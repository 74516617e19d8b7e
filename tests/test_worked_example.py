"""The operation that ARCHITECTURE.md adds as an example works as it is printed there."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from lwdesk import catalog
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results

DOCUMENT = Path(__file__).parent.parent / "ARCHITECTURE.md"


@pytest.fixture
def example():
    """The family of the example, in the catalog until the test is over."""
    family = ModuleType("badges")
    exec(re.search(r'```python\n("""Badges.*?)```', DOCUMENT.read_text("utf-8"), re.S)[1], family.__dict__)
    tables = (catalog.OPERATIONS, catalog.IMPORTS, catalog.EXPORTS)
    before = [dict(table) for table in tables]
    catalog.add(family)
    yield family
    for table, kept in zip(tables, before, strict=True):
        table.clear()
        table.update(kept)


def test_the_example_plans_one_call_for_a_row(example, tmp_path):
    with Practice(users=3, limit=False) as practice:
        desk = Desk(tmp_path, practice)
        user = practice.school.users[0]
        job = desk.plan(("User", "Badges"), (user.email, "gold; early bird"), operation=example.AWARD.id)
        [call] = job.calls()
        assert (call.method, call.path, call.body) == (
            "POST",
            f"users/{user.id}/badges",
            {"badges": ["gold", "early bird"]},
        )
        assert row_results(job)[2].message == "given the badges gold; early bird"
        desk.close()
