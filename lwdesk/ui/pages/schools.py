"""Schools: connect, test, choose and remove them."""

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.school.connections import Connected
from lwdesk.app.school.schools import School
from lwdesk.base.errors import AppError
from lwdesk.base.text import N_, _
from lwdesk.ui.colours import SCHOOLS
from lwdesk.ui.context import Chosen, Context
from lwdesk.ui.header import dot
from lwdesk.ui.job_list import rule
from lwdesk.ui.page import Page
from lwdesk.ui.swatches import Swatches
from lwdesk.ui.widgets import Banner, Picture, button, chip, clear, column, label, row


class SchoolsPage(Page):
    """All schools, and a form for one more."""

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
        self.form.connected.append(self._connected)
        self.body.addWidget(label(_("Schools"), "title"))
        self.body.addWidget(self.list)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        context.school_changed.connect(self._fill)
        self._fill()

    def shown(self, **about: Any) -> None:
        self._fill()

    def _fill(self) -> None:
        clear(self._lines)
        found = self.context.schools()
        self.list.setVisible(bool(found))
        for number, school in enumerate(found):
            if number:
                self._lines.addWidget(rule())
            self._lines.addWidget(self._line(school))
        if not self.form.colour.touched:
            self.form.colour.choose(len(found) % len(SCHOOLS))

    def _line(self, school: Chosen) -> QWidget:
        found, now = QWidget(), self.context.school
        sign = label()
        sign.setPixmap(dot(school.colour).pixmap(16, 16))
        line = row(sign, label(school.title, "strong"), label(school.address, "small"), None, gap=10)
        line.setContentsMargins(14, 6, 10, 6)
        if now is not None and school.name == now.name:
            line.addWidget(chip(_("current school"), "done"))
        else:
            line.addWidget(self._action(_("Use"), school, self.context.choose, school.name))
        line.addWidget(self._action(_("Test"), school, self._test, school))
        if not school.practice:
            line.addWidget(self._action(_("Remove …"), school, self._remove, school.name))
        found.setLayout(line)
        return found

    def _action(self, words: str, school: Chosen, call: Any, *args: Any) -> QWidget:
        found = button(words, "link", clicked=partial(call, *args))
        found.setAccessibleName(f"{words}: {school.title}")
        return found

    def _test(self, school: Chosen) -> None:
        self.banner.say("accent", _("Asking {school} …").format(school=school.title))

        def well(_found: Connected) -> None:
            self.banner.say("done", _("Connected to {school}.").format(school=school.title))

        self.context.work.ask("schools.test", school.name, done=well, failed=self.fail)

    def _remove(self, name: str) -> None:
        def remove() -> None:
            self.context.work.ask("schools.forget", name, done=lambda _none: self._forgotten(name))

        words = _("Its client secret is deleted from this computer. Nothing changes in LearnWorlds.")
        title = _("Remove {school}?").format(school=name)
        self.banner.ask(title, words, _("Keep it"), _("Remove school"), remove)

    def _forgotten(self, name: str) -> None:
        now = self.context.school
        if now is not None and now.name == name:
            rest = [school.name for school in self.context.schools()]
            self.context.choose(rest[0] if rest else None)
        self._fill()

    def _connected(self, found: Connected, tried_to_keep: bool) -> None:
        self.context.choose(found.name)
        words = _("{school} is connected. Everything goes there now.").format(school=found.name)
        if tried_to_keep and not found.kept:
            more = _("This computer has no keychain, so the secret is known until you close the window only.")
            self.banner.say("look", words, more)
        else:
            self.banner.say("done", words)


class ConnectForm(QFrame):
    """Address, client id and secret of a school, and where to find them."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.connected: list[Any] = []
        self.setProperty("card", True)
        self.name, self.address = QLineEdit(), QLineEdit()
        self.client, self.secret = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText(_("Riverside Academy"))
        self.address.setPlaceholderText("https://myschool.learnworlds.com")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.colour = Swatches(SCHOOLS)
        self.keep = QCheckBox(_("Keep the secret in this computer's keychain"))
        self.keep.setChecked(True)
        self.trouble = Banner(context)
        self.connect_ = button(_("Test and connect"), "primary", clicked=self._connect)
        self.practise = button(_("Try it with the practice school"), "quiet", "play", context.start_practice)
        layout = column(
            label(_("Connect a school"), "section"),
            _WhereToFind(),
            row(
                _field(_("School name"), self.name),
                _field(_("School address"), self.address),
                gap=16,
            ),
            row(_field(_("Client id"), self.client), _field(_("Client secret"), self.secret), gap=16),
            row(label(_("Colour"), "small"), self.colour, None, gap=12),
            self.keep,
            label(_("Not ticked: the secret is deleted when the window closes."), "small", wrap=True),
            self.trouble,
            row(self.practise, None, self.connect_),
            gap=12,
        )
        layout.setContentsMargins(16, 16, 16, 16)
        self.setLayout(layout)
        for field in (self.name, self.address, self.client, self.secret):
            field.returnPressed.connect(self._connect)

    def _connect(self) -> None:
        name = self.name.text().strip() or self.address.text().partition("//")[2].partition(".")[0]
        school = School(name, self.address.text(), self.client.text(), self.colour.colour)
        self.connect_.setEnabled(False)
        self.trouble.say("accent", _("Checking with LearnWorlds …"))
        keep = self.keep.isChecked()
        self.context.work.ask(
            "schools.connect",
            *(school, self.secret.text(), keep),
            done=lambda found: self._on_connected(found, keep),
            failed=self._on_failed,
        )

    def _on_connected(self, found: Connected, keep: bool) -> None:
        self.connect_.setEnabled(True)
        self.trouble.hide()
        for field in (self.name, self.address, self.client, self.secret):
            field.clear()
        for call in self.connected:
            call(found, keep)

    def _on_failed(self, error: AppError) -> None:
        self.connect_.setEnabled(True)
        self.trouble.show_error(error)


class _WhereToFind(QWidget):
    """Where to find address, id and secret: the way through the school's own admin, as a picture and in words."""

    def __init__(self) -> None:
        super().__init__()
        line = row(gap=6)
        menu = (("gear", _("Settings")), ("code", _("Developers")), ("key", _("API")))
        for number, (symbol, words) in enumerate(menu):
            if number:
                line.addWidget(Picture("caret-right", 14, "quiet"))
            line.addWidget(Picture(symbol, 18))
            line.addWidget(label(words, "strong"))
        line.addStretch(1)
        words = _(
            "Sign in to your school as an administrator and open this page there. It shows the client id and the "
            "client secret; the address is the one in the browser. API access is part of the plans from "
            "Learning Center up."
        )
        self.setLayout(column(line, label(words, "small", wrap=True), gap=6))


def _field(text: str, field: QWidget) -> QVBoxLayout:
    name = label(text, "small")
    name.setBuddy(field)
    field.setAccessibleName(text)
    found = column(name, field, gap=4)
    found.setAlignment(Qt.AlignmentFlag.AlignTop)
    return found
