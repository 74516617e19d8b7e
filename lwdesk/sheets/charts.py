"""Charts of a sheet, native ones of Excel: light on ink, told apart in black and white."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from lwdesk.sheets.columns import Formula, Link
from lwdesk.sheets.sheet import Chart

# Width in characters of the standard font, and how many bars a chart has at the most.
SPAN, _BARS = 80, 15
_PIXELS = {"width": 560, "height": 380}
_INK = ("#1F4E79", "#9DC3E6", "#7F7F7F", "#D9D9D9", "#2E75B6")
_LINE = {"color": "#404040", "width": 0.5}
_GRID = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}
_MOVES_ALONE = 3


def draw(
    book: Any,
    page: Any,
    chart: Chart,
    rows: Sequence[Sequence[Any]],
    formats: Sequence[str],
    titles: Sequence[str],
) -> None:
    """Put the chart right of a sheet of XlsxWriter with these rows; `formats` are the number formats of its columns,
    `titles` their headers."""
    runs = _runs(chart, rows)
    if not runs:
        return
    drawn = book.add_chart({"type": "bar" if chart.bars else "column"})
    series = [(name, first, last, chart.values) for name, first, last in runs]
    if chart.beside:
        [(_name, first, last)] = runs
        series = [(titles[index], first, last, index) for index in (chart.values, *chart.beside)]
    for number, (name, first, last, values) in enumerate(series):
        part = rows[first - 1 : last]
        drawn.add_series(
            {
                "name": str(name or chart.title),
                "categories": [page.name, first, chart.labels, last, chart.labels],
                "values": [page.name, first, values, last, values],
                "categories_data": [shown(row[chart.labels]) for row in part],
                "values_data": [shown(row[values]) for row in part],
                "fill": {"color": _INK[number % len(_INK)]},
                "border": _LINE,
                "gap": 60,
            }
        )
    only = f" ({runs[0][0]})" if len(runs) == 1 and chart.series is not None and runs[0][0] else ""
    drawn.set_title({"name": chart.title + only, "name_font": {"size": 12, "bold": False}, "overlay": False})
    labels = {"num_format": formats[chart.labels], "text_axis": True, "label_position": "low"}
    figures = {
        "num_format": formats[chart.values].removesuffix(".00"),
        "major_gridlines": _GRID,
        "line": {"none": True},
    }
    if chart.bars:  # upright is what bars are named by, the first one at the top
        drawn.set_y_axis({**labels, "reverse": True})
        drawn.set_x_axis(figures)
    else:
        drawn.set_x_axis(labels)
        drawn.set_y_axis(figures)
    drawn.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
    drawn.set_size(_PIXELS)
    page.insert_chart(1, len(formats) + 1, drawn, {"object_position": _MOVES_ALONE})


def _runs(chart: Chart, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, int, int]]:
    """The series: name, first and last row (counted from 0, below the header)."""
    found, first = [], 1
    for name, part in groupby(rows, lambda row: None if chart.series is None else row[chart.series]):
        last = first + len(list(part)) - 1
        found.append((name, first, last))
        first = last + 1
    return [(name, a, min(b, a + _BARS - 1)) for name, a, b in found[:1]] if chart.bars else found


def shown(value: Any) -> Any:
    """What a cell shows: of a formula, what it comes to, of a link its text."""
    if isinstance(value, Link):
        return value.text
    return value.value if isinstance(value, Formula) else value
