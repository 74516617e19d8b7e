"""The model of a table keeps Qt's rules whatever rows come and go, and indexes follow their rows."""

import random
from array import array

import pytest
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from lwdesk.app.job.rows import Cell
from lwdesk.ui.table_model import TableModel


class Listed:
    """Rows of two columns, by the ids that are set."""

    titles = ("Row", "Name")
    status = -1
    listed = array("q")

    def ids(self, _chosen):
        return self.listed

    def fetch(self, ids):
        return {row_id: [Cell(str(row_id)), Cell(f"name {row_id}")] for row_id in ids}


class Immediate:
    """A bridge that works at once."""

    def run(self, work, done, _failed):
        done(work())


@pytest.fixture
def model(qapp):
    return TableModel(Immediate(), Listed())


def show(model, ids):
    model.rows.listed = array("q", ids)
    model._ready = 0
    model.load()


@pytest.mark.parametrize("seed", range(20))
def test_indexes_follow_their_rows_through_any_change(model, qtlog, seed):
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    chance = random.Random(seed)
    show(model, range(1, 9))
    followed = {row_id: QPersistentModelIndex(model.index(row_id - 1, 1)) for row_id in range(1, 9)}
    for _change in range(30):
        ids = chance.sample(range(1, 13), chance.randint(0, 12))
        show(model, ids)
        assert model.rowCount() == len(ids)
        followed = {row_id: index for row_id, index in followed.items() if row_id in ids}
        assert all(index.data() == f"name {row_id}" for row_id, index in followed.items())
        assert [model.index(line, 0).data() for line in range(len(ids))] == [str(row_id) for row_id in ids]
    assert tester.model() is model
    assert not [record.message for record in qtlog.records if "FAIL" in record.message]


def test_rows_are_held_until_all_have_released_them(model, qtbot):
    show(model, [1, 2, 3])
    first, second = model.hold(), model.hold()
    show(model, [3, 1])
    model.release(first)
    qtbot.wait(20)
    assert list(model.ids_at(0, 9)) == [1, 2, 3]
    with qtbot.waitSignal(model.filled):
        model.release(second)
    assert list(model.ids_at(0, 9)) == [3, 1]


def test_the_last_rows_that_were_read_are_shown_after_a_hold(model, qtbot):
    show(model, [1, 2, 3])
    holder = model.hold()
    show(model, [3, 1])
    show(model, [1, 2, 3])
    with qtbot.waitSignal(model.filled):
        model.release(holder)
    assert list(model.ids_at(0, 9)) == [1, 2, 3]
