"""A JSON file of the home folder that several programs read and change."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from filelock import FileLock

from lwdesk.base.paths import Home, make_private, read_whole, written_whole

Data = TypeVar("Data")


class JsonFile:
    """One program at a time changes the file, and every change is written whole: none is lost."""

    def __init__(self, home: Home, name: str):
        self._home, self.path = home, home.root / name

    def read(self) -> object:
        """The data in it, None where there is no file. Raises OSError and ValueError where it can't be read."""
        try:
            return json.loads(read_whole(self.path))
        except FileNotFoundError:
            return None

    @contextmanager
    def changing(self, load: Callable[[], Data]) -> Iterator[Data]:
        """The data that `load` returns, written when the block ends well. Raises UserError where that fails."""
        self._home.folder(".")
        with FileLock(self.path.with_suffix(".lock"), mode=0o600):
            yield (data := load())
            with written_whole(self.path) as temporary:
                text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
                temporary.write_text(text, "utf-8")
            make_private(self.path)
