"""The helper process of the window: it works, so that the window never does.

It answers questions, "part.method" with arguments, that come through a pipe, each on a thread of its own; those of
one lane one after the other. It ends when the pipe does, and stops running jobs in good order then.
"""

import gc
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lwdesk.base.errors import AppError, Bug
from lwdesk.base.paths import Home
from lwdesk.base.text import _

log = logging.getLogger("lwdesk.helper")


@dataclass(frozen=True)
class Question:
    """A request of the window: `name` is "part.method" of the desk. Requests of one lane are handled in order."""

    ticket: int
    name: str
    args: tuple[Any, ...] = ()
    lane: str = ""


GOODBYE = Question(0, "")


@dataclass(frozen=True)
class Reply:
    """The result of a request, or its error."""

    ticket: int
    value: Any = None
    error: AppError | None = None


@dataclass
class _Lanes:
    """Worker threads: one per lane, and a new one for each request without a lane."""

    answer: Callable[[Question], None]
    _queues: dict[str, "queue.SimpleQueue[Question]"] = field(default_factory=dict)

    def put(self, question: Question) -> None:
        if not question.lane:
            threading.Thread(target=self.answer, args=(question,), daemon=True).start()
            return
        if question.lane not in self._queues:
            waiting: queue.SimpleQueue[Question] = queue.SimpleQueue()
            self._queues[question.lane] = waiting
            threading.Thread(target=self._serve, args=(waiting,), daemon=True).start()
        self._queues[question.lane].put(question)

    def _serve(self, waiting: "queue.SimpleQueue[Question]") -> None:
        while True:
            self.answer(waiting.get())


def serve(pipe: Connection, root: str, language: str = "") -> None:
    """Handle requests until the pipe is closed. The main function of the process."""
    import signal

    from lwdesk.app.desk import Desk
    from lwdesk.base import log as logs
    from lwdesk.base.text import set_language

    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl+C in a terminal is for the window, which ends the pipe
    # Large sheets are many objects that live long: looking through them all for garbage is a tenth of the work.
    gc.set_threshold(50_000, 20, 50)
    set_language(language)
    home = Home(Path(root))
    logs.start(home.logs)
    desk, sending = Desk(home), threading.Lock()

    def answer(question: Question) -> None:
        reply = _reply(desk, question)
        with sending:
            _send(pipe, reply)

    lanes = _Lanes(answer)
    try:
        while (question := pipe.recv()) != GOODBYE:
            lanes.put(question)
    except (EOFError, OSError):
        log.info("the window is gone")
    finally:
        desk.close()


def _reply(desk: Any, question: Question) -> Reply:
    part, _dot, method = question.name.partition(".")
    try:
        return Reply(question.ticket, getattr(getattr(desk, part), method)(*question.args))
    except AppError as error:
        return Reply(question.ticket, error=error)
    except Exception as error:
        log.exception("%s", question.name)
        return Reply(question.ticket, error=bug(error))


def bug(error: BaseException) -> Bug:
    """An unexpected error, as a message for the user."""
    return Bug(
        _("Something went wrong in lwdesk"),
        f"{type(error).__name__}: {error}",
        _(
            "Nothing that was sent is lost. Try again. If it keeps happening, save a diagnostics file in Settings"
        ),
    )


def _send(pipe: Connection, reply: Reply) -> None:
    try:
        pipe.send(reply)
    except (BrokenPipeError, OSError):
        log.info("the window closed the connection")
