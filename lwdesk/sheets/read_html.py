"""Web pages named .xls, as many systems export them: reads the largest table."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from lwdesk.base.text import _, squeeze
from lwdesk.sheets.detect import no_sheet
from lwdesk.sheets.read_csv import decode_with, look_at

_MOST_BYTES = 200 << 20
_WIDEST_SPAN = 100
_TOP = 4096
_CHARSET = re.compile(
    rb"""<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)|<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_AS_BROWSERS_DO = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
"""Encodings that browsers take for a larger one (WHATWG, Encoding, 4.2)."""


class _Tables(HTMLParser):
    """Collects the cells' texts of every table, nested ones as tables of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._close_cell()
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._close_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._close_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), _WIDEST_SPAN) if span.isdigit() else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data if data == "\n" else data.replace("\r", " ").replace("\n", " "))

    def _close_cell(self) -> None:
        if self._cell is not None and self._open:
            text = "\n".join(squeeze(line) for line in "".join(self._cell).split("\n")).strip()
            self._open[-1][-1] += [text] + [""] * (self._span - 1)
        self._cell, self._span = None, 1


def read_table(path: Path, encoding: str = "") -> list[list[str]]:
    """The rows of the page's largest table; `encoding` overrides the page's own.

    Raises UserError where the page has none, Undecided where neither tells how its letters are written.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise no_sheet(path, _("a web page of more than 200 MB"))
    content = path.read_bytes()
    parser = _Tables()
    parser.feed(_text(path, content, encoding))
    parser.close()
    largest = max(parser.tables, key=lambda rows: sum(map(len, rows)), default=[])
    if not largest:
        raise no_sheet(path, _("a web page without a table"))
    return largest


def _text(path: Path, content: bytes, encoding: str) -> str:
    if encoding:
        return content.decode(look_at(path, encoding).encoding, "replace")
    if not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # What is UTF-8 by its bytes is no other encoding by chance, whatever the page says.
        for known in ["utf-8", *_declared(content)] if not content.isascii() else _declared(content):
            try:
                return content.decode(known)
            except UnicodeError:
                continue
    return content.decode(decode_with(path, content)[0], "replace")


def _declared(content: bytes) -> list[str]:
    """The encoding that the page names, where Python knows it as one of texts."""
    found = _CHARSET.search(content[:_TOP])
    if found is None:
        return []
    try:
        known = codecs.lookup((found[1] or found[2]).decode("ascii"))
        "".encode(known.name)
    except (LookupError, UnicodeError, ValueError):
        return []
    # A page whose own words are readable before its encoding is known cannot be in these.
    return (
        []
        if known.name.startswith(("utf-16", "utf-32", "utf-7"))
        else [_AS_BROWSERS_DO.get(known.name, known.name)]
    )
