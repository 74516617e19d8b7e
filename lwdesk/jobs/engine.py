"""The engine: worker threads that send the calls of a journal.

A port knows what a call means. The engine knows the order, the retries, and what to do when an answer was lost: each
state is written before and after the request, and a call whose answer was lost is looked up before it is repeated.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from lwdesk.base.errors import ApiError, AppError, Denied, Unavailable
from lwdesk.base.text import N_, _
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.queue import Clock, Queue
from lwdesk.jobs.states import (
    CANCELLED,
    DONE,
    FAILED,
    FINISHED,
    INTERRUPTED,
    OUTCOMES,
    READY,
    RUNNING,
    SENDING,
    SKIPPED,
    UNCHANGED,
    UNSURE,
    Call,
    End,
    Taken,
)

log = logging.getLogger(__name__)

# Worker threads: a school answers in one to two seconds and takes three calls a second.
WORKERS = 6
# Seconds that a school may be unreachable before the job is interrupted.
PATIENCE = 60
# Seconds that the service may need until its other calls know something just created.
FRESH = 30
# Attempts of one call that may have been processed.
MOST_TRIES = 3
# Seconds before a call whose answer was lost is looked up or sent again: the school may still be processing it.
SETTLING = 2
# Polling a call that the school processes in its own queue: seconds between two polls, at first and at most; timeout.
SOON, SELDOM, LONGEST = 2, 30, 600


class Port(Protocol):
    """What the engine needs from the code that knows the calls."""

    def send(self, call: Call, leaving: Callable[[], None]) -> End | Taken:
        """Send the call; `leaving` is called right before the request leaves this computer.

        Returns Taken where the school processes it in its own queue. Raises ApiError (the school refused), Unavailable
        (`sent` tells whether it may have been processed), or Denied and other AppErrors that a retry can't fix (the
        job is interrupted).
        """

    def look(self, call: Call) -> End | None:
        """Look up in the school whether a call was processed: its outcome, or None where it was not.

        A call that the school took into its queue is polled by its ticket; None where it is still being processed.
        """

    def refused(self, call: Call, error: ApiError) -> End:
        """The outcome of a refused call: mostly failed, sometimes already up to date."""

    def waiting(self, error: AppError, seconds: float) -> None:
        """Tell the user that the call is retried in so many seconds, after this error."""

    def partial(self, call: Call) -> bool:
        """Whether a call can be sent although some of the calls it needs failed: it skips their part itself."""

    def further(self) -> bool:
        """Plan the calls that can only be planned when all others have ended. Returns whether there are any."""

    def run_ended(self) -> None:
        """Called when a run has ended, before the job's state says so: delete what must not outlive the run."""


