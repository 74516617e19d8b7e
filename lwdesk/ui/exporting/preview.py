"""A look at an export before it starts: its first rows, the columns as they were chosen."""

from collections.abc import Sequence

from PySide6.QtWidgets import QTableWidgetItem, QWidget

from lwdesk.app.exporting.columns import REST
from lwdesk.app.exporting.look import ROWS, Look
from lwdesk.base.text import _, ngettext
from lwdesk.ui.theme import grown
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import button, card, label, plain_table, row
from lwdesk.ui.words import duration, number


class ExportPreview(QWidget):
    """The first rows in a table; `again` is the button that fetches them once more."""

    def __init__(self) -> None:
        super().__init__()
        self.again = button(_("Refresh"), "link", "arrow-clockwise")
        self.words = label(_("No preview yet."), "quiet", wrap=True)
        self.table = plain_table(_("The first rows of the export"))
        self.table.setMinimumHeight(grown(220))
        self.table.hide()
        layout = row()
        layout.addWidget(
            card(row(label(_("The first rows"), "section"), None, self.again), self.words, self.table)
        )
        self.setLayout(layout)
        self._found: Look | None = None

    def wait(self) -> None:
        """Rows are being fetched."""
        self.words.setText(_("Loading the first rows…"))

    def fail(self) -> None:
        """There are none."""
        self._show_none(_("Couldn't load the first rows."))

    def empty(self) -> None:
        """None were asked for."""
        self._show_none(_("No preview yet."))

    def _show_none(self, words: str) -> None:
        self._found = None
        self.words.setText(words)
        self.table.hide()

    def show_preview(self, found: Look, chosen: Sequence[str]) -> None:
        """Show what was fetched; `chosen` are the places of the columns, none for all."""
        self._found = found
        self.words.setText(
            " ".join(filter(None, (rows_text(found), found.reading(), *(f"{note}." for note in found.notes))))
        )
        self.table.setVisible(bool(found.rows))
        self.choose(chosen)

    def choose(self, chosen: Sequence[str]) -> None:
        """Show these columns, in this order."""
        if self._found is None:
            return
        found, picked = self._found, _picked(self._found, chosen)
        self.table.setUpdatesEnabled(False)
        self.table.setRowCount(len(found.rows))
        self.table.setColumnCount(len(picked))
        self.table.setHorizontalHeaderLabels([found.columns[n][1] for n in picked])
        for line, cells in enumerate(found.rows):
            for place, n in enumerate(picked):
                item = QTableWidgetItem(cells[n][:200])
                set_tip(item, cells[n][:1000])
                self.table.setItem(line, place, item)
        self.table.resizeColumnsToContents()
        self.table.setUpdatesEnabled(True)


def _picked(found: Look, chosen: Sequence[str]) -> list[int]:
    """The numbers of the columns that were chosen, in their order."""
    known = [place for place, _title in found.columns]
    named = set(chosen)
    picked = []
    for place in chosen or known:
        if place.endswith(REST):
            picked += [n for n, at in enumerate(known) if at.startswith(place[:-1]) and at not in named]
        elif place in known:
            picked.append(known.index(place))
    return picked


def rows_text(found: Look) -> str:
    """How many of the rows are shown."""
    if found.tested and len(found.rows) < ROWS:
        words = _("{shown} of the first {read} rows match.")
        return words.format(shown=number(len(found.rows)), read=number(found.read))
    if not found.rows:
        return _("No rows match.")
    shown = number(len(found.rows))
    if found.tested:
        return _("The first {n} rows that match.").format(n=shown)
    if found.total is None or found.total <= len(found.rows):
        return ngettext("{n} row, as your workbook will show it.", "The first {n} rows.", len(found.rows))
    return _("The first {shown} of {total} rows.").format(shown=shown, total=number(found.total))


def cost_text(found: Look, files: bool = False) -> str:
    """How long it takes, as exactly as that is known, and with `files` how many are downloaded."""
    words = _("Takes {time}") if found.exact else _("Takes about {time}")
    takes = words.format(time=duration(found.seconds))
    return _("{cost}, and {files}").format(cost=takes, files=found.downloads()) if files else takes
