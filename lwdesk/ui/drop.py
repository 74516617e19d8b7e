"""A place to drop a file, or to choose one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from lwdesk.base.text import _
from lwdesk.ui.flow import Flow
from lwdesk.ui.theme import GRID, grown
from lwdesk.ui.tips import native_keys
from lwdesk.ui.widgets import Picture, button, column, label, restyle

SHEETS = "*.xlsx *.xlsm *.xlsb *.xls *.ods *.csv *.tsv *.txt"


def choose_file(parent: QWidget, folder: str = "") -> Path | None:
    """Ask the system for a sheet to open."""
    path, _filter = QFileDialog.getOpenFileName(
        parent, _("Choose an Excel or CSV file"), folder, _("Sheets") + f" ({SHEETS})"
    )
    return Path(path) if path else None


def dropped(event: QDropEvent) -> Path | None:
    """The first of the dropped things that is a file of this computer."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.is_file()), None)


class DropZone(QFrame):
    """A dashed box to drop a file on; calls `opened` with its path."""

    def __init__(self, opened: Callable[[Path], object]):
        super().__init__()
        self._opened = opened
        self.setProperty("drop", True)
        self.setAcceptDrops(True)
        self.setMinimumHeight(grown(128))
        title = label(_("Drop an Excel or CSV file here"), "section", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.choose = button(_("choose a file"), "link", clicked=self.ask)
        self.choose.setAccessibleName(_("Choose a file"))
        keys = label(native_keys("Ctrl+O"), "small")
        calm = label(_("Nothing is sent until you've seen what will change."), "quiet", wrap=True)
        calm.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        paste = label(_("or paste cells copied from a spreadsheet"), "quiet")
        pasting = label(native_keys(QKeySequence.StandardKey.Paste), "small")
        line = Flow(label(_("or"), "quiet"), self.choose, keys, paste, pasting, gap=4, middle=True)
        layout = column(gap=4)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addWidget(Picture("file-arrow-up", 28), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(title)
        layout.addLayout(line)
        layout.addWidget(calm)
        self.setLayout(layout)

    def ask(self) -> None:
        """Let the user choose a file."""
        if (path := choose_file(self)) is not None:
            self._opened(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event) is not None:
            event.acceptProposedAction()
            restyle(self, drop="over")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        restyle(self, drop=True)

    def dropEvent(self, event: QDropEvent) -> None:
        restyle(self, drop=True)
        if (path := dropped(event)) is not None:
            event.acceptProposedAction()
            self._opened(path)
