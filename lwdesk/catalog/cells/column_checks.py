"""What Excel did to the cells of a column, as far as only the whole column shows. Pure.

The different cells of a column are the evidence; what they speak against is doubted. Nothing is repaired here: each
problem says what would fix the cell.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from functools import partial

from lwdesk.base.text import _
from lwdesk.catalog.cells.dates import ISO, NUMERIC, Date, day_leads
from lwdesk.catalog.cells.fields import NUMBER, Field
from lwdesk.catalog.cells.kinds import Kind, Text, text_of
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.cells.problems import WARNING, Problem

Doubt = Callable[[object], Problem | None]
"""Looks at one cell with its whole column in mind."""

_WHOLE = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_FLOATED = re.compile(r"(\d{4,})\.0")
_PAIR = re.compile(r"\d{1,2}([-/.])\d{1,2}")
_SERIAL = re.compile(r"[2-7]\d{4}")
# Days of a column, and texts beside them, without which no order of day and month is judged.
_LEAST_DAYS, _LEAST_TEXTS = 3, 2


def column_checks(kind: Kind, cells: Collection[object]) -> list[Doubt]:
    """What to doubt in a column, given its different cells; nothing for most columns."""
    if isinstance(kind, Date):
        return list(filter(None, [_swapped(cells)]))
    if type(kind) is Number and not kind.whole:
        return list(filter(None, [_fractions(cells)]))
    if isinstance(kind, Field):
        return list(filter(None, [_zeros(cells)])) if kind.what == NUMBER else []
    if type(kind) is not Text:
        return []
    if _share(cells, _dated) >= 0.8:
        return [_numbered, *filter(None, [_swapped(cells)])]
    return list(filter(None, [_zeros(cells), _grouped(cells), _floated(cells), _became_days(cells)]))


def _share(cells: Collection[object], what: Callable[[object], bool]) -> float:
    return sum(map(what, cells)) / len(cells) if cells else 0.0


def _digits(cell: object) -> str:
    """The digits of a whole number or of a text that is nothing else, "" for other cells."""
    if type(cell) is int:
        return str(cell) if cell >= 0 else ""
    text = cell.strip() if isinstance(cell, str) else ""
    return text if _WHOLE.fullmatch(text) else ""


def _zeros(cells: Collection[object]) -> Doubt | None:
    """“01234” beside 1234: the zeros in front are lost where a text became a number."""
    padded = [text for cell in cells if (text := _digits(cell))[:1] == "0" and len(text) > 1]
    if len(padded) < 2:
        return None
    lengths = Counter(len(text) for cell in cells if (text := _digits(cell)))
    length, most = lengths.most_common(1)[0]
    if all(len(text) == length == max(lengths) for text in padded):
        typed = any(type(cell) is int for cell in cells)
        return (
            partial(_too_short, length) if most >= sum(lengths.values()) * (0.6 if typed else 0.8) else None
        )
    if len(padded) >= 5 and len(padded) >= sum(lengths.values()) * 0.8:
        return partial(_without_zero, {len(text) for text in padded})
    return None


def _too_short(length: int, cell: object) -> Problem | None:
    text = _digits(cell)
    if not text or len(text) >= length or text.startswith("0"):
        return None
    fix = text.zfill(length)
    message = _(
        "Leading zeros are missing: the numbers in this column have {n} digits. {text} was probably {fix}."
    )
    return Problem(WARNING, "zeros-lost", message.format(n=length, text=text, fix=fix), fix=fix)


def _without_zero(lengths: Collection[int], cell: object) -> Problem | None:
    if type(cell) is not int or len(text := str(cell)) + 1 not in lengths:
        return None
    message = _(
        "The leading zero is missing: the other numbers in this column have one. {text} was probably {fix}."
    )
    return Problem(WARNING, "zeros-lost", message.format(text=text, fix=f"0{text}"), fix=f"0{text}")


def _fractions(cells: Collection[object]) -> Doubt | None:
    """0.12 where Excel shows 12 %: not every file format includes number formats."""
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    if not any(0 < number < 1 for number in numbers):
        return None
    return partial(_percentage, 1.0 if max(numbers) <= 1 else math.nextafter(1, 0))


def _percentage(most: float, cell: object) -> Problem | None:
    if not isinstance(cell, int | float) or not 0 < cell <= most:
        return None
    fix = text_of(round(cell * 100, 9))
    message = _("{text} might be {fix}% in Excel. If you mean {fix}, type {fix}.")
    return Problem(WARNING, "number-percent", message.format(text=text_of(cell), fix=fix), fix=fix)


def _grouped(cells: Collection[object]) -> Doubt | None:
    """“12,345” in a column of numbers that are names of something."""
    return _without_marks if _share(cells, lambda cell: len(_digits(cell)) > 3) >= 0.8 else None


def _without_marks(cell: object) -> Problem | None:
    if not isinstance(cell, str) or not _GROUPED.fullmatch(cell.strip()):
        return None
    fix = re.sub(r"[.,]", "", cell.strip())
    message = _("{text} has a thousands separator, but most numbers in this column don't.")
    return Problem(WARNING, "number-marks", message.format(text=cell.strip()), fix=fix)


def _floated(cells: Collection[object]) -> Doubt | None:
    """“12345.0”: a program took the whole numbers of a column for fractions."""
    fractions = [cell for cell in cells if isinstance(cell, str) and re.fullmatch(r"\d+\.\d+", cell)]
    return _without_fraction if fractions and all(map(_FLOATED.fullmatch, fractions)) else None


def _without_fraction(cell: object) -> Problem | None:
    found = _FLOATED.fullmatch(cell) if isinstance(cell, str) else None
    if found is None:
        return None
    message = _("Another program added “.0” to this whole number.")
    return Problem(WARNING, "number-fraction", message, fix=found[1])


def _day_of(cell: object) -> date | None:
    """The day of a date cell or of a text in ISO form: so are date cells written down, by lwdesk too."""
    if isinstance(cell, date):
        return cell
    found = ISO.fullmatch(cell.strip()) if isinstance(cell, str) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _dated(cell: object) -> bool:
    return _day_of(cell) is not None or (isinstance(cell, str) and bool(NUMERIC.fullmatch(cell.strip())))


def _swapped(cells: Collection[object]) -> Doubt | None:
    """Excel took “4/3/2026” for a day in its own order, and left “25/3/2026”, which is none, as it was typed.

    So the texts that stayed have one order, none of them can be read in the other, and all days could be.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and NUMERIC.fullmatch(cell.strip())]
    days = [day for cell in cells if (day := _day_of(cell)) is not None]
    orders = {day_leads(text) for text in texts}
    if len(texts) < _LEAST_TEXTS or len(days) < _LEAST_DAYS or len(orders) != 1 or None in orders:
        return None
    return _turned if all(day.day <= 12 for day in days) else None


