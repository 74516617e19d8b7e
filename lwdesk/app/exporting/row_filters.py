"""Filters that test a field of each row of an export, before its pages are kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from lwdesk.app.exporting.cells import day, moment
from lwdesk.app.exporting.filters import sent
from lwdesk.app.exporting.people import PEOPLE
from lwdesk.app.exporting.records import at, pruned
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.export_model import DAY, Export
from lwdesk.catalog.filters import is_last
from lwdesk.catalog.model import Column

Test = Callable[[Mapping[str, Any]], bool]


class RowFilters:
    """The filters of an export that test rows; days begin in `zone`, or this computer's time zone."""

    def __init__(self, entry: Export, values: Mapping[str, Any], zone: tzinfo | None = None):
        self._entry = entry
        columns = [column for column in entry.choices if column.reads and column.id in values]
        columns = [column for column in columns if column not in entry.narrows]  # those test the parents
        self._tests = [test_of(entry, column, values[column.id], zone) for column in columns]
        people = values.get(PEOPLE)
        if people is not None:
            who, email = entry.about.split("."), entry.about_email.split(".")
            self._tests.append(lambda row: people.fits(at(row, who), at(row, email)))
        # Those that no query narrows as far as they do.
        self.unsent = [c for c in columns if c.wider or not sent(c, values[c.id])]
        if people is not None and not people.sent:
            self.unsent += [column for column in entry.people if column.id in values]

    def kept(
        self, records: Sequence[dict[str, Any]], chain: Mapping[str, Any], variant: str
    ) -> Sequence[dict[str, Any]]:
        """The records that have a row which fits; their nested lists hold only what fits."""
        if not self._tests:
            return records
        found = (pruned(self._entry, record, chain, variant, self._fits) for record in records)
        return [record for record in found if record is not None]

    def _fits(self, row: Mapping[str, Any]) -> bool:
        return all(test(row) for test in self._tests)


def test_of(entry: Export, column: Column, value: Any, zone: tzinfo | None) -> Test:
    """The test of a filter on the field of a record."""
    place = column.reads.split(".")
    if isinstance(column.kind, Date):
        span = (
            _in_days if any(out.at == column.reads and out.kind == DAY for out in entry.columns) else _in_time
        )
        fits = span(value, is_last(column.id), zone)
        return lambda row: fits(at(row, place))
    wanted = {_key(one["id"] if isinstance(one, dict) else one) for one in _listed(value)}
    return lambda row: any(_key(one) in wanted for one in _listed(at(row, place)))


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else () if value is None else (value,)


def _key(value: Any) -> str:
    return str(value).strip().casefold()


def _in_days(bound: date, last: bool, _zone: tzinfo | None) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        found = day(value)
        return isinstance(found, date) and (found <= bound if last else found >= bound)

    return fits


def _in_time(bound: date, last: bool, zone: tzinfo | None) -> Callable[[Any], bool]:
    """Times before the end of the last day, or from the start of the first one on."""
    edge = datetime.combine(bound + timedelta(days=last), time(), zone).timestamp()

    def fits(value: Any) -> bool:
        found = moment(value)
        return isinstance(found, datetime) and (found.timestamp() < edge) == last

    return fits
