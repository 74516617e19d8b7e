"""Pages of an export as the journal spools them, and the rows on them."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from lwdesk.app.exporting.records import at, exploded
from lwdesk.catalog.export_model import Export
from lwdesk.jobs.seen import Seen
from lwdesk.jobs.states import Call, Page

# In a row of an export with files: what tells it from all others of the export, and the call whose page it is on.
MARK, SOURCE = "lwdesk:mark", "lwdesk:call"


def squeeze(data: Any) -> bytes:
    """JSON, compressed: what the journal spools."""
    return zlib.compress(orjson.dumps(data), 1)


def new_page(call: Call, rows: Sequence[dict[str, Any]], entry: Export) -> Page:
    """The page that a call has brought."""
    values = call.values
    data = {"chain": values["chain"], "variant": values.get("variant", ""), "rows": rows}
    opened = [row.get(entry.open) for row in rows] if entry.open else []
    keys = {str(key) for fields in opened if isinstance(fields, dict) for key in fields}
    place = f"{values['place']}/{values['number']:06}"
    return Page(place, len(rows), squeeze(data), sorted(keys), call.id)


@dataclass(frozen=True)
class Spooled:
    """A page of an export: what it was listed for, its records, each once, and the records of its joined list by id."""

    chain: Mapping[str, Any]
    variant: str
    records: list[dict[str, Any]]
    join: Mapping[str, dict[str, Any]]


def read_pages(entry: Export, pages: Iterable[Page]) -> Iterator[Spooled]:
    """The pages in the school's order, list by list; each record once though pages shift while they are read."""
    with Seen() as seen:
        yield from _read(entry, pages, seen)


def _read(entry: Export, pages: Iterable[Page], seen: Seen) -> Iterator[Spooled]:
    lookup: tuple[str, dict[str, Any]] = ("", {})
    at_place = ""
    for page in pages:
        place = page.place.rpartition("/")[0]
        if place != at_place:
            seen.clear()
            at_place = place
        data = orjson.loads(zlib.decompress(page.data))
        if "join" in data:
            lookup = (place, data["join"])
            yield Spooled(data.get("chain", {}), "", [], data["join"])
            continue
        records = []
        for index, record in enumerate(data["rows"]):
            id = str(record.get("id") or "")
            if id and not seen.add(id):
                continue
            if entry.join and lookup[0] == place:
                record[entry.join.into] = lookup[1].get(str(at(record, entry.join.on.split("."))))
            if entry.files is not None:
                own = f"{place}|{id}" if id else f"{page.call}|{index}"
                record |= {MARK: own, SOURCE: page.call}
            records.append(record)
        yield Spooled(data["chain"], data["variant"], records, {})


def rows_on(entry: Export, page: Spooled, only: str = "") -> Iterator[dict[str, Any]]:
    """The rows that the records of a page become; `only` those records that have something at this place."""
    needed = only.split(".") if only else ()
    for record in page.records:
        if needed and not at(record, needed):
            continue
        rows = exploded(entry, record, page.chain, page.variant)
        if entry.files is None:
            yield from rows
            continue
        for n, row in enumerate(rows):
            yield {**row, MARK: f"{record[MARK]}|{n}", SOURCE: record[SOURCE]}


def rows_in(entry: Export, pages: Iterable[Page], only: str = "") -> Iterator[dict[str, Any]]:
    """The rows on spooled pages, in the school's order, as in `rows_on`."""
    for page in read_pages(entry, pages):
        yield from rows_on(entry, page, only)
