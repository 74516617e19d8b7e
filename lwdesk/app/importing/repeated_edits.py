"""The edits of a draft, made again in the draft that replaces it: only where it is certain that a cell is the same."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lwdesk.app.job.sheet_rows import SKIP
from lwdesk.base.text import _
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import Row

# The facts of a job that say which sheet its rows are.
_SHEET = ("digest", "sheet", "header_row")
# Row number -> index of the cell -> text in the file, and text of the edit.
_Edits = Mapping[int, Mapping[int, Sequence[str]]]


@dataclass
class RepeatedEdits:
    """The edits of one draft that another takes over: `cells` by the ids of its rows; `dropped` says in words which
    edits are not made again. `same`: both are of one sheet of one file."""

    cells: dict[int, dict[int, str | None]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    same: bool = True


def repeated_edits(before: Journal, now: Journal) -> RepeatedEdits:
    """The edits of the draft `before` for the draft `now`.

    In the same sheet of the same file, a cell is found by its place. In another sheet, or in a file that was changed,
    its row is found by all its texts, as they were before the edits, where no other row has them.
    """
    edits = _by_row(before.get("edits") or {})
    found = RepeatedEdits(same=all(before.get(fact) == now.get(fact) for fact in _SHEET))
    if not edits:
        return found
    places = {n: n for n in _indexes(before)} if found.same else _moved(before, now)
    ids = _numbered(now) if found.same else _matching(before, now, edits, places)
    for number, cells in edits.items():
        for index, (was, text) in cells.items():
            place = SKIP if index == SKIP else places.get(index)
            if number in ids and place is not None:
                found.cells.setdefault(ids[number], {})[place] = text or None
            else:
                found.dropped.append(_words(before, number, index, was, text))
    return found


def _by_row(edits: Mapping[str, Sequence[str]]) -> _Edits:
    found: dict[int, dict[int, Sequence[str]]] = {}
    for place, texts in edits.items():
        number, index = map(int, place.split(":"))
        found.setdefault(number, {})[index] = texts
    return found


def _indexes(journal: Journal) -> range:
    return range(len(journal.get("headers") or ()))


def _numbered(journal: Journal) -> dict[int, int]:
    """Row number -> row id."""
    return {number: row_id for row_id, number in journal.ask("SELECT id, number FROM row")}


def _moved(before: Journal, now: Journal) -> dict[int, int]:
    """Index of each column -> its index in the other sheet; empty where a header is missing there, or not unique."""
    old, new = before.get("headers") or [], now.get("headers") or []
    if old == new:
        return {n: n for n in range(len(old))}
    counts = Counter(new)
    if len(set(old)) < len(old) or any(counts[text] != 1 for text in old):
        return {}
    return {n: new.index(text) for n, text in enumerate(old)}


def _matching(before: Journal, now: Journal, edits: _Edits, places: Mapping[int, int]) -> dict[int, int]:
    """Number of each edited row -> id of the row that has the same texts now, where only one had and has them."""
    secret = {*(before.get("secret") or ())}
    compared = [(old, new) for old, new in places.items() if old not in secret]
    if not compared:
        return {}
    known = list(_texts(before, [old for old, _new in compared], edits))
    wanted = Counter(texts for _row, texts in known)
    there: dict[tuple[str, ...], list[int]] = {}
    for row, texts in _texts(now, [new for _old, new in compared], {}):
        if texts in wanted:
            there.setdefault(texts, []).append(row.id)
    return {
        row.number: there[texts][0]
        for row, texts in known
        if row.number in edits and wanted[texts] == 1 and len(there.get(texts, ())) == 1
    }


def _texts(
    journal: Journal, indexes: Collection[int], edits: _Edits
) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Each row with its texts in these columns, as they are in the file."""
    for row in journal.rows():
        was = {index: texts[0] for index, texts in edits.get(row.number, {}).items()}
        yield row, tuple(was.get(n, text_of(row.cells[n])).strip() for n in indexes)


def _words(journal: Journal, number: int, index: int, was: str, text: str) -> str:
    """An edit in words; passwords are hidden."""
    if index == SKIP:
        return _("row {row} was skipped").format(row=number)
    letters = journal.get("header_letters") or []
    if index in (journal.get("secret") or ()):
        was = text = "•••"
    return _("{cell}: “{was}” → “{text}”").format(cell=f"{letters[index]}{number}", was=was, text=text)
