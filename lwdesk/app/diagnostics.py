"""The diagnostics file for support: system, settings and log, without secrets or personal data.

Only what is known to be harmless is written: versions, settings by their kind, counts of jobs. Of the log, times,
levels and places in the program; of messages only the words that the program itself contains.
"""

import functools
import locale
import platform
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from lwdesk import __version__
from lwdesk.app import about
from lwdesk.app.job import history
from lwdesk.app.school import network, schools
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home, written_whole
from lwdesk.catalog import EXPORTS, LISTINGS, OPERATIONS
from lwdesk.sheets.write import check_target

_LINES = 2000
_JOBS = 200
_ENTRY = re.compile(r"^(\d{4}-\d\d-\d\d [\d:,]+) ([A-Z]+) ([\w.]+): ?(.*)$")
_FRAME = re.compile(r'^\s+File ".*?((?:lwdesk|site-packages|lib)[/\\][^"]*)", line (\d+), in (\w+)')
_FAILURE = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Warning|Bug|Unavailable|Exit|Interrupt))\b")
# Words of the program's own log messages; anything else in a message may be personal data.
_OURS = re.compile(
    r"work of the window|not expected|the window is gone|the window closed the connection|[a-z]+\.[a-z_]+"
)

_CALL = re.compile(r"^(GET|POST|PUT|DELETE) (\S+) (\d{3} \d+ ms)?")


class Diagnostics:
    """What a window asks."""

    def __init__(self, home: Home):
        self._home = home

    def write(self, target: str) -> str:
        """Write the file. Returns its path. Raises UserError where it cannot be written."""
        path = Path(target)
        check_target(path, (".txt",))
        with written_whole(path) as temporary:
            temporary.write_text("\n".join(lines(self._home)) + "\n", "utf-8")
        return str(path)


def lines(home: Home) -> Iterator[str]:
    """The file, line by line."""
    yield f"lwdesk {__version__}, {datetime.now():%Y-%m-%d %H:%M}"
    yield f"{platform.platform()}, Python {platform.python_version()}, {locale.getlocale()[0]}"
    yield f"packaged: {getattr(sys, 'frozen', False)}"
    yield from ("", "Libraries")
    yield from (f"  {library.name} {library.version}" for library in about.libraries())
    yield from ("", "Settings")
    yield from (f"  {line}" for line in _settings(Settings(home)))
    yield from ("", "Jobs, newest first")
    yield from (f"  {line}" for line in _jobs(home))
    yield from ("", "Log")
    yield from (f"  {line}" for line in _log(home))


def _settings(settings: Settings) -> Iterator[str]:
    window = settings.section("window")
    yield f"schools: {len(schools.schools(settings))}"
    yield f"language: {_word(window.get('language'))}, theme: {_word(window.get('theme'))}"
    yield f"scale: {float(window.get('scale', 1.0))}"
    yield f"pace: {network.pace(settings)}, proxy: {'yes' if network.proxy(settings) else 'no'}"


def _word(value: Any) -> str:
    """A setting that is a word; anything else stays out."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-zA-Z_]{2,10}", value) else "-"


def _jobs(home: Home) -> Iterator[str]:
    for facts in history.jobs(home)[:_JOBS]:
        when = f"{datetime.fromtimestamp(facts['created']):%Y-%m-%d %H:%M}" if facts["created"] else "-"
        counts = ", ".join(f"{n} {word}" for word, n in sorted((facts.get("calls") or {}).items()))
        what = f"{facts.get('kind')} {facts['what']} {facts['state']}"
        yield f"{when} {what}: {facts['rows']} rows, {counts or 'no calls'}"


def _log(home: Home) -> Iterator[str]:
    try:
        text = (home.logs / "lwdesk.log").read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines()[-_LINES:]:
        if found := _ENTRY.match(line):
            when, level, place, message = found.groups()
            yield f"{when} {level} {place}: {_harmless(message)}"
        elif found := _FRAME.match(line):
            yield "  {} line {} in {}".format(*found.groups())
        elif found := _FAILURE.match(line):
            yield f"  {found.group(1)}"


def _harmless(message: str) -> str:
    """What a message says in words of the program's own: which call, how it was answered, how long it took."""
    if _OURS.fullmatch(message):
        return message
    if found := _CALL.match(message):
        method, path, rest = found.groups()
        parts = [part if part in _path_words() else "…" for part in path.partition("?")[0].split("/") if part]
        return f"{method} {'/'.join(parts)} {rest or '…'}"
    return "…"


@functools.cache
def _path_words() -> frozenset[str]:
    """The words that paths of the service are made of; the rest of a path is an id, or an email address."""
    calls = [entry.call for entry in OPERATIONS.values()] + [entry.call for entry in EXPORTS.values()]
    calls += [listing.walk for listing in LISTINGS.values()]
    return frozenset(word for call in calls for word in re.findall(r"[a-z_-]+", re.sub(r"{.*?}", "", call)))
