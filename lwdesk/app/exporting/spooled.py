"""Pages of an export as the journal spools them, and the rows on them."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

from lwdesk.app.exporting.records import at, exploded
from lwdesk.catalog.model import Export
from lwdesk.jobs.states import Call, Page

# In a row: what tells it from all others of the export, and the call whose page it is on.
MARK, SOURCE = "lwdesk:mark", "lwdesk:call"


def squeeze(data: Any) -> bytes:
    """JSON, compressed: what the journal spools."""
    return zlib.compress(orjson.dumps(data), 1)


def spooled(call: Call, rows: Sequence[dict[str, Any]], entry: Export) -> Page:
    """The page that a call has brought."""
    values = call.values
    data = {"chain": values["chain"], "variant": values.get("variant", ""), "rows": rows}
    opened = [row.get(entry.open) for row in rows] if entry.open else []
    keys = {str(key) for fields in opened if isinstance(fields, dict) for key in fields}
    place = f"{values['place']}/{values['number']:06}"
    return Page(place, len(rows), squeeze(data), sorted(keys), call.id)


def rows_in(entry: Export, pages: Iterable[Page], only: str = "") -> Iterator[dict[str, Any]]:
    """The rows on spooled pages, in the school's order; each record once though pages shift while they are read. `only`
    those records that have something at this place."""
    needed = only.split(".") if only else ()
    lookup: tuple[str, dict[str, Any]] = ("", {})
    seen: set[tuple[str, str]] = set()
    for page in pages:
        place = page.place.rpartition("/")[0]
        data = orjson.loads(zlib.decompress(page.data))
        if "join" in data:
            lookup = (place, data["join"])
            continue
        for index, record in enumerate(data["rows"]):
            mark = (place, str(record.get("id") or ""))
            if (mark[1] and mark in seen) or (needed and not at(record, needed)):
                continue
            seen.add(mark)
            if entry.join and lookup[0] == place:
                record[entry.join.into] = lookup[1].get(str(at(record, entry.join.on.split("."))))
            rows = exploded(entry, record, data["chain"], data["variant"])
            if entry.files is None:
                yield from rows
                continue
            own = f"{place}|{mark[1]}" if mark[1] else f"{page.call}|{index}"
            for n, row in enumerate(rows):
                yield {**row, MARK: f"{own}|{n}", SOURCE: page.call}
