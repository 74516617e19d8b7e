"""The emails and user ids in a sheet of the user's own, or in what was pasted from one."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lwdesk.base.errors import AppError, UserError
from lwdesk.base.text import _, ngettext
from lwdesk.catalog.cells.kinds import User, text_of
from lwdesk.catalog.cells.problems import Problem
from lwdesk.catalog.match import match
from lwdesk.catalog.operation import Recipe
from lwdesk.catalog.people import USERS_OF
from lwdesk.catalog.users import USER
from lwdesk.sheets.read import open_source, read
from lwdesk.sheets.table import Table

_USER = User()
# What separates pasted emails.
_BETWEEN = re.compile(r"[\s;,|]+")


def keys_of(text: str) -> tuple[list[str], list[str]]:
    """The emails and ids in small letters, each once, and notes for the user.

    `text` is the path of a workbook or CSV file, or emails and ids themselves. Raises UserError.
    """
    path = Path(text).expanduser()
    pasted = [key_of(part) for part in _BETWEEN.split(text)]
    if any(pasted) and not _is_file(path):
        return _some(pasted), []
    try:
        rows = [cells for _number, cells in open_source(path).grid()]
        first = next((cells for cells in rows if any(text_of(cell).strip() for cell in cells)), ())
        if any(map(key_of, first)):
            return _headless(rows), []
        found = table_of(path)
    except AppError as error:
        raise error.at(USERS_OF.id) from error
    if found is None:
        return _headless(rows), []
    table, place = found
    cells = [cells for _number, cells in table.rows]
    column = [row[place] for row in cells if text_of(row[place]).strip()]
    keys = [key_of(cell) for cell in column]
    bad = keys.count("")
    notes = ngettext(
        "{n} cell of the sheet is neither an email nor a user ID",
        "{n} cells of the sheet are neither an email nor a user ID",
        bad,
    )
    return _some(keys), [notes] if bad else []


def table_of(path: Path, sheet: str | None = None, header_row: int | None = None) -> tuple[Table, int] | None:
    """The sheet of a file, and the index of its column with users; None where no header says which it is, or there is
    no such file. Raises UserError for a file that can't be read."""
    if not _is_file(path):
        return None
    table = read(path, sheet, header_row)
    matches = match(table.headers, Recipe("", "", "", (), (USER,)))
    place = next((found.index for found in matches if found.column is not None), None)
    return None if place is None else (table, place)


def _is_file(path: Path) -> bool:
    with suppress(OSError):  # a text too long for a name
        return path.is_file()
    return False


def _headless(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The column with the most emails and ids, of a sheet whose headers don't say which it is."""
    columns: list[list[str]] = [list(filter(None, map(key_of, column))) for column in zip_longest(*rows)]
    longest = max(columns, key=len, default=[])
    return _some(longest)


def _some(keys: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(filter(None, keys)))
    if not found:
        title = _("No users found in the sheet")
        raise UserError(title, _("It has no column with emails or user IDs")).at(USERS_OF.id)
    return found


def key_of(cell: Any) -> str:
    """An email or id as users are compared by; "" for anything else."""
    problems: list[Problem] = []
    found = _USER.read(cell, problems.append)
    return str(found).lower() if found else ""
