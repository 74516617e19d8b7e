"""Text files of rows: find the encoding and the delimiter, hand on every field as the text it is."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lwdesk.base.errors import UserError
from lwdesk.base.text import _
from lwdesk.sheets.detect import no_sheet, utf16_without_mark

_MOST_BYTES = 1 << 30
_SAMPLE = 64 << 10
_RECORDS = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = ["cp1252", "cp1253", "cp1250", "cp1251", "cp1254", "cp1255", "cp1256", "cp1257"]

_TURKISH_MISREAD, _ICELANDIC = set("ýþðÝÞÐ"), set("áéíóúæ")
"""The two code pages differ in six letters only; text with these and none of the others is Turkish."""


@dataclass(frozen=True)
class TextFile:
    """A CSV file held in memory as it came: its bytes, how to decode them, how its fields are parted."""

    path: Path
    content: bytes
    encoding: str
    delimiter: str
    named: bool
    """Its first line names the delimiter to Excel (`sep=;`) and is no row."""
    notes: tuple[str, ...] = ()

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Row number as Excel shows it, fields. A line break inside quotes stays inside its field."""
        lines = io.TextIOWrapper(io.BytesIO(self.content), self.encoding, "replace", newline="")
        if self.named:
            lines.readline()
        number = 0
        try:
            for number, fields in enumerate(csv.reader(lines, delimiter=self.delimiter), 1):
                yield number, fields
        except csv.Error as error:
            raise UserError(
                _("{name} cannot be read past row {n}").format(name=self.path.name, n=number),
                _("A quotation mark opened in one of the next rows is never closed"),
                _("Open the file in Excel, look at row {n}, and save it as .xlsx").format(n=number + 1),
            ) from error


def look_at(path: Path) -> TextFile:
    """Reads the whole file and finds out how it is written. Raises UserError where it is too large."""
    if path.stat().st_size > _MOST_BYTES:
        raise UserError(
            _("{name} is too large").format(name=path.name),
            _("It has more than 1 GB of text"),
            _("Split it into several files"),
        )
    content = path.read_bytes()
    encoding, notes = decode_with(content)
    head = content[: 4 * _SAMPLE].decode(encoding, "replace")[:_SAMPLE]
    if head.count("\0") > 3:
        raise no_sheet(path, _("no text: it looks like a program's own data"))
    first = head.split("\n", 1)[0].strip("\r").strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return TextFile(path, content, encoding, first[4], True, notes)
    return TextFile(path, content, encoding, delimiter_of(head), False, notes)


def decode_with(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The encoding's name for Python, and a note where it had to be guessed."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding, ()
    if wide := utf16_without_mark(content[:4096]):
        return wide, ()
    if _is_utf8(content):
        return "utf-8", ()
    encoding = _code_page(content)
    return encoding, (
        _(
            "The file does not say how its letters are written; it was read as {encoding}. "
            "If names look wrong, save it from Excel as “CSV UTF-8”"
        ).format(encoding=encoding),
    )


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), 1 << 20):
            decoder.decode(content[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _code_page(content: bytes) -> str:
    """The likeliest code page of the lines that tell them apart: those beyond ASCII."""
    from charset_normalizer import from_bytes

    sample = bytearray()
    for line in content.splitlines():
        if not line.isascii():
            sample += line + b"\n"
            if len(sample) > _SAMPLE:
                break
    best = from_bytes(bytes(sample[:_SAMPLE]), cp_isolation=_CODE_PAGES).best()
    encoding = best.encoding if best else "cp1252"
    letters = set(sample.decode(encoding, "replace"))
    if encoding == "cp1252" and letters & _TURKISH_MISREAD and not letters & _ICELANDIC:
        return "cp1254"
    return encoding


def delimiter_of(head: str) -> str:
    """The one of tab, semicolon, bar and comma that cuts the first records into the most even fields.

    Of equals the earlier one wins: a comma stands in texts more often than it parts them.
    """
    scores = {delimiter: _evenness(head, delimiter) for delimiter in "\t;|,"}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] else ","


def _evenness(head: str, delimiter: str) -> float:
    try:
        records = [
            fields for fields in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if fields
        ]
    except csv.Error:
        return 0.0
    widths = [len(fields) for fields in (records[:-1] if len(records) > 1 else records)[:_RECORDS]]
    if not widths:
        return 0.0
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    if usual == 1:
        return 0.0
    share = widths.count(usual) / len(widths)
    return (share if widths[0] == usual else share / 2) + usual / 1_000
