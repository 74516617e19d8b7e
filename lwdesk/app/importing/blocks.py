"""Edits of blocks of cells: a few numbers and texts say what becomes of tens of thousands of cells."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from lwdesk.app.importing.edits import Edits
from lwdesk.app.job.rows import chunks, marks
from lwdesk.app.job.sheet_rows import SKIP
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.clipboard import cells_of


def _no_rows() -> "array[int]":
    return array("q")


@dataclass(frozen=True)
class Block:
    """New texts for cells: rows by id from the top, columns by the index of the cell from the left.

    `texts` fill the block row by row, None leaves a cell as it is; fewer texts than cells are repeated. `sources`: the
    cells of these rows, in the same columns, are the texts.
    """

    rows: "array[int]"
    columns: tuple[int, ...]
    texts: tuple[str | None, ...] = ()
    sources: "array[int]" = field(default_factory=_no_rows)


def pasted_block(text: str, rows: "array[int]", columns: Sequence[int | None]) -> tuple[Block, int]:
    """The block that a text of the clipboard fills, and how many of its cells have no place. `rows` and `columns` are
    those from the selected cell on; None is a column that can't be edited."""
    cells = cells_of(text)
    places = [(n, column) for n, column in enumerate(columns) if column is not None]
    fitting = cells[: len(rows)]
    texts = tuple(line[n] if n < len(line) else None for line in fitting for n, _column in places)
    kept = len(texts) - texts.count(None)
    block = Block(rows[: len(fitting)], tuple(column for _n, column in places), texts)
    return block, sum(map(len, cells)) - kept


def edits_of(journal: Journal, asked: Edits | Sequence[Block]) -> Edits:
    """The edits that blocks make: of the cells that get another text than they have."""
    if isinstance(asked, Mapping):
        return asked
    found: dict[int, dict[int, str]] = {}
    for block in asked:
        wide, texts = len(block.columns), block.texts
        if block.sources:
            texts = tuple(
                text_of(cells[column])
                for _id, cells in _cells(journal, block.sources)
                for column in block.columns
            )
        for line, (row_id, cells) in enumerate(_cells(journal, block.rows)):
            for place, column in enumerate(block.columns):
                text = texts[(line * wide + place) % len(texts)]
                if text is not None and (column == SKIP or text != text_of(cells[column])):
                    found.setdefault(row_id, {})[column] = text
    return found


def _cells(journal: Journal, ids: "array[int]") -> Iterator[tuple[int, list[object]]]:
    """The rows of these ids, in this order, and their cells."""
    for chunk in chunks(ids):
        known = dict(journal.ask(f"SELECT id, cells FROM row WHERE id IN ({marks(chunk)})"))
        for row_id in chunk:
            yield row_id, orjson.loads(known[row_id])
