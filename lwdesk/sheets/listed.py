"""Finds the list in a workbook that rows are added to: its sheet, its columns, its rows by their ids."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lwdesk.base.errors import FileError
from lwdesk.base.paths import check_place
from lwdesk.base.text import _, fold, listing, ngettext, squeeze, title_key
from lwdesk.sheets.columns import Column, Plain
from lwdesk.sheets.list_mark import Mark, Spot
from lwdesk.sheets.marks import named_rows
from lwdesk.sheets.package import opened, pieces
from lwdesk.sheets.parts import sheet_parts
from lwdesk.sheets.read import forget, open_source
from lwdesk.sheets.table import Cell, letter
from lwdesk.sheets.tables import tables_of
from lwdesk.sheets.totals import Totals, movable_totals

# Rows that the headers of the list are looked for in.
_FOR_HEADERS = 50
# The row of a cell in the column %b that has a formula.
_FORMULA = rb"""<(?:\w+:)?c\s(?:[^>]*\s)?r=["']%b([0-9]+)["'](?:[^>]*[^>/])?>\s*<(?:\w+:)?f[\s>/]"""


@dataclass(frozen=True)
class Wanted:
    """The columns that rows have, the place of each in the school's records (`Out.at`), and which one (from 0) has the
    ids of the rows; `mark` is what the workbook says of its list."""

    columns: Sequence[Column]
    places: Sequence[str]
    key: int
    mark: Mark = field(default_factory=Mark)

    @property
    def titles(self) -> list[tuple[str, ...]]:
        """The headers that each column may have: as it was written, and as it is called now."""
        now = [(column.title,) for column in self.columns]
        was = [self.mark.titles.get(place) for place in self.places]
        return [(old, *new) if old and (old,) != new else new for old, new in zip(was, now, strict=True)]

    def spots(self, sheet: str) -> dict[int, Spot]:
        """Column of ours → where it is on this sheet."""
        found = ((n, self.mark.spots.get(place)) for n, place in enumerate(self.places))
        return {n: spot for n, spot in found if spot is not None and spot.sheet == sheet}


@dataclass(frozen=True)
class Listed:
    """A list in a workbook: its sheet and the row of its headers, the column of the sheet (from 0) of each of our
    columns that it has, and id → row number and cells; `last` is the last row with an id, or that of the headers."""

    sheet: str
    header_row: int
    columns: Mapping[int, int]
    rows: Mapping[str, tuple[int, Sequence[Cell]]]
    last: int
    notes: Sequence[str] = ()
    """Sentences for the user: which columns it doesn't have, which ids are there twice."""
    totals: Totals | None = None
    """The total row of the table that the list is."""


def find_list(path: Path, wanted: Wanted) -> Listed:
    """The list with these columns: the one that the workbook marks, else the only one with their headers.

    Raises UserError, with what to do, where the workbook is open in another program, has no such list or no column of
    ids, has several lists, or has something below the list.
    """
    check_place(path)
    forget(path)  # it is read as it is now
    found = [place for sheet in _sheets(path, wanted) if (place := _headers(path, sheet, wanted))]
    if not found:
        title = wanted.titles[wanted.key][0]
        raise FileError(
            _("lwdesk can't find its list in {name}").format(name=path.name),
            _("No sheet has the export's column headers, including “{title}”").format(title=title),
            _("Restore that column, or move the file to another folder. The next run then creates a new one"),
        )
    if len(found) > 1:
        raise FileError(
            _("{name} has several lists that rows could be added to").format(name=path.name),
            _("They are on the sheets {sheets}").format(sheets=listing([one.sheet for one in found])),
            _("Keep one of these sheets in the workbook and move the others to another file"),
        )
    return _list(path, found[0], wanted)


def _sheets(path: Path, wanted: Wanted) -> Sequence[str]:
    """The sheets that the list may be on: the one that has the headers of the workbook's mark, whatever copies there
    are; all visible ones where there is no such sheet."""
    marked = Counter(spot.sheet for spot in wanted.mark.spots.values())
    with opened(path) as package:
        there = sheet_parts(package)
    return [sheet for sheet, _n in marked.most_common() if sheet in there][:1] or open_source(path).sheets


@dataclass(frozen=True)
class _Headers:
    """A row with the headers of the list: its cells, the column of the sheet of each of our columns that it has, and
    those of ours that several of its cells could be."""

    sheet: str
    row: int
    cells: Sequence[Cell]
    columns: Mapping[int, int]
    unclear: Collection[int]


def _headers(path: Path, sheet: str, wanted: Wanted) -> _Headers | None:
    spots, titles = wanted.spots(sheet), wanted.titles
    last = max([_FOR_HEADERS, *(spot.row for spot in spots.values())])
    for number, cells in _first(open_source(path, sheet).grid(), last):
        texts = {n: squeeze(cell) for n, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()}
        here = {
            n: spot.column
            for n, spot in spots.items()
            if spot.row == number and squeeze(spot.text) == texts.get(spot.column)
        }
        columns, unclear = match(titles, texts, here)
        found = _Headers(sheet, number, cells, columns, unclear)
        if wanted.key in columns and (wanted.key in here or len(columns) * 2 > len(titles)):
            return found
        if wanted.key in unclear and (len(columns) + 1) * 2 > len(titles):
            title = titles[wanted.key][0]
            raise FileError(
                _("Rows can't be added to {name}").format(name=path.name),
                _("Several columns of “{sheet}” have the header “{title}”").format(sheet=sheet, title=title),
                _("Give your own column another header"),
            )
    return None


def _first(rows: Iterable[tuple[int, Sequence[Cell]]], most: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, cells in rows:
        if number > most:
            return
        yield number, cells


def match(
    titles: Sequence[Sequence[str]], texts: Mapping[int, str], spots: Mapping[int, int]
) -> tuple[dict[int, int], set[int]]:
    """Which column of a sheet each of our columns is, and those of ours that several could be, or another one.

    `titles` are the headers that each of ours may have, first the one that was written; `texts` those of the sheet by
    column, `spots` where the workbook says that ours are. A header that was written says it, unless the workbook says
    otherwise; then the workbook, whatever the header is now; then a header that differs in language, case or signs.
    """
    found: dict[int, int] = {}
    unclear: set[int] = set()
    written = {squeeze(names[0]): n for n, names in enumerate(titles)}
    for n, at in spots.items():
        same = [column for column, text in texts.items() if text == squeeze(titles[n][0])]
        if written.get(texts[at], n) != n:
            continue  # columns were pasted over each other
        if at in same or not same:
            found[n] = at
        else:
            unclear.add(n)
    first = [names[:1] for names in titles]
    for names, key in ((first, squeeze), (titles, squeeze), (titles, title_key), (titles, fold)):
        _match(found, unclear, names, texts, key)
    return found, unclear


def _match(
    found: dict[int, int],
    unclear: set[int],
    titles: Sequence[Sequence[str]],
    texts: Mapping[int, str],
    key: Callable[[str], str],
) -> None:
    """Add what is alike by this key to `found`, or to `unclear` where that could be another one."""
    ours: dict[str, set[int]] = {}
    for n, names in enumerate(titles):
        for name in names:
            ours.setdefault(key(name), set()).add(n)
    taken = set(found.values())
    theirs: dict[str, list[int]] = {}
    for column, text in texts.items():
        if column not in taken and key(text):
            theirs.setdefault(key(text), []).append(column)
    for n, names in enumerate(titles):
        alike = {key(name) for name in names} & theirs.keys()
        if n in found or n in unclear or not alike:
            continue
        columns = [column for name in alike for column in theirs[name]]
        if len(columns) == 1 and all(ours[name] == {n} for name in alike):
            found[n] = columns[0]
        else:
            unclear.add(n)


def _list(path: Path, headers: _Headers, wanted: Wanted) -> Listed:
    totals = _totals(path, headers)
    _refuse_formulas(path, headers, headers.columns[wanted.key], totals)
    rows: dict[str, tuple[int, Sequence[Cell]]] = {}
    again, last, block = set[str](), headers.row, _block(headers)
    filled, at = last, headers.columns[wanted.key]
    for number, cells in open_source(path, headers.sheet).grid():
        if number <= headers.row:
            continue
        if totals is not None and number == totals.row:
            cells = ["" if n in totals.table.columns else cell for n, cell in enumerate(cells)]
        id = cells[at] if at < len(cells) else None
        if id not in (None, ""):
            if rows.setdefault(id_of(id), (number, cells))[0] != number:
                again.add(id_of(id))
            last = number
        if any(cell not in (None, "") for cell in cells[block.start : block.stop]):
            filled = number
    if filled > last or (totals is not None and last > totals.row):
        what = _("Row {n} of “{sheet}” has something below the list")
        raise _in_the_way(path, what.format(n=filled, sheet=headers.sheet))
    notes = [*_not_there(headers, wanted), *_twice(again)]
    return Listed(headers.sheet, headers.row, headers.columns, rows, last, notes, totals)


def _block(headers: _Headers) -> range:
    """The columns of the sheet that are the list, those of the user's own right beside it among them."""
    heads = {n for n, cell in enumerate(headers.cells) if cell not in (None, "")}
    start, stop = min(headers.columns.values()), max(headers.columns.values()) + 1
    while start - 1 in heads:
        start -= 1
    while stop in heads:
        stop += 1
    return range(start, stop)


def _totals(path: Path, headers: _Headers) -> Totals | None:
    """The total row of the table that the list is. Raises UserError where rows can't be added above it."""
    with opened(path) as package:
        part = sheet_parts(package)[headers.sheet]
        for table in tables_of(package, part):
            if not table.totals or not {*table.columns} & {*headers.columns.values()}:
                continue
            whole = table.top == headers.row and {*headers.columns.values()} <= {*table.columns}
            totals = (
                movable_totals(package, headers.sheet, part, table) if whole and table.totals == 1 else None
            )
            if totals is None:
                raise FileError(
                    _("Rows can't be added to {name}").format(name=path.name),
                    _(
                        "Row {n} of “{sheet}” is the total row of a table, and lwdesk can't move it safely"
                    ).format(n=table.bottom, sheet=headers.sheet),
                    _("Turn it off in Excel (Table Design > Total Row), and put the totals on another sheet"),
                )
            return totals
    return None


def _refuse_formulas(path: Path, headers: _Headers, key: int, totals: Totals | None) -> None:
    """Raise UserError where there is a formula among the ids: that of a total, which isn't a row of the list."""
    formula, known = re.compile(_FORMULA % letter(key).encode()), totals.row if totals else 0
    with opened(path) as package, package.open(sheet_parts(package)[headers.sheet]) as xml:
        rows = (int(n) for text in named_rows(pieces(xml)) for n in formula.findall(text))
        if row := next((n for n in rows if n > headers.row and n != known), None):
            what = _("Row {n} of “{sheet}” has a formula in the ID column")
            raise _in_the_way(path, what.format(n=row, sheet=headers.sheet))


def _in_the_way(path: Path, what: str) -> FileError:
    return FileError(
        _("Rows can't be added to {name}").format(name=path.name),
        what,
        _("Move it to another sheet, or to the right of the list with an empty column in between"),
    )


def id_of(cell: Cell | Plain) -> str:
    """The id of a row, whether it is kept as a number or as text."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _not_there(headers: _Headers, wanted: Wanted) -> Iterator[str]:
    """What is said of the columns that the list doesn't have."""
    left = [n for n in range(len(wanted.columns)) if n not in headers.columns]
    gone = [wanted.columns[n].title for n in left if n not in headers.unclear]
    unclear = [wanted.columns[n].title for n in left if n in headers.unclear]
    if gone:
        yield ngettext(
            "Not in the workbook: {columns}. Give its column this header again or add one, and the next run fills it",
            "Not in the workbook: {columns}. Give their columns these headers again or add them, and the next run"
            " fills them",
            len(gone),
            columns=listing(gone, 10),
        )
    if unclear:
        yield ngettext(
            "Not written: {columns}. More than one column could have this header: rename the one that is yours",
            "Not written: {columns}. More than one column could have each of these headers: rename those that are"
            " yours",
            len(unclear),
            columns=listing(unclear, 10),
        )


def _twice(ids: Collection[str]) -> Iterator[str]:
    if ids:
        yield ngettext(
            "{n} ID is in several rows of the list. Only the first of them is updated",
            "{n} IDs are in several rows of the list. Only the first row of each is updated",
            len(ids),
        )
