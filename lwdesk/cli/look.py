"""Commands that need no school: what there is, templates, checking a file."""

import argparse
from collections import Counter
from dataclasses import asdict
from typing import Any

from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import N_, _, ngettext
from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.catalog.cells.problems import EITHER, NOTE, Problem
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Recipe


def operations(options: argparse.Namespace, home: Home) -> int:
    """List the imports."""
    from lwdesk.cli import show

    if options.json:
        show.as_json({"operations": [_brief(entry) for entry in IMPORTS.values()]})
    else:
        show.table((entry.id, _(entry.title), _(entry.family)) for entry in IMPORTS.values())
    return 0


def exports(options: argparse.Namespace, home: Home) -> int:
    """List the exports."""
    from lwdesk.cli import show

    if options.json:
        show.as_json({"exports": [_brief(entry) for entry in EXPORTS.values()]})
    else:
        show.table((entry.id, _(entry.title), _(entry.family)) for entry in EXPORTS.values())
    return 0


def _brief(entry: Recipe | Export) -> dict[str, Any]:
    return {"id": entry.id, "title": _(entry.title), "family": _(entry.family), "doc": _(entry.doc)}


def _column(column: Column) -> dict[str, Any]:
    return {
        "id": column.id,
        "title": _(column.title),
        "kind": _(column.cell_kind.name),
        "required": column.required and column.derive is None,
        "example": column.example,
        "help": _(column.help) if column.help else "",
    }


def describe(options: argparse.Namespace, home: Home) -> int:
    """Describe an import or an export: its columns or filters."""
    from lwdesk.cli import show

    entry = IMPORTS.get(options.id) or EXPORTS.get(options.id)
    if entry is None:
        raise UserError(
            _("There is no operation or export “{id}”").format(id=options.id),
            "",
            _("See: lwdesk operations, lwdesk exports"),
        )
    columns = [_column(c) for c in (entry.choices if isinstance(entry, Export) else entry.columns)]
    facts = _brief(entry) | {"columns": columns}
    if isinstance(entry, Export):
        facts = _brief(entry) | {
            "filters": columns,
            "columns": [{"at": c.at, "title": c.heading} for c in entry.outs],
            "files": entry.files is not None,
        }
    if options.json:
        show.as_json(facts)
        return 0
    print(f"{_(entry.title)} ({entry.id})\n{_(entry.doc)}\n")
    if columns:
        heads = (
            _("filter") if isinstance(entry, Export) else _("column"),
            _("title"),
            _("kind"),
            "",
            _("about"),
        )
        show.table(
            [heads, *((c["id"], c["title"], c["kind"], "*" * c["required"], c["help"]) for c in columns)]
        )
    if isinstance(entry, Export) and entry.outs:
        print("\n" + _("Columns: {titles}").format(titles=", ".join(c.heading for c in entry.outs)))
        if entry.files:
            print("\n" + _("With --files, the files that the rows link to are downloaded too."))
    return 0


def template(options: argparse.Namespace, home: Home) -> int:
    """Write the template workbook of an import, with a school's own titles when one is named."""
    from lwdesk.app.importing import templates
    from lwdesk.cli import show
    from lwdesk.cli.sessions import session_for
    from lwdesk.cli.statuses import REFUSED
    from lwdesk.sheets.write import check_target

    check_target(options.output)
    if not show.may_replace([options.output], options.overwrite):
        return REFUSED
    if options.school is None:
        written = templates.write(options.id, options.output, None)
    else:
        with session_for(options.school, home) as session:
            written = templates.write(options.id, options.output, session)
    print(_("Written: {path}").format(path=written.paths[0]))
    return 0


def reference(options: argparse.Namespace, home: Home) -> int:
    """Write the reference pages."""
    from lwdesk import reference
    from lwdesk.base.paths import check_name
    from lwdesk.cli import show
    from lwdesk.cli.statuses import REFUSED

    check_name(options.output.name)
    if options.output.suffix:
        raise UserError(
            _("{name} is a file name").format(name=options.output.name),
            _("The reference is several files in a folder"),
            _("Choose a folder name without an extension"),
        )
    if not show.may_replace(reference.files(options.output), options.overwrite):
        return REFUSED
    count = reference.write(options.output)
    print(ngettext("{n} page in {folder}", "{n} pages in {folder}", count, folder=str(options.output)))
    return 0


def choices(options: argparse.Namespace) -> Any:
    """The mapping options."""
    from lwdesk.app.importing.opened import Choices

    return Choices(
        options.sheet,
        options.header_row,
        dict(options.map),
        options.ignore,
        dict(options.set),
        options.blank_empties,
        options.encoding,
    )


def check(options: argparse.Namespace, home: Home) -> int:
    """Check a file: where its headers go, and every problem on its cell."""
    from lwdesk.app.importing.imports import open_file
    from lwdesk.app.importing.returned import operations as operations_for
    from lwdesk.app.settings import Settings
    from lwdesk.catalog import unmapped
    from lwdesk.cli import show

    wanted = operations_for(options.file, options.operation, options.sheet)
    opened = open_file(options.file, wanted, choices(options), Settings(home))
    rows = opened.check()
    problems = [problem for row in rows for problem in row.problems]
    bad = sum(not row.good for row in rows)
    if options.json:
        show.as_json(
            {
                "rows": len(rows),
                "bad": bad,
                "header_row": opened.table.header_row,
                "sheet": opened.table.sheet,
                "notes": opened.table.notes,
                "matches": [
                    {"header": m.header.text, "letter": m.header.letter, "why": m.why, "sure": m.sure}
                    | {"column": m.column.id if m.column else None}
                    for m in opened.matches
                ],
                "not_imported": opened.not_imported,
                "problems": [asdict(problem) for problem in problems],
            }
        )
        return 2 if bad else 0
    show.table(
        [(_("header"), _("goes to"), _("why"))]
        + [(m.header.text, _(m.column.title) if m.column else "–", m.why) for m in opened.matches]
    )
    print()
    if line := unmapped.words(opened.not_imported):
        print(line)
    for note in opened.table.notes:
        print(note)
    for problem in problems:
        print(f"{problem.cell:>8}  {_(_LEVELS[problem.level]):<7}  {problem.message}{_repair(problem)}")
    levels = Counter(problem.level for problem in problems)
    line = _("{rows}; {errors}, {warnings}, {notes}").format(
        rows=ngettext("{n} row", "{n} rows", len(rows)),
        errors=ngettext("{n} error", "{n} errors", levels["error"]),
        warnings=ngettext("{n} warning", "{n} warnings", levels["warning"]),
        notes=ngettext("{n} note", "{n} notes", levels["note"]),
    )
    print(line)
    return 2 if bad else 0


def _repair(problem: Problem) -> str:
    """What would fix the cell, and the code to ask for it with."""
    if problem.code in EITHER and len(problem.choices) == 2 and problem.level != NOTE:
        words = _("For all like it: {a} (--fix {code}=1) or {b} (--fix {code}=2)")
        return " " + words.format(a=problem.choices[0], b=problem.choices[1], code=problem.code)
    if problem.fix is None or problem.level == NOTE:
        return ""
    return " " + _("Suggested fix: “{text}” (--fix {code})").format(text=problem.fix, code=problem.code)


_LEVELS = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}
