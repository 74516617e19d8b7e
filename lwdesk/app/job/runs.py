"""The runner of jobs: one at a time per school, others are queued."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from lwdesk.app.exporting import saved_runs
from lwdesk.app.job import again, history, results_file
from lwdesk.app.job.duplicates import refuse_second
from lwdesk.app.job.status import RunnerStatus
from lwdesk.app.school.connections import PRACTICE, Connections
from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import N_, _
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CANCELLED, FINISHED, INTERRUPTED

log = logging.getLogger(__name__)


@dataclass
class _SchoolQueue:
    """The queue of one school and its running engine. Each job that waits is kept from other programs by its lock."""

    waiting: deque[str] = field(default_factory=deque)
    locks: dict[str, Callable[[], None]] = field(default_factory=dict)
    running: str = ""
    ended: bool = False  # whether the running job has only its results to write
    engine: Engine | None = None
    stopped: bool = False

    def add(self, job: str, hold: Callable[[], Callable[[], None]]) -> None:
        """Queue a job; `hold` locks it and returns what frees it again."""
        self.waiting.append(job)
        self.locks[job] = hold()

    def take(self, job: str = "") -> str:
        """Take a job out of the queue, the next one where none is named; "" where none waits."""
        if not self.waiting:
            return ""
        job = job or self.waiting[0]
        self.waiting.remove(job)
        self.locks.pop(job)()
        return job


class Runs:
    """Starts and stops jobs. Thread-safe."""

    def __init__(self, home: Home, connections: Connections):
        self._home, self._connections = home, connections
        self._queues: dict[str, _SchoolQueue] = {}
        self._change = threading.Condition()

    def start(self, job: str) -> None:
        """Run a job as soon as its school is free. Raises UserError where the school of the job is not known, is
        another one now, another job imports the same file, or the job runs already."""
        with closing(history.find(self._home, job)) as journal:
            school = str(journal.get("school"))
            session, root = self._connections.session(school), journal.get("root")
            refuse_second(self._home, journal)
            journal.put(queued=time.time())
            hold = journal.hold
        if session.root != root and school != PRACTICE:  # that has another port at each start
            raise UserError(
                _("This job belongs to another school"),
                _("It belongs to {there}, not to {here}").format(there=root, here=session.root),
                _("Connect that school on the Schools page"),
            )
        with self._change:
            queue = self._queues.setdefault(school, _SchoolQueue())
            if (job == queue.running and not queue.ended) or job in queue.waiting:
                raise UserError(_("This job is already running"))
            queue.add(job, hold)
            if not queue.running:
                queue.running = queue.take()
                threading.Thread(target=self._serve, args=(school, queue), name=f"runs {school}").start()

    def pause(self, job: str) -> None:
        """Stop a job once its requests in flight are answered; it can be resumed. A queued job leaves the queue."""
        self._stop(job, Engine.stop)

    def cancel(self, job: str) -> None:
        """Stop a job and skip what was not sent."""
        if not self._stop(job, Engine.cancel):
            with closing(history.find(self._home, job)) as journal:
                with journal.held():
                    journal.skip_rest(_("Canceled before it was sent."), time.time())
                    journal.put(cancel=True, state=CANCELLED)
                _conclude(journal, CANCELLED, self._home)

    def move(self, job: str, place: int) -> None:
        """Move a queued job to another place of its queue; 0 is next."""
        with self._change:
            for queue in self._queues.values():
                if job in queue.waiting:
                    queue.waiting.remove(job)
                    queue.waiting.insert(place, job)

    def status(self) -> RunnerStatus:
        """The current status."""
        with self._change:  # a job that ends meanwhile waits before it closes its journal
            queues = self._queues.items()
            waiting = [job for _school, queue in queues for job in queue.waiting]
            running = {
                queue.running: self._progress(school, queue) for school, queue in queues if queue.running
            }
        pace = {
            name: {
                "capacity": session.limiter.capacity,
                "resumes_in": session.limiter.resumes_in,
                "requests": session.client.requests,
                "waiting": session.client.waiting,
            }
            for name, session in self._connections.open().items()
        }
        return RunnerStatus(running, waiting, pace)

    def close(self) -> None:
        """Stop all jobs cleanly and wait for them."""
        with self._change:
            for queue in self._queues.values():
                while queue.take():
                    pass
                queue.stopped = True
                if queue.engine is not None:
                    queue.engine.stop(N_("The window was closed."))
            self._change.wait_for(lambda: not any(queue.running for queue in self._queues.values()), 15)

    def _progress(self, school: str, queue: _SchoolQueue) -> dict[str, Any]:
        engine, left = queue.engine, 0
        if engine is not None:
            left = engine.journal.requests_left()
        session = self._connections.session(school)
        seconds, waiting = session.seconds_for(left), session.client.waiting
        return {"school": school, "left": left, "seconds": seconds, "waiting": waiting}

    def _stop(self, job: str, how: Callable[[Engine], None]) -> bool:
        """Stop a running or queued job by `how`. Returns whether it was one."""
        with self._change:
            for queue in self._queues.values():
                if job in queue.waiting:
                    queue.take(job)
                    return how is not Engine.cancel
                if job == queue.running and queue.ended:
                    return True
                if job == queue.running:
                    self._change.wait_for(partial(_settled, queue), 10)
                    if queue.engine is not None:
                        how(queue.engine)
                    return True
        return False

    def _serve(self, school: str, queue: _SchoolQueue) -> None:
        while queue.running:
            try:
                self._run(school, queue)
            except Exception:  # the jobs that wait for this one go on
                log.exception("job %s", queue.running)
            finally:
                with self._change:
                    queue.engine, queue.ended = None, False
                    queue.running = queue.take()
                    self._change.notify_all()

    def _run(self, school: str, queue: _SchoolQueue) -> None:
        with closing(history.find(self._home, queue.running)) as journal:
            try:
                with journal.held():
                    state = self._send(journal, school, queue)
                with self._change:
                    queue.ended = True
                _conclude(journal, state, self._home)
            except AppError as error:
                if not journal.busy:  # another program runs it
                    journal.put(state=INTERRUPTED, reason=str(error))
            except Exception:
                journal.put(state=INTERRUPTED, reason=N_("lwdesk stopped because of an internal error."))
                raise
            finally:
                with self._change:
                    queue.engine = None
                self._connections.rest(school)

    def _send(self, journal: Journal, school: str, queue: _SchoolQueue) -> str:
        session = self._connections.session(school)
        again.resume(journal, session)
        engine = again.engine(journal, session)
        with self._change:
            queue.engine = engine
            if queue.stopped:
                engine.stop(N_("The window was closed."))
            self._change.notify_all()
        return engine.run()


def _settled(queue: _SchoolQueue) -> bool:
    """Whether the running job has an engine to stop, or has ended."""
    return queue.engine is not None or not queue.running


def _conclude(journal: Journal, state: str, home: Home) -> None:
    """Write the workbook of an export that has all its pages, or the results of an import or undo that has ended.

    One that was cancelled before anything was sent has none.
    """
    sent = journal.ask("SELECT count(*) FROM call WHERE tries > 0")[0][0]
    if journal.get("kind") != "export" and (state == FINISHED or (state == CANCELLED and sent)):
        try:
            results_file.written(journal, home)
        except (
            Exception
        ):  # it changes nothing of what was done; the window's button tries again, and says why
            log.exception("results of %s", journal.id)
    if journal.get("kind") != "export" or state != FINISHED:
        return
    written = saved_runs.conclude(journal, home)
    journal.put(written=[str(path) for path in written.paths], total=written.rows, notes=written.notes)
