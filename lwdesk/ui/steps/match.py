"""Step 2, Match: where each column of the sheet goes, and what is the same for every row."""

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from lwdesk.app.importing.draft_answers import Line, Matching
from lwdesk.base.errors import AppError, MappingError
from lwdesk.base.paths import free_name
from lwdesk.base.text import _, ngettext
from lwdesk.catalog.match import takes_many
from lwdesk.catalog.model import Column
from lwdesk.ui.context import Context
from lwdesk.ui.form import Combo, FieldBox, field_for, shown_beside
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.job_list import rule
from lwdesk.ui.page import scrolling
from lwdesk.ui.steps.step import Step, WizardState
from lwdesk.ui.widgets import Banner, button, clear, column, help_link, label, restyle, row
from lwdesk.ui.words import number

# Columns of the sheet that are shown, at most: each has a list of its own.
_MOST = 150


class MatchStep(Step):
    """One line for each column of the sheet."""

    def __init__(self, context: Context, wizard: WizardState, banner: Banner):
        super().__init__(context, wizard, banner)
        self.template = button(_("Download a template"), "quiet", "file-arrow-down", self._template)
        self.boxes: dict[str, Combo] = {}  # by the key of the header, as `blanks`
        self.blanks: dict[str, QCheckBox] = {}
        self.fields: dict[str, FieldBox] = {}  # values for all rows
        self.lacking = Banner(context)
        self._shown: Matching | None = None
        holder = QWidget()
        holder.setObjectName("page")
        self._card = QWidget()
        self._card.setObjectName("matches")
        self._grid = QGridLayout(self._card)
        self._same = QVBoxLayout()
        layout = column(self.lacking, self._card, self._same, None, gap=16)
        layout.setContentsMargins(0, 0, 8, 0)
        holder.setLayout(layout)
        self.setLayout(column(scrolling(holder)))

    def aside(self) -> QWidget:
        return self.template

    def main_widget(self) -> QWidget:
        return next(iter(self.boxes.values()), self)

    def enter(self) -> None:
        self.template.setVisible(not self.wizard.returns)
        self._ask()

    def again(self) -> None:
        self._ask()

    def _ask(self) -> None:
        if self.wizard.matching is None:
            self.heading_changed.emit(_("Where does each column go?"), "")
        self.busy = True
        self.state_changed.emit()
        self.context.work.ask(
            "drafts.match", self.wizard.asked(self.school), done=self._matched, failed=self.fail, lane="file"
        )

    def _matched(self, found: Matching) -> None:
        self.wizard.matching = found
        self.wizard.blanks &= {line.column for line in found.lines} & found.emptied
        self.rest()
        if found.trouble is not None:
            words = _("The custom fields of your school can't be read now: {why}").format(why=found.trouble)
            self.go_without(found.trouble, _("Couldn't connect to your school"), words)
        done = sum(bool(line.column) for line in found.lines)
        text = ngettext("{n} column matched", "{n} columns matched", done)
        doubtful = sum(not line.sure for line in found.lines)
        more = (
            _("Check the ones marked in yellow, then continue.")
            if doubtful
            else _("Check that each column goes where it should.")
        )
        self.heading_changed.emit(_("Where does each column go?"), f"{text}. {more}")
        self._say_missing(found)
        if self._shown is None or not self._alike(found):
            self._lay_out(found)
        else:
            self._update(found)
        self._shown = found
        self.state_changed.emit()

    def go_on(self) -> None:
        """Make sure that the values for all rows can be used before any row is checked."""
        self.busy = True
        self.state_changed.emit()
        asked = self.wizard.asked(self.school)
        self.context.work.ask("drafts.match", asked, done=self._usable, failed=self.fail, lane="file")

    def _usable(self, _found: Matching) -> None:
        self.rest()
        self.finished.emit()

    def fail(self, error: AppError) -> None:
        self.busy = False
        if not shown_beside(error, self.fields):
            super().fail(error)
        self.state_changed.emit()

    def _alike(self, found: Matching) -> bool:
        """Whether the lines shown are those of the same sheet and import already."""
        assert self._shown is not None
        if len(self.boxes) != len(found.lines[:_MOST]):
            return False
        mine = [(line.header, line.samples) for line in self._shown.lines]
        return mine == [(line.header, line.samples) for line in found.lines] and (
            [c.id for c in self._shown.columns] == [c.id for c in found.columns]
        )

    def _say_missing(self, found: Matching) -> None:
        titles = {column.id: _(column.title) for column in found.columns}
        if not found.missing:
            self.lacking.hide()
            return
        names = ", ".join(titles[name] for name in found.missing)
        words = _("Choose a column for it, or enter one value for all rows at the bottom of this page.")
        title = _("Still missing: {names}").format(names=names)
        self.lacking.say("failed", title, words, help_link(self.context, MappingError.help))

    def _lay_out(self, found: Matching) -> None:
        clear(self._grid)
        boxes: dict[str, Combo] = {}
        self.boxes, self.blanks = boxes, {}
        self._grid.setContentsMargins(14, 6, 14, 6)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        for place, (text, stretch) in enumerate(
            ((_("Your column"), 4), (_("First values"), 5), (_("Goes to"), 7))
        ):
            self._grid.addWidget(label(text, "small"), 0, place)
            self._grid.setColumnStretch(place, stretch)
        lines = [partial(self._add, *numbered, found) for numbered in enumerate(found.lines[:_MOST])]
        if len(found.lines) > _MOST:
            lines.append(partial(self._say_more, len(found.lines)))
        last = lambda: self._fill_same(self.wizard.matching or found)  # noqa: E731
        self.context.bridge.post_each([*lines, last], lambda: self.boxes is boxes)

    def _add(self, number: int, line: Line, found: Matching) -> None:
        header = label(_named(line), "strong", wrap=True)
        samples = label(_samples(line), "quiet", wrap=True)
        box = self.boxes[line.key] = self._box(line, found)
        why = label(line.why, "small", wrap=True)
        blank = self.blanks[line.key] = QCheckBox(_("Blank cells empty the value"))
        blank.toggled.connect(lambda on: self._blank(line.key, on))
        box.setProperty("why", why)
        stacked = QWidget()
        stacked.setLayout(column(box, blank, why, gap=2))
        self._grid.addWidget(rule(), 2 * number + 1, 0, 1, 3)
        for place, widget in enumerate((header, samples, stacked)):
            self._grid.addWidget(widget, 2 * number + 2, place)
        self._set_blank(line, found)

    def _say_more(self, count: int) -> None:
        words = _("These are the first {shown} of {count} columns. The others are matched by their names.")
        words = words.format(shown=_MOST, count=number(count))
        self._grid.addWidget(label(words, "quiet", wrap=True), 2 * _MOST + 2, 0, 1, 3)

    def _box(self, line: Line, found: Matching) -> Combo:
        box = Combo()
        box.setAccessibleName(_("{header} goes to").format(header=_named(line)))
        box.setMinimumContentsLength(12)
        box.addItem(_("Not imported"), "")
        # Required ones first, the school's own fields last.
        groups = sorted(found.columns, key=_group)
        for before, entry in zip([None, *groups], groups, strict=False):
            if before is None or _group(before) != _group(entry):
                box.insertSeparator(box.count())
            words = _(entry.title)
            if entry.required and entry.derive is None:
                words = _("{title} (required)").format(title=words)
            elif entry.each:
                words = _("{title} (one or more)").format(title=words)
            elif entry.id.startswith("cf_"):
                words = _("{title} (custom field)").format(title=words)
            box.addItem(words, entry.id)
        box.make_searchable()
        self._set(box, line)
        box.activated.connect(lambda _n: self._choose(line.key, str(box.currentData())))
        return box

    def _set(self, box: Combo, line: Line) -> None:
        box.setCurrentIndex(max(0, box.findData(line.column)))
        restyle(box, tone="" if line.sure else "look")

    def _set_blank(self, line: Line, found: Matching) -> None:
        """Offer to empty values only for columns that can be emptied."""
        blank = self.blanks[line.key]
        with QSignalBlocker(blank):
            blank.setChecked(line.column in self.wizard.blanks)
        blank.setVisible(line.column in found.emptied)

    def _blank(self, key: str, on: bool) -> None:
        """Blank cells of the column that a header goes to empty the value, or leave it as it is."""
        column_id = str(self.boxes[key].currentData())
        (self.wizard.blanks.add if on else self.wizard.blanks.discard)(column_id)
        self.state_changed.emit()

    def _update(self, found: Matching) -> None:
        for line in found.lines[:_MOST]:
            box = self.boxes[line.key]
            self._set(box, line)
            box.property("why").setText(line.why)
            self._set_blank(line, found)
        self._fill_same(found)

    def _choose(self, key: str, column_id: str) -> None:
        """The user says where a column goes; what went there before goes nowhere now."""
        assert self.wizard.matching is not None
        entry = next((c for c in self.wizard.matching.columns if c.id == column_id), None)
        self.wizard.chosen[key] = column_id
        for line in self.wizard.matching.lines:
            if line.column == column_id and line.key != key and entry is not None and not takes_many(entry):
                self.wizard.chosen[line.key] = ""
        self._ask()

    def _fill_same(self, found: Matching) -> None:
        """Fields for what no column gives: what is missing, what has a default, and what was filled in before."""
        clear(self._same)
        filled = {line.column for line in found.lines}
        free = [c for c in found.columns if c.id not in filled and not c.secret]
        shown = [
            c for c in free if c.id in found.missing or c.default is not None or c.id in self.wizard.fixed
        ]
        self.fields = {}
        for entry in shown:
            field = field_for(entry, self.context)
            field.set_text(self.wizard.fixed.get(entry.id, ""))
            field.changed.connect(lambda field=field: self._fix(field.column.id, field.text()))
            self.fields[entry.id] = FieldBox(field.title, field, self.context)
        self._same.setSpacing(8)
        self._same.addWidget(label(_("The same for every row"), "section"))
        self._same.addWidget(CardGrid(list(self.fields.values())))
        rest = [c for c in free if c not in shown]
        if rest:
            self._same.addLayout(row(self._more(rest), None))

    def _more(self, rest: list[Column]) -> Combo:
        box = Combo()
        box.setMinimumContentsLength(28)
        box.setAccessibleName(_("Add a value for all rows"))
        box.addItem(_("Add a value for all rows…"), "")
        for entry in rest:
            box.addItem(_(entry.title), entry.id)
        box.activated.connect(lambda _n: self._one_more(str(box.currentData())))
        return box

    def _one_more(self, column_id: str) -> None:
        if column_id and self.wizard.matching is not None:
            self.wizard.fixed.setdefault(column_id, "")
            self._fill_same(self.wizard.matching)

    def _fix(self, column_id: str, text: str) -> None:
        self.wizard.fixed[column_id] = text
        if self.wizard.matching is not None:
            lacking = [c for c in self.wizard.matching.missing if not self.wizard.fixed.get(c)]
            self._say_missing(Matching([], self.wizard.matching.columns, lacking))
        self.state_changed.emit()

    def next_words(self) -> str:
        return _("Review the rows")

    def hint(self) -> str:
        if self.wizard.returns:
            return _("Rows are matched by ID.")
        return _("lwdesk remembers these choices for similar files.")

    def can_go_on(self) -> bool:
        found = self.wizard.matching
        if self.busy or found is None:
            return False
        return all(self.wizard.fixed.get(name) for name in found.missing)

    def _template(self) -> None:
        path, _filter = QFileDialog.getSaveFileName(
            *(self, _("Save the template"), f"{self.wizard.operation}.xlsx"),
            _("Excel workbook") + " (*.xlsx);;CSV (*.csv)",
        )
        if path:
            path = path if Path(path).suffix else str(free_name(Path(f"{path}.xlsx")))
            self.context.work.ask(
                *("drafts.template", self.wizard.operation, path, self.school),
                done=lambda made: self.banner.say("done", _("Saved: {path}").format(path=Path(made).name)),
                failed=self.fail,
            )


def _group(column: Column) -> int:
    """The group that a column is listed in."""
    if column.id.startswith("cf_"):
        return 2
    return 0 if column.required and column.derive is None else 1


def _named(line: Line) -> str:
    """The header; where others have the same text, with its letter."""
    if line.key == line.header:
        return line.header
    return _("{header} (column {letter})").format(header=line.header, letter=line.letter)


def _samples(line: Line) -> str:
    """The first values, shortened where they are long."""
    short = (text if len(text) <= 24 else f"{text[:23]}…" for text in line.samples)
    return " · ".join(re.sub(r"([@._/-])", "\\1\u200b", text) for text in short)  # long words may break there
