"""The log file: what happened, for the one who helps; never a secret."""

import logging
import os
import re
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

# Bytes of one file, and how many older ones are kept.
MOST, OLDER = 1_000_000, 4
# Seconds to wait for another program that writes; it writes for less than a millisecond.
PATIENCE = 1.0
_SECRET = re.compile(
    r"(?i)(bearer\s+|[\"']?(?:client_secret|access_token|refresh_token|password)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}&]+"
)


# Append, in a file that only this user can read.
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)


class Redacting(logging.Formatter):
    """Formats a record without bearer tokens, secrets and passwords, whichever code logged it."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub(r"\1***", super().format(record))


class SharedFile(logging.Handler):
    """Appends to a file that several programs write to, and renames it when it is full.

    The file is open only while a line is written, under a lock: Windows doesn't rename an open file. A line that
    cannot be written is dropped silently: logging must never disturb the work.
    """

    def __init__(self, path: Path, most: int = MOST, older: int = OLDER):
        super().__init__()
        self._path, self._most, self._older = path, most, older
        self._turn = FileLock(f"{path}.lock", timeout=PATIENCE, thread_local=False)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
            with self._turn:
                self._rotate(len(line))
                with os.fdopen(os.open(self._path, _APPEND, 0o600), "ab") as file:
                    file.write(line)
        except (
            OSError,
            ValueError,
            TypeError,
            LookupError,
        ):  # no place, no permission, another program that holds the lock
            return

    def _rotate(self, more: int) -> None:
        """Rename a full file and the older ones up to the first free name, so that a rename that fails loses none.

        Where another program keeps one open, Windows doesn't rename it: then the file grows until the next line.
        """
        if not self._path.exists() or self._path.stat().st_size + more <= self._most:
            return
        files = [
            self._path,
            *(self._path.with_name(f"{self._path.name}.{n + 1}") for n in range(self._older)),
        ]
        last = next((n for n, file in enumerate(files) if not file.exists()), self._older)
        with suppress(OSError):
            for n in range(last, 0, -1):
                files[n - 1].replace(files[n])


def start(folder: Path, level: int = logging.INFO) -> None:
    """Log to `folder`/lwdesk.log, five files of 1 MB at the most."""
    handler = SharedFile(folder / "lwdesk.log")
    handler.setFormatter(Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("lwdesk").addHandler(handler)
    logging.getLogger("lwdesk").setLevel(level)
    logging.getLogger("lwdesk").propagate = False
