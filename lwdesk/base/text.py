"""Text: translation marks, and folding of words so that spellings of the same thing compare equal."""

import gettext
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

_catalog = gettext.NullTranslations()


def speak(language: str) -> None:
    """From now on messages are in this language ("el", "de_AT" ...), English where there is no translation."""
    global _catalog
    folder = Path(__file__).parents[1] / "locale"
    _catalog = gettext.translation("lwdesk", folder, [language or "en"], fallback=True)


def _(message: str) -> str:
    """The message in the user's language."""
    return _catalog.gettext(message)


def N_(message: str) -> str:
    """Marks a message of a data table for translation; `_` translates it where it is shown."""
    return message


def ngettext(one: str, many: str, n: int, **more: str | int) -> str:
    """The form of a message for `n` things, `{n}` and `more` filled in."""
    return _catalog.ngettext(one, many, n).format(n=n, **more)


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