def _turned(cell: object) -> Problem | None:
    day = _day_of(cell)
    if day is None or day.day == day.month or day.day > 12:
        return None
    fix = date(day.year, day.day, day.month).isoformat()
    message = _(
        "Excel seems to have swapped day and month: dates in this column that it couldn't read were left as "
        "text. {day} was probably {fix}."
    )
    return Problem(WARNING, "date-swapped", message.format(day=day.isoformat()[:10], fix=fix), fix=fix)


def _numbered(cell: object) -> Problem | None:
    """A day that became the number by which Excel counts it."""
    if not _SERIAL.fullmatch(text := _digits(cell)):
        return None
    reported: list[Problem] = []
    Date().read(text, reported.append)
    return reported[0]


def _became_days(cells: Collection[object]) -> Doubt | None:
    """“3-4” became the third of April, and “5-13” stayed."""
    marks = Counter(found[1] for cell in cells if isinstance(cell, str) and (found := _PAIR.fullmatch(cell)))
    if marks.total() < 2 or not any(isinstance(cell, date) for cell in cells):
        return None
    return partial(_was_pair, marks.most_common(1)[0][0])


def _was_pair(mark: str, cell: object) -> Problem | None:
    if (day := _day_of(cell)) is None:
        return None
    choices = (f"{day.day}{mark}{day.month}", f"{day.month}{mark}{day.day}")
    message = _("Excel turned this into a date. It was {a} or {b}.").format(a=choices[0], b=choices[1])
    return Problem(WARNING, "became-date", message, choices=tuple(dict.fromkeys(choices)))
