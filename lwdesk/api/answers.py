"""Reading what came back: data, a refusal in the school's words, or nothing that can be trusted."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from lwdesk.base.errors import ApiError, Denied, Unavailable, UserError
from lwdesk.base.text import N_, _, squeeze

# A school's words are cut here: the rest of a page of HTML helps nobody.
WORDS = 200


@dataclass(frozen=True)
class Answer:
    """A success: `status`, the parsed JSON as `data` (None where the body is empty), `seconds` it took."""

    status: int
    data: Any
    seconds: float


class Unreadable(Unavailable):
    """An answer that is not the API's: a web page, damaged data, nothing where data belongs."""

    def __init__(self, message: str):
        super().__init__(
            _("The school's answer cannot be read"),
            message,
            _("Check the school's address, or try again later"),
            sent=True,
        )


def read(method: str, url: str, status: int, location: str, content: bytes, seconds: float) -> Answer:
    """The answer to a request, when it is a success.

    Raises ApiError for a refusal (4xx, or 2xx that says `"success": false`), UserError for a redirect,
    Unavailable (`sent=True`) for what may hide a request that was processed: 5xx, HTML, broken JSON,
    nothing at all where a GET should bring data.
    """
    if 300 <= status < 400:
        raise moved(url, location)
    if 400 <= status < 500:
        raise refusal(status, words(content), contexts(content), asks=method == "GET")
    if not 200 <= status < 300:
        raise Unavailable(
            _("The school has a problem (status {n})").format(n=status),
            words(content),
            _("Wait some minutes and try again"),
            sent=True,
        )
    if status == 204 or (method != "GET" and not content.strip()):
        return Answer(status, None, seconds)
    data = _parsed(content)
    if isinstance(data, dict) and data.get("success") is False:
        raise refusal(status, words(content), contexts(content), asks=method == "GET")
    return Answer(status, data, seconds)


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        if not content.strip():
            message = _("It is empty")
        elif content.lstrip().startswith(b"<"):
            message = _("It is a web page instead of data: {words}").format(words=words(content))
        else:
            message = _("It is damaged")
    raise Unreadable(message)


def words(content: bytes) -> str:
    """What the school says in an error: one line, whichever of its shapes the body has."""
    try:
        found = squeeze(" · ".join(dict.fromkeys(_said(orjson.loads(content)))))
    except orjson.JSONDecodeError:
        found = ""
    if not found:
        text = content.decode("utf-8", "replace")
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", " ", text)
        found = squeeze(html.unescape(text))
    return found if len(found) <= WORDS else found[: WORDS - 1].rstrip() + "…"


def _said(data: Any) -> Iterator[str]:
    if not isinstance(data, dict):
        return
    errors = data.get("errors")
    if isinstance(errors, list):
        found = [one.get("message") if isinstance(one, dict) else one for one in errors]
        if texts := [one for one in found if isinstance(one, str) and one.strip()]:
            yield from texts
            return
    said = next(
        (data[key] for key in ("error", "message") if isinstance(data.get(key), str) and data[key]), ""
    )
    if said:
        yield said
    if isinstance(errors, dict):
        for name, value in errors.items():
            yield from (f"{name}: {text}" for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def contexts(content: bytes) -> set[str]:
    """The `context` marks of an error's entries: `client_id`, `access_denied`."""
    try:
        errors = orjson.loads(content).get("errors")
    except (orjson.JSONDecodeError, AttributeError):
        return set()
    entries = errors if isinstance(errors, list) else []
    return {str(one["context"]) for one in entries if isinstance(one, dict) and one.get("context")}


class UnknownClient(Denied):
    """The school does not know the client id."""


def refusal(status: int, said: str, marks: set[str], asks: bool) -> ApiError:
    """The error for a refusal, with a title and a hint for its status; what only `asks` sent no row to correct."""
    if "client_id" in marks:
        title = _("The school does not know this client id")
        return UnknownClient(title, said, _(_CREDENTIALS), status=status, words=said)
    title, hint = _REFUSALS["denied"] if "access_denied" in marks else _REFUSALS.get(status, _REFUSED)
    if asks and hint in _OF_A_ROW:
        hint = _ASKED
    kind = Denied if status == 401 else ApiError
    return kind(_(title), said, _(hint), status=status, words=said)


def moved(url: str, location: str) -> UserError:
    """The error for a redirect, which is never followed: it would carry the secrets to another address."""
    here, there = urlsplit(url).netloc, _host(url, location)
    if there and there != here:
        return UserError(
            _("The school has moved to {host}").format(host=there),
            _("{host} sends every request on, so nothing was done").format(host=here),
            _("Use the address https://{host} for this school").format(host=there),
        )
    return no_school(url)


def no_school(url: str) -> UserError:
    """The error for an address where something answers that is not the API."""
    return UserError(
        _("{host} does not answer like a LearnWorlds school").format(host=urlsplit(url).netloc),
        _("Something else is at this address"),
        _("Check the school's address, and that its plan includes the API"),
    )


def _host(url: str, location: str) -> str:
    try:
        return urlsplit(urljoin(url, location)).netloc
    except ValueError:
        return ""


_REFUSED = (
    N_("The school refused the request"),
    N_("Read what the school says, correct the row, try it again"),
)
_CREDENTIALS = N_("Copy it again from the school's admin: Settings, Developers, API")
_REFUSALS: dict[str | int, tuple[str, str]] = {
    "denied": (N_("The school denies access"), _CREDENTIALS),
    401: (N_("The school does not accept these credentials"), _CREDENTIALS),
    403: (
        N_("The school does not allow this"),
        N_("Check that the school's plan includes the API, and the permissions of this client"),
    ),
    404: (N_("The school does not have this"), N_("Check the spelling, and whether it was removed")),
    405: (N_("This school cannot do this"), N_("The function may be missing at this school")),
    409: (N_("This clashes with what the school has"), N_("Look at the school's record and correct the row")),
    413: (N_("This is too much for one request"), N_("Shorten the texts or lists of this row")),
    422: (N_("The school does not accept these values"), N_("Correct the row and try it again")),
}
# Hints that speak of a row that was sent, and what is said where nothing was.
_OF_A_ROW = {_REFUSED[1], *(_REFUSALS[status][1] for status in (409, 413, 422))}
_ASKED = N_("Read what the school says, then ask again later or for something else")
