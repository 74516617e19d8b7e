"""Saving an export under a name: what each run writes, and whether it replaces the file of the one before."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QFrame, QLineEdit

from lwdesk.app.exporting.saved import ADD, NEW, REPLACE, SavedExport, adds
from lwdesk.base.errors import AppError
from lwdesk.base.text import N_, _
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.filters import period
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Flow
from lwdesk.ui.form import Combo, FieldBox, shown_beside
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import button, column, label, row

# Days of the shortest period that is named by its month.
_MONTH = 28
_MODES = {
    NEW: (N_("Write a new file"), N_("Existing files aren't replaced.")),
    REPLACE: (
        N_("Replace the file of the last run"),
        N_("If you changed the file, it isn't replaced. lwdesk saves a new one in the same folder."),
    ),
    ADD: (
        N_("Add new rows to the workbook"),
        N_(
            "Rows that match the filters and changed in LearnWorlds, such as refunds, are updated. Your own "
            "columns, sheets, and formulas stay. Summary sheets aren't included."
        ),
    ),
}


class SaveCard(QFrame):
    """Asks for the name, the file and the `mode`. `keep` is the button that saves."""

    def __init__(self, entry: Export, context: Context):
        super().__init__()
        self.setProperty("card", True)
        self.name, self.file = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText(_("Monthly payments"))
        self.boxes = {
            "name": FieldBox(_("Name"), self.name, context),
            "path": FieldBox(_("File for each run"), self.file, context),
        }
        self.mode = Combo()
        for mode, (words, _about) in _MODES.items():
            if mode != ADD or adds(entry):
                self.mode.addItem(_(words), mode)
        self.mode.setMinimumWidth(grown(360))
        self.mode.currentIndexChanged.connect(self._explain)
        each = label(_("Each run"), "small")
        each.setBuddy(self.mode)
        self.mode.setAccessibleName(each.text())
        self.about = label(role="small", wrap=True)
        self.keep = button(_("Save"), "primary")
        self.cancel = button(_("Cancel"), clicked=self.hide)
        about = _("{year} and {month} are the year and month of the period. {date} is the date of the run.")
        layout = column(
            label(_("Save this export"), "section", wrap=True),
            CardGrid(list(self.boxes.values()), least=280, most=2),
            label(about, "small", wrap=True),
            column(each, row(self.mode, None), gap=4),
            self.about,
            Flow(self.cancel, self.keep, gap=12),
            gap=10,
        )
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        for field in (self.name, self.file):
            field.returnPressed.connect(self.keep.click)
        self.hide()

    def ask(self, saved: SavedExport | None, path: str, texts: Iterable[str]) -> None:
        """Show the card: with what a saved export has, or else a suggestion from the file of the form and the texts of
        its filters."""
        if saved is not None:
            self.name.setText(saved.name)
        self.file.setText(saved.target if saved is not None else suggested(path, texts))
        mode = NEW if "{" in self.file.text() else REPLACE
        self.mode.setCurrentIndex(max(0, self.mode.findData(saved.mode if saved is not None else mode)))
        self._explain()
        self.show()
        self.name.setFocus()

    def _explain(self) -> None:
        self.about.setText(_(_MODES[self.mode.currentData()][1]))

    def fail(self, error: AppError) -> bool:
        """Show an error at its field. Returns whether it has one here."""
        return shown_beside(error, self.boxes)


def suggested(path: str, texts: Iterable[str]) -> str:
    """The file with placeholders for the day that it was named after: the month, where the filters' texts say one."""
    today = date.today()
    spans = filter(None, (period(text, today) for text in texts))
    whole = any((last - first).days >= _MONTH - 1 for first, last in spans)
    found = Path(path)
    name = found.name.replace(today.isoformat(), "{year}-{month}" if whole else "{date}")
    return str(found.with_name(name)) if found.name else path
