"""What the workbook of an export sums up, with a chart: the same figures as on its sheets."""

from collections.abc import Sequence
from functools import partial
from itertools import takewhile
from typing import Any

from PySide6.QtCore import QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QTableWidgetItem, QWidget

from lwdesk.base.text import _
from lwdesk.sheets.columns import Plain, day_of, duration_text
from lwdesk.sheets.sheet import Charted
from lwdesk.ui.colours import colours
from lwdesk.ui.flow import Flow
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import button, card, clear, label, plain_table, row

# How many bars there is room for.
_BARS, _COLUMNS = 8, 12
_NONE = "–"


def cell_text(value: Plain, kind: str) -> str:
    """The text of a cell, as the workbook shows it in this computer's language."""
    if value is None or value == "":
        return ""
    if kind == "month" and isinstance(value, int | float):
        return f"{day_of(value):%Y-%m}"
    if kind == "date" and isinstance(value, int | float):
        return f"{day_of(value):%Y-%m-%d}"
    if kind in ("duration", "seconds") and isinstance(value, int | float):
        return str(duration_text(value * 86_400))
    if kind == "percent" and isinstance(value, int | float):
        return f"{QLocale().toString(value * 100, 'f', 0)}%"
    if isinstance(value, int | float):
        return QLocale().toString(
            float(value), "f", 2 if kind == "money" else 0 if value == int(value) else 2
        )
    return str(value)


def series_of(sheet: Charted) -> tuple[str, list[tuple[str, float]]]:
    """The title of a sheet's chart, and its first series: label and figure of each bar."""
    chart, rows = sheet.chart, sheet.rows
    title = _(chart.title)
    if (place := chart.series) is not None and rows:
        first = rows[0][place]
        rows = list(takewhile(lambda one: one[place] == first, rows))
        title = f"{title} ({first})" if first else title
    rows = rows[:_BARS] if chart.bars else rows[-_COLUMNS:]
    kind = sheet.columns[chart.labels].kind
    return title, [(cell_text(one[chart.labels], kind) or _NONE, _figure(one[chart.values])) for one in rows]


def _figure(value: Any) -> float:
    return float(value) if _is_figure(value) else 0.0


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float)


def _item(text: str, right: bool) -> QTableWidgetItem:
    found = QTableWidgetItem(text)
    if right:
        found.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return found


