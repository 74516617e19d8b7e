"""Why a request did not get through, in words: the only place that reads the HTTP library's errors."""

import errno
import socket
import ssl
from collections.abc import Callable, Iterator

import urllib3

from lwdesk.base.errors import Unavailable
from lwdesk.base.text import N_, _


def lost(error: BaseException, timeout: float) -> Unavailable:
    """The error for a request that left and may have been processed; `timeout` in seconds."""
    if any(map(_timed_out, _chain(error))):
        what = _("LearnWorlds didn't answer within {n} seconds").format(n=round(timeout))
    else:
        what = _("The connection was interrupted before the answer was complete")
    return Unavailable(
        _("LearnWorlds' answer didn't arrive"), what, _("Check the internet connection"), sent=True
    )


def unreachable(error: BaseException, host: str) -> Unavailable:
    """The error for a request of which not one byte left."""
    causes = list(_chain(error))
    texts = next((texts for fits, *texts in _REASONS if any(map(fits, causes))), _NO_REASON)
    error = Unavailable(*(_(text).format(host=host) for text in texts))
    offline = any(map(_offline, causes))
    return error.at("address" if not offline and any(isinstance(c, _NOT_THERE) for c in causes) else "")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it was made from, once each."""
    seen: set[int] = set()
    queue: list[object] = [error]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            queue += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
            yield one


# What tells that the address is wrong, while the computer is online.
_NOT_THERE = (socket.gaierror, ConnectionRefusedError)
_OFFLINE = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}
_NO_REASON = (
    N_("Can't reach {host}"),
    N_("No connection could be made"),
    N_("Check the internet connection and try again"),
)


def _timed_out(error: BaseException) -> bool:
    # The library counts every failed connection as a kind of time-out.
    kinds = (TimeoutError, urllib3.exceptions.TimeoutError)
    return isinstance(error, kinds) and not isinstance(error, urllib3.exceptions.NewConnectionError)


def _offline(error: BaseException) -> bool:
    if isinstance(error, socket.gaierror):
        return error.errno == socket.EAI_AGAIN
    return isinstance(error, OSError) and error.errno in _OFFLINE


# Why no connection came about: the first that fits, with title, message and hint.
_REASONS: tuple[tuple[Callable[[BaseException], bool], str, str, str], ...] = (
    (
        lambda error: isinstance(error, urllib3.exceptions.ProxyError),
        N_("Can't reach the proxy"),
        N_("This computer connects to {host} through a proxy, and the proxy blocks it"),
        N_("Check the proxy setting (HTTPS_PROXY), or ask your IT team"),
    ),
    (
        lambda error: isinstance(error, ssl.SSLCertVerificationError),
        N_("We can't verify that {host} is really your school"),
        N_("Its certificate isn't trusted, so nothing was sent"),
        N_(
            "Check the address and your computer's date. If a virus scanner or your work network inspects web"
            " traffic, ask IT for its certificate file and set REQUESTS_CA_BUNDLE to it"
        ),
    ),
    (
        lambda error: isinstance(error, (ssl.SSLError, urllib3.exceptions.SSLError)),
        N_("No secure connection to {host}"),
        N_("Something answers at this address, but not over a secure connection"),
        N_("Check the school's address"),
    ),
    (
        _offline,
        N_("This computer seems to be offline"),
        N_("lwdesk couldn't look up or reach {host}"),
        N_("Check the internet connection and try again"),
    ),
    (
        lambda error: isinstance(error, socket.gaierror),
        N_("There is no school at {host}"),
        N_("There's no website at this address"),
        N_("Check the address for typos, and that this computer is online"),
    ),
    (
        _timed_out,
        N_("{host} doesn't answer"),
        N_("No connection was made in time"),
        N_("Check the address and the internet connection, and try again"),
    ),
    (
        lambda error: isinstance(error, ConnectionRefusedError),
        N_("{host} refuses connections"),
        N_("A server answered, but it isn't a LearnWorlds school"),
        N_("Check the address, with its port if it has one"),
    ),
)
