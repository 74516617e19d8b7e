"""Which of many texts came before, in little memory."""

import sqlite3

# So many are kept in memory; more are in a temporary file.
MOST = 20_000


class Seen:
    """The texts that were added. Used by one thread at a time."""

    def __init__(self) -> None:
        self._few: set[str] = set()
        self._db: sqlite3.Connection | None = None

    def __enter__(self) -> "Seen":
        return self

    def __exit__(self, *_error: object) -> None:
        self.clear()

    def add(self, text: str) -> bool:
        """Add a text. Returns whether it is new."""
        if self._db is None:
            before = len(self._few)
            self._few.add(text)
            if len(self._few) > MOST:
                self._db = _table(self._few)
                self._few = set()
            return self._db is not None or len(self._few) > before
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (text,)).rowcount == 1

    def clear(self) -> None:
        """Forget all texts."""
        self._few.clear()
        if self._db is not None:
            self._db.close()
            self._db = None


def _table(texts: set[str]) -> sqlite3.Connection:
    """A database in a file that nobody sees and that is gone when it is closed."""
    db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA cache_size = -8000")  # kB
    db.execute("CREATE TABLE seen (text TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("BEGIN")
    db.executemany("INSERT INTO seen VALUES (?)", ((text,) for text in texts))
    return db