class BarChart(QWidget):
    """The bars of one series: upright over time, lying where each has a name. Screen readers get its figures."""

    def __init__(self, sheet: Charted):
        super().__init__()
        self.title, self.bars = series_of(sheet)
        self._lying, self._kind = sheet.chart.bars, sheet.columns[sheet.chart.values].kind
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(
            "; ".join(f"{name}: {self._text(figure)}" for name, figure in self.bars)
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(grown(210))

    def _text(self, figure: float) -> str:
        return cell_text(round(figure), "integer") if self._kind == "money" else cell_text(figure, self._kind)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(colours().text))
        if self.bars:
            (self._paint_lying if self._lying else self._paint_upright)(painter)

    def _paint_lying(self, painter: QPainter) -> None:
        metrics = painter.fontMetrics()
        longest = max(metrics.horizontalAdvance(name) for name, _figure in self.bars)
        names = min(self.width() * 0.4, longest + 12)
        room = max(metrics.horizontalAdvance(self._text(figure)) for _name, figure in self.bars) + 12
        most = max(abs(figure) for _name, figure in self.bars) or 1
        height = self.height() / _BARS
        for n, (name, figure) in enumerate(self.bars):
            line = QRectF(0, n * height, self.width(), height)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(names - 8))
            painter.drawText(QRectF(0, line.top(), names - 8, height), Qt.AlignmentFlag.AlignVCenter, shown)
            width = (self.width() - names - room) * abs(figure) / most
            self._bar(painter, QRectF(names, line.top() + height * 0.18, width, height * 0.64))
            place = QRectF(names + width + 6, line.top(), room, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._text(figure))

    def _paint_upright(self, painter: QPainter) -> None:
        metrics = painter.fontMetrics()
        high, low = max(0.0, *(f for _n, f in self.bars)), min(0.0, *(f for _n, f in self.bars))
        span, line = (high - low) or 1, metrics.height() + 4
        room = self.height() - 2 * line
        zero, width = line + room * high / span, self.width() / len(self.bars)
        every = max(1, -(-metrics.horizontalAdvance("0000-00 ") // max(1, round(width))))
        wide = max(metrics.horizontalAdvance(self._text(figure)) for _name, figure in self.bars) + 4
        figures = max(1, -(-wide // max(1, round(width))))
        for n, (name, figure) in enumerate(self.bars):
            left, size = n * width, room * abs(figure) / span
            top = zero - size if figure >= 0 else zero
            self._bar(painter, QRectF(left + width * 0.18, top, width * 0.64, size))
            middle = left + width / 2
            if n % figures == 0:
                at = top - line if figure >= 0 else top + size
                self._text_at(painter, middle, at, self._text(figure))
            if n % every == 0:
                self._text_at(painter, middle, self.height() - line, name)
        painter.setPen(QColor(colours().edge))
        painter.drawLine(0, round(zero), self.width(), round(zero))

    def _text_at(self, painter: QPainter, middle: float, top: float, text: str) -> None:
        """Centred, but never cut by the edges."""
        width = painter.fontMetrics().horizontalAdvance(text) + 2
        left = min(max(0.0, middle - width / 2), self.width() - width)
        painter.drawText(QRectF(left, top, width, painter.fontMetrics().height()), text)

    @staticmethod
    def _bar(painter: QPainter, where: QRectF) -> None:
        painter.fillRect(where, QColor(colours().accent))


class ChartedSheets(QWidget):
    """The sheets with a chart of a finished export, one at a time: its chart beside its figures."""

    def __init__(self) -> None:
        super().__init__()
        self._sheets: Sequence[Charted] = ()
        self.title = label("", "strong")
        self.choice = QButtonGroup(self)
        self._line = Flow(gap=8)
        self._charts = row(gap=0)
        self.chart: BarChart | None = None
        self.table = plain_table(_("Chart data"))
        figures = row(gap=16)
        figures.addLayout(self._charts, 3)
        figures.addWidget(self.table, 2)
        layout = row()
        layout.addWidget(card(self._line, self.title, figures))
        self.setLayout(layout)
        self.hide()

    def show_sheets(self, sheets: Sequence[Charted]) -> None:
        """Show these sheets, the first one at first."""
        if list(sheets) == list(self._sheets):
            return
        self._sheets = sheets
        clear(self._line)
        for old in self.choice.buttons():
            self.choice.removeButton(old)
        for sheet in sheets:
            found = button(sheet.title, "chip", clicked=partial(self._show, sheet))
            self.choice.addButton(found)
            self._line.addWidget(found)
        self.setVisible(bool(sheets))
        if sheets:
            self.choice.buttons()[0].setChecked(True)
            self._show(sheets[0])

    def _show(self, sheet: Charted) -> None:
        clear(self._charts)
        chart = self.chart = BarChart(sheet)
        self._charts.addWidget(chart, 0, Qt.AlignmentFlag.AlignTop)
        self.title.setText(chart.title)
        self.table.setRowCount(len(sheet.rows))
        self.table.setColumnCount(len(sheet.columns))
        for place, column in enumerate(sheet.columns):
            right = column.kind != "month" and any(_is_figure(cells[place]) for cells in sheet.rows)
            self.table.setHorizontalHeaderItem(place, _item(column.title, right))
            for line, cells in enumerate(sheet.rows):
                self.table.setItem(line, place, _item(cell_text(cells[place], column.kind) or _NONE, right))
        self.table.resizeColumnsToContents()
