"""Exports: lists of the school, fetched page by page. Pages are calls, their answers are spooled in the journal,
so that an export of hours survives a crash at any page."""

import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from lwdesk.api.build import Request, request
from lwdesk.api.pages import page
from lwdesk.app.imports import new_journal
from lwdesk.app.resolve import Resolver
from lwdesk.app.session import Session
from lwdesk.base.errors import ApiError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, listing, nearest
from lwdesk.catalog import LISTINGS
from lwdesk.catalog import export as export_of
from lwdesk.catalog.dates import Date
from lwdesk.catalog.facts import Ref
from lwdesk.catalog.kinds import Reference, Several, YesNo
from lwdesk.catalog.model import Column, Export, Recipe, custom_column
from lwdesk.catalog.problems import ERROR, Problem
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, PLANNED, Call, End, Page

# What a call of an export brings: the things to list for, rows, or what completes the rows.
PARENTS, ROWS, JOIN = "parents", "rows", "join"


def filters(entry: Export, where: Mapping[str, str]) -> dict[str, Any]:
    """The values of an export's filters, read like cells. Raises UserError for an unknown name or a bad value."""
    found = {}
    for name, text in where.items():
        column = next((c for c in entry.filters if c.id == name), None)
        if column is None and entry.open and name.startswith("cf_"):
            column = Column(name, custom_column(name).title, at=name)
        if column is None:
            known = [c.id for c in entry.filters]
            close = nearest(name, known) or known
            there = _("There are {filters}").format(filters=listing(close, 10)) if known else _("It has none")
            raise UserError(_("{export} has no filter “{name}”").format(export=entry.id, name=name), there)
        heard: list[Problem] = []
        value = column.kind.read(text, heard.append)
        if bad := next((p for p in heard if p.level == ERROR), None):
            raise UserError(_("The filter {name} cannot be used").format(name=name), bad.message)
        found[name] = value
    return found


def query(entry: Export, values: Mapping[str, Any]) -> list[list[str]]:
    """The query of an export's list call: constants, overridden by the filters given."""
    pairs = {name: [value] for name, value in entry.query}
    for name, value in values.items():
        column = next((c for c in entry.filters if c.id == name), None) or Column(name, name, at=name)
        if value is None or not isinstance(column.at, str) or not column.at:
            continue
        pairs[column.at] = _wire(column, value)
    return [[name, text] for name, texts in pairs.items() for text in texts]


def _wire(column: Column, value: Any) -> list[str]:
    if isinstance(column.kind, YesNo):
        return ["true" if value else "false"]
    if isinstance(column.kind, Date):
        end = str(column.at).endswith("before")
        moment = datetime.combine(value, datetime.max.time() if end else datetime.min.time())
        return [str(int(moment.timestamp()))]
    if isinstance(column.kind, Several):
        return list(map(str, value)) if str(column.at).endswith("[]") else [",".join(map(str, value))]
    return [str(value)]


def create(home: Home, export_id: str, where: Mapping[str, str], session: Session, target: Path) -> Journal:
    """Start an export job. Raises UserError for filters that cannot be used."""
    entry = export_of(export_id)
    values = filters(entry, where)
    calls = _first_calls(entry, values, session)
    with new_journal(home, entry.id) as journal:
        journal.put(
            kind="export",
            what=entry.id,
            state=PLANNED,
            created=time.time(),
            school=session.name,
            root=session.root,
            target=str(target.absolute()),
            where=dict(where),
        )
        for call in calls:
            journal.add_call(call)
    return journal


def _first_calls(entry: Export, values: Mapping[str, Any], session: Session) -> list[Call]:
    pairs = query(entry, values)
    if not entry.per:
        return [_call(entry, entry.call, ROWS, pairs, entry.sized, entry.size, "", {})]
    if values.get(entry.per) is None:
        parents = LISTINGS[entry.per]
        asked = [list(pair) for pair in parents.query]
        return [_call(entry, parents.walk, PARENTS, asked, parents.sized, parents.size, "", {"query": pairs})]
    found = _resolved(entry, values[entry.per], session)
    return [
        call for n, ref in enumerate(found) for call in _child_calls(entry, _parent_of(ref), f"{n:08}", pairs)
    ]


def _parent_of(ref: Ref) -> dict[str, Any]:
    return {"id": ref.id, "title": ref.title}


