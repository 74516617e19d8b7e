"""What a sheet's columns are at one school: its custom fields with their kinds, amounts in its currency."""

from dataclasses import replace
from datetime import date

from lwdesk.app.school.session import Session
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.fields import Field, learned
from lwdesk.catalog.cells.numbers import Number, currencies_of
from lwdesk.catalog.match import Match
from lwdesk.catalog.model import Column, custom_column
from lwdesk.sheets.table import Table


def priced(matches: list[Match], table: Table, session: Session | None) -> list[Match]:
    """The matches, columns of amounts that name a currency with the school's: asked for only then."""
    priced = [m for m in matches if m.column is not None and _is_price(m.column)]
    named = {m.index for m in priced if currencies_of({row[m.index] for _n, row in table.rows})}
    if session is None or not named or not (currency := session.directory.currency()):
        return matches
    return [
        replace(m, column=replace(m.column, kind=replace(m.column.kind, currency=currency)))
        if m.index in named and m.column is not None and isinstance(m.column.kind, Number)
        else m
        for m in matches
    ]


def _is_price(column: Column) -> bool:
    return isinstance(column.kind, Number) and column.kind.money


def dated(found: Match, table: Table) -> Match:
    """A custom field whose column mostly holds dates is read as dates: the API doesn't return the fields' types."""
    if found.column is None or not found.column.id.startswith("cf_") or isinstance(found.column.kind, Field):
        return found
    cells = [cell for _n, row in table.rows if (cell := row[found.index]) not in (None, "")]
    if sum(isinstance(cell, date) for cell in cells) * 2 <= len(cells):
        return found
    return replace(found, column=replace(found.column, kind=Date()))


def custom_columns(session: Session) -> list[Column]:
    """The school's custom fields, as columns, of the kinds that its users' values show."""
    found = []
    for key in session.directory.fields():
        kind = learned(session.directory.field_values(key))
        found.append(replace(custom_column(key), kind=kind) if kind is not None else custom_column(key))
    return found
