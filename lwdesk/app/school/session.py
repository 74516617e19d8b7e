"""A session with one school: the client, its pace shared with other programs, and the directory."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lwdesk.api.auth import Credentials
from lwdesk.api.client import TIMEOUT, Client
from lwdesk.api.limiter import CAPACITY, POLL, Limiter, Stopped
from lwdesk.app.school.directory import Directory


class Session:
    """Everything that talks to one school. Requests end their wait when the engine that runs sets `stopping`; those of
    a thread in `stopped_by` when its own flag says so, whatever the engine does.

    `pace_limit` are the calls in 10 seconds, at the most; `timeout`, `sleep`, `clock` and `on_wait` are the client's.
    """

    def __init__(
        self,
        name: str,
        credentials: Credentials,
        pace: Path,
        *,
        pace_limit: int = CAPACITY,
        timeout: tuple[float, float] = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        on_wait: Callable[[str], None] | None = None,
    ):
        from lwdesk.api.downloads import Downloads  # with the HTTP library, which takes long to load

        self.name, self.root = name, credentials.root
        self.stopping = threading.Event()  # of the engine that runs, once there is one
        self._closed, self._of_thread = False, threading.local()
        self._planning = threading.Lock()
        self.limiter = Limiter(pace_limit, folder=pace, school=credentials.root, clock=clock)
        self.client = Client(
            credentials,
            limiter=self.limiter,
            timeout=timeout,
            stop=self._is_stopped,
            sleep=sleep,
            clock=clock,
            on_wait=on_wait,
        )
        self.downloads = Downloads(credentials.local, stop=lambda: self.stopping.is_set())
        self.directory = Directory(self.client)

    @contextmanager
    def stopped_by(self, stop: Callable[[], bool]) -> Iterator[None]:
        """While the block runs, requests of this thread end their wait when `stop` says so: they raise Stopped."""
        before, self._of_thread.stop = getattr(self._of_thread, "stop", None), stop
        try:
            yield
        finally:
            self._of_thread.stop = before

    @contextmanager
    def planning(self, stop: Callable[[], bool]) -> Iterator[None]:
        """While the block runs, no other plan is made: plans share what is known of the school. Raises Stopped, here or
        by a request of this thread, where `stop` says so."""
        while not self._planning.acquire(timeout=POLL):
            if self._closed or stop():
                raise Stopped
        try:
            if stop():
                raise Stopped
            with self.stopped_by(stop):
                yield
        finally:
            self._planning.release()

    def _is_stopped(self) -> bool:
        stop: Callable[[], bool] = getattr(self._of_thread, "stop", None) or self.stopping.is_set
        return self._closed or stop()

    def new_directory(self) -> Directory:
        """An empty directory, to look at the current state of the school."""
        return Directory(self.client)

    def for_plan(self) -> Directory:
        """The directory for a new plan: an empty one if another plan was applied to the current one."""
        if self.directory.overlaid:
            self.directory = self.new_directory()
        return self.directory

    @property
    def seconds_for(self) -> Callable[[int], float]:
        """Estimate the seconds that so many calls take."""
        return self.limiter.seconds_for

    def close(self) -> None:
        """End all waits, and close the connections."""
        self._closed = True
        self.client.close()
        self.downloads.close()
        self.limiter.close()
