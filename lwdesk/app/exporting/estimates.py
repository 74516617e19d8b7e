"""Previews an export: its first rows, and how many requests and seconds the whole export takes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from lwdesk.api.build import request
from lwdesk.api.pages import page
from lwdesk.app.exporting.cells import shown_text
from lwdesk.app.exporting.columns import check_columns, columns_of, places, written_columns
from lwdesk.app.exporting.files import links_of
from lwdesk.app.exporting.filters import actual_days, day_notes, periods, read_filters
from lwdesk.app.exporting.found_courses import chains, waits
from lwdesk.app.exporting.look import ROWS, Look
from lwdesk.app.exporting.name_costs import NameCosts
from lwdesk.app.exporting.names import listing_of, names_in
from lwdesk.app.exporting.people import PEOPLE, lists_of, narrowed, people_of
from lwdesk.app.exporting.port import ExportPort
from lwdesk.app.exporting.rows import rows_of
from lwdesk.app.exporting.spooled import rows_in
from lwdesk.app.exporting.walker import JOIN, PARENTS, Walker
from lwdesk.app.school import zones
from lwdesk.app.school.session import Session
from lwdesk.base.text import _
from lwdesk.catalog import LISTINGS
from lwdesk.catalog import export as export_of
from lwdesk.catalog.courses import EACH_COURSE
from lwdesk.catalog.export_model import Export
from lwdesk.jobs.states import Call, End, Page

# Requests that a look makes at the most; a workbook of parts takes one for each part.
MOST = 8


def look(
    export_id: str,
    where: Mapping[str, str],
    session: Session,
    chosen: Sequence[str] = (),
    zone: str = "",
    files: bool = False,
) -> Look:
    """Fetch the first pages; `chosen` are the places of the columns to write, `zone` the time zone; `files`: those that
    the rows link to are downloaded.

    Raises UserError for filters and columns that cannot be used, and what the client raises."""
    entry = export_of(export_id)
    check_columns(entry, chosen)
    time_zone = zones.find(zone)
    days = actual_days(periods(entry, where, zones.today(time_zone)))
    values = read_filters(entry, {**where, **days}, session)
    before = session.client.requests
    notes = day_notes(entry, where, days)
    values = people_of(entry, values, session, session.directory, notes, time_zone)
    found = session.client.requests - before
    port = ExportPort(entry, values, session, chosen, time_zone, files=files)
    probes = _probes(entry, values, port, time_zone)
    probes += _course_probes(entry, values, port, time_zone, probes, session)
    first = next((probe for probe in probes if any(one.rows for one in probe.pages)), probes[0])
    requests = max(1, round(sum(probe.requests for probe in probes))) + found
    costs = _name_costs(session, port, probes, values)
    keys = {key for spooled in first.pages for key in spooled.keys}
    if entry.pages:
        columns = written_columns(entry, first.entry, keys)
    else:
        shown = [*places(first.entry), *(place for place in chosen if place not in places(first.entry))]
        columns = columns_of(first.entry, keys, shown)
    pages = sorted(first.pages, key=lambda one: one.place)
    cells = rows_of(first.entry, columns, pages, costs.names())
    rows = [
        [shown_text(value, time_zone) for value in row] for row, _n in zip(cells, range(ROWS), strict=False)
    ]
    tested = tuple(_(column.title) for column in port.tests[first.entry.id].unsent)
    return Look(
        [(column.at, column.heading) for column in columns],
        rows,
        first.total if len(probes) == 1 and not tested else None,
        requests + costs.requests,
        session.seconds_for(requests + costs.requests),
        len(probes) == 1 and first.exact and costs.exact,
        costs.requests,
        tested,
        first.read,
        tuple(notes),
        round(_links(first.entry, pages) * first.scale),
    )


def _probes(
    entry: Export, values: Mapping[str, Any], port: ExportPort, zone: tzinfo | None
) -> "list[_Probe]":
    """Previews of the parts, but for those that wait for others."""
    found = []
    for part in lists_of(entry, values):
        if not waits(entry, part, values):
            calls = list(Walker(part, narrowed(part, values), zone).first_calls())
            found.append(_Probe(part, port, _most(entry, part, calls)).all(calls))
    return found


def _most(entry: Export, part: Export, calls: Sequence[Call]) -> int:
    """How many requests the preview of a part makes: none where each call is one page, as far as anyone knows."""
    if not entry.parts:
        return MOST
    if entry.grid:
        return MOST // 2 if part.id == entry.parts[0] else 2  # rows of the first one are shown
    if entry.pages is None:
        return 1
    if part.id in dict(entry.pages.courses):
        return MOST
    first = calls[0].values["role"] == PARENTS if calls else False
    return 2 if first else 1 if not part.per else 0


def _course_probes(
    entry: Export,
    values: Mapping[str, Any],
    port: ExportPort,
    zone: tzinfo | None,
    probes: "Sequence[_Probe]",
    session: Session,
) -> "list[_Probe]":
    """Previews of the parts that are asked for the courses of the users, taken from the first users."""
    waiting = [part for part in lists_of(entry, values) if waits(entry, part, values)]
    if not waiting:
        return []
    pages = {probe.entry.id: probe.pages for probe in probes}
    known = chains(entry, values[PEOPLE], lambda part: pages[part])
    seen = max(1, min(len(values[PEOPLE].users), MOST))
    more = len(values[PEOPLE].users) / seen
    courses = len({chain["course"]["id"] for chain in known})
    total = page(session.client, request(EACH_COURSE.call, {}), 1).total if more > 1 else None
    shared = min(more, (total or courses * more) / max(1, courses))
    found = []
    for part in waiting:
        probe = _Probe(part, port, 2).all(list(Walker(part, narrowed(part, values), zone).calls_for(known)))
        own = "user" in {level.name for level in part.per[0].path}
        probe.requests *= more if own else shared
        found.append(probe)
    return found


def _links(entry: Export, pages: Sequence[Page]) -> int:
    """How many files the rows on these pages link to."""
    return sum(len(links_of(entry.files, row)) for row in rows_in(entry, pages)) if entry.files else 0


def _name_costs(
    session: Session, port: ExportPort, probes: "Sequence[_Probe]", values: Mapping[str, Any]
) -> NameCosts:
    """The cost of names: those of lists that the export fetches anyway come with it."""
    costs = NameCosts(session, port.fields)
    for probe in probes:
        for name, found in probe.names.items():
            costs.found.setdefault(name, {}).update(found)
    walked = {probe.entry.call for probe in probes if not probe.entry.levels and not values}
    for name in port.fields:
        covered = LISTINGS[name].walk in walked or any(name in probe.parents for probe in probes)
        covered = covered or (name == "user" and bool(port.users))
        ids = {id for probe in probes for id in probe.wants.get(name, ())}
        scale = max((probe.scale for probe in probes if probe.wants.get(name)), default=1.0)
        costs.add(name, ids, scale, covered=covered)
    return costs


@dataclass
class _Probe:
    """Follows the first branch of an export until it has rows to show; what it saw of the first parent of a level
    is taken for all of them."""

    entry: Export
    port: ExportPort
    left: int
    pages: list[Page] = field(default_factory=list)
    read: int = 0
    requests: float = 0.0
    total: int | None = None
    exact: bool = True
    wants: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, dict[str, Any]] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)

    @property
    def scale(self) -> float:
        """How many times as many rows there are as were seen."""
        if self.total is not None and self.read:
            return max(1.0, self.total / self.read)
        return max(1.0, self.requests / max(1, len(self.pages)))

    def all(self, calls: Sequence[Call]) -> "_Probe":
        """Preview an export that starts with these calls."""
        plain = not self.entry.per and not self.entry.levels and len(calls) == 1
        self.requests = self._cost(calls)
        if not plain:
            self.total = None
            self.exact = self.exact and all(call.values["role"] != PARENTS for call in calls)
        return self

    def _cost(self, calls: Sequence[Call]) -> float:
        """Estimate the requests of these calls and of those they lead to; unprobed ones count like the others."""
        probed: dict[tuple[str, str], list[float]] = {}
        found = 0.0
        for call in calls:
            known = probed.setdefault((call.values["role"], call.op), [])
            if self.left > 0 and not (known and self._enough()):
                known.append(self._probe(call))
                found += known[-1]
            else:
                self.exact = False
                found += sum(known) / len(known) if known else 1.0
        return found

    def _enough(self) -> bool:
        return sum(one.rows for one in self.pages) >= ROWS

    def _probe(self, call: Call) -> float:
        """Send one call, and those for its first parents. Returns the requests for all its pages and parents."""
        self.left -= 1
        tested = bool(self.port.tests[self.entry.id].unsent)
        end = self._send(call if tested else _small(call))
        total = (end.answer or {}).get("total")
        role, size = call.values["role"], call.values["size"]
        if role == JOIN:
            return 1.0
        turned = sum(1 for more in end.more if more.values["role"] == role and more.values["number"] > 1)
        pages = total / size if total and size else 1.0 + turned
        if role != PARENTS:
            self.total = total
            self.exact = self.exact and total is not None
            more = end.more if tested else []
            while more and self.left > 0 and not self._enough():
                self.left -= 1
                more = more[1:] + self._send(more[0]).more
            return max(1.0, math.ceil(pages))
        self.exact = self.exact and pages <= 1
        return max(1.0, math.ceil(pages)) + self._cost(end.more[turned:]) * max(1.0, pages)

    def _send(self, call: Call) -> End:
        """Fetch a page, and keep what it brings."""
        end = self.port.send(call, lambda: None)
        if end.page is not None:
            self.pages.append(end.page)
            self.read += (end.answer or {}).get("read", 0)
        self._note(call, end)
        return end

    def _note(self, call: Call, end: End) -> None:
        """Remember which ids the rows refer to, and the names that came along."""
        for name, ids in end.wants.items():
            if call.values["role"] == PARENTS:
                self.parents.add(name)
            else:
                self.wants.setdefault(name, set()).update(ids)
        for name, found in end.names.items():
            self.names.setdefault(name, {}).update(found)
        own = listing_of(self.entry.call, self.port.fields)
        if end.page is not None and own and not self.entry.levels:
            self.names.setdefault(own, {}).update(names_in(end.page, own, self.port.fields))


def _small(call: Call) -> Call:
    """The same call for a page that is just big enough to be shown; parents come in full pages."""
    values = call.values
    if not values["sized"] or values["role"] == PARENTS:
        return call
    return replace(call, values={**values, "size": min(ROWS, values["size"])})
