"""Which columns an export writes, in which order: ticked in a list, moved by mouse, buttons or keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from lwdesk.app.exporting.columns import REST, added, inserted, place_of, places, user_fields
from lwdesk.app.settings import Settings
from lwdesk.base.text import _, ngettext
from lwdesk.catalog.export_model import Export
from lwdesk.ui.form import Combo
from lwdesk.ui.theme import grown
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import button, card, column, label, row

_SECTION = "exports"


class ColumnOrder(QWidget):
    """The columns of one export, in the order and selection used last. Emits `changed` on every change."""

    changed = Signal()

    def __init__(self, entry: Export, settings: Settings):
        super().__init__()
        self._entry, self._settings, self._filling = entry, settings, False
        self.list = _List(self.shift)
        self.list.setAccessibleName(_("Columns"))
        self.list.setMinimumHeight(grown(230))
        self.list.itemChanged.connect(self._touched)
        self.list.model().rowsMoved.connect(self._touched)
        self.count = label(role="small")
        up = button(_("Up"), "quiet", "arrow-up", lambda: self.shift(-1))
        down = button(_("Down"), "quiet", "arrow-down", lambda: self.shift(1))
        for found, keys in ((up, "Alt+Up"), (down, "Alt+Down")):
            set_tip(found, native_keys(keys))
        every = button(_("All"), "link", clicked=lambda: self.tick(True))
        none = button(_("None"), "link", clicked=lambda: self.tick(False))
        usual = button(_("Default order"), "link", clicked=self.reset)
        every.setAccessibleName(_("Tick all columns"))
        none.setAccessibleName(_("Clear all columns"))
        usual.setAccessibleName(_("All columns in their usual order"))
        self.more = Combo()
        self.more.setAccessibleName(_("Add a user field"))
        self.more.setMaximumWidth(grown(420))
        self.more.activated.connect(self._add)
        self.more.setVisible(entry.person is not None)
        self.offer(user_fields(()))
        words = _("Selected columns are exported in this order. Drag them, or use the buttons.")
        beside = column(up, down, None, gap=8)
        middle = row(gap=12)
        middle.addWidget(self.list, 1)
        middle.addLayout(beside)
        layout = row()
        layout.addWidget(
            card(
                row(label(_("Columns"), "section"), self.count, None, every, none, usual, gap=8),
                label(words, "small", wrap=True),
                middle,
                self.more,
            )
        )
        self.setLayout(layout)
        self._fill(**_remembered(entry, settings))

    @property
    def columns(self) -> list[str]:
        """The places of the columns to write; empty where nothing differs from the usual."""
        found = self._all()
        chosen = [place for place, on in found if on]
        return [] if chosen == places(self._entry) else chosen

    def offer(self, fields: Mapping[str, str]) -> None:
        """Offer these fields of users to be added, where they are no columns yet: place in a user's record -> title."""
        self.more.clear()
        self.more.addItem(_("Add a user field…"), "")
        for field, title in fields.items():
            if (place := place_of(self._entry, field)) not in places(self._entry):
                self.more.addItem(title, place)

    def _add(self, number: int) -> None:
        """Add a column with a field of the user, after those with the user's name."""
        new = self.more.itemData(number)
        self.more.setCurrentIndex(0)
        if not new:
            return
        found = self._all()
        order = inserted([place for place, _on in found], [new])
        self._fill(order, [place for place, on in found if not on and place != new])
        self.list.setCurrentRow(order.index(new))
        self._touched()

    @property
    def some(self) -> bool:
        """Whether a column is ticked at all."""
        return any(on for _place, on in self._all())

    def tick(self, on: bool) -> None:
        """Tick all columns, or none."""
        every = [place for place, _on in self._all()]
        self._fill(every, [] if on else every)
        self._touched()

    def reset(self) -> None:
        """All columns, in their usual order."""
        self._fill(places(self._entry), [])
        self._touched()

    def shift(self, by: int) -> None:
        """Move the column that is chosen up or down."""
        now = self.list.currentRow()
        then = now + by
        if now < 0 or not 0 <= then < self.list.count():
            return
        self.list.insertItem(then, self.list.takeItem(now))
        self.list.setCurrentRow(then)
        self._touched()

    def show_columns(self, columns: Sequence[str]) -> None:
        """Tick these columns, in this order; none for all. What is remembered of the last export stays."""
        known = places(self._entry)
        order = [place for place in columns if place in known or added(self._entry, place)]
        rest = [place for place in known if place not in order]
        self._fill(order + rest, rest if order else [])

    def _fill(self, order: list[str], off: list[str]) -> None:
        titles = {column.at: column.heading for column in self._entry.outs}
        titles[self._entry.open + REST] = _("Your school's custom fields")
        self._filling = True
        self.list.clear()
        for place in order:
            more = added(self._entry, place) if place not in titles else None
            item = QListWidgetItem(more.heading if more else titles[place])
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setCheckState(Qt.CheckState.Unchecked if place in off else Qt.CheckState.Checked)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._filling = False
        self._count()

    def _all(self) -> list[tuple[str, bool]]:
        items = [self.list.item(n) for n in range(self.list.count())]
        checked = Qt.CheckState.Checked
        return [(item.data(Qt.ItemDataRole.UserRole), item.checkState() == checked) for item in items]

    def _count(self) -> None:
        found = self._all()
        chosen = sum(on for _place, on in found)
        text = ngettext("{chosen} of {n} column", "{chosen} of {n} columns", len(found), chosen=chosen)
        self.count.setText(text)

    def _touched(self, *_about: Any) -> None:
        if self._filling:
            return
        self._count()
        found = self._all()
        order, off = [place for place, _on in found], [place for place, on in found if not on]
        usual = order == places(self._entry) and not off
        self._settings.change(_SECTION, self._entry.id, None if usual else {"order": order, "off": off})
        self.changed.emit()


def _remembered(entry: Export, settings: Settings) -> dict[str, list[str]]:
    """The order used last; columns added since then come at the end, ticked."""
    known, kept = places(entry), settings.section(_SECTION).get(entry.id, {})
    order = [place for place in kept.get("order", []) if place in known or added(entry, place)]
    order += [place for place in known if place not in order]
    return {"order": order, "off": [place for place in kept.get("off", []) if place in order]}


class _List(QListWidget):
    """A list whose lines are dragged up and down, or moved with Alt and the arrows."""

    def __init__(self, move: Any):
        super().__init__()
        self._move = move
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in keys:
            self._move(keys[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
