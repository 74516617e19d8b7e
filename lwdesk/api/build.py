"""Requests as data, exactly as they are sent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from lwdesk.base.errors import Bug, UserError
from lwdesk.base.text import _

Query = Mapping[str, Any] | Iterable[tuple[str, Any]] | None

# What RFC 3986 allows in a path, percent-encodings in capitals: the HTTP library passes this on unchanged.
_PATH = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-F]{2}|/(?!/))+")
_SLOT = re.compile(r"\{(\w+)\}")
_LOCAL_PART = re.compile(r"[^/]+%40")


@dataclass(frozen=True)
class Request:
    """One call: `path` is relative to /v2, without a leading slash, percent-encoded already.

    `query` is given as pairs or a mapping and kept as pairs of text: None leaves a pair out, True is
    `true`, a list repeats its name. `body` is sent as JSON, also with DELETE. Raises Bug for a path that
    the wire would change.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        segments = self.path.split("/")
        if not _PATH.fullmatch(self.path) or not all(segments) or {".", ".."} & set(segments):
            raise Bug(f"The path {self.shown!r} cannot be sent as it is")
        object.__setattr__(self, "query", tuple(_pairs(self.query)) if self.query else ())

    @property
    def target(self) -> str:
        """Path and query as they are sent, after `/v2/`."""
        if not self.query:
            return self.path
        return f"{self.path}?{urlencode(self.query, quote_via=quote, safe='')}"

    @property
    def content(self) -> bytes | None:
        """The body as it is sent. Raises Bug for values that JSON cannot represent."""
        try:
            return None if self.body is None else orjson.dumps(self.body)
        except TypeError as error:
            raise Bug(f"The body for {self.shown!r} cannot be written as JSON: {error}") from error

    @property
    def shown(self) -> str:
        """The path for the log: of an email only the domain, for a person's address is the user's."""
        return _LOCAL_PART.sub("***%40", self.path)

    def asking(self, **query: Any) -> "Request":
        """The same request with more in its query; a name given here replaces what was there."""
        kept = tuple(pair for pair in self.query if pair[0] not in query)
        return replace(self, query=(*kept, *_pairs(query)))


def request(
    call: str, slots: Mapping[str, str], query: Query = None, body: dict[str, Any] | None = None
) -> Request:
    """The request of a call template such as `POST users/{user}/enrollment`, its slots filled.

    Raises UserError for a value that can't be part of a path (empty, `.`, `..`, broken text), Bug when
    slots and template don't fit.
    """
    method, texts, names = _template(call)
    if slots.keys() != set(names):
        raise Bug(f"The slots {sorted(slots)} do not fit the call {call!r}")
    path = texts[0] + "".join(
        _encoded(name, slots[name]) + text for name, text in zip(names, texts[1:], strict=True)
    )
    return Request(method, path, tuple(_pairs(query)), body)


@cache
def _template(call: str) -> tuple[str, list[str], list[str]]:
    """The method of a call template, the texts of its path around its slots, and the names of these."""
    method, _blank, template = call.partition(" ")
    pieces = _SLOT.split(template)
    return method, pieces[::2], pieces[1::2]


@lru_cache(maxsize=1_000)
def _encoded(name: str, value: str) -> str:
    if not isinstance(value, str):
        raise Bug(f"The slot {name!r} needs text, not {type(value).__name__}")
    # Servers and libraries take these two for "here" and "one up", encoded or not.
    if not value.strip() or value in (".", ".."):
        raise UserError(
            _("“{value}” can't be used as {name}").format(value=value, name=name),
            _("It's empty or contains only dots"),
            _("Fix the cell and check the sheet again"),
        )
    try:
        return quote(value, safe="")
    except UnicodeEncodeError as error:
        raise UserError(
            _("The value for {name} contains invalid characters").format(name=name),
            _("It can't be sent to LearnWorlds"),
            _("Type the value again"),
        ) from error


def _pairs(query: Query) -> Iterable[tuple[str, str]]:
    pairs = query.items() if isinstance(query, Mapping) else query or ()
    for name, value in pairs:
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if one is not None:
                yield name, str(one).lower() if isinstance(one, bool) else str(one)
