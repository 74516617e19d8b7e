"""Exports: lists of the school, fetched page by page. Pages are calls, their answers are spooled in the journal,
so that an export of hours survives a crash at any page."""

import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from lwdesk.api.build import Request, request
from lwdesk.api.pages import Page as Answer
from lwdesk.api.pages import page
from lwdesk.app.exporting import names, people
from lwdesk.app.exporting.columns import check_columns, columns_of, parts_of
from lwdesk.app.exporting.filters import query, read_filters
from lwdesk.app.exporting.row_filters import RowFilters
from lwdesk.app.job.history import new_journal
from lwdesk.app.school import zones
from lwdesk.app.school.session import Session
from lwdesk.app.targets import digests
from lwdesk.base.errors import ApiError, AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, LISTINGS
from lwdesk.catalog import export as export_of
from lwdesk.catalog.effects.facts import get_path
from lwdesk.catalog.model import Export, Parents
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, PLANNED, Call, End, Page
from lwdesk.sheets.write import check_target, paths_of

# How many pages of one list are planned beyond those that have been fetched.
AHEAD = 8
# What a call of an export returns: parents to list for, rows, or what completes the rows.
PARENTS, ROWS, JOIN = "parents", "rows", "join"
Chain = dict[str, dict[str, Any]]


def create(
    home: Home,
    export_id: str,
    where: Mapping[str, str],
    session: Session,
    target: Path,
    columns: Sequence[str] = (),
    zone: str = "",
    summary: bool = True,
) -> Journal:
    """Start an export job. `columns` are places (`Out.at`) of the columns to write, in order; none: all of them. `zone`
    is the name of the time zone that days and times are of; "" for this computer's. `summary`: with the sheets that sum
    up the list, in a workbook.

    Files that are there by now are replaced, unless they change while the job runs.
    Raises UserError for filters and columns that cannot be used, and for a target that could not be written; what
    `Client.enter` raises where the school can't be reached or refuses to sign in: then no job is left behind.
    """
    entry = export_of(export_id)
    check_target(target)
    check_columns(entry, columns)
    warnings: list[str] = []
    values, time_zone = read_filters(entry, where, session, warnings.append), zones.find(zone)
    session.client.enter()
    values = people.people_of(entry, values, session, session.new_directory(), warnings, time_zone)
    with new_journal(home, entry.id) as journal:
        journal.put(
            kind="export",
            what=entry.id,
            state=PLANNED,
            created=time.time(),
            school=session.name,
            root=session.root,
            target=str(target.absolute()),
            replaces=digests(files_of(export_id, target)),
            where=dict(where),
            columns=list(columns),
            zone=zone,
            summary=summary,
            warnings=warnings,
        )
        people.keep(journal, values)
        for part in parts_of(entry):
            for call in Walker(part, values, time_zone).first_calls():
                journal.add_call(call)
    return journal


def files_of(export_id: str, target: Path) -> list[Path]:
    """The files that an export writes. Raises UserError for an export that is not there."""
    return paths_of(target, [_(part.title) for part in parts_of(export_of(export_id))])


