"""The results workbook: the user's file with the outcome of every row."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from lwdesk.app.job import passwords
from lwdesk.app.job.codes import MINTING, codes_sheet
from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home, check_place, free_name, temporary_folder
from lwdesk.base.text import N_, _, ngettext
from lwdesk.catalog import unmapped
from lwdesk.catalog.fingerprint import Fingerprint
from lwdesk.catalog.match import CHANGED, CHECK, RESULT_TITLES
from lwdesk.catalog.model import NEVER
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, READY, SENDING, SKIPPED, UNCHANGED, UNSURE
from lwdesk.sheets.columns import Column
from lwdesk.sheets.done import done_sheet
from lwdesk.sheets.results import check_results, results_path, write_results
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.write import SUFFIXES, write_book

log = logging.getLogger(__name__)
# The outcome of a row is that of its step which needs most attention: the last of these.
_RANK = (UNCHANGED, SKIPPED, DONE, READY, SENDING, CONFLICT, UNSURE, FAILED)
# Endings of formats that take further sheets beside the user's own.
_BOOKS = (".xlsx", ".xlsm")
STEP_COLUMNS = """
    row.number, row.outcome, row.message, step.outcome, step.message, call.state, call.message, call.made, call.ended,
    step.op
"""
_STEPS = f"""
    SELECT {STEP_COLUMNS} FROM row LEFT JOIN step ON step.row = row.id LEFT JOIN call ON call.id = step.call
    ORDER BY row.id, step.id"""

# The rows with a call that must never be repeated and was done.
_SENT_ONCE = (
    "SELECT row.number FROM row JOIN step ON step.row = row.id JOIN call ON call.id = step.call"
    " WHERE call.repeat = ? AND call.state = ?"
)


def outcomes(journal: Journal) -> Iterator[tuple[int, str, str, str, float | None]]:
    """(row number, outcome, message, id, Unix time) of every row, in the file's order.

    A row whose calls are not all sent is "ready" or "sending"; its message says what would be done.
    """
    for _number, found in groupby(journal.stream(_STEPS), key=lambda row: row[0]):
        yield row_result(list(found))


def row_result(
    steps: list[tuple[Any, ...]], *, live: bool = False
) -> tuple[int, str, str, str, float | None]:
    """(row number, outcome, message, id, Unix time) of one row, from its steps as `STEP_COLUMNS` asks for them.

    `live`: the job runs, so that what is on its way is only that.
    """
    number, outcome = steps[0][:2]
    if outcome:
        return _kept_back(steps)
    found, ended = UNCHANGED, None
    alone = len({step_outcome or state for _n, _o, _m, step_outcome, _s, state, *_rest in steps}) == 1
    parts: list[tuple[int, str]] = []
    alike: Counter[str] = Counter()  # the calls of one row that each make as many codes
    made: dict[str, None] = {}
    codes = 0
    for _n, _o, _m, step_outcome, step_message, state, call_message, call_made, call_ended, op in steps:
        word = step_outcome or state
        if word is None:
            continue
        found = max(found, word, key=_RANK.index)
        say = step_message if word in (DONE, READY) or not call_message or step_outcome else call_message
        weight = 0 if word in (FAILED, UNSURE, CONFLICT) else 1
        before = _("sending") if live and word == SENDING else _(_WORDS[word]) if word in _WORDS else ""
        if alone and word != SENDING:  # the status of the row says so already
            before = ""
        if op in MINTING and word == DONE:  # the calls of one row are one number of codes
            codes += len(call_made.split("; "))
        else:
            part = f"{before}: {say}" if before else say
            alike[part] += op in MINTING
            parts.append((weight, part))
        if word == DONE and call_made:
            made.update(dict.fromkeys(call_made.split("; ")))
        ended = max(filter(None, (ended, call_ended)), default=None)
    if codes:
        words = ngettext(
            "{n} code created: see the sheet Codes", "{n} codes created: see the sheet Codes", codes
        )
        parts.append((1, words))
    messages = [*dict.fromkeys(part for _weight, part in sorted(parts, key=lambda part: part[0]))]
    messages = [f"{alike[part]} × {part}" if alike[part] > 1 else part for part in messages]
    ids = "" if codes > _MOST_CODES else "; ".join(made)
    return number, found, " · ".join(messages) or _("nothing to do"), ids, ended


def _kept_back(steps: list[tuple[Any, ...]]) -> tuple[int, str, str, str, float | None]:
    """The result of a row that is not sent, or no more: with what was done of it before."""
    number, outcome, message = steps[0][:3]
    done = [(number, None, "", *step[3:]) for step in steps if (step[3] or step[5]) == DONE]
    if not done:
        return number, outcome, message, "", None
    _number, _outcome, words, made, ended = row_result(done)
    return number, outcome, f"{message} · {words}", made, ended


# The most codes that a row's cell lists; more are on the sheet of codes only.
_MOST_CODES = 20
# Prefixes of the messages of steps that were neither done nor planned.
_WORDS = {
    FAILED: N_("failed"),
    UNSURE: N_("needs checking"),
    SKIPPED: N_("skipped"),
    CONFLICT: N_("conflict"),
    SENDING: N_("sent, waiting for confirmation"),
}


def default_path(journal: Journal) -> Path:
    """An unused path beside the user's file."""
    return results_path(Path(journal.get("file")))


