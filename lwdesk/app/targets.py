"""Output files: none replaces another without consent."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lwdesk.base.errors import AlreadyThere
from lwdesk.base.paths import digest_of, free_name
from lwdesk.base.text import _, listing

if TYPE_CHECKING:  # commands that only list things start without the engine
    from lwdesk.jobs.journal import Journal


def check_free(paths: Iterable[Path], hint: str) -> None:
    """Raises AlreadyThere, with this hint, where one of the files exists."""
    if there := [path for path in paths if path.exists()]:
        raise AlreadyThere(
            _("{name} already exists").format(name=listing([path.name for path in there])),
            _("It was not replaced"),
            hint,
        )


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """What the files hold that exist: these may be replaced as long as they are not changed."""
    return {str(path.absolute()): digest_of(path) for path in paths if path.exists()}


def place_for(journal: "Journal", paths: Sequence[Path]) -> tuple[Path, list[str]]:
    """Where the first of these files of a job goes, and what to say of it: its own name, or a free one where another
    file was created there since the user agreed to the job."""
    known = journal.get("replaces") or {}
    for path in paths:
        if path.exists() and known.get(str(path.absolute())) != digest_of(path):
            words = _("{name} was created or changed meanwhile, so it was not replaced")
            return free_name(paths[0]), [words.format(name=path.name)]
    return paths[0], []


def remember(journal: "Journal", paths: Iterable[Path]) -> None:
    """From now on the job may replace these files that it wrote itself, unless they change."""
    journal.put(replaces={**(journal.get("replaces") or {}), **digests(paths)})
