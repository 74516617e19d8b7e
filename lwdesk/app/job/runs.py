"""The runner of jobs: one at a time per school, others are queued."""

import logging
import threading
from collections import deque
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from lwdesk.api.limiter import Stopped
from lwdesk.app.exporting import saved_runs
from lwdesk.app.job import again, history, results_file
from lwdesk.app.job.duplicates import refuse_second
from lwdesk.app.job.lost_calls import cancel_rest
from lwdesk.app.job.status import RunnerStatus
from lwdesk.app.school.connections import PRACTICE, Connections
from lwdesk.app.school.session import Session
from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import N_, _
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CANCELLED, DRAFT, FINISHED, INTERRUPTED

log = logging.getLogger(__name__)

# Seconds that a start waits for an edit of the same job.
_PATIENCE = 1


class _QueuedJob:
    """A job from its start to its end: its journal is open, and locked so that nothing else runs or changes it."""

    def __init__(self, home: Home, job: str):
        """Raises UserError where the job is locked already."""
        self.id, self.journal, self._lock = job, history.find(home, job), ExitStack()
        try:
            self._lock.enter_context(self.journal.kept(_PATIENCE))
        except BaseException:
            self.journal.close()
            raise

    def unlock(self) -> None:
        """Let others change the job."""
        self._lock.close()

    def release(self) -> None:
        """Unlock the job and close its journal."""
        self.unlock()
        self.journal.close()


@dataclass(frozen=True)
class _Stop:
    """How a job is to stop: with its remaining calls skipped, or so that it can be resumed."""

    reason: str = N_("Stopped by you.")
    cancel: bool = False

    def apply(self, engine: Engine) -> None:
        """Stop the job's engine."""
        if self.cancel:
            engine.cancel()
        else:
            engine.stop(self.reason)


_CLOSED = _Stop(N_("The window was closed."))


@dataclass
class _SchoolQueue:
    """The queue of one school, its running job and that job's engine, once it is planned."""

    waiting: deque[_QueuedJob] = field(default_factory=deque)
    running: _QueuedJob | None = None
    ended: bool = False  # whether the running job has only its results to write
    engine: Engine | None = None
    stop: _Stop | None = None  # what the user wants of the running job; a plan in the making heeds it too

    @property
    def ids(self) -> list[str]:
        """The jobs that wait, in order."""
        return [job.id for job in self.waiting]

    def next(self) -> None:
        """Let the next job run, where one waits."""
        self.engine, self.ended, self.stop = None, False, None
        self.running = self.waiting.popleft() if self.waiting else None

    def take(self, job: str) -> _QueuedJob:
        """Take a job that waits out of the queue."""
        found = next(one for one in self.waiting if one.id == job)
        self.waiting.remove(found)
        return found

    def runs(self, job: str) -> bool:
        return self.running is not None and self.running.id == job

    def stop_running(self, stop: _Stop) -> None:
        """Stop the running job: at once, or as soon as it has an engine. A job that was cancelled stays so."""
        if self.stop is None or not self.stop.cancel:
            self.stop = stop
        if self.engine is not None:
            self.stop.apply(self.engine)