def write(journal: Journal, target: Path) -> Written:
    """Write the results workbook. Without the user's file at hand, the rows as they were read are written again.

    What was not imported goes on a sheet of its own, where the format has sheets. Raises UserError where the target
    cannot be written.
    """
    source = _source(journal)
    if source is None:
        return _cells_only(journal, target)
    with temporary_folder() as folder:
        if isinstance(source, bytes):
            path = folder / Path(journal.get("file")).name
            path.write_bytes(source)
        else:
            path = source
        sheet, header_row = journal.get("sheet"), journal.get("header_row")
        changed, more = _changed(journal), _more(journal, target)
        titles = (*RESULT_TITLES, CHANGED) if changed else RESULT_TITLES
        marks = {n: mark for n, mark in _marks(journal)}
        if marks and target.suffix.lower() in _BOOKS:
            more.append(done_sheet(marks.values()))
        elif marks:
            titles = (*titles, CHECK)
        values = _Values(journal, changed, marks if titles[-1] == CHECK else {})
        return write_results(
            path,
            target,
            sheet=sheet,
            header_row=header_row,
            titles=titles,
            values=values,
            more=more,
            guarded=bool(journal.get("guarded")),
            encoding=journal.get("encoding") or "",
        )


def write_anyhow(journal: Journal, target: Path, spare: Path) -> Written:
    """Write the results of a job that has sent something: to `target`, else beside it or into the folder `spare`.

    A workbook that can't be written changes nothing of what was done, so nothing is raised: the rows are written
    without the layout of the file where that is what fails, the notes say what went wrong, and `paths` is empty where
    no place would do.
    """
    notes: list[str] = []
    for place in (target, free_name(target), free_name(spare / target.name)):
        for way in (write, _plain_copy):
            try:
                written = way(journal, place)
            except AppError as error:
                notes.append(str(error))
            except Exception as error:  # whatever is wrong with the file or the disk
                log.exception("results of %s", journal.id)
                notes.append(_("The results couldn't be written: {error}").format(error=error))
            else:
                if notes:
                    notes.append(_("The results were written to {path}").format(path=written.paths[0]))
                return replace(written, notes=tuple(dict.fromkeys((*notes, *written.notes))))
    notes.append(_("Get them later with: lwdesk results {job} -o FILE").format(job=journal.id))
    return Written((), 0, tuple(dict.fromkeys(notes)))


