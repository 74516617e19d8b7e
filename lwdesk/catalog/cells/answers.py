"""Words and letters for yes and no. A letter counts only where every language that its column can be in agrees. Pure.

Greek Ν (ναι, yes) looks like Latin N (no), Greek Ο (όχι, no) like Latin O (oui, yes): what was meant shows in the other
cells of the column alone.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from lwdesk.base.text import fold
from lwdesk.catalog.cells.cell_checks import look_alike
from lwdesk.catalog.words import answers

_SIGNS = {
    "✓": True,
    "✔": True,
    "☑": True,
    "✅": True,
    "✗": False,
    "✘": False,
    "☐": False,
    "❌": False,
    "✖": False,
}
_DIGIT = re.compile(r"([01])(?:[.,]0+)?")
_CROSS = "X"  # a mark in a box, in any alphabet


def signed(text: str) -> bool | None:
    """What a sign or a digit says: ✓, 1, 0.0; None for anything else."""
    if (digit := _DIGIT.fullmatch(text)) is not None:
        return digit[1] == "1"
    if len(text) == 1 and look_alike(text.upper()) == _CROSS:
        return True
    return _SIGNS.get(text.replace("\ufe0f", ""))


@cache
def worded(text: str) -> bool | None:
    """Whether a word means yes or no, in any language; None for a single letter and for other words."""
    word = fold(text) or text
    if is_letter(text):
        return None
    return next((known[word] for known in answers().values() if word in known), None)


def is_letter(text: str) -> bool:
    """Whether a text is a lone letter, as "y" and "N." are; signs of Chinese are words."""
    word = fold(text)
    return len(word) == 1 and word.isalpha() and alphabet(word) != "CJK"


@cache
def alphabet(text: str) -> str:
    """LATIN, GREEK, CYRILLIC ...: that of the first letter."""
    name = unicodedata.name(next(filter(str.isalpha, text), " "), "")
    return name.partition(" ")[0]


@cache
def _letters(language: str) -> dict[str, bool]:
    """Shape of a letter -> what it says in this language."""
    return {look_alike(word.upper()): yes for word, yes in answers()[language].items() if is_letter(word)}


def _yes_or_no(language: str, text: str) -> bool | None:
    if is_letter(text):
        return _letters(language).get(look_alike(fold(text).upper()))
    return answers()[language].get(fold(text) or text)


def languages(texts: Collection[str]) -> tuple[str, ...]:
    """The languages in which all cells of a column say yes or no; none where no language has them all.

    Words that no language knows are passed over, letters are not. Several different words or letters of one alphabet
    are of a language that is written in it; a letter beside words or letters of another alphabet is of none.
    """
    unsigned = {fold(text) or text: text for text in texts if signed(text) is None}.values()
    answered = [text for text in unsigned if is_letter(text) or worded(text) is not None]
    alphabets = {alphabet(text) for text in answered}
    if len(alphabets) > 1 and any(is_letter(text) for text in answered):
        return ()
    settled = len(answered) > 1 and len(alphabets) == 1
    return tuple(
        language
        for language, known in answers().items()
        if not (settled and alphabet(next(iter(known))) not in alphabets)
        and all(_yes_or_no(language, text) is not None for text in answered)
    )


def lettered(text: str, among: Collection[str]) -> list[bool]:
    """What a lone letter says in these languages, each answer once."""
    answered = (_yes_or_no(language, text) for language in among)
    return list(dict.fromkeys(yes for yes in answered if yes is not None))


def answering(rows: Iterable[Sequence[object]], width: int) -> set[int]:
    """The indexes of columns whose cells all say yes or no, in words, letters or booleans; figures alone may count."""
    distinct: dict[int, set[object]] = {index: set() for index in range(width)}
    for cells in rows:
        if not distinct:
            break
        for index in [index for index in distinct if index < len(cells)]:
            found = cells[index]
            cell = found.strip() if isinstance(found, str) else found
            if cell is None or cell == "" or cell in distinct[index]:
                continue
            if not _says(cell):
                del distinct[index]
            else:
                distinct[index].add(cell)
    return {index for index, cells in distinct.items() if any(_worded(cell) for cell in cells)}


def _says(cell: object) -> bool:
    if isinstance(cell, bool):
        return True
    text = str(cell)
    return signed(text) is not None or _worded(cell)


def _worded(cell: object) -> bool:
    if isinstance(cell, bool):
        return True
    text = cell if isinstance(cell, str) else ""
    return bool(text) and (worded(text) is not None or (is_letter(text) and bool(lettered(text, answers()))))
