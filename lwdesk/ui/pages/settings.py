"""Settings: language, look, pace, folders; diagnostics, what lwdesk is made of."""

from typing import Any, ClassVar

from PySide6.QtCore import QTimer

from lwdesk.base.text import N_, _
from lwdesk.ui.context import Context
from lwdesk.ui.page import Page
from lwdesk.ui.settings.appearance import Appearance
from lwdesk.ui.settings.reach import Folders, Network
from lwdesk.ui.settings.support import About, Troubleshooting
from lwdesk.ui.settings.updates import Updates
from lwdesk.ui.widgets import label


class SettingsPage(Page):
    """The settings, as cards. Changes are saved at once."""

    id: ClassVar[str] = "settings"
    title: ClassVar[str] = N_("Settings")
    icon: ClassVar[str] = "gear"
    at_foot: ClassVar[bool] = True
    topic: ClassVar[str] = "data"

    def __init__(self, context: Context):
        super().__init__(context)
        self.appearance, self.network, self.folders = Appearance(context), Network(context), Folders(context)
        self.trouble, self.about = Troubleshooting(context), About(context)
        self.updates = Updates(context)
        self.body.addWidget(label(_("Settings"), "title", wrap=True))
        for part in (
            self.appearance,
            self.network,
            self.folders,
            self.trouble,
            self.updates,
            self.about,
        ):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.network.later.connect(self._later)

    def shown(self, **about: Any) -> None:
        if about.get("part") == "updates":  # as soon as the page has its size
            QTimer.singleShot(0, lambda: self.area.ensureWidgetVisible(self.updates))

    def _later(self) -> None:
        words = _("Restart lwdesk to apply. Running jobs aren't affected.")
        self.banner.say("accent", _("Saved"), words)
