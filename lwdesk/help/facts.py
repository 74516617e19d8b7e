"""Facts that the guide states, computed from what the program does."""

from lwdesk.api.limiter import Limiter
from lwdesk.app.job.passwords import KEPT
from lwdesk.base.text import _, ngettext, number
from lwdesk.catalog import EXPORTS, LISTINGS
from lwdesk.catalog.cells.empty import empty_word

# What a table of the guide counts with: rows of a sheet, and the users of a large school.
ROWS, LARGE = 1000, 60_000


def known() -> dict[str, str]:
    """All facts by name, in words."""
    users = -(-LARGE // LISTINGS["user"].size)
    return {
        "one_change": _time(ROWS),
        "two_changes": _time(2 * ROWS),
        "three_changes": _time(3 * ROWS),
        "large_school": _time(users),
        "password_days": ngettext("{n} day", "{n} days", KEPT // 86_400),
        "empty": empty_word(),
        "most_pages": number(_most_pages()),
    }


def _most_pages() -> int:
    """How many users can have pages in one file."""
    return next(entry.pages.most for entry in EXPORTS.values() if entry.pages)


def _time(calls: int) -> str:
    """How long so many requests take at the pace that LearnWorlds allows."""
    seconds = Limiter().seconds_for(calls)
    if seconds < 90:
        return _("about a minute")
    return ngettext("about {n} minute", "about {n} minutes", round(seconds / 60))
