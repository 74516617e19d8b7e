"""The two palettes."""

from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from lwdesk.base.text import N_


@dataclass(frozen=True)
class Colours:
    """One palette. `line` divides, `edge` is the border of what can be used (3:1).

    Tones (`done`, `look`, `failed`, `accent`) have a background tint each.
    """

    page: str
    card: str
    line: str
    edge: str
    sidebar: str
    text: str
    quiet: str
    accent: str
    accent_tint: str
    done: str
    done_tint: str
    look: str
    look_tint: str
    failed: str
    failed_tint: str
    on_accent: str


LIGHT = Colours(
    *("#f6f7f9", "#ffffff", "#e3e6eb", "#7f8898", "#eef1f5", "#1c2330", "#5d6676", "#2563a8", "#e8f0fa"),
    *("#1f7a4d", "#e5f4ec", "#8a5a00", "#fdf3dc", "#b3261e", "#fdeceb", "#ffffff"),
)
DARK = Colours(
    *("#16191f", "#1e222a", "#323845", "#6b7486", "#1a1d24", "#e7eaf0", "#a2abbb", "#6ea8ec", "#233450"),
    *("#67c795", "#1d3529", "#e7bd62", "#3a3019", "#f08b84", "#40211f", "#10151d"),
)
# Colours that tell schools apart, with their names: 3:1 on both palettes.
SCHOOLS = {
    "#8660c2": N_("Violet"),
    "#2a8a86": N_("Teal"),
    "#c2570c": N_("Orange"),
    "#bd4079": N_("Pink"),
    "#3f7d20": N_("Green"),
    "#3b73b5": N_("Blue"),
    "#8a6d00": N_("Gold"),
    "#6b7280": N_("Gray"),
}


def colours() -> Colours:
    """The palette in use."""
    return DARK if QApplication.palette().window().color().lightness() < 128 else LIGHT


def colour_of(number: int) -> str:
    """The colour of the school with this number, from 0 on, until another is chosen."""
    return list(SCHOOLS)[number % len(SCHOOLS)]
