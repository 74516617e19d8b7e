"""Where an export goes: a file, in the folder of the last one."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from lwdesk.app.school import zones
from lwdesk.app.settings import Settings
from lwdesk.app.targets import folder_beside
from lwdesk.base.file_names import beside
from lwdesk.base.paths import free_name
from lwdesk.base.text import _, shorten
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Flow
from lwdesk.ui.form import Combo, FieldBox
from lwdesk.ui.widgets import button, card, column, label, row

_FORMATS = {".xlsx": "Excel (.xlsx)", ".csv": "CSV (.csv)", ".pdf": "PDF (.pdf)"}


def folder_of(settings: Settings) -> Path:
    """Where exports go: the folder chosen in the settings or last used, else the user's documents."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    found = (settings.section("window").get("exports"), documents)
    return next((Path(path) for path in found if path and Path(path).is_dir()), Path.home())


class Target(QWidget):
    """Name, folder and format of the file, one of `suffixes`, whether the files that its rows link to are wanted too,
    and the time zone. Emits `changed` on every change of the file."""

    changed = Signal()
    zone_changed = Signal()
    files_changed = Signal()

    def __init__(self, title: str, suffixes: Sequence[str], context: Context, files: bool = False):
        super().__init__()
        self._suffixes = suffixes
        settings = self._settings = context.settings
        self._school = context.school.name if context.school else ""
        self._title, self._own = title, ""
        self.agreed: tuple[str, ...] = ()
        """The files that the user agreed to replace."""
        self.path_field = QLineEdit(str(_fresh(folder_of(settings), title, ".xlsx")))
        self.box = FieldBox(_("File"), self.path_field, context)
        self.path_field.textChanged.connect(self._typed)
        self.formats = Combo()
        self.formats.setAccessibleName(_("Format"))
        for suffix in suffixes:
            self.formats.addItem(_FORMATS[suffix], suffix)
        self.formats.activated.connect(self._format)
        choose = button(_("Choose…"), "quiet", "folder", self._choose)
        choose.setAccessibleName(_("Choose where the file goes"))
        self.zones = Combo()
        self.zones.setAccessibleName(_("Time zone"))
        self.zones.setMinimumContentsLength(30)
        self.zones.addItem(zones.shown(""), "")
        for name in zones.names():
            self.zones.addItem(name, name)
        self.zones.make_searchable()
        self.zones.setCurrentIndex(max(0, self.zones.findData(zones.chosen(settings, self._school))))
        self.zones.activated.connect(self._zone)
        self.files_box = QCheckBox(_("Download the files too"))
        self.files_box.setVisible(files)
        self.files_box.toggled.connect(self._tell_folder)
        self.files_box.toggled.connect(self.files_changed)
        self.folder = label("", "small", wrap=True)
        self.folder.hide()
        about = label(_("Time zone"), "small")
        self.beside = QCheckBox()
        self.beside.toggled.connect(self._beside)
        self.beside.hide()
        self._sheet: Path | None = None
        more = Flow(choose, self.formats, about, self.zones, gap=8)
        line = column(self.box, self.beside, more, self.files_box, self.folder, gap=8)
        layout = row()
        layout.addWidget(card(label(_("Save to"), "section"), line))
        self.setLayout(layout)

    @property
    def path(self) -> str:
        return whole_path(self.path_field.text(), self._settings)

    @property
    def files(self) -> bool:
        """Whether the files that the rows link to are downloaded too."""
        return self.files_box.isChecked() and not self.beside.isChecked()

    def _tell_folder(self) -> None:
        words = _("They go into the folder “{folder}” next to the workbook.")
        self.folder.setText(words.format(folder=folder_beside(Path(self.path or "x")).name))
        self.folder.setVisible(self.files)

    @property
    def zone(self) -> str:
        """The name of the time zone; "" for this computer's."""
        return str(self.zones.currentData())

    def _zone(self, _place: int) -> None:
        zones.choose(self._settings, self._school, self.zone)
        self.zone_changed.emit()

    def show_target(self, path: str, zone: str) -> None:
        """Show a file and a time zone, without remembering them for the next export."""
        self.path_field.setText(path)
        self.zones.setCurrentIndex(max(0, self.zones.findData(zone)))

    def offer_sheet(self, text: str) -> None:
        """Offer to add the columns to a copy of the sheet whose users are wanted, if the text is its path."""
        sheet = _file(text)
        if sheet == self._sheet:
            return
        self._sheet = sheet
        self.beside.setChecked(False)
        self.beside.setVisible(sheet is not None)
        if sheet is not None:
            words = _("Add the columns to a copy of {name}, next to each user")
            self.beside.setText(words.format(name=shorten(sheet.name, 40)))

    def _beside(self, wanted: bool) -> None:
        """Name the file after the sheet that is copied, or after the export again."""
        self.formats.setEnabled(not wanted)
        self.files_box.setEnabled(not wanted)
        if wanted and self._sheet is not None:
            path = free_name(beside(self._sheet, self._title, self._sheet.suffix))
            self._own, found = self.path, str(path)
        else:
            found = self._own
        self.path_field.setText(found)

    def remember(self) -> None:
        """The next export is offered the same folder."""
        self._settings.change("window", "exports", str(Path(self.path).parent))

    def _choose(self) -> None:
        kinds = ";;".join(f"{_FORMATS[suffix]} (*{suffix})" for suffix in self._suffixes)
        path, _kind = QFileDialog.getSaveFileName(self, _("Save the export as"), self.path, kinds)
        if path:
            found = Path(path)  # with the separators of this system, which the dialog doesn't use
            self.agreed = (str(found),) if found.exists() else ()  # the dialog asks whether to replace it
            suffix = "" if found.suffix.lower() in self._suffixes else str(self.formats.currentData())
            self.path_field.setText(f"{found}{suffix}")

    def _typed(self, text: str) -> None:
        place = self.formats.findData(Path(text.strip()).suffix.lower())
        if place >= 0:
            self.formats.setCurrentIndex(place)
        self._tell_folder()
        self.changed.emit()

    def _format(self, _place: int) -> None:
        self.path_field.setText(str(Path(self.path).with_suffix(self.formats.currentData())))


def whole_path(text: str, settings: Settings) -> str:
    """The path that was typed; without a folder, in that of the exports. "" where nothing was typed."""
    text = text.strip()
    return str(folder_of(settings) / Path(text).expanduser()) if text else ""


def _file(text: str) -> Path | None:
    """The file that the text is the path of; None for anything else."""
    with suppress(OSError):  # a text too long for a name
        path = Path(text).expanduser()
        return path if text and path.is_file() else None
    return None


def _fresh(folder: Path, title: str, suffix: str) -> Path:
    """A name that no file has yet: the export and the day."""
    name = re.sub(r'[\\/:*?"<>|]+', " ", title).strip()
    return free_name(folder / f"{name} {date.today():%Y-%m-%d}{suffix}")
