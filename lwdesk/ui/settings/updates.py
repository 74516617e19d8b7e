"""Newer versions: whether to look for them, what is new, and the way to the download page."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFrame

from lwdesk import __version__
from lwdesk.app import updates
from lwdesk.base.text import _
from lwdesk.ui.context import Context
from lwdesk.ui.settings.parts import fill
from lwdesk.ui.widgets import Banner, button, label


class Updates(QFrame):
    """It never downloads anything: the user does, where they always got it."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        self.banner = Banner(context)
        self.wanted = QCheckBox(_("Check for a newer version once a day"))
        self.wanted.setChecked(updates.wanted(context.settings))
        self.wanted.toggled.connect(lambda on: updates.want(context.settings, on))
        words = _(
            "lwdesk checks its download page and tells you here if there's a newer "
            "version. Nothing about you or your school is sent."
        )
        fill(self, _("Updates"), self.banner, self.wanted, label(words, "small", wrap=True))
        context.update_found.connect(self._render)
        self._render()

    def _render(self) -> None:
        found = self.context.newer
        self.banner.setVisible(found is not None)
        if found is not None:
            show = button(_("Open the download page"), "primary", "arrow-square-out", _open)
            title = _("Version {version} is available. You have {now}").format(
                version=found.version, now=__version__
            )
            self.banner.say("accent", title, found.notes, show)


def _open() -> None:
    QDesktopServices.openUrl(QUrl(updates.DOWNLOADS))
