"""The one crossing from threads to the window: what they have to say waits in a deque until the window looks."""

import logging
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from lwdesk.app.helper import bug
from lwdesk.base.errors import AppError

log = logging.getLogger("lwdesk.ui")

# Milliseconds between two looks; how long (seconds) one look may take before the window breathes and looks on.
LOOK = 50
BREATH = 0.008
# Threads that work. They are there from the start, for whoever starts one waits until it runs.
THREADS = 4
# Seconds that a thread may hold Python while the window waits for it.
TURN = 0.0005

Done = Callable[[Any], None]
Failed = Callable[[AppError], None]


class Bridge(QObject):
    """Runs work on threads and calls back in the window's thread. `failed` hears of errors that nobody took."""

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._inbox: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._drain)
        self._timer.start()
        self._era = 0
        sys.setswitchinterval(TURN)
        self._orders: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        for number in range(THREADS):
            threading.Thread(target=self._serve, name=f"bridge {number}", daemon=True).start()

    def post(self, call: Callable[[], None]) -> None:
        """Have the window call this soon. From any thread."""
        self._inbox.append(call)

    def begin_anew(self) -> None:
        """The pages are made again: what the old ones wait for is told nobody."""
        self._era += 1

    def heard(self, call: Callable[..., object]) -> Callable[..., None]:
        """What is to be called back, as long as the pages are those that asked."""
        era = self._era
        return lambda *found: call(*found) if era == self._era else None  # type: ignore[return-value]

    def post_each(self, calls: Iterable[Callable[[], object]], still: Callable[[], bool]) -> None:
        """Have the window do many small things, with breath between, as long as they are `still` wanted."""
        for call in calls:
            self.post(self.heard(lambda call=call: call() if still() else None))

    def run(self, work: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        """Do something on a thread; the window hears what it returned, or the error."""
        heard = self.heard(failed) if failed is not None else None
        self._orders.put(partial(self._work, work, self.heard(done), heard))

    def close(self) -> None:
        """Hear nothing more."""
        self._timer.stop()
        self._inbox.clear()
        for _thread in range(THREADS):
            self._orders.put(None)

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None:
            order()

    def _work(self, work: Callable[[], Any], done: Done, failed: Failed | None) -> None:
        try:
            found = work()
        except AppError as error:
            self.post(lambda error=error: self.tell(error, failed))  # type: ignore[misc]
        except Exception as error:
            log.exception("work of the window")
            self.post(lambda error=error: self.tell(bug(error), failed))  # type: ignore[misc]
        else:
            self.post(lambda: done(found))

    def tell(self, error: AppError, failed: Failed | None) -> None:
        """Hand an error to the one who asked, else to all."""
        if failed is not None:
            failed(error)
        else:
            self.failed.emit(error)

    def _drain(self) -> None:
        end = time.perf_counter() + BREATH
        for _n in range(len(self._inbox)):
            self._inbox.popleft()()
            if time.perf_counter() > end:
                break
        self._timer.setInterval(0 if self._inbox else LOOK)
