"""Step 4: every problem on its cell, and a fix for all alike ones together. Cells are edited in place."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from lwdesk.app.importing.drafts import Findings
from lwdesk.app.importing.edits import Group
from lwdesk.app.job.rows import DraftRows, Filter
from lwdesk.base.text import _, ngettext
from lwdesk.ui.context import Context
from lwdesk.ui.page import scrolling
from lwdesk.ui.steps.problem_card import ProblemCard
from lwdesk.ui.steps.step import Step, WizardState
from lwdesk.ui.tables import Table, TableModel
from lwdesk.ui.theme import grown
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import Banner, Empty, button, clear, column, label, row, say
from lwdesk.ui.words import number


class CheckStep(Step):
    """The grid on the left, the kinds of problems on the right."""

    def __init__(self, context: Context, wizard: WizardState, banner: Banner):
        super().__init__(context, wizard, banner)
        self.model: TableModel | None = None
        self.table: Table | None = None
        self.only = button(_("Only rows with problems"), "chip", clicked=self._filter)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search the rows"))
        self.search.setAccessibleName(_("Search the rows"))
        self.search.setClearButtonEnabled(True)
        self._which = ""
        self._newest = object()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(250)
        self._typing.timeout.connect(self._filter)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.shown = label(role="small")
        self.unmapped = label(role="small", wrap=True)
        self.grid = QVBoxLayout()
        holder = QWidget()
        holder.setObjectName("page")
        self.cards = QVBoxLayout(holder)
        self.cards.setContentsMargins(0, 0, 4, 0)
        self.cards.setSpacing(12)
        self.side = side = scrolling(holder)
        left = column(row(self.search, self.shown, gap=12), self.unmapped, self.grid, gap=8)
        whole = row(gap=16)
        whole.addLayout(left, 1)
        whole.addWidget(side)
        self.setLayout(whole)
        self.undo = button(_("Undo"), "quiet", "arrow-u-up-left", self.undo_edit)
        self.redo = button(_("Redo"), "quiet", "arrow-u-up-right", self.redo_edit)
        keys = QKeySequence.StandardKey
        for found, standard in ((self.undo, keys.Undo), (self.redo, keys.Redo)):
            set_tip(found, native_keys(standard))
            shortcut = QShortcut(QKeySequence(standard), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(found.click)
        context.theme.changed.connect(self._apply_theme)

    def extras(self) -> list[QPushButton]:
        return [self.undo, self.redo]

    def aside(self) -> QWidget:
        return self.only

    def enter(self) -> None:
        asked = self.wizard.asked(self.school)
        if self.wizard.findings is not None and self.wizard.checked == asked:
            self._render(self.wizard.findings)
            return
        before = self.wizard.findings.job if self.wizard.findings is not None else ""
        self.wizard.checked = asked
        self.heading_changed.emit(_("Checking the rows …"), "")
        self.wait(_("Checking every row, and looking titles up in your school …"))
        self.context.work.ask(
            "drafts.check", asked, before, done=self._found, failed=self._unchecked, lane="draft"
        )

    def again(self) -> None:
        self.wizard.checked = None
        self.enter()

    def _unchecked(self, error: Any) -> None:
        self.wizard.checked = None
        self.fail(error)

    def _found(self, found: Findings) -> None:
        fresh = self.wizard.findings is None or self.wizard.findings.job != found.job
        self.wizard.findings, self.wizard.review = found, None
        self.rest()
        if found.trouble is not None:
            self.banner.say("look", _("Titles could not be looked up in your school"), str(found.trouble))
        elif not self.school:
            words = _("Titles of courses and the like are looked up as soon as a school is chosen.")
            self.banner.say("look", _("No school is chosen yet"), words)
        if fresh:
            self._show_rows(found)
        elif self.model is not None:
            self.model.load()
        self._render(found)

    def _show_rows(self, found: Findings) -> None:
        self.close_rows()
        rows = DraftRows(self.context.home.jobs / f"{found.job}.lwjob")
        self.model = TableModel(self.context.bridge, rows, editable=lambda place: place > 0)
        say(self.unmapped, rows.unmapped)
        self.table = Table(
            self.model,
            marked=True,
            empty=_("No row is left by this filter."),
            name=_("The rows of your sheet; type to change a cell"),
        )
        self.table.set_widths([64, *[150] * (len(rows.titles) - 1)])
        self.model.edited.connect(self._edited)
        self.model.filled.connect(self._filled)
        self._fitted = False
        self.grid.addWidget(self.table)
        bad = any(group.level != "note" for group in found.groups)
        self.only.setChecked(bad)
        self._which = "problems" if bad else ""
        self._filter()

    def _apply_theme(self) -> None:
        if self.table is not None:
            self.table.apply_theme()

    def close_rows(self) -> None:
        """Let go of the draft's journal."""
        if self.model is not None:
            self.model.close()
            self.model = None
        clear(self.grid)
        self.table = None

    def _filled(self, count: int) -> None:
        if self.table is not None and count and not self._fitted:
            self.table.fit(1)
            self._fitted = True
        self.shown.setText(ngettext("{n} row", "{n} rows", count))

    def _filter(self) -> None:
        if self.model is None:
            return
        self._which = (self._which or "problems") if self.only.isChecked() else ""
        old = self.model.filter
        self.model.load(Filter(self._which, self.search.text().strip(), old.sort, old.down))

    def _only(self, group: Group) -> None:
        self._which = " ".join(group.key) if group.column else "problems"
        self.only.setChecked(True)
        self._filter()

    def _render(self, found: Findings) -> None:
        errors = sum(group.count for group in found.groups if group.level == "error")
        looks = sum(group.count for group in found.groups if group.level == "warning")
        parts = []
        if errors:
            parts.append(ngettext("{n} thing to fix", "{n} things to fix", errors))
        if looks:
            parts.append(ngettext("{n} to check", "{n} to check", looks))
        title = ", ".join(parts) or _("Everything is fine")
        words = _("{ready} of {rows} rows are ready.").format(
            ready=number(found.ready), rows=number(found.rows)
        )
        if found.same:
            words += " " + ngettext("{n} was not edited.", "{n} were not edited.", found.same)
        if found.skipped:
            words += " " + ngettext("{n} is skipped.", "{n} are skipped.", found.skipped)
        self.heading_changed.emit(
            title, f"{words} " + _("Change a cell right here; your file stays as it is.")
        )
        self._show_cards(found)
        self.undo.setEnabled(found.undo)
        self.redo.setEnabled(found.redo)
        self.state_changed.emit()

    def _show_cards(self, found: Findings) -> None:
        clear(self.cards)
        titles = {c.id: _(c.title) for c in self.wizard.matching.columns} if self.wizard.matching else {}
        if not found.groups:
            self.cards.addWidget(
                Empty("check-circle", _("No problems found"), _("Every cell could be read."))
            )
        self.cards.addStretch(1)
        mine = self._newest = object()
        cards = (partial(self._add_card, group, titles.get(group.column, "")) for group in found.groups)
        self.context.bridge.post_each(cards, lambda: self._newest is mine)

    def _add_card(self, group: Group, title: str) -> None:
        card = ProblemCard(
            group,
            title,
            fix=partial(self._ask, "drafts.fix", group.key),
            empty=partial(self._ask, "drafts.empty", group.key),
            put=partial(self._ask, "drafts.put", group.key),
            choose=partial(self._ask, "drafts.choose", group.key),
            only=partial(self._only, group),
        )
        self.cards.insertWidget(self.cards.count() - 1, card)

    def undo_edit(self) -> None:
        """Ctrl+Z."""
        self._ask("drafts.undo")

    def redo_edit(self) -> None:
        """Ctrl+Shift+Z, Ctrl+Y."""
        self._ask("drafts.redo")

    def _edited(self, row_id: int, place: int, text: str) -> None:
        self._ask("drafts.edit", {row_id: {place - 1: text}})

    def _ask(self, name: str, *args: Any) -> None:
        assert self.wizard.findings is not None
        self.busy = True
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self.state_changed.emit()
        job = self.wizard.findings.job
        self.context.work.ask(name, job, *args, done=self._found, failed=self.fail, lane="draft")

    def next_words(self) -> str:
        return _("Review what would change")

    def hint(self) -> str:
        found = self.wizard.findings
        if found is None:
            return ""
        bad = found.rows - found.ready - found.skipped - found.same
        return (
            ngettext("{n} row with an error is skipped", "{n} rows with errors are skipped", bad)
            if bad
            else ""
        )

    def can_go_on(self) -> bool:
        found = self.wizard.findings
        return not self.busy and found is not None and found.ready > 0 and bool(self.school)

    def resizeEvent(self, event: Any) -> None:
        self.side.setFixedWidth(min(grown(300), round(event.size().width() * 0.42)))
        super().resizeEvent(event)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)
