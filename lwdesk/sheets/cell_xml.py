"""One cell as the XML of a sheet."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from html import escape

from lwdesk.sheets.columns import Losses, plain, serial
from lwdesk.sheets.table import Cell

_LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_number = plain("number", None)


@dataclass
class CellXml:
    """Makes cells for a sheet whose elements have this prefix; dates with times get the given style, or become text."""

    prefix: bytes
    date_style: int | None
    zone: tzinfo | None
    losses: Losses = field(default_factory=Losses)

    def __post_init__(self) -> None:
        p = self.prefix.decode()
        self._text = (
            f'<{p}c r="%s"%s t="inlineStr"><{p}is><{p}t xml:space="preserve">%s</{p}t></{p}is></{p}c>'
        )
        self._value = f'<{p}c r="%s"%s><{p}v>%s</{p}v></{p}c>'

    def cell(self, name: str, cell: Cell) -> bytes:
        """The cell called `name` ("B7"); nothing for an empty one."""
        if isinstance(cell, date):
            return self._moment(name, cell)
        if isinstance(cell, bool):
            return (self._value % (name, ' t="b"', int(cell))).encode()
        content = _number(cell)
        if content is None or content == "":
            return b""
        return (
            self.text(name, content)
            if isinstance(content, str)
            else (self._value % (name, "", content)).encode()
        )

    def text(self, name: str, text: str, style: int | None = None) -> bytes:
        """A cell of text, whatever it looks like."""
        text = escape(self.losses.fit(text, lambda: name), quote=False)
        if "_x" in text:
            text = _LOOKS_ESCAPED.sub("_x005F_", text)
        return (self._text % (name, "" if style is None else f' s="{style}"', text)).encode()

    def _moment(self, name: str, cell: date) -> bytes:
        content = serial(cell, self.zone)
        if self.date_style is None or isinstance(content, str):
            local = (
                cell.astimezone(self.zone).replace(tzinfo=None)
                if isinstance(cell, datetime) and cell.tzinfo
                else cell
            )
            return self.text(name, str(local))
        return (self._value % (name, f' s="{self.date_style}"', content)).encode()
