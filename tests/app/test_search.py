"""The search of the rows finds what the cells show, whatever its case and accents, and nothing else."""

from contextlib import closing

import pytest

from lwdesk.app.job.rows import CallRows, Filter
from lwdesk.app.job.sheet_rows import SheetRows
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED, Call, End, Row, Step

CELLS = [
    ["maria_k@s.example", "Μαρία Παπαδοπούλου", None],
    ["amy@a.example", 'Amy "Dot" Ray', 50.0],
    ["zoë@a.example", "ΝΊΚΟΣ 50% μείον, ίσως", True],
    ["mariak@s.example", "back\\slash\nline two", 7.25],
]


@pytest.fixture
def path(tmp_path):
    """A job of four rows; the second was refused."""
    found = tmp_path / "job.lwjob"
    with closing(Journal(found, create=True)) as journal, journal.writing():
        journal.put(
            kind="import", what="roster", state="finished", headers=["Email", "Name", "Age"], letters={}
        )
        journal.add_rows(Row(n, cells, {}) for n, cells in enumerate(CELLS, 2))
        call = journal.add_call(Call("save-user", "POST", "/v2/users", {}))
        journal.ended(call, End(FAILED, "Η διεύθυνση δεν είναι έγκυρη.", 422), 1.0)
        journal.add_step(Step(2, "save-user", "user", {}, call, message=""))
        journal.add_step(Step(4, "save-user", "user", {}, None, message="Tagged VIP."))
    return found


@pytest.mark.parametrize(
    ("search", "rows"),
    [
        ("maria_k", [1]),
        ("maria", [1, 4]),
        ("παπαδ", [1]),
        ("ΠΑΠΑΔΟΠΟΥΛΟΥ", [1]),
        ("νικος", [3]),
        ("zoe@", [3]),
        ("ZOË", [3]),
        ("50%", [3]),
        ("50", [2, 3]),
        ('"', [2]),
        ('"dot"', [2]),
        (",", [3]),
        ("\\", [4]),
        ("null", []),
        ("true", [3]),
        ("7.25", [4]),
        ("διευθυνση", [2]),
        ("vip", [4]),
        ("%", [3]),
        ("_", [1]),
    ],
)
def test_rows_are_found_by_what_they_show(path, search, rows):
    table = SheetRows(path)
    assert sorted(table.ids(Filter(search=search))) == rows
    table.close()


@pytest.mark.parametrize(("search", "found"), [("users", 1), ("ΔΙΕΥΘΥΝΣΗ", 1), ("_", 0), ("v2/%", 0)])
def test_requests_of_an_export_are_found_alike(path, search, found):
    table = CallRows(path)
    assert len(table.ids(Filter(search=search))) == found
    table.close()
