"""Numbers, times and durations as people read them, by the system's locale."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from lwdesk.base.text import _, ngettext, number
from lwdesk.catalog import EDITS, EXPORTS, IMPORTS

__all__ = ["capital", "duration", "entry_title", "moment", "number"]


def capital(text: str) -> str:
    """The word with a capital letter, for use on its own."""
    return text[:1].upper() + text[1:]


def duration(seconds: float) -> str:
    """A time that people can plan by: never more exact than it is."""
    whole = max(1, round(seconds))
    if whole < 60:
        return ngettext("{n} second", "{n} seconds", whole)
    if whole < 600:
        return _("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    if whole < 5400:
        return ngettext("{n} minute", "{n} minutes", round(whole / 60))
    return _("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)


def moment(stamp: float | None) -> str:
    """A Unix time: today 09:14, yesterday, or the date."""
    if not stamp:
        return ""
    found = datetime.fromtimestamp(stamp)
    clock = f"{found:%H:%M}"
    if found.date() == date.today():
        return _("today {time}").format(time=clock)
    if found.date() == date.today() - timedelta(days=1):
        return _("yesterday {time}").format(time=clock)
    day = QDate(found.year, found.month, found.day)
    return QLocale().toString(day, QLocale.FormatType.ShortFormat)


def entry_title(what: str) -> str:
    """The title of what a job does, by the ids in its journal."""
    parts = (what or "").split("+")
    entries = [IMPORTS.get(part) or EXPORTS.get(part) or EDITS.get(part) for part in parts]
    return " + ".join(_(entry.title) if entry else part for entry, part in zip(entries, parts, strict=True))
