"""Checks for a newer version: at most once a day, if the user wants it. Never downloads anything."""

import logging
import os
import re
import time
from collections.abc import Callable

from lwdesk import HOMEPAGE, __version__
from lwdesk.api import releases
from lwdesk.api.releases import Release
from lwdesk.app.settings import Settings
from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home

log = logging.getLogger("lwdesk.updates")

DOWNLOADS = f"{HOMEPAGE}/releases/latest"
DAY = 24 * 3600.0
_SECTION = "updates"
_MOST = 2000  # characters of the release notes; the rest is on the download page


class Updates:
    """What a window asks. `LWDESK_RELEASES` names another place to look at than the one it is published at."""

    def __init__(self, home: Home, version: str = __version__, clock: Callable[[], float] = time.time):
        self._home, self._version, self._clock = home, version, clock

    def look(self) -> Release | None:
        """The newer release, or None. Network errors only go to the log."""
        settings = Settings(self._home)
        if not wanted(settings):
            return None
        now, kept = self._clock(), settings.section(_SECTION)
        if not 0 <= now - float(kept.get("asked", 0)) < DAY:
            settings.change(
                _SECTION, "asked", now
            )  # before: a place that breaks off is asked once a day, too
            kept = self._ask(settings) or kept
        found = Release(str(kept.get("version", "")), str(kept.get("notes", "")))
        return found if _numbers(found.version) > _numbers(self._version) else None

    def _ask(self, settings: Settings) -> dict[str, str] | None:
        try:
            found = releases.latest(os.environ.get("LWDESK_RELEASES") or releases.LATEST)
        except AppError as error:
            log.info("no news: %s", error.title)
            return None
        kept = {"version": found.version, "notes": found.notes[:_MOST]}
        for key, text in kept.items():
            settings.change(_SECTION, key, text)
        return kept


def wanted(settings: Settings) -> bool:
    """Whether checks are enabled."""
    return not settings.section(_SECTION).get("off", False)


def want(settings: Settings, on: bool) -> None:
    """Enable or disable checks."""
    settings.change(_SECTION, "off", None if on else True)


def _numbers(version: str) -> tuple[int, ...]:
    """0.10.1 -> (0, 10, 1); () for what is no version that was released."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d+(\.\d+)*", version) else ()
