"""The clipboard's text of cells is read and written as Excel, LibreOffice and Google Sheets do."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.base.errors import FileError
from lwdesk.sheets.clipboard import cells_of, keep, text_of_cells
from lwdesk.sheets.read import read

TEXTS = st.text(
    st.sampled_from(['"', "\t", "\n", "\r", "a", "π", " ", ",", "\u2028", "\x85", "\v", "\f"]), max_size=8
)
BLOCKS = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(TEXTS, min_size=wide, max_size=wide), min_size=1, max_size=5)
)


@given(BLOCKS)
def test_what_is_copied_pastes_back_the_same(block):
    assert cells_of(text_of_cells(block)) == block


@given(BLOCKS)
def test_windows_line_ends_of_the_clipboard_change_rows_of_plain_cells_in_nothing(block):
    plain = [[cell.translate({9: None, 10: None, 13: None, 34: None}) for cell in line] for line in block]
    assert cells_of(text_of_cells(plain).replace("\n", "\r\n")) == plain


@given(st.text(st.sampled_from(['"', "\t", "\n", "\r", "a"]), max_size=30))
def test_no_text_is_refused_and_no_letter_is_lost(text):
    found = "".join(cell for line in cells_of(text) for cell in line)
    assert found.count("a") == text.count("a")


@given(BLOCKS)
def test_spreadsheets_read_what_is_written(block):
    """Their rule, as the csv module has it too: a quoted cell ends at the next quote that is not doubled."""
    found = list(csv.reader(io.StringIO(text_of_cells(block), newline=""), dialect="excel-tab"))
    assert [line or [""] for line in found] == block


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", []),
        ("a", [["a"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),  # Excel
        ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),  # Google Sheets
        ("a\rb\r", [["a"], ["b"]]),  # Excel for Mac
        ("X\n\nZ\n", [["X"], [""], ["Z"]]),
        ("\n", [[""]]),
        ("\r\n\r\n", [[""], [""]]),
        ("a\t\n", [["a", ""]]),
        ('"Nick" Smith\tx', [['"Nick" Smith', "x"]]),
        ('"open\tP\nQ\tR\n', [['"open', "P"], ["Q", "R"]]),
        ('5"\t6"\n', [['5"', '6"']]),
        ('"one\ntwo"\tb\n', [["one\ntwo", "b"]]),
        ('"one\r\ntwo"\r\n', [["one\r\ntwo"]]),
        ('"say ""hi""\tnow"\t1\n', [['say "hi"\tnow', "1"]]),
        ('""\tb', [["", "b"]]),
        ("a\u2028b\x85c\vd\fe", [["a\u2028b\x85c\vd\fe"]]),
    ],
)
def test_a_quote_counts_only_where_it_closes_before_a_tab_or_line_end(text, cells):
    assert cells_of(text) == cells


def test_a_cell_may_be_longer_than_the_csv_module_reads(tmp_path):
    cells = [["Email", "Bio"], ["ana@p.example", "x" * 140_000]]
    assert cells_of(text_of_cells(cells)) == cells
    keep(cells, tmp_path / "pasted.csv")
    with pytest.raises(FileError, match="more than 131,072 characters"):
        read(tmp_path / "pasted.csv")


@pytest.mark.parametrize("cell", ['"x', '""x', '"""x', '"x""', '"a\n""b', '"'])
def test_many_cells_with_quotes_are_read_in_no_time(cell):
    began = time.process_time()
    cells_of("\n".join([cell] * 50_000))
    assert time.process_time() - began < 5
