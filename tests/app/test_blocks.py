"""Edits of blocks of cells change those cells, whatever is in them, and only those that get another text."""

from array import array
from contextlib import closing

import pytest

from lwdesk.app.importing.blocks import Block, edits_of, pasted_block
from lwdesk.app.job.sheet_rows import SKIP
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import Row


@pytest.fixture
def journal(tmp_path):
    """Rows 1 to 4 with two cells each."""
    with closing(Journal(tmp_path / "job.lwjob", create=True)) as found:
        cells = (["a", 1.0], ["b", None], ["c", "x"], ["d", True])
        with found.writing():
            found.add_rows(Row(n + 2, list(row), {}) for n, row in enumerate(cells))
        yield found


def ids(*numbers):
    return array("q", numbers)


@pytest.mark.parametrize(
    ("block", "edits"),
    [
        (Block(ids(1, 2), (0, 1), ("",)), {1: {0: "", 1: ""}, 2: {0: ""}}),
        (Block(ids(3, 1), (1,), ("1", "x")), {3: {1: "1"}, 1: {1: "x"}}),
        (Block(ids(1, 2), (0, 1), ("a", "1", None, "y")), {2: {1: "y"}}),
        (
            Block(ids(3, 4, 2), (0, 1), sources=ids(1, 3)),
            {3: {0: "a", 1: "1"}, 4: {0: "c", 1: "x"}, 2: {0: "a", 1: "1"}},
        ),
        (Block(ids(4), (1,), ("TRUE",)), {}),
        (Block(ids(1, 2), (SKIP,), ("skip",)), {1: {SKIP: "skip"}, 2: {SKIP: "skip"}}),
    ],
)
def test_a_block_becomes_the_edits_of_cells_that_get_another_text(journal, block, edits):
    assert edits_of(journal, [block]) == edits


def test_edits_of_single_cells_stay_as_they_are(journal):
    assert edits_of(journal, {1: {0: "z"}}) == {1: {0: "z"}}


@pytest.mark.parametrize(
    ("text", "rows", "columns", "block", "lost"),
    [
        ("p\tq\nr\ts\n", ids(1, 2, 3), (0, 1), Block(ids(1, 2), (0, 1), ("p", "q", "r", "s")), 0),
        ("p\tq\nr\n", ids(1, 2), (0, 1), Block(ids(1, 2), (0, 1), ("p", "q", "r", None)), 0),
        ("p\tq\nr\ts\n", ids(1), (1,), Block(ids(1), (1,), ("p",)), 3),
        ("p\tq\tr", ids(1), (0, None, 1), Block(ids(1), (0, 1), ("p", "r")), 1),
        ("p\n\nr", ids(4, 5, 6), (0, 1), Block(ids(4, 5, 6), (0, 1), ("p", None, "", None, "r", None)), 0),
    ],
)
def test_a_text_of_the_clipboard_fills_a_block_from_its_corner(text, rows, columns, block, lost):
    assert pasted_block(text, rows, columns) == (block, lost)
