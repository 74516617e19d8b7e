"""The columns of an export beside each row of the user's own sheet, in a copy of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any

from lwdesk.app.exporting.cells import shown_text
from lwdesk.app.exporting.user_sheet import key_of, table_of
from lwdesk.base.errors import AppError, UserError
from lwdesk.base.paths import check_place, digest_of
from lwdesk.base.text import _, fold, ngettext
from lwdesk.catalog.export_model import Export, Out
from lwdesk.catalog.people import USERS_OF
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.columns import Column
from lwdesk.sheets.results import check_results, write_results
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.table import Table

# The fact of a job that says where the columns go.
BESIDE = "beside"
# Endings of formats that take a further sheet.
_BOOKS = (".xlsx", ".xlsm")


def facts_of(entry: Export, where: Mapping[str, str], target: Path) -> dict[str, Any]:
    """What a job remembers of the sheet whose rows get the columns.

    Raises UserError where there is no such sheet, it has no column of users, or `target` can't be a copy of it.
    """
    text = where.get(USERS_OF.id, "")
    found = table_of(Path(text).expanduser()) if text and entry.about else None
    if found is None:
        raise UserError(
            _("There is no sheet to add columns to"),
            _("Choose a file that has a column header above the emails or user IDs"),
            _("Choose the file under “{filter}”").format(filter=_(USERS_OF.title)),
        ).at(USERS_OF.id)
    table, place = found
    try:
        check_results(table.path, target)
        check_place(target)
    except AppError as error:
        raise error.at("path") from error
    return {
        "file": str(table.path.absolute()),
        "sheet": table.sheet,
        "row": table.header_row,
        "place": place,
        "digest": digest_of(table.path),
    }


def fallback(target: Path) -> tuple[Path, str]:
    """Where the rows go instead, and why, when the sheet is no longer as it was."""
    words = _("Your sheet was moved or changed in the meantime, so the rows are in a separate workbook")
    return (target if target.suffix.lower() in (".xlsx", ".csv") else target.with_suffix(".xlsx")), words


def source_of(journal: Journal) -> Path | None:
    """The sheet of a job, if it is there as it was at the start."""
    path = Path(journal.get(BESIDE)["file"])
    return path if path.is_file() and digest_of(path) == journal.get(BESIDE)["digest"] else None


class Beside:
    """The rows of an export by the user they are about. `columns` are those to add, `users` say which user a row of the
    sheet means: the text of its cell -> id, "" where the school has none."""

    def __init__(self, columns: Sequence[Out], users: Mapping[str, str], zone: tzinfo | None):
        self._columns, self._users, self._zone = columns, users, zone
        self._rows: dict[str, list[Sequence[Any]]] = defaultdict(list)

    def add(self, id: Any, email: Any, cells: Sequence[Any]) -> None:
        """Add a row; who has no account is known by the email."""
        self._rows[str(id or "") or str(email or "").lower()].append(cells)

    def write(self, source: Path, facts: Mapping[str, Any], target: Path, about: Sequence[Any]) -> Written:
        """Write the copy of the sheet. Raises UserError where it can't be written."""
        found = table_of(source, facts["sheet"], facts["row"])
        assert found is not None  # as it was at the start
        table = found[0]
        several = [n for n, rows in self._rows.items() if len(rows) > 1]
        written = write_results(
            source,
            target,
            sheet=table.sheet,
            header_row=table.header_row,
            titles=self._titles(table),
            values=list(self._values(table, facts["place"])),
            zone=self._zone,
            more=[self._about(about)] if target.suffix.lower() in _BOOKS else [],
            guarded=table.guarded,
        )
        words = ngettext(
            "{n} user has several rows. Where the values differ, the cell lists all of them",
            "{n} users have several rows. Where the values differ, the cell lists all of them",
            len(several),
        )
        return Written(written.paths, written.rows, (*written.notes, *([words] if several else [])))

    def _titles(self, table: Table) -> list[str]:
        """The headers of the new columns, none of them like another: that of the user's own would be filled."""
        there = {fold(header.text) for header in table.headers}
        found = []
        for column in self._columns:
            title, n = column.heading, 1
            while fold(title) in there:
                n += 1
                school = _("{title} (LearnWorlds)").format(title=column.heading)
                title = school if n == 2 else f"{school} {n - 1}"
            there.add(fold(title))
            found.append(title)
        return found

    def _values(self, table: Table, place: int) -> Iterator[tuple[int, list[Any]]]:
        for number, cells in table.rows:
            key = key_of(cells[place])
            rows = self._rows.get(self._users.get(key) or key, []) if key else []
            if key and not rows and not self._users.get(key):
                yield number, [_("(not in your school)"), *[None] * (len(self._columns) - 1)]
            else:
                yield number, [self._cell([row[n] for row in rows]) for n in range(len(self._columns))]

    def _cell(self, values: Sequence[Any]) -> Any:
        """The value of one row, or of several that are alike, as it is; else their texts in the order of the rows."""
        if all(value == values[0] for value in values):
            values = values[:1]
        if len(values) == 1 and not isinstance(values[0], list | timedelta):
            return values[0]
        texts = [shown_text(value, self._zone) for value in values]
        return "; ".join(texts) if any(texts) else None

    def _about(self, about: Sequence[Any]) -> Sheet:
        (name, value), *more = [(name, shown_text(value, self._zone)) for name, value in about]
        return Sheet(_("About"), [Column(name), Column(value)], more)
