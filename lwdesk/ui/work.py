"""The window's client of the helper process: requests by name, answers through the bridge."""

import contextlib
import itertools
import multiprocessing
import queue
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from lwdesk.app.helper import GOODBYE, Question, Reply, serve
from lwdesk.base.errors import SecretNeeded, Unavailable
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.ui.bridge import Bridge, Done, Failed

# Takes the error, what asks again, and what reports the error.
Unlock = Callable[[SecretNeeded, Callable[[], None], Callable[[], None]], None]


class Work:
    """Sends requests to the helper process, which is started with the first one, and restarted if it dies."""

    def __init__(self, bridge: Bridge, home: Home, language: str = ""):
        self._bridge, self._home, self._language = bridge, home, language
        self._tickets = itertools.count(1)
        self._asked: dict[int, tuple[Question, Done, Failed | None]] = {}
        self.unlock: Unlock | None = None
        """Gets the errors about a secret that isn't known, with what to do once it is, or if it is not given."""
        self._pipe_of: dict[int, Connection] = {}
        self._outbox: queue.SimpleQueue[Question] = queue.SimpleQueue()
        self._pipe: Connection | None = None
        self._process: SpawnProcess | None = None
        self._mutex = threading.Lock()
        self._sender = threading.Thread(target=self._send_all, name="questions", daemon=True)
        self._sender.start()

    def ask(self, name: str, *args: Any, done: Done, failed: Failed | None = None, lane: str = "") -> None:
        """Call "part.method" of the desk in the helper process; then call `done` with the result or `failed` with the
        error in the window's thread. Requests of one `lane` are handled one after the other."""
        question = Question(next(self._tickets), name, args, lane)
        guarded = self._bridge.guarded
        self._ask(question, guarded(done), guarded(failed) if failed is not None else None)

    def _ask(self, question: Question, done: Done, failed: Failed | None) -> None:
        self._asked[question.ticket] = (question, done, failed)
        self._outbox.put(question)

    def _ask_again(self, question: Question, done: Done, failed: Failed | None) -> None:
        self._ask(replace(question, ticket=next(self._tickets)), done, failed)

    def set_language(self, language: str) -> None:
        """Set the language of the helper's messages."""
        self._language = language
        if self._process is not None:
            self.ask("words.set_language", language, done=lambda _none: None)

    @property
    def process(self) -> SpawnProcess | None:
        """The helper process, None before the first request."""
        return self._process

    def close(self, patience: float = 20) -> None:
        """Stop running jobs cleanly and end the helper process. Waits up to `patience` seconds."""
        self._outbox.put(GOODBYE)
        self._sender.join(patience)
        if self._process is not None:
            self._process.join(patience)

    def _send_all(self) -> None:
        while (question := self._outbox.get()) is not GOODBYE:
            with self._mutex:
                if not any(self._sent(question, restart) for restart in (False, True)):
                    self._bridge.post(partial(self._fail_pending, [question.ticket]))
        with self._mutex, contextlib.suppress(OSError):
            if self._pipe is not None:
                self._pipe.send(GOODBYE)

    def _sent(self, question: Question, restart: bool) -> bool:
        """Whether the request was sent. Its pipe is remembered before, because the answer may come at once."""
        try:
            pipe = self._ready(restart)
            self._pipe_of[question.ticket] = pipe
            pipe.send(question)
        except OSError:  # it died, or cannot be started
            return False
        return True

    def _ready(self, restart: bool) -> Connection:
        """The pipe to the helper, which runs."""
        if self._pipe is None or restart:
            spawn = multiprocessing.get_context("spawn")
            self._pipe, theirs = spawn.Pipe()
            args = (theirs, str(self._home.root), self._language)
            self._process = spawn.Process(target=serve, args=args, name="lwdesk helper", daemon=True)
            self._process.start()
            theirs.close()
            threading.Thread(target=self._receive, args=(self._pipe,), name="answers", daemon=True).start()
        return self._pipe

    def _receive(self, pipe: Connection) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                reply: Reply = pipe.recv()
                self._bridge.post(partial(self._deliver, reply))
        with self._mutex:  # not between the two writes of a question that is sent again to another helper
            if self._pipe is pipe:
                self._pipe = None
            lost = [ticket for ticket, asked in list(self._pipe_of.items()) if asked is pipe]
        self._bridge.post(partial(self._fail_pending, lost))

    def _deliver(self, reply: Reply) -> None:
        if reply.ticket not in self._asked:
            return  # given up already
        self._pipe_of.pop(reply.ticket, None)
        question, done, failed = self._asked.pop(reply.ticket)
        if isinstance(reply.error, SecretNeeded) and self.unlock is not None:
            again = partial(self._ask_again, question, done, failed)
            self.unlock(reply.error, again, partial(self._bridge.report, reply.error, failed))
        elif reply.error is not None:
            self._bridge.report(reply.error, failed)
        else:
            done(reply.value)

    def _fail_pending(self, lost: list[int]) -> None:
        """Fail the requests whose helper process died."""
        for ticket in lost:
            self._pipe_of.pop(ticket, None)
            if ticket in self._asked:  # else its answer was the last to come
                _question, _done, failed = self._asked.pop(ticket)
                self._bridge.report(_helper_died(), failed)


def _helper_died() -> Unavailable:
    return Unavailable(
        _("lwdesk stopped working in the background"),
        _("Everything that was sent is saved. Nothing is lost"),
        _("Try again; running jobs can be resumed on the Jobs page"),
    )
