"""Lists, page by page, whichever of its shapes an answer has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from lwdesk.api.answers import Answer
from lwdesk.api.build import Request
from lwdesk.base.errors import ApiError, Bug

# LearnWorlds API v2, pagination: the most a list gives at once, and the smallest page any list has.
MOST, LEAST = 200, 10


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


def page(
    client: Sender,
    request: Request,
    number: int = 1,
    size: int | None = None,
    *,
    empty_404: bool = False,
    stop: Callable[[], bool] | None = None,
) -> Page:
    """One page of the list. `size` (at most 200) only for lists that let one ask for it.

    A page beyond the last brings the last one again, at most lists. With `empty_404` a 404 is a list with
    nothing in it, as some lists say it. Raises what `client.send` raises.
    """
    if size is not None and not 1 <= size <= MOST:
        raise Bug(f"A page of {size} rows cannot be asked for")
    # The first page is what any list brings unasked; lists without pages know no such parameter.
    asked = request.asking(page=number if number > 1 else None, items_per_page=size)
    try:
        data = client.send(asked, stop).data
    except ApiError as error:
        if error.status != 404 or not empty_404:
            raise
        return Page(number, [], 0, 0)
    meta = data.get("meta") if isinstance(data, dict) else None
    meta = meta if isinstance(meta, dict) else {}
    return Page(number, rows_of(data), _whole(meta.get("totalItems")), _whole(meta.get("totalPages")))


def walk(
    client: Sender,
    request: Request,
    size: int | None = None,
    *,
    empty_404: bool = False,
    key: str | None = "id",
    start: int = 1,
    stop: Callable[[], bool] | None = None,
) -> Iterator[Page]:
    """All pages of the list, from page `start`; a row whose `key` was seen before is left out.

    Lists are newest first and move while they are read, so a row can come twice. The walk ends at the
    page the school names as the last; without that, at a short page or one that brings nothing new.
    """
    seen: set[Any] = set()
    before = Page(start - 1, [])
    while True:
        number = before.number + 1
        # Once the school has named a later page as the last, a 404 is no longer the word for "empty".
        found = page(client, request, number, size, empty_404=empty_404 and not before.pages, stop=stop)
        fresh = [row for row in found.rows if _new(row, key, seen)]
        if number == start or (fresh and not _repeats(found, before)):
            yield replace(found, rows=fresh)
        if found.pages is not None:
            if number >= found.pages:
                return
        elif not fresh or len(found.rows) < (size or LEAST) or _repeats(found, before):
            return
        before = found


def _repeats(found: Page, before: Page) -> bool:
    """The last page again, of a list that neither counts its pages nor gives its rows an id."""
    return found.pages is None and found.rows == before.rows


def unpaged(client: Sender, request: Request) -> list[Any]:
    """The rows of a list without pages; a 404 is the school's word for "nothing". Raises what the client raises."""
    try:
        return rows_of(client.send(request).data)
    except ApiError as error:
        if error.status != 404:
            raise
        return []


def rows_of(data: Any) -> list[Any]:
    """The rows in any of the shapes a list comes in; a single record is a list of one."""
    if data is None:
        return []
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        if isinstance(data.get("payments"), list) and "usage" in data:
            return data["payments"]
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


def _whole(number: Any) -> int | None:
    """The school counts in floats."""
    return int(number) if isinstance(number, (int, float)) and number >= 0 else None
