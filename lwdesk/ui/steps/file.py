"""Step 1: the file. What is in it, which sheet, which row has the headers, what to do with its rows."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from lwdesk.app.importing.guess import Guess
from lwdesk.app.importing.preview import Preview, SheetFacts
from lwdesk.base.errors import NoHeadersError
from lwdesk.base.text import _, listing, ngettext
from lwdesk.catalog import recipe
from lwdesk.sheets.read_csv import Undecided
from lwdesk.sheets.table import letter
from lwdesk.ui.colours import colours
from lwdesk.ui.context import Context
from lwdesk.ui.drop import DropZone
from lwdesk.ui.exporting.target import folder_of
from lwdesk.ui.flow import Flow
from lwdesk.ui.form import Combo, WholeNumberField
from lwdesk.ui.steps.purpose import PurposePicker
from lwdesk.ui.steps.step import Step, WizardState
from lwdesk.ui.theme import font, grown
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import Banner, button, card, chip, column, label, row, set_chip
from lwdesk.ui.words import entry_title, moment

_MOST_COLUMNS = 60
# Other sheets that are named, at most.
_MOST_NAMED = 10


class FileStep(Step):
    """A place to drop the file; once it is there, a look into it. Emits `opened` (a path) for a file that was dropped
    or chosen: the page lets go of the one before."""

    opened = Signal(object)

    def __init__(self, context: Context, wizard: WizardState, banner: Banner):
        super().__init__(context, wizard, banner)
        self._known: dict[str, SheetFacts] = {}  # what the sheets of the file hold, as far as it is known
        self.drop = DropZone(self.opened.emit)
        self.name = label(role="section", wrap=True)
        self.kind = chip("", "plain")
        self.sheets = Combo()
        self.sheets.setAccessibleName(_("Sheet"))
        sheets_name = label(_("Sheet"), "small")
        sheets_name.setBuddy(self.sheets)
        self.header_row = WholeNumberField(1_048_576)
        self.header_row.setAccessibleName(_("Column header row"))
        header_name = label(_("Column headers in row"), "small")
        header_name.setBuddy(self.header_row)
        self.table = QTableWidget()
        self.notes = label(role="quiet", wrap=True)
        self.readings = QWidget()
        self.ways = column(gap=8)
        self.readings.setLayout(self.ways)
        self.readings.hide()
        self.data = button(_("The first row is data"), "quiet", clicked=self._add_headers)
        self.other = button(_("Another file…"), "quiet", "file", self._another)
        self.picker = PurposePicker(wizard)
        self.picker.picked.connect(self._picked)
        self.purpose, self.about = label(role="section", wrap=True), label(role="small", wrap=True)
        self.change = button(_("Something else…"), "quiet", clicked=self._show_picker)
        look = QWidget()
        facts = row(gap=8)
        facts.addWidget(self.name, 1)
        self.sheet_box = _beside(sheets_name, self.sheets)
        more = Flow(
            self.kind, self.sheet_box, _beside(header_name, self.header_row), self.data, gap=8, end=True
        )
        facts.addLayout(more, 2)
        self._purpose = self._purpose_card()
        look.setLayout(column(self._purpose, facts, self.notes, self.table, gap=12))
        empty = QWidget()
        empty.setLayout(column(self.readings, self.drop, None))
        self.stack = QStackedWidget()
        self.stack.addWidget(empty)
        self.stack.addWidget(look)
        self.stack.addWidget(self.picker)
        self.setLayout(column(self.stack))
        self._set_up_table()
        self.sheets.activated.connect(
            lambda _n: self._again(sheet=str(self.sheets.currentData()), header_row=None)
        )
        self.header_row.editingFinished.connect(self._header_row_typed)
        self.table.cellDoubleClicked.connect(lambda line, _column: self._header_row_at(line))

    def _purpose_card(self) -> QWidget:
        line = row(gap=12)
        words = column(
            label(_("What should happen with these rows?"), "small"), self.purpose, self.about, gap=2
        )
        line.addLayout(words, 1)
        line.addWidget(self.change)
        return card(line)

    def _set_up_table(self) -> None:
        self.table.setAccessibleName(_("The first rows of the sheet"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setDefaultSectionSize(grown(30))
        across = self.table.horizontalHeader()
        across.setResizeContentsPrecision(15)
        across.setMinimumSectionSize(grown(56))
        across.setMaximumSectionSize(grown(220))
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setMinimumHeight(grown(160))

    def enter(self) -> None:
        self._render()

    def main_widget(self) -> QWidget:
        return self._purpose if self._purpose.isVisible() else self.picker.search

    def extras(self) -> list[QPushButton]:
        return [self.other]

    def open(self, path: Path) -> None:
        """Look into a file. The wizard is to be reset."""
        self.wizard.path = path
        self._known = {}
        self._stop_asking()
        self._again()

    def next_words(self) -> str:
        return _("Match the columns")

    def can_go_on(self) -> bool:
        found = self.wizard.preview
        return not self.busy and found is not None and found.trouble is None and bool(self.wizard.operation)

    def again(self) -> None:
        if self.wizard.path is not None:
            self._again(self.wizard.sheet, self.wizard.header_row)

    def _another(self) -> None:
        self.drop.ask()

    def _again(self, sheet: str | None = None, header_row: int | None = None) -> None:
        path = self.wizard.path
        assert path is not None
        self.wizard.sheet, self.wizard.header_row = sheet, header_row
        self.wizard.chosen, self.wizard.matching = {}, None
        self.wait(_("Reading {name}…").format(name=path.name))
        self.context.work.ask(
            *("drafts.preview", str(path), sheet, header_row, self.wizard.encoding),
            tuple(filter(None, [self.wizard.picked or self.wizard.wanted])),
            done=self._seen,
            failed=self._on_unreadable,
            lane="file",
        )

    def _seen(self, found: tuple[Preview, list[Guess]]) -> None:
        preview, guesses = found
        if self.wizard.path is None or preview.path != str(self.wizard.path):
            return
        self.wizard.preview, self.wizard.guesses = preview, guesses
        self.wizard.sheet = preview.sheet or None  # what is shown is what is sent
        self.wizard.guessed = self.picker.guess()
        self._known |= {facts.name: facts for facts in preview.others}
        self.rest()
        self._render()
        if isinstance(preview.trouble, NoHeadersError) and preview.format == "csv":
            add = button(_("The first row is data"), "quiet", clicked=self._add_headers)
            self.banner.show_error(preview.trouble, add)
        elif preview.trouble is not None:
            self.fail(preview.trouble)

    def _add_headers(self) -> None:
        """Open a copy of the file that has headers."""
        path, folder = self.wizard.path, folder_of(self.context.settings)
        if path is not None:
            self.wait(_("Reading {name}…").format(name=path.name))
            self.context.work.ask(
                *("drafts.add_headers", str(path), str(folder), self.wizard.encoding),
                done=lambda made: self.opened.emit(Path(made)),
                failed=self.fail,
                lane="file",
            )

    def _on_unreadable(self, error: object) -> None:
        path = self.wizard.path
        if isinstance(error, Undecided) and path is not None:
            self._ask_which(path, error)
            return
        self.wizard.path = self.wizard.preview = None
        self._render()
        self.fail(error)  # type: ignore[arg-type]

    def _ask_which(self, path: Path, undecided: Undecided) -> None:
        """Show the names that differ in each reading of a text file, to choose the one that is right."""
        self.rest()
        box = self.ways
        while (old := box.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.deleteLater()
        for reading in undecided.readings:
            choose = button(", ".join(reading.words), "quiet")
            choose.clicked.connect(partial(self._read_as, reading.encoding))
            box.addWidget(choose)
        self.readings.show()
        self.drop.hide()
        self.other.show()
        self.stack.setCurrentIndex(0)
        words = _("{name} doesn't say which text encoding it uses.").format(name=path.name)
        self.heading_changed.emit(_("Which of these names look right?"), words)

    def _read_as(self, encoding: str, *_checked: object) -> None:
        self._stop_asking()
        self.wizard.encoding = encoding
        self._again()

    def _stop_asking(self) -> None:
        self.readings.hide()
        self.drop.show()

    def _render(self) -> None:
        found = self.wizard.preview
        self.other.setVisible(found is not None)
        self.stack.setCurrentIndex(int(found is not None))
        if found is not None and found.trouble is None and not self.wizard.operation:
            self._show_picker()
            return
        if found is None:
            self.heading_changed.emit(
                _("Which file?"), _("Your file stays as it is: lwdesk works on a copy.")
            )
            return
        rows = ngettext("{n} row", "{n} rows", found.count)
        self.heading_changed.emit(
            _("Is this the right sheet?"), _("{rows} below the column headers.").format(rows=rows)
        )
        self.name.setText(Path(found.path).name)
        set_chip(self.kind, found.format.upper(), "plain")
        self.sheet_box.setVisible(len(found.sheets) > 1)
        self.sheets.clear()
        for name in found.sheets:
            self.sheets.addItem(self._sheet_words(name), name)
        self.sheets.setCurrentIndex(self.sheets.findData(found.sheet))
        self.header_row.setValue(found.header_row or 1)
        others = [self._sheet_words(name) for name in found.sheets if name != found.sheet]
        notes = [*_origin(found), *found.notes]
        if others:
            names = listing(others, _MOST_NAMED, quoted=False)
            notes.append(
                ngettext("Another sheet: {sheets}", "Other sheets: {sheets}", len(others), sheets=names)
            )
        if self.wizard.left:
            notes.append(_("Your changes to {name} are kept on the Jobs page.").format(name=self.wizard.left))
        self.notes.setText("\n".join(f"· {note}" for note in notes))
        self.notes.setVisible(bool(notes))
        fits = bool(self.wizard.guesses) and self.wizard.guesses[0].fits > 0
        self.data.setVisible(found.format == "csv" and found.trouble is None and not fits)
        self._fill(found)
        entry = recipe((self.wizard.operation,)) if self.wizard.operation else None
        self.purpose.setText(_(entry.title) if entry else "–")
        back = self.wizard.returns
        self.about.setText(
            _("You edited an lwdesk export: only the cells you edited are sent.")
            if back
            else _(entry.doc)
            if entry
            else ""
        )
        self.state_changed.emit()

    def _sheet_words(self, name: str) -> str:
        """A sheet with what it holds, where that is known."""
        facts = self._known.get(name)
        if facts is None or not facts.rows:
            return name
        rows = ngettext("{n} row", "{n} rows", facts.rows)
        return " · ".join(filter(None, (name, rows, entry_title(facts.likely) if facts.likely else "")))

    def _show_picker(self) -> None:
        self.picker.show_guesses()
        self.stack.setCurrentWidget(self.picker)
        self.heading_changed.emit(
            _("What should happen with these rows?"),
            _("Nothing is sent until you've seen what will change."),
        )
        self.state_changed.emit()

    def _picked(self, entry_id: str) -> None:
        """Choose an import."""
        if entry_id != self.wizard.operation:
            self.wizard.chosen, self.wizard.fixed, self.wizard.matching = {}, {}, None
        self.wizard.picked = entry_id
        self._render()

    def _fill(self, found: Preview) -> None:
        across = min(_MOST_COLUMNS, max((len(cells) for _n, cells in found.top), default=0))
        self.table.setRowCount(len(found.top))
        self.table.setColumnCount(across)
        self.table.setHorizontalHeaderLabels([letter(n) for n in range(across)])
        self.table.setVerticalHeaderLabels([str(number) for number, _cells in found.top])
        for line, (number, cells) in enumerate(found.top):
            for place in range(across):
                item = QTableWidgetItem(cells[place] if place < len(cells) else "")
                set_tip(item, item.text())
                self._paint(item, number, found.header_row)
                self.table.setItem(line, place, item)
        self.table.resizeColumnsToContents()

    @staticmethod
    def _paint(item: QTableWidgetItem, number: int, header_row: int) -> None:
        if number == header_row:
            item.setFont(font(strong=True))
            item.setBackground(QColor(colours().accent_tint))
        elif number < header_row:
            item.setForeground(QColor(colours().quiet))
        item.setTextAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)

    def _header_row_typed(self) -> None:
        found = self.wizard.preview
        if found is not None and self.header_row.value() != found.header_row:
            self._again(self.wizard.sheet, self.header_row.value())

    def _header_row_at(self, line: int) -> None:
        found = self.wizard.preview
        if found is not None:
            self._again(self.wizard.sheet, found.top[line][0])


def _origin(found: Preview) -> Iterator[str]:
    """What to say of an export that comes back."""
    if found.origin is None:
        return
    if not found.origin.remembered:
        yield _("An export: {what}.").format(what=entry_title(found.origin.export))
        yield found.origin.warning
        return
    facts = {"what": entry_title(found.origin.export), "school": found.origin.school}
    words = _("Exported from “{school}” ({when}): {what}.")
    yield words.format(**facts, when=moment(found.origin.created))
    if found.origin.whole:
        yield _("You can send back your edits: only edited cells are sent.")
    else:
        yield _("Its ID column is missing, so it's treated like any other sheet.")


def _beside(name: QWidget, field: QWidget) -> QWidget:
    """A field with its name before it."""
    found = QWidget()
    found.setLayout(row(name, field, gap=8))
    return found
