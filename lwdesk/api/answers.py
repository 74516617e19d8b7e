"""Reading what came back: data, a refusal in the school's words, or nothing that can be trusted."""

import html
import json
import logging
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from lwdesk.base.errors import AddressError, ApiError, Denied, Unavailable
from lwdesk.base.text import N_, _, squeeze

log = logging.getLogger("lwdesk.api")

# The domains that schools have their addresses in, beside their own.
LEARNWORLDS = {"learnworlds.com", "mylearnworlds.com"}
# Refusals that mean "try again": the request timed out on its way in (its fate is unknown), or came too early.
_TIMED_OUT, _TOO_EARLY = 408, 425
# Letters of an error message that are kept: the rest of an HTML page is of no use.
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
            _("lwdesk can't read LearnWorlds' answer"),
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
    if status in (_TIMED_OUT, _TOO_EARLY):
        raise trouble(status, content, sent=status == _TIMED_OUT)
    if 400 <= status < 500:
        raise refusal(status, words(content), contexts(content), asks=method == "GET")
    if not 200 <= status < 300:
        raise trouble(status, content, sent=True)
    if status == 204 or (method != "GET" and not content.strip()):
        return Answer(status, None, seconds)
    data = _parsed(content)
    if isinstance(data, dict) and data.get("success") is False:
        raise refusal(status, words(content), contexts(content), asks=method == "GET")
    return Answer(status, data, seconds)


def trouble(status: int, content: bytes, sent: bool) -> Unavailable:
    """The error for an answer that says to try again later; `sent`: the request may have been processed."""
    return Unavailable(
        _("LearnWorlds is having trouble right now (error {n})").format(n=status),
        words(content),
        _("Try again in a few minutes"),
        sent=sent,
    )


def _parsed(content: bytes) -> Any:
    """The data of an answer. Raises Unreadable for what is no JSON or is nested too deep to be kept."""
    if not content.strip():
        raise Unreadable(_("It is empty"))
    try:
        try:
            data = orjson.loads(content)
        except orjson.JSONDecodeError:
            if content.lstrip().startswith(b"<"):
                message = _("It's a web page instead of data: {words}").format(words=words(content))
                raise Unreadable(message) from None
            data = _lenient(content)
        orjson.dumps(data)  # what can't be written can't be kept in a job
    except (ValueError, TypeError, RecursionError):
        raise Unreadable(_("It is damaged")) from None
    return data


def _lenient(content: bytes) -> Any:
    """Data that is JSON but for halves of emoji, NaN and bytes of an old code page: one such value in a page of 200
    records must not cost the other 199. Halves and strange bytes become "\ufffd", NaN and Infinity become null."""
    text = content.decode("utf-8-sig", "replace")
    data = json.loads(text, parse_constant=lambda _name: None)
    log.warning("an answer has characters that are not valid; they were replaced")
    return _without_halves(data)


