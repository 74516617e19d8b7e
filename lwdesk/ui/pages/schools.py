"""Schools: connect, test, choose, edit and remove them."""

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.school.connections import PRACTICE, Connected
from lwdesk.app.school.schools import School
from lwdesk.base.errors import AppError
from lwdesk.base.text import N_, _
from lwdesk.ui.colours import SCHOOLS, colour_of
from lwdesk.ui.context import Chosen, Context
from lwdesk.ui.flow import Beside, Flow
from lwdesk.ui.form import FieldBox, shown_beside
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.header import dot
from lwdesk.ui.job_list import rule
from lwdesk.ui.page import Page
from lwdesk.ui.swatches import Swatches
from lwdesk.ui.widgets import Banner, Picture, button, chip, clear, column, label, row


class SchoolsPage(Page):
    """All schools, and a form for one more, or to edit one."""

    id: ClassVar[str] = "schools"
    title: ClassVar[str] = N_("Schools")
    icon: ClassVar[str] = "graduation-cap"
    topic: ClassVar[str] = "connect"

    def __init__(self, context: Context):
        super().__init__(context)
        self.list = QFrame()
        self.list.setProperty("card", True)
        self._lines = QVBoxLayout(self.list)
        self._lines.setContentsMargins(0, 4, 0, 4)
        self._lines.setSpacing(0)
        self.form = ConnectForm(context)
        self.form.saved.connect(self._saved)
        self.body.addWidget(label(_("Schools"), "title"))
        self.body.addWidget(self.list)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        context.school_changed.connect(self._fill)
        self._fill()

    def shown(self, **about: Any) -> None:
        self.banner.hide()  # it spoke of an earlier visit
        self._fill()

    def _fill(self) -> None:
        clear(self._lines)
        found = self.context.schools()
        self.list.setVisible(bool(found))
        for number, school in enumerate(found):
            if number:
                self._lines.addWidget(rule())
            self._lines.addWidget(self._line(school))
        if not self.form.colour.touched and not self.form.edits:
            self.form.colour.choose(colour_of(len(found)))

    def _line(self, school: Chosen) -> QWidget:
        found, now = QWidget(), self.context.school
        sign = label()
        sign.setPixmap(dot(school.colour).pixmap(16, 16))
        title, address = label(school.title, "strong", wrap=True), label(school.address, "small", wrap=True)
        words = row(sign, gap=10)
        words.addLayout(column(title, address, gap=0), 1)
        actions = row(gap=4)
        if now is not None and school.name == now.name:
            actions.addWidget(chip(_("current school"), "done"))
        else:
            actions.addWidget(self._action(_("Make current"), school, self.context.choose, school.name))
        actions.addWidget(self._action(_("Test"), school, self._test, school))
        if school.practice:
            actions.addWidget(self._action(_("Reset…"), school, self._reset))
        else:
            actions.addWidget(self._action(_("Edit"), school, self._edit, school.name))
            actions.addWidget(self._action(_("Remove…"), school, self._remove, school))
        line = column(Beside(words, actions))
        line.setContentsMargins(14, 6, 10, 6)
        found.setLayout(line)
        return found

    def _action(self, words: str, school: Chosen, call: Any, *args: Any) -> QWidget:
        found = button(words, "link", clicked=partial(call, *args))
        found.setAccessibleName(f"{words}: {school.title}")
        return found

    def _test(self, school: Chosen) -> None:
        self.banner.say("accent", _("Testing the connection to {school}…").format(school=school.title))

        def well(_found: Connected) -> None:
            self.banner.say("done", _("Connected to {school}.").format(school=school.title))

        self.context.work.ask("schools.test", school.name, done=well, failed=self.fail)

    def _edit(self, name: str) -> None:
        self.banner.hide()
        self.context.work.ask("schools.details", name, done=self.form.edit)

    def _reset(self) -> None:
        def reset() -> None:
            self.context.start_practice(reset=True)
            self.banner.say("done", _("The practice school has its sample data again."))

        if any(facts["school"] == PRACTICE for facts in self.context.jobs_status.running.values()):
            words = _("Wait until it's finished, or cancel it on the Jobs page.")
            self.banner.say("look", _("A job is running in the practice school"), words)
            return
        words = _("This replaces everything in it with the sample data.")
        self.banner.ask(_("Reset the practice school?"), words, _("Keep it"), _("Reset"), reset)

    def _remove(self, school: Chosen) -> None:
        def remove() -> None:
            done = lambda _none: self._forgotten(school.name)  # noqa: E731
            self.context.work.ask("schools.forget", school.name, done=done)

        words = _("Its client secret is deleted from this computer. Nothing changes in LearnWorlds.")
        title = _("Remove {school}?").format(school=school.title)
        self.banner.ask(title, words, _("Keep it"), _("Remove school"), remove)

    def _forgotten(self, name: str) -> None:
        self.form.reset()
        now = self.context.school
        if now is not None and now.name == name:
            rest = [school.name for school in self.context.schools()]
            self.context.choose(rest[0] if rest else None)
        self._fill()

    def _saved(self, found: Connected, title: str, tried_to_keep: bool) -> None:
        """Say that a school is connected, or changed, and what can be done with it now."""
        self.context.choose(found.name)
        words = _("{school} is connected and is now your current school.").format(school=title)
        tone, more = "done", ""
        if tried_to_keep and not found.kept:
            tone = "look"
            more = _(
                "This computer has no keychain, so lwdesk keeps the secret only until you close the window."
            )
        begin = button(_("Import a file"), "quiet", "download-simple", lambda: self.context.go("import"))
        fetch = button(_("Export"), "quiet", "upload-simple", lambda: self.context.go("export"))
        self.banner.say(tone, words, more, begin, fetch)
        begin.setFocus()