class Walker:
    """Which calls an export makes: the first ones, and those that an answer leads to."""

    def __init__(self, entry: Export, values: Mapping[str, Any], zone: tzinfo | None = None):
        self._entry, self._values, self._zone = entry, values, zone
        self._people: people.People | None = values.get(people.PEOPLE)

    def first_calls(self) -> Iterator[Call]:
        """The calls to begin with: the list, the parents' lists, or lists for the parents that were chosen."""
        if self._people is not None and not self._people.users and not self._people.alone:
            return
        if not self._entry.per:
            each = self._people.users if self._people is not None and self._people.each else {}
            for n, id in enumerate(each):
                yield from self._row_calls({}, f"0/{n:08}", id)
            if not each:
                yield from self._row_calls({}, "0")
        for number, parents in enumerate(self._entry.per):
            path = parents.path
            chosen = [depth for depth, level in enumerate(path) if level.name in self._values]
            if not chosen:
                yield self._parent_call(number, 0, {}, f"{number}")
                continue
            depth = chosen[-1]
            mine = [fact for fact in self._values[path[depth].name] if _belongs(fact, path[depth])]
            for n, fact in enumerate(mine):
                yield from self._below(number, depth + 1, {path[depth].name: fact}, f"{number}/{n:08}")

    def below(self, call: Call, rows: list[dict[str, Any]]) -> Iterator[Call]:
        """The calls that a page of parents leads to."""
        values = call.values
        level = self._entry.per[values["per"]].path[values["depth"]]
        things = [(n, thing) for n, row in enumerate(rows) for thing in _nested(row, level.items)]
        for n, (_row, thing) in enumerate(things):
            if _counts(thing, level) and self._fits(thing, level):
                chain = {**values["chain"], level.name: _fact(thing, level)}
                place = f"{values['place']}/{values['number']:05}{n:05}"
                yield from self._below(values["per"], values["depth"] + 1, chain, place)

    def _fits(self, thing: dict[str, Any], level: Parents) -> bool:
        """Whether rows below a parent may be about one of the chosen users."""
        start, _mark, field = self._entry.about.rpartition(".")
        if self._people is None or start != f"of.{level.name}":
            return True
        return self._people.fits(_fact(thing, level).get(field), None)

    def _below(self, per: int, depth: int, chain: Chain, place: str) -> Iterator[Call]:
        if depth < len(self._entry.per[per].path):
            yield self._parent_call(per, depth, chain, place)
        else:
            yield from self._row_calls(chain, place)

    def _parent_call(self, per: int, depth: int, chain: Chain, place: str) -> Call:
        level = self._entry.per[per].path[depth]
        pairs = query(level.query, self._entry.narrows if depth == 0 else (), self._values, self._zone)
        call = self._call(PARENTS, level.call, pairs, chain, place, level.size, level.sized)
        call.values |= {"per": per, "depth": depth}
        return call

    def _row_calls(self, chain: Chain, place: str, user: str = "") -> Iterator[Call]:
        entry = self._entry
        if entry.join:
            yield self._call(JOIN, entry.join.call, [], chain, place, 0, False)
        values = {**self._values, "user": user} if user else self._values
        pairs = query(entry.query, entry.filters, values, self._zone)
        for n, (word, template) in enumerate(entry.variants or (("", entry.call),)):
            inner = f"{place}/{n}" if entry.variants else place
            call = self._call(ROWS, template, pairs, chain, inner, entry.size, entry.sized)
            call.values |= {"variant": word} if word else {}
            yield call

    def _call(
        self,
        role: str,
        template: str,
        pairs: list[list[str]],
        chain: Chain,
        place: str,
        size: int,
        sized: bool,
    ) -> Call:
        slots = {name: str(fact["id"]) for name, fact in chain.items() if f"{{{name}}}" in template}
        built = request(template, slots)
        filled = [[name, _filled(text, chain)] for name, text in pairs]
        values = {"role": role, "number": 1, "size": size, "sized": sized, "place": place, "chain": chain}
        return Call(self._entry.id, built.method, built.path, query=filled, values=values)


def _filled(text: str, chain: Chain) -> str:
    """A query's value with `{course}` and `{product.type}` filled in."""
    for name, fact in chain.items():
        for key, value in (("", fact["id"]), *((f".{key}", value) for key, value in fact.items())):
            text = text.replace(f"{{{name}{key}}}", str(value))
    return text


def _nested(record: Any, names: tuple[str, ...]) -> list[Any]:
    found = [record]
    for name in names:
        nested = [above.get(name) for above in found if isinstance(above, dict)]
        found = [thing for things in nested if isinstance(things, list) for thing in things]
    return found


def _counts(thing: Any, level: Parents) -> bool:
    if level.only is None:
        return get_path(thing, level.id) is not None
    value = get_path(thing, level.only[0])
    return bool(value) if not level.only[1] else value in level.only[1]


def _belongs(fact: dict[str, Any], level: Parents) -> bool:
    """Whether a chosen parent is one of these, not of an alternative to them."""
    marks = {name: place.strip('"') for name, place in level.facts if place[:1] == '"'}
    return all(fact.get(name) == mark for name, mark in marks.items())


