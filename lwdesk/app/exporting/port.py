"""Carries out the calls of an export: an answer becomes a page of rows in the journal, and further calls."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any
from zlib import crc32

import orjson

from lwdesk.api.build import Request
from lwdesk.api.pages import Page as Answer
from lwdesk.api.pages import page
from lwdesk.app.exporting import found_courses, names
from lwdesk.app.exporting.columns import written_columns
from lwdesk.app.exporting.files import FILE, Downloader, name_columns
from lwdesk.app.exporting.lists import Lists, have_ids
from lwdesk.app.exporting.people import lists_of, narrowed
from lwdesk.app.exporting.row_filters import RowFilters
from lwdesk.app.exporting.spooled import new_page, squeeze
from lwdesk.app.exporting.walker import JOIN, PARENTS, ROWS, Walker, level_of, nested
from lwdesk.app.school.session import Session
from lwdesk.base.errors import ApiError, AppError
from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, LISTINGS
from lwdesk.catalog.export_model import Export
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, Call, End, Page

# The roles of calls for a page of a list.
PAGED = (names.WALK, PARENTS, ROWS)


class ExportPort:
    """Carries out the calls of one export job. `columns` are the places of those to write; without a `journal`, no
    names are looked up. With `files`, those that the rows link to are downloaded."""

    def __init__(
        self,
        entry: Export,
        values: Mapping[str, Any],
        session: Session,
        columns: Sequence[str] = (),
        zone: tzinfo | None = None,
        journal: Journal | None = None,
        files: bool = False,
    ):
        self._session, self._journal, self._lists = session, journal, Lists(journal)
        self._entry, self._values, self._zone = entry, values, zone
        self._parts = lists_of(entry, values)
        own = {part.id: narrowed(part, values) for part in self._parts}
        self._walkers = {part.id: Walker(part, own[part.id], zone) for part in self._parts}
        self.tests = {part.id: RowFilters(part, own[part.id], zone) for part in self._parts}
        written = {part.id: written_columns(entry, part, (), columns) for part in self._parts}
        self._downloads: Downloader | None = None
        if files:
            written[entry.id] += name_columns(entry)
            if journal is not None:
                self._downloads = Downloader(entry, journal, session, self.tests[entry.id], zone)
        self._wanted = {part.id: names.Wanted(part, written[part.id]) for part in self._parts}
        self.fields = names.fields_of(column for one in written.values() for column in one)
        if entry.grid:
            self.fields["user"] = (*self.fields["user"], *entry.grid.fields)
        # The lists that bring all there is to know of the users in a grid.
        self.users = [part.id for part in self._parts if entry.grid and names.shows_users(part)]

    def send(self, call: Call, leaving: Callable[[], None]) -> End:
        """Carry out a call of any role. Raises what the client raises."""
        role = call.values["role"]
        if role == FILE:
            assert self._downloads is not None
            return self._downloads.send(call, leaving)
        if (end := self._unsent(call)) is not None:
            return end
        leaving()
        asked = Request(call.method, call.path, tuple((name, value) for name, value in call.query))
        return {JOIN: self._join, names.ASK: self._ask}.get(role, self._page)(call, asked)

    def _unsent(self, call: Call) -> End | None:
        """The end of a call without a request: its page is no longer needed, or its list was read again too often."""
        again = call.values.get("reread", False)
        further = call.values["number"] > 1 or again
        if call.values["role"] == names.WALK and further and not self._missing(call):
            return End(DONE)  # planned ahead, and all was found meanwhile
        if again and not self._lists.may_reread(call):
            return self._failed(
                call, _("The list changed in LearnWorlds while it was read. Rows may be missing here.")
            )
        return None

    def _page(self, call: Call, asked: Request) -> End:
        """Fetch a page, keep what it brings, and follow what it leads to."""
        values = call.values
        size = values["size"] if values["sized"] else None
        found = page(self._session.client, asked, values["number"], size, tail=values.get("tail", False))
        end = End(DONE, answer={"total": found.total, "read": len(found.rows), "pages": found.pages})
        mark = crc32(orjson.dumps(found.rows))
        repeated = mark == values.get("mark") and found.repeats(found.rows)
        take = {names.WALK: self._walked, PARENTS: self._parents, ROWS: self._rows}[values["role"]]
        if repeated or take(call, found, end):
            self._lead_on(call, found, end, mark, repeated=repeated)
        return end

    def _lead_on(self, call: Call, found: Answer, end: End, mark: int, *, repeated: bool) -> None:
        """Plan the further pages of a list, and those to read again."""
        further, again = self._lists.lead_on(call, found, end.answer, repeated=repeated)
        if again and not have_ids(found.rows):
            end.answer["moved"], again = True, []
        pages = [_turned(call, number, mark, found.counted) for number in further]
        pages += [_turned(call, number, mark, found.counted, reread=True) for number in again]
        end.more = pages + end.more

    def _rows(self, call: Call, found: Answer, end: End) -> bool:
        """Spool the rows that fit; note which ids they refer to, and download a file whose link is about to expire."""
        rows = self.tests[call.op].kept(found.rows, call.values["chain"], call.values.get("variant", ""))
        end.page = new_page(call, rows, EXPORTS[call.op])
        end.wants = dict(self._wanted[call.op].of_page(rows, call.values["chain"]))
        if call.op in self.users:
            end.names = self._found("user", rows)
            end.wants["user"] = set(end.names["user"])
        if self._downloads is not None and self._downloads.at_once:
            followed = self._downloads.follow(call, end.page)
            end.outcome, end.message, end.made = followed.outcome, followed.message, followed.made
        return True

    def _parents(self, call: Call, found: Answer, end: End) -> bool:
        """Plan the calls for the parents on a page; those whose links are followed at once wait for the names that the
        files are called by."""
        rows, ids = self._lists.fresh(call, found)
        end.answer |= {"ids": ids} if ids else {}
        below = list(self._walkers[call.op].below(call, rows))
        if listing := names.listing_of(_template(call, EXPORTS[call.op]), self.fields):
            end.names = self._found(listing, found.rows)
            end.wants = {listing: end.names[listing]}
        if self._downloads is None or not self._downloads.at_once:
            end.more = below
            return True
        held = [one for one in below if one.values["role"] == ROWS]
        end.more = [one for one in below if one.values["role"] != ROWS]
        end.answer["held"] = [[one.path, one.query, one.values] for one in held]
        for one in held:
            for name, wanted in self._wanted[call.op].of_page([{}], one.values["chain"]).items():
                end.wants[name] = {*end.wants.get(name, ()), *wanted}
        return True

    def _ask(self, call: Call, asked: Request) -> End:
        """Look up the name of one record."""
        record = self._session.client.send(asked).data
        return End(DONE, names=self._found(call.op, [record] if isinstance(record, dict) else []))

    def _found(self, listing: str, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Listing -> id -> the fields that are written."""
        return {listing: {str(row.get("id")): names.shown_fields(listing, row, self.fields) for row in rows}}

    def _walked(self, call: Call, found: Answer, end: End) -> bool:
        """Keep the names of a page. Returns whether to read on: as long as some are missing, in whichever way needs
        fewer requests."""
        end.names = self._found(call.op, found.rows)
        there = end.names[call.op].keys()
        count = self._missing(call, there)
        if found.number == 1 and LISTINGS[call.op].ask and 0 < count < (found.pages or 0) - 1:
            assert self._journal is not None
            missing = set(self._journal.names_missing(call.op)) - there
            end.more = [names.ask(call.op, id) for id in sorted(missing)]
            return False
        return count > 0

    def _missing(self, call: Call, there: Collection[str] = ()) -> int:
        """How many records of a listing are looked for that were not found, beside these."""
        assert self._journal is not None
        return self._journal.names_open(call.op, asked=True, beside=there)

    def further(self) -> bool:
        """Plan the lists of the courses that were found, then to look up names, and then to download files, when all
        pages are in."""
        journal = self._journal
        if journal is None:
            return False
        if found_courses.plan(journal, self._entry, self._parts, self._values, self._zone):
            return True
        if names.plan(journal, self.fields, self._parts):
            return True
        return self._downloads is not None and (self._downloads.release() or self._downloads.plan())

    def _join(self, call: Call, asked: Request) -> End:
        """Store the records of a joined list by id, under the parent's place, before its rows."""
        join = EXPORTS[call.op].join
        assert join is not None
        *above, last = join.path
        kept = {
            str(thing["id"]): {name: thing.get(name) for name in join.take}
            | {name: outer.get(field) for name, field in join.above}
            for outer in nested(self._session.client.send(asked).data, tuple(above))
            for thing in nested(outer, (last,))
        }
        data = {"join": kept, "chain": call.values["chain"]}
        return End(DONE, page=Page(f"{call.values['place']}/!", 0, squeeze(data)))

    def look(self, call: Call) -> End | None:
        """A page that failed several times is missing, unless the whole school is down."""
        self._session.client.check()
        return self._failed(call, call.message)

    def waiting(self, error: AppError, seconds: float) -> None:
        """Report the wait as the client reports its own."""
        self._session.client.tell_wait(error.title, seconds)

    def partial(self, call: Call) -> bool:
        """Pages don't depend on other calls."""
        return False

    def refused(self, call: Call, error: ApiError) -> End:
        """A refusal ends this page only; the workbook says what is missing. A name of what is gone is no loss."""
        if call.values["role"] in (names.ASK, JOIN) and error.status == 404:
            return End(DONE, status=error.status)
        return self._failed(call, str(error), error.status)

    def _failed(self, call: Call, why: str, status: int = 0) -> End:
        """The end of a call that brought nothing: the pages after it are fetched all the same. It says which rows of
        the list are missing."""
        end = End(FAILED, why, status)
        if call.values["role"] in PAGED:
            mark = call.values.get("mark", 0)
            end.more = [_turned(call, n, mark, counted=True) for n in self._lists.lead_on_though_failed(call)]
            end.answer = {"rows": self._lists.rows_of(call)}
        return end

    def run_ended(self) -> None:
        """Nothing to do: pages are kept until the workbook is written."""


def _template(call: Call, entry: Export) -> str:
    """The list call that a page of parents belongs to."""
    return level_of(entry, call).call


def _turned(call: Call, number: int, mark: int, counted: bool, *, reread: bool = False) -> Call:
    """The call for another page of a list; `mark` is what the page before it brought."""
    values = {name: value for name, value in call.values.items() if name != "reread"}
    values |= {"number": number, "mark": mark, "tail": not counted} | ({"reread": True} if reread else {})
    return replace(call, id=0, state="ready", tries=0, due=0.0, values=values)