def _resolved(entry: Export, texts: Sequence[str], session: Session) -> list[Ref]:
    column = Column("which", "", Several(Reference((entry.per,))))
    resolver = Resolver(Recipe("", "", "", (), (column,)), session.directory.titles)
    heard: list[Problem] = []
    found = resolver.resolved({"which": tuple(texts)}, heard.append)
    if heard:
        raise UserError(_("The filter {name} cannot be used").format(name=entry.per), heard[0].message)
    return list(found["which"])


def _call(
    entry: Export,
    template: str,
    role: str,
    pairs: list[list[str]],
    sized: bool,
    size: int,
    place: str,
    extra: dict[str, Any],
    number: int = 1,
) -> Call:
    parent = extra.get("parent")
    built = request(template, {"parent": parent["id"]} if "{parent}" in template and parent else {})
    values = {"role": role, "number": number, "size": size, "sized": sized, "place": place, **extra}
    return Call(entry.id, built.method, built.path, query=pairs, values=values)


def _child_calls(entry: Export, parent: dict[str, Any], place: str, pairs: list[list[str]]) -> list[Call]:
    extra = {"parent": parent}
    calls = [_call(entry, entry.call, ROWS, pairs, entry.sized, entry.size, place, extra)]
    if entry.join:
        calls.insert(0, _call(entry, entry.join.call, JOIN, [], False, 0, place, extra))
    return calls


class ExportPort:
    """Carries out the calls of one export job."""

    def __init__(self, entry: Export, session: Session):
        self._entry, self._session = entry, session

    def send(self, call: Call, leaving: Callable[[], None]) -> End:
        """Fetch a page: spool its rows, and follow what it leads to. Raises what the client raises."""
        leaving()
        role, number = call.values["role"], call.values["number"]
        asked = Request(call.method, call.path, tuple((name, value) for name, value in call.query))
        if role == JOIN:
            return self._join(call, asked)
        size = call.values["size"] if call.values["sized"] else None
        found = page(self._session.client, asked, number, size, empty_404=True)
        end = End(DONE, answer={"total": found.total})
        if number == 1:
            end.more = [self._page_call(call, n) for n in range(2, (found.pages or 1) + 1)]
        if role == PARENTS:
            for n, row in enumerate(found.rows):
                title = row.get(LISTINGS[self._entry.per].label)
                parent = {"id": str(row["id"]), "title": title}
                end.more += _child_calls(self._entry, parent, f"{number:04}{n:04}", call.values["query"])
            return end
        place = f"{call.values['place']}/{number:06}"
        keys = (
            {key for row in found.rows for key in row.get(self._entry.open) or ()}
            if self._entry.open
            else set()
        )
        end.page = Page(place, len(found.rows), _squeeze(found.rows), sorted(keys))
        return end

    def _page_call(self, call: Call, number: int) -> Call:
        return Call(
            call.op, call.method, call.path, query=call.query, values={**call.values, "number": number}
        )

    def _join(self, call: Call, asked: Request) -> End:
        """Things by id, kept under the parent's place, before its rows."""
        join = self._entry.join
        assert join is not None
        things = [self._session.client.send(asked).data]
        for name in join.path:
            things = [thing for above in things for thing in (above or {}).get(name) or ()]
        kept = {str(thing["id"]): {name: thing.get(name) for name in join.take} for thing in things}
        return End(DONE, page=Page(f"{call.values['place']}/join", 0, _squeeze(kept)))

    def look(self, call: Call) -> End | None:
        """A page that was asked for in vain several times is missing, unless the school is out altogether."""
        self._session.client.check()
        return End(FAILED, call.message)

    def over(self) -> None:
        """Nothing to do: pages are kept until the workbook is written."""

    def refused(self, call: Call, error: ApiError) -> End:
        """A refusal ends this page only; the workbook says what is missing."""
        return End(FAILED, str(error), error.status)


def _squeeze(data: Any) -> bytes:
    return zlib.compress(orjson.dumps(data), 1)


def engine(journal: Journal, session: Session, **options: Any) -> Engine:
    """The engine that carries out an export; its `stopping` ends the session's waits too."""
    found = Engine(journal, ExportPort(export_of(journal.get("what")), session), **options)
    session.stopping = found.stopping
    return found


def count_rows(journal: Journal) -> int:
    """Rows spooled so far, those that came twice included."""
    return int(journal.ask("SELECT coalesce(sum(rows), 0) FROM page")[0][0])


def missing(journal: Journal) -> list[str]:
    """Why some pages are not there, a sentence each."""
    return [call.message for call in journal.calls("state = ?", FAILED)]
