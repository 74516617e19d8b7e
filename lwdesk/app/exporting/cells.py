"""Records of the school as cells of a sheet."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import orjson

from lwdesk.app.exporting.names import Names, reader
from lwdesk.app.exporting.records import at
from lwdesk.base.text import _
from lwdesk.catalog.export_model import DATETIME, DAY, DURATION, LIST, MINUTES, SECONDS, Name, Out
from lwdesk.sheets.columns import duration_text


def readers_of(columns: Sequence[Out], names: Names | None = None) -> list[Callable[[dict[str, Any]], Any]]:
    """For each column the function that takes a record and returns the cell's value; without `names`, those of ids are
    only what the records show themselves."""
    return [
        _reader(column, columns, names or Names(lambda _listing, _id: None, lambda _to: ""))
        for column in columns
    ]


def _reader(column: Out, columns: Sequence[Out], names: Names) -> Callable[[dict[str, Any]], Any]:
    """Record -> the value of the column's cell."""
    shape = _SHAPES.get(column.kind, _plain)
    if isinstance(column, Name):
        read = reader(column, columns, names)
        return lambda record: shape(read(record))
    if (derive := column.derive) is not None:
        return lambda record: shape(derive(record))
    places = column.at.split(".")
    if len(places) == 1:
        return lambda record: shape(record.get(places[0]))
    first, second = places[0], places[1]
    if len(places) == 2 and shape is _plain:
        return lambda record: (
            _plain(inner.get(second)) if isinstance(inner := record.get(first), dict) else None
        )
    return lambda record: shape(at(record, places))


def _plain(value: Any) -> Any:
    """The value as a cell can hold it; lists and objects as JSON text, so that nothing is lost."""
    return value if not isinstance(value, dict | list) else orjson.dumps(value).decode() if value else None


def _listed(value: Any) -> Any:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [str(_plain(item)) for item in items if item is not None] or None


def moment(stamp: Any) -> datetime | str | None:
    """A Unix time as a datetime; anything else stays text."""
    if stamp is None or stamp == "":
        return None
    try:
        return datetime.fromtimestamp(float(stamp), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return str(stamp)


def day(text: Any) -> date | str | None:
    """A date as the service writes it: ISO, or `24 Sep 2020`."""
    if not isinstance(text, str) or not text:
        return None
    for form in ("%Y-%m-%d", "%d %b %Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return text


def _seconds(value: Any) -> Any:
    return timedelta(seconds=value) if isinstance(value, int | float) else value


def _minutes(value: Any) -> Any:
    return timedelta(minutes=value) if isinstance(value, int | float) else value


def shown_text(value: Any, zone: tzinfo | None) -> str:
    """The value of a cell as text, as a window shows it; moments are those of `zone`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, timedelta):
        return str(duration_text(value))
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


_SHAPES: dict[str, Callable[[Any], Any]] = {
    DATETIME: moment,
    DAY: day,
    LIST: _listed,
    DURATION: _seconds,
    SECONDS: _seconds,
    MINUTES: _minutes,
}
