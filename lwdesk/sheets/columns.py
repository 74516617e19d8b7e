"""Columns of a new workbook: kinds of values, and how each is written to a cell."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from lwdesk.base.text import _, ngettext, quoted

KINDS = (
    "text", "number", "integer", "money", "percent", "average", "month", "date", "datetime", "duration", "seconds",
    "yesno", "list", "link",
)  # fmt: skip
"""`text` is for ids and phone numbers too; `percent` is a fraction (0.5 shows 50%); `average` shows one decimal;
`month` is Excel's number of its first day; `duration` is a timedelta or seconds, shown in hours and minutes, `seconds`
the same with its seconds; `list` is joined by "; "; `link` is a `Link`, or text."""
DURATIONS = ("duration", "seconds")

LONGEST_TEXT = 32_767
"""Characters in a cell, in UTF-16 units (Excel specifications and limits)."""
_EPOCH = datetime(1899, 12, 30)
_FIRST_DATE = date(1900, 3, 1)
"""Earlier days have another number in Excel, which counts 29 February 1900."""
_LARGEST_EXACT = 10**15
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELLS_NAMED = 5


@dataclass(frozen=True)
class Link:
    """A cell that opens a file: `path` from the folder of the workbook, with slashes."""

    text: str
    path: str

    def __str__(self) -> str:
        return self.path


Plain = str | float | int | bool | Link | None
"""What a cell takes: text, a number (dates are numbers with a format), yes or no, a link, nothing."""


@dataclass(frozen=True)
class Formula:
    """A cell that is calculated; `value` is what it comes to, for programs that only show."""

    text: str
    value: Plain


@dataclass(frozen=True)
class Column:
    """A column to write: its header, and one of KINDS; `hidden` ones are in the sheet but not shown, `folded` ones are
    shown by a click on the + above them."""

    title: str
    kind: str = "text"
    hidden: bool = False
    folded: bool = False


@dataclass
class Losses:
    """Counts values that could not be written unchanged, with the names of the first cells."""

    cleaned: int = 0
    cut: int = 0
    cells: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        notes = []
        if self.cleaned:
            notes.append(
                ngettext(
                    "{n} cell had characters that a sheet can't contain; they were removed",
                    "{n} cells had characters that a sheet can't contain; they were removed",
                    self.cleaned,
                )
            )
        if self.cut:
            counted = ngettext(
                "{n} text is too long for a cell and was cut",
                "{n} texts are too long for a cell and were cut",
                self.cut,
            )
            notes.append(_("{what}: {cells}").format(what=counted, cells=", ".join(self.cells)))
        return notes

    def scrub(self, text: str) -> str:
        """The text without characters that XML forbids, with Excel's line ends."""
        if text.isprintable():
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        legal = _ILLEGAL.sub("", text)
        self.cleaned += legal != text
        return legal

    def fit(self, text: str, name: Callable[[], str]) -> str:
        """The text, cut to what a cell can hold; `name` returns the cell's name if it was cut."""
        text = self.scrub(text)
        if len(text) * 2 > LONGEST_TEXT and len(units := text.encode("utf-16-le")) > LONGEST_TEXT * 2:
            text = units[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
            self.cut += 1
            if len(self.cells) < _CELLS_NAMED:
                self.cells.append(name())
        return text


def plain(kind: str, zone: tzinfo | None) -> Callable[[Any], Plain]:
    """The function that makes a cell's content of a value of this kind; moments are shown in `zone`."""
    if kind in ("date", "datetime"):
        return lambda value: serial(value, zone)
    if kind in DURATIONS:
        return _duration
    return {"text": text_of, "list": _joined, "yesno": _yes_no, "link": _link}.get(kind, _number)


def text_of(value: Any) -> str | None:
    return value if value is None or type(value) is str else str(value)


def _link(value: Any) -> Plain:
    return value if isinstance(value, Link) else text_of(value)


def _joined(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return "; ".join(quoted(str(item)) for item in value) if isinstance(value, Iterable) else str(value)


def _yes_no(value: Any) -> Plain:
    return value if value is None or isinstance(value, bool | str) else str(value)


def _number(value: Any) -> Plain:
    """A number that Excel keeps exactly, else its digits as text; nothing for NaN and infinity."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value if abs(value) < _LARGEST_EXACT else str(value)
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    return text_of(value)


def _duration(value: Any) -> Plain:
    if isinstance(value, timedelta):
        value = value.total_seconds()
    return value / 86_400 if isinstance(value, int | float) and math.isfinite(value) else text_of(value)


def duration_text(value: Any) -> Any:
    """A timedelta or seconds as hours, minutes and seconds; anything else as it is."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if not isinstance(seconds, int | float):
        return value
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def serial(value: Any, zone: tzinfo | None = None) -> Plain:
    """Excel's number of a date or moment (days since 1899-12-30); text where Excel has no such date."""
    if isinstance(value, datetime):
        local = value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
        if local.date() >= _FIRST_DATE:
            return (local - _EPOCH) / timedelta(days=1)
        return local.isoformat(" ")
    if isinstance(value, date):
        return float((value - _EPOCH.date()).days) if value >= _FIRST_DATE else value.isoformat()
    return text_of(value)


def days_of(cell: date | time | timedelta) -> float:
    """The number in a cell that is read as a day, a time or a duration, by its format."""
    if isinstance(cell, timedelta):
        return cell / timedelta(days=1)
    if isinstance(cell, time):
        cell, first = datetime.combine(date.min, cell), datetime.min
    else:
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        cell, first = moment.replace(tzinfo=None), _EPOCH
        if cell.date() < _FIRST_DATE:
            first += timedelta(days=1)
    return (cell - first) / timedelta(days=1)


def day_of(number: float) -> date:
    """The day of an Excel number."""
    return _EPOCH.date() + timedelta(days=int(number))
