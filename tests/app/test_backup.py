"""A backup of the whole school survives any number of kills: nothing is asked for twice, nothing is missing."""

import sys
from collections import Counter

import openpyxl
import pytest

from lwdesk.catalog import EXPORTS
from lwdesk.practice.server import Practice
from tests.app import killed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="killing without warning is POSIX's")


@pytest.fixture
def practice():
    with Practice(users=3, limit=False) as school:
        yield school


@pytest.fixture
def asked(practice):
    """How often each page of the school was asked for."""
    found, operate = Counter(), practice.api._operate

    def counting(request, path, body):
        found[request.method, path, request.url.query] += 1
        return operate(request, path, body)

    practice.api._operate = counting
    return found


def sheets(path):
    """All sheets of a workbook but the last, which tells when the school was read."""
    book = openpyxl.load_workbook(path, read_only=True)
    found = {sheet.title: [*sheet.iter_rows(values_only=True)] for sheet in book.worksheets[:-1]}
    book.close()
    return found


def test_killed_again_and_again_it_ends_as_if_it_had_not_been(practice, asked, tmp_path):
    """Each life ends some steps after the one before it, at another step of a page each time, to the very end."""

    def life(home, job="", at=0):
        arguments = str(tmp_path / home), practice.credentials(), "everything", str(tmp_path / f"{home}.xlsx")
        return killed.run((killed.exporting, (*arguments, job, 1)), at=at)

    steps, _killed = life("whole")
    once = Counter(asked)
    asked.clear()
    kills, job = 0, ""
    while life("broken", job, at=30 + kills * 7 % 61)[1]:
        kills += 1
        assert not (tmp_path / "broken.xlsx").exists()
        [job] = [path.stem for path in (tmp_path / "broken" / "jobs").glob("*.lwjob")]
    assert kills > 20, (kills, steps)
    again = asked - once
    assert asked.keys() == once.keys() and again.total() <= kills
    assert len(sheets(tmp_path / "whole.xlsx")) == len(EXPORTS["everything"].parts)
    assert sheets(tmp_path / "broken.xlsx") == sheets(tmp_path / "whole.xlsx")
    asked.clear()
    assert life("broken", job, at=20)[1], "in the middle of writing the workbook again"
    assert sheets(tmp_path / "broken.xlsx") == sheets(tmp_path / "whole.xlsx") and not asked
