"""The rows of an export's sheet, from the pages that its job has spooled."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from lwdesk.app.exporting.cells import readers_of
from lwdesk.app.exporting.names import Names
from lwdesk.app.exporting.records import at, exploded
from lwdesk.catalog.model import DURATION, ID, MINUTES, TEXT, Export, Out
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
    readers, needed = readers_of(columns, names), only.split(".") if only else ()
    lookup: tuple[str, dict[str, Any]] = ("", {})
    seen: set[tuple[str, str]] = set()
    for spooled in pages:
        place = spooled.place.rpartition("/")[0]
        data = orjson.loads(zlib.decompress(spooled.data))
        if "join" in data:
            lookup = (place, data["join"])
            continue
        for record in data["rows"]:
            mark = (place, str(record.get("id") or ""))
            if (mark[1] and mark in seen) or (needed and not at(record, needed)):
                continue
            seen.add(mark)
            if entry.join and lookup[0] == place:
                record[entry.join.into] = lookup[1].get(str(at(record, entry.join.on.split("."))))
            rows = exploded(entry, record, data["chain"], data["variant"])
            yield from ([read(row) for read in readers] for row in rows)
