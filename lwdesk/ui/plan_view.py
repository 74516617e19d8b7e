"""What a planned job would do: counts, requests, time, mails; and every cell before and after."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from lwdesk.app.importing.plan import Plan
from lwdesk.app.job.rows import KINDS, ChangeRows, Filter
from lwdesk.base.text import _, ngettext
from lwdesk.catalog import OPERATIONS
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Flow
from lwdesk.ui.grid import CardGrid
from lwdesk.ui.tables import Table, TableModel
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import button, card, chip, chosen, clear, column, label, say
from lwdesk.ui.words import capital, duration, number


def tile(count: int, words: str, tone: str) -> QWidget:
    """A number with what it counts."""
    found = card(
        label(number(count), "number", tone=tone if count else ""), label(words, "small", wrap=True), gap=2
    )
    found.setAccessibleName(f"{number(count)} {words}")
    return found


class PlanView(QWidget):
    """Shows the plan of one job."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.model: TableModel | None = None
        self.table: Table | None = None
        self.tiles = CardGrid([], least=130, most=5)
        self.facts = label(role="body", wrap=True)
        self.unmapped = label(role="small", wrap=True)
        self.calls = Flow(gap=8)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search what would change"))
        self.search.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(250)
        self._typing.timeout.connect(self._filter)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self._kinds = QButtonGroup(self)
        chips = Flow(gap=8)
        for n, (which, words) in enumerate([("", _("all")), *((w, _(t)) for w, t in KINDS.items())]):
            found = button(capital(words), "chip", clicked=self._filter)
            found.setProperty("which", which)
            found.setChecked(not n)
            self._kinds.addButton(found)
            chips.addWidget(found)
        self.grid = QVBoxLayout()
        self.setLayout(
            column(self.tiles, self.facts, self.unmapped, self.calls, 4, self.search, chips, self.grid, gap=8)
        )
        context.theme.changed.connect(self._apply_theme)

    def show_plan(self, job: str, plan: Plan) -> None:
        """Show what a job would do."""
        counts = (
            # An export that comes back creates nothing: what it has instead are conflicts.
            (plan.conflict, _("changed in LearnWorlds after the export"), "look")
            if plan.conflict
            else (plan.create, _("create something"), "done"),
            (plan.update, _("change something"), "accent"),
            (plan.unchanged, _("already up to date"), ""),
            (plan.failed, _("not sent"), "failed"),
            (plan.skipped, _("skipped"), ""),
        )
        self.tiles.set_cards([tile(*count) for count in counts])
        self.facts.setText(_facts(plan))
        clear(self.calls)
        for operation, count in plan.operations.items():
            self.calls.addWidget(chip(f"{_(OPERATIONS[operation].title)} · {number(count)}", "plain"))
        self.close_rows()
        rows = ChangeRows(self.context.home.jobs / f"{job}.lwjob")
        self.model = TableModel(self.context.bridge, rows)
        say(self.unmapped, rows.unmapped)
        self.table = Table(
            self.model, empty=_("No rows match."), name=_("What would change, before and after")
        )
        self.table.setSortingEnabled(False)
        self.table.setMinimumHeight(grown(110))
        self.table.set_widths([64, 200, 220, 150, 150])
        self.grid.addWidget(self.table)
        self._filter()

    def _apply_theme(self) -> None:
        if self.table is not None:
            self.table.apply_theme()

    def close_rows(self) -> None:
        """Let go of the journal."""
        if self.model is not None:
            self.model.close()
            self.model = None
        clear(self.grid)
        self.table = None

    def _filter(self) -> None:
        if self.model is not None:
            which = chosen(self._kinds)
            self.model.load(Filter(which, self.search.text().strip()))


def _facts(plan: Plan) -> str:
    """Calls, time, mails, invitations and seats in a sentence."""
    parts = []
    if plan.calls:
        parts.append(ngettext("{n} call", "{n} calls", plan.calls))
        parts.append(_("about {time}").format(time=duration(plan.estimated_seconds)))
    mails = ngettext("{n} email will be sent", "{n} emails will be sent", plan.mails)
    if plan.mails or not plan.invitations:
        parts.append(mails if plan.mails else _("no emails will be sent"))
    if plan.invitations:
        parts.append(ngettext("{n} invitation is sent", "{n} invitations are sent", plan.invitations))
    if plan.seats:
        parts.append(ngettext("{n} seat is used", "{n} seats are used", plan.seats))
    return capital(" · ".join(parts))
