"""The recently opened files."""

from pathlib import Path

from lwdesk.app.settings import Settings

_MOST = 8


def files(settings: Settings) -> list[Path]:
    """The files that are still there, the last one first."""
    return [path for text in settings.section("window").get("files", []) if (path := Path(text)).exists()]


def remember(settings: Settings, path: Path) -> None:
    """Put a file on top of the list."""
    known = [text for text in settings.section("window").get("files", []) if text != str(path)]
    settings.change("window", "files", [str(path), *known][:_MOST])
