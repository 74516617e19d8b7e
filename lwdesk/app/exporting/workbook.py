"""The workbook of an export, written from the pages that the journal has spooled."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lwdesk import __version__
from lwdesk.app.exporting import gradebook, overview, user_pages
from lwdesk.app.exporting.beside import BESIDE, Beside, fallback, source_of
from lwdesk.app.exporting.columns import columns_of, parts_of
from lwdesk.app.exporting.exports import files_of, missing
from lwdesk.app.exporting.file_columns import about_files, file_notes, with_files
from lwdesk.app.exporting.filters import filter_column
from lwdesk.app.exporting.names import of_journal
from lwdesk.app.exporting.people import people_of_job, without_rows
from lwdesk.app.exporting.rows import rows_of, sheet_kind
from lwdesk.app.exporting.summaries import Groups
from lwdesk.app.school import zones
from lwdesk.app.school.connections import PRACTICE, school_title
from lwdesk.app.targets import place_for, remember
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing, shorten
from lwdesk.catalog import EXPORTS
from lwdesk.catalog import export as export_of
from lwdesk.catalog.export_model import MONEY, Export, Name, Out
from lwdesk.catalog.payment_columns import CURRENCY
from lwdesk.catalog.returns import KEY
from lwdesk.catalog.summaries import GRADES, PROGRESS, Summary
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.append import Added, add_rows
from lwdesk.sheets.columns import Column
from lwdesk.sheets.list_mark import mark_sheet, read_mark
from lwdesk.sheets.listed import Wanted
from lwdesk.sheets.matrix import Matrix
from lwdesk.sheets.memory import Keep
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.write import write_book

_GRIDS = {GRADES: gradebook.sheets, PROGRESS: overview.sheets}


def write(journal: Journal, target: Path) -> Written:
    """Write the workbook from the spool. Raises UserError where the target cannot be written."""
    entry, notes = export_of(journal.get("what")), list[str]()
    if journal.get(BESIDE):
        if (source := source_of(journal)) is not None:
            return _beside(journal, entry, source, target)
        target, why = fallback(target)
        notes.append(why)
    if entry.pages:
        return user_pages.write(journal, entry, target, _about(entry, journal))
    fetched = journal.get("parts", [part.id for part in parts_of(entry)])
    lists = [_sheet(EXPORTS[part], journal, target) for part in fetched]
    sheets: list[Sheet | Matrix] = [*lists]
    notes += [*without_rows(journal, entry), *file_notes(journal)]
    about = [*_about(entry, journal), *((_("Note"), note) for note in notes)]
    if target.suffix.lower() == ".xlsx" and journal.get("summary", True):
        if entry.grid:
            sheets = [*_GRIDS[entry.grid.kind](entry, journal, about), *lists]
        elif _sums_up(entry, journal, target):
            sheets += _summaries(entry, journal, lists[0], about, target)
    elif entry.grid and target.suffix.lower() == ".csv":
        words = _("A CSV file contains only the lists. For “{title}”, choose an Excel workbook.")
        notes.append(words.format(title=_(entry.title)))
    if journal.get("adds"):
        facts = {"export": entry.id, "school": journal.get("school"), "root": journal.get("root")}
        columns = with_key(entry, _columns(entry, journal, target))
        sheets.append(mark_sheet(lists[0], facts, [column.at for column in columns]))
    written = write_book(target, sheets, about, zones.find(journal.get("zone", "")))
    return replace(written, notes=(*written.notes, *notes))


def _beside(journal: Journal, entry: Export, source: Path, target: Path) -> Written:
    """Write the columns beside the rows of the user's own sheet."""
    columns, people = _columns(entry, journal, target), people_of_job(journal)
    assert people is not None  # they are those of the sheet
    marks = [Out(entry.about, ""), Out(entry.about_email, "")]
    beside = Beside(columns, people.keys, zones.find(journal.get("zone", "")))
    pages = journal.pages(entry.id)
    for *cells, id, email in rows_of(entry, [*columns, *marks], pages, of_journal(journal)):
        beside.add(id, email, cells)
    return beside.write(source, journal.get(BESIDE), target, _about(entry, journal))


