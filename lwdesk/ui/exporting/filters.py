"""Which rows an export brings: a field for every filter of the entry, and the filters that were filled in."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from lwdesk.base.text import _
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.model import Column, Export, custom_column
from lwdesk.ui.context import Context
from lwdesk.ui.form import Field, FieldBox, field_for
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.widgets import button, card, label, row

# Debounce: milliseconds without a change before `changed` is emitted.
_CALM = 900


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
        title = label(_("Which rows"), "section")
        self._all = label(_("This export always brings everything there is."), "quiet", wrap=True)
        self._all.setVisible(not self.boxes)
        hint = _("If blank, everything is exported.")
        if any(isinstance(column.kind, Date) for column in entry.choices):
            hint += " " + _("Days begin at midnight in the time zone below.")
        words = label(hint, "small", wrap=True)
        words.setVisible(bool(self.boxes))
        options = [self.boxes[column.id] for column in entry.options]
        grid = CardGrid([box for box in self.boxes.values() if box not in options], least=190, most=4)
        self._custom = row()
        looks = label(_("What the sheets look like"), "section")
        looks.setVisible(bool(options))
        inside = card(
            row(title, None, self.clear),
            *(words, self._all, grid, self._custom, looks, CardGrid(options, least=190, most=4)),
            gap=10,
        )
        layout = row()
        layout.addWidget(inside)
        self.setLayout(layout)

    def _box(self, column: Column) -> FieldBox:
        field = self.fields[column.id] = field_for(column, self._context)
        field.changed.connect(self._touched)
        box = self.boxes[column.id] = FieldBox(field.title, field, self._context)
        return box

    def offer(self, keys: Iterable[str]) -> None:
        """Add the school's own fields of users to the filters."""
        new = [key for key in keys if key not in self.fields]
        if new and self._entry.open:
            boxes = [self._box(custom_column(key)) for key in new]
            self._custom.addWidget(CardGrid(boxes, least=190, most=4))

    @property
    def where(self) -> dict[str, str]:
        """Filter -> text, of those that were filled in."""
        return {name: text for name, field in self.fields.items() if (text := field.text())}

    def set(self, where: Mapping[str, str]) -> None:
        """Fill fields in: filter -> text."""
        for name, text in where.items():
            if name.startswith("cf_"):
                self.offer((name,))
            self.fields[name].set_text(text)

    def forget(self) -> None:
        """Empty all fields."""
        for field in self.fields.values():
            field.set_text("")

    def _touched(self) -> None:
        self.clear.setVisible(bool(self.where))
        self._calm.start()
