"""Widths of columns."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

NARROWEST, WIDEST = 8, 60
_MOMENT, _DAY = 19, 12


def width_of(title: str, values: Iterable[Any]) -> float:
    """In characters, as Excel counts, between NARROWEST and WIDEST; the heading leaves room for the filter's arrow."""
    longest = max(map(longest_line, values), default=0)
    return min(max(longest + 1, len(title) * 1.1 + 4, NARROWEST), WIDEST)


def longest_line(value: Any) -> int:
    """Characters of the longest line; wide scripts take two places a character."""
    if value is None:
        return 0
    if isinstance(value, date):
        return _MOMENT if isinstance(value, datetime) else _DAY
    lines = str(value)[:500].split("\n")
    return max(len(line) + sum(char > "\u1100" for char in line) for line in lines)
