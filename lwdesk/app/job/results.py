"""The results workbook: the person's own file with what became of every row."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from lwdesk.base.paths import workroom
from lwdesk.base.text import N_, _
from lwdesk.catalog.match import CHANGED, RESULT_TITLES
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, READY, SENDING, SKIPPED, UNCHANGED, UNSURE
from lwdesk.sheets.results import results_path, write_results
from lwdesk.sheets.write import Column, Sheet, Written, write_book

# Of several steps the one that most wants attention speaks for the row.
_RANK = (UNCHANGED, SKIPPED, DONE, READY, SENDING, CONFLICT, UNSURE, FAILED)
STEP_COLUMNS = """
    row.number, row.outcome, row.message, step.outcome, step.message, call.state, call.message, call.made, call.ended
"""
_STEPS = f"""
    SELECT {STEP_COLUMNS} FROM row LEFT JOIN step ON step.row = row.id LEFT JOIN call ON call.id = step.call
    ORDER BY row.id, step.id"""


def outcomes(journal: Journal) -> Iterator[tuple[int, str, str, str, float | None]]:
    """(row number, outcome, message, id, Unix time) of every row, in the file's order.

    A row whose calls are not all sent is "ready" or "sending"; its message says what would be done.
    """
    for _number, found in groupby(journal.stream(_STEPS), key=lambda row: row[0]):
        yield told(list(found))


def told(steps: list[tuple[Any, ...]], *, live: bool = False) -> tuple[int, str, str, str, float | None]:
    """(row number, outcome, message, id, Unix time) of one row, from its steps as `STEP_COLUMNS` asks for them.

    `live`: the job runs, so that what is on its way is only that.
    """
    number, outcome, message = steps[0][:3]
    if outcome:
        return number, outcome, message, "", None
    found, made, ended = UNCHANGED, "", None
    alone = len({step_outcome or state for _n, _o, _m, step_outcome, _s, state, *_rest in steps}) == 1
    parts: list[tuple[int, str]] = []
    for _n, _o, _m, step_outcome, step_message, state, call_message, call_made, call_ended in steps:
        word = step_outcome or state
        if word is None:
            continue
        found = max(found, word, key=_RANK.index)
        say = step_message if word in (DONE, READY) or not call_message or step_outcome else call_message
        weight = 0 if word in (FAILED, UNSURE, CONFLICT) else 1
        before = _("on its way") if live and word == SENDING else _(_WORDS[word]) if word in _WORDS else ""
        if alone and word != SENDING:  # the status of the row says so already
            before = ""
        parts.append((weight, f"{before}: {say}" if before else say))
        made = made or (call_made if word == DONE else "")
        ended = max(filter(None, (ended, call_ended)), default=None)
    said = dict.fromkeys(part for _weight, part in sorted(parts, key=lambda part: part[0]))
    return number, found, " · ".join(said) or _("nothing to do"), made, ended


# What stands before a step that was neither done nor planned.
_WORDS = {
    FAILED: N_("failed"),
    UNSURE: N_("unsure"),
    SKIPPED: N_("skipped"),
    CONFLICT: N_("conflict"),
    SENDING: N_("on its way, answer not known"),
}


def counts(journal: Journal) -> dict[str, int]:
    """How many rows had each outcome; rows that are not ended are left out."""
    found = dict.fromkeys((DONE, UNCHANGED, CONFLICT, FAILED, SKIPPED, UNSURE), 0)
    for _number, outcome, _message, _made, _ended in outcomes(journal):
        if outcome in found:
            found[outcome] += 1
    return found


def default_path(journal: Journal) -> Path:
    """A fresh name beside the person's file."""
    return results_path(Path(journal.get("file")))


def write(journal: Journal, target: Path) -> Written:
    """Write the results workbook. Without the person's file at hand, the rows as they were read are written anew.

    Raises UserError where the target cannot be written.
    """
    values: Iterator[tuple[int, tuple[Any, ...]]] = (
        (n, (word, said, made, _moment(t))) for n, word, said, made, t in outcomes(journal)
    )
    source = _source(journal)
    if source is None:
        return _anew(journal, target)
    with workroom() as folder:
        if isinstance(source, bytes):
            path = folder / Path(journal.get("file")).name
            path.write_bytes(source)
        else:
            path = source
        sheet, header_row = journal.get("sheet"), journal.get("header_row")
        changed = _changed(journal)
        titles = (*RESULT_TITLES, CHANGED) if changed else RESULT_TITLES
        if changed:
            values = ((n, (*cells, changed.get(n))) for n, cells in values)
        return write_results(path, target, sheet=sheet, header_row=header_row, titles=titles, values=values)


def _changed(journal: Journal) -> dict[int, str]:
    """Row number -> the cells that were edited before they were sent, as they stand in the file and as they were
    sent. Passwords are not told."""
    letters, secret = journal.get("header_letters") or (), journal.get("secret") or ()
    found: dict[int, list[str]] = {}
    for place, (was, text) in (journal.get("edits") or {}).items():
        number, index = map(int, place.split(":"))
        if was != text and index < len(letters) and index not in secret:
            found.setdefault(number, []).append(f"{letters[index]}{number}: “{was}” → “{text}”")
    return {number: "; ".join(said) for number, said in found.items()}


def _moment(stamp: float | None) -> datetime | None:
    return datetime.fromtimestamp(stamp).replace(microsecond=0) if stamp else None


def _source(journal: Journal) -> Path | bytes | None:
    if kept := journal.upload():
        return kept[1]
    path = Path(journal.get("file"))
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == journal.get("digest"):
        return path
    return None


def _anew(journal: Journal, target: Path) -> Written:
    found = {n: (word, said, made, _moment(t)) for n, word, said, made, t in outcomes(journal)}
    columns = [Column(title) for title in journal.get("headers")]
    columns += [Column(title) for title in RESULT_TITLES[:3]] + [Column(RESULT_TITLES[3], "datetime")]
    rows = ([*map(_text, row.cells), *found[row.number]] for row in journal.rows())
    return write_book(target, [Sheet(journal.get("sheet") or _("Results"), columns, rows)])


def _text(cell: Any) -> str | None:
    return None if cell is None else str(cell)
