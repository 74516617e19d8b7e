"""Matching: which header of a sheet is which column of an entry, and why. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lwdesk.base.errors import MappingError
from lwdesk.base.text import _, fold, listing, nearest, suggestion
from lwdesk.catalog.cells.kinds import Several, YesNo
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Recipe
from lwdesk.catalog.words.products import Product, recognized

# Columns that a results workbook adds. In a file that comes back, they say which rows are done.
STATUS, MESSAGE, ID, TIME = "lwdesk status", "lwdesk message", "lwdesk id", "lwdesk time"
RESULT_TITLES = (STATUS, MESSAGE, ID, TIME)
# Added beside them if cells were edited before the rows were sent.
CHANGED = "lwdesk changed"
# In CSV, which has no hidden sheet: the fingerprints of the rows that were done.
CHECK = "lwdesk check"
OWN_TITLES = (*RESULT_TITLES, CHANGED, CHECK)
# Additions to a header that are not part of its name: "Email (required)", "Course(s)", "Name *".
_MARKS = re.compile(
    r"\((?:s|e?s|e?n|required|optional|mandatory|pflichtfeld|pflicht|obligatori[oa]|obligatoire|facultatif"
    r"|opcional|obrigat[oó]rio|verplicht|υποχρεωτικό|προαιρετικό|обязательно)\)|\*",
    re.IGNORECASE,
)
# Between a header and its number, in the keys of headers with the same text.
_NTH = "\x1f"
# A spelling shorter than this has too many neighbours to be guessed at.
_SHORTEST = 5


class Header(Protocol):
    """A header of a sheet: Excel's column letter and the text."""

    @property
    def letter(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Match:
    """Where one header goes: `column` None means that it is not imported. `sure` is False where it was guessed.
    `settled`: it is known why the header goes nowhere."""

    index: int
    header: Header
    column: Column | None
    why: str
    sure: bool = True
    settled: bool = False


def header_keys(headers: Sequence[Header]) -> list[str]:
    """What tells the headers of a sheet apart: the text; of headers with the same text also which of them it is."""
    texts = [header.text for header in headers]
    counts, seen, found = Counter(texts), Counter[str](), []
    for text in texts:
        seen[text] += 1
        found.append(text if counts[text] == 1 else f"{text}{_NTH}{seen[text]}")
    return found


def takes_many(column: Column) -> bool:
    """Whether several headers ("Course 1", "Course 2") may go to the column."""
    return column.each or isinstance(column.kind, Several)


def spellings(column: Column) -> list[str]:
    """All folded words that mean the column, the most telling first."""
    return list(
        dict.fromkeys(fold(word) for word in (column.title, _(column.title), column.id, *column.synonyms))
    )


def match(
    headers: Sequence[Header],
    recipe: Recipe,
    *,
    custom: Sequence[Column] = (),
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
    exported: Mapping[str, Column | None] | None = None,
    answers: Collection[int] = (),
) -> list[Match]:
    """One match per header, in the sheet's order.

    `custom` are the school's custom fields, `remembered` the header -> column id of an earlier file with the same
    headers, `chosen` the user's choice ("": not imported); `ignored` headers aren't imported. All three name a header
    by its key (`header_keys`), or all headers with a text by that. `exported`: folded header -> column of an export
    that comes back; nothing is guessed then. `answers` are the indexes of headers whose cells all say yes or no: where
    such a header fits no column, it is a question.
    Raises UserError for a chosen header or column that does not exist.
    """
    chosen = {**(chosen or {}), **dict.fromkeys(ignored, "")}
    _check_choices(headers, recipe, chosen)
    columns = {column.id: column for column in (*recipe.columns, *custom)}
    taken: dict[str, Header] = {}
    found: dict[int, Match] = {}
    product = recognized([header.text for header in headers])
    keys = header_keys(headers)
    by_memory = _by_memory(remembered or {}, keys)
    guesses: Sequence[Guess] = (by_memory, _exactly, _nearly)
    if product is not None:
        own, rest_of = _of_product(product), _not_of_product(product)
        guesses = (by_memory, own, _exactly, rest_of, _nearly)
    for guess in (_by_choice(chosen, keys), *(guesses if exported is None else (_as_exported(exported),))):
        rest = [
            (index, header)
            for index, header in enumerate(headers)
            if index not in found and header.text not in OWN_TITLES
        ]
        for hit in guess(rest, recipe, list(columns.values()), taken):
            if hit.index in found or (hit.column is not None and _is_taken(hit.column, taken)):
                continue
            found[hit.index] = hit
            if hit.column is not None:
                taken.setdefault(hit.column.id, hit.header)
    free = [c for c in recipe.columns if isinstance(c.kind, YesNo) and c.id not in taken and not c.rare]
    asked = free if exported is None else []
    return [
        found.get(index)
        or _question(index, header, asked, index in answers)
        or _left_out(index, header, list(columns.values()), taken)
        for index, header in enumerate(headers)
    ]


def _check_choices(headers: Sequence[Header], recipe: Recipe, chosen: Mapping[str, str]) -> None:
    texts = [header.text for header in headers]
    known = {*texts, *header_keys(headers)}
    for text, column_id in chosen.items():
        if text not in known:
            close = nearest(text, texts) or texts[:6]
            raise MappingError(
                _("The sheet has no column header “{text}”").format(text=text),
                _("Its column headers: {headers}").format(headers=listing(close)),
            )
        if column_id and recipe.column(column_id) is None:
            raise MappingError(
                _("There is no column “{id}” in {recipe}").format(id=column_id, recipe=recipe.id),
                suggestion(column_id, [c.id for c in recipe.columns]),
            )
    goals: dict[str, str] = {}
    for text, column_id in chosen.items():
        column = recipe.column(column_id) if column_id else None
        if column is None or takes_many(column):
            continue
        if (other := goals.setdefault(column_id, text)) != text:
            raise MappingError(
                _("Two columns can't both be {title}").format(title=_(column.title)),
                _("You chose {headers} for it").format(
                    headers=listing([key.partition(_NTH)[0] for key in (other, text)])
                ),
                _("Keep one of them and don't import the other"),
            )


Rest = Sequence[tuple[int, Header]]
Taken = Mapping[str, Header]  # column id -> the header that has it already
Guess = Callable[[Rest, Recipe, Sequence[Column], Taken], Iterable[Match]]
"""What the headers left so far may be, the likeliest first."""


def _by_choice(chosen: Mapping[str, str], keys: Sequence[str]) -> Guess:
    def guess(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
        for index, header in rest:
            if (column_id := chosen.get(keys[index], chosen.get(header.text))) is not None:
                column = recipe.column(column_id)
                why = _("you chose this") if column else _("you chose not to import it")
                yield Match(index, header, column, why, settled=column is None)

    return guess


def _by_memory(remembered: Mapping[str, str], keys: Sequence[str]) -> Guess:
    def guess(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
        for index, header in rest:
            column_id = remembered.get(keys[index], remembered.get(header.text))
            column = recipe.column(column_id) if column_id else None
            if column is not None or column_id == "":
                why = _("you chose this last time") if column else _("not imported last time")
                yield Match(index, header, column, why, settled=column is None)

    return guess


def _of_product(product: Product) -> Guess:
    """The headers of another product's sheet, as far as this import has columns for them."""

    def guess(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
        by_id = {column.id: column for column in columns}
        for index, header in rest:
            name = product.column(header.text)
            column = _custom(name[3:], columns) if name.startswith("cf ") else by_id.get(name)
            if column is not None:
                yield Match(index, header, column, _("name used by {product}").format(product=product.name))
            elif why := product.reason(header.text, always=True):
                yield Match(index, header, None, why, settled=True)

    return guess


def _not_of_product(product: Product) -> Guess:
    """The headers of another product's sheet that this import has no place for."""

    def guess(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
        for index, header in rest:
            name = product.column(header.text)
            if name.startswith("cf "):
                why = _("your school has no custom field “{name}”").format(name=name[3:])
                yield Match(index, header, None, why, settled=True)
            elif why := product.reason(header.text):
                yield Match(index, header, None, why, settled=True)

    return guess


def _custom(name: str, columns: Sequence[Column]) -> Column | None:
    names = (name, f"cf {name}")
    return next((c for c in columns if c.id.startswith("cf_") and fold(c.id) in names), None)


def _as_exported(exported: Mapping[str, Column | None]) -> Guess:
    def guess(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
        for index, header in rest:
            column = exported.get(fold(header.text))
            why = _("from your export") if column else _("this import can't change it")
            if fold(header.text) in exported:
                yield Match(index, header, column, why)

    return guess


def _exactly(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
    """Titles before other words: of "Id" and "Email" beside each other, "Email" is the user."""
    known: dict[str, list[tuple[int, Column]]] = {}
    for column in columns:
        for rank, word in enumerate(spellings(column)):
            known.setdefault(word, []).append((rank, column))
    hits = [(rank, index, h, c) for index, h in rest for rank, c in _named(h.text, known)]
    there = {column.id for _rank, _index, _header, column in hits} | taken.keys()
    for column in columns:
        if column.id not in there:
            hits += [(-1, *hit, column) for hit in rest if _stands_beside(column, *hit, hits, taken)]
    for rank, index, header, column in sorted(hits, key=lambda hit: hit[:2]):
        why = _("same name") if rank == 0 else _("another word for {title}").format(title=_(column.title))
        yield Match(index, header, column, why)
    for index, header in rest:
        if re.fullmatch(r"cf_\S+", header.text) and (custom := recipe.column(header.text)) is not None:
            yield Match(index, header, custom, _("a custom field"))


def _stands_beside(
    column: Column,
    index: int,
    header: Header,
    hits: Sequence[tuple[int, int, Header, Column]],
    taken: Taken,
) -> bool:
    """Whether the header means the column because of another header beside it."""
    others = {c.id for _rank, at, _header, c in hits if at != index} | taken.keys()
    return any(other in others for word, other in column.beside if word == fold(header.text))


def _named(text: str, known: Mapping[str, list[tuple[int, Column]]]) -> list[tuple[int, Column]]:
    """The columns that a header names; "Course 2" is a course, but "Email 2" no email."""
    word, number = _parted(text)
    return known.get(fold(text)) or [
        (rank, column) for rank, column in known.get(word, ()) if number in ("", "1") or takes_many(column)
    ]


def _nearly(rest: Rest, recipe: Recipe, columns: Sequence[Column], taken: Taken) -> Iterator[Match]:
    """Match typing errors, but never a secret column: a passport number is no password."""
    hits, known = [], {column.id: spellings(column) for column in columns}
    for index, header in rest:
        word, number = _parted(header.text)
        for column in columns:
            if column.secret or (number not in ("", "1") and not takes_many(column)):
                continue
            far = [n for spelling in known[column.id] if (n := _slips(word, spelling)) is not None]
            if far:
                hits.append((min(far), index, header, column))
    for slips, index, header, column in sorted(hits, key=lambda hit: hit[:2]):
        why = _("similar spelling") if slips else _("another word for {title}").format(title=_(column.title))
        yield Match(index, header, column, why, sure=not slips)


def _slips(word: str, spelling: str) -> int | None:
    """How many slips are between two spellings, None where they are other words: "frist name" is "first name",
    "second email" is not "send email"."""
    one, other = word.replace(" ", ""), spelling.replace(" ", "")
    if min(len(one), len(other)) < _SHORTEST or one[0] != other[0] or abs(len(one) - len(other)) > 2:
        return None
    from rapidfuzz.distance import OSA

    words, others = word.split(), spelling.split()
    if len(words) != len(others):
        slips = OSA.distance(one, other)
        return slips if slips <= 1 else None
    each = [OSA.distance(a, b) for a, b in zip(words, others, strict=True)]
    return sum(each) if max(each) <= 1 and sum(each) <= 2 else None


def _parted(text: str) -> tuple[str, str]:
    """A header's word, folded and without marks, and the number at its end."""
    found = re.fullmatch(r"(.*?)\s*(\d*)", fold(_MARKS.sub(" ", text)))
    assert found is not None
    return found[1], found[2]


def _is_taken(column: Column, taken: Mapping[str, Header]) -> bool:
    return column.id in taken and not takes_many(column)


def _question(index: int, header: Header, free: Sequence[Column], answers: bool) -> Match | None:
    """That a header may be one of the yes/no columns: its cells say yes or no, or it loosely fits one that sends mail.

    Nothing is taken from it until the user confirms.
    """
    word, _number = _parted(header.text)
    words = set(word.split())
    near = [
        c
        for c in free
        if c.id.startswith("send_") and any(_shared(words, x) > (not answers) for x in spellings(c))
    ]
    columns = near or (free if answers else [])
    if header.text in OWN_TITLES or not columns:
        return None
    titles = listing([_(column.title) for column in columns])
    why = _("could be {titles}; not imported unless you choose it").format(titles=titles)
    return Match(index, header, None, why, sure=False)


def _shared(words: set[str], spelling: str) -> int:
    """How many longer words of a spelling are among a header's words, slips aside."""
    from rapidfuzz.fuzz import ratio

    telling = {word for word in spelling.split() if len(word) >= _SHORTEST}
    return sum(any(ratio(word, mine) >= 85 for mine in words) for word in telling)


def _left_out(index: int, header: Header, columns: Sequence[Column], taken: Mapping[str, Header]) -> Match:
    if header.text in OWN_TITLES:
        return Match(index, header, None, _("added by lwdesk in an earlier run"))
    word, _number = _parted(header.text)
    for column in columns:
        if column.id in taken and word in spellings(column):
            other = taken[column.id]
            why = _("{title} already comes from column {letter} “{text}”")
            why = why.format(title=_(column.title), letter=other.letter, text=other.text)
            return Match(index, header, None, why, sure=False)
    return Match(index, header, None, _("no match found; not imported"))


def missing(recipe: Recipe, matches: Sequence[Match], fixed: Mapping[str, object]) -> list[Column]:
    """The required columns that have neither a header nor a value for all rows."""
    there = {m.column.id for m in matches if m.column is not None} | fixed.keys()
    needed = [c for c in recipe.columns if (c.required and c.derive is None) or c.id in recipe.demands]
    return [c for c in needed if c.id not in there]


def require(recipe: Recipe, matches: Sequence[Match], fixed: Mapping[str, object], hint: str) -> None:
    """Raises UserError, naming them, when required columns are missing; "{id}" in `hint` is the first of them."""
    if lacking := missing(recipe, matches, fixed):
        names = listing([_(column.title) for column in lacking])
        headers = listing([m.header.text for m in matches])
        raise MappingError(
            _("The sheet has no column for {names}").format(names=names),
            _("Its column headers: {headers}").format(headers=headers),
            hint.format(id=lacking[0].id),
        )
