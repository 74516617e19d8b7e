"""`lwdesk --self-test`: tries everything out on this computer, offline, without a screen and without a school.

It shows what a package lacks: a library, a file, the helper process, a part of the window. Nothing of the user's own
is read or changed.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lwdesk import __version__
from lwdesk.app import about
from lwdesk.app.importing import imports
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job import results
from lwdesk.app.school import schools, zones
from lwdesk.app.settings import Settings
from lwdesk.base import text
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home, own_command
from lwdesk.base.text import N_, _, ngettext
from lwdesk.cli.sessions import PRACTICE, session_for
from lwdesk.documents import pdf
from lwdesk.help import topics
from lwdesk.sheets.columns import Column
from lwdesk.sheets.read import read
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.write import write_book

HEADERS = ("Email", "First name", "Tags")
ROWS = (
    ("ana@example.org", "Ana", "autumn; vip"),
    ("not an address", "Βασιλική", "autumn"),
    ("li.wei@example.org", "李伟", ""),
)
BECOMES = ("done", "failed", "done")


class Broken(Exception):
    """Something does not do what it should."""


class Missing(Exception):
    """Something that this computer does not have, and lwdesk can do without."""


# How an attempt went: fine; without something that lwdesk can do without; a setting of the computer is wrong; broken.
FINE, MISSING, SETTING, BROKEN = "fine", "missing", "setting", "broken"
WORDS = {FINE: N_("ok"), MISSING: N_("missing"), SETTING: N_("FAILED"), BROKEN: N_("FAILED")}


def run() -> int:
    """Try all, one line each on standard output, errors in full on standard error. Returns 0 where all is well."""
    text.set_language(text.system_language())
    _render(f"lwdesk {__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    with tempfile.TemporaryDirectory(prefix="lwdesk-self-test-") as folder:
        found = [_try(words, attempt, Home(Path(folder) / "home")) for words, attempt in TRIES]
    if BROKEN in found:
        _render(_("Some lwdesk files are missing or damaged. Reinstall lwdesk."))
    elif SETTING in found:
        _render(_("lwdesk itself is complete. Change the settings of this computer named above."))
    else:
        _render(_("No problems found."))
    return 0 if not {BROKEN, SETTING} & set(found) else 1


def _try(words: str, attempt: Callable[[Home], str], home: Home) -> str:
    """Make one attempt and print how it went. Returns which it is: FINE, MISSING, SETTING or BROKEN."""
    began, verdict = time.perf_counter(), FINE
    try:
        found = attempt(home)
    except Missing as error:
        verdict, found = MISSING, str(error)
    except UserError as error:
        verdict, found = SETTING, str(error)
    except Exception as error:
        logging.getLogger("lwdesk").exception("%s", attempt.__name__)
        verdict, found = BROKEN, f"{type(error).__name__}: {error}"
    word = _(WORDS[verdict])
    _render(f"{word:8} {_(words)}: {found} ({time.perf_counter() - began:.1f} s)")
    return verdict


def _render(line: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"  # a terminal may know few letters
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


def _languages(home: Home) -> str:
    words = {}
    for language in text.LANGUAGES:
        text.set_language(language)
        words[_("Settings")] = language
    text.set_language(text.system_language())
    if len(words) != len(text.LANGUAGES):
        raise Broken(f"only {', '.join(words.values())}")
    return ", ".join(text.LANGUAGES.values())


def _help(home: Home) -> str:
    found = []
    for language in text.LANGUAGES:
        text.set_language(language)
        found += [topics.read(topic) for _group, group in topics.contents() for topic, _title in group]
    text.set_language(text.system_language())
    return ngettext("{n} topic", "{n} topics", len(found) // len(text.LANGUAGES))


def _licences(home: Home) -> str:
    found = about.libraries()
    if missing := [library.name for library in found if not about.licence(library.name)]:
        raise Broken(f"no text for {', '.join(missing)}")
    return str(len(found))


def _zones(home: Home) -> str:
    """Windows has no list of time zones that Python reads; a package brings its own."""
    found = zones.names()
    if "Europe/Athens" not in found:
        raise Broken(f"only {', '.join(found)}")
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
        opened = imports.open_for(session, path, ["roster"], Choices(), settings)
        with closing(imports.create(home, opened, session)) as journal:
            imports.plan(journal, session)
            imports.engine(journal, session).run()
            became = [word for _row, word, *_plan_rest in results.outcomes(journal)]
            written = results.write(journal, results.default_path(journal)).paths[0]
    if tuple(became) != BECOMES:
        raise Broken(f"{became}, {written.name}")
    return f"{', '.join(became)}; {written.name}"


def _pipe(home: Home) -> str:
    """What the program writes to a pipe is UTF-8, whatever the code page of the system is."""
    asked = [*own_command(), "--home", str(home.root), "exports"]
    done = subprocess.run(asked, capture_output=True, env=os.environ | {"LWDESK_LANGUAGE": "el"}, check=True)
    if "Χρήστες" not in done.stdout.decode("utf-8", "replace"):
        raise Broken(f"no UTF-8: {done.stdout[:80]!r}")
    if getattr(sys, "frozen", False) and not sys.flags.utf8_mode:
        raise Broken("the UTF-8 mode of Python is off")
    return "Χρήστες"


def _pdf(home: Home) -> str:
    path = home.folder(".") / "page.pdf"
    pdf.write(path, [pdf.Chapter("<p>Βασιλική 李伟</p>", "", "", "")], path.stem)
    return path.name


def _window(home: Home) -> str:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from lwdesk.ui.tryout import open_and_close

    return ngettext("{n} page", "{n} pages", open_and_close(home))


def _keychain(home: Home) -> str:
    try:
        return schools.keychain()
    except UserError as error:
        raise Missing(error) from error


TRIES: tuple[tuple[str, Callable[[Home], str]], ...] = (
    (N_("The languages"), _languages),
    (N_("The help"), _help),
    (N_("The included licenses"), _licences),
    (N_("The time zones"), _zones),
    (N_("Writing and reading a workbook"), _workbook),
    (N_("Importing three rows into the practice school"), _import),
    (N_("Greek text in the terminal"), _pipe),
    (N_("A PDF"), _pdf),
    (N_("The window and its background process"), _window),
    (N_("The keychain"), _keychain),
)
