"""What a workbook remembers of its rows: all of them come back, and what was damaged is not taken for the truth."""

import pytest

from lwdesk.sheets.memory import Keep, Keeper, recall

ROWS = [[f"id{n}", f"{n} “ά” " + chr(0x4E00 + n) * 150, n / 7, None, n % 2 == 0] for n in range(3000)]


class Page:
    """The cells of a worksheet."""

    def __init__(self):
        self.rows: list[list[str]] = []
        self.hidden = False

    def very_hidden(self):
        self.hidden = True

    def write_string(self, row, column, text):
        assert len(text) <= 32_767, "more than Excel allows in a cell"
        self.rows += [[] for _row in range(row + 1 - len(self.rows))]
        assert column == len(self.rows[row])
        self.rows[row].append(text)


@pytest.fixture(scope="module")
def written():
    page = Page()
    keeper = Keeper(page, Keep({"export": "users"}, 0), ["Id", "Text", "Number", "Nothing", "Flag"])
    for row in ROWS:
        keeper.add(row)
    keeper.close()
    assert page.hidden and len(page.rows) > 3, "several pieces"
    return page.rows


def test_all_rows_of_all_pieces_are_remembered(written):
    found = recall(written)
    assert (found.facts, found.headings[found.key]) == ({"export": "users"}, "Id")
    assert [found.cells(row[0]) for row in ROWS] == [[*row[:2], round(row[2], 5), *row[3:]] for row in ROWS]
    assert found.cells("id3000") is None


@pytest.mark.parametrize("what", ["cut", "changed", "emptied"])
def test_what_was_damaged_is_no_memory(written, what):
    rows = [list(row) for row in written]
    if what == "cut":
        rows[2].pop()
    elif what == "changed":
        rows[2][0] = rows[2][0].swapcase()
    else:
        rows[1] = []
    assert recall(rows) is None
