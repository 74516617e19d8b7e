"""Output files: where they go, what they may be; none replaces another without consent."""

from collections.abc import Callable, Collection, Iterable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from lwdesk.base.errors import AlreadyThere
from lwdesk.base.file_names import safe_name
from lwdesk.base.paths import digest_of, free_name
from lwdesk.base.text import _, listing
from lwdesk.catalog.export_model import Export
from lwdesk.sheets.write import PAGES, SUFFIXES

if TYPE_CHECKING:  # commands that only list things start without the engine
    from lwdesk.jobs.journal import Journal


def check_free(paths: Iterable[Path], hint: str, agreed: Collection[str] = ()) -> None:
    """Raises AlreadyThere, with this hint, where one of the files exists that the user has not `agreed` to replace."""
    if there := [path for path in paths if path.exists() and str(path) not in agreed]:
        raise AlreadyThere(
            _("{name} already exists").format(name=listing([path.name for path in there])),
            _("It wasn't replaced"),
            hint,
            paths=tuple(map(str, there)),
        )


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """What the files hold that exist: these may be replaced as long as they are not changed."""
    return {str(path.absolute()): digest_of(path) for path in paths if path.exists()}


def free_for(target: Path, files_of: Callable[[Path], Iterable[Path]]) -> Path:
    """The target, or the first `name (2)` ... of which none of its files exists."""
    return free_name(target, lambda candidate: any(path.exists() for path in files_of(candidate)))


def place_for(
    journal: "Journal", target: Path, files_of: Callable[[Path], Iterable[Path]] = lambda path: [path]
) -> tuple[Path, list[str]]:
    """Where the target of a job goes with all its files, and what to say of it: its own name, or a free one where
    another file was created there since the user agreed to the job."""
    known = journal.get("replaces") or {}
    for path in files_of(target):
        if path.exists() and known.get(str(path.absolute())) != digest_of(path):
            words = _("{name} was created or changed in the meantime, so it wasn't replaced")
            return free_for(target, files_of), [words.format(name=path.name)]
    return target, []


def remember(journal: "Journal", paths: Iterable[Path]) -> None:
    """From now on the job may replace these files that it wrote itself, unless they change."""
    journal.put(replaces={**(journal.get("replaces") or {}), **digests(paths)})


def suffixes_of(entry: Export) -> tuple[str, ...]:
    """The endings of the files that an export can be."""
    return PAGES if entry.pages else SUFFIXES


def folder_beside(target: Path) -> Path:
    """The folder for the files of a workbook."""
    return target.with_name(safe_name([_("{name} files").format(name=target.stem)]))


def free_folder(folder: Path) -> Path:
    """The folder itself, or the first `folder (2)`, `folder (3)` ... that does not exist."""
    candidates = (folder.with_name(f"{folder.name} ({n})") for n in count(2))
    return folder if not folder.exists() else next(one for one in candidates if not one.exists())
