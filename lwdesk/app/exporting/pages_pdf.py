"""Pages for users as a PDF."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from html import escape
from pathlib import Path
from typing import Any

from lwdesk.app.exporting.cells import shown_text
from lwdesk.base.text import _, decimals
from lwdesk.documents import pdf
from lwdesk.sheets.columns import Column
from lwdesk.sheets.pages import EMPTY, Index, Page, Part, remark
from lwdesk.sheets.sheet import Written
from lwdesk.sheets.widths import longest_line
from lwdesk.sheets.write_xlsx import NUMBERS, kind_for

# Columns beyond which the letters of a table are small.
_MANY = 6
# In characters: across a page, the most for a column, between columns. Bold letters are wider.
_ACROSS, _WIDEST, _BETWEEN, _BOLD = 105, 34, 3, 1.3
# The longest words that are not broken, and those where there is less room.
_WORDS = (32, 16)
_STYLE = """
<style>
p { margin-top: 0px; margin-bottom: 2px }
p.title { font-size: 17px; font-weight: bold }
p.section { font-size: 12px; font-weight: bold; margin-bottom: 3px }
p.gap { font-size: 8px }
.quiet { color: #666666 }
th { background-color: #DCE6F1; text-align: left; font-weight: bold }
td.label { color: #555555 }
.number { padding-right: 8px }
.small td, .small th { font-size: 8px }
</style>
"""


def write_pdf(
    path: Path,
    pages: Iterable[Page],
    index: Index,
    about: Sequence[tuple[str, Any]],
    zone: tzinfo | None,
    school: str,
) -> Written:
    """Write the pages to a PDF, each user's from a new page on, and at its end the index and the pairs `about`.

    Raises UserError where it can't be written. Memory holds one user's page at a time.
    """
    made = _Chapters(index, about, zone, school)
    pdf.write(path, made.all(pages), index.title)
    return Written((path,), made.count)


class _Chapters:
    def __init__(self, index: Index, about: Sequence[tuple[str, Any]], zone: tzinfo | None, school: str):
        self._index, self._pairs, self._zone, self._school = index, about, zone, school
        self.count = 0

    def all(self, pages: Iterable[Page]) -> Iterator[pdf.Chapter]:
        """A chapter for each page, and the index."""
        listed: list[Sequence[Any]] = []
        for page in pages:
            self.count += sum(len(part.rows) for part in page.parts)
            listed.append([page.title, *page.counts])
            head = f"<p class='title'>{escape(page.title)}</p><p class='quiet'>{escape(page.subtitle)}</p>"
            yield self._chapter(page.title, head + "".join(map(self._part, page.parts)))
        listed += self._index.others
        rows = [[label, _text(value, kind_for(value), self._zone)] for label, value in self._pairs]
        about = Part(_("About"), [Column(""), Column("")], rows)
        inside = f"<p class='title'>{escape(self._index.title)}</p>{self._table(self._index.columns, listed)}"
        pairs = "".join(f"{self._pair(label, text)}" for label, text in about.rows)
        inside += f"{_section(about.title)}<table>{pairs}</table>"
        yield self._chapter(self._index.title, inside)

    def _chapter(self, title: str, inside: str) -> pdf.Chapter:
        foot = _("Page {page} of {pages}")
        return pdf.Chapter(f"{_STYLE}{inside}", title, self._school, foot)

    def _part(self, part: Part) -> str:
        words = remark(part)
        said = f"<p class='quiet'><i>{escape(words)}</i></p>" if words else ""
        inside = ""
        if part.rows:
            inside = self._facts(part) if part.facts else self._table(part.columns, part.rows)
        return f"{_section(part.title)}{said}{inside}"

    def _facts(self, part: Part) -> str:
        found = []
        for number, row in enumerate(part.rows, 1):
            pairs = [
                self._pair(column.title, _text(value, column.kind, self._zone))
                for column, value in zip(part.columns, row, strict=True)
                if value not in EMPTY
            ]
            if len(part.rows) > 1:
                words = _("{n} of {total}").format(n=number, total=len(part.rows))
                found.append(f"<p class='quiet'><i>{escape(words)}</i></p>")
            found.append(f"<table cellspacing='0' cellpadding='1' width='100%'>{''.join(pairs)}</table>")
        return "".join(found)

    def _pair(self, label: str, text: str) -> str:
        return f"<tr><td class='label' width='28%'>{escape(label)}</td><td>{_html(text)}</td></tr>"

    def _table(self, columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> str:
        sides = [" class='number' align='right'" if column.kind in NUMBERS else "" for column in columns]
        texts = [[_text(v, c.kind, self._zone) for v, c in zip(row, columns, strict=True)] for row in rows]
        heads = "".join(
            f"<th{side} width='{share}%'>{escape(column.title)}</th>"
            for side, share, column in zip(sides, _shares(columns, texts), columns, strict=True)
        )
        lines = []
        for row in texts:
            cells = (f"<td{side}>{_html(text)}</td>" for side, text in zip(sides, row, strict=True))
            lines.append(f"<tr>{''.join(cells)}</tr>")
        small = " class='small'" if len(columns) > _MANY else ""
        table = f"<table{small} cellspacing='0' cellpadding='2' width='100%'>"
        return f"{table}<thead><tr>{heads}</tr></thead>{''.join(lines)}</table>"


def _shares(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """The widths of the columns in percent: room for their longest words, and what is left by their texts."""
    texts = [[row[n] for row in rows] for n in range(len(columns))]
    words = [max((len(word) for text in one for word in text.split()), default=0) for one in texts]
    heads = [max(map(len, column.title.split()), default=0) * _BOLD for column in columns]
    for most in _WORDS:
        needs = [max(min(word, most), head) + _BETWEEN for word, head in zip(words, heads, strict=True)]
        if sum(needs) <= _ACROSS:
            break
    lines = [min(max(map(longest_line, one), default=0), _WIDEST) + _BETWEEN for one in texts]
    more = [max(0.0, line - need) for line, need in zip(lines, needs, strict=True)]
    left = max(0.0, _ACROSS - sum(needs))
    share = min(1.0, left / sum(more)) if sum(more) else 0.0
    widths = [need + share * extra for need, extra in zip(needs, more, strict=True)]
    return [round(100 * width / sum(widths)) for width in widths]


def _section(title: str) -> str:
    """A heading; Qt makes no room between a table and the margin of what follows."""
    return f"<p class='gap'>&nbsp;</p><p class='section'>{escape(title)}</p>"


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _text(value: Any, kind: str, zone: tzinfo | None) -> str:
    """A value of this kind in words."""
    if isinstance(value, int | float) and kind in ("money", "percent", "number", "integer"):
        return f"{value:.0%}" if kind == "percent" else decimals(value, 2 if kind == "money" else None)
    return shown_text(value, zone)
