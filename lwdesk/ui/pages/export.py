"""Export: choose a list of the school, narrow it, choose its columns, and get it as a workbook."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from lwdesk.app.exporting.columns import CUSTOM, looked_up
from lwdesk.app.exporting.look import Look
from lwdesk.app.exporting.saved import SavedExport, SavedOffer
from lwdesk.app.school.connections import PRACTICE
from lwdesk.app.targets import suffixes_of
from lwdesk.base.errors import AlreadyThere, AppError
from lwdesk.base.text import N_, _
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.people import USERS_OF
from lwdesk.ui.context import Context
from lwdesk.ui.exporting.choose import ChooseExport
from lwdesk.ui.exporting.column_order import ColumnOrder
from lwdesk.ui.exporting.filters import FilterForm
from lwdesk.ui.exporting.preview import ExportPreview, cost_text
from lwdesk.ui.exporting.save import SaveCard
from lwdesk.ui.exporting.target import Target, whole_path
from lwdesk.ui.form import shown_beside
from lwdesk.ui.page import Page, scrolling
from lwdesk.ui.tips import native_keys, set_tip
from lwdesk.ui.widgets import Empty, button, clear, column, label, row


class ExportPage(Page):
    """First what, then everything else on one page, and Start always in sight."""

    id: ClassVar[str] = "export"
    title: ClassVar[str] = N_("Export")
    icon: ClassVar[str] = "upload-simple"
    topic: ClassVar[str] = "exports"

    def __init__(self, context: Context):
        super().__init__(context)
        self.choose = ChooseExport(context)
        self.choose.chosen.connect(self.open)
        self.choose.saved.opened.connect(self.open_saved)
        self._wanted: SavedOffer | None = None  # to be opened when its school is there
        self.form: ExportForm | None = None
        self._holder = QVBoxLayout()
        holder = QWidget()
        holder.setLayout(self._holder)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.choose)
        self.stack.addWidget(holder)
        self.body.addWidget(self.stack, 1)
        context.school_changed.connect(self._other_school)

    def shown(self, **about: Any) -> None:
        self.choose.saved.refresh()
        if entry := about.get("entry"):
            self.open(entry, about.get("saved"))
            if self.form is not None and "where" in about:
                self.form.which.set(about["where"])
                self.form.target.path_field.setText(about["path"])
                self.form.target.files_box.setChecked(about["files"])
        elif self.form is None:
            self.choose.search.setFocus()

    def kept(self) -> dict[str, Any]:
        if (form := self.form) is None:
            return {}
        target = form.target
        about = {"entry": form.entry.id, "where": form.which.where, "path": target.path}
        return {**about, "files": target.files, "saved": form.saved}

    def open(self, entry_id: str, offer: SavedOffer | None = None) -> None:
        """Show the form of an export, filled in as it was saved where it was."""
        self.banner.hide()
        clear(self._holder)
        self.form = ExportForm(EXPORTS[entry_id], self.context, self, offer)
        self._holder.addWidget(self.form)
        self.stack.setCurrentIndex(1)
        self.form.look()

    def open_saved(self, offer: SavedOffer) -> None:
        """Show a saved export in the form, with its school; where that was removed, with the one that is chosen."""
        school, now = offer.saved.school, self.context.school
        if school == PRACTICE and (now is None or not now.practice):
            self._wanted = offer
            self.context.start_practice()
            return
        if (now is None or now.name != school) and any(one.name == school for one in self.context.schools()):
            self.context.choose(school)
        self.open(offer.saved.export, offer)

    def close_form(self) -> None:
        """Back to the choice."""
        self.banner.hide()
        self.form = None
        clear(self._holder)
        self.stack.setCurrentIndex(0)
        self.choose.saved.refresh()

    def go_on(self) -> None:
        if self.form is not None:
            self.form.start()

    def again(self) -> None:
        if self.form is not None:
            self.form.look()

    def _other_school(self) -> None:
        """Rebuild the form: its choices are the school's."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.open(wanted.saved.export, wanted)
        elif self.form is not None:
            self.open(self.form.entry.id)