def write_wanted(journal: Journal) -> Written:
    """Write the workbook to the job's target, or to a free name beside it if another file is there now."""
    target, notes = place_for(
        journal, Path(journal.get("target")), lambda path: files_of(journal.get("what"), path)
    )
    written = write(journal, target)
    remember(journal, written.paths)
    journal.put(charted=[asdict(sheet) for sheet in written.charted])
    return replace(written, notes=(*notes, *written.notes))


def add_to(journal: Journal, target: Path) -> Added:
    """Add the rows of the spool to the list in a workbook, by their ids.

    Raises UserError where the workbook can't take them.
    """
    entry = export_of(journal.get("what"))
    sheet, columns = _sheet(entry, journal, target), with_key(entry, _columns(entry, journal, target))
    wanted = wanted_list(entry, columns, journal.get("school"), journal.get("root"), target)
    return add_rows(target, wanted, sheet.rows, zones.find(journal.get("zone", "")))


def wanted_list(entry: Export, columns: Sequence[Out], school: str, root: str, target: Path) -> Wanted:
    """The list of an export in a workbook that its rows are added to.

    Raises UserError where the workbook wasn't written for that, or with rows of another export or school.
    """
    mark = read_mark(target)
    next_step = _("Move that file or choose another name. The first run then creates a new workbook")
    if mark is None:  # it may have sums, which would not follow
        raise UserError(
            _("Rows can't be added to {name}").format(name=target.name),
            _("Rows can only be added to a workbook that a run with this option created"),
            next_step,
        ).at("path")
    whose, there = mark.facts.get("school", ""), EXPORTS.get(mark.facts.get("export", ""))
    same_school = mark.facts.get("root") == root or whose == school == PRACTICE
    if there is not entry or not same_school:
        raise UserError(
            _("Rows can't be added to {name}").format(name=target.name),
            _("It contains rows of another export or school: “{title}” of “{school}”").format(
                title=_(there.title) if there else mark.facts.get("export", ""), school=whose
            ),
            next_step,
        ).at("path")
    shown = [Column(c.heading, sheet_kind(c)) for c in columns]
    places = [c.at for c in columns]
    return Wanted(shown, places, places.index(KEY), mark)


def with_key(entry: Export, columns: list[Out]) -> list[Out]:
    """The columns, with the id of a row at the end where it isn't among them."""
    return columns + ([] if any(c.at == KEY for c in columns) else [c for c in entry.outs if c.at == KEY])


def _columns(entry: Export, journal: Journal, target: Path) -> list[Out]:
    chosen = [] if journal.get("what") != entry.id else journal.get("columns", [])
    return with_files(entry, columns_of(entry, journal.page_keys(entry.id), chosen), journal, target)


def _sheet(entry: Export, journal: Journal, target: Path) -> Sheet:
    columns = _columns(entry, journal, target)
    shown, kept, adds = len(columns), None, journal.get("adds")
    if _sums_up(entry, journal, target):
        columns = _with_ids(entry, columns)
    returns = entry.returns and journal.get("what") == entry.id and target.suffix.lower() == ".xlsx"
    if adds or returns:
        columns = with_key(entry, columns)
    if returns and not adds:
        facts = (journal.get("school"), journal.get("root"), journal.get("created"))
        kept = keep(entry, [column.at for column in columns], *facts)
    folded = not journal.get("columns")
    return Sheet(
        _(entry.title),
        [Column(c.heading, sheet_kind(c), n >= shown, folded and c.rare) for n, c in enumerate(columns)],
        rows_of(entry, columns, journal.pages(entry.id), of_journal(journal)),
        kept,
    )


def _sums_up(entry: Export, journal: Journal, target: Path) -> bool:
    """Whether sheets with sums go beside the list."""
    alone = not entry.grid and not entry.parts and journal.get("what") == entry.id
    return alone and target.suffix.lower() == ".xlsx" and bool(journal.get("summary", True))


def _made(entry: Export, columns: Sequence[Out]) -> list[Summary]:
    """The sums that the list has the columns for."""
    places = {column.at for column in columns}
    return [one for one in entry.summaries if one.places <= places]


def _with_ids(entry: Export, columns: list[Out]) -> list[Out]:
    """The columns, with the ids that tell apart what sums are about at the end where they aren't among them."""
    needed = {place for one in _made(entry, columns) for place in one.ids} - {column.at for column in columns}
    return columns + [column for column in entry.outs if column.at in needed]