def _fact(thing: dict[str, Any], level: Parents) -> dict[str, Any]:
    more = {
        name: place.strip('"') if place[:1] == '"' else get_path(thing, place) for name, place in level.facts
    }
    return {"id": str(get_path(thing, level.id)), "title": get_path(thing, level.title), **more}


class ExportPort:
    """Carries out the calls of one export job. `columns` are the places of those to write; without a `journal`, no
    names are looked up."""

    def __init__(
        self,
        entry: Export,
        values: Mapping[str, Any],
        session: Session,
        columns: Sequence[str] = (),
        zone: tzinfo | None = None,
        journal: Journal | None = None,
    ):
        self._session, self._journal = session, journal
        self._parts = parts_of(entry)
        self._walkers = {part.id: Walker(part, values, zone) for part in self._parts}
        self.tests = {part.id: RowFilters(part, values, zone) for part in self._parts}
        written = {part.id: columns_of(part, (), columns if part is entry else ()) for part in self._parts}
        self._wanted = {part.id: names.Wanted(part, written[part.id]) for part in self._parts}
        self.fields = names.fields_of(column for one in written.values() for column in one)

    def send(self, call: Call, leaving: Callable[[], None]) -> End:
        """Fetch a page: spool its rows, and follow what it leads to. Raises what the client raises."""
        values = call.values
        if values["role"] == names.WALK and values["number"] > 1 and not self._missing(call):
            return End(DONE)  # planned ahead, and all was found meanwhile
        leaving()
        asked = Request(call.method, call.path, tuple((name, value) for name, value in call.query))
        if values["role"] == JOIN:
            return self._join(call, asked, EXPORTS[call.op])
        if values["role"] == names.ASK:
            record = self._session.client.send(asked).data
            return End(DONE, names=self._found(call.op, [record] if isinstance(record, dict) else []))
        size = values["size"] if values["sized"] else None
        found = page(self._session.client, asked, values["number"], size, tail=values.get("tail", False))
        end = End(DONE, answer={"total": found.total, "read": len(found.rows)})
        mark = crc32(orjson.dumps(found.rows))
        again = mark == values.get("mark") and found.repeats(found.rows)
        # Beyond the pages that the first one led to, a repetition is the last page again: the list has ended.
        if not again or (found.counted and found.number <= AHEAD + 1):
            end.more = [_turned(call, number, mark, found.counted) for number in _next_pages(found)]
        if again:
            return end
        if values["role"] == names.WALK:
            self._walked(call, found, end)
        elif values["role"] == PARENTS:
            end.more += self._walkers[call.op].below(call, found.rows)
            if listing := names.listing_of(_template(call, EXPORTS[call.op]), self.fields):
                end.names = self._found(listing, found.rows)
                end.wants = {listing: end.names[listing]}
        else:
            rows = self.tests[call.op].kept(found.rows, values["chain"], values.get("variant", ""))
            end.page = _spooled(call, rows, EXPORTS[call.op])
            end.wants = dict(self._wanted[call.op].of_page(rows, values["chain"]))
        return end

    def _found(self, listing: str, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Listing -> id -> the fields that are written."""
        return {listing: {str(row.get("id")): names.shown_fields(listing, row, self.fields) for row in rows}}

    def _walked(self, call: Call, found: Answer, end: End) -> None:
        """Keep the names of a page, and go on in whichever way needs fewer requests, as long as some are missing."""
        end.names = self._found(call.op, found.rows)
        there = end.names[call.op].keys()
        count = self._missing(call, there)
        if not count:
            end.more = []
        elif found.number == 1 and LISTINGS[call.op].ask and count < (found.pages or 0) - 1:
            assert self._journal is not None
            missing = set(self._journal.names_missing(call.op)) - there
            end.more = [names.ask(call.op, id) for id in sorted(missing)]

    def _missing(self, call: Call, there: Collection[str] = ()) -> int:
        """How many records of a listing are looked for that were not found, beside these."""
        assert self._journal is not None
        return self._journal.names_open(call.op, asked=True, beside=there)

    def further(self) -> bool:
        """Plan to look up names, when all pages are in."""
        return self._journal is not None and names.plan(self._journal, self.fields, self._parts)

    def _join(self, call: Call, asked: Request, entry: Export) -> End:
        """Store the records of a joined list by id, under the parent's place, before its rows."""
        join = entry.join
        assert join is not None
        things = _nested(self._session.client.send(asked).data, join.path)
        kept = {str(thing["id"]): {name: thing.get(name) for name in join.take} for thing in things}
        return End(DONE, page=Page(f"{call.values['place']}/!", 0, squeeze({"join": kept})))

    def look(self, call: Call) -> End | None:
        """A page that failed several times is missing, unless the whole school is down."""
        self._session.client.check()
        return End(FAILED, call.message)

    def waiting(self, error: AppError, seconds: float) -> None:
        """Report the wait as the client reports its own."""
        self._session.client.tell_wait(error.title, seconds)

    def partial(self, call: Call) -> bool:
        """Pages don't depend on other calls."""
        return False

    def refused(self, call: Call, error: ApiError) -> End:
        """A refusal ends this page only; the workbook says what is missing, and of names which are not there."""
        if call.values["role"] == names.ASK and error.status == 404:
            return End(DONE, status=error.status)
        return End(FAILED, str(error), error.status)

    def run_ended(self) -> None:
        """Nothing to do: pages are kept until the workbook is written."""


def _template(call: Call, entry: Export) -> str:
    """The list call that a page of parents belongs to."""
    level: Parents = entry.per[call.values["per"]].path[call.values["depth"]]
    return level.call


def _next_pages(found: Answer) -> range:
    """The pages that this one leads to. Where the list counts its pages, the first leads to as many as are fetched at
    once, and each further one to the page that far ahead: so few are planned, however many the school claims."""
    if not found.has_next():
        return range(0)
    if found.pages is None:
        return range(found.number + 1, found.number + 2)
    first = found.number + 1 if found.number == 1 else found.number + AHEAD
    return range(first, min(found.number + AHEAD, found.pages) + 1)


def _turned(call: Call, number: int, mark: int, counted: bool) -> Call:
    values = {**call.values, "number": number, "mark": mark, "tail": not counted}
    return replace(call, id=0, state="ready", tries=0, due=0.0, values=values)


def _spooled(call: Call, rows: Sequence[dict[str, Any]], entry: Export) -> Page:
    values = call.values
    data = {"chain": values["chain"], "variant": values.get("variant", ""), "rows": rows}
    opened = [row.get(entry.open) for row in rows] if entry.open else []
    keys = {str(key) for fields in opened if isinstance(fields, dict) for key in fields}
    return Page(f"{values['place']}/{values['number']:06}", len(rows), squeeze(data), sorted(keys))


def squeeze(data: Any) -> bytes:
    """JSON, compressed: what the journal spools."""
    return zlib.compress(orjson.dumps(data), 1)


def engine(journal: Journal, session: Session, **options: Any) -> Engine:
    """The engine that carries out an export; its `stopping` ends the session's waits too."""
    entry = export_of(journal.get("what"))
    values = people.kept(journal, read_filters(entry, journal.get("where", {}), session))
    zone = zones.find(journal.get("zone", ""))
    port = ExportPort(entry, values, session, journal.get("columns", []), zone, journal)
    found = Engine(journal, port, **options)
    session.stopping = found.stopping
    return found


def count_rows(journal: Journal) -> int:
    """Rows spooled so far, those that came twice included."""
    return int(journal.ask("SELECT coalesce(sum(rows), 0) FROM page")[0][0])


def missing(journal: Journal) -> list[str]:
    """Which pages are not there and why, a sentence each."""
    return [f"{_whereabouts(call)}: {call.message}" for call in journal.calls("state = ?", FAILED)]


def _whereabouts(call: Call) -> str:
    """A call in the user's words: “Course users”, “GDPR”, page 2."""
    if call.values["role"] in (names.WALK, names.ASK):
        what = _("Names ({listing})").format(listing=_(LISTINGS[call.op].title))
    else:
        what = _(EXPORTS[call.op].title)
    titles = [str(fact.get("title") or fact["id"]) for fact in call.values["chain"].values()]
    quoted = ", ".join(f"“{name}”" for name in (what, *titles))
    return _("{names}, page {n}").format(names=quoted, n=call.values["number"])