class ExportForm(QWidget):
    """All that one export asks."""

    def __init__(self, entry: Export, context: Context, page: ExportPage, saved: SavedOffer | None = None):
        super().__init__()
        self.entry, self.context, self.page, self.saved = entry, context, page, saved
        self._ticket = 0
        self._names: Mapping[str, Any] = {}
        self.which = FilterForm(entry, context)
        self.order = ColumnOrder(entry, context.settings)
        self.target = Target(_(entry.title), suffixes_of(entry), context, entry.files is not None)
        self.saving = SaveCard(entry, context)
        self.saving.keep.clicked.connect(lambda _checked=False: self._save())
        self.before = ExportPreview()
        self.cost = label(role="quiet", wrap=True)
        self.start_ = button(_("Start the export"), "primary", clicked=self.start)
        set_tip(self.start_, native_keys("Ctrl+Return"))
        self.save_ = button(_("Save…"), "quiet", clicked=self._ask_name)
        set_tip(self.save_, _("Save this export to run it again with one click"))
        if saved is not None:
            self.which.set(saved.saved.where)
            self.order.show_columns(saved.saved.columns)
            self.target.offer_sheet(saved.saved.where.get(USERS_OF.id, ""))
            self.target.beside.setChecked(saved.saved.beside)
            self.target.files_box.setChecked(saved.saved.files)
            self.target.show_target(saved.file, saved.saved.zone)
        self.which.changed.connect(self._narrowed)
        self.order.changed.connect(self._ordered)
        self.target.changed.connect(self._allow)
        self.target.changed.connect(self.page.banner.hide)
        self.target.zone_changed.connect(self.look)
        self.target.files_changed.connect(self.look)
        self.before.again.clicked.connect(lambda _checked=False: self.look())
        self._lay_out()
        self._allow()
        self._ask_fields()

    def _lay_out(self) -> None:
        back = button(_("All exports"), "link", "caret-left", self.page.close_form)
        words = column(
            row(back, None),
            label(self.saved.saved.name if self.saved else _(self.entry.title), "title", wrap=True),
            label(_(self.entry.doc), "quiet", wrap=True),
            gap=4,
        )
        holder = QWidget()
        holder.setObjectName("page")
        inner = column(self.saving, self.which, self.target, self.before, self.order, None, gap=16)
        inner.setContentsMargins(0, 0, 8, 0)
        holder.setLayout(inner)
        self.order.setVisible(not self.entry.parts)
        foot = row(gap=12)
        foot.addWidget(self.cost, 1)
        foot.addWidget(self.save_)
        foot.addWidget(self.start_)
        whole = QWidget()
        inside = column(gap=16)
        self.area = scrolling(holder)
        inside.addWidget(self.area, 1)
        inside.addLayout(foot)
        whole.setLayout(inside)
        layout = column(words, gap=16)
        layout.addWidget(whole, 1)
        if self.context.school is None:
            whole.hide()
            layout.addWidget(self._no_school(), 1)
        self.setLayout(layout)

    def _no_school(self) -> Empty:
        connect = button(_("Connect my school"), "primary", clicked=lambda: self.context.go("schools"))
        practise = button(_("Try it with the practice school"), clicked=self.context.start_practice)
        sorry = _("To export something, connect a school first.")
        return Empty("graduation-cap", _("No school yet"), sorry, practise, connect)

    def _narrowed(self) -> None:
        self.target.offer_sheet(self.which.where.get(USERS_OF.id, ""))
        self.look()

    def look(self) -> None:
        """Fetch the first rows as the filters are now, and say what the whole will take."""
        school = self.context.school
        if school is None:
            return
        self._ticket += 1
        ticket = self._ticket
        self.page.banner.hide()
        if self.entry.pages and not any(column.id in self.which.where for column in self.entry.people):
            self.before.empty()
            self.cost.setText("")
            return
        self.before.wait()
        self.cost.setText(_("Checking how much data there is…"))

        def seen(found: Look) -> None:
            if self._waits_for(ticket):
                self.before.show_preview(found, self.order.columns)
                self.cost.setText(cost_text(found, self.target.files))

        def failed(error: AppError) -> None:
            if self._waits_for(ticket):
                self.before.fail()
                self.cost.setText("")
                self._fail(error)

        ask, chosen = self.context.work.ask, self.order.columns
        self._names = looked_up(self.entry, chosen)
        target = self.target
        about = (school.name, self.entry.id, self.which.where, chosen, target.zone, target.files)
        ask("exports.look", *about, done=seen, failed=failed)

    def _waits_for(self, ticket: int) -> bool:
        """Whether an answer is still wanted: nothing else was asked since, and the form is the one that is shown."""
        return isValid(self) and isValid(self.order) and ticket == self._ticket and self.page.form is self

    def start(self) -> None:
        """Start the export as a job, and show it."""
        school = self.context.school
        if school is None or not self.start_.isEnabled():
            return
        self.start_.setEnabled(False)
        self.page.banner.hide()
        about = (
            school.name,
            self.entry.id,
            self.which.where,
            self.target.path,
            self.order.columns,
            self.target.agreed,
            self.target.zone,
            self.target.beside.isChecked(),
            self.target.files,
        )
        self.context.work.ask("exports.start", *about, done=self._started, failed=self._refused)

    def _started(self, job: str) -> None:
        self.target.remember()
        self.page.close_form()
        self.context.go("job", job=job)

    def _refused(self, error: AppError) -> None:
        self._allow()
        if isinstance(error, AlreadyThere):
            paths = error.paths

            def replace_them() -> None:
                self.target.agreed = paths
                self.start()

            self.page.banner.show_error(error, button(_("Replace the file"), clicked=replace_them))
        else:
            self._fail(error)

    def _fail(self, error: AppError) -> None:
        if not shown_beside(error, {**self.which.boxes, "path": self.target.box}):
            self.page.fail(error)

    # Saving -----------------------------------------------------------------------------------------------------

    def _ask_name(self) -> None:
        """Ask under which name to save the export."""
        saved = self.saved.saved if self.saved else None
        self.saving.ask(saved, self.target.path, self.which.where.values())
        self.area.verticalScrollBar().setValue(0)

    def _save(self) -> None:
        school, was = self.context.school, self.saved.saved if self.saved else None
        if school is None:
            return
        target = whole_path(self.saving.file.text(), self.context.settings)
        found = SavedExport(
            *(self.saving.name.text(), self.entry.id, school.name, target),
            *(self.which.where, self.order.columns, self.target.zone),
            summary=was.summary if was else True,
            beside=self.target.beside.isChecked(),
            files=self.target.files,
            mode=self.saving.mode.currentData(),
        )

        def kept(name: str) -> None:
            self.saved = SavedOffer(replace(found, name=name), self.target.path, "")
            self.saving.hide()
            words = _("Run it with one click on Home or on the Export page.")
            self.page.banner.say("done", _("Saved as “{name}”").format(name=name), words)

        about = (found, was.name if was else "", self.target.agreed)
        self.context.work.ask("exports.save", *about, done=kept, failed=self._not_saved)

    def _not_saved(self, error: AppError) -> None:
        if not self.saving.fail(error):
            self._fail(error)

    def _ask_fields(self) -> None:
        """Offer the school's own fields of users too, once they are known."""
        school = self.context.school
        if school is None or not self.entry.about:
            return

        def known(fields: dict[str, str]) -> None:
            if isValid(self) and isValid(self.order):
                self.order.offer(fields)
                keys = (place.removeprefix(CUSTOM) for place in fields if place.startswith(f"{CUSTOM}cf_"))
                self.which.offer(keys)

        self.context.work.ask("exports.user_fields", school.name, done=known, failed=lambda _error: None)

    def _ordered(self) -> None:
        if looked_up(self.entry, self.order.columns) != self._names:
            self.look()  # other names have to be looked up
        self.before.choose(self.order.columns)
        self._allow()

    def _allow(self) -> None:
        complete = bool(self.target.path) and (self.order.some or bool(self.entry.parts))
        for found in (self.start_, self.save_):
            found.setEnabled(complete)
