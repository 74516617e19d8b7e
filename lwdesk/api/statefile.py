"""The small file through which the programs on one computer share the pace of a school."""

import hashlib
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from lwdesk.api.pace import Pace

log = logging.getLogger("lwdesk.api")

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


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
        self._handle: int | None = None
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        except OSError as error:
            self._give_up(error)

    @contextmanager
    def locked(self, paces: Mapping[str, Pace], clock: Callable[[], float]) -> Iterator[None]:
        """Bring `paces` up to date, and share what becomes of them in the block."""
        if self._handle is None or not self._locked(self._handle):
            yield
            return
        handle = self._handle
        try:
            # Only now: a time read before the lock was got may be older than what another wrote meanwhile.
            self._read(handle, paces, clock())
            yield
            self._write(handle, paces, clock())
        finally:
            if self._handle is not None:
                _unlock(handle)

    def close(self) -> None:
        """Close the file; from now on nothing is shared."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _locked(self, handle: int) -> bool:
        try:
            _lock(handle)
        except OSError as error:
            self._give_up(error)
            return False
        return True

    def _read(self, handle: int, paces: Mapping[str, Pace], now: float) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            data = orjson.loads(os.read(handle, 1 << 20))
            # The clock counts from the start of the computer: a time ahead of now is of another run of it.
            since_boot = data["now"] <= now
            for line, pace in paces.items():
                pace.load(data["paces"][line], since_boot, now)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return

    def _write(self, handle: int, paces: Mapping[str, Pace], now: float) -> None:
        data: dict[str, Any] = {"now": now, "paces": {line: pace.dump() for line, pace in paces.items()}}
        content = orjson.dumps(data)
        try:
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, content)
            os.ftruncate(handle, len(content))
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        log.warning("%s cannot be used, the pace is not shared: %s", self._path.name, error.strerror)
        self.close()
