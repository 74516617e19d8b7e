"""Which rows an export brings: a field for every filter of the entry, and the filters that were filled in."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from lwdesk.base.text import _
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.filters import first_of
from lwdesk.catalog.model import Column, custom_column
from lwdesk.catalog.people import USERS_OF
from lwdesk.ui.context import Context
from lwdesk.ui.form import DateField, Field, FieldBox, field_for
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.widgets import button, card, label, row
from lwdesk.ui.widgets import column as stacked

# So many filters are shown at once; of more, those that few users need are folded.
_SHOWN = 6
# Debounce: milliseconds without a change before `changed` is emitted.
_CALM = 900


def _rare(entry: Export) -> set[str]:
    """The filters that few users need: whose rows come, beside an export's own, but for the users of a sheet."""
    narrows = entry.narrows if entry.filters else ()
    whose = {column.id for column in (*narrows, *entry.people)} - {USERS_OF.id}
    return whose if len(entry.choices) > _SHOWN else set()


def _grid(boxes: Sequence[QWidget]) -> CardGrid:
    return CardGrid(boxes, least=190, most=4)


class FilterForm(QWidget):
    """The filters of one export. `changed` comes when the user has stopped typing."""

    changed = Signal()

    def __init__(self, entry: Export, context: Context):
        super().__init__()
        self._entry, self._context = entry, context
        self.fields: dict[str, Field] = {}
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self.changed)
        self.clear = button(_("Clear"), "link", clicked=self.forget)
        self.clear.setAccessibleName(_("Clear the filters"))
        self.clear.hide()
        self.boxes: dict[str, FieldBox] = {}
        for column in entry.choices:
            self._box(column)
        title = label(_("Which users") if entry.pages else _("Which rows"), "section")
        self._all = label(_("This export always includes everything."), "quiet", wrap=True)
        self._all.setVisible(not self.boxes)
        hint = _("If blank, everything is exported.")
        if entry.pages:
            hint = _("Choose users in at least one of the fields below. Each user gets a page.")
        if any(isinstance(column.kind, Date) for column in entry.choices):
            hint += " " + _("Dates start at midnight in the time zone below.")
            hint += " " + _("Instead of a date, you can use yesterday, last month, or last 7 days.")
        words = label(hint, "small", wrap=True)
        words.setVisible(bool(self.boxes))
        rare, options = _rare(entry), {column.id for column in entry.options}
        grid = _grid([box for name, box in self.boxes.items() if name not in rare | options])
        self._custom = row()
        self._rare = QWidget()
        self._rare.setLayout(
            stacked(_grid([box for name, box in self.boxes.items() if name in rare]), self._custom)
        )
        self.more = button(_("More filters"), "link", "caret-down", self.unfold)
        self._folded = bool(rare)
        looks = label(_("Sheet options"), "section")
        looks.setVisible(bool(options))
        inside = card(
            row(title, None, self.clear),
            *(words, self._all, grid, row(self.more, None), self._rare, looks),
            _grid([self.boxes[name] for name in self.boxes if name in options]),
            gap=10,
        )
        layout = row()
        layout.addWidget(inside)
        self.setLayout(layout)
        self.more.setVisible(self._folded)
        self._rare.setVisible(not self._folded)

    def _box(self, column: Column) -> FieldBox:
        field = self.fields[column.id] = field_for(column, self._context)
        field.changed.connect(self._touched)
        if isinstance(field, DateField):
            field.offers_periods = True
            field.period_picked.connect(lambda text: self._set_span(column.id, text))
        box = self.boxes[column.id] = FieldBox(field.title, field, self._context)
        return box

    def _set_span(self, name: str, text: str) -> None:
        """Put a period that was picked into the field, and into that of the other end of the span."""
        for other in self.fields:
            if first_of(other) == first_of(name):
                self.fields[other].set_text(text)

    def offer(self, keys: Iterable[str]) -> None:
        """Add the school's own fields of users to the filters."""
        new = [key for key in keys if key not in self.fields]
        if new and self._entry.open:
            self._custom.addWidget(_grid([self._box(custom_column(key)) for key in new]))

    @property
    def where(self) -> dict[str, str]:
        """Filter -> text, of those that were filled in."""
        return {name: text for name, field in self.fields.items() if (text := field.text())}

    def unfold(self) -> None:
        """Show the filters that few users need."""
        self._folded = False
        self.more.hide()
        self._rare.show()

    def set(self, where: Mapping[str, str]) -> None:
        """Fill fields in: filter -> text. Those that the export doesn't have are passed over."""
        if any(name.startswith("cf_") or name in _rare(self._entry) for name in where):
            self.unfold()
        for name, text in where.items():
            if name.startswith("cf_"):
                self.offer((name,))
            if name in self.fields:
                self.fields[name].set_text(text)

    def forget(self) -> None:
        """Empty all fields."""
        for field in self.fields.values():
            field.set_text("")

    def _touched(self) -> None:
        self.clear.setVisible(bool(self.where))
        self._calm.start()
