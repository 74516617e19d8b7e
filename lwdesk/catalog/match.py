"""Matching: which header of a sheet is which column of an entry, and why. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lwdesk.base.errors import UserError
from lwdesk.base.text import _, fold, listing, nearest
from lwdesk.catalog.kinds import Several
from lwdesk.catalog.model import Column, Recipe

# Columns that a results workbook adds; dropped back in, they tell what was done already.
STATUS, MESSAGE, ID, TIME = "lwdesk status", "lwdesk message", "lwdesk id", "lwdesk time"
RESULT_TITLES = (STATUS, MESSAGE, ID, TIME)
# Below this likeness (of 100) a spelling is another word.
_LIKENESS = 86


class Header(Protocol):
    """A header of a sheet: Excel's column letter and the text."""

    @property
    def letter(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Match:
    """Where one header goes: `column` None means that it is not imported. `sure` is False where it was guessed."""

    index: int
    header: Header
    column: Column | None
    why: str
    sure: bool = True


def takes_many(column: Column) -> bool:
    """Whether several headers ("Course 1", "Course 2") may go to the column."""
    return column.each or isinstance(column.kind, Several)


def spellings(column: Column) -> set[str]:
    """All folded words that mean the column."""
    return {fold(word) for word in (column.id, column.title, _(column.title), *column.synonyms)}


def match(
    headers: Sequence[Header],
    recipe: Recipe,
    *,
    custom: Sequence[Column] = (),
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
) -> list[Match]:
    """One match per header, in the sheet's order.

    `custom` are the school's custom fields, `remembered` the header -> column id of an earlier file with the same
    headers, `chosen` what the person says now ("" leaves a header out); `ignored` headers are left out.
    Raises UserError for a chosen header or column that does not exist.
    """
    chosen = {**(chosen or {}), **dict.fromkeys(ignored, "")}
    _check_choices(headers, recipe, chosen)
    columns = [*recipe.columns, *custom]
    taken: dict[str, Header] = {}
    found: dict[int, Match] = {}
    for guess in (_by_choice(chosen), _by_memory(remembered or {}), _exactly, _nearly):
        for index, header in enumerate(headers):
            if index in found or header.text in RESULT_TITLES:
                continue
            if (hit := guess(index, header, recipe, columns, taken)) is not None:
                found[index] = hit
                if hit.column is not None:
                    taken.setdefault(hit.column.id, header)
    return [
        found.get(index) or _left_out(index, header, columns, taken) for index, header in enumerate(headers)
    ]


def _check_choices(headers: Sequence[Header], recipe: Recipe, chosen: Mapping[str, str]) -> None:
    texts = [header.text for header in headers]
    for text, column_id in chosen.items():
        if text not in texts:
            close = nearest(text, texts) or texts[:6]
            raise UserError(
                _("The sheet has no header “{text}”").format(text=text),
                _("It has {headers}").format(headers=listing(close)),
            )
        if column_id and recipe.column(column_id) is None:
            close = nearest(column_id, [c.id for c in recipe.columns]) or [c.id for c in recipe.columns]
            raise UserError(
                _("There is no column “{id}” in {recipe}").format(id=column_id, recipe=recipe.id),
                _("There are {columns}").format(columns=listing(close)),
            )


def _by_choice(chosen: Mapping[str, str]):  # type: ignore[no-untyped-def]
    def guess(index: int, header: Header, recipe: Recipe, columns: list[Column], taken: dict) -> Match | None:
        if header.text not in chosen:
            return None
        column_id = chosen[header.text]
        column = recipe.column(column_id) if column_id else None
        return Match(index, header, column, _("you chose this") if column else _("you left it out"))

    return guess


def _by_memory(remembered: Mapping[str, str]):  # type: ignore[no-untyped-def]
    def guess(index: int, header: Header, recipe: Recipe, columns: list[Column], taken: dict) -> Match | None:
        if header.text not in remembered:
            return None
        column_id = remembered[header.text]
        column = recipe.column(column_id) if column_id else None
        if column is not None and _is_taken(column, taken):
            return None
        why = _("you chose this last time") if column else _("left out last time")
        return Match(index, header, column, why)

    return guess


def _exactly(index: int, header: Header, recipe: Recipe, columns: list[Column], taken: dict) -> Match | None:
    for numbered in (False, True):
        word = _word(header.text, numbered)
        for column in columns:
            if word in spellings(column) and not _is_taken(column, taken):
                if numbered and not takes_many(column):
                    continue
                same = word in (fold(column.id), fold(column.title), fold(_(column.title)))
                why = _("same name") if same else _("another word for {title}").format(title=_(column.title))
                return Match(index, header, column, why)
    if re.fullmatch(r"cf_\w+", header.text) and (custom := recipe.column(header.text)) is not None:
        return Match(index, header, custom, _("a custom field"))
    return None


def _nearly(index: int, header: Header, recipe: Recipe, columns: list[Column], taken: dict) -> Match | None:
    from rapidfuzz import fuzz

    word = _word(header.text, numbered=True)
    if len(word) < 4:
        return None
    best, score = None, float(_LIKENESS)
    for column in columns:
        if _is_taken(column, taken):
            continue
        likeness = max(fuzz.ratio(word, spelling) for spelling in spellings(column) if len(spelling) > 3)
        if likeness > score:
            best, score = column, likeness
    return Match(index, header, best, _("close spelling"), sure=False) if best is not None else None


def _word(text: str, numbered: bool) -> str:
    """A header folded; without "required" marks and, if `numbered`, without a number at the end."""
    word = fold(re.sub(r"\((?:required|optional|pflichtfeld|obligatorio)\)|\*", "", text, flags=re.I))
    return re.sub(r"\s*\d+$", "", word) if numbered else word


def _is_taken(column: Column, taken: Mapping[str, Header]) -> bool:
    return column.id in taken and not takes_many(column)


def _left_out(index: int, header: Header, columns: list[Column], taken: Mapping[str, Header]) -> Match:
    if header.text in RESULT_TITLES:
        return Match(index, header, None, _("from an earlier run of lwdesk"))
    word = _word(header.text, numbered=True)
    for column in columns:
        if column.id in taken and word in spellings(column):
            other = taken[column.id]
            why = _("{title} is taken from column {letter} “{text}” already")
            why = why.format(title=_(column.title), letter=other.letter, text=other.text)
            return Match(index, header, None, why, sure=False)
    return Match(index, header, None, _("nothing fits; it is not imported"))


def require(recipe: Recipe, matches: Sequence[Match], fixed: Mapping[str, object]) -> None:
    """Raises UserError, naming them, when required columns have neither a header nor a value for all rows."""
    there = {m.column.id for m in matches if m.column is not None} | fixed.keys()
    needed = [c for c in recipe.columns if (c.required and c.derive is None) or c.id in recipe.demands]
    missing = [c for c in needed if c.id not in there]
    if missing:
        names = listing([_(column.title) for column in missing])
        headers = listing([m.header.text for m in matches])
        raise UserError(
            _("The sheet has no column for {names}").format(names=names),
            _("Its headers are {headers}").format(headers=headers),
            _('Rename the column, or say where it is with --map "Header={id}" or --set {id}=value').format(
                id=missing[0].id
            ),
        )
