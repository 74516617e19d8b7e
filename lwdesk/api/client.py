"""One school's API: a request goes in, an answer or a plain error comes out."""

import email.utils
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lwdesk import __version__
from lwdesk.api import answers
from lwdesk.api.answers import Answer, Unreadable
from lwdesk.api.auth import Credentials
from lwdesk.api.build import Request
from lwdesk.api.limiter import MAIN, POLL, Limiter, Stopped, never
from lwdesk.api.tokens import TOKEN_PATH, Tokens, denied, form
from lwdesk.api.waits import Waits
from lwdesk.base.errors import ApiError, AppError, Unavailable
from lwdesk.base.text import _

if TYPE_CHECKING:
    from lwdesk.api.wire import Reply

log = logging.getLogger("lwdesk.api")

# Seconds to connect, and seconds without a byte of the answer. Big schools take some seconds for a page.
TIMEOUT = (10.0, 90.0)
# Seconds before the 2nd, 3rd and 4th try of a GET.
BACKOFF = (1.0, 2.0, 4.0)
# Tries at a school that was never reached: a wrong address is no passing slowness.
FIRST_TRIES = 2
# The cheapest list every school has.
_PROBE = Request("GET", "users", (("items_per_page", "1"),))


class Client:
    """Sends requests to one school: paced, authenticated, retried where that is safe. For many threads.

    One client per school and program: a new token may end the one before. `stop` ends waits; `sleep` and
    `clock` are for tests; `on_rotated` gets each new refresh token, `on_wait` the words for every wait.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        limiter: Limiter,
        timeout: tuple[float, float] = TIMEOUT,
        stop: Callable[[], bool] = never,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        on_rotated: Callable[[str], None] | None = None,
        on_wait: Callable[[str], None] | None = None,
    ):
        from lwdesk.api.wire import Wire

        self._credentials, self.limiter = credentials, limiter
        self._root, self._wire = credentials.root, Wire(credentials.root, timeout)
        self._stop, self._sleep = stop, sleep
        self._local = credentials.local
        self._tokens = Tokens(credentials, clock=clock, on_rotated=on_rotated)
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": f"lwdesk/{__version__}",
            "Lw-Client": credentials.client_id,
        }
        self._waits = Waits(on_wait, clock)
        self._counting = threading.Lock()
        self._requests = self._refused = 0

    @property
    def requests(self) -> int:
        """HTTP requests sent, those for tokens and those refused included."""
        return self._requests

    @property
    def refused(self) -> int:
        """Requests the school refused for their pace (429)."""
        return self._refused

    @property
    def waiting(self) -> str:
        """What is waited for right now, in words; empty when nothing is."""
        return self._waits.now

    def send(
        self,
        request: Request,
        stop: Callable[[], bool] | None = None,
        leaving: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Do one request; `leaving` is called each time right before it leaves this computer.

        A 429 was not processed: any method waits and is sent again, for as long as it takes. A GET is
        tried four times, twice only while no request has reached the school yet. Any other request is sent
        once: what happens then is for the caller to find out.
        Raises ApiError for a refusal; Unavailable, whose `sent` says whether the request may have been
        processed (Stopped, a kind of it, when `stop` ended the wait); UserError when the school has moved.
        """
        return self._send(request, _Patience(stop or self._stop, BACKOFF), leaving)

    def check(self) -> None:
        """Check access with a token and one cheap GET, each tried once.

        Raises an AppError that distinguishes a wrong address, client id or secret, a plan without API, a
        certificate that cannot be trusted, and no network.
        """
        self._enter(lambda: self._send(_PROBE, _Patience(self._stop, ()), lambda: None))

    def enter(self) -> None:
        """Check access before a job is created, by getting the token that it needs anyway.

        Costs no request where there is a token already; a pasted one is tried once. Raises what `check` does.
        """
        if self._credentials.access_token and not self._requests:
            self.check()
        else:
            grant = partial(self._grant, _Patience(self._stop, BACKOFF))
            self._enter(lambda: self._tokens.get(grant))

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def _enter(self, door: Callable[[], object]) -> None:
        try:
            door()
        except Unreadable as error:
            raise answers.no_school(self._root) from error
        except ApiError as error:
            if error.status not in (404, 405):
                raise
            raise answers.no_school(self._root) from error

    def _send(self, request: Request, patience: "_Patience", leaving: Callable[[], None]) -> Answer:
        grant = partial(self._grant, patience)
        token = self._tokens.get(grant)
        try:
            return self._call(request, token, patience, leaving)
        except ApiError as error:
            if error.status != 401:
                raise
        return self._call(request, self._tokens.renew(token, grant), patience, leaving)

    def _call(
        self, request: Request, token: str, patience: "_Patience", leaving: Callable[[], None]
    ) -> Answer:
        headers = self._headers | {"Authorization": f"Bearer {token}"}
        body = request.content
        if body is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self._root}/v2/{request.target}"
        call = _Call(request.method, url, headers, body, request.shown, leaving)
        gate = request.path if request.method == "GET" else MAIN
        return self._tried(call, gate, patience if request.method == "GET" else patience.once())

    def _grant(self, patience: "_Patience", fields: dict[str, str]) -> Any:
        headers = self._headers | {"Content-Type": "application/x-www-form-urlencoded"}
        call = _Call("POST", f"{self._root}/{TOKEN_PATH}", headers, form(fields), TOKEN_PATH)
        try:
            return self._tried(call, MAIN, patience).data
        except ApiError as error:
            raise denied(error, fields["grant_type"]) from None
        except Unavailable as error:
            # What the token is for has surely not been sent.
            error.sent = False
            raise

    def _tried(self, call: "_Call", gate: str, patience: "_Patience") -> Answer:
        for tried, delay in enumerate(patience.delays, 1):
            try:
                return self._paced(call, gate, patience.stop)
            except Stopped:
                raise
            except Unavailable as error:
                if tried >= FIRST_TRIES and not self._requests:
                    raise
                log.info("%s %s again in %.0f s: %s", call.method, call.shown, delay, error.title)
                self._tell(error, delay, tried, len(patience.delays))
            self._wait(delay, patience.stop)
        return self._paced(call, gate, patience.stop)

    def _paced(self, call: "_Call", gate: str, stop: Callable[[], bool]) -> Answer:
        while True:
            permit = self.limiter.take(gate, stop)
            try:
                reply = self._sent(call)
            except BaseException as error:
                unsent = isinstance(error, Unavailable) and not error.sent
                (self.limiter.unused if unsent else self.limiter.answered)(permit)
                raise
            if reply.status != 429:
                self.limiter.answered(permit)
                return self._read(call, reply)
            self._count(refused=1)
            self.limiter.refused(permit, _seconds(reply.headers))
            if (pause := self.limiter.resumes_in) > 1:
                text = _("LearnWorlds asked for a pause. Continuing in {n} s.")
                self._waits.begin(text.format(n=math.ceil(pause)), pause)

    def _sent(self, call: "_Call") -> "Reply":
        call.leaving()
        try:
            reply = self._wire.send(call.method, call.url, call.headers, call.body)
        except Unavailable as error:
            self._count(requests=int(error.sent))
            log.warning("%s %s: %s", call.method, call.shown, error.title)
            raise
        self._count(requests=1)
        if self._local and reply.headers.get("X-Practice-Limit") == "none":
            self.limiter.lift()
        log.info("%s %s %d %.0f ms", call.method, call.shown, reply.status, reply.seconds * 1000)
        return reply

    def _read(self, call: "_Call", reply: "Reply") -> Answer:
        read = partial(answers.read, call.method, call.url, reply.status, reply.headers.get("Location", ""))
        with suppress(AppError):
            return read(reply.content, reply.seconds)
        # Not well. Should the school have echoed a secret, it doesn't get into the error.
        content = reply.content
        for secret in (*self._credentials.secrets, call.headers.get("Authorization", "")[len("Bearer ") :]):
            content = content.replace(secret.encode(), b"***") if secret else content
        return read(content, reply.seconds)

    def _tell(self, error: Unavailable, delay: float, tried: int, of: int) -> None:
        text = _("{trouble}. Trying again in {n} s ({tried} of {of}).")
        words = text.format(trouble=error.title, n=math.ceil(delay), tried=tried, of=of)
        self._waits.begin(words, delay)

    def tell_wait(self, trouble: str, seconds: float) -> None:
        """Report that the caller retries a request in so many seconds."""
        text = _("{trouble}. Trying again in {n} s.")
        self._waits.begin(text.format(trouble=trouble, n=math.ceil(seconds)), seconds)

    def _wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        while seconds > 0:
            if stop():
                raise Stopped
            self._sleep(min(seconds, POLL))
            seconds -= POLL

    def _count(self, requests: int = 0, refused: int = 0) -> None:
        with self._counting:
            self._requests += requests
            self._refused += refused


class _Call(NamedTuple):
    """One HTTP request as it is sent; `shown` is its path for the log, `leaving` is called right before it is sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None
    shown: str
    leaving: Callable[[], None] = lambda: None


class _Patience(NamedTuple):
    """What ends a wait, and the seconds before each further try."""

    stop: Callable[[], bool]
    delays: tuple[float, ...]

    def once(self) -> "_Patience":
        return self._replace(delays=())


def _seconds(headers: Mapping[str, str]) -> float:
    """The seconds that `Retry-After` asks for, by the school's own clock; 0 when it says nothing usable."""
    asked = headers.get("Retry-After", "")
    try:
        if asked.strip()[:1].isdigit():
            return max(float(asked), 0.0)
        now = email.utils.parsedate_to_datetime(headers.get("Date") or email.utils.formatdate(usegmt=True))
        return max((email.utils.parsedate_to_datetime(asked) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return 0.0
