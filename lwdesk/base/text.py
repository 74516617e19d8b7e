"""Text: translation marks, and folding of words so that spellings of the same thing compare equal."""

import gettext
import os
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import filterfalse
from pathlib import Path

# The languages there are, each by its own name; English is what the messages in the source are in.
LANGUAGES = {"en": "English", "el": "Ελληνικά"}
LOCALE = Path(__file__).with_name("locale")

# Thousands separators.
_GROUPS = {"en": ",", "el": "."}

_catalog = gettext.NullTranslations()
_language = ""
_group = _GROUPS["en"]


def own_languages() -> list[str]:
    """The languages of the user as far as is known, short ("el"): the program's and the system's, English aside."""
    found = (_language, system_language())
    return [
        short
        for name in found
        if (short := re.split(r"[_.@-]", name)[0].lower()) not in ("", "en", "c", "posix")
    ]


def set_language(language: str) -> None:
    """From now on messages are in this language ("el", "de_AT" ...), English where there is no translation."""
    global _catalog, _group, _language
    _language = language
    short = re.split(r"[_.@-]", language)[0].lower()
    _group = _GROUPS.get(short, ",")
    path = LOCALE / short / "LC_MESSAGES" / "lwdesk.po"
    if short == "en" or short not in LANGUAGES or not path.exists():
        _catalog = gettext.NullTranslations()
        return
    import io

    import polib

    _catalog = gettext.GNUTranslations(io.BytesIO(polib.pofile(str(path)).to_binary()))


def language() -> str:
    """The short code of the language that messages are in: one of `LANGUAGES`."""
    short = re.split(r"[_.@-]", _language)[0].lower()
    return short if short in LANGUAGES else "en"


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


def decimals(value: float, places: int | None = None) -> str:
    """1234.5 -> 1,234.50 with two places, as the language has it; None: as many as the number has."""
    text = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return text if _group == "," else text.translate(str.maketrans(",.", f"{_group},"))


def squeeze(text: str) -> str:
    """White space of every kind, at the ends removed, inside one blank."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Text for searching: lower case, no accents; signs and blanks stay.

    >>> plain("Παπαδόπουλος_50%")
    'παπαδοπουλοσ_50%'
    """
    if text.isascii():
        return text.lower()
    found = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filterfalse(unicodedata.combining, found))


@lru_cache(maxsize=10_000)  # every header is compared with the same few thousand words
def fold(text: str) -> str:
    """Words for comparing: lower case, no accents, only letters and digits, one blank between.

    >>> fold("  E-Mail  Adresse* ")
    'e mail adresse'
    """
    return " ".join(re.findall(r"[^\W_]+", plain(text)))


# Signs that are typed and printed in several ways and mean the same.
_SIGNS = {"'": "’‘‛ʼ′´`", '"': "“”„‟«»″", "-": "‐‑‒–—―−", "·": "•∙⋅‧"}
_TWINS = str.maketrans({twin: sign for sign, twins in _SIGNS.items() for twin in twins})
# Soft hyphens, zero-width marks, marks of direction and variation selectors: all invisible.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u034f\ufeff"))
for _first, _last in (
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2064),
    (0xFE00, 0xFE0F),
    (0xE0100, 0xE01EF),
):
    _UNSEEN |= dict.fromkeys(range(_first, _last + 1))


def title_key(text: str) -> str:
    """What makes two titles the same for certain: they differ at most in Unicode form (NFKC), case, white space and
    typographic twins. Signs and accents count: "C" is not "C++".

    >>> title_key(" R&D – Anna’s  Course ") == title_key("r&d - anna's course")
    True
    """
    plain = unicodedata.normalize("NFKC", text.translate(_TWINS)).translate(_TWINS).translate(_UNSEEN)
    return squeeze(unicodedata.normalize("NFKC", plain.casefold()))


def split_list(text: str, marks: str) -> list[str]:
    """The items of a cell with a list, as they are written, apart at the `marks`.

    Quotes around a whole item protect the marks in it: `"north, south"; east`. Empty items are dropped.
    """
    return [item for piece, _mark in split_marked(text, marks) if (item := piece.strip())]


def split_marked(text: str, marks: str) -> list[tuple[str, str]]:
    """Every piece of a cell with a list, blanks and quotes kept, with the mark after it ("" after the last)."""
    pieces, start, at = [], 0, 0
    while at < len(text):
        closing = _closing_quote(text, at, marks) if not text[start:at].strip() else None
        if closing is not None:
            at = closing
        elif text[at] in marks:
            pieces.append((text[start:at], text[at]))
            start = at + 1
        at += 1
    return [*pieces, (text[start:], "")]


def _closing_quote(text: str, at: int, marks: str) -> int | None:
    """Where the quote that opens at `at` closes an item; None where none opens, or it does not end the item."""
    pair = _QUOTES.get(text[at])
    if pair is None:
        return None
    end = at + 1
    while end < len(text):
        if text[end] not in pair:
            end += 1
        elif pair == '"' and text[end : end + 2] == '""':
            end += 2
        else:
            rest = text[end + 1 :].lstrip(" \t")
            return end if not rest or rest[0] in marks else None
    return None


# What opens a quote -> what may close it, as the languages have it.
_QUOTES = {'"': '"', "“": "”", "„": "“”", "”": "”", "«": "»", "‚": "‘’", "‹": "›"}


def unquoted(item: str) -> str:
    """An item of a list without the quotes that protect it."""
    text = item.strip()
    if len(text) < 2 or _closing_quote(text, 0, "") != len(text) - 1:
        return item
    return text[1:-1].replace('""', '"').strip()


def quoted(item: str, *, always: bool = False) -> str:
    """An item as it is written into a list: in quotes where a mark of lists is in it or it starts with a quote, or
    `always`."""
    if not always and not re.search(r"[;|,\n\r]", item) and item[:1] not in _QUOTES:
        return item
    return '"' + item.replace('"', '""') + '"'


def listing(items: Sequence[str], most: int = 5, *, quoted: bool = True) -> str:
    """Items in a sentence: “a”, “b” and 3 more."""
    shown = ", ".join(f"“{item}”" if quoted else item for item in items[:most])
    rest = len(items) - most
    return shown if rest <= 0 else _("{shown} and {n} more").format(shown=shown, n=rest)


def shorten(text: str, most: int = 60) -> str:
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


def did_you_mean(close: Sequence[str]) -> str:
    """A hint that asks for the nearest of what is known; "" where nothing is near."""
    return _("Did you mean {close}?").format(close=listing(close)) if close else ""


def suggestion(word: str, known: Sequence[str], most: int = 10) -> str:
    """A hint where a word is unknown: what may have been meant, else what there is; "" where there is nothing."""
    available = _("Available: {names}").format(names=listing(known, most)) if known else ""
    return did_you_mean(nearest(word, known)) or available


def misspelled(word: str, title: str) -> bool:
    """Whether a word differs from a title in signs, accents or one typing error (two in long ones) alone. Numbers and
    single letters count: "Room 1" is not "Room 2", nor "Part A" "Part B".

    >>> misspelled("Spase 1", "Space 1 🚀"), misspelled("Space 11", "Space 1")
    (True, False)
    """
    from rapidfuzz.distance import OSA

    one, other = fold(word), fold(title)
    if one == other:
        return True
    telling = r"\d+|\b[^\W\d]\b"
    if re.findall(telling, one) != re.findall(telling, other) or min(len(one), len(other)) < 4:
        return False
    most = 1 if len(other) < 12 else 2
    return int(OSA.distance(one, other, score_cutoff=most)) <= most
