"""The SQLite file of a job: transactions, a lock against other programs, errors as UserError."""

import contextlib
import sqlite3
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lwdesk.base.errors import Bug, UserError
from lwdesk.base.paths import make_private
from lwdesk.base.text import _

# SQL that leads from each version of the tables (and of the JSON in them) to the next: the first from 1 to 2. A change
# that an lwdesk already out there could not read adds one here, beside its change of schema.sql.
UPGRADES: list[str] = [
    """CREATE TABLE name (
        listing TEXT NOT NULL, id TEXT NOT NULL, asked INTEGER NOT NULL DEFAULT 0, fields BLOB,
        PRIMARY KEY (listing, id)
    ) WITHOUT ROWID;
    CREATE INDEX name_open ON name (listing, asked) WHERE fields IS NULL""",
    """CREATE TABLE file (
        id TEXT PRIMARY KEY, call INTEGER NOT NULL UNIQUE, name TEXT, key TEXT UNIQUE,
        size INTEGER, changed INTEGER, digest TEXT
    ) WITHOUT ROWID""",
]


def version() -> int:
    """The version of the tables that this lwdesk writes."""
    return 1 + len(UPGRADES)


class JobFile:
    """One SQLite file, open for reading and writing from any thread of this process; one program runs it at a time.

    Every method raises UserError where the disk is full or the file is damaged.
    """

    def __init__(self, path: Path, *, create: bool = False):
        """Open the file, or make it; one of an older version is brought up to this one.

        Raises UserError for a file that is not there, not a journal, or of a version that is not known.
        """
        if not create and not path.exists():
            raise UserError(_("There is no job “{job}”").format(job=path.stem), "", _("See: lwdesk jobs"))
        self.path = path
        self._mutex = threading.RLock()
        self._lock = FileLock(f"{path}.lock", mode=0o600)
        self._kept = False
        with self._spoken():
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for suffix in ("", "-wal", "-shm", ".lock"):  # new ones take after the first
            make_private(path.with_name(path.name + suffix))
        try:
            with self._spoken():
                self._db.execute("PRAGMA busy_timeout = 10000")
                if create:
                    self._db.execute("PRAGMA journal_mode = WAL")
                    self._upgrade(files("lwdesk.jobs").joinpath("schema.sql").read_text("utf-8"), version())
                self._check_version()
                self._db.execute("PRAGMA synchronous = NORMAL")
        except UserError:
            self._db.close()
            raise

    def _check_version(self) -> None:
        found = self._version()
        if found > version():
            title = _("Job {job} was created by a newer version of lwdesk").format(job=self.id)
            raise UserError(title, "", _("Update lwdesk to open it"))
        self._db.execute("SELECT value FROM meta LIMIT 1")
        if not found:
            title = _("Job {job} was created by a trial version of lwdesk").format(job=self.id)
            raise UserError(title, "", _("It can't be opened any more. Start again from your file"))
        if found < version():
            with self.held():
                for n in range(self._version(), version()):  # another program may have been first
                    self._upgrade(UPGRADES[n - 1], n + 1)

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _upgrade(self, sql: str, to: int) -> None:
        """Run the statements as one: all of them, or none."""
        try:
            self._db.executescript(f"BEGIN IMMEDIATE; {sql}\n; PRAGMA user_version = {to}; COMMIT")
        except sqlite3.DatabaseError:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    @property
    def id(self) -> str:
        return self.path.stem

    def close(self) -> None:
        with self._mutex:
            self._db.close()

    def remove(self) -> None:
        """Close and delete the job.

        Windows keeps a file that is open, as in the table that shows the job: then it is marked as removed, which no
        list shows, and deleted later.
        """
        self.close()
        try:
            self.path.unlink(missing_ok=True)
        except PermissionError:
            with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as db:
                db.execute("DELETE FROM meta WHERE key IN ('kind', 'state')")
                db.execute("INSERT OR REPLACE INTO meta VALUES ('removed', 'true')")
            return
        for path in self.path.parent.glob(f"{self.path.name}*"):
            with contextlib.suppress(PermissionError):  # a lock that is held
                path.unlink(missing_ok=True)

    def remove_lock(self) -> None:
        """Delete the lock that `remove` left where it was held, as Windows keeps it then."""
        if not self.path.exists():
            with contextlib.suppress(PermissionError):
                self.path.with_name(f"{self.path.name}.lock").unlink(missing_ok=True)

    @contextlib.contextmanager
    def _spoken(self) -> Iterator[None]:
        """What the database says goes wrong, as a UserError."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            hint = _("Free some space, and check that you can save in this folder: {folder}")
            if "malformed" in str(error) or "not a database" in str(error) or "no such " in str(error):
                hint = _("It's damaged, or wasn't created by lwdesk")
            raise UserError(
                _("Can't use the job file {name}").format(name=self.path.name),
                str(error),
                hint.format(folder=self.path.parent),
            ) from error

    @contextlib.contextmanager
    def held(self, wait: float = 0) -> Iterator[None]:
        """While the block runs, nothing else may run or change this job. Waits so many seconds for others.

        Raises UserError when the job is taken for longer.
        """
        if self._kept:
            yield
            return
        self._acquire(self._lock, wait)
        try:
            yield
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def kept(self, wait: float = 0) -> Iterator[None]:
        """As `held`, for all threads that use this object: they may call `held` meanwhile."""
        lock = FileLock(f"{self.path}.lock", mode=0o600, thread_local=False)
        self._acquire(lock, wait)
        self._kept = True
        try:
            yield
        finally:
            self._kept = False
            lock.release()

    def _acquire(self, lock: FileLock, wait: float) -> None:
        try:
            lock.acquire(timeout=wait, poll_interval=0.02)
        except Timeout as error:
            hint = _("Wait until it is done, or stop it there")
            raise UserError(_("Job {job} is already running").format(job=self.id), "", hint) from error

    def hold(self) -> Callable[[], None] | None:
        """Lock the job beyond this object and thread. Returns what releases it, which the end of the process does too;
        None where something else has it."""
        lock = FileLock(f"{self.path}.lock", mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
        return lock.release

    @property
    def busy(self) -> bool:
        """Whether something else runs this job now, lets it wait for its turn, or has it open as a draft."""
        try:
            with self._lock.acquire(timeout=0):
                return False
        except Timeout:
            return True

    @contextlib.contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[None]:
        """One transaction; `durable`: on the disk when the block ends, power cut or not. Nested blocks join it."""
        with self._mutex, self._spoken():
            nested = self._db.in_transaction
            if nested:
                yield
                return
            if durable:
                self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # some errors end it by themselves
                    self._db.execute("ROLLBACK")
                raise
            finally:
                if durable:
                    self._db.execute("PRAGMA synchronous = NORMAL")

    def _do(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """One statement, which is a transaction of its own unless one is open."""
        with self._mutex, self._spoken():
            return self._db.execute(sql, values)

    def _do_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with self.writing():
            self._db.executemany(sql, rows)

    def _change_one(self, sql: str, *values: Any) -> None:
        """A statement that must find its call as it expects it. Raises Bug where it does not."""
        if self._do(sql, *values).rowcount != 1:
            raise Bug(f"{self.id}: no call is in the state for {sql!r}")

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self._mutex, self._spoken():
            return self._db.execute(sql, values).fetchall()

    def register(self, name: str, function: Callable[..., Any], arguments: int) -> None:
        """Let queries on this connection call a function, which returns the same for the same arguments."""
        with self._mutex, self._spoken():
            self._db.create_function(name, arguments, function, deterministic=True)

    def numbers(self, sql: str, *values: Any) -> "array[int]":
        """All numbers of a query. However many there are, no other thread waits: no line of Python runs for each."""
        with self._mutex, self._spoken():
            return array("q", chain.from_iterable(self._db.execute(sql, values)))

    def stream(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows of a long query, a few thousand at a time, read on a connection of its own."""
        reading = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)
        with self._spoken(), contextlib.closing(reading) as db:
            found = db.execute(sql, values)
            while rows := found.fetchmany(2000):
                yield from rows

    def _shrink(self) -> None:
        """Rewrite the file: deleted values would remain in free pages and in the write-ahead log."""
        with self._mutex, self._spoken():
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
