"""Columns of a sheet that go nowhere: what is said of them, and which column may be meant. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lwdesk.base.text import _, fold
from lwdesk.catalog.match import OWN_TITLES, Match, spellings
from lwdesk.catalog.model import Column

# Parts of words shorter than this are in too many others to say anything.
_SHORTEST = 4
# Headers that are named in one sentence.
_MOST = 12


def nearest_column(header: str, columns: Iterable[Column]) -> Column | None:
    """The column whose name, or another word for it, is a part of the header or nearly so: "Full name of pupil" is a
    username, "Kursbezeichnung" a course. None where nothing is near."""
    from rapidfuzz import fuzz

    words = fold(header).split()
    text, best, found = " ".join(words), 0.0, None
    for column in columns:
        if column.secret:
            continue
        for spelling in spellings(column):
            score = _part(spelling, text, words)
            if not score and min(len(spelling), len(text)) > _SHORTEST and fuzz.ratio(spelling, text) >= 84:
                score = len(spelling) / 2
            if score > best:
                best, found = score, column
    return found


def _part(spelling: str, text: str, words: Sequence[str]) -> float:
    """How much of a header the spelling explains: letters of whole words, half of those that begin or end a word."""
    if f" {spelling} " in f" {text} ":
        return len(spelling) if len(spelling) >= _SHORTEST - 1 else 0
    if len(spelling) < _SHORTEST or " " in spelling:
        return 0
    compound = any(word.startswith(spelling) or word.endswith(spelling) for word in words)
    return len(spelling) / 2 if compound else 0


def not_imported(matches: Sequence[Match], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """The headers that go nowhere: `letter`, `header`, `near` (the title of the nearest column that is still free, or
    ""), `why` and `chosen` (the user, or a product's known sheet, decided so)."""
    taken = {m.column.id for m in matches if m.column is not None}
    free = [column for column in columns if column.id not in taken]
    found = []
    for match in matches:
        if match.column is not None or match.header.text in OWN_TITLES:
            continue
        near = None if match.settled else nearest_column(match.header.text, free)
        near = near or (None if match.settled else nearest_column(match.header.text, columns))
        title = _(near.title) if near is not None else ""
        facts = {"letter": match.header.letter, "header": match.header.text, "near": title}
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
