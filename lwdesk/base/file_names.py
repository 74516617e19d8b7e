"""Names of files that are safe on every system, whatever they are put together from."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from lwdesk.base.paths import DEVICES, LONGEST_NAME

# Characters and UTF-8 bytes of a name, its ending included: paths on Windows end at 260, names elsewhere at 255 bytes.
LONGEST, MOST_BYTES = 100, 200
# What no system, link or formula of a workbook takes as it is: separators, wildcards, quotes, marks of addresses.
_SIGNS = re.compile(r'[<>:"/\\|?*#%\[\]]+')
# Joiners of letters belong to the spelling of Persian and Hindi; other unseen signs only deceive.
_JOINERS = "\u200c\u200d"
_SUFFIX = re.compile(r"\.(?=\d*[A-Za-z])[A-Za-z0-9]{1,8}$")
_PROGRAMS = frozenset(
    "app application bat chm cmd com command cpl desktop exe gadget hta inf jar js jse lnk msc msi msp pif ps1 reg scf"
    " scr sct settingcontent sh url vb vbe vbs wsf wsh".split()
)


def safe_name(parts: Iterable[str], suffix: str = "", longest: int = LONGEST) -> str:
    """The parts as the name of a file with this ending (".pdf"), cut where they are too long. An ending that would
    start a program when it is opened gets an underscore.

    >>> safe_name(["2026-03", "INV/42: ", "Παπαδοπούλου"], ".pdf"), safe_name(["con"], ".txt"), safe_name(["a"], ".exe")
    ('2026-03 INV 42 Παπαδοπούλου.pdf', 'con_.txt', 'a.exe_')
    """
    ending = f"{suffix}_" if suffix[1:].lower() in _PROGRAMS else suffix
    stem = " ".join(filter(None, map(_clean, parts))).strip(" .") or "file"
    room = longest - len(ending)
    stem = stem[:room]
    while len((stem + ending).encode()) > MOST_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip(" .") or "file"
    return (
        f"{stem}_{ending}" if DEVICES.fullmatch(stem) or DEVICES.fullmatch(stem + ending) else stem + ending
    )


def beside(path: Path, words: str, suffix: str) -> Path:
    """A path beside a file and named after it; what is too long of the file's own name is cut.

    >>> beside(Path("roster.csv"), "results", ".xlsx").name, len(beside(Path("r" * 255), "results", ".xlsx").name)
    ('roster - results.xlsx', 240)
    """
    stem, ending = path.stem, f" - {words}{suffix}"
    while len((stem + ending).encode(errors="surrogateescape")) > LONGEST_NAME:
        stem = stem[:-1]
    return path.with_name(stem.rstrip(" .") + ending)


def numbered(name: str, n: int) -> str:
    """The name with a number, for the second and further files that are called so.

    >>> numbered("a.pdf", 1), numbered("a.pdf", 2)
    ('a.pdf', 'a (2).pdf')
    """
    if n < 2:
        return name
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({n}){dot}{suffix}" if dot else f"{name} ({n})"


def name_key(name: str) -> str:
    """What two names have in common that some system takes for the same one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def split_suffix(name: str) -> tuple[str, str]:
    """The name of a file without and with its ending; "" for none.

    >>> split_suffix("essay.v2.docx"), split_suffix("Draft 1.2"), split_suffix("/a/b.PDF")
    (('essay.v2', '.docx'), ('Draft 1.2', ''), ('b', '.PDF'))
    """
    plain = re.split(r"[/\\]", name)[-1].strip()
    found = _SUFFIX.search(plain)
    return (plain[: found.start()], found[0]) if found and found.start() else (plain, "")


def _clean(part: str) -> str:
    text = unicodedata.normalize("NFC", part)
    seen = "".join(c if c in _JOINERS or unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(_SIGNS.sub(" ", seen).split())
