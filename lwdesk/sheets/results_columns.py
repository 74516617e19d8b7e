"""The values of results columns, and where the columns go."""

from collections.abc import Iterable, Mapping, Sequence

from lwdesk.base.errors import SaveError
from lwdesk.base.text import _, fold
from lwdesk.sheets.table import Cell

_COLUMNS = 16_384

Values = Iterable[tuple[int, Sequence[Cell]]]
"""Row number as `Table.rows` gives it, in the same order, and a value for each title. Read a second time where the
first way to write them fails."""


def places(heading: Mapping[int, str], last: int, titles: Sequence[str]) -> list[int]:
    """The column of each title, counted from 0: its own if it exists already, else the next one right of `last`.

    Raises UserError where the sheet has no room.
    """
    there = {fold(text): column for column, text in heading.items()}
    columns = []
    for title in titles:
        if fold(title) not in there:
            last += 1
        columns.append(there.get(fold(title), last))
    if last >= _COLUMNS:
        raise SaveError(
            _("There's no space for the results columns"),
            _("The sheet is filled up to its last column (XFD)"),
            _("Delete its last columns and try again"),
        )
    return columns
