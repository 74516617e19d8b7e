"""Calls from worker threads into the window's thread: they wait in a deque that the window empties on a timer."""

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
from shiboken6 import isValid

from lwdesk.app.helper import bug
from lwdesk.base.errors import AppError

log = logging.getLogger("lwdesk.ui")

# Milliseconds between two times that the window empties the deque, and the seconds it may spend on it before it handles
# its other events.
POLL_INTERVAL = 50
TIME_SLICE = 0.008
# Worker threads. They are started at once: starting one later would block the window until it runs.
THREADS = 4
# Seconds that a worker may hold the interpreter while the window waits for it.
SWITCH_INTERVAL = 0.0005

Done = Callable[[Any], None]
Failed = Callable[[AppError], None]


class Bridge(QObject):
    """Runs work on threads and calls back in the window's thread. `failed` is emitted for errors without a handler."""

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._inbox: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_INTERVAL)
        self._timer.timeout.connect(self._drain)
        self._timer.start()
        self._generation = 0
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        for number in range(THREADS):
            threading.Thread(target=self._serve, name=f"bridge {number}", daemon=True).start()

    def post(self, call: Callable[[], None]) -> None:
        """Queue a call for the window's thread. Safe from any thread."""
        self._inbox.append(call)

    def invalidate(self) -> None:
        """Drop the callbacks of all pages so far, which are about to be replaced."""
        self._generation += 1

    def guarded(self, callback: Callable[..., object]) -> Callable[..., None]:
        """The callback, guarded by a generation counter: it does nothing once `invalidate` was called. A method does
        nothing once its widget is deleted."""
        generation, owner = self._generation, getattr(callback, "__self__", None)

        def call(*found: Any) -> None:
            if generation == self._generation and (not isinstance(owner, QObject) or isValid(owner)):
                callback(*found)

        return call

    def post_each(self, calls: Iterable[Callable[[], object]], still: Callable[[], bool]) -> None:
        """Queue many small calls for the window's thread, which handles other events between them, as long as `still`
        returns true."""
        for call in calls:
            self.post(self.guarded(lambda call=call: call() if still() else None))

    def run(self, work: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        """Run `work` on a thread, then `done` with its result or `failed` with its error in the window's thread."""
        on_error = self.guarded(failed) if failed is not None else None
        self._tasks.put(partial(self._work, work, self.guarded(done), on_error))

    def close(self) -> None:
        """Stop the timer and the threads; nothing is called any more."""
        self._timer.stop()
        self._inbox.clear()
        for _thread in range(THREADS):
            self._tasks.put(None)

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()

    def _work(self, work: Callable[[], Any], done: Done, failed: Failed | None) -> None:
        try:
            found = work()
        except AppError as error:
            self.post(lambda error=error: self.report(error, failed))  # type: ignore[misc]
        except Exception as error:
            log.exception("work of the window")
            self.post(lambda error=error: self.report(bug(error), failed))  # type: ignore[misc]
        else:
            self.post(lambda: done(found))

    def report(self, error: AppError, failed: Failed | None) -> None:
        """Pass an error to its handler, or emit `failed` where there is none."""
        if failed is not None:
            failed(error)
        else:
            self.failed.emit(error)

    def _drain(self) -> None:
        end = time.perf_counter() + TIME_SLICE
        for _n in range(len(self._inbox)):
            self._inbox.popleft()()
            if time.perf_counter() > end:
                break
        self._timer.setInterval(0 if self._inbox else POLL_INTERVAL)
