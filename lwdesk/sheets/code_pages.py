"""Detects the code page of a text file from the letters of its names.

Excel's plain "CSV" is in the code page of the computer's country and does not say which. The words beyond ASCII are
read in each code page and weighed by how well their letters follow each other in the languages that use it
(`letters.json`: how often a letter follows another in first names, last names and towns of a language, as the lists of
the Faker project have them). Where another reading is nearly as likely, nobody but the user can tell.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

# Code page → its languages. What Windows writes comes first; old Macs and DOS programs are rarer by far.
_WESTERN = "fr es pt nl it de da sv no fi is en"
_CENTRAL = "pl cs sk hu ro hr sl"
PAGES = {
    "cp1252": _WESTERN,
    "cp1250": f"{_CENTRAL} de",
    "cp1251": "ru uk bg",
    "cp1253": "el",
    "cp1254": "tr",
    "cp1255": "he",
    "cp1256": "ar",
    "cp1257": "lv lt et",
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "cp852": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "mac_latin2": "pl cs sk hu hr sl",
    "mac_greek": "el",
    "cp737": "el",
    "mac_cyrillic": "ru uk bg",
    "cp866": "ru uk bg",
    "koi8_r": "ru",
    "mac_turkish": "tr",
}
# Logarithms of how much rarer they are.
_RARER = {"mac_roman": 3.0, "cp850": 3.0, "cp852": 5.0, "iso8859_2": 5.0}
_RAREST = 6.0
# The lead (a logarithm) that a reading needs over the next. Measured with names that the table had not seen: 1 file in
# 900 is read wrong at this lead, and 1 in 15 is asked about, nearly all with a single name beyond ASCII.
_LEAD = 6.0
# What a word of another language, a sign inside a word and a capital behind a small letter cost.
_FOREIGN, _ODD = 2.5, 8.0
# How much the words in plain ASCII say of the language, at most; and what the user's own language adds.
_WEIGHT, _MOST_WEIGHT, _OWN = 0.25, 4.0, 3.0
_WORDS = 400
_EXAMPLES = 3
_NOT_IN_WORDS = re.compile(rb"[\x00-\x26\x28-\x2c./0-9:;<-@\[-`{-\x7f]+")
_PARTICLES = re.compile(r"(?:Mc|Mac|De|Van|La|Le|Di|D'|O'|L')", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One way to read the file: Python's name of the code page, and sample words decoded with it."""

    encoding: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """How to read a file: `readings`, the likeliest first. Several if it can't be decided: their words differ."""

    readings: tuple[Reading, ...]

    @property
    def sure(self) -> bool:
        return len(self.readings) == 1


@dataclass
class _Model:
    """How often one letter follows another in a language: "^" before the first, "$" after the last."""

    pairs: Counter[str] = field(default_factory=Counter)
    firsts: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    total: int = 0

    def weigh(self, word: str) -> float:
        """The logarithm of how likely the word is; letters that the language does not have cost most."""
        marked, found = f"^{word.lower()}$", 0.0
        for one, next_ in pairwise(marked):
            alone = (self.letters[next_] + 0.02) / (self.total + 3)
            found += math.log((self.pairs[one + next_] + 2 * alone) / (self.firsts[one] + 2))
        return found


@cache
def _models() -> dict[str, _Model]:
    found = {}
    for language, text in json.loads(Path(__file__).with_name("letters.json").read_text("utf-8")).items():
        model = found[language] = _Model()
        for entry in text.split(" "):
            pair, count = entry[:2], int(entry[2:])
            model.pairs[pair] += count
            model.firsts[pair[0]] += count
            model.letters[pair[1]] += count
            model.total += count
    return found


def decide(content: bytes, own: Sequence[str] = ()) -> Verdict:
    """How to read the file, which is not UTF-8. `own` are the user's languages ("fr"): a hint, no more."""
    tokens = [token for token in _NOT_IN_WORDS.split(content) if token]
    words = sorted({token for token in tokens if not token.isascii()})[:_WORDS]
    plain = sorted({token.decode() for token in tokens if token.isascii()})[:_WORDS]
    evidence = _evidence(plain)
    scored: dict[tuple[str, ...], tuple[float, str]] = {}
    for page, languages in PAGES.items():
        try:
            texts = tuple(word.decode(page) for word in words)
        except UnicodeDecodeError:
            continue
        score = _score(texts, languages.split(), evidence, own) - _rarity(page)
        if score > scored.get(texts, (-math.inf, ""))[0]:
            scored[texts] = score, page
    if not scored:  # bytes that no page has: read as most files are, what is missing shows as a sign
        return Verdict((Reading("cp1252", ()),))
    ranked = sorted(scored.items(), key=lambda one: -one[1][0])
    best = ranked[0][1][0]
    near = [(texts, page) for texts, (score, page) in ranked if best - score < _LEAD]
    differing = [n for n in range(len(words)) if len({texts[n] for texts, _page in near}) > 1][:_EXAMPLES]
    return Verdict(tuple(Reading(page, tuple(texts[n] for n in differing)) for texts, page in near))


def _rarity(page: str) -> float:
    return 0.0 if page.startswith("cp125") else _RARER.get(page, _RAREST)


def _evidence(plain: Sequence[str]) -> dict[str, float]:
    """What the words in plain ASCII say of each language, 0 for the one they fit best."""
    found = {
        language: sum(max(model.weigh(word), -4.5 * (len(word) + 1)) for word in plain)
        for language, model in _models().items()
    }
    top = max(found.values())
    return {language: max(-_MOST_WEIGHT, _WEIGHT * (weight - top)) for language, weight in found.items()}


def _score(
    texts: Sequence[str], languages: Sequence[str], evidence: dict[str, float], own: Sequence[str]
) -> float:
    """How likely these words are in the best of the languages; single words may be of another of them."""
    models = _models()
    weights = [{name: models[name].weigh(text) for name in languages} for text in texts]
    found = max(
        evidence[name]
        + (_OWN if name in own else 0.0)
        + sum(max(one[name], max(one.values()) - _FOREIGN) for one in weights)
        for name in languages
    )
    return found - _ODD * sum(map(_odd, texts))


def _odd(text: str) -> int:
    """How much in a word is not as words are written."""
    signs = sum(not (char.isalpha() or char in "'’-") for char in text)
    letters = zip(text, text[1:], text[2:] + " ", strict=False)
    capital = any(b.isupper() and (a.islower() or (a.isupper() and c.islower())) for a, b, c in letters)
    return signs + (capital and _PARTICLES.match(text) is None)
