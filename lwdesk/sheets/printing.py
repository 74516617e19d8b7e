"""How a sheet prints: readable, its headers on every page, pages numbered."""

import math
from collections.abc import Sequence
from typing import Any

from lwdesk.base.text import _

# Characters of the standard font that fit across a page (Letter, the smaller one of Letter and A4) at full size.
_PORTRAIT, _LANDSCAPE = 100, 140
# Smaller than this nobody reads it: a wider sheet goes on several pages across.
_SMALLEST = 0.6
# The first columns, at most so wide together, are printed on every page of a sheet that needs several across.
_REPEATED = 45
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.5, "bottom": 0.7}


def set_printing(page: Any, title: str, widths: Sequence[float], landscape: bool = False) -> None:
    """Set up a worksheet of XlsxWriter; `widths` are those of the columns that are shown, in characters. `landscape`,
    where it is too wide for a page upright, or always."""
    wide = sum(widths)
    page.set_margins(**_MARGINS)
    numbers = _("Page {page} of {pages}").format(page="&P", pages="&N")
    page.set_footer(f'&L&8&"-,Regular"{printed(title)}&R&8{numbers}')
    if not landscape and wide <= _PORTRAIT / _SMALLEST:
        if wide > _PORTRAIT:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        return
    page.set_landscape()
    room, repeated = _LANDSCAPE / _SMALLEST, _repeated(widths)
    if wide <= room:
        page.fit_to_pages(1, 0)
        return
    page.repeat_columns(0, repeated - 1)
    page.print_across()
    first = sum(widths[:repeated])
    page.fit_to_pages(math.ceil((wide - first) / (room - first)), 0)


def printed(text: str) -> str:
    """A text for the header or footer of a page, which takes 255 characters in all. What is before it must not be a
    number: digits of the text would join it."""
    return text[:90].replace("&", "&&")


def _repeated(widths: Sequence[float]) -> int:
    """How many of the first columns are printed on every page: one at least."""
    count, wide = 0, 0.0
    for width in widths:
        wide += width
        if wide > _REPEATED:
            break
        count += 1
    return max(1, count)
