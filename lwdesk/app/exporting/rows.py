"""The rows of an export's sheet, from the pages that its job has spooled."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lwdesk.app.exporting.cells import readers_of
from lwdesk.app.exporting.names import Names
from lwdesk.app.exporting.spooled import rows_in
from lwdesk.catalog.export_model import DURATION, ID, MINUTES, TEXT, Export, Out
from lwdesk.jobs.states import Page


def sheet_kind(column: Out) -> str:
    """The kind of a column as sheets know it: ids are texts, minutes are durations."""
    return {ID: TEXT, MINUTES: DURATION}.get(column.kind, column.kind)


def rows_of(
    entry: Export,
    columns: Sequence[Out],
    pages: Iterable[Page],
    names: Names | None = None,
    only: str = "",
) -> Iterator[list[Any]]:
    """The rows of the sheet from the spooled pages, in the school's order; each record once though pages shift while
    they are read. `only` those records that have something at this place."""
    readers = readers_of(columns, names)
    for row in rows_in(entry, pages, only):
        yield [read(row) for read in readers]
