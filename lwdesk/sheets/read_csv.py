"""Text files of rows: detects encoding and delimiter, and returns every field as its text."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lwdesk.base.errors import FileError
from lwdesk.base.text import _, listing, own_languages
from lwdesk.base.text import number as number_of
from lwdesk.sheets.code_pages import PAGES, Reading, decide
from lwdesk.sheets.detect import no_sheet, utf16_without_mark

_MOST_BYTES = 1 << 30
_SAMPLE = 64 << 10
_MOST_JUDGED = 4 << 20
_RECORDS = 200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Undecided(FileError):
    """A text file whose names can be read in several ways, each with its code page: the user has to choose one."""

    def __init__(self, name: str, readings: tuple[Reading, ...]):
        ways = "; ".join(f"{one.encoding}: {listing(one.words)}" for one in readings)
        super().__init__(
            _("{name} doesn't say which text encoding it uses, so some names may be read wrong").format(
                name=name
            ),
            _("They could be {ways}").format(ways=ways),
            _(
                "Save the file from Excel as “CSV UTF-8” or as a workbook, or choose the encoding (--encoding)"
            ),
        )
        self.name, self.readings = name, readings


@dataclass(frozen=True)
class TextFile:
    """A CSV file in memory: its bytes, encoding and delimiter."""

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
            raise FileError(
                _("lwdesk can't read {name} beyond row {n}").format(name=self.path.name, n=number),
                _(
                    "A quotation mark opened in one of the next rows is never closed, or a cell there has more than"
                    " {n} characters"
                ).format(n=number_of(csv.field_size_limit())),
                _("Open the file in Excel, check row {n}, and save it as .xlsx").format(n=number + 1),
            ) from error


def look_at(path: Path, encoding: str = "") -> TextFile:
    """Read the whole file and detect its encoding and delimiter; `encoding` overrides the first.

    Raises UserError where it is too large, or not written in that encoding; Undecided where names differ in it.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise FileError(
            _("{name} is too large").format(name=path.name),
            _("It has more than 1 GB of text"),
            _("Split it into several files"),
        )
    content = path.read_bytes()
    encoding, notes = (_checked(path, content, encoding), ()) if encoding else decode_with(path, content)
    head = content[: 4 * _SAMPLE].decode(encoding, "replace")[:_SAMPLE]
    if head.count("\0") > 3:
        raise no_sheet(path, _("a program's own data, not text"))
    first = head.split("\n", 1)[0].strip("\r").strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return TextFile(path, content, encoding, first[4], True, notes)
    return TextFile(path, content, encoding, delimiter_of(head), False, notes)


def _checked(path: Path, content: bytes, encoding: str) -> str:
    """The encoding that was asked for. Raises UserError where there is none of this name, or the file is in another."""
    try:
        content.decode(encoding)
    except LookupError:
        raise FileError(
            _("There is no encoding “{name}”").format(name=encoding),
            "",
            _("Use one of {names}").format(names=", ".join(["utf-8", *PAGES])),
        ) from None
    except UnicodeDecodeError:
        raise FileError(
            _("{name} isn't written in {encoding}").format(name=path.name, encoding=encoding),
            "",
            _("Remove --encoding, or use another one"),
        ) from None
    return encoding


def decode_with(path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Python's name of the encoding, and a note where it was guessed from the letters. Raises Undecided."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return encoding, ()
    if wide := utf16_without_mark(content[:4096]):
        return wide, ()
    if _is_utf8(content):
        return "utf-8", ()
    verdict = decide(content[:_MOST_JUDGED], own_languages())
    if not verdict.sure:
        raise Undecided(path.name, verdict.readings)
    encoding = verdict.readings[0].encoding
    return encoding, (
        _(
            "The file doesn't say which text encoding it uses; it was read as {encoding}. "
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


def delimiter_of(head: str) -> str:
    """The delimiter (tab, semicolon, bar or comma) that splits the first records most evenly.

    Of equals the earlier one wins: commas are inside texts more often than between them.
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
