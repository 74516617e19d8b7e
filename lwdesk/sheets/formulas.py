"""Formulas over the rows of another sheet."""

import re
from collections.abc import Sequence
from itertools import product

from lwdesk.sheets.columns import Plain
from lwdesk.sheets.table import letter

# Between the items of a list in one cell.
SEPARATOR = "; "
# Criteria for one column that a row has to meet all.
Way = tuple[str, ...]
_LONGEST = 255
_SPECIAL = re.compile(r"[~*?]|^[=<>]")
_NUMBER_LIKE = re.compile(r"[\s\d.,:/%+()€$£-]*\d[\s\d.,:/%+()€$£e-]*$|(true|false)$|#", re.IGNORECASE)


def can_match(text: str) -> bool:
    """Whether a formula finds exactly the cells with this text: Excel takes other texts for numbers, or cuts them.

    >>> can_match("Spring sale"), can_match("0012"), can_match("1E3"), can_match("3 courses")
    (True, False, False, True)
    """
    return len(text) <= _LONGEST and text.isprintable() and not _NUMBER_LIKE.match(text)


def same(cell: str, value: Plain) -> list[Way]:
    """The way to find cells like this one, whose value is known; None: empty cells."""
    if value is None:
        return [('"="',)]
    return [(_item(cell, str(value)),)]


def having(cell: str, value: Plain) -> list[Way]:
    """The ways to find lists with the item that the cell has; a list meets one of them."""
    item = _item(cell, str(value))
    start, end = f'"*{SEPARATOR}"&', f'&"{SEPARATOR}*"'
    return [(item,), (f"{item}{end}",), (f"{start}{item}",), (f"{start}{item}{end}",)]


def within_month(cell: str) -> list[Way]:
    """The way to find days in the month whose first day the cell has."""
    return [(f'">="&{cell}', f'"<"&EDATE({cell},1)')]


def between(first: str, last: str) -> list[Way]:
    """The way to find days from that in one cell to that in another; "" where there is no such end."""
    return [(*([f'">="&{first}'] if first else []), *([f'"<"&{last}+1'] if last else []))]


def total(pages: Sequence[str], adds: int | None, criteria: Sequence[tuple[int, Sequence[Way]]]) -> str:
    """The formula for the sum of a column (None: the number) of all rows that meet the criteria: (column, one of the
    ways). Columns are counted from 0."""
    terms = []
    for page in pages:
        place = page_place(page)
        for chosen in product(*(ways for _index, ways in criteria)):
            pairs = [
                f"{_span(place, index)},{criterion}"
                for (index, _ways), way in zip(criteria, chosen, strict=True)
                for criterion in way
            ]
            call = "COUNTIFS(" if adds is None else f"SUMIFS({_span(place, adds)},"
            terms.append(f"{call}{','.join(pairs)})")
    return "=" + "+".join(terms)


def page_place(page: str) -> str:
    """A sheet in the reference to its cells.

    >>> page_place("Mary's list") + "A1"
    "'Mary''s list'!A1"
    """
    return "'{}'!".format(page.replace("'", "''"))


def _span(place: str, index: int) -> str:
    """A whole column: rows that are added below count too."""
    return f"{place}${letter(index)}:${letter(index)}"


def _item(cell: str, text: str) -> str:
    """The criterion for the text in a cell; what means something in criteria is escaped."""
    if not _SPECIAL.search(text):
        return cell
    return f'"="&SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell},"~","~~"),"*","~*"),"?","~?")'