class Engine:
    """Runs one job until it ends or is stopped."""

    def __init__(self, journal: Journal, port: Port, *, workers: int = WORKERS, clock: Clock | None = None):
        self.journal, self.port, self.workers = journal, port, workers
        self.clock = clock or Clock()
        self.stopping = threading.Event()
        self._queue = Queue(journal, self.clock)
        self._down_since: float | None = None
        self._reason = ""
        self._crash: BaseException | None = None

    def stop(self, reason: str = "") -> None:
        """Stop once the requests in flight are answered. The job can be resumed. `reason` is marked for translation:
        the journal keeps it in English, and shows it in the language that is chosen then."""
        if not self.stopping.is_set():
            self._reason = reason or N_("Stopped by you.")
            self.stopping.set()
        self._queue.stop()

    def cancel(self) -> None:
        """Stop, and skip what was not sent."""
        self.journal.put(cancel=True)
        self.stop()

    def run(self) -> str:
        """Send the open calls. Returns the job's state: finished, interrupted or cancelled.

        Raises UserError when another program runs the job. The journal's `reason` says why it was interrupted.
        """
        with self.journal.held():
            self.journal.put(state=RUNNING, reason="")
            self.journal.reopen_taken(self.clock.now())
            self._send_all()
            while not self.stopping.is_set() and self.port.further():
                self._send_all()
            return self._finish()

    def _send_all(self) -> None:
        """Send the open calls, and those that they lead to."""
        with ThreadPoolExecutor(self.workers, thread_name_prefix="lwdesk") as pool:
            for _worker in range(self.workers):
                pool.submit(self._work)
            try:
                self._queue.wait_until_empty()
            except KeyboardInterrupt:
                self.stop()

    def _finish(self) -> str:
        if self._crash is not None:
            self.journal.put(state=INTERRUPTED, reason=N_("lwdesk stopped because of an internal error."))
            raise self._crash
        if self.journal.get("cancel"):
            self.journal.skip_rest(_("Canceled before it was sent."), self.clock.now())
        self.port.run_ended()
        open_calls = self.journal.call_counts().keys() - set(OUTCOMES)
        cancelled = self.journal.get("cancel")
        if not open_calls and not cancelled and self.journal.taken_calls():
            self._reason = N_("LearnWorlds is still working on part of this. Resume later to see the result.")
            open_calls = {UNSURE}
        state = INTERRUPTED if open_calls else CANCELLED if cancelled else FINISHED
        self.journal.put(state=state, reason=self._reason if state == INTERRUPTED else "")
        return state

    def _work(self) -> None:
        while (call := self._queue.next()) is not None:
            try:
                self._carry(call)
            except AppError as error:
                self.stop(str(error))
            except BaseException as error:
                log.exception("worker")
                self._crash = error
                self.stop()
            finally:
                self._queue.finished(call)

    def _carry(self, call: Call) -> None:
        if (blocked := self._blocked(call)) is not None:
            self._end(call, blocked)
        elif call.state == READY:
            self._send(call)
        elif call.answer:
            self._look_up(call, _("LearnWorlds has started this."))
        else:
            if not call.message:  # left by an earlier run, whose tries don't count in this one
                call.tries, call.message = 1, _("lwdesk closed before LearnWorlds answered.")
            self._recover_lost(call, call.message)

    def _blocked(self, call: Call) -> End | None:
        for first, (state, _ended) in self.journal.states_of(call.needs).items():
            if state not in (DONE, UNCHANGED) and not self.port.partial(call):
                why = self.journal.call(first).message
                return End(SKIPPED, _("An earlier step for this row failed: {why}").format(why=why))
        return None

    def _send(self, call: Call) -> None:
        left = False

        def leaving() -> None:
            nonlocal left
            if not left:  # a request that is refused for its pace leaves again; once is enough to know
                self.journal.about_to_send(call.id, self.clock.now())
                left, call.state, call.tries = True, SENDING, call.tries + 1
                call.sent = self.clock.now()

        try:
            end = self.port.send(call, leaving)
        except Unavailable as error:
            if error.sent:
                self._recover_lost(call, str(error))
            else:
                self._retry_later(call, error)
        except Denied as error:  # may be over in a moment: programs can end each other's tokens
            self._retry_later(call, error)
        except ApiError as error:
            self._refused(call, error)
        except AppError:
            if not left:
                self.journal.again(call.id, 0)
            raise
        else:
            if isinstance(end, Taken):
                self.journal.taken(call.id, end.ticket)
                call.answer = end.ticket
                self._poll_later(call)
            else:
                self._end(call, end)

    def _refused(self, call: Call, error: ApiError) -> None:
        try:
            end = self.port.refused(call, error)
        except (Unavailable, Denied) as lost:  # what the refusal means could not be looked up
            call.message = str(error)
            self._retry_later(call, lost, lost=True)
        else:
            if end.outcome != FAILED or not self._too_fresh(call, error):
                self._end(call, end)

    def _poll_later(self, call: Call) -> None:
        """Poll a call that the school processes, less and less often, until the timeout."""
        self._down_since = None
        age = self.clock.now() - (call.sent or 0)
        if age > LONGEST:
            text = _(
                "LearnWorlds started this but hadn't confirmed it after {n} minutes. It may still be done: resume"
                " the job later. lwdesk then checks again and sends nothing twice."
            )
            self._end(call, End(UNSURE, text.format(n=LONGEST // 60), answer=call.answer))
        else:
            call.due = self.clock.now() + min(max(age, SOON), SELDOM)
            self._queue.requeue(call)

    def _end(self, call: Call, end: End) -> None:
        self._down_since = None
        self.journal.ended(call.id, end, self.clock.now())

    def _retry_later(self, call: Call, error: AppError, *, lost: bool = False) -> None:
        """Retry later, because the school was unreachable or denied access; interrupt the job after a while.

        `lost`: the answer of this call was lost, so it is looked up later. Any other call was certainly not sent.
        """
        now = self.clock.now()
        self._down_since = self._down_since or now
        down = now - self._down_since
        if self.stopping.is_set() or down > PATIENCE:
            if not lost:
                self.journal.again(call.id, 0)
            raise error
        wait = max(2.0, down)
        self.port.waiting(error, wait)
        if lost:
            call.due = now + wait
            self._queue.requeue(call)
        else:
            self._retry(call, wait)

    def _too_fresh(self, call: Call, error: ApiError) -> bool:
        """Whether a refusal came because the school does not know something just created yet; then retry."""
        ends = [ended for _state, ended in self.journal.states_of(call.needs).values() if ended]
        age = self.clock.now() - max(ends, default=0)
        if error.status not in (400, 404) or not ends or not 0 <= age <= FRESH:  # below 0: set back
            return False
        self._retry(call, max(1.0, age))
        return True

    def _retry(self, call: Call, wait: float) -> None:
        """Send a call again that was certainly not processed."""
        call.tries -= call.state == SENDING
        call.state, call.due = READY, self.clock.now() + wait
        self.journal.again(call.id, call.due)
        self._queue.requeue(call)

    def _recover_lost(self, call: Call, why: str) -> None:
        """Handle a lost answer: look up what became of the call, and repeat it only where that is safe."""
        self.clock.wait(self.stopping, SETTLING)
        if self.stopping.is_set():
            return  # it stays "sending" in the journal, and is settled when the job is resumed
        if call.repeat == "safe" and call.tries < MOST_TRIES:
            self._send(call)
        else:
            self._look_up(call, why)

    def _look_up(self, call: Call, why: str) -> None:
        """Look up a call whose answer was lost, and end, poll or repeat it."""
        call.message = why
        try:
            end = self.port.look(call)
        except (Unavailable, Denied) as error:
            self._retry_later(call, error, lost=True)
        except ApiError as error:
            text = _(
                "{why} We can't tell whether LearnWorlds did this: {error} Check there before you retry."
            )
            self._end(call, End(UNSURE, text.format(why=why, error=error)))
        else:
            if end is not None:
                self._end(call, end)
            elif call.answer:
                self._poll_later(call)
            elif call.repeat == "look" and call.tries < MOST_TRIES:
                self._send(call)
            else:
                text = _("{why} lwdesk checked: LearnWorlds didn't do it. Retry to send it again.")
                self._end(call, End(FAILED, text.format(why=why)))
