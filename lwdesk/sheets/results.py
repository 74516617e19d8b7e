"""Adds status columns beside the rows of the user's file, in a copy of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from lwdesk.base.errors import SaveError
from lwdesk.base.file_names import beside
from lwdesk.base.paths import free_name
from lwdesk.base.text import _
from lwdesk.sheets.detect import kind_of
from lwdesk.sheets.results_columns import Values
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.write import unknown_ending, write_book


def results_path(source: Path) -> Path:
    """A free name beside `source` for its results: "roster - results.xlsx"."""
    kind = kind_of(source)
    suffix = {"xlsm": ".xlsm", "text": source.suffix if source.suffix.lower() in (".tsv", ".txt") else ".csv"}
    return free_name(beside(source, _("results"), suffix.get(kind, ".xlsx")))


def result_suffixes(source: Path) -> tuple[str, ...]:
    """The endings that results of this file can be written under. Raises UserError where it can't be read."""
    kind, own = kind_of(source), source.suffix.lower()
    if kind == "text" and own in (".tsv", ".txt"):
        return (".xlsx", ".csv", own)
    return (".xlsx", ".csv", ".xlsm") if kind == "xlsm" else (".xlsx", ".csv")


def check_results(source: Path, target: Path) -> None:
    """Raises UserError where `target` is the file `source` itself, or no results of that can have such a name."""
    if target.exists() and source.exists() and target.samefile(source):
        raise SaveError(
            _("The results can't replace the original file"),
            _("{name} is the file you imported").format(name=source.name),
            _("Save them as {other}").format(other=results_path(source).name),
        )
    if target.suffix.lower() not in result_suffixes(source):
        raise unknown_ending(target, result_suffixes(source))


def write_results(
    source: Path,
    target: Path,
    *,
    sheet: str,
    header_row: int,
    titles: Sequence[str],
    values: Values,
    zone: tzinfo | None = None,
    more: Sequence[Sheet] | None = None,
    guarded: bool = False,
    encoding: str = "",
) -> Written:
    """Copy `source` to `target` with a column for each of `titles`, right of the last used column.

    Columns whose headings are those titles already are filled again. The ending of `target` decides the format. Where
    it is that of `source`, xlsx and xlsm keep all they have (formats, other sheets, charts, text boxes ...), unless
    their XML is too strange to add to, and CSV keeps its delimiter and fields; else the cells are copied. Moments are
    shown in `zone`, else in the computer's own. `source` is never changed. `more` are further sheets, in files of their
    own beside CSV. `guarded`: a CSV file in which formulas have their guard (`Table.guarded`); in any other, texts that
    only look guarded get one, as results are read without. `encoding`: of a text file, where it was chosen.
    Raises UserError as `read` does, and where `target` cannot be written.
    """
    source, target = Path(source), Path(target)
    kind, suffix, more = kind_of(source), target.suffix.lower(), more or ()
    check_results(source, target)
    if suffix not in (".xlsx", ".xlsm"):
        from lwdesk.sheets.results_csv import write_results_csv, write_results_text

        if kind == "text":
            written = write_results_csv(source, target, header_row, titles, values, zone, guarded, encoding)
        else:
            written = write_results_text(source, target, sheet, header_row, titles, values, zone)
        return _beside(written, target, more, zone)
    if kind == suffix[1:]:
        from lwdesk.sheets.results_book import write_results_book

        found = write_results_book(source, target, sheet, header_row, titles, values, zone, more)
        if found is not None:
            return found
    from lwdesk.sheets.results_copy import write_results_copy

    return write_results_copy(source, target, sheet, header_row, titles, values, zone, more, encoding)


def _beside(written: Written, target: Path, more: Sequence[Sheet], zone: tzinfo | None) -> Written:
    """Write further sheets as CSV files beside the results."""
    for sheet in (one for one in more if not one.hidden):
        path = free_name(beside(target, sheet.title, ".csv"))
        found = write_book(path, [sheet], (), zone)
        written = replace(written, paths=(*written.paths, *found.paths), notes=(*written.notes, *found.notes))
    return written
