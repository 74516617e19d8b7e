"""Exports that come back without a memory: CSV files, and workbooks that were saved from them.

Their headers show which export they are, their ids which record a row is about. How the cells were at the export is not
known, so they are compared with what the school shows now: what differs is taken for an edit. What was changed in the
school meanwhile looks like an edit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lwdesk.app.exporting.cells import readers_of
from lwdesk.app.exporting.columns import columns_of
from lwdesk.app.exporting.names import Names, gone
from lwdesk.app.exporting.rows import sheet_kind
from lwdesk.app.school.session import Session
from lwdesk.base.text import fold
from lwdesk.catalog import EXPORTS
from lwdesk.catalog import recipe as recipe_of
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.export_model import TITLE_FIELD, Export, Name, Out
from lwdesk.catalog.match import OWN_TITLES
from lwdesk.catalog.operation import Need
from lwdesk.catalog.returns import KEY, Exported
from lwdesk.sheets.columns import Column, Losses
from lwdesk.sheets.table import Header, Row, Rows, Table
from lwdesk.sheets.write_csv import fields_of, unguarded

_OURS = {fold(title) for title in OWN_TITLES}


def export_with(headers: Sequence[Header]) -> Export | None:
    """The export with these headers: all of its own are there, or there are no others. None for any other sheet."""
    folded = {fold(header.text) for header in headers} - _OURS
    for entry in EXPORTS.values():
        titles = [_titles(column) for column in entry.outs]
        known = [title & folded for title in titles]
        if titles and all(known):
            return entry
        if (
            len(folded) > 1
            and folded <= set().union(*titles)
            and (not entry.returns or id_at(entry, headers))
        ):
            return entry
    return None


def returning(table: Table, operations: Sequence[str] = ()) -> Export | None:
    """The export that the sheet is of, if its edits can be taken; `operations` name what is to take them."""
    if table.memory is not None:
        return None
    takers = (entry for entry in EXPORTS.values() if entry.returns and [entry.returns] == list(operations))
    for entry in (export_with(table.headers), *takers):
        if entry is not None and entry.returns and id_at(entry, table.headers):
            return entry
    return None


def id_at(entry: Export, headers: Sequence[Header]) -> int | None:
    """The number of the ID column, from 1; None where it was removed."""
    key = next((column for column in entry.outs if column.at == KEY), None)
    titles = _titles(key) if key else set()
    return next((n for n, header in enumerate(headers, 1) if fold(header.text) in titles), None)


def _titles(column: Out) -> set[str]:
    """What the header of a column may be: in English, and in the language that is spoken."""
    return {fold(column.title), fold(column.heading)}


def unguarded_table(table: Table) -> Table:
    """The table without the apostrophes that our CSV files put before what Excel would calculate.

    Files of other programs aren't changed.
    """
    results = table.format == "csv" and any(fold(header.text) in _OURS for header in table.headers)
    if table.memory is not None or not (results or export_with(table.headers)):
        return table

    def walk() -> Iterator[Row]:
        for number, cells in table.rows:
            yield number, tuple([unguarded(cell) if type(cell) is str else cell for cell in cells])

    return replace(table, rows=Rows(walk, len(table.rows)), guarded=True)


def exported_now(table: Table, entry: Export, session: Session | None) -> Exported:
    """The sheet as it would be exported now; without a school, as if all its cells were new."""
    at = id_at(entry, table.headers)
    assert at is not None
    ids = {text for _number, cells in table.rows if (text := text_of(cells[at - 1]).strip())}
    records = _records(entry, ids, session) if session is not None else {}
    keys = (
        {str(key) for record in records.values() for key in record.get(entry.open) or ()}
        if entry.open
        else set()
    )
    if session is not None and entry.open:
        keys.update(session.directory.custom_fields)
    columns: list[Out] = []
    for column in columns_of(entry, keys):
        titles = _titles(column)
        if isinstance(column, Name) and column.field != TITLE_FIELD:
            continue  # of users: they would have to be looked up only to be compared
        if header := next((one for one in table.headers if fold(one.text) in titles), None):
            columns.append(replace(column, title=header.text))
    read = readers_of(columns, _names(session) if session is not None else None)
    kinds = [Column(column.title, sheet_kind(column)) for column in columns]

    def cells(key: str) -> list[Any] | None:
        if session is None:
            return [None] * len(columns)
        if key not in records:
            return None
        values = [reader(records[key]) for reader in read]
        return next(fields_of(kinds, [values], None, Losses()))

    places = [column.at for column in columns]
    return Exported([c.title for c in columns], places, places.index(KEY), cells, remembered=False)


def _names(session: Session) -> Names:
    """The titles that the school has now, for ids."""

    def found(listing: str, id: str) -> dict[str, Any] | None:
        rows = session.directory.titles(listing)
        return next(({TITLE_FIELD: row["title"]} for row in rows if str(row["id"]) == id), None)

    return Names(found, lambda _listings: gone())


def _records(entry: Export, ids: set[str], session: Session) -> Mapping[str, dict[str, Any]]:
    """The school's records with these ids."""
    listing = recipe_of((entry.returns,)).uses[0].operation.effect.listing  # type: ignore[attr-defined]
    directory = session.for_plan()
    directory.fetch(Need(listing, key) for key in ids)
    found = {key: directory.record(listing, key) for key in ids}
    return {key: one.data for key, one in found.items() if one is not None and str(one.data.get("id")) == key}
