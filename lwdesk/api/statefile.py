"""The small file through which the programs on one computer share the pace of a school."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from lwdesk.api.pace import Pace
from lwdesk.base.paths import make_private

log = logging.getLogger("lwdesk.api")

# Seconds to wait for another program that holds the file; it holds it for less than a millisecond.
PATIENCE = 10.0


class StateFile:
    """The paces of one school in `folder`, read and written under a lock.

    What cannot be read (a crash in the middle of writing) counts for nothing. Where the file cannot be
    used at all, the program goes on with a pace of its own and says so in the log.
    """

    def __init__(self, folder: Path, school: str):
        host = school.lower().rpartition("://")[2].partition("/")[0]
        name = re.sub(r"[^a-z0-9.]+", "-", host).strip("-.")[:60]
        short = hashlib.sha256(school.encode()).hexdigest()[:8]
        self._path = folder / f"{name}-{short}.json"
        self._lock = FileLock(f"{self._path}.lock", timeout=PATIENCE, thread_local=False)
        self._shared = True

    @contextmanager
    def locked(self, paces: Mapping[str, Pace], clock: Callable[[], float]) -> Iterator[None]:
        """Bring `paces` up to date, and share what becomes of them in the block."""
        if not self._shared or not self._locked():
            yield
            return
        try:
            # Only now: a time read before the lock was got may be older than what another wrote meanwhile.
            self._read(paces, clock())
            yield
            self._write(paces, clock())
        finally:
            self._lock.release()

    def close(self) -> None:
        """From now on nothing is shared."""
        self._shared = False

    def _locked(self) -> bool:
        try:
            self._lock.acquire()
        except (OSError, Timeout) as error:
            self._give_up(error)
            return False
        return True

    def _read(self, paces: Mapping[str, Pace], now: float) -> None:
        try:
            data = orjson.loads(self._path.read_bytes())
            # The clock counts from the start of the computer: a time ahead of now is of another run of it.
            since_boot = data["now"] <= now
            for line, pace in paces.items():
                pace.load(data["paces"][line], since_boot, now)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return

    def _write(self, paces: Mapping[str, Pace], now: float) -> None:
        data: dict[str, Any] = {"now": now, "paces": {line: pace.dump() for line, pace in paces.items()}}
        try:
            self._path.write_bytes(orjson.dumps(data))
            make_private(self._path)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        log.warning("%s cannot be used, the pace is not shared: %s", self._path.name, error)
        self.close()
