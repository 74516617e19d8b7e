"""Text: translation marks, and folding of words so that spellings of the same thing compare equal."""

import gettext
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

# The languages there are, each by its own name; English is what the messages in the source are in.
LANGUAGES = {"en": "English", "el": "Ελληνικά"}
LOCALE = Path(__file__).with_name("locale")

# What stands between the thousands of a number.
_GROUPS = {"en": ",", "el": "."}

_catalog = gettext.NullTranslations()
_group = _GROUPS["en"]


def speak(language: str) -> None:
    """From now on messages are in this language ("el", "de_AT" ...), English where there is no translation."""
    global _catalog, _group
    short = re.split(r"[_.@-]", language)[0].lower()
    _group = _GROUPS.get(short, ",")
    path = LOCALE / short / "LC_MESSAGES" / "lwdesk.po"
    if short == "en" or short not in LANGUAGES or not path.exists():
        _catalog = gettext.NullTranslations()
        return
    import io

    import polib

    _catalog = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path)).to_binary()))


def system_language() -> str:
    """The language that the system's environment asks for, "" for none; `LWDESK_LANGUAGE` comes before."""
    names = ("LWDESK_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((value.partition(":")[0] for name in names if (value := os.environ.get(name))), "")


def _(message: str) -> str:
    """The message in the user's language."""
    return _catalog.gettext(message)


def N_(message: str) -> str:
    """Marks a message of a data table for translation; `_` translates it where it is shown."""
    return message


def ngettext(one: str, many: str, n: int, **more: str | int) -> str:
    """The form of a message for `n` things, `{n}` and `more` filled in."""
    return _catalog.ngettext(one, many, n).format(n=number(n), **more)


def number(n: int) -> str:
    """18204 -> 18,204, as the language has it."""
    return f"{n:,}".replace(",", _group)


def squeeze(text: str) -> str:
    """White space of every kind, at the ends removed, inside one blank."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Words for comparing: lower case, no accents, only letters and digits, one blank between.

    >>> fold("  E-Mail  Adresse* ")
    'e mail adresse'
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def listing(items: Sequence[str], most: int = 5) -> str:
    """Quoted items in a sentence: “a”, “b” and 3 more."""
    shown = ", ".join(f"“{item}”" for item in items[:most])
    rest = len(items) - most
    return shown if rest <= 0 else _("{shown} and {n} more").format(shown=shown, n=rest)


def brief(text: str, most: int = 60) -> str:
    """Text on one line, cut to `most` letters, to be quoted in a sentence."""
    flat = squeeze(text)
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def nearest(word: str, candidates: Sequence[str], most: int = 3, least: float = 70) -> list[str]:
    """The candidates spelled most like the word, best first; `least` of 100 alike."""
    from rapidfuzz import fuzz, process

    found = process.extract(
        word, candidates, scorer=fuzz.WRatio, processor=fold, limit=most * 4, score_cutoff=least
    )
    close = [candidate for candidate, _score, _index in found]
    # "tag" is in "instagram" as a whole, but nearer to "tags"
    return sorted(close, key=lambda candidate: -fuzz.ratio(fold(word), fold(candidate)))[:most]
