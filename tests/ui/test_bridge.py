"""What waits for the window comes in order, and lets it breathe; what it shows is not read over and over."""

from itertools import count

import pytest

from lwdesk.app.job.rows import Cell, Filter, Rows
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import Row
from lwdesk.ui import bridge as bridges
from lwdesk.ui import table_model
from lwdesk.ui.bridge import Bridge
from lwdesk.ui.table_model import TableModel


@pytest.fixture
def bridge(qapp):
    found = Bridge()
    yield found
    found.close()


def test_one_look_does_no_more_than_it_has_time_for(bridge, monkeypatch):
    clock = count(0, bridges.TIME_SLICE * 0.75)  # each call takes that long
    monkeypatch.setattr(bridges.time, "perf_counter", lambda: next(clock))
    called: list[int] = []
    for number in range(5):
        bridge.post(lambda number=number: called.append(number))
    bridge._drain()
    assert called == [0, 1]
    bridge._drain()
    bridge._drain()
    assert called == [0, 1, 2, 3, 4]


def test_what_is_posted_meanwhile_waits_for_the_next_look(bridge):
    called: list[str] = []
    bridge.post(lambda: bridge.post(lambda: called.append("later")))
    bridge._drain()
    assert called == []
    bridge._drain()
    assert called == ["later"]


class Numbers(Rows):
    """Rows that show how often they were asked for."""

    titles = ("Row",)

    def ids(self, chosen):
        self.asked = [*getattr(self, "asked", []), chosen]
        return self._slow.numbers("SELECT id FROM row ORDER BY id")

    def fetch(self, ids):
        return {row_id: [Cell(str(len(self.asked)))] for row_id in ids}


@pytest.fixture
def model(bridge, tmp_path):
    path = tmp_path / "one.lwjob"
    journal = Journal(path, create=True)
    journal.add_rows(Row(n, []) for n in range(3))
    journal.close()
    found = TableModel(bridge, Numbers(path))
    yield found
    found.close()


def test_the_same_rows_are_not_asked_for_over_and_over_but_another_filter_at_once(model, qtbot, monkeypatch):
    monkeypatch.setattr(table_model, "_REST", 1_000_000)
    with qtbot.waitSignal(model.filled):
        model.load()
    with qtbot.waitSignal(model.dataChanged):  # what is seen is read again all the same
        model.load()
    assert model.rows.asked == [Filter()]
    with qtbot.waitSignal(model.filled):
        model.load(Filter(search="ana"))
    assert model.rows.asked == [Filter(), Filter(search="ana")]
    assert model.cell(2, 0).text == "2"


def test_rows_that_moved_are_asked_for_again_after_a_rest(model, qtbot):
    with qtbot.waitSignal(model.filled):
        model.load()
    with qtbot.waitSignal(model.filled):
        model.load()
    assert len(model.rows.asked) == 2
