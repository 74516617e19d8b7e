"""Names for the ids in an export: which have to be looked up, by which calls, and what is written of them.

Pages note the ids that they refer to in the journal. When all pages are in, what the job has fetched anyway is taken
from its own pages; the rest is asked for one by one or found by walking the list, whichever is fewer requests.
"""

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from lwdesk.api.build import request
from lwdesk.app.exporting.records import at, exploded
from lwdesk.base.text import _
from lwdesk.catalog import LISTINGS
from lwdesk.catalog.effects.facts import get_path
from lwdesk.catalog.export_model import LIST, TITLE_FIELD, Export, Name, Out
from lwdesk.catalog.model import Listing
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED, Call, Page

# What a call of an export does that finds names: the list is walked, or one record asked for.
WALK, ASK = "names", "name"
# Up to so many ids of a listing are asked for one by one without a look at how long the list is.
FEW = 2
Fields = Mapping[str, tuple[str, ...]]
Ids = dict[str, set[str]]


def fields_of(columns: Iterable[Out]) -> dict[str, tuple[str, ...]]:
    """Listing -> the fields of its records that these columns show, beside what the rows show themselves."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for column in columns:
        if isinstance(column, Name) and column.of.refers and not _whole(column.of):
            for listing in column.of.refers.to:
                found[listing][column.field] = None
    return {listing: tuple(fields) for listing, fields in found.items()}


def _whole(of: Out) -> bool:
    """Whether the row shows everything of what an id refers to."""
    return of.refers is not None and any(not field for field, _place in of.refers.shows)


def shows_users(entry: Export) -> bool:
    """Whether the rows of an export are whole records of users."""
    return (
        entry.person is not None and entry.person.refers is not None and ("", "") in entry.person.refers.shows
    )


class Wanted:
    """Which ids the rows of an export refer to whose names the rows do not show."""

    def __init__(self, entry: Export, columns: Sequence[Out]):
        self._entry = entry
        by_id: dict[Out, list[str]] = defaultdict(list)
        for column in columns:
            if isinstance(column, Name) and not _whole(column.of):
                by_id[column.of].append(column.field)
        self._ids = [_Ids(of, fields) for of, fields in by_id.items()]

    def of_page(self, rows: Iterable[dict[str, Any]], chain: Mapping[str, Any]) -> Ids:
        """Listing -> ids that these records refer to."""
        found: Ids = defaultdict(set)
        if self._ids:
            for record in rows:
                for row in exploded(self._entry, record, chain):
                    for ids in self._ids:
                        ids.add(row, found)
        return found


class _Ids:
    """The ids in one column."""

    def __init__(self, of: Out, fields: Sequence[str] = ()):
        assert of.refers is not None
        self._at, self._to = of.at.split("."), of.refers.to
        self._by = of.refers.by.split(".") if of.refers.by else None
        shows = dict(of.refers.shows)
        shown = [shows.get(field) for field in fields]
        self._shown = [place.split(".") for place in shown if place] if all(shown) else None

    def add(self, row: dict[str, Any], found: Ids) -> None:
        """Add what the row refers to, unless the row shows it all itself."""
        if self._shown is not None and all(at(row, names) is not None for names in self._shown):
            return
        for id, listings in self.of_row(row):
            for listing in listings:
                found[listing].add(id)

    def of_row(self, row: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
        """The ids in a row, each with the listings that it may be of."""
        value = at(row, self._at)
        ids = value if isinstance(value, list) else [value]
        if self._by is None:
            return [(str(id), self._to) for id in ids if id]
        word = at(row, self._by)
        words = word if isinstance(word, list) else [word] * len(ids)
        pairs = zip(ids, words, strict=False)
        return [(str(id), (kind,) if kind in self._to else self._to) for id, kind in pairs if id]


# Looking up -----------------------------------------------------------------------------------------------------


def shown_fields(listing: str, record: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The fields of a record that are written."""
    label = LISTINGS[listing].label
    return {
        field: get_path(record, label if field == TITLE_FIELD else field) for field in fields.get(listing, ())
    }


def listing_of(call: str, fields: Fields) -> str:
    """The listing whose records a list call brings, where names of it are wanted; "" for none."""
    return next((name for name in fields if LISTINGS[name].walk == call), "")