def _without_halves(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_halves(one) for one in value]
    if isinstance(value, dict):
        return {_without_halves(key): _without_halves(one) for key, one in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def words(content: bytes) -> str:
    """What the school says in an error: one line, whichever of its shapes the body has."""
    try:
        found = squeeze(" · ".join(dict.fromkeys(_messages(orjson.loads(content)))))
    except orjson.JSONDecodeError:
        found = ""
    if not found:
        text = content.decode("utf-8", "replace")
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", " ", text)
        found = squeeze(html.unescape(text))
    return found if len(found) <= WORDS else found[: WORDS - 1].rstrip() + "…"


def _messages(data: Any) -> Iterator[str]:
    if not isinstance(data, dict):
        return
    errors = data.get("errors")
    if isinstance(errors, list):
        found = [one.get("message") if isinstance(one, dict) else one for one in errors]
        if texts := [one for one in found if isinstance(one, str) and one.strip()]:
            yield from texts
            return
    message = next(
        (data[key] for key in ("error", "message") if isinstance(data.get(key), str) and data[key]), ""
    )
    if message:
        yield message
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


def refusal(status: int, message: str, marks: set[str], asks: bool) -> ApiError:
    """The error for a refusal, with a title and a hint for its status; what only `asks` sent no row to correct."""
    if "client_id" in marks:
        title = _("LearnWorlds doesn't know this client ID")
        error = UnknownClient(title, message, _(_CREDENTIALS), status=status, words=message)
        return error.at("client_id")
    title, hint = _REFUSALS["denied"] if "access_denied" in marks else _REFUSALS.get(status, _REFUSED)
    if asks and hint in _OF_A_ROW:
        hint = _ASKED
    kind = Denied if status == 401 else ApiError
    found = kind(_(title), message, _(hint), status=status, words=message)
    if status == 403 or "access_denied" in marks:
        found.help = Denied.help
    return found


def moved(url: str, location: str) -> AddressError:
    """The error for a redirect, which is never followed: it would carry the secrets to another address.

    Only an address of LearnWorlds, or one in the domain of the school, is named as the school's new one: the sign-in
    page of a hotel's network redirects too, and must never be given a secret.
    """
    here, there = urlsplit(url).netloc, _host(url, location)
    if not there or there == here:
        return no_school(url)
    why = _("{host} redirects to another address, so nothing was sent").format(host=here)
    if _of_the_school(here, there):
        return AddressError(
            _("Your school has moved to {host}").format(host=there),
            why,
            _("Use the address https://{host} for this school").format(host=there),
        ).at("address")
    return AddressError(
        _("{other} answered instead of {host}").format(host=here, other=there),
        why,
        _(
            "If you are on a public or company network, open any web page, sign in to the network, and try again."
            " If not, check the school's address in LearnWorlds: Settings > Developers > API"
        ),
    )


def _of_the_school(here: str, there: str) -> bool:
    """Whether a redirect from one host to the other stays with LearnWorlds or in the school's own domain."""
    old, new = (host.partition(":")[0].lower().split(".") for host in (here, there))
    if ".".join(new[-2:]) in LEARNWORLDS:
        return True
    shorter = min(len(old), len(new))
    return shorter >= 2 and (old[-shorter:] == new[-shorter:] or (old[1:] == new[1:] and len(old) >= 3))


def no_school(url: str) -> AddressError:
    """The error for an address where something answers that is not the API."""
    return AddressError(
        _("We couldn't find a LearnWorlds school at {host}").format(host=urlsplit(url).netloc),
        _("Something else answers at this address"),
        _("Check the address for typos, and that your plan includes API access"),
    ).at("address")


def _host(url: str, location: str) -> str:
    try:
        return urlsplit(urljoin(url, location)).netloc
    except ValueError:
        return ""


_REFUSED = (
    N_("LearnWorlds refused this"),
    N_("Read LearnWorlds' message, fix the row, and retry"),
)
_CREDENTIALS = N_("Copy it again from LearnWorlds: Settings > Developers > API")
_REFUSALS: dict[str | int, tuple[str, str]] = {
    "denied": (N_("LearnWorlds denied access"), _CREDENTIALS),
    401: (N_("LearnWorlds doesn't accept this access token"), _CREDENTIALS),
    403: (
        N_("LearnWorlds doesn't allow this"),
        N_(
            "Check that your plan includes API access and that this API client has permission"
            " (Settings > Developers > API)"
        ),
    ),
    404: (
        N_("LearnWorlds couldn't find this item"),
        N_("It may have been renamed or deleted. Check the name in this row"),
    ),
    405: (
        N_("Your school can't do this"),
        N_("Your school's plan or LearnWorlds version doesn't support it"),
    ),
    409: (
        N_("This conflicts with something already in your school"),
        N_("Open the record in LearnWorlds, fix the row, and retry"),
    ),
    413: (N_("This row is too large for LearnWorlds"), N_("Shorten the texts or lists in this row")),
    422: (N_("LearnWorlds doesn't accept these values"), N_("Fix the row and retry")),
}
# Hints that speak of a row that was sent, and what is said where nothing was.
_OF_A_ROW = {_REFUSED[1], *(_REFUSALS[status][1] for status in (404, 409, 413, 422))}
_ASKED = N_("Read LearnWorlds' message above, then try again later or change the filters")
