"""Form fields for the catalog's columns: the kind of a column decides the widget."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
    QWidgetAction,
)
from shiboken6 import isValid

from lwdesk.app.importing.resolve import listings
from lwdesk.base.errors import AppError
from lwdesk.base.text import _, language, quoted
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, YesNo
from lwdesk.catalog.filters import OFFERED
from lwdesk.catalog.model import Column
from lwdesk.catalog.people import UserSheet
from lwdesk.catalog.words import period_in
from lwdesk.ui.context import Context
from lwdesk.ui.icons import icon
from lwdesk.ui.theme import grown
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import SIGNS, announce, clear, help_link, label, restyle, row, say
from lwdesk.ui.widgets import column as stacked
from lwdesk.ui.words import capital


class Field(QWidget):
    """Asks for one value. `text` is what a cell would hold; `changed` says that it is another now."""

    changed = Signal()

    def __init__(self, column: Column):
        super().__init__()
        self.column = column
        self.title = _(column.title)

    def text(self) -> str:
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        raise NotImplementedError

    def _hold(self, inner: QWidget, *more: QWidget) -> None:
        inner.setAccessibleName(self.title)
        if self.column.help:
            set_tip(inner, _(self.column.help))
        layout = row(gap=4)
        layout.addWidget(inner, 1)
        for widget in more:
            layout.addWidget(widget)
        self.setLayout(layout)
        self.setFocusProxy(inner)


class TextField(Field):
    """Anything that is typed."""

    def __init__(self, column: Column):
        super().__init__(column)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(column.example)
        self.edit.textChanged.connect(lambda _text: self.changed.emit())
        self._hold(self.edit)

    def text(self) -> str:
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)


class ChoiceField(Field):
    """One of a few words; empty where nothing was chosen, or where the default was, whose value is ""."""

    def __init__(self, column: Column, words: list[tuple[str, str]]):
        super().__init__(column)
        self.box = Combo()
        if not any(not value for value, _shown in words):
            self.box.addItem("–", "")
        for value, shown in words:
            self.box.addItem(shown, value)
        self.box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._hold(self.box)

    def text(self) -> str:
        return str(self.box.currentData() or "")

    def set_text(self, text: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(text)))


class DateField(Field):
    """A day, typed as year-month-day or picked from a calendar. Where it `offers_periods`, "last month" and the like
    can be picked, too: `period_picked` tells which."""

    period_picked = Signal(str)

    def __init__(self, column: Column):
        super().__init__(column)
        self.offers_periods = False
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(_("YYYY-MM-DD"))
        self.edit.textChanged.connect(lambda _text: self.changed.emit())
        self.pick = QPushButton()
        self.pick.setIcon(icon("calendar-blank", "quiet"))
        self.pick.setAccessibleName(_("{title}: open the calendar").format(title=self.title))
        self.pick.clicked.connect(self._open)
        self._hold(self.edit, self.pick)

    def text(self) -> str:
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def _open(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setLocale(QLocale())
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        known = QDate.fromString(self.text(), Qt.DateFormat.ISODate)
        if known.isValid():
            calendar.setSelectedDate(known)
        calendar.clicked.connect(lambda day: self._picked(day, menu))
        calendar.activated.connect(lambda day: self._picked(day, menu))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        for which in OFFERED if self.offers_periods else ():
            text = period_in(language(), which)
            menu.addAction(capital(text)).triggered.connect(partial(self._picked_period, text))
        menu.popup(self.pick.mapToGlobal(self.pick.rect().bottomLeft()))
        calendar.setFocus()

    def _picked_period(self, text: str, _checked: bool = False) -> None:
        self.period_picked.emit(text)

    def _picked(self, day: QDate, menu: QMenu) -> None:
        self.edit.setText(day.toString(Qt.DateFormat.ISODate))
        menu.close()


class SheetField(Field):
    """A file with users, chosen or typed; or the users themselves."""

    def __init__(self, column: Column):
        super().__init__(column)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(_("a file, or emails"))
        self.edit.textChanged.connect(lambda _text: self.changed.emit())
        self.pick = QPushButton()
        self.pick.setIcon(icon("folder", "quiet"))
        set_tip(self.pick, _("Choose a file…"))
        self.pick.setAccessibleName(_("{title}: choose a file").format(title=self.title))
        self.pick.clicked.connect(self._choose)
        self._hold(self.edit, self.pick)

    def text(self) -> str:
        return self.edit.text().strip()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def _choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, self.title, self.text())
        if path:
            self.edit.setText(path)


class ReferenceField(Field):
    """Things of the school, from a list that is searched while one types; several apart by semicolons."""

    def __init__(self, column: Column, context: Context):
        super().__init__(column)
        self._many = column.each or isinstance(column.kind, Several)
        self._titles: list[str] = []
        self.box = Combo()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setCurrentText("")
        edit = self.box.lineEdit()
        assert edit is not None
        edit.setPlaceholderText(_("type to search"))
        edit.textChanged.connect(lambda _text: self.changed.emit())
        self.box.activated.connect(self._chosen)
        self._before = ""
        self._hold(self.box)
        if context.school is not None:
            for name in listings(column):
                context.work.ask(
                    "schools.titles", context.school.name, name, done=self._offer, failed=self._without
                )

    def text(self) -> str:
        return self.box.currentText().strip()

    def set_text(self, text: str) -> None:
        self._before = ""
        self.box.setCurrentText(text)

    def _offer(self, found: list[tuple[str, str]]) -> None:
        if not isValid(self.box):
            return  # the form was closed meanwhile
        text = self.box.currentText()
        self._titles += [title for _id, title in found]
        self.box.clear()
        self.box.addItems(sorted(self._titles, key=str.casefold))
        self.box.setCurrentIndex(-1)
        self.box.setCurrentText(text)
        completer = QCompleter(self._titles, self.box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.box.setCompleter(completer)

    def _without(self, _error: AppError) -> None:
        """No list then: the title can be typed all the same, and is checked later."""

    def _chosen(self, _index: int) -> None:
        if self._many and self._before:
            self.box.setCurrentText(f"{self._before}; {quoted(self.box.currentText())}")
        self._before = self.box.currentText() if self._many else ""


class WholeNumberField(QLineEdit):
    """A whole number from 1 on."""

    def __init__(self, most: int):
        super().__init__()
        self.setValidator(QIntValidator(1, most, self))
        self.setFixedWidth(grown(84))

    def value(self) -> int:
        return int(self.text() or 1)

    def setValue(self, value: int) -> None:
        self.setText(str(value))


# Entries of a list that are shown without scrolling; a longer one can be searched by typing.
_SHOWN = 12


class Combo(QComboBox):
    """A drop-down list that a scrolling wheel passes over, and that may be narrow. A long one is searched by typing."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaxVisibleItems(_SHOWN)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def make_searchable(self) -> None:
        """Let words of an entry be typed, where the list is long; what is no entry is taken back."""
        if self.count() <= _SHOWN or self.isEditable():
            return
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        searched, edit = self.completer(), self.lineEdit()
        assert searched is not None and edit is not None
        searched.setFilterMode(Qt.MatchFlag.MatchContains)
        searched.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        searched.setMaxVisibleItems(_SHOWN)
        edit.setAccessibleName(self.accessibleName())
        edit.editingFinished.connect(lambda: self.setEditText(self.itemText(self.currentIndex())))


