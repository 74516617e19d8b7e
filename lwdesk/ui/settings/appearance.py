"""How the window looks and speaks: language, theme, size of the text."""

from PySide6.QtWidgets import QFrame

from lwdesk.base.text import LANGUAGES, N_, _
from lwdesk.ui.context import Context
from lwdesk.ui.settings.parts import choice, fill, named
from lwdesk.ui.theme import DARK_ONLY, LIGHT_ONLY, SYSTEM

_THEMES = {SYSTEM: N_("Same as the system"), LIGHT_ONLY: N_("Light"), DARK_ONLY: N_("Dark")}
_SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


class Appearance(QFrame):
    """Language, theme and text size. Changes apply at once."""

    def __init__(self, context: Context):
        super().__init__()
        self.context = context
        kept = context.settings.section("window")
        languages = {"": _("Same as the system"), **LANGUAGES}
        self.language = choice(languages, kept.get("language") or "", self._on_language)
        themes = {key: _(words) for key, words in _THEMES.items()}
        self.theme = choice(themes, kept.get("theme", SYSTEM), self._apply_theme)
        scale = float(kept.get("scale", 1.0))
        sizes = {str(one): f"{round(one * 100)}%" for one in sorted({*_SCALES, scale})}
        self.scale = choice(sizes, str(scale), self._scale)
        fill(
            self,
            _("Language and appearance"),
            named(_("Language"), self.language),
            named(_("Theme"), self.theme),
            named(_("Text size"), self.scale),
        )

    def _on_language(self, language: str) -> None:
        self._keep("language", language or None)
        self.context.rebuild_needed.emit()

    def _apply_theme(self, theme: str) -> None:
        self._keep("theme", None if theme == SYSTEM else theme)
        self.context.theme.choose(theme)

    def _scale(self, scale: str) -> None:
        self._keep("scale", None if scale == "1.0" else float(scale))
        self.context.theme.choose(scale=float(scale))
        self.context.rebuild_needed.emit()

    def _keep(self, key: str, value: object) -> None:
        self.context.settings.change("window", key, value)
