"""The header: which school everything goes to, its colour, whether it is only practice, and what runs."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from lwdesk.app.job.status import RunnerStatus
from lwdesk.base.text import _, ngettext
from lwdesk.ui.context import Chosen, Context
from lwdesk.ui.theme import GRID, grown
from lwdesk.ui.widgets import button, chip, label, restyle, row
from lwdesk.ui.words import duration


def dot(colour: str) -> QIcon:
    """A school's colour."""
    found = QPixmap(32, 32)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QRectF(4, 4, 24, 24))
    painter.end()
    return QIcon(found)


class Header(QWidget):
    """On every page."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.school = button("")
        restyle(self.school, kind="school")
        self.school.setMenu(QMenu(self.school))
        self.school.menu().aboutToShow.connect(self._fill_menu)
        self.address = label(role="small")
        self.practice = chip(_("Practice: nothing here is real"), "look")
        self.pace = label(role="small")
        self.running = button("", "chip", clicked=lambda: context.go("jobs"))
        self.running.setCheckable(False)
        layout = row(self.school, self.address, self.practice, None, self.pace, 8, self.running)
        layout.setContentsMargins(2 * GRID, GRID, 3 * GRID, GRID)
        self.setLayout(layout)
        self.setMinimumHeight(grown(56))
        context.school_changed.connect(self._render)
        context.status_changed.connect(self._on_status)
        self._render()
        self._on_status(context.jobs_status)

    def _render(self) -> None:
        found = self.context.school
        self.school.setText(found.title if found else _("No school yet"))
        self.school.setIcon(dot(found.colour if found else "#8a93a3"))
        name = found.title if found else _("none")
        self.school.setAccessibleName(_("School: {name}").format(name=name))
        self.address.setText(found.address if found and not found.practice else "")
        self.practice.setVisible(bool(found and found.practice))

    def _fill_menu(self) -> None:
        menu = self.school.menu()
        menu.clear()
        for school in self.context.schools():
            menu.addAction(self._entry(menu, school))
        menu.addSeparator()
        menu.addAction(_("Practice school")).triggered.connect(lambda: self.context.start_practice())
        menu.addAction(_("Connect a school…")).triggered.connect(lambda: self.context.go("schools"))

    def _entry(self, menu: QMenu, school: Chosen) -> QAction:
        found = QAction(dot(school.colour), school.title, menu)
        found.triggered.connect(lambda: self.context.choose(school.name))
        return found

    def _on_status(self, status: object) -> None:
        assert isinstance(status, RunnerStatus)
        self.pace.setText(self._wait_words(status))
        count = len(status.running)
        self.running.setVisible(bool(count or status.waiting))
        left = max((facts["seconds"] for facts in status.running.values()), default=0.0)
        words = ngettext("{n} job running", "{n} jobs running", count)
        self.running.setText(f"{words} · {duration(left)}" if left >= 1 else words)
        self.running.setAccessibleName(self.running.text())

    def _wait_words(self, status: RunnerStatus) -> str:
        facts = status.pace.get(self.context.school.name if self.context.school else "")
        if facts is None:
            return ""
        if facts["waiting"]:
            return str(facts["waiting"])
        if facts["capacity"] is not None and facts["resumes_in"] > 1:
            text = _("LearnWorlds asked for a pause of {time}")
            return text.format(time=duration(facts["resumes_in"]))
        return ""
