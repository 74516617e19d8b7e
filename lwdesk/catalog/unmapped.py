"""Columns of a sheet that go nowhere: what is said of them, and which column may be meant. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lwdesk.base.text import _, fold
from lwdesk.catalog.match import OWN_TITLES, Match, spellings
from lwdesk.catalog.model import Column

# Parts of words shorter than this are in too many others to say anything.
_SHORTEST = 4
# Of 100: how much alike a header and a word must be where no part of one is the other.
_ALIKE = 84
# Headers that are named in one sentence.
_MOST = 12


class Nearest:
    """Finds the column whose name, or another word for it, is a part of a header or nearly so: "Full name of pupil" is
    a username, "Kursbezeichnung" a course. Of columns with the same word, the first is meant."""

    def __init__(self, columns: Iterable[Column]):
        self._by_word: dict[str, Column] = {}
        for column in columns:
            if not column.secret:
                for word in spellings(column):
                    self._by_word.setdefault(word, column)

    def column(self, header: str) -> Column | None:
        """The nearest column; None where none is near."""
        text = fold(header)
        scores = dict(self._parts(text.split()))
        if not scores and (close := self._alike(text)):
            return self._by_word[close]
        return self._by_word[max(scores, key=lambda word: scores[word])] if scores else None

    def _parts(self, words: Sequence[str]) -> Iterator[tuple[str, float]]:
        """The known words in a header, with how much of it each explains: its letters where it is whole words of the
        header, half of them where it begins or ends a word."""
        for word in words:
            for n in range(_SHORTEST, len(word)):
                for part in (word[:n], word[-n:]):
                    if part in self._by_word:
                        yield part, len(part) / 2
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                phrase = " ".join(words[first:last])
                if len(phrase) >= _SHORTEST - 1 and phrase in self._by_word:
                    yield phrase, float(len(phrase))

    def _alike(self, text: str) -> str:
        from rapidfuzz import fuzz, process

        if len(text) <= _SHORTEST:
            return ""
        close = process.extractOne(text, self._by_word.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return close[0] if close and len(close[0]) > _SHORTEST else ""


def not_imported(matches: Sequence[Match], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The headers that go nowhere: `letter`, `header`, `near` (the title of the nearest column, one that is still free
    where there is one, or ""), `column` (its id), `why`, and `chosen` (it is known why)."""
    rest = [m for m in matches if m.column is None and m.header.text not in OWN_TITLES]
    if not rest:
        return []
    taken = {m.column.id for m in matches if m.column is not None}
    free, every = Nearest(column for column in columns if column.id not in taken), Nearest(columns)
    found = []
    for match in rest:
        text = match.header.text
        near = None if match.settled else free.column(text) or every.column(text)
        facts = {"letter": match.header.letter, "header": text, "near": _(near.title) if near else ""}
        found.append(
            {**facts, "column": near.id if near else None, "why": match.why, "chosen": match.settled}
        )
    return found


def words(found: Sequence[Mapping[str, Any]]) -> str:
    """One sentence about the headers that go nowhere; "" where there are none."""
    if not found:
        return ""
    parts = [_one(facts) for facts in found[:_MOST]]
    if len(found) > _MOST:
        parts.append(_("{n} more").format(n=len(found) - _MOST))
    return _("Not imported: {columns}.").format(columns="; ".join(parts))


def _one(facts: Mapping[str, Any]) -> str:
    place = {"header": facts["header"], "letter": facts["letter"]}
    if facts["near"]:
        return _("“{header}” ({letter}), nearest column: {near}").format(**place, near=facts["near"])
    if facts["chosen"]:
        return _("“{header}” ({letter}): {why}").format(**place, why=facts["why"])
    return _("“{header}” ({letter})").format(**place)


def nearest_words(facts: Mapping[str, Any]) -> str:
    """Why a header goes nowhere, with the nearest column; "" where none is near."""
    return _("Not imported. Nearest column: {near}").format(near=facts["near"]) if facts["near"] else ""
