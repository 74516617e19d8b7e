"""Summaries of an export: groups of the rows of its list, summed up while they are written."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import product
from operator import itemgetter
from typing import Any

from lwdesk.base.text import _
from lwdesk.catalog.summaries import ITEM, MONTH, SPAN, By, Span, Summary
from lwdesk.sheets.columns import Column, Formula, Plain, day_of, serial
from lwdesk.sheets.formulas import Way, between, can_match, having, same, total, within_month
from lwdesk.sheets.sheet import Chart, Sheet
from lwdesk.sheets.table import letter

# Sums are no formulas where calculating them would mean to look at more cells than this: it takes seconds after each
# edit of the list.
MOST_LOOKS = 300_000_000
# A chart shows months without rows too, unless the first and the last are further apart.
_MOST_MONTHS = 600
_DIGITS = 6
_ITEMS = re.compile(r'\s*"(?:[^"]|"")*"\s*|[^;]+')
# The part of a group's key that a column makes: what its cell has, or the ids of what its cell names.
Part = Plain | tuple[Plain, ...]
Key = tuple[Part, ...]


class Groups:
    """The groups of one summary. `places` and `columns` are those of the list, `today` is the day of the export."""

    def __init__(self, summary: Summary, places: Sequence[str], columns: Sequence[Column], today: date):
        self._summary, self._today = summary, today
        self._by = [places.index(by.at) for by in summary.by]
        self._adds = [places.index(figure.at) if figure.at else None for figure in summary.figures]
        self._apart = [by.at for by in summary.by].index(summary.apart) if summary.apart else None
        self._sums: dict[Key, list[float]] = defaultdict(lambda: [0] * len(self._adds))
        self._rows = 0
        self._ids = [[places.index(place) for place in by.id] for by in summary.by]
        self._titles: list[dict[Part, str]] = [{} for _by in summary.by]
        self._keys = [
            (itemgetter(index, *ids), _parts_of(by, today) if not ids else partial(_identified, by, titles))
            for by, index, ids, titles in zip(summary.by, self._by, self._ids, self._titles, strict=True)
        ]
        self._lists = any(by.how == ITEM for by in summary.by)
        keys: list[Column] = []
        self._shown: list[int] = []  # the first column of each key
        for by, index in zip(summary.by, self._by, strict=True):
            self._shown.append(len(keys))
            keys.append(Column(_("Month"), "month") if by.how == MONTH else Column(columns[index].title))
            keys += [Column(_("From"), "date"), Column(_("Until"), "date")] if by.how == SPAN else []
        self._first = len(keys)
        figures = [
            Column(_(figure.title), columns[index].kind if index is not None else "integer")
            for figure, index in zip(summary.figures, self._adds, strict=True)
        ]
        self._columns = [*keys, *figures]
        self._hidden: list[int] = []  # the first column with ids of each key
        for ids in self._ids:
            self._hidden.append(len(self._columns))
            self._columns += [Column(columns[index].title, hidden=True) for index in ids]

    def add(self, cells: Sequence[Plain]) -> None:
        """Add a row of the list, as its cells are written."""
        self._rows += 1
        parts = [parts_of(cells_of(cells)) for cells_of, parts_of in self._keys]
        keys = product(*parts) if self._lists else [tuple([part[0] for part in parts])] if all(parts) else ()
        for key in keys:
            sums = self._sums[key]
            for n, index in enumerate(self._adds):
                value = 1 if index is None else cells[index]
                if type(value) is float or type(value) is int:
                    sums[n] += value

    def sheet(self, source: Sheet) -> Sheet:
        """The sheet of the groups, to be written after the list."""
        summary, chart = self._summary, None
        title = _(summary.title)
        if summary.chart:
            bars = summary.by[0].how != MONTH
            chart = Chart(_(summary.chart), 0, self._first + self._charted, self._apart, bars)
        return Sheet(title, self._columns, self._cells(source), derived=True, chart=chart)

    @property
    def _charted(self) -> int:
        """The index of the figure that the chart shows; without a chart, of the one that counts."""
        titles = [figure.title for figure in self._summary.figures]
        return titles.index(self._summary.chart) if self._summary.chart else 0

    def _cells(self, source: Sheet) -> Iterator[list[Any]]:
        """The rows of the sheet, as soon as the list is written."""
        self._titles = [_told_apart(titles) for titles in self._titles]
        keys, width = self._ordered(), sum(len(ids) or 1 for ids in self._ids)
        looks = len(keys) * len(self._adds) * width * self._rows * len(source.pages)
        found = [self._found_exactly(n, {key[n] for key in keys}) for n in range(len(self._by))]
        for row, key in enumerate(keys, 2):
            sums: list[Any] = [round(one, _DIGITS) for one in self._sums.get(key) or [0] * len(self._adds)]
            exact = all(part in ok for part, ok in zip(key, found, strict=True))
            # Below the list all cells are empty: a formula for nothing but these would count them too.
            if looks <= MOST_LOOKS and exact and any(part is not None for part in key):
                criteria = [one for n, part in enumerate(key) for one in self._criteria(n, row, part)]
                sums = [
                    Formula(total(source.pages, index, criteria), value)
                    for index, value in zip(self._adds, sums, strict=True)
                ]
            hidden = [
                cell for part, ids in zip(key, self._ids, strict=True) for cell in _id_cells(part, len(ids))
            ]
            yield [*self._key_cells(key), *sums, *hidden]

    def _criteria(self, n: int, row: int, part: Part) -> Iterator[tuple[int, list[Way]]]:
        """What rows of the list have to meet to be in a group: for each column the ways to."""
        if not self._ids[n]:
            yield self._by[n], _ways(self._summary.by[n], self._shown[n], row, _plain(part))
        for k, value in enumerate(_id_cells(part, len(self._ids[n]))):
            yield self._ids[n][k], same(f"${letter(self._hidden[n] + k)}{row}", value)

    def _key_cells(self, key: Key) -> Iterator[Any]:
        """What is shown of a group: of a span its days too."""
        for by, titles, part in zip(self._summary.by, self._titles, key, strict=True):
            if by.how != SPAN:
                yield titles.get(part, part)
                continue
            span = by.spans[_whole(_plain(part))]
            yield _(span.title)
            for days in (span.first, span.last):
                yield None if days is None else self._today + timedelta(days)

    def _found_exactly(self, n: int, values: set[Part]) -> set[Part]:
        """The values of a key that a formula tells apart from all others."""
        how = self._summary.by[n].how
        if how == MONTH:
            return values
        if how == SPAN:
            spans = self._summary.by[n].spans
            return {place for place in values if not spans[_whole(_plain(place))].never}
        if width := len(self._ids[n]):
            found: set[Part] = {part for part in values if isinstance(part, tuple)}
            if not any(isinstance(part, str) for part in values):  # by titles, as they have no ids
                found |= {part for part in values if part is None}
            columns = [_exact({_id_cells(part, width)[k] for part in found}) for k in range(width)]
            return {
                part
                for part in found
                if all(cell in exact for cell, exact in zip(_id_cells(part, width), columns, strict=True))
            }
        return _exact(values, items=how == ITEM)

    def _ordered(self) -> list[Key]:
        """The groups: what must not be mixed one after the other, then over time, or else the largest first."""
        keys, spans = list(self._sums), self._summary.by[0].spans
        over_time = self._summary.by[0].how in (MONTH, SPAN)
        if spans:
            keys = [(n, *rest) for rest in dict.fromkeys(key[1:] for key in keys) for n in range(len(spans))]
        elif over_time and self._summary.chart:
            months = _filled({key[0] for key in keys})
            keys = [(month, *rest) for rest in dict.fromkeys(key[1:] for key in keys) for month in months]
        often = Counter[Key]()
        apart = slice(0) if self._apart is None else slice(self._apart, self._apart + 1)
        for key, sums in self._sums.items():
            often[key[apart]] += int(sums[0])

        def order(key: Key) -> tuple[Any, ...]:
            part = key[apart]
            first: Any = key[0] if over_time else -self._sums[key][self._charted]
            return (
                -often[part],
                [str(one or "") for one in part],
                first is None,
                first,
                [titles.get(one) or str(one or "") for titles, one in zip(self._titles, key, strict=True)],
            )

        return sorted(keys, key=order)


def _identified(by: By, titles: dict[Part, str], cells: Sequence[Plain]) -> Sequence[Part]:
    """The group of a row by its ids, of which the title is noted; by the title where it has none."""
    title, ids = cells[0], tuple(cell or None for cell in cells[1:])
    if any(ids):
        titles.setdefault(ids, str(title or ids[0] or ""))
        return (ids,)
    return (str(title),) if title else (None,) if by.empty else ()


def _told_apart(titles: dict[Part, str]) -> dict[Part, str]:
    """The titles of groups; where several have the same with the id, or if that is the same too with all that tells
    them apart."""
    for width in (1, None):
        often = Counter(titles.values())
        plain = {ids: title.removesuffix(_told(ids, 1)) for ids, title in titles.items()}
        titles = {
            ids: plain[ids] + _told(ids, width) if often[title] > 1 else title
            for ids, title in titles.items()
        }
    return titles


def _told(ids: Part, width: int | None) -> str:
    """The ids of a group behind its title."""
    return f" ({', '.join(str(cell) for cell in _id_cells(ids, 1)[:width] if cell)})"


def _id_cells(part: Part, width: int) -> tuple[Plain, ...]:
    """The cells of the ids of a group."""
    return part if isinstance(part, tuple) else (None,) * width


def _exact(values: set[Part], *, items: bool = False) -> set[Part]:
    """Those of the texts, or items of lists, that a formula tells apart from all others."""
    texts = Counter(str(value).lower() for value in values if value is not None)
    if items and any(text.startswith('"') for text in texts):
        return set()
    return {v for v in values if v is None or (can_match(str(v)) and texts[str(v).lower()] == 1)}


def _plain(part: Part) -> Plain:
    """What the cell of a group has that is no group by ids."""
    return None if isinstance(part, tuple) else part


def _parts_of(by: By, today: date) -> Callable[[Plain], Sequence[Plain]]:
    """Cell -> the groups that it belongs to."""
    if by.how == SPAN:
        start = _whole(serial(today))
        never = [n for n, span in enumerate(by.spans) if span.never]
        return lambda cell: (
            _spans_of(by.spans, int(cell) - start)
            if isinstance(cell, int | float)
            else never
            if cell in (None, "")
            else ()
        )
    none: Sequence[Plain] = (None,) if by.empty else ()
    if by.how == MONTH:
        return lambda cell: (_month(int(cell)),) if isinstance(cell, int | float) else none
    if by.how == ITEM:
        return lambda cell: _items(str(cell)) if cell else none
    return lambda cell: (cell,) if cell is not None and cell != "" else none


def _items(text: str) -> Sequence[str]:
    """The items of a list as its cell shows them, each once."""
    return list(dict.fromkeys(item.strip() for item in _ITEMS.findall(text)))


def _spans_of(spans: Sequence[Span], days: int) -> Sequence[Plain]:
    """The numbers of the spans that a day is in, so many days after that of the export."""
    return [
        n
        for n, span in enumerate(spans)
        if not span.never
        and (span.first is None or span.first <= days)
        and (span.last is None or days <= span.last)
    ]


@lru_cache(10_000)
def _month(day: int) -> Plain:
    """The first day of the month, both as Excel's numbers."""
    return serial(day_of(day).replace(day=1))


def _filled(months: set[Part]) -> list[Part]:
    """These months with those in between."""
    days = [day_of(int(month)) for month in months if isinstance(month, int | float)]
    numbers = [day.year * 12 + day.month - 1 for day in days]
    if not days or max(numbers) - min(numbers) > _MOST_MONTHS:
        return list(months)
    between = [serial(date(n // 12, n % 12 + 1, 1)) for n in range(min(numbers), max(numbers) + 1)]
    return [*between, *([None] if None in months else [])]


def _whole(value: Plain) -> int:
    """The number in a cell, 0 for none."""
    return int(value) if isinstance(value, int | float) else 0


def _ways(by: By, column: int, row: int, value: Plain) -> list[Way]:
    cell = f"${letter(column)}{row}"
    if by.how == SPAN:
        span = by.spans[_whole(value)]
        first, last = (f"${letter(column + n)}{row}" for n in (1, 2))
        return between(first if span.first is not None else "", last if span.last is not None else "")
    if value is None or by.how not in (MONTH, ITEM):
        return same(cell, value)
    return within_month(cell) if by.how == MONTH else having(cell, value)