@dataclass(frozen=True)
class _Values:
    """Row numbers with the values of the results columns; can be iterated several times."""

    journal: Journal
    changed: Mapping[int, str]
    marks: Mapping[int, str]

    def __iter__(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        for number, word, message, made, ended in outcomes(self.journal):
            more = (self.changed.get(number),) if self.changed else ()
            mark = (self.marks.get(number),) if self.marks else ()
            yield number, (word, message, made, _moment(ended), *more, *mark)


def undone_rows(home: Home) -> frozenset[str]:
    """The fingerprints of rows whose jobs were undone: they are no longer done. What can't be sent twice stays done,
    such as coupon codes, which no undo takes back."""
    found: set[str] = set()
    for path in home.jobs.glob(f"*{SUFFIX}"):
        # A damaged one is shown in the list of jobs.
        with suppress(AppError), closing(Journal(path)) as journal:
            if journal.get("undone") and journal.get("kind") == "import":
                once = {number for (number,) in journal.ask(_SENT_ONCE, NEVER, DONE)}
                once.update(journal.get("done_before") or ())
                found.update(mark for number, mark in _marks(journal) if number not in once)
    return frozenset(found)


def _marks(journal: Journal) -> Iterator[tuple[int, str]]:
    """Row number and fingerprint of the rows that are done, now or by an earlier run, as they are in the file."""
    facts = journal.get("prints")
    if facts is None:
        return
    prints = Fingerprint(*facts)
    was: dict[int, dict[int, Any]] = {}
    for place, (before, _text_now) in (journal.get("edits") or {}).items():
        number, index = map(int, place.split(":"))
        was.setdefault(number, {})[index] = before
    done = {n for n, word, *_rest in outcomes(journal) if word in (DONE, UNCHANGED)}
    done.update(journal.get("done_before") or ())
    for row in journal.rows():
        if row.number in done:
            cells = [was.get(row.number, {}).get(index, cell) for index, cell in enumerate(row.cells)]
            yield row.number, prints.of(cells)


def _changed(journal: Journal) -> dict[int, str]:
    """Row number -> the cells that were edited before they were sent, as they are in the file and as they were
    sent. Passwords are hidden."""
    letters, secret = journal.get("header_letters") or (), journal.get("secret") or ()
    found: dict[int, list[str]] = {}
    for place, (was, text) in (journal.get("edits") or {}).items():
        number, index = map(int, place.split(":"))
        if was != text and index < len(letters) and index not in secret:
            found.setdefault(number, []).append(f"{letters[index]}{number}: “{was}” → “{text}”")
    return {number: "; ".join(edits) for number, edits in found.items()}


def _moment(stamp: float | None) -> datetime | None:
    return datetime.fromtimestamp(stamp).replace(microsecond=0) if stamp else None


def _source(journal: Journal) -> Path | bytes | None:
    if kept := journal.upload():
        return kept[1]
    path = Path(journal.get("file"))
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == journal.get("digest"):
        return path
    return None


def _plain_copy(journal: Journal, target: Path) -> Written:
    """Write the rows as they were read to a new file, with a note that says so."""
    written = _cells_only(
        journal, target.with_suffix(target.suffix if target.suffix in SUFFIXES else SUFFIXES[0])
    )
    note = _("The results are a plain copy of the rows, without your file's formatting")
    return replace(written, notes=(*written.notes, note))


def check_target(source: Path, target: Path) -> None:
    """Raise UserError if results of the file `source` can't be written to `target`."""
    check_place(target)
    check_results(source, target)


def _cells_only(journal: Journal, target: Path) -> Written:
    found = {n: (word, message, made, _moment(t)) for n, word, message, made, t in outcomes(journal)}
    columns = [Column(title) for title in journal.get("headers")]
    columns += [Column(title) for title in RESULT_TITLES[:3]] + [Column(RESULT_TITLES[3], "datetime")]
    rows = ([*map(_text, row.cells), *found[row.number]] for row in journal.rows())
    sheets = [Sheet(journal.get("sheet") or _("Results"), columns, rows), *_more(journal, target)]
    return write_book(target, sheets)


def _more(journal: Journal, target: Path) -> list[Sheet]:
    """The sheets added to the results: created codes, and notes."""
    notes = unmapped.words(journal.get("not_imported") or ()), passwords.notice(journal)
    listed = [[note] for note in notes if note]
    sheets = [codes_sheet(journal)]
    if listed and target.suffix.lower() in _BOOKS:  # others have one sheet
        sheets.append(Sheet(_("Notes"), [Column(_("Notes on this import"))], listed))
    return [sheet for sheet in sheets if sheet is not None]


def _text(cell: Any) -> str | None:
    return None if cell is None else str(cell)
