"""HTTP in LearnWorlds' form: its JSON, its error shapes, its pages."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from starlette.responses import Response

from lwdesk.practice.refusals import MISSING, refuse
from lwdesk.practice.switches import Switches

if TYPE_CHECKING:
    from lwdesk.practice.school import School


class Answered(Exception):
    """A success whose status is not the operation's own."""

    def __init__(self, status: int, body: Any):
        super().__init__(status)
        self.status, self.body = status, body


def plain(value: Any) -> Any:
    """The same data with whole floats as integers: LearnWorlds writes 52, never 52.0."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() else value
    if kind is dict:
        return {key: plain(item) for key, item in value.items()}
    if kind is list:
        return [plain(item) for item in value]
    return value


def answer(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Response:
    """An HTTP answer; without a body also without a content type."""
    if body is None:
        return Response(status_code=status, headers=headers)
    return Response(orjson.dumps(plain(body)), status, headers, media_type="application/json")


@dataclass(frozen=True)
class Page:
    """The paging of a list: rows per page, whether `items_per_page` counts, and the form of the last page.

    A page beyond the last is the last again, but for three lists where `beyond_empty` says it has no rows.
    `empty` is the status of a list without rows on live schools.
    """

    size: int = 20
    sized: bool = False
    beyond_empty: bool = False
    empty: int = 200
    words: str = MISSING
    key: str = "data"

    def cut(
        self, rows: Sequence[Any], query: dict[str, Any], switches: Switches
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        """The rows of the page asked for, and its meta."""
        size = self._size(query, switches)
        total = len(rows)
        pages, page = math.ceil(total / size), max(1, _whole(query.get("page"), 1))
        if not total and self._empty_status(switches) == 404:
            raise refuse(404, self.words)
        if page > pages and not self.beyond_empty:
            page = max(1, pages)
        meta = {"page": page, "totalItems": total, "totalPages": pages, "itemsPerPage": size}
        return rows[(page - 1) * size : page * size], meta

    def _size(self, query: dict[str, Any], switches: Switches) -> int:
        wanted = _whole(query.get("items_per_page"), self.size)
        if not self.sized or wanted < 1:
            return self.size
        if wanted > 200 and switches.oversize_refused:
            raise refuse(422, "The items_per_page may not be greater than 200.")
        return min(wanted, 200)

    def _empty_status(self, switches: Switches) -> int:
        return self.empty if switches.empty_lists == "mixed" else int(switches.empty_lists)


def _whole(text: str | None, default: int) -> int:
    """The number a query parameter says; what is no number counts as left out."""
    try:
        return int(text or default)
    except ValueError:
        return default


def csv(text: str) -> set[str]:
    """The values of a query parameter that takes several, separated by commas."""
    return {part.strip() for part in text.split(",") if part.strip()}


class Newest(Sequence[Any]):
    """A reversed view of a list: newest first without a copy."""

    def __init__(self, rows: Sequence[Any]):
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        n = len(self._rows)
        if not isinstance(at, slice):
            return self._rows[n - 1 - at]
        start, stop, _ = at.indices(n)
        return [self._rows[n - 1 - i] for i in range(start, stop)]


def envelope(call: "Call", rows: list[Any], meta: dict[str, Any], *_: Any) -> Any:
    """The usual form of a page."""
    return {"data": rows, "meta": meta}


def reshaped(body: Any, shape: str) -> Any:
    """A page in the shape that the switch sets; other bodies are unchanged."""
    if shape == "document" or not isinstance(body, dict) or body.keys() != {"data", "meta"}:
        return body
    if shape == "uncounted":
        return {**body, "meta": {key: body["meta"][key] for key in ("page", "itemsPerPage")}}
    return body["data"] if shape == "bare" else {"data": body["data"]}


@dataclass(slots=True)
class Call:
    """One request as a handler sees it: validated query values and body."""

    school: "School"
    switches: Switches
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)  # slots of the path as sent, decoded


@dataclass(frozen=True)
class Route:
    """One operation as data.

    `operation` is "METHOD path", its slots named by what they hold: "GET users/{user}/courses". `run(call,
    *found)` gets what each slot names and returns the body, or all rows of a list that `page` cuts; `show`
    turns one row into its record; `wrap` builds the body of a page.
    """

    operation: str
    run: Callable[..., Any]
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    status: int = 200
    page: Page | None = None
    show: Callable[..., Any] | None = None
    wrap: Callable[..., Any] = envelope
    since: str = "2025"
