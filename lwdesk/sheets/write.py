"""Writes new workbooks and CSV files that open right in Excel."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from lwdesk.base.errors import SaveError
from lwdesk.base.paths import check_place
from lwdesk.base.text import _
from lwdesk.sheets.matrix import Matrix
from lwdesk.sheets.sheet import Sheet, Written

SUFFIXES = (".xlsx", ".csv")
# Of a file with a page for each of some users.
PAGES = (".xlsx", ".pdf")


def write_book(
    path: Path,
    sheets: Iterable[Sheet | Matrix],
    about: Sequence[tuple[str, Any]] = (),
    zone: tzinfo | None = None,
) -> Written:
    """Write `sheets` to an .xlsx or .csv file, by its suffix, atomically.

    A workbook ends with a sheet "About" of the pairs `about`, its rows, and links to its sheets where it has several;
    a CSV file has no place for it. Moments are
    shown in `zone`, else in the computer's own time zone. Memory stays flat however many rows come.
    Raises UserError for another suffix, a folder that cannot be written, a file open in another program.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        from lwdesk.sheets.write_xlsx import write_xlsx

        return write_xlsx(path, sheets, about, zone)
    if suffix == ".csv":
        from lwdesk.sheets.write_csv import write_csv

        return write_csv(path, sheets, zone)
    raise unknown_ending(path)


def paths_of(path: Path, titles: Sequence[str]) -> list[Path]:
    """The files that `write_book` writes for sheets of these titles."""
    from lwdesk.sheets.write_csv import further_path

    return [path, *(further_path(path, title) for title in titles[1:] if path.suffix.lower() == ".csv")]


def check_target(path: Path, suffixes: Sequence[str] = SUFFIXES) -> None:
    """Nothing, where a file with one of these endings could be written to `path`.

    Raises UserError for what writing it would raise it for, as far as that can be known before.
    """
    check_place(path)
    if path.suffix.lower() not in suffixes:
        raise unknown_ending(path, suffixes)


def unknown_ending(path: Path, suffixes: Sequence[str] = SUFFIXES) -> SaveError:
    """The error for a name that doesn't end in one of `suffixes`."""
    if path.suffix:
        why = _("lwdesk can't write {ending} files").format(ending=path.suffix)
    else:
        why = _("The file name has no extension, such as .xlsx")
    return SaveError(
        _("{name} can't be written").format(name=path.name),
        why,
        _("Choose a name with one of these endings: {endings}").format(endings=", ".join(suffixes)),
    )