def _summaries(
    entry: Export, journal: Journal, source: Sheet, about: list[tuple[str, Any]], target: Path
) -> Iterator[Sheet]:
    """The sheets that are made of the rows of the list, as far as it has the columns for them."""
    columns = _columns(entry, journal, target)
    places, made = [column.at for column in _with_ids(entry, columns)], _made(entry, columns)
    left = [_(one.title) for one in entry.summaries if one not in made]
    about += [(_(one.title), _(one.doc)) for one in made if one.doc]
    if made:
        about.append((_("Totals"), _("These are formulas: they update when you edit the list")))
    if left:
        about.append(
            (
                _("Not included"),
                _("{sheets}: the columns they need weren't exported").format(sheets=listing(left)),
            )
        )
    today = datetime.fromtimestamp(journal.get("created"), zones.find(journal.get("zone", ""))).date()
    for one in made:
        groups = Groups(one, places, source.columns, today)
        source.watch.append(groups.add)
        yield groups.sheet(source)
    yield from _extracts(entry, journal, columns)


def _extracts(entry: Export, journal: Journal, written: Sequence[Out]) -> Iterator[Sheet]:
    """Further lists of the same records; of names only those that the list has as well."""
    for extract in entry.extracts:
        columns = [c for c in extract.columns if not isinstance(c, Name) or c in written]
        shown = [Column(c.heading, sheet_kind(c)) for c in columns]
        rows = rows_of(entry, columns, journal.pages(entry.id), of_journal(journal), extract.only)
        yield Sheet(_(extract.title), shown, rows, derived=True)


def keep(entry: Export, places: Sequence[str], school: str, root: str, created: float) -> Keep:
    """What a workbook remembers of its export, so that it is recognized when it is imported."""
    facts = {"export": entry.id, "school": school, "root": root, "created": created, "places": list(places)}
    return Keep(facts, places.index(KEY))


def _about(entry: Export, journal: Journal) -> list[tuple[str, Any]]:
    where, said = journal.get("where", {}), journal.get("said") or {}
    parts = (f"{_(filter_column(entry, name).title)}: {shorten(value, 300)}" for name, value in where.items())
    periods = (f" ({said[name]})" if name in said else "" for name in where)
    shown = "; ".join(map("".join, zip(parts, periods, strict=True)))
    facts = [
        (_("Export"), _(entry.title)),
        (_("Contents"), _(entry.doc)),
        (_("School"), school_title(journal.get("school"))),
        (_("Address"), journal.get("root")),
        (_("Read on"), datetime.fromtimestamp(journal.get("created"), UTC)),
        (_("Filters"), shown or _("none")),
        *(
            (_(column.title), _(column.help))
            for column in entry.choices
            if column.wider and column.id in where
        ),
        (_("Time zone"), zones.shown(journal.get("zone", ""))),
    ]
    named = any(isinstance(column, Name) for part in parts_of(entry) for column in part.outs)
    if named and not entry.pages:
        facts.append(
            (
                _("Names"),
                _("Current names, even where they were different before. IDs are in the last columns"),
            )
        )
    if any(_lacks_currency(part) for part in parts_of(entry)):
        facts.append((_("Amounts"), _("In your school's currency, unless the sheet shows another")))
    folded = [c.heading for part in parts_of(entry) for c in part.outs if c.rare]
    if folded and not journal.get("columns") and not entry.pages:
        words = _("Click the + above the columns to show {columns}")
        facts.append((_("Collapsed columns"), words.format(columns=listing(folded, 6))))
    facts += about_files(journal)
    if journal.get("adds"):
        words = _(
            "Each run adds new rows to the list and updates rows that changed, such as refunds, using their "
            "IDs. Rows outside a run's filters aren't read again. This sheet describes the first run."
        )
        facts.append((_("Later runs"), words))
    elif said:
        words = _(
            "Changes made after this export, such as refunds, aren't in this file. "
            "To include them, export the same period again"
        )
        facts.append((_("Later changes"), words))
    facts += [(_("Note"), message) for message in journal.get("warnings", [])]
    facts += [(_("Missing"), message) for message in missing(journal)]
    return [*facts, (_("Created with"), f"lwdesk {__version__}")]


def _lacks_currency(entry: Export) -> bool:
    """Whether the rows of an export have amounts and do not say in which currency."""
    titles = {column.title for column in entry.outs}
    return any(column.kind == MONEY for column in entry.outs) and CURRENCY.title not in titles
