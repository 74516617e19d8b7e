"""The only file that touches the HTTP library: sends one request once, and knows whether it left; opens files."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from lwdesk.api import reasons
from lwdesk.base.errors import Unavailable, UserError
from lwdesk.base.text import _

# Common servers close a connection that idled 5 s. A write that meets the closing is in doubt, so a
# connection that idled this long (seconds) is replaced before use.
IDLE = 4.0
# Bytes of an answer, unpacked: 200 users of a school with many custom fields are about 1 MB.
LARGEST, CHUNK = 100_000_000, 1_000_000
# What the layers below raise where a connection fails; some errors come through bare.
BROKEN = (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException)

_state = threading.local()


class _Watched(HTTPConnection):
    """Notes, for this thread, the moment from which bytes of the request may have left."""

    _used = 0.0

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self._used < IDLE

    def endheaders(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        _state.sent = True
        super().endheaders(*args, **kwargs)

    def getresponse(self) -> Any:
        answer = super().getresponse()
        self._used = time.monotonic()
        return answer


class _WatchedTLS(_Watched, HTTPSConnection):
    pass


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Watched


class _PoolTLS(urllib3.HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


class _Adapter(HTTPAdapter):
    """Pools of watched connections, straight or through a proxy; never a second try of its own."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}
        return manager


class Reply(NamedTuple):
    """What came back: `headers` compare without case, `seconds` is the time the call took."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float


def _content(answer: requests.Response) -> bytes:
    """The body, unpacked. Raises Unavailable for one that unpacks to more than any list of a school has."""
    chunks, size = [], 0
    for chunk in answer.iter_content(CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST:
            answer.close()
            raise Unavailable(
                _("lwdesk can't read LearnWorlds' answer"),
                _("It is larger than {n} MB").format(n=LARGEST // 1_000_000),
                _("Check the school's address, or try again later"),
                sent=True,
            )
    return b"".join(chunks)


class Wire:
    """The connections to one school: pooled, kept open, shared by all threads; TLS always verified.

    Proxies and a certificate file of the company's own come from the environment (`HTTPS_PROXY`,
    `REQUESTS_CA_BUNDLE`), as with every program that uses this library. `timeout`: seconds to connect
    and seconds without a byte.
    """

    def __init__(self, root: str, timeout: tuple[float, float]):
        self._timeout, self._host = timeout, urlsplit(root).netloc
        with requests.Session() as session:
            found = session.merge_environment_settings(root, {}, False, None, None)
        self._verify, self._proxies = found["verify"] or True, found["proxies"]
        if isinstance(self._verify, str) and not Path(self._verify).exists():
            raise UserError(
                _("The file of trusted certificates wasn't found"),
                _("REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names {path}").format(path=self._verify),
                _("Fix the setting, or remove it"),
            )
        # Not Session.send: it follows the Location of a redirect far enough to choke on a bad one, and
        # keeps cookies. The adapter and its pool are what is safe to share between threads.
        self._adapter = _Adapter(pool_maxsize=64, max_retries=0)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """Send the request once and read the whole answer.

        Raises Unavailable; `sent` is False only when not one byte of the request left this computer.
        """
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, url, body
        prepared.headers = requests.structures.CaseInsensitiveDict(headers)
        if body is not None or method != "GET":
            prepared.headers["Content-Length"] = str(len(body or b""))
        _state.sent = False
        start = time.perf_counter()
        try:
            answer = self._adapter.send(
                prepared, stream=True, timeout=self._timeout, verify=self._verify, proxies=self._proxies
            )
            content = _content(answer)
        except BROKEN as error:
            raise (
                reasons.lost(error, self._timeout[1])
                if _state.sent
                else reasons.unreachable(error, self._host)
            ) from None
        return Reply(answer.status_code, answer.headers, content, time.perf_counter() - start)

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()


class NotAllowed(Exception):
    """A connection that was made to an address which isn't allowed; nothing was sent."""


class Stream(NamedTuple):
    """The start of an answer: `headers` compare without case, `chunks` is its content, in pieces of so many bytes."""

    status: int
    headers: Mapping[str, str]
    chunks: Callable[[int], Iterator[bytes]]


class FileWire:
    """Connections to the hosts of files, shared by all threads. Nothing of the school's is known here.

    `allowed` tells whether an IP address may be connected to; through a proxy, which has addresses of its own, it isn't
    asked.
    """

    def __init__(self, allowed: Callable[[str], bool], timeout: tuple[float, float]):
        self._timeout, self._adapter = timeout, HTTPAdapter(max_retries=0)
        self._adapter.poolmanager.pool_classes_by_scheme = _guarded_pools(allowed)

    @contextmanager
    def open(self, url: str, headers: Mapping[str, str]) -> Iterator[Stream]:
        """Ask for a file, and follow no redirect. Raises one of BROKEN, also while chunks are read; NotAllowed."""
        with requests.Session() as session:
            found = session.merge_environment_settings(url, {}, True, None, None)
        prepared = requests.Request("GET", url, headers=dict(headers)).prepare()
        answer = self._adapter.send(
            prepared,
            stream=True,
            timeout=self._timeout,
            verify=found["verify"] or True,
            proxies=found["proxies"],
        )
        try:
            yield Stream(answer.status_code, answer.headers, answer.iter_content)
        finally:
            answer.close()

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()


def _guarded_pools(allowed: Callable[[str], bool]) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    """Pools, by scheme, whose connections look where they lead before anything is sent: the name of a host may lead
    anywhere."""

    def checked(sock: socket.socket) -> socket.socket:
        if not allowed(sock.getpeername()[0]):
            sock.close()
            raise NotAllowed
        return sock

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return checked(super()._new_conn())

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return checked(super()._new_conn())

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
