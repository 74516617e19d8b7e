"""The user's sheet in the window: figures that filter, the grid, and the pane about the selected row.

Review, sending, results, retry and undo show the same view, with other rows.
"""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.importing.blocks import Block
from lwdesk.app.job.row_status import (
    CHECK,
    CONFLICT,
    CREATE,
    CREATED,
    DONE,
    FAILED,
    FIXED,
    OPEN,
    READY,
    SENDING,
    SKIPPED,
    UNCHANGED,
    UNSURE,
    UPDATE,
)
from lwdesk.app.job.rows import Filter
from lwdesk.app.job.sheet_rows import SKIP, SheetRows
from lwdesk.base.text import _, ngettext
from lwdesk.ui.cell_keys import CellActions, lost_words
from lwdesk.ui.context import Context
from lwdesk.ui.fill_handle import FillHandle
from lwdesk.ui.flow import Flow
from lwdesk.ui.frozen_columns import FrozenColumns, keep_layout, restore_layout
from lwdesk.ui.page import scrolling
from lwdesk.ui.row_pane import RowPane
from lwdesk.ui.table_model import TableModel
from lwdesk.ui.tables import Table
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import button, chosen, clear, column, label, row, say

# (statuses, tone, words for their number) of the figures above the grid.
_BEFORE: list[tuple[tuple[str, ...], str, Callable[[int], str]]] = [
    ((FAILED,), "failed", lambda n: ngettext("{n} to fix", "{n} to fix", n)),
    ((CHECK,), "look", lambda n: ngettext("{n} to check", "{n} to check", n)),
    ((CONFLICT,), "look", lambda n: ngettext("{n} conflict", "{n} conflicts", n)),
    ((CREATE,), "done", lambda n: ngettext("{n} new", "{n} new", n)),
    ((UPDATE,), "accent", lambda n: ngettext("{n} to change", "{n} to change", n)),
    ((READY,), "", lambda n: ngettext("{n} ready", "{n} ready", n)),
    ((DONE, CREATED, SENDING, UNSURE), "", lambda n: ngettext("{n} already sent", "{n} already sent", n)),
]
_AFTER: list[tuple[tuple[str, ...], str, Callable[[int], str]]] = [
    ((FAILED,), "failed", lambda n: ngettext("{n} failed", "{n} failed", n)),
    ((UNSURE,), "look", lambda n: ngettext("{n} needs checking", "{n} need checking", n)),
    ((CONFLICT,), "look", lambda n: ngettext("{n} conflict", "{n} conflicts", n)),
    ((SENDING, *OPEN), "", lambda n: ngettext("{n} waiting", "{n} waiting", n)),
    ((DONE, CREATED), "done", lambda n: ngettext("{n} done", "{n} done", n)),
]
_ALWAYS: list[tuple[tuple[str, ...], str, Callable[[int], str]]] = [
    ((FIXED,), "accent", lambda n: ngettext("{n} fixed", "{n} fixed", n)),
    ((UNCHANGED,), "", lambda n: ngettext("{n} up to date", "{n} up to date", n)),
    ((SKIPPED,), "", lambda n: ngettext("{n} skipped", "{n} skipped", n)),
]


