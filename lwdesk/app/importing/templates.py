"""Template workbooks: an entry's columns to fill in, with the school's own titles where one is at hand."""

import re
from collections import Counter
from pathlib import Path

from lwdesk.app.importing.school_columns import custom_columns
from lwdesk.app.school.directory import Directory
from lwdesk.app.school.session import Session
from lwdesk.base.text import _, squeeze, title_key
from lwdesk.catalog import LISTINGS, recipe
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.empty import empty_word
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, YesNo
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.emptying import why_kept
from lwdesk.catalog.model import Column as Field
from lwdesk.catalog.operation import Recipe
from lwdesk.sheets.columns import Column
from lwdesk.sheets.lists import Item, Lists
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.template import TemplateColumn, write_template
from lwdesk.sheets.write import check_target, write_book


def write(entry_id: str, path: Path, session: Session | None) -> Written:
    """Write the template of an import.

    The ending of `path` decides: a workbook with notes and lists to pick from, or a CSV file of headers and an example.
    Raises UserError for an id that is not there, and where the file cannot be written.
    """
    entry = recipe([entry_id])
    check_target(path)
    columns = [column for column in entry.columns if not column.rare]
    lists = Lists("", {})
    if session is not None:
        columns += custom_columns(session) if entry.custom else []
        lists = Lists(session.root, {column.id: _items(column, session.directory) for column in columns})
    found = [_column(entry, column) for column in columns]
    if path.suffix.lower() != ".csv":
        return write_template(path, _(entry.title), found, lists)
    headers = [Column(column.title, "list" if column.kind == "list" else "text") for column in found]
    return write_book(path, [Sheet(_(entry.title), headers, [[column.example for column in found]])])


def choices_of(column: Field, directory: Directory) -> list[str]:
    """The titles, or the tags, of the school that a column can name."""
    if _holds_tags(column):
        return directory.tags()
    titles = (str(row["title"]) for name in _listings(column) for row in directory.titles(name))
    return list(dict.fromkeys(filter(None, titles)))


def _holds_tags(column: Field) -> bool:
    return isinstance(column.kind, Several) and column.kind.commas


def _items(column: Field, directory: Directory) -> list[Item]:
    """The school's items to pick from, each with a unique label that can be part of a list."""
    if _holds_tags(column):
        return [Item(tag) for tag in directory.tags()]
    found = [(name, row) for name in _listings(column) for row in directory.titles(name)]
    labels = [squeeze(re.sub(r"[;|\n]", ",", str(row["title"]))) or str(row["id"]) for _name, row in found]
    often = Counter(title_key(label) for label in labels)
    return [
        Item(label if often[title_key(label)] == 1 else f"{label} ({row['id']})", str(row["id"]), name)
        for label, (name, row) in zip(labels, found, strict=True)
    ]


def _listings(column: Field) -> tuple[str, ...]:
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    return (
        tuple(name for name in kind.to if name in LISTINGS and not LISTINGS[name].of)
        if isinstance(kind, Reference)
        else ()
    )


def _column(entry: Recipe, column: Field) -> TemplateColumn:
    required = column.required and column.derive is None
    note = _(column.help) if column.help else ""
    if not why_kept(entry, column):
        how = _("To empty it, write {word}.").format(word=empty_word())
        note = f"{note} {how}".strip()
    return TemplateColumn(
        column.id,
        _(column.title),
        note,
        column.example or None,
        required,
        _kind(column),
        _choices(column),
    )


def _kind(column: Field) -> str:
    if column.each or isinstance(column.kind, Several):
        return "list"
    if isinstance(column.kind, Date):
        return "date"
    if isinstance(column.kind, Number):
        return "integer" if column.kind.whole else "number"
    return "text"


def _choices(column: Field) -> tuple[str, ...]:
    if isinstance(column.kind, Choice):
        return column.kind.values
    return ("yes", "no") if isinstance(column.kind, YesNo) else ()
