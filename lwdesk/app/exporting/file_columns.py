"""The columns of a workbook with links to the files that were downloaded, and what is said of those that were not."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lwdesk.app.exporting.files import is_same
from lwdesk.app.exporting.spooled import MARK
from lwdesk.base.text import N_, _, listing, ngettext, number
from lwdesk.catalog.export_model import FILE, Export, Out
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, SKIPPED, File
from lwdesk.sheets.columns import Link

# Columns for the files of one row; names of files in a message.
MOST, _NAMED = 10, 5


def with_files(entry: Export, columns: list[Out], journal: Journal, target: Path) -> list[Out]:
    """The columns with those of the files after the first one that has their links, or before the ids."""
    if entry.files is None or not journal.get("files"):
        return columns
    places = [column.at for column in columns]
    after = next((places.index(place) + 1 for place in entry.files.links if place in places), None)
    if after is None:
        after = next((n for n, column in enumerate(columns) if column.is_id), len(columns))
    made = [_column(journal, target, n) for n in range(min(_most(journal), MOST))]
    return [*columns[:after], *made, *columns[after:]]


def _most(journal: Journal) -> int:
    """How many files the row with the most of them links to; at least 1."""
    return max((int(id.rpartition("|")[2]) + 1 for (id,) in journal.stream("SELECT id FROM file")), default=1)


def _column(journal: Journal, target: Path, n: int) -> Out:
    title = N_("File") if n == 0 else _("File {n}").format(n=n + 1)
    return Out(f"file.{n}", title, FILE, derive=_reader(journal, target, n))


def _reader(journal: Journal, target: Path, n: int) -> Callable[[Mapping[str, Any]], Any]:
    """Row -> the link to its file, or why it has none."""
    folder = Path(journal.get("files"))
    try:
        relative = Path(os.path.relpath(folder, target.absolute().parent)).as_posix()
    except ValueError:  # another drive of Windows
        relative = folder.as_posix()

    def read(row: Mapping[str, Any]) -> Link | str | None:
        found = journal.file(f"{row[MARK]}|{n}")
        if found is None:
            return None
        if found.state != DONE:
            return _("Not downloaded: {why}").format(why=_why(found.message))
        if not (folder / found.name).exists():
            return _("Deleted or moved since it was downloaded")
        return Link(found.name, f"{relative}/{found.name}")

    return read


def _why(message: str) -> str:
    return message.rstrip(".")


def missing_files(journal: Journal) -> list[str]:
    """Why files are missing that may be had another time, a sentence for each reason."""
    return list(_counted(journal, FAILED))


def _counted(journal: Journal, state: str) -> Iterator[str]:
    for message, n in journal.files_without(state):
        yield ngettext(
            "{n} file wasn't downloaded: {why}", "{n} files weren't downloaded: {why}", n, why=_why(message)
        )


def about_files(journal: Journal) -> list[tuple[str, Any]]:
    """How many files there are, and where, for the sheet about the workbook; none for a job without files."""
    if not journal.get("files"):
        return []
    counts = journal.file_counts()
    if not counts:
        return [(_("Files"), _("none"))]
    words = ngettext(
        "{there} of {n} file, in the folder “{folder}” next to this "
        "workbook. Keep the workbook and the folder together",
        "{there} of {n} files, in the folder “{folder}” next to this "
        "workbook. Keep the workbook and the folder together",
        sum(counts.values()),
        there=number(counts.get(DONE, 0)),
        folder=Path(journal.get("files")).name,
    )
    return [(_("Files"), words)]


def file_notes(journal: Journal) -> list[str]:
    """What the user should know of the files: which are no files or unsafe, and which changed since."""
    if not journal.get("files"):
        return []
    folder = Path(journal.get("files"))
    altered = [found for found in journal.files_there() if not is_same(folder / found.name, found)]
    gone = [found for found in altered if not (folder / found.name).exists()]
    changed = [found for found in altered if found not in gone]
    notes = list(_counted(journal, SKIPPED))
    if gone:
        notes.append(
            ngettext(
                "{n} file was deleted or moved since it was downloaded, and isn't downloaded again: {names}",
                "{n} files were deleted or moved since they were downloaded, and aren't downloaded again: {names}",
                len(gone),
                names=_names(gone),
            )
        )
    if changed:
        notes.append(
            ngettext(
                "{n} file was changed after it was downloaded, so it wasn't replaced: {names}",
                "{n} files were changed after they were downloaded, so they weren't replaced: {names}",
                len(changed),
                names=_names(changed),
            )
        )
    return notes


def _names(found: list[File]) -> str:
    return listing([one.name for one in found], _NAMED)
