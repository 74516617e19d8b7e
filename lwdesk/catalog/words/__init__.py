"""The words used in sheets, by language: headers, answers, dates.

Each language is a file `<language>.toml` of this folder, read when a word is first asked for. `[headers]` are the
words of a column, the most telling first, by the key that `Column.words` names (mostly the column's id). `[beside]`
are words that mean a column only where another column is in the sheet too. `[answers]` say yes and no. `[dates]` are
the months from January on and the days of the week from Monday on, each with its forms and abbreviations, and words
between them. `[totals]` are the words of a row that adds up the others. `[periods]` are days said relative to today;
`{n}` is a number.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lwdesk.base.text import fold

_FOLDER = Path(__file__).parent


@cache
def tables() -> dict[str, dict[str, Any]]:
    """Language -> the content of its file; English is the first."""
    paths = sorted(_FOLDER.glob("*.toml"), key=lambda path: (path.stem != "en", path.stem))
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in paths}


def in_language(keys: str, language: str) -> list[str]:
    """The words of one language for a column with these blank-separated keys."""
    listed = tables()[language].get("headers", {})
    return [word for key in keys.split() for word in listed.get(key, ())]


@cache
def headers(keys: str) -> tuple[str, ...]:
    """The words of all languages for a column with these keys: the most telling ones of each come first."""
    words: dict[str, str] = {}
    for rank in zip_longest(*(in_language(keys, language) for language in tables())):
        for word in filter(None, rank):
            words.setdefault(fold(word), word)
    return tuple(words.values())


@cache
def beside(keys: str) -> tuple[tuple[str, str], ...]:
    """(Folded word, id of the other column) of a column with these keys."""
    return tuple(
        (fold(word), other)
        for table in tables().values()
        for key in keys.split()
        for other, words in table.get("beside", {}).get(key, {}).items()
        for word in words
    )


@cache
def answers() -> dict[str, dict[str, bool]]:
    """Language -> folded word or letter -> whether it says yes; languages in Latin letters come first."""
    found = {}
    for language, table in tables().items():
        message = table.get("answers", {})
        found[language] = {fold(word) or word: yes == "yes" for yes in message for word in message[yes]}
    found = {language: known for language, known in found.items() if known}
    return dict(sorted(found.items(), key=lambda item: not next(iter(item[1])).isascii()))


@cache
def months() -> dict[str, int]:
    """Folded form or abbreviation of a month -> 1 to 12."""
    return {
        fold(form): number
        for table in tables().values()
        for number, forms in enumerate(table.get("dates", {}).get("months", ()), 1)
        for form in forms.split()
    }


@cache
def weekdays() -> Mapping[str, frozenset[int]]:
    """The folded days of the week and their abbreviations, parts of those with a dash, too; which days each can mean,
    Monday is 0: "do" is Thursday in Dutch and Sunday in Spanish."""
    found: dict[str, set[int]] = {}
    for table in tables().values():
        for number, forms in enumerate(table.get("dates", {}).get("weekdays", ())):
            for word in fold(forms).split():
                found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def weekday_in(language: str, number: int) -> str:
    """What a day of the week is called in a language, in English where that has no word for it; Monday is 0."""
    known = tables().get(language, {}).get("dates", {}).get("weekdays") or tables()["en"]["dates"]["weekdays"]
    return str(known[number]).split()[0]


@cache
def fillers() -> frozenset[str]:
    """Folded words between day, month and year."""
    return frozenset(
        fold(word) for table in tables().values() for word in table.get("dates", {}).get("fillers", ())
    )


@cache
def totals() -> frozenset[str]:
    """Folded words that a row of totals begins with."""
    return frozenset(
        fold(word) for table in tables().values() for word in table.get("totals", {}).get("words", ())
    )


@cache
def periods() -> dict[str, str]:
    """Folded words for days relative to today -> which they are ("last_month"); a number in them is "0"."""
    return {
        fold(form.replace("{n}", "0")): period
        for table in tables().values()
        for period, forms in table.get("periods", {}).items()
        for form in forms
    }


def period_in(language: str, period: str) -> str:
    """What a period is called in a language, in English where that has no word for it."""
    known = tables().get(language, {}).get("periods") or tables()["en"]["periods"]
    return str(known[period][0])