class ConnectForm(QFrame):
    """Name, address, client id and secret of a school, and where to find them.

    `edits` is the school that is edited, None where one is added. `saved`: (Connected, its name as shown, whether its
    secret was to be kept).
    """

    saved = Signal(object, str, bool)

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.edits: School | None = None
        self.setProperty("card", True)
        self.name, self.address = QLineEdit(), QLineEdit()
        self.client, self.secret = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText(_("Riverside Academy"))
        self.address.setPlaceholderText("https://myschool.learnworlds.com")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.boxes = {
            "name": FieldBox(_("School name"), self.name, context),
            "address": FieldBox(_("School address"), self.address, context),
            "client_id": FieldBox(_("Client ID"), self.client, context),
            "secret": FieldBox(_("Client secret"), self.secret, context),
        }
        self.colour = Swatches(SCHOOLS)
        self.keep = QCheckBox(_("Keep the secret in this computer's keychain"))
        self.trouble = Banner(context)
        self.title = label(role="section", wrap=True)
        self.connect_ = button("", "primary", clicked=self._connect)
        self.practise = button(_("Try it with the practice school"), "quiet", "play", context.start_practice)
        self.cancel = button(_("Cancel"), clicked=self.reset)
        layout = column(
            self.title,
            _WhereToFind(),
            CardGrid(list(self.boxes.values()), least=280, most=2),
            row(label(_("Color"), "small"), self.colour, None, gap=12),
            self.keep,
            label(
                _("If you leave this off, the secret is deleted when you close the window."),
                "small",
                wrap=True,
            ),
            self.trouble,
            Flow(self.practise, self.cancel, self.connect_, gap=12, end=True),
            gap=12,
        )
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        for field in (self.name, self.address, self.client, self.secret):
            field.returnPressed.connect(self._connect)
        self.reset()

    def edit(self, school: School) -> None:
        """Show what is known of a school, to change it."""
        self._fill(school)
        self.title.setText(_("Edit {school}").format(school=school.shown))
        self.secret.setPlaceholderText(_("If blank, unchanged"))
        self.connect_.setText(_("Test and save"))
        self.name.setFocus()

    def reset(self) -> None:
        """Empty the form, to connect another school."""
        self._fill(None)
        self.title.setText(_("Connect a school"))
        self.secret.setPlaceholderText("")
        self.connect_.setText(_("Test and connect"))

    def _fill(self, school: School | None) -> None:
        self.edits = school
        given = school or School("", "", "")
        self.name.setText(given.shown)
        self.address.setText(given.url.removesuffix("/admin/api"))
        self.client.setText(given.client_id)
        self.secret.clear()
        self.colour.touched = False
        self.colour.choose(given.colour)
        self.keep.setChecked(True)
        self.trouble.hide()
        for box in self.boxes.values():
            box.rest()
        self.practise.setVisible(school is None)
        self.cancel.setVisible(school is not None)

    def _connect(self) -> None:
        shown = self.name.text().strip() or self.address.text().partition("//")[2].partition(".")[0]
        name = self.edits.name if self.edits is not None else shown
        school = School(name, self.address.text(), self.client.text(), self.colour.colour, shown)
        self.connect_.setEnabled(False)
        self.trouble.say("accent", _("Checking with LearnWorlds…"))
        keep = self.keep.isChecked()
        self.context.work.ask(
            "schools.edit" if self.edits is not None else "schools.connect",
            *(school, self.secret.text(), keep),
            done=lambda found: self._on_connected(found, shown, keep),
            failed=self._on_failed,
        )

    def _on_connected(self, found: Connected, shown: str, keep: bool) -> None:
        self.connect_.setEnabled(True)
        self.reset()
        self.saved.emit(found, shown, keep)

    def _on_failed(self, error: AppError) -> None:
        self.connect_.setEnabled(True)
        self.trouble.hide()
        if not shown_beside(error, self.boxes):
            self.trouble.show_error(error)


class _WhereToFind(QWidget):
    """Where to find address, id and secret: the way through the school's own admin, as a picture and in words."""

    def __init__(self) -> None:
        super().__init__()
        line = Flow(gap=6)
        menu = (("gear", _("Settings")), ("code", _("Developers")), ("key", _("API")))
        for number, (symbol, words) in enumerate(menu):
            if number:
                line.addWidget(Picture("caret-right", 14, "quiet"))
            line.addWidget(Picture(symbol, 18))
            line.addWidget(label(words, "strong"))
        words = _(
            "Sign in to your school as an administrator and open this page there. It shows the client ID and "
            "the client secret. The address is the one in your browser. API access is included in the "
            "Learning Center plan and higher."
        )
        self.setLayout(column(line, label(words, "small", wrap=True), gap=6))
