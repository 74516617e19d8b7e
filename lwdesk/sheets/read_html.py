"""Many systems export a web page named .xls: read its largest table."""

from html.parser import HTMLParser
from pathlib import Path

from lwdesk.base.text import _, squeeze
from lwdesk.sheets.detect import no_sheet
from lwdesk.sheets.read_csv import decode_with

_MOST_BYTES = 200 << 20
_WIDEST_SPAN = 100


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


def read_table(path: Path) -> list[list[str]]:
    """The rows of the page's largest table. Raises UserError where the page has none."""
    if path.stat().st_size > _MOST_BYTES:
        raise no_sheet(path, _("a web page of more than 200 MB"))
    content = path.read_bytes()
    parser = _Tables()
    parser.feed(content.decode(decode_with(path, content)[0], "replace"))
    parser.close()
    largest = max(parser.tables, key=lambda rows: sum(map(len, rows)), default=[])
    if not largest:
        raise no_sheet(path, _("a web page without a table"))
    return largest
