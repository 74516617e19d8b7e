"""Guessing from the headers of a sheet what a person wants to do with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from lwdesk.catalog import IMPORTS
from lwdesk.catalog.match import OWN_TITLES, Header, match, missing
from lwdesk.catalog.model import TAKES
from lwdesk.catalog.operation import Recipe


@dataclass(frozen=True)
class Guess:
    """An import that may be meant: `fits` of `of` headers have a place in it; `whole`: nothing required is missing."""

    id: str
    fits: int
    of: int
    whole: bool


def guesses(headers: Sequence[Header]) -> list[Guess]:
    """All imports, the likeliest first: those that lack nothing, then by the headers they take, then by how much they
    ask for (who has a column for it, means it); of equals, those that remove something come last."""
    asked = [header for header in headers if header.text not in OWN_TITLES]
    found = [(_guess(entry, asked), entry) for entry in IMPORTS.values()]
    found.sort(key=lambda pair: (-pair[0].whole, -pair[0].fits, _takes(pair[1]), -_asks(pair[1])))
    return [guess for guess, _entry in found]


def _guess(entry: Recipe, headers: Sequence[Header]) -> Guess:
    matches = match(headers, entry)
    fits = sum(m.column is not None for m in matches)
    return Guess(entry.id, fits, len(headers), not missing(entry, matches, {}))


def _asks(entry: Recipe) -> int:
    """The columns that the import cannot do without."""
    return sum(column.required and column.derive is None for column in entry.columns)


def _takes(entry: Recipe) -> bool:
    """Whether something is taken away: never the first guess where another fits as well."""
    return any(use.operation.risk == TAKES for use in entry.uses)
