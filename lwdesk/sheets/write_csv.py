"""CSV for Excel: UTF-8 with a byte order mark, commas, one file for each sheet."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from lwdesk.base.file_names import beside
from lwdesk.base.paths import check_closed, written_whole
from lwdesk.base.text import ngettext
from lwdesk.sheets.columns import DURATIONS, Column, Losses, duration_text, plain, text_of
from lwdesk.sheets.matrix import Matrix
from lwdesk.sheets.sheet import Sheet, Written

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().-]+$)")
"""What Excel would calculate. Phone numbers and negative numbers are left as they are."""
_GUARDED = re.compile(rf"'+(?:{_FORMULA.pattern})")
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def write_csv(path: Path, sheets: Iterable[Sheet | Matrix], zone: tzinfo | None) -> Written:
    """See `lwdesk.sheets.write.write_book`. The second sheet goes to `name - Title.csv`."""
    paths: list[Path] = []
    count = guarded = 0
    losses = Losses()
    with ExitStack() as files:
        for sheet in (one for one in sheets if isinstance(one, Sheet) and not one.hidden):
            target = path if not paths else further_path(path, sheet.title)
            temporary = files.enter_context(written_whole(target))
            rows, more = _write_one(temporary, sheet, zone, losses)
            count, guarded = count + rows, guarded + more
            paths.append(target)
        for target in paths:  # before one of them is replaced
            check_closed(target)
    notes = losses.notes()
    if guarded:
        notes.append(
            ngettext(
                "{n} value that Excel would read as a formula now starts with an apostrophe",
                "{n} values that Excel would read as formulas now start with an apostrophe",
                guarded,
            )
        )
    return Written(tuple(paths), count, tuple(notes))


def further_path(path: Path, title: str) -> Path:
    """Where a further sheet of this title goes, beside the first one at `path`."""
    return beside(path, _NOT_IN_NAMES.sub(" ", title), ".csv")


def _write_one(path: Path, sheet: Sheet, zone: tzinfo | None, losses: Losses) -> tuple[int, int]:
    count = guarded = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([guard(losses.scrub(column.title)) for column in sheet.columns])
        for fields in fields_of(sheet.columns, sheet.rows, zone, losses):
            for i, content in enumerate(fields):
                if isinstance(content, str) and (text := guard(content)) != content:
                    fields[i] = text
                    guarded += 1
            out.writerow(fields)
            count += 1
    return count, guarded


def fields_of(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], zone: tzinfo | None, losses: Losses
) -> Iterator[list[Any]]:
    """The fields of each row as a CSV file holds them, without guards."""
    makers = [_maker(column.kind, zone) for column in columns]
    for row in rows:
        fields = [make(value) for make, value in zip(makers, row, strict=True)]
        yield [losses.scrub(field) if isinstance(field, str) else field for field in fields]


def guard(text: str) -> str:
    """Prefix text that Excel would read as a formula (or that has the prefix itself) with an apostrophe.

    >>> guard("=1+1"), guard("'=1+1"), guard("+30 210")
    ("'=1+1", "''=1+1", '+30 210')
    """
    return f"'{text}" if _FORMULA.match(text) or _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """Reverse `guard`.

    >>> unguarded("'=1+1"), unguarded("=1+1"), unguarded("'tis")
    ('=1+1', '=1+1', "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text


def _maker(kind: str, zone: tzinfo | None) -> Callable[[Any], Any]:
    if kind in ("date", "datetime"):
        return lambda value: _moment(value, kind, zone)
    if kind in DURATIONS:
        return duration_text
    if kind == "link":
        return text_of
    make = plain(kind, zone)
    return (
        (lambda value: str(value).upper() if isinstance(value, bool) else value) if kind == "yesno" else make
    )


def _moment(value: Any, kind: str, zone: tzinfo | None) -> Any:
    if isinstance(value, datetime):
        local = value.astimezone(zone) if value.tzinfo else value
        return f"{local:%Y-%m-%d}" if kind == "date" else f"{local:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value
