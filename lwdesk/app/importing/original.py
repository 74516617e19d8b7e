"""The file that a job was made from: where the user keeps it, or the copy in the job."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lwdesk.base.errors import UserError
from lwdesk.base.paths import digest_of, temporary_folder
from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal


@contextmanager
def original(journal: Journal, path: Path) -> Iterator[Path]:
    """The file of a job as it was read, while the block runs: `path`, where it is unchanged, else the job's copy.

    Raises UserError where there is no copy, as of a file with passwords.
    """
    if path.is_file() and journal.get("digest") == digest_of(path):
        yield path
    elif (kept := journal.upload()) is not None:
        with temporary_folder() as folder:
            copy = folder / kept[0]
            copy.write_bytes(kept[1])
            yield copy
    else:
        raise UserError(
            _("{name} was changed or moved after this job").format(name=path.name),
            _("You can fix this job's rows only while its original file is unchanged"),
            _("Import the file again: rows that are up to date are skipped"),
        )
