"""Pagination: lists page by page, in every shape that an answer has. The one place that decides where a list ends."""

import logging
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lwdesk.api.answers import Answer
from lwdesk.api.build import Request
from lwdesk.base.errors import ApiError, Bug

log = logging.getLogger("lwdesk.api")

# LearnWorlds API v2, pagination: the most a list gives at once, and the smallest page any list has.
MOST, LEAST = 200, 10
# How often a list that counts its pages may repeat one.
REPEATS = 2
# How often a walk reads a page again because its list got shorter meanwhile.
REREADS = 8
# Nested lists ("courses/{id}/users"): live schools answer 404 where they are empty. So do lists filtered to one parent
# ("certificates?course_id="). On any other list a 404 is an error.
_NESTED = re.compile(r"(?:community/)?[^/]+/[^/]+/.+")


class Sender(Protocol):
    """What pages need of a client."""

    def send(self, request: Request, stop: Callable[[], bool] | None = None) -> Answer: ...


@dataclass(frozen=True)
class Page:
    """Page `number` (from 1) of a list: its rows, the list's `total` rows and `pages` where it says so."""

    number: int
    rows: list[Any]
    total: int | None = None
    pages: int | None = None

    @property
    def counted(self) -> bool:
        """Whether the list says how many pages it has."""
        return self.pages is not None

    def has_next(self, repeats: int = 0) -> bool:
        """Whether page `number + 1` may bring more rows.

        `repeats` is how many pages in a row, this one the last of them, brought what an earlier page had brought. A
        list says how many pages it has, or ends at a page that is shorter than any full one. A page beyond the last
        brings the last one again (LearnWorlds API v2, pagination), so repetition is the end; in a list that counts its
        pages it may also be one page of new records at the top, so there it takes more of it. Records without an id
        may be equal, so they are no evidence.
        """
        if not self.rows or repeats > (REPEATS if self.counted else 0):
            return False
        if self.pages is not None:
            return self.number < self.pages
        return len(self.rows) >= LEAST  # whatever size was asked for: not every list heeds it

    def repeats(self, rows: list[Any]) -> bool:
        """Whether this page is an earlier one, which brought these rows, again."""
        return self.rows == rows and (not self.counted or "id" in (self.rows or [{}])[0])


def page(
    client: Sender,
    request: Request,
    number: int = 1,
    size: int | None = None,
    *,
    tail: bool = False,
    stop: Callable[[], bool] | None = None,
) -> Page:
    """One page of the list. `size` (at most 200) only for lists that let one ask for it. `tail`: the page before it
    did not say whether there is one more, so that a 404 is the end of the list.

    A page beyond the last brings the last one again, at most lists. A 404 for the first page of a list of what one
    thing has is an empty list. Rows that are no records are dropped, with a line in the log.
    Raises what `client.send` raises.
    """
    if size is not None and not 1 <= size <= MOST:
        raise Bug(f"A page of {size} rows cannot be asked for")
    # The first page is what any list brings unasked; lists without pages know no such parameter.
    asked = request.asking(page=number if number > 1 else None, items_per_page=size)
    try:
        data = client.send(asked, stop).data
    except ApiError as error:
        if error.status != 404 or not (tail or (number == 1 and _may_be_empty(request))):
            raise
        return Page(number, [], 0, 0)
    found = rows_of(data)
    rows = [row for row in found if isinstance(row, dict)]
    if len(rows) < len(found):
        log.warning("%s page %d: %d rows are no records", request.path, number, len(found) - len(rows))
    meta = data.get("meta") if isinstance(data, dict) else None
    return Page(number, rows, *_counts(meta if isinstance(meta, dict) else {}))


def _may_be_empty(request: Request) -> bool:
    """Whether a 404 is the list's way to say that there is nothing in it."""
    narrowed = any(name.endswith("_id") for name, _value in request.query)
    return narrowed or _NESTED.fullmatch(request.path) is not None


def _counts(meta: dict[str, Any]) -> tuple[int | None, int | None]:
    """The rows and the pages of the whole list, each None where the school does not say."""
    total, pages, size = (_as_count(meta.get(name)) for name in ("totalItems", "totalPages", "itemsPerPage"))
    if pages is None and total is not None and size:
        pages = math.ceil(total / size)
    elif pages is not None and total:
        pages = min(pages, math.ceil(total / LEAST))
    return total, pages


def walk(
    client: Sender,
    request: Request,
    size: int | None = None,
    *,
    key: str | None = "id",
    start: int = 1,
    stop: Callable[[], bool] | None = None,
) -> Iterator[Page]:
    """All pages of the list, from page `start`; a row whose `key` was seen before is left out.

    Lists are newest first and move while they are read, so a row can come twice. Where a list got shorter, rows moved
    to the page before, which is read again, `REREADS` times at most. The walk ends at the page the school names as the
    last; without that, at a short page or one that brings nothing new.
    """
    seen: set[Any] = set()
    before, repeats, rereads = Page(start - 1, []), 0, 0
    while True:
        number = before.number + 1
        found = page(client, request, number, size, tail=number > start and not before.counted, stop=stop)
        moved: list[Any] = []
        if key and rereads < REREADS and found.rows and (found.total or 0) < (before.total or 0):
            moved, rereads = page(client, request, before.number, size, stop=stop).rows, rereads + 1
        fresh = [row for row in (*moved, *found.rows) if _new(row, key, seen)]
        repeats = repeats + 1 if found.repeats(before.rows) else 0
        if number == start or (fresh and not repeats):
            yield replace(found, rows=fresh)
        if not found.has_next(repeats) or not (fresh or found.counted):
            return
        before = found


def unpaged(client: Sender, request: Request) -> list[Any]:
    """The rows of a list without pages. Raises what the client raises."""
    return page(client, request).rows


def rows_of(data: Any) -> list[Any]:
    """The rows in any of the shapes a list comes in; a single record is a list of one."""
    if data is None:
        return []
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        if isinstance(data.get("payments"), list) and "usage" in data:
            return list(data["payments"])
        if "data" in data:
            return _inner(data["data"])
    return [data] if data else []


def _inner(data: Any) -> list[Any]:
    """The rows under `data`: a list, nothing, a named list, or one record."""
    if isinstance(data, dict) and len(data) == 1:
        (only,) = data.values()
        if only is None or isinstance(only, list):
            return only or []
    return rows_of(data) if not isinstance(data, dict) else [data] if data else []


def _new(row: Any, key: str | None, seen: set[Any]) -> bool:
    mark = row.get(key) if key and isinstance(row, dict) else None
    if not isinstance(mark, (str, int)):
        return True
    if mark in seen:
        return False
    seen.add(mark)
    return True


def _as_count(number: Any) -> int | None:
    """The school counts in floats."""
    return int(number) if type(number) in (int, float) and 0 <= number < math.inf else None
