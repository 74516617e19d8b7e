"""A session with one school: the client, its pace shared with other programs, and the directory."""

import threading
from collections.abc import Callable
from pathlib import Path

from lwdesk.api.auth import Credentials
from lwdesk.api.client import Client
from lwdesk.api.limiter import CAPACITY, Limiter
from lwdesk.app.directory import Directory


class Session:
    """Everything that talks to one school. `stop` ends waits for the pace."""

    def __init__(self, name: str, credentials: Credentials, pace: Path):
        self.name, self.root = name, credentials.root
        self.stopping = threading.Event()
        self.limiter = Limiter(CAPACITY, folder=pace, school=credentials.root)
        self.client = Client(credentials, limiter=self.limiter, stop=self.stopping.is_set)
        self.directory = Directory(self.client)

    def fresh(self) -> Directory:
        """A directory that knows nothing yet, for looking at the school as it is now."""
        return Directory(self.client)

    @property
    def seconds_for(self) -> Callable[[int], float]:
        """An honest estimate of the seconds that so many calls take."""
        return self.limiter.seconds_for

    def close(self) -> None:
        self.client.close()
        self.limiter.close()
