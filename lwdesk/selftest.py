"""`lwdesk --self-test`: tries everything out on this computer, offline, without a screen and without a school.

It shows what a package lacks: a library, a file, the helper process, a part of the window. Nothing of the person's own
is read or changed.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lwdesk import __version__
from lwdesk.app import about
from lwdesk.app.importing import imports
from lwdesk.app.job import results
from lwdesk.app.school import schools
from lwdesk.app.settings import Settings
from lwdesk.base import text
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import N_, _, ngettext
from lwdesk.cli.sessions import PRACTICE, session_for
from lwdesk.sheets.read import read
from lwdesk.sheets.write import Column, Sheet, write_book

HEADERS = ("Email", "First name", "Tags")
ROWS = (
    ("ana@example.org", "Ana", "autumn; vip"),
    ("not an address", "Βασιλική", "autumn"),
    ("li.wei@example.org", "李伟", ""),
)
BECOMES = ("done", "failed", "done")


class Broken(Exception):
    """Something does not do what it should."""


class Lacking(Exception):
    """Something that this computer does not have, and lwdesk can do without."""


def run() -> int:
    """Try all, one line each on standard output, errors in full on standard error. Returns 0 where all is well."""
    text.speak(text.system_language())
    _tell(f"lwdesk {__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    with tempfile.TemporaryDirectory(prefix="lwdesk-self-test-") as folder:
        good = [_try(words, attempt, Home(Path(folder) / "home")) for words, attempt in TRIES]
    _tell(_("All is well.") if all(good) else _("This lwdesk is not whole. Install it again."))
    return 0 if all(good) else 1


def _try(words: str, attempt: Callable[[Home], str], home: Home) -> bool:
    """Make one attempt and say how it went. Returns whether it went well; what may be lacking does not count."""
    began, word, good = time.perf_counter(), _("ok"), True
    try:
        found = attempt(home)
    except Lacking as error:
        word, found = _("lacking"), str(error)
    except Exception as error:
        logging.getLogger("lwdesk").exception("%s", attempt.__name__)
        word, found, good = _("FAILED"), f"{type(error).__name__}: {error}", False
    _tell(f"{word:8} {_(words)}: {found} ({time.perf_counter() - began:.1f} s)")
    return good


def _tell(line: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"  # a terminal may know few letters
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


def _languages(home: Home) -> str:
    words = {}
    for language in text.LANGUAGES:
        text.speak(language)
        words[_("Settings")] = language
    text.speak(text.system_language())
    if len(words) != len(text.LANGUAGES):
        raise Broken(f"only {', '.join(words.values())}")
    return ", ".join(text.LANGUAGES.values())


def _licences(home: Home) -> str:
    found = about.libraries()
    if missing := [library.name for library in found if not about.licence(library.name)]:
        raise Broken(f"no text for {', '.join(missing)}")
    return str(len(found))


def _workbook(home: Home) -> str:
    path = home.folder(".") / "roster.xlsx"
    write_book(path, [Sheet("Roster", [Column(name) for name in HEADERS], ROWS)])
    found = [tuple(cell or "" for cell in cells) for _number, cells in read(path).rows]
    if found != list(ROWS):
        raise Broken(str(found))
    return path.name


def _import(home: Home) -> str:
    path, settings = home.root / "roster.xlsx", Settings(home)
    with session_for(PRACTICE, home) as session:
        opened = imports.open_for(session, path, ["roster"], imports.Choices(), settings)
        with closing(imports.create(home, opened, session)) as journal:
            imports.plan(journal, session)
            imports.engine(journal, session).run()
            became = [word for _row, word, *_rest in results.outcomes(journal)]
            written = results.write(journal, results.default_path(journal)).paths[0]
    if tuple(became) != BECOMES:
        raise Broken(f"{became}, {written.name}")
    return f"{', '.join(became)}; {written.name}"


def _window(home: Home) -> str:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from lwdesk.ui.tryout import open_and_close

    return ngettext("{n} page", "{n} pages", open_and_close(home))


def _keychain(home: Home) -> str:
    try:
        return schools.keychain()
    except UserError as error:
        raise Lacking(error) from error


TRIES: tuple[tuple[str, Callable[[Home], str]], ...] = (
    (N_("The languages"), _languages),
    (N_("The licences of what is inside"), _licences),
    (N_("A workbook, written and read"), _workbook),
    (N_("Three rows into the practice school"), _import),
    (N_("The window and its helper"), _window),
    (N_("The keychain"), _keychain),
)