def plan(journal: Journal, fields: Fields, parts: Sequence[Export]) -> bool:
    """Plan the calls for names that were not looked for yet. Returns whether there are any."""
    planned = False
    for name in fields:
        for part in parts:
            own = part.call == LISTINGS[name].walk and not part.levels
            if own and journal.names_open(name, asked=False):
                for page in journal.pages(part.id):
                    journal.add_names(name, names_in(page, name, fields))
        with journal.writing():
            ids = journal.look_for_names(name, FEW + 1)
            few = LISTINGS[name].ask and len(ids) <= FEW
            before = journal.ask("SELECT count(*) FROM call WHERE op = ?", name)[0][0]
            for call in [ask(name, id) for id in ids] if few else [walk(name, str(before))] * bool(ids):
                journal.add_call(call)
                planned = True
    return planned


def names_in(page: Page, name: str, fields: Fields) -> dict[str, dict[str, Any]]:
    """Id -> the fields of each record on a spooled page."""
    records = orjson.loads(zlib.decompress(page.data)).get("rows", ())
    return {str(record.get("id")): shown_fields(name, record, fields) for record in records}


def walk(name: str, place: str = "") -> Call:
    """The call for the first page of a listing; `place` tells the walks of a job apart."""
    listing = LISTINGS[name]
    values = {
        "role": WALK,
        "number": 1,
        "size": listing.size,
        "sized": listing.sized,
        "place": place,
        "chain": {},
    }
    return _call(listing, listing.walk, {}, values)


def ask(name: str, id: str) -> Call:
    """The call for one record of a listing."""
    listing = LISTINGS[name]
    return _call(listing, listing.ask, {"key": id}, {"role": ASK, "number": 1, "id": id, "chain": {}})


def _call(listing: Listing, template: str, slots: Mapping[str, str], values: dict[str, Any]) -> Call:
    built = request(template, slots, listing.query)
    return Call(
        listing.id, built.method, built.path, query=[list(pair) for pair in built.query], values=values
    )


# Writing --------------------------------------------------------------------------------------------------------


class Names:
    """What is known of the ids in an export.

    `found` returns the fields of a record of a listing by its id, or None; `unknown` the words for an id of one of
    these listings that was not found.
    """

    def __init__(
        self,
        found: Callable[[str, str], Mapping[str, Any] | None],
        unknown: Callable[[Sequence[str]], str],
    ):
        self._found, self.unknown = lru_cache(4096)(found), unknown

    def get(self, listings: Sequence[str], id: str) -> Mapping[str, Any] | None:
        """The fields of what the id refers to."""
        return next((found for one in listings if (found := self._found(one, id)) is not None), None)


def gone() -> str:
    """The words for what the school no longer has."""
    return _("(no longer in your school)")


def of_journal(journal: Journal) -> Names:
    """The names that a job has looked up."""
    failed = {call.op for call in journal.calls("state = ?", FAILED) if call.values["role"] in (WALK, ASK)}

    def unknown(listings: Sequence[str]) -> str:
        return _("(couldn't be read)") if failed & set(listings) else gone()

    return Names(journal.name, unknown)


def reader(column: Name, columns: Sequence[Out], names: Names) -> Callable[[dict[str, Any]], Any]:
    """Record -> the value that the column shows: what the record shows itself, else what was looked up. Of what is not
    found, the first column that had to be looked up says so."""
    of, ids = column.of, _Ids(column.of)
    assert of.refers is not None
    shows = dict(of.refers.shows)
    if "" in shows:
        whole = [*filter(None, shows[""].split(".")), *column.field.split(".")]
        return lambda row: at(row, whole)
    first = next((c for c in columns if isinstance(c, Name) and c.of == of and c.field not in shows), None)
    shown = shows[column.field].split(".") if column.field in shows else None

    def read(row: dict[str, Any]) -> Any:
        if shown is not None and (value := at(row, shown)) is not None:
            return value
        found = [_shown(names, listings, id) for id, listings in ids.of_row(row)]
        return found if of.kind == LIST else found[0] if found else None

    def _shown(names: Names, listings: Sequence[str], id: str) -> Any:
        known = names.get(listings, id)
        if known is not None:
            return known.get(column.field)
        return names.unknown(listings) if column is first or shown is not None else None

    return read