class Runs:
    """Starts and stops jobs. Thread-safe."""

    def __init__(self, home: Home, connections: Connections):
        self._home, self._connections = home, connections
        self._queues: dict[str, _SchoolQueue] = {}
        self._change = threading.Condition()

    def start(self, job: str) -> None:
        """Run a job as soon as its school is free; until it has ended, nothing else changes it.

        Raises UserError where its school is not known or is another one now, another job imports the same file, the job
        runs or waits already, or it was changed and not planned since.
        """
        with self._change:
            queues = self._queues.values()
            if any((queue.runs(job) and not queue.ended) or job in queue.ids for queue in queues):
                raise UserError(_("This job is already running"))
        queued = _QueuedJob(self._home, job)
        try:
            school = self._check(queued.journal)
        except BaseException:
            queued.release()
            raise
        with self._change:
            queue = self._queues.setdefault(school, _SchoolQueue())
            queue.waiting.append(queued)
            if queue.running is None:
                queue.next()
                threading.Thread(target=self._serve, args=(school, queue), name=f"runs {school}").start()

    def _check(self, journal: Journal) -> str:
        """The school of a job that may be started. Raises UserError as `start` does."""
        school = str(journal.get("school"))
        session, root = self._connections.session(school), journal.get("root")
        refuse_second(self._home, journal)
        if journal.get("kind") == "import" and journal.get("state") == DRAFT:
            raise UserError(
                _("This import was changed and not compared with your school since"),
                _("Nothing was sent"),
                _("Open it again, review what will be sent, then start it"),
            )
        if session.root != root and school != PRACTICE:  # that has another port at each start
            raise UserError(
                _("This job belongs to another school"),
                _("It belongs to {there}, not to {here}").format(there=root, here=session.root),
                _("Connect that school on the Schools page"),
            )
        return school

    def pause(self, job: str) -> None:
        """Stop a job once its requests in flight are answered; it can be resumed. A queued job leaves the queue."""
        self._stop(job, _Stop())

    def cancel(self, job: str) -> None:
        """Stop a job and skip what was not sent. Calls whose answer was lost are looked up in the school first.

        Raises AppError where that can't be done now: then the job stays as it is, and can be resumed.
        """
        if not self._stop(job, _Stop(cancel=True)):
            with closing(history.find(self._home, job)) as journal:
                with journal.held(_PATIENCE):
                    cancel_rest(journal, lambda: self._connections.session(journal.get("school")))
                _conclude(journal, CANCELLED, self._home)

    def move(self, job: str, place: int) -> None:
        """Move a queued job to another place of its queue; 0 is next."""
        with self._change:
            for queue in self._queues.values():
                if job in queue.ids:
                    queue.waiting.insert(place, queue.take(job))

    def status(self) -> RunnerStatus:
        """The current status."""
        with self._change:  # a job that ends meanwhile waits before it closes its journal
            queues = self._queues.items()
            waiting = [job for _school, queue in queues for job in queue.ids]
            running = {
                queue.running.id: self._progress(school, queue)
                for school, queue in queues
                if queue.running is not None
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
                while queue.waiting:
                    queue.waiting.popleft().release()
                queue.stop_running(_CLOSED)
            self._change.wait_for(lambda: not any(queue.running for queue in self._queues.values()), 15)

    def _progress(self, school: str, queue: _SchoolQueue) -> dict[str, Any]:
        engine, left = queue.engine, 0
        if engine is not None:
            left = engine.journal.requests_left()
        session = self._connections.session(school)
        seconds, waiting = session.seconds_for(left), session.client.waiting
        return {"school": school, "left": left, "seconds": seconds, "waiting": waiting}

    def _stop(self, job: str, stop: _Stop) -> bool:
        """Stop a running job, or take a queued one out of its queue. Returns whether nothing is left to do."""
        with self._change:
            for queue in self._queues.values():
                if job in queue.ids:
                    queue.take(job).release()
                    return not stop.cancel
                if queue.runs(job):
                    if not queue.ended:
                        queue.stop_running(stop)
                    return True
        return False

    def _serve(self, school: str, queue: _SchoolQueue) -> None:
        while (job := queue.running) is not None:
            try:
                self._run(job, school, queue)
            except Exception:  # the jobs that wait for this one go on
                log.exception("job %s", job.id)
            finally:
                with self._change:
                    queue.engine = None
                    job.release()
                    queue.next()
                    self._change.notify_all()

    def _run(self, job: _QueuedJob, school: str, queue: _SchoolQueue) -> None:
        journal = job.journal
        try:
            state = self._send(journal, school, queue)
            with self._change:
                queue.ended = True
                job.unlock()
            _conclude(journal, state, self._home)
        except AppError as error:
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
        try:
            again.resume(journal, session, lambda: queue.stop is not None)
        except Stopped:
            if queue.stop is None:
                raise
            return _stopped(journal, session, queue.stop)
        engine = again.engine(journal, session)
        with self._change:
            queue.engine = engine
            if queue.stop is not None:
                queue.stop.apply(engine)
            self._change.notify_all()
        return engine.run()


def _stopped(journal: Journal, session: Session, stop: _Stop) -> str:
    """End a job that was stopped while it was planned. Returns its state."""
    if stop.cancel:
        cancel_rest(journal, lambda: session)
        return CANCELLED
    journal.put(state=INTERRUPTED, reason=stop.reason)
    return INTERRUPTED


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
