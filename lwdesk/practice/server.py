"""Starts and stops the practice school: a web server on 127.0.0.1, in a thread of this process."""

import asyncio
import contextlib
import json
import pickle
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lwdesk import __version__
from lwdesk.base.errors import UserError
from lwdesk.base.paths import make_private, written_whole
from lwdesk.base.text import _
from lwdesk.practice.app import Api, application
from lwdesk.practice.files import FileHost
from lwdesk.practice.school import School
from lwdesk.practice.seed import fill
from lwdesk.practice.switches import Switches
from lwdesk.practice.tokens import Tokens

PATIENCE = 1.0  # seconds that calls in progress have to finish when the school stops


class _Protocol(HttpToolsProtocol):
    """Hands the application a way to break the connection, which ASGI itself does not have."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"practice": {"abort": self.transport.abort}}


class _Server(uvicorn.Server):
    """A server that starts and stops in milliseconds: tests do both by the hundred."""

    def __init__(self, config: uvicorn.Config):
        super().__init__(config)
        self.ready = threading.Event()

    async def main_loop(self) -> None:
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self.ready.set()
        counter = 0
        while not await self.on_tick(counter):
            counter += 10  # in tenths of a second, as on_tick counts
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), 1)

    def end(self) -> None:
        """Stop the loop, from another thread."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._wake.set)

    def call(self, function: Callable[[], Any]) -> Any:
        """Call a function between two requests, from another thread. Returns its result."""

        async def run() -> Any:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        end = time.monotonic() + PATIENCE
        while self.server_state.connections and time.monotonic() < end:
            await asyncio.sleep(0.005)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


class Practice:
    """A practice school. As a context manager it serves from start to end of the block.

    `users` is the number of seeded users; `seed` decides the school and its credentials: same seed, same
    school. `limit` is the rate limit, `latency` the seconds each answer takes. `clock` gives monotonic seconds
    to limits, tokens, lags and jobs. `owner` is the email, `password` the password of a seeded administrator,
    for the password grant. `kept` is a file that `save` wrote: the school is as it was then, where it can be read.

    `url` is the school's address; the API lives below {url}/admin/api, the files on a port of their own. Raises
    UserError for a taken port.
    """

    def __init__(
        self,
        users: int = 500,
        seed: int = 1,
        limit: bool = True,
        latency: float = 0.0,
        port: int = 0,
        clock: Callable[[], float] = time.monotonic,
        kept: Path | None = None,
    ):
        names = random.Random(f"client {seed}")
        self.client_id = f"{names.getrandbits(96):024x}"
        self.client_secret = f"{names.getrandbits(160):040x}"
        self.switches = Switches(limit=limit, latency=latency)
        self.school = School(seed, self.switches, clock)
        self.owner, self.password = fill(self.school, users, seed)
        if kept is not None and (before := _read(kept)) is not None:
            self.school.restore(before)
        tokens = Tokens(self.client_id, self.client_secret, self.school, self.switches, clock)
        self.api = Api(self.school, tokens, self.switches, clock)
        self.files = FileHost(self.school)
        self.port, self.url = port, ""
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> "Practice":
        """Start to serve; returns when the school accepts requests."""
        listener, files = _listener(self.port), _listener(0)
        self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.files.port = files.getsockname()[1]
        self.school.host = f"http://127.0.0.1:{self.files.port}"
        config = uvicorn.Config(
            application(self.api, self.files),
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener, files],), name="practice school", daemon=True
        )
        self._thread.start()
        self._server.ready.wait()
        return self

    def stop(self) -> None:
        """End serving; calls in progress get a second to finish."""
        if self._server is not None and self._thread is not None:
            self._server.end()
            self._thread.join()
            self._server = self._thread = None

    def save(self, path: Path) -> None:
        """Keep the school's data in a file, for a later start; its passwords are not kept."""
        assert self._server is not None
        data = self._server.call(lambda: pickle.dumps((__version__, self.school.kept())))
        with written_whole(path) as temporary:
            temporary.write_bytes(data)
        make_private(path)

    def __enter__(self) -> "Practice":
        return self.start()

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def credentials(self) -> dict[str, str]:
        """The credentials of a client."""
        return {"url": self.url, "client_id": self.client_id, "client_secret": self.client_secret}


def _read(path: Path) -> dict[str, Any] | None:
    """What this version kept in a file; None where it is missing or cannot be read, or another version wrote it."""
    try:
        version, found = pickle.loads(path.read_bytes())  # lwdesk's own file, in the user's own folder
    except (OSError, EOFError, pickle.UnpicklingError, ValueError, TypeError, AttributeError, ImportError):
        return None
    return found if version == __version__ else None


def _listener(port: int) -> socket.socket:
    # asyncio turns off the delay of small packets only where the protocol is named
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there the option would let two servers share one port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise UserError(
            _("The practice school can't use port {port}").format(port=port),
            _("Another program on this computer uses it"),
            _("Choose another port, or omit it to use a free one"),
        ) from error
    listener.listen(128)
    return listener


def serve(port: int = 0, users: int = 500, seed: int = 1, limit: bool = True, latency_ms: int = 0) -> int:
    """Serve until interrupted or terminated. Returns the exit status.

    The first line on standard output is a JSON object with url, client_id and client_secret, written when the
    school accepts calls. Raises UserError for a taken port.
    """
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    with Practice(users, seed, limit, latency_ms / 1000, port) as school:
        sys.stdout.write(json.dumps(school.credentials()) + "\n")
        sys.stdout.flush()
        while not ended.wait(0.5):  # a wait without end would not let Windows deliver Ctrl+C
            pass
    return 0
