"""A session with one school: the client, its pace shared with other programs, and the directory."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from lwdesk.api.auth import Credentials
from lwdesk.api.client import TIMEOUT, Client
from lwdesk.api.limiter import CAPACITY, Limiter
from lwdesk.app.school.directory import Directory


class Session:
    """Everything that talks to one school; what waits, ends its wait when `stopping` is set.

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
        self.limiter = Limiter(pace_limit, folder=pace, school=credentials.root, clock=clock)
        self.client = Client(
            credentials,
            limiter=self.limiter,
            timeout=timeout,
            stop=lambda: self.stopping.is_set(),
            sleep=sleep,
            clock=clock,
            on_wait=on_wait,
        )
        self.downloads = Downloads(credentials.local, stop=lambda: self.stopping.is_set())
        self.directory = Directory(self.client)

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
        self.client.close()
        self.downloads.close()
        self.limiter.close()
