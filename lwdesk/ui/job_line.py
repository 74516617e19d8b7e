"""One job in the history: what it is, its school, its state, and its actions."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from lwdesk.app.job.status import RunnerStatus
from lwdesk.app.school.connections import school_title
from lwdesk.base.text import _
from lwdesk.ui.context import Context
from lwdesk.ui.flow import Beside
from lwdesk.ui.header import dot
from lwdesk.ui.job_words import chips_of, title_of
from lwdesk.ui.tips import set_tip
from lwdesk.ui.widgets import chip, column, label, row
from lwdesk.ui.words import duration, moment


class JobLine(QWidget):
    """Two lines of words, chips, and the buttons it is given."""

    def __init__(self, facts: dict[str, Any], state: str, offers: Sequence[QWidget], context: Context):
        super().__init__()
        self.facts, self.offers = facts, list(offers)
        name, what = title_of(facts)
        schools = {school.name: school for school in context.schools()}
        found = schools.get(facts["school"])
        sign = label()
        sign.setPixmap(dot(found.colour if found else "#8a93a3").pixmap(12, 12))
        parts = [
            part
            for part in (school_title(facts["school"]), moment(facts["created"]), _reason(facts, state))
            if part
        ]
        self._caption = " · ".join(parts)
        self.words = label(self._caption, "small", wrap=True)
        title = label(f"{name} · {what}" if what else name, "strong", wrap=True)
        set_tip(title, facts.get("file") or "")
        under = row(sign, gap=6)
        under.addWidget(self.words, 1)
        actions = row(gap=8)
        for text, tone in (
            [(_("waiting"), "accent")] if state == "waiting" else chips_of({**facts, "state": state})
        ):
            actions.addWidget(chip(text, tone))
        for offer in offers:
            actions.addWidget(offer)
        line = column(Beside(column(title, under, gap=2), actions))
        line.setContentsMargins(14, 8, 10, 8)
        self.setLayout(line)

    def show_status(self, status: RunnerStatus) -> None:
        """Say how much is left of a job that runs."""
        now = status.running.get(self.facts["job"])
        if now is None or not now["left"]:
            return
        if now["waiting"]:
            self.words.setText(f"{self._caption} · {now['waiting']}")
            return
        left = _("{time} left").format(time=duration(now["seconds"]))
        self.words.setText(f"{self._caption} · {left}")


def _reason(facts: dict[str, Any], state: str) -> str:
    """Why a job stopped."""
    if state == "damaged":
        return str(facts.get("reason") or _("This job's file is damaged."))
    if state != "interrupted":
        return ""
    return str(facts.get("reason") or _("lwdesk closed while the job was running."))
