"""The workbook of an export, written from the pages that the journal has spooled."""

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from lwdesk.app.exporting.exports import REST, files_of, missing, parts_of
from lwdesk.app.targets import place_for, remember
from lwdesk.base.text import _
from lwdesk.catalog import export as export_of
from lwdesk.catalog.model import DATETIME, DAY, LIST, Export, Out, custom_column
from lwdesk.catalog.returns import KEY
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import Page
from lwdesk.sheets.columns import Column
from lwdesk.sheets.memory import Keep
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.write import write_book


def write(journal: Journal, target: Path) -> Written:
    """Write the workbook from the spool. Raises UserError where the target cannot be written."""
    entry = export_of(journal.get("what"))
    return write_book(
        target, [_sheet(part, journal, target) for part in parts_of(entry)], _about(entry, journal)
    )


def write_wanted(journal: Journal) -> Written:
    """Write the workbook to the job's target, or to a free name beside it if another file is there now."""
    target, notes = place_for(journal, files_of(journal.get("what"), Path(journal.get("target"))))
    written = write(journal, target)
    remember(journal, written.paths)
    return replace(written, notes=(*notes, *written.notes))


def _sheet(entry: Export, journal: Journal, target: Path) -> Sheet:
    chosen = [] if journal.get("what") != entry.id else journal.get("columns", [])
    columns = columns_of(entry, journal.page_keys(entry.id), chosen)
    shown, kept = len(columns), None
    if entry.returns and journal.get("what") == entry.id and target.suffix.lower() == ".xlsx":
        columns += [] if any(c.at == KEY for c in columns) else [c for c in entry.columns if c.at == KEY]
        facts = (journal.get("school"), journal.get("root"), journal.get("created"))
        kept = keep(entry, [column.at for column in columns], *facts)
    return Sheet(
        _(entry.title),
        [Column(_(c.title), c.kind, hidden=n >= shown) for n, c in enumerate(columns)],
        rows_of(entry, columns, journal.pages(entry.id)),
        kept,
    )


def keep(entry: Export, places: Sequence[str], school: str, root: str, created: float) -> Keep:
    """What a workbook remembers of its export, so that it is recognized when it is imported."""
    facts = {"export": entry.id, "school": school, "root": root, "created": created, "places": list(places)}
    return Keep(facts, places.index(KEY))


def columns_of(entry: Export, keys: Collection[str], chosen: Sequence[str] = ()) -> list[Out]:
    """The columns of the sheet: those that were chosen, in their order, else all; `keys` are of its custom fields."""
    known = {column.at: [column] for column in entry.columns}
    fields = [(key, f"{entry.open}.{key}") for key in sorted(keys)]
    titles = {_(column.title) for column in entry.columns}
    rest = []
    for key, place in fields:
        title = custom_column(key).title
        if place not in known:
            rest.append(Out(place, f"{title} ({key})" if title in titles else title))
            titles.add(title)
    known[entry.open + REST] = rest
    return [column for place in chosen or known for column in known.get(place, ())]


def _about(entry: Export, journal: Journal) -> list[tuple[str, Any]]:
    where = journal.get("where", {})
    shown = "; ".join(f"{name} = {value}" for name, value in where.items())
    facts = [
        (_("What"), _(entry.title)),
        (_("School"), journal.get("school")),
        (_("Address"), journal.get("root")),
        (_("Read"), datetime.fromtimestamp(journal.get("created"), UTC)),
        (_("Filters"), shown or _("none")),
    ]
    facts += [(_("Note"), message) for message in journal.get("warnings", [])]
    return facts + [(_("Missing"), message) for message in missing(journal)]


def rows_of(entry: Export, columns: Sequence[Out], pages: Iterable[Page]) -> Iterator[list[Any]]:
    """The rows of the sheet from the spooled pages, in the school's order; each record once though pages shift while
    they are read."""
    readers = readers_of(columns)
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
            if mark[1] and mark in seen:
                continue
            seen.add(mark)
            record["of"], record["variant"] = data["chain"], data["variant"]
            if entry.join and lookup[0] == place:
                record[entry.join.into] = lookup[1].get(str(_at(record, entry.join.on.split("."))))
            yield from ([read(row) for read in readers] for row in _exploded(record, entry.levels))


def _exploded(record: dict[str, Any], levels: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The items of a record's nested lists, one by one, their parents under `of`."""
    if not levels:
        yield record
        return
    (name, field), *rest = levels
    above = {**record["of"], name: record}
    for thing in record.get(field) or ():
        yield from _exploded({**thing, "of": above, "variant": record["variant"]}, rest)


def _at(record: Any, names: Sequence[str]) -> Any:
    for name in names:
        if isinstance(record, list):
            return [_at(item, (name,)) for item in record]
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    return record


def readers_of(columns: Sequence[Out]) -> list[Callable[[dict[str, Any]], Any]]:
    """For each column the function that takes a record and returns the cell's value."""
    return [_reader(column) for column in columns]


def _reader(column: Out) -> Callable[[dict[str, Any]], Any]:
    """Record -> the value of the column's cell."""
    names = column.at.split(".")
    if column.kind == DATETIME:
        return lambda record: _moment(_at(record, names))
    if column.kind == DAY:
        return lambda record: _day(_at(record, names))
    if column.kind == LIST:
        return lambda record: _listed(_at(record, names))
    if len(names) == 1:
        return lambda record: _plain(record.get(names[0]))
    first, second = names[0], names[1]
    if len(names) == 2:
        return lambda record: (
            _plain(inner.get(second)) if isinstance(inner := record.get(first), dict) else None
        )
    return lambda record: _plain(_at(record, names))


def _plain(value: Any) -> Any:
    """The value as a cell can hold it; lists and objects as JSON text, so that nothing is lost."""
    return value if not isinstance(value, dict | list) else orjson.dumps(value).decode() if value else None


def _listed(value: Any) -> Any:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [str(_plain(item)) for item in items if item is not None] or None


def _moment(stamp: Any) -> datetime | str | None:
    """A Unix time as a datetime; anything else stays text."""
    if stamp is None or stamp == "":
        return None
    try:
        return datetime.fromtimestamp(float(stamp), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return str(stamp)


def _day(text: Any) -> date | str | None:
    """A date as the service writes it: ISO, or `24 Sep 2020`."""
    if not isinstance(text, str) or not text:
        return None
    for form in ("%Y-%m-%d", "%d %b %Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return text
