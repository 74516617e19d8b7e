"""A program that is killed at its n-th step: at a commit of the journal, or around a write to the school.

Runs in a child process: nothing here touches the tests' own.
"""

import multiprocessing
import os
import select
import signal
import threading
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from lwdesk.api import wire
from lwdesk.app.exporting import exports, workbook
from lwdesk.app.importing import imports
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job import again, history, results, undo
from lwdesk.app.settings import Settings
from lwdesk.base import paths
from lwdesk.base.paths import Home
from lwdesk.jobs.file import JobFile
from lwdesk.sheets import write_xlsx
from tests import fast
from tests.app import desk

# One clean process that has loaded everything, and forks a child in milliseconds.
_WAY = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_CONTEXT = multiprocessing.get_context(_WAY)
if _WAY == "forkserver":
    _CONTEXT.set_forkserver_preload([__name__])


def run(work, at=0):
    """Do `work` (function, arguments) in a child that is killed at step `at`. Returns (steps counted, was killed).

    Steps are: before and after each commit of the journal; for each write to the school before it leaves, when its
    answer waits to be read, and when it was read; and before a file is put in its place. For exports, pages count
    as writes do, and so does each sheet of the workbook before it is begun.
    """
    steps = _CONTEXT.Value("i", 0, lock=False)  # a lock would die locked
    child = _CONTEXT.Process(target=_counted, args=(*work, at, steps))
    child.start()
    child.join(30)
    assert child.exitcode in (0, -signal.SIGKILL), f"exit code {child.exitcode}"
    return steps.value, child.exitcode != 0


def _counted(function, arguments, at, steps):
    mutex = threading.Lock()

    def tick():
        with mutex:
            steps.value += 1
            if steps.value == at:
                os.kill(os.getpid(), signal.SIGKILL)

    with _watched(tick, reads=function is exporting):
        function(*arguments)


@contextmanager
def _watched(tick, reads):
    writing, send, getresponse = JobFile.writing, wire.Wire.send, wire._Watched.getresponse
    publish, sheet, quiet = paths._publish, write_xlsx.Writer.sheet, () if reads else ("GET",)

    @contextmanager
    def ticking(self, *, durable=False):
        outer = not self._db.in_transaction
        with writing(self, durable=durable):
            yield
            if outer:
                tick()  # the change is not yet committed
        if outer:
            tick()  # it is

    def sending(self, method, url, *rest):
        if method in quiet:
            return send(self, method, url, *rest)
        tick()  # nothing has left yet
        reply = send(self, method, url, *rest)
        tick()  # the answer was read and means nothing yet
        return reply

    def receiving(self, *args):
        if self._method not in quiet:
            select.select([self.sock], [], [], 10)
            tick()  # the school has done its work; its answer waits to be read
        return getresponse(self, *args)

    def writing_sheet(*args):
        tick()  # the sheets before it are written, under another name
        sheet(*args)

    def publishing(*args):
        tick()  # the file is written, under another name
        publish(*args)

    with (
        patch.object(paths, "_publish", publishing),
        patch.object(write_xlsx.Writer, "sheet", writing_sheet),
        patch.object(JobFile, "writing", ticking),
        patch.object(wire.Wire, "send", sending),
        patch.object(wire._Watched, "getresponse", receiving),
    ):
        yield


# What is done in the child: each is given the home, the credentials, and its own arguments --------------------------


def importing(home, credentials, path, operation, workers):
    """Import a workbook from end to end, results included."""
    home = Home(Path(home))
    session = desk.connect(credentials, home)
    opened = imports.open_for(session, Path(path), [operation], Choices(), Settings(home))
    journal = imports.create(home, opened, session)
    imports.plan(journal, session)
    imports.engine(journal, session, clock=fast.CLOCK, workers=workers).run()
    results.write(journal, Path(path).with_name("results.xlsx"))


def resuming(home, credentials, job, workers):
    """Go on with a job."""
    home = Home(Path(home))
    session, journal = desk.connect(credentials, home), history.find(home, job)
    again.resume(journal, session)
    again.engine(journal, session, clock=fast.CLOCK, workers=workers).run()


def undoing(home, credentials, job, workers):
    """Undo a job."""
    home = Home(Path(home))
    session = desk.connect(credentials, home)
    journal, _plan = undo.create(home, history.find(home, job), session)
    again.engine(journal, session, clock=fast.CLOCK, workers=workers).run()


def exporting(home, credentials, export, target, job="", workers=2):
    """Export a list from end to end, or go on with the job of one."""
    home = Home(Path(home))
    session = desk.connect(credentials, home)
    journal = history.find(home, job) if job else exports.create(home, export, {}, session, Path(target))
    exports.engine(journal, session, clock=fast.CLOCK, workers=workers).run()
    workbook.write(journal, Path(target))
