"""One window for each folder of jobs: a second start hands its file to the one that is open."""

import hashlib
import json
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Client, Listener
from pathlib import Path

from lwdesk.base.paths import Home

# Seconds after which an open window that doesn't answer counts as none.
_PATIENCE = 5


def _address(home: Home) -> str:
    """A named pipe on Windows, else a socket in a folder of the home: nobody but its owner gets at either."""
    if sys.platform == "win32":
        return rf"\\.\pipe\lwdesk-{hashlib.sha256(str(home.root).encode()).hexdigest()[:24]}"
    return str(home.folder("window") / "socket")


def hand_over(home: Home, path: Path | None) -> bool:
    """Ask the open window to come to the front, with a file to import where one is named. Returns whether there is
    one."""
    with suppress(OSError, EOFError), Client(_address(home)) as other:
        if sys.platform == "win32":  # else the window would only blink in the taskbar
            import ctypes

            ctypes.windll.user32.AllowSetForegroundWindow(-1)
        other.send_bytes(json.dumps(str(path.absolute()) if path is not None else "").encode())
        return other.poll(_PATIENCE) and other.recv_bytes() == b"opened"
    return False


class SingleWindow:
    """Listens for later starts until `close`. `opened` is called in another thread, with the path of the file or None.

    Without an address (a path too long for a socket) every start opens a window of its own.
    """

    def __init__(self, home: Home, opened: Callable[[Path | None], None]):
        self._opened, self._address = opened, _address(home)
        self._listener: Listener | None = None
        with suppress(OSError):
            if sys.platform != "win32":
                Path(self._address).unlink(missing_ok=True)  # left by a window that crashed
            self._listener = Listener(self._address)
            threading.Thread(target=self._serve, args=(self._listener,), name="starts", daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError, EOFError), Client(self._address) as own:
                own.send_bytes(b"")
            with suppress(OSError):  # a later window has the address now
                listener.close()

    def _serve(self, listener: Listener) -> None:
        while self._listener is listener:
            with suppress(OSError, EOFError, ValueError), listener.accept() as other:
                asked = other.recv_bytes(4 * 4096)
                if asked:
                    path = json.loads(asked)
                    self._opened(Path(path) if path else None)
                    other.send_bytes(b"opened")
