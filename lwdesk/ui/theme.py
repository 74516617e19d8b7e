"""The look: two palettes, one type scale, a grid of 8 pixels. Follows the system's light or dark mode, live."""

import tempfile
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from lwdesk.ui.colours import DARK, LIGHT, Colours
from lwdesk.ui.icons import pixmap

SYSTEM, LIGHT_ONLY, DARK_ONLY = "system", "light", "dark"
GRID = 8


def size(role: str = "body") -> float:
    """The type scale, in points: title 22, section 16, body 14, quiet 12 pixels on an ordinary screen."""
    body = QApplication.font().pointSizeF()
    return round(body * {"title": 22, "section": 16, "body": 14, "quiet": 12}[role] / 14, 1)


def font(role: str = "body", *, strong: bool = False) -> QFont:
    found = QFont(QApplication.font())
    found.setPointSizeF(size(role))
    if strong:
        found.setWeight(QFont.Weight.DemiBold)
    return found


def grown(pixels: int) -> int:
    """Pixels of the drawings, grown with the type."""
    return round(pixels * max(1.0, QApplication.font().pointSizeF() / 10.5))


class Theme(QObject):
    """Applies colours and text sizes to the application; emits `changed` when they are others."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: str = SYSTEM, scale: float = 1.0):
        super().__init__(app)
        self._app, self._choice, self._scale = app, choice, scale
        usual = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._system = max(10.5, usual.pointSizeF())
        self._folder = tempfile.TemporaryDirectory(prefix="lwdesk-look-")
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply_theme()

    @property
    def dark(self) -> bool:
        if self._choice == SYSTEM:
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._choice == DARK_ONLY

    @property
    def scale(self) -> float:
        """The size of the type, 1.0 is the usual."""
        return self._scale

    def choose(self, choice: str | None = None, scale: float | None = None) -> None:
        """Apply a theme, `system`, `light` or `dark`, and a text size: `scale` 1.0 is the default."""
        self._choice, self._scale = choice or self._choice, scale or self._scale
        scheme = {LIGHT_ONLY: Qt.ColorScheme.Light, DARK_ONLY: Qt.ColorScheme.Dark}
        self._app.styleHints().setColorScheme(scheme.get(self._choice, Qt.ColorScheme.Unknown))
        self._apply_theme()

    def close(self) -> None:
        """Follow the system no more."""
        self._app.styleHints().colorSchemeChanged.disconnect(self._follow)
        self._folder.cleanup()

    def _follow(self) -> None:
        if self._choice == SYSTEM:
            self._apply_theme()

    def _apply_theme(self) -> None:
        found = DARK if self.dark else LIGHT
        letters = self._app.font()
        letters.setPointSizeF(round(self._system * self._scale, 1))
        self._app.setFont(letters)
        self._app.setPalette(_palette(found))
        self._app.setStyleSheet(self._sheet(found))
        self.changed.emit()

    def _sheet(self, found: Colours) -> str:
        arrow = Path(self._folder.name) / f"arrow-{found.quiet[1:]}.png"
        if not arrow.exists():
            pixmap("caret-down", found.quiet, 16).save(str(arrow))
        sizes = {role: f"{size(role)}pt" for role in ("title", "section", "body", "quiet")}
        template = Path(__file__).with_name("look.qss").read_text("utf-8")
        return Template(template).substitute(
            vars(found), **{f"{role}_size": text for role, text in sizes.items()}, arrow=arrow.as_posix()
        )


def _palette(found: Colours) -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    for names, colour in (
        ((role.Window,), found.page),
        ((role.Base, role.Button, role.ToolTipBase), found.card),
        ((role.AlternateBase,), found.sidebar),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), found.text),
        ((role.PlaceholderText,), found.quiet),
        ((role.Highlight, role.Link, role.LinkVisited, role.Accent), found.accent),
        ((role.HighlightedText,), found.on_accent),
        ((role.Mid, role.Midlight, role.Light, role.Dark), found.line),
        ((role.Shadow,), found.line),
    ):
        for name in names:
            palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(found.quiet))
    return palette
