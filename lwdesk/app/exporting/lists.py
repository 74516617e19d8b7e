"""The lists that an export reads page by page: which of their pages are planned, and which to read again because their
list changed meanwhile.

A list that is newest first moves while it is read: a new record pushes all others down, a deleted one lets those below
it move up. Counted from the end of the list, records stay where they are; so the number of a page and the length of the
list say which places it covers. Places that no page covers are read again; records that come twice are dropped
later. Lists that are oldest first grow at their end, where the last page leads on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from lwdesk.api.pages import Page
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, Call

# How many pages of one list are planned beyond those that have been fetched.
AHEAD = 8
# Pages that a run reads again because their list changed, at the most: so many of each list, or one in so many of its
# pages.
REREADS, ONE_IN = AHEAD, 10
# Some schools count differently from page to page: where so many pages, read again so often, have the counts that they
# had, nothing changed.
PROBES, DOUBTS = 2, 2
_OLDEST_FIRST = ["sort", "asc"]


@dataclass(slots=True)
class _List:
    """A list with more than one page. Numbers of pages: `planned`, `failed`, `answered` with the rows that the list had
    then, and `waiting` to be read again. `ids` are those of the parents on its pages; `size` is the most rows that a
    page had. `rereads` were sent; `changed`: one of them showed that the list changed; `doubts`: how often none did."""

    planned: set[int] = field(default_factory=lambda: {1})
    failed: set[int] = field(default_factory=set)
    answered: dict[int, int] = field(default_factory=dict)
    covered: set[tuple[int, int]] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    pages: int | None = None
    total: int | None = None
    size: int = 0
    rereads: int = 0
    changed: bool = False
    doubts: int = 0

    def note(self, number: int, answer: Mapping[str, Any], *, reread: bool = False) -> None:
        """Note what the answer for a page says of the list."""
        total = answer.get("total") or 0
        self.pages, self.total = answer.get("pages") or self.pages, total or self.total
        self.size = max(self.size, answer.get("read") or 0)
        self.ids.update(answer.get("ids") or ())
        self.failed.discard(number)
        if reread:
            self.waiting.discard(number)
            self.changed |= self.answered.get(number) != total
        self.answered[number] = total
        if total and self.pages:  # a page beyond the last one is the last one again
            last = min(number, self.pages)
            start = (last - 1) * self.size - total
            self.covered.add((start, 0 if last == self.pages else start + self.size))

    def missed(self) -> Iterator[int]:
        """The pages that have now what no answer covered."""
        if not self.covered or not self.total or self.pages is None:
            return
        covered = sorted(self.covered)
        end = covered[0][0]
        for start, stop in covered:
            if start > end:
                first, last = ((place + self.total) // self.size for place in (end, start - 1))
                yield from range(max(0, first) + 1, min(last + 1, self.pages) + 1)
            end = max(end, stop)

    @property
    def most(self) -> int:
        """How many of its pages a run may read again."""
        return max(REREADS, (self.pages or 0) // ONE_IN)


class Lists:
    """What is known of the lists of a job. Thread-safe."""

    def __init__(self, journal: Journal | None):
        self._lists: dict[tuple[str, str, str], _List] = {}
        self._mutex = Lock()
        for op, values, state, answer in journal.pages_of_lists() if journal is not None else ():
            known, number, again = self._list(op, values), values["number"], values.get("reread", False)
            known.planned.add(number)
            if state == DONE:
                known.note(number, answer or {})
            elif again:
                known.waiting.add(number)
            elif state == FAILED:
                known.failed.add(number)

    def _list(self, op: str, values: Mapping[str, Any]) -> _List:
        return self._lists.setdefault((op, values["role"], values["place"]), _List())

    def lead_on(
        self, call: Call, found: Page, facts: Mapping[str, Any], *, repeated: bool
    ) -> tuple[list[int], list[int]]:
        """The pages to plan after the answer for a page, and those to read again. `facts` are what the journal keeps of
        the answer; `repeated`: it is that for a page before it, again.

        Planned are the pages after it that nobody has planned yet; of a list that counts its pages as many as are
        fetched at once: so few are planned, however many the school claims. Beyond those that the first page leads to,
        a repetition is the last page again: the list has ended.
        """
        if found.number == 1 and not found.has_next():
            return [], []
        with self._mutex:
            known = self._list(call.op, call.values)
            known.note(found.number, facts, reread=call.values.get("reread", False))
            further: list[int] = []
            ended = repeated and (not found.counted or found.number > AHEAD + 1)
            if found.has_next() and not ended:
                last = found.number + 1 if found.pages is None else min(found.number + AHEAD, found.pages)
                further = _plan(known, found.number, last)
            return further, self._reread(known) if _OLDEST_FIRST not in call.query else []

    def _reread(self, known: _List) -> list[int]:
        """The pages to read again, as soon as all others are there; where no more may be, the one that says so."""
        if known.waiting or known.planned - known.answered.keys():
            return []
        known.doubts += known.rereads > 0 and not known.changed
        if known.doubts >= DOUBTS:
            return []
        most = known.most - known.rereads if known.changed else PROBES
        again = list(dict.fromkeys(known.missed()))[: max(1, most)]
        known.waiting.update(again)
        return again

    def lead_on_though_failed(self, call: Call) -> list[int]:
        """The pages to plan after a page that could not be read, where it is known that there are some; none where as
        many as are fetched at once have failed in a row."""
        number = call.values["number"]
        with self._mutex:
            known = self._list(call.op, call.values)
            if known.pages is None or call.values.get("reread"):
                return []
            known.failed.add(number)
            if known.failed.issuperset(range(number - AHEAD + 1, number + 1)):
                return []
            return _plan(known, number, min(number + AHEAD, known.pages))

    def may_reread(self, call: Call) -> bool:
        """Whether a run may read one more page of a list again."""
        with self._mutex:
            known = self._list(call.op, call.values)
            allowed = known.rereads < known.most
            known.rereads += allowed
            return allowed

    def fresh(self, call: Call, found: Page) -> tuple[list[dict[str, Any]], list[str]]:
        """The rows of a page of parents that no other page has brought, and the ids to remember them by."""
        if found.number == 1 and not found.has_next():
            return found.rows, []
        with self._mutex:
            known = self._list(call.op, call.values)
            new = [row for row in found.rows if str(row.get("id")) not in known.ids]
            ids = [str(row["id"]) for row in new if row.get("id")]
            known.ids.update(ids)
            return new, ids

    def rows_of(self, call: Call) -> tuple[int, int | None]:
        """The first and the last row of the list that a page has which could not be read; None: all that follow."""
        number, known = call.values["number"], self._list(call.op, call.values)
        size = known.size or call.values["size"]
        follows = known.pages is None or max(known.planned) == number < known.pages
        last = None if follows else min(number * size, known.total or number * size)
        return (number - 1) * size + 1, last


def _plan(known: _List, number: int, last: int) -> list[int]:
    """The pages after one that nobody has planned yet, up to the last one."""
    new = [n for n in range(number + 1, last + 1) if n not in known.planned]
    known.planned.update(new)
    return new


def have_ids(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether rows can be told from each other, so that those that come twice are found."""
    return all(row.get("id") for row in rows)
