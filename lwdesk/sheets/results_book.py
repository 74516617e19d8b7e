"""Results in an xlsx or xlsm workbook: two or three parts of the package change, the others are copied."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import tzinfo
from itertools import chain, islice
from pathlib import Path
from xml.parsers import expat

from lwdesk.base.paths import written_whole
from lwdesk.sheets.marks import named_rows
from lwdesk.sheets.package import damaged, opened, pieces, rewrite
from lwdesk.sheets.parts import children, related, sheet_parts, styles_part, tree, workbook_part
from lwdesk.sheets.patch import Insertion
from lwdesk.sheets.results_columns import Values, places
from lwdesk.sheets.results_sheet import AddedSheet
from lwdesk.sheets.sheet import Sheet, Written
from lwdesk.sheets.styles import StyleSheet
from lwdesk.sheets.survey import ALL_COLUMNS, Facts, Unpatchable, shared_texts, survey
from lwdesk.sheets.table import index_of
from lwdesk.sheets.widths import width_of

_MOMENT = "yyyy-mm-dd hh:mm:ss"
_FOR_WIDTHS = 200
_RIGHT_END = re.compile(r":([A-Z]+)[0-9]+")


def write_results_book(
    source: Path,
    target: Path,
    sheet: str,
    header_row: int,
    titles: Sequence[str],
    values: Values,
    zone: tzinfo | None,
    more: Sequence[Sheet] = (),
) -> Written | None:
    """See `lwdesk.sheets.results.write_results`. None where the sheet is written in a way that can't be added to; the
    values may be used up then."""
    values = iter(values)
    first = list(islice(values, _FOR_WIDTHS))
    values = chain(first, values)
    try:
        with opened(source) as package:
            facts = _survey(package, source, sheet, header_row)
            facts.last = max(facts.last, _last_of_ranges(package, sheet))
            columns = places(_texts(package, facts), facts.last, titles)
            widths = [width_of(title, (row[i] for _n, row in first)) for i, title in enumerate(titles)]
            insertion = Insertion(facts, header_row, titles, columns, widths, None, zone)
            with written_whole(target) as temporary:
                added = [AddedSheet(one, zone, n, insertion.losses) for n, one in enumerate(more)]
                parse_parts(temporary, _copy(package, temporary, sheet, insertion, values, added))
    except Unpatchable:
        return None
    return Written((target,), insertion.count, tuple(insertion.losses.notes()))


def _survey(package: zipfile.ZipFile, source: Path, sheet: str, header_row: int) -> Facts:
    part = sheet_parts(package).get(sheet, "")
    if part not in package.namelist():
        raise damaged(source)
    with package.open(part) as xml:
        return survey(named_rows(pieces(xml)), header_row)


def _last_of_ranges(package: zipfile.ZipFile, sheet: str) -> int:
    """The last column, counted from 0, of the sheet's tables and of its print area; -1 for none."""
    part, workbook = sheet_parts(package)[sheet], workbook_part(package)
    ends = []
    for kind, target in related(package, part).values():
        if kind == "table" and target in package.namelist():
            ends += _RIGHT_END.findall(tree(package, target).get("ref", ""))
    index = str(list(sheet_parts(package)).index(sheet))
    for name in children(tree(package, workbook), "definedName"):
        if name.get("name") == "_xlnm.Print_Area" and name.get("localSheetId") == index:
            ends += _RIGHT_END.findall((name.text or "").replace("$", ""))
    return max((index_of(end) for end in ends if index_of(end) < ALL_COLUMNS), default=-1)


def parse_parts(path: Path, parts: Iterable[str]) -> None:
    """Parse the written parts as Excel does. Raises Unpatchable where one is not well-formed."""
    with zipfile.ZipFile(path) as package:
        for part in parts:
            parser = expat.ParserCreate(namespace_separator=" ")
            with package.open(part) as xml:
                try:
                    parser.ParseFile(xml)
                except expat.ExpatError as error:
                    raise Unpatchable from error


def _texts(package: zipfile.ZipFile, facts: Facts) -> dict[int, str]:
    heading = {column: text for column, (_style, text) in facts.heading.items()}
    shared = shared_texts(package, {text for text in heading.values() if isinstance(text, int)})
    return {
        column: shared.get(text, "") if isinstance(text, int) else text for column, text in heading.items()
    }


def _copy(
    package: zipfile.ZipFile,
    target: Path,
    sheet: str,
    insertion: Insertion,
    values: Values,
    added: Sequence[AddedSheet],
) -> list[str]:
    """Write the package. Returns the parts that changed."""
    part, styles, changed = sheet_parts(package)[sheet], styles_part(package), {}
    if styles:
        with suppress(ValueError):  # moments become text
            sheet_styles = StyleSheet(package.read(styles))
            insertion.date_style = sheet_styles.like(0, _MOMENT)
            changed[styles] = sheet_styles.xml
    if change := insertion.new_filter():
        workbook = workbook_part(package)
        index = list(sheet_parts(package)).index(sheet)
        changed[workbook] = with_filter_name(package.read(workbook), index, *change)
    for one in added:
        changed |= one.parts(package, changed)
    return rewrite(
        package, target, part, lambda old, new: insertion.write(named_rows(pieces(old)), values, new), changed
    )


def with_filter_name(workbook: bytes, index: int, old: bytes, new: bytes) -> bytes:
    """The workbook's part with another range of a sheet's filter, which Excel keeps a second time, as a hidden name."""
    name = re.compile(
        rb'(<(?:\w+:)?definedName\s(?=[^>]*name="_xlnm._FilterDatabase")(?=[^>]*localSheetId="%d")[^>]*>[^<]*)!([^<]*)'
        % index
    )

    def change(match: re.Match[bytes]) -> bytes:
        same = match[2].replace(b"$", b"") == old
        return match[1] + b"!" + (re.sub(rb"([A-Z]+)([0-9]+)", rb"$\1$\2", new) if same else match[2])

    return name.sub(change, workbook)
