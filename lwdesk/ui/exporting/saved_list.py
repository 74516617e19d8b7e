"""The saved exports: run, open, rename and delete each of them in its line."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLayout, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.exporting.saved import SavedExport, SavedOffer
from lwdesk.app.scheduling.schedule import Schedule
from lwdesk.app.school.connections import school_title
from lwdesk.base.errors import AppError
from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS
from lwdesk.ui.context import Context
from lwdesk.ui.exporting.schedule import ScheduleEditor
from lwdesk.ui.flow import Beside, Flow
from lwdesk.ui.form import FieldBox
from lwdesk.ui.job_list import rule
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import SIGNS, Banner, button, clear, column, label
from lwdesk.ui.words import entry_title, moment


def run(context: Context, name: str, failed: Callable[[AppError], None]) -> None:
    """Run a saved export, and show its job."""
    done = lambda job: context.go("job", job=job)  # noqa: E731
    context.work.ask("exports.run_saved", name, done=done, failed=failed)


def school_words(context: Context, saved: SavedExport) -> str:
    """What the school of a saved export is called."""
    known = {school.name: school.title for school in context.schools()}
    return known.get(saved.school) or school_title(saved.school)


def periods_of(saved: SavedExport) -> str:
    """The filters as they were typed, in few words."""
    return ", ".join(dict.fromkeys(text for text in saved.where.values() if len(text) <= 40))


def _schedule_words(offer: SavedOffer) -> QLayout:
    """When it runs by itself, and how the last time went."""
    found, schedule, last = column(gap=2), offer.saved.schedule, offer.saved.last
    if schedule is not None and offer.next_run is None:
        words = _("This computer's scheduler no longer has this export. Set its schedule again.")
        found.addWidget(label(f"{SIGNS['look']} {words}", "small", wrap=True, tone="look"))
    elif schedule is not None:
        next_run = moment(offer.next_run)
        words = _("Runs {schedule}, next: {time}").format(schedule=schedule.words(), time=next_run)
        found.addWidget(label(words, "small", wrap=True))
    if last.error:
        tone = "look" if last.partial else "failed"
        found.addWidget(label(f"{SIGNS[tone]} {last.error}", "small", wrap=True, tone=tone))
    return found


class SavedList(QWidget):
    """All saved exports. Emits `opened` (SavedOffer) to have one opened in the form."""

    opened = Signal(object)

    def __init__(self, context: Context):
        super().__init__()
        self._context = context
        self.lines: dict[str, SavedLine] = {}
        card = QFrame()
        card.setProperty("card", True)
        self._lines = QVBoxLayout(card)
        self._lines.setContentsMargins(0, 4, 0, 4)
        self._lines.setSpacing(0)
        self.setLayout(column(label(_("Saved exports"), "section", wrap=True), card, gap=8))
        self.hide()

    def refresh(self) -> None:
        """Reload them."""
        self._context.work.ask("exports.saved", done=self._show, failed=self._context.say)

    def _show(self, offers: Sequence[SavedOffer]) -> None:
        now = [(line.offer, line.front.isEnabled()) for line in self.lines.values()]
        if now == [(offer, True) for offer in offers]:
            return  # a name that is being typed stays
        clear(self._lines)
        self.lines = {}
        for offer in offers:
            if self.lines:
                self._lines.addWidget(rule())
            found = SavedLine(offer, self._context, self)
            self.lines[offer.saved.name] = found
            self._lines.addWidget(found)
        self.setVisible(bool(offers))


class SavedLine(QWidget):
    """One saved export: what it is, and what can be done with it."""

    def __init__(self, offer: SavedOffer, context: Context, holder: SavedList):
        super().__init__()
        self.offer, self._context, self._holder = offer, context, holder
        saved = offer.saved
        parts = [entry_title(saved.export), school_words(context, saved), periods_of(saved)]
        if saved.last.time:
            parts.append(_("last run {time}").format(time=moment(saved.last.time)))
        words = column(label(saved.name, "strong", wrap=True), gap=2)
        words.addWidget(label(" · ".join(filter(None, parts)), "small", wrap=True))
        file = label(Path(offer.file).name, "small", wrap=True)
        set_tip(file, offer.file)
        words.addWidget(file)
        words.addLayout(_schedule_words(offer))
        if offer.wrong:
            words.addWidget(label(f"{SIGNS['failed']} {offer.wrong}", "small", wrap=True, tone="failed"))
        self.banner = Banner(context)
        self.front = Beside(words, self._offers())
        self.name = QLineEdit()
        self.box = FieldBox(_("Name"), self.name, context)
        self.keep = button(_("Save"), "primary", clicked=self._rename)
        self.cancel = button(_("Cancel"), clicked=self._rest)
        self.editor = QWidget()
        self.editor.setLayout(column(self.box, Flow(self.cancel, self.keep, gap=12), gap=8))
        self.editor.hide()
        self.name.returnPressed.connect(self._rename)
        self.times = ScheduleEditor(saved.name, saved.schedule, self._schedule, self._rest)
        self.times.hide()
        layout = column(self.front, self.editor, self.times, self.banner, gap=8)
        layout.setContentsMargins(14, 8, 10, 8)
        self.setLayout(layout)

    def _offers(self) -> Flow:
        line = Flow(gap=8)

        def offer(words: str, call: Callable[[], object], kind: str = "link", symbol: str = "") -> None:
            made = button(words, kind, symbol, call)
            made.setAccessibleName(f"{words}: {self.offer.saved.name}")
            line.addWidget(made)

        if not self.offer.wrong:
            offer(_("Run"), self._run, "quiet", "play")
        if self.offer.saved.export in EXPORTS:
            offer(_("Open"), lambda: self._holder.opened.emit(self.offer))
        offer(_("Rename"), self._edit)
        offer(_("Schedule"), self._edit_times)
        offer(_("Delete…"), self._delete)
        return line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.front.isHidden():
            self._rest()
        else:
            super().keyPressEvent(event)

    def _run(self) -> None:
        self.front.setEnabled(False)
        run(self._context, self.offer.saved.name, self._fail)

    def _fail(self, error: AppError) -> None:
        self.front.setEnabled(True)
        self.banner.show_error(error)

    def _edit(self) -> None:
        self.front.hide()
        self.name.setText(self.offer.saved.name)
        self.editor.show()
        self.name.setFocus()
        self.name.selectAll()

    def _edit_times(self) -> None:
        self.front.hide()
        self.times.show()
        self.times.every.setFocus()

    def _schedule(self, schedule: Schedule | None) -> None:
        self._ask("exports.schedule_saved", schedule, failed=self.banner.show_error)

    def _rest(self) -> None:
        self.banner.hide()
        self.editor.hide()
        self.times.hide()
        self.box.rest()
        self.front.show()

    def _rename(self) -> None:
        def failed(error: AppError) -> None:
            self.box.fail(error)

        self._ask("exports.rename_saved", self.name.text(), failed=failed)

    def _delete(self) -> None:
        name = self.offer.saved.name
        self.banner.ask(
            _("Delete “{name}”?").format(name=name),
            _("The files it created stay."),
            *(_("Cancel"), _("Delete")),
            lambda: self._ask("exports.delete_saved", failed=self.banner.show_error),
        )

    def _ask(self, what: str, *more: object, failed: Callable[[AppError], None]) -> None:
        done = lambda _found: self._holder.refresh()  # noqa: E731
        self._context.work.ask(what, self.offer.saved.name, *more, done=done, failed=failed)