def _figures(before: bool, counts: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """(Statuses, tone, words) of the figures above the grid, except those that count no row."""
    total = sum(counts.values())
    found = [("", "", ngettext("All {n}", "All {n}", total))]
    for statuses, tone, words in (*(_BEFORE if before else _AFTER), *_ALWAYS):
        if count := sum(counts.get(status, 0) for status in statuses):
            found.append((",".join(statuses), tone, words(count)))
    return found


class SheetView(QWidget):
    """One grid, one pane, one set of figures.

    `edited`: blocks of cells with their new texts. `noticed`: what the user should know of an edit. `titles_known`:
    `titles` has, by index of the cell, what its column can name in the school.
    """

    edited = Signal(object)
    noticed = Signal(str)
    titles_known = Signal()

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.model: TableModel | None = None
        self.table: Table | None = None
        self._rows: SheetRows | None = None
        self._selected = 0  # the id of the selected row
        self._picked = False  # whether the user selected it
        self._restoring = False
        self._job = ""
        self._which = ""  # a kind of problem, in place of a figure
        self._fitted = False
        self.titles: Mapping[int, list[str]] = {}
        self.cell_actions: CellActions | None = None  # where cells can be changed
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search the rows"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(grown(200))
        typing = self._typing = QTimer(self)
        typing.setSingleShot(True)
        typing.setInterval(250)
        typing.timeout.connect(self.load)
        self.search.textChanged.connect(lambda _text: typing.start())
        self.figures = QButtonGroup(self)
        self._line = Flow(gap=8)
        self.unmapped = label(role="small", wrap=True)
        self.pane = RowPane(context)
        self.pane.skip.connect(lambda: self._skip([self._selected]))
        self.cards = QVBoxLayout()  # for what a page adds below the row
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.setSpacing(12)
        self.grid = QVBoxLayout()
        self._lay_out()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)
        context.theme.changed.connect(self._apply_theme)

    def _lay_out(self) -> None:
        holder = QWidget()
        holder.setObjectName("page")
        inside = column(self.pane, self.cards, None, gap=16)
        inside.setContentsMargins(0, 0, 4, 0)
        holder.setLayout(inside)
        self.side = scrolling(holder)
        top = row(gap=12)
        top.addLayout(self._line, 1)
        top.addWidget(self.search, 0, Qt.AlignmentFlag.AlignTop)
        middle = row(gap=16)
        middle.addLayout(self.grid, 1)
        middle.addWidget(self.side)
        whole = column(top, self.unmapped, gap=8)
        whole.addLayout(middle, 1)
        self.setLayout(whole)

    def show_rows(self, job: str, *, editable: bool = False) -> None:
        """Show the rows of a job. `editable`: cells can be changed."""
        self.close_rows()
        self._selected, self._fitted, self._picked, self._job = 0, False, False, job
        self._show_all()
        rows = self._rows = SheetRows(self.context.home.jobs / f"{job}.lwjob")
        first = SheetRows.CELLS
        self.model = TableModel(self.context.bridge, rows, editable=lambda place: editable and place >= first)
        self.model.edited.connect(
            lambda row_id, place, text: self._edit([Block(array("q", [row_id]), (place - first,), (text,))])
        )
        say(self.unmapped, rows.unmapped)
        name = _("The rows of your sheet; type to change a cell") if editable else _("The rows of this job")
        self.table = Table(self.model, cells=editable, empty=_("No rows match."), name=name)
        self.table.setMinimumHeight(grown(36 * 4))
        self.table.set_widths([120, 64, *[150] * (len(rows.titles) - 2)])
        self._fitted = restore_layout(self.table, rows.titles, self.context.settings)
        self.table.horizontalHeader().setSectionsMovable(True)
        self.frozen = FrozenColumns(self.table, rows.frozen)
        if editable:
            self._make_editable(self.table, self.model)
        self.table.selectionModel().currentChanged.connect(lambda now, _old: self._select(now.row()))
        for view in (self.table, self.frozen):
            view.pressed.connect(lambda index: self._select(index.row()))
        self.model.filled.connect(self._filled)
        self.grid.addWidget(self.table)
        self.load()
        if editable and self.context.school is not None:

            def known(titles: Mapping[int, list[str]]) -> None:
                if self._job == job:
                    self._offer(titles)

            self.context.work.ask("drafts.choices", job, done=known, failed=lambda _error: None, lane="draft")

    def _make_editable(self, table: Table, model: TableModel) -> None:
        self.cell_actions = CellActions(table, model, SheetRows.CELLS)
        self.frozen.addActions(table.actions())
        self.cell_actions.edited.connect(self._edit)
        self.cell_actions.lost.connect(lambda count: self.noticed.emit(lost_words(count)))
        self.cell_actions.skipped.connect(self._skip)
        FillHandle(table).dropped.connect(self.cell_actions.fill_below)

    def _offer(self, titles: Mapping[int, list[str]]) -> None:
        """Offer what the school has in the editors of cells that name it."""
        self.titles = titles
        if self.table is not None and self._rows is not None:
            known = {SheetRows.CELLS + index: found for index, found in titles.items()}
            self.table.offer_titles(known, self._rows.single)
            self.titles_known.emit()

    def commit(self) -> None:
        """Take what was typed into a cell that is still edited."""
        if self.table is not None:
            self.table.commit()

    def close_rows(self) -> None:
        """Let go of the journal."""
        if self.table is not None and self._rows is not None and self._fitted:
            keep_layout(self.table, self._rows.titles, self.context.settings)
        if self.model is not None:
            self.model.close()
            self.model = None
        self._rows = self.cell_actions = None
        self._job, self.titles = "", {}
        clear(self.grid)
        self.table = None
        self.pane.show_row(None)

    def show_figures(self, counts: Mapping[str, int], *, before: bool) -> None:
        """Show the figures: the rows by status, `before` anything is sent or after."""
        known = {str(found.property("which")): found for found in self.figures.buttons()}
        wanted = _figures(before, counts)
        if list(known) != [which for which, _tone, _words in wanted]:
            at = chosen(self.figures)
            clear(self._line)
            for old in known.values():
                self.figures.removeButton(old)
            for which, tone, words in wanted:
                found = button(words, "chip", clicked=self._choose_figure)
                found.setProperty("which", which)
                found.setProperty("tone", tone)
                found.setChecked(which == at and not self._which)
                self.figures.addButton(found)
                self._line.addWidget(found)
            if self.figures.checkedButton() is None and not self._which:
                self.figures.buttons()[0].setChecked(True)
                self.load()
            return
        for which, _tone, words in wanted:
            known[which].setText(words)

    def choose(self, which: str) -> None:
        """Filter by a figure, or by a kind of problem ("level code column")."""
        self._which = which if " " in which else ""
        self.figures.setExclusive(False)
        for found in self.figures.buttons():
            found.setChecked(found.property("which") == which)
        self.figures.setExclusive(True)
        self.load()

    def _show_all(self) -> None:
        """Filter and search for nothing: what was looked for in one sheet says nothing of the next."""
        self._which = ""
        if self.figures.buttons():
            self.figures.buttons()[0].setChecked(True)
        self.search.clear()
        self._typing.stop()

    def _choose_figure(self) -> None:
        self._which = ""
        self.load()

    def load(self) -> None:
        """Read the rows again, with the filter that is chosen."""
        if self.model is not None:
            old = self.model.filter
            which = self._which or chosen(self.figures)
            self.model.load(Filter(which, self.search.text().strip(), old.sort, old.down))

    def _filled(self, count: int) -> None:
        """Keep the selected row selected; at first, select the one that needs attention most."""
        if self.table is None or self.model is None:
            return
        if not count and self._which and not self.model.filter.search:
            self.choose("")  # the last problem of this kind is solved
            return
        if count and not self._fitted:
            self.table.fit(0)
            self._fitted = True
        line = self.model.line_of(self._selected) if self._picked else self._first_line(count)
        if 0 <= line < count and self.table.currentIndex().row() != line:
            place = max(self.table.currentIndex().column(), 0)
            self._restoring = True
            self.table.setAutoScroll(False)
            self._set_current(self.table, self.model.index(line, place))
            self.table.setAutoScroll(True)
            self._restoring = False
        if 0 <= line < count:
            self._selected = self.model.id_at(line)
        self._show_selected()

    def _set_current(self, table: Table, index: QModelIndex) -> None:
        """Make a cell the current one, and select it unless the user has selected others."""
        lines = sum(block.height() for block in table.blocks())
        if lines > 1 or (lines and self._picked):
            table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            table.setCurrentIndex(index)

    def _first_line(self, count: int) -> int:
        """The line that is selected before the user selects one: the first, unless it is of a job that runs well."""
        if not count or self._rows is None or self.model is None:
            return -1
        return 0 if self._rows.before or self.model.cell(0, 0).tone in ("failed", "look") else -1

    def _select(self, line: int) -> None:
        if self.model is not None and 0 <= line < self.model.rowCount() and not self._restoring:
            self._selected, self._picked = self.model.id_at(line), True
            self._show_selected()

    def _show_selected(self) -> None:
        if self._rows is not None:
            found = self._rows.detail(self._selected) if self._selected else None
            self.pane.show_row(found, editable=self.cell_actions is not None)
            if self.cell_actions is not None:
                self.cell_actions.offer_skip(found is not None and found.skipped)

    def _apply_theme(self) -> None:
        if self.table is not None:
            self.table.apply_theme()

    def _edit(self, blocks: Sequence[Block]) -> None:
        self._picked = True
        self.edited.emit(blocks)

    def _skip(self, rows: Sequence[int]) -> None:
        """Skip rows, or include them again where the selected one is skipped."""
        mark = "" if self.pane.shown is not None and self.pane.shown.skipped else "skip"
        self._edit([Block(array("q", rows), (SKIP,), (mark,))])

    def resizeEvent(self, event: Any) -> None:
        self.side.setFixedWidth(min(grown(300), round(event.size().width() * 0.52)))
        super().resizeEvent(event)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)