def field_for(column: Column, context: Context) -> Field:
    """The field that asks for a column's value."""
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    if isinstance(kind, Reference) and listings(column):
        return ReferenceField(column, context)
    if isinstance(column.kind, UserSheet):
        return SheetField(column)
    if isinstance(column.kind, YesNo):
        return ChoiceField(column, [("" if column.default else "yes", _("Yes")), ("no", _("No"))])
    if isinstance(column.kind, Choice):
        values = column.kind.values
        if column.kind.labels:
            labels = zip(values, column.kind.labels, strict=True)
            return ChoiceField(column, [("" if v == column.default else v, _(text)) for v, text in labels])
        return ChoiceField(column, [(value, value.replace("_", " ")) for value in values])
    return DateField(column) if isinstance(column.kind, Date) else TextField(column)


class FieldBox(QWidget):
    """A field under its name, if it has one; what is wrong with it is shown below until it is changed."""

    def __init__(self, name: str, field: QLineEdit | Field, context: Context):
        super().__init__()
        self.field, self._context = field, context
        words = label(name, "small", wrap=True)
        if name:
            words.setBuddy(field)
            field.setAccessibleName(name)
        field.setMinimumWidth(grown(150))
        self.wrong = label(role="small", wrap=True, tone="failed")
        self._more = row(gap=0)
        layout = stacked(words, field, self.wrong, self._more, gap=4)
        layout.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)
        words.setVisible(bool(name))  # once it is part of this: alone it would be a window
        self.rest()
        signal = field.changed if isinstance(field, Field) else field.textChanged
        signal.connect(self.rest)

    def fail(self, error: AppError) -> None:
        """Show what is wrong, and bring the keyboard here."""
        say(self.wrong, f"{SIGNS['failed']} {error}")
        clear(self._more)
        self._more.addWidget(help_link(self._context, error.help))
        self._more.addStretch(1)
        self._mark("failed", str(error))
        self.field.setFocus()
        announce(self, str(error))

    def rest(self) -> None:
        """Show no error."""
        say(self.wrong, "")
        clear(self._more)
        self._mark("", "")

    def _mark(self, tone: str, words: str) -> None:
        inner = self.field.focusProxy() or self.field
        inner.setAccessibleDescription(words)
        restyle(inner, tone=tone)


def shown_beside(error: AppError, boxes: Mapping[str, FieldBox]) -> bool:
    """Show an error at the field that it speaks of, by name. Returns whether there is one."""
    found = boxes.get(error.field)
    if found is not None:
        found.fail(error)
    return found is not None
