"""The time zone of a school. The API doesn't tell it, so it is this computer's unless another one is chosen."""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from lwdesk.app.settings import Settings
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, did_you_mean, nearest

_SECTION = "time zones"


def names() -> list[str]:
    """All time zones that are places, such as Europe/Athens."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def chosen(settings: Settings, school: str) -> str:
    """The time zone that was chosen for a school; "" for this computer's."""
    name = str(settings.section(_SECTION).get(school, ""))
    return name if name in available_timezones() else ""


def choose(settings: Settings, school: str, name: str) -> None:
    """Remember the time zone of a school; "" for this computer's."""
    if name != chosen(settings, school):
        settings.change(_SECTION, school, name or None)


def find(name: str) -> tzinfo | None:
    """The time zone of this name; None for this computer's. Raises UserError for a name that is none."""
    if not name:
        return None
    if name not in available_timezones():
        close = nearest(name, names()) or ["Europe/Athens", "America/New_York"]
        raise UserError(
            _("There is no time zone “{name}”").format(name=name),
            "",
            did_you_mean(close),
        )
    return ZoneInfo(name)


def today(zone: tzinfo | None) -> date:
    """The day it is in a time zone, or in this computer's."""
    return datetime.now(zone).date()


def shown(name: str) -> str:
    """A time zone in words."""
    if name:
        return name
    return _("this computer's time zone ({zone})").format(zone=f"{datetime.now().astimezone():%Z, UTC%z}")
