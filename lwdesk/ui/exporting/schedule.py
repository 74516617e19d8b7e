"""When a saved export runs by itself: every day, week or month, at a time."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from lwdesk.app.scheduling.schedule import DAY, LAST_DAY, MONTH, WEEK, Schedule
from lwdesk.base.text import _, language
from lwdesk.catalog.words import weekday_in
from lwdesk.ui.flow import Flow
from lwdesk.ui.form import Combo
from lwdesk.ui.theme import grown
from lwdesk.ui.widgets import button, column, label


class ScheduleEditor(QWidget):
    """Asks for a schedule. `keep` is called with it, or with None to remove it; `rest` where it is given up."""

    def __init__(
        self,
        name: str,
        schedule: Schedule | None,
        keep: Callable[[Schedule | None], object],
        rest: Callable[[], object],
    ):
        super().__init__()
        self._keep = keep
        now = schedule or Schedule(MONTH)
        every = {DAY: _("Every day"), WEEK: _("Every week"), MONTH: _("Every month")}
        self.every = _combo(_("How often"), every, now.every)
        days = {n: weekday_in(language(), n) for n in range(7)}
        self.weekday = _combo(_("Day of the week"), days, now.weekday)
        numbers = {n: _("on day {n}").format(n=n) for n in range(1, LAST_DAY + 1)}
        self.day = _combo(_("Day of the month"), numbers, now.day)
        times = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
        self.time = _combo(_("Time"), {at: at for at in sorted({*times, now.at})}, now.at)
        self.every.activated.connect(lambda _index: self._fit())
        words = _(
            "This computer starts the export while you're signed in. Missed runs start as soon as possible."
        )
        self.keep = button(_("Save schedule"), "primary", clicked=self._save)
        self.remove = button(_("Remove schedule"), clicked=lambda: keep(None))
        self.cancel = button(_("Cancel"), clicked=rest)
        self.setLayout(
            column(
                label(name, "strong", wrap=True),
                Flow(self.every, self.weekday, self.day, self.time, gap=12),
                label(words, "small", wrap=True),
                Flow(self.cancel, self.remove, self.keep, gap=12),
                gap=8,
            )
        )
        self.remove.setVisible(schedule is not None)
        self._fit()

    def _fit(self) -> None:
        self.weekday.setVisible(self.every.currentData() == WEEK)
        self.day.setVisible(self.every.currentData() == MONTH)

    def _save(self) -> None:
        every, at = self.every.currentData(), self.time.currentData()
        self._keep(Schedule(every, at, self.weekday.currentData(), self.day.currentData()))


def _combo(name: str, words: Mapping[Any, str], now: object) -> Combo:
    found = Combo()
    found.setAccessibleName(name)
    for value, text in words.items():
        found.addItem(text, value)
    found.setCurrentIndex(found.findData(now))
    found.setMinimumWidth(grown(140))
    return found
