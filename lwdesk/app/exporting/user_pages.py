"""A page for each of some users, from the rows that the journal has spooled."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lwdesk.app.exporting.columns import columns_of, parts_of, section_columns
from lwdesk.app.exporting.exports import count_rows
from lwdesk.app.exporting.found_courses import waits
from lwdesk.app.exporting.names import ASK, WALK, Names, of_journal
from lwdesk.app.exporting.pages_pdf import write_pdf
from lwdesk.app.exporting.people import PEOPLE, People, people_of_job
from lwdesk.app.exporting.rows import rows_of, sheet_kind
from lwdesk.app.school import zones
from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.export_model import ID, Export, Out
from lwdesk.catalog.user_pages import Section
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED
from lwdesk.sheets.columns import Column
from lwdesk.sheets.pages import Index, Page, Part, readable
from lwdesk.sheets.sheet import Written
from lwdesk.sheets.write_pages import write_pages

# Rows that are held at once, about: the pages of more users are made in turns.
_HELD = 50_000
_USERS = EXPORTS["users"]
Rows = dict[str, list[list[Any]]]


def write(journal: Journal, entry: Export, target: Path, about: Sequence[tuple[str, Any]]) -> Written:
    """Write the pages of a job's users to a workbook or a PDF. Raises UserError where the target cannot be written."""
    pages, zone = _Pages(journal, entry), zones.find(journal.get("zone", ""))
    writer = write_pdf if target.suffix.lower() == ".pdf" else write_pages
    return writer(target, pages.all(), pages.index(), about, zone, journal.get("school"))


class _Pages:
    """The pages of one job."""

    def __init__(self, journal: Journal, entry: Export):
        assert entry.pages is not None
        self._journal = journal
        self._sections = entry.pages.chosen({id for id, value in journal.get("options", {}).items() if value})
        self._words = entry.pages.words
        people = people_of_job(journal)
        assert people is not None  # nothing is fetched without them
        self._people = people
        self._names: Names = of_journal(journal)
        self._failed = _failed(journal, entry, self._people)
        self._titles = self._find_titles()
        self._as_of = _as_of(journal)

    def index(self) -> Index:
        """The index of all pages; users of the sheet that the school doesn't have are in it too."""
        counted = [Column(_(one.title), "integer") for one in self._sections if not one.facts]
        lacking = [key for key, id in self._people.keys.items() if not id]
        blank = [None] * len(counted)
        others = [[_("Not in your school"), key, *blank] for key in lacking]
        return Index(_("Users"), [Column(_("User")), Column(_("Email")), *counted], others)

    def all(self) -> Iterator[Page]:
        """The pages in the order of the sheet, or else of the names."""
        users = list(self._people.users)
        if not self._people.keys:
            users.sort(key=lambda id: (self._titles[id][1].casefold(), id))
        turns = max(1, math.ceil(count_rows(self._journal) / _HELD))
        size = math.ceil(len(users) / turns)
        for start in range(0, len(users), size):
            some = users[start : start + size]
            found = [(one, *self._section(one, set(some))) for one in self._sections]
            for id in some:
                yield self._page(id, found)

    def _page(self, id: str, found: Sequence[tuple[Section, list[Column], Rows]]) -> Page:
        email = self._people.users[id]["title"]
        title = self._titles[id][0] or email or id
        parts: list[Part] = []
        for section, columns, rows in found:
            names = (section.part, *([section.beside.part] if section.beside else []))
            incomplete = any({id, ""} & self._failed[name] for name in names)
            parts.append(readable(_(section.title), columns, rows.get(id, []), section.facts, incomplete))
        counts = [len(rows.get(id, ())) for section, _columns, rows in found if not section.facts]
        return Page(title, " · ".join(filter(None, (email, self._as_of))), parts, [email, *counts])

    def _find_titles(self) -> dict[str, tuple[str, str]]:
        """User id -> the name that users know, and the one that lists are sorted by."""
        names = {id: (str(fact.get("title") or id), "") for id, fact in self._people.users.items()}
        columns = [Out("first_name", ""), Out("last_name", ""), Out("username", "")]
        for id, rows in self._rows(_USERS, columns, set(names)).items():
            first, last, username = rows[0]
            words = (first or "", last or "")
            names[id] = (" ".join(filter(None, words)) or username or names[id][0], " ".join(reversed(words)))
        return names

    # Rows -----------------------------------------------------------------------------------------------------

    def _section(self, section: Section, users: set[str]) -> tuple[list[Column], Rows]:
        """The columns of a section, and its rows by user."""
        part, beside = EXPORTS[section.part], section.beside
        columns = section_columns(part, self._journal.page_keys(part.id), section.places)
        if beside is None:
            return _shown(columns), self._rows(part, columns, users)
        other = EXPORTS[beside.part]
        more = columns_of(other, (), beside.places)
        first = self._rows(part, [Out(section.key, "", ID), *columns], users)
        label = columns_of(other, (), (beside.label,))
        second = self._rows(other, [Out(beside.key, "", ID), *label, *more], users)
        both = {id: _joined(first.get(id, []), second.get(id, []), len(columns), len(more)) for id in users}
        return _shown([*columns, *more]), both

    def _rows(self, part: Export, columns: Sequence[Out], users: set[str]) -> Rows:
        """The cells of the rows about these users, by user."""
        found: Rows = defaultdict(list)
        who = Out(part.about, "", ID)
        for id, *cells in rows_of(part, [who, *columns], self._journal.pages(part.id), self._names):
            if str(id) in users:
                found[str(id)].append(
                    [self._word(one, cell) for one, cell in zip(columns, cells, strict=True)]
                )
        return found

    def _word(self, column: Out, cell: Any) -> Any:
        """The cell, or the reader's word for a status."""
        known = column.at.endswith("status") and isinstance(cell, str) and cell in self._words
        return _(self._words[cell]) if known else cell


def _shown(columns: Sequence[Out]) -> list[Column]:
    return [Column(column.heading, sheet_kind(column)) for column in columns]


def _joined(
    first: Sequence[Sequence[Any]], second: Sequence[Sequence[Any]], wide: int, more: int
) -> list[list[Any]]:
    """The rows of both by their keys, the first cell of each; of what only the second has, the label comes first."""
    beside = {str(key): cells for key, *cells in second}
    found = [[*cells, *beside.pop(str(key), [None] * (more + 1))[1:]] for key, *cells in first]
    return found + [[label, *[None] * (wide - 1), *cells] for label, *cells in beside.values()]


def _as_of(journal: Journal) -> str:
    """When the school was read, and whose times the pages show."""
    zone = journal.get("zone", "")
    when = datetime.fromtimestamp(journal.get("created")).astimezone(zones.find(zone))
    words = _("as of {when}, times are those of {zone}")
    return words.format(when=f"{when:%Y-%m-%d %H:%M}", zone=zones.shown(zone))


def _failed(journal: Journal, entry: Export, people: People) -> Mapping[str, set[str]]:
    """Part -> the ids of the users whose rows are not all there; "" for all users."""
    assert entry.pages is not None
    found: dict[str, set[str]] = defaultdict(set)
    for call in journal.calls("state = ?", FAILED):
        if call.values["role"] not in (WALK, ASK):
            found[call.op].add(str(call.values["chain"].get("user", {}).get("id", "")))
    courses = {id for part, _place in entry.pages.courses for id in found[part]}
    for part in parts_of(entry):
        if waits(entry, part, {PEOPLE: people}):
            found[part.id] |= courses
    return found
