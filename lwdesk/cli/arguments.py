"""The commands and their options."""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lwdesk import __version__
from lwdesk.base.text import _
from lwdesk.cli.statuses import STATUSES


def _epilog() -> str:
    """The text below the help: how to open the window, and the exit statuses."""
    words = _("Without a command, the window opens. “lwdesk --self-test” tests everything offline.")
    lines = [f"  {number:>2}  {_(status)}" for number, status in STATUSES.items()]
    return "\n".join([words, "", _("Exit status:"), *lines])


def parser() -> argparse.ArgumentParser:
    """The parser of all commands; `options.run(options, home)` runs the command."""
    top = argparse.ArgumentParser(
        prog="lwdesk",
        description=_("Import sheets into a LearnWorlds school and export its data."),
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--home", metavar="DIR", help=_("folder for settings and jobs (also LWDESK_HOME)"))
    top.add_argument("--version", action="version", version=f"lwdesk {__version__}")
    top.set_defaults(logs=False)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _look(commands)
    _schools(commands)
    _import(commands)
    _export(commands)
    _jobs(commands)
    return top


def _lazily(module: str, function: str) -> Callable[..., Any]:
    """A command whose code is loaded when it runs."""
    return lambda options, home: getattr(importlib.import_module(f"lwdesk.cli.{module}"), function)(
        options, home
    )


def _command(commands: Any, name: str, words: str, module: str, function: str, *, json: bool = True) -> Any:
    found = commands.add_parser(name, help=words, description=words)
    found.set_defaults(run=_lazily(module, function), logs=module != "look")
    if json:
        found.add_argument("--json", action="store_true", help=_("print the answer as JSON"))
    return found


def _look(commands: Any) -> None:
    _command(commands, "operations", _("list what can be imported"), "look", "operations")
    _command(commands, "exports", _("list what can be exported"), "look", "exports")
    describe = _command(commands, "describe", _("describe an operation or an export"), "look", "describe")
    describe.add_argument("id", metavar="ID")
    template = _command(
        commands, "template", _("write an empty workbook to fill in"), "look", "template", json=False
    )
    template.add_argument("id", metavar="ID")
    template.add_argument("-o", dest="output", type=Path, required=True, metavar="FILE")
    _overwriting(template)
    template.add_argument("--school", metavar="NAME", help=_("offer this school's own titles"))
    pages = _command(
        commands,
        "reference",
        _("write a reference page about each import and export"),
        "look",
        "reference",
        json=False,
    )
    pages.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    _overwriting(pages)
    check = _command(commands, "check", _("check a file without a school"), "look", "check")
    check.add_argument("file", type=Path, metavar="FILE")
    _mapping(check)


def _mapping(command: Any) -> None:
    command.add_argument(
        *("--operation",),
        action="append",
        default=[],
        metavar="ID",
        help=_("what to do; not needed for an lwdesk export that you edited"),
    )
    command.add_argument("--sheet", metavar="NAME", help=_("the sheet to read"))
    command.add_argument("--encoding", metavar="NAME", default="", help=_("text encoding of a CSV file"))
    command.add_argument("--header-row", type=int, metavar="N", help=_("row that has the column headers"))
    command.add_argument("--map", action="append", default=[], metavar="HEADER=COLUMN", type=_pair)
    command.add_argument("--set", action="append", default=[], metavar="COLUMN=VALUE", type=_pair)
    command.add_argument("--ignore", action="append", default=[], metavar="HEADER")
    command.add_argument(
        *("--blank-empties",),
        action="append",
        default=[],
        metavar="COLUMN",
        help=_("blank cells of this column empty the value; without it, they leave the value as it is"),
    )


def _overwriting(command: Any) -> None:
    command.add_argument(
        "--overwrite", action="store_true", help=_("replace a file that exists, without asking")
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.rpartition("=") if text.count("=") == 1 else text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(_("“{text}” isn't NAME=VALUE").format(text=text))
    return name.strip(), value.strip()


def _schools(commands: Any) -> None:
    practice = _command(commands, "practice", _("start a practice school"), "schools", "practice", json=False)
    practice.add_argument("--port", type=int, default=0, metavar="N")
    practice.add_argument("--users", type=int, default=500, metavar="N")
    practice.add_argument("--seed", type=int, default=1, metavar="N")
    practice.add_argument("--no-limit", action="store_true", help=_("no rate limit"))
    practice.add_argument("--latency", type=int, default=0, metavar="MS")
    group = commands.add_parser("schools", help=_("manage connected schools")).add_subparsers(
        required=True, metavar="COMMAND"
    )
    add = _command(group, "add", _("add a school"), "schools", "add", json=False)
    add.add_argument("name", metavar="NAME")
    add.add_argument("--url", required=True)
    add.add_argument("--client-id", required=True, metavar="ID")
    add.add_argument("--secret-stdin", action="store_true", help=_("read the secret from standard input"))
    _command(group, "list", _("list the schools"), "schools", "show")
    for name, words in (
        ("test", _("test a school's connection")),
        ("remove", _("remove a school from lwdesk")),
    ):
        _command(group, name, words, "schools", name, json=False).add_argument("name", metavar="NAME")


def _import(commands: Any) -> None:
    command = _command(commands, "import", _("import a file into a school"), "work", "import_")
    command.add_argument("file", type=Path, metavar="FILE")
    _mapping(command)
    command.add_argument("--school", metavar="NAME", help=_("a connected school, or: practice"))
    command.add_argument(
        *("--fix",),
        action="append",
        default=[],
        metavar="CODE",
        help=_(
            "apply the fixes that “check” suggests for problems of this code; all: all except similar spellings;"
            " CODE=1 or CODE=2: use that choice for the whole column"
        ),
    )
    command.add_argument(
        "--again", action="store_true", help=_("import a file again even while it's being imported")
    )
    command.add_argument("--dry-run", action="store_true", help=_("only show what would change"))
    command.add_argument("--yes", action="store_true", help=_("don't ask"))
    command.add_argument("--results", type=Path, metavar="FILE", help=_("where the results workbook goes"))
    _overwriting(command)


def _export(commands: Any) -> None:
    export = _command(commands, "export", _("export a list into a workbook"), "exports", "export")
    export.add_argument("id", metavar="ID")
    export.add_argument("-o", dest="output", type=Path, required=True, metavar="FILE")
    _overwriting(export)
    export.add_argument("--school", metavar="NAME", help=_("a connected school, or: practice"))
    export.add_argument("--where", action="append", default=[], metavar="NAME=VALUE", type=_pair)
    export.add_argument(
        "--users-of",
        metavar="FILE",
        help=_("only the rows of the users in this workbook or CSV file, by their emails or IDs"),
    )
    export.add_argument(
        "--beside",
        action="store_true",
        help=_("write a copy of that workbook with the columns next to the rows of its users"),
    )
    export.add_argument(
        "--columns",
        metavar="A,B",
        type=lambda text: [name.strip() for name in text.split(",") if name.strip()],
        default=[],
        help=_(
            "the columns to export, in this order, with the names that “lwdesk describe” lists; all if omitted"
        ),
    )
    export.add_argument(
        "--time-zone",
        metavar="ZONE",
        help=_("time zone for dates and times, such as Europe/Athens; the school's time zone if omitted"),
    )
    export.add_argument(
        "--with",
        dest="fields",
        metavar="FIELD",
        action="append",
        default=[],
        help=_("a user field to add, including your school's custom fields, such as: department"),
    )
    export.add_argument(
        "--files",
        action="store_true",
        help=_(
            "download the files that the rows link to, such as invoices, into a folder next to the workbook"
        ),
    )
    export.add_argument(
        "--no-summary", dest="summary", action="store_false", help=_("only the list, without summary sheets")
    )
    _saving(commands, export)


def _saving(commands: Any, export: Any) -> None:
    export.add_argument(
        "--save",
        metavar="NAME",
        help=_("also save the export, to run it again; FILE may have {year}, {month} and {date} in its name"),
    )
    modes = export.add_mutually_exclusive_group()
    modes.add_argument(
        *("--replace",),
        dest="mode",
        action="store_const",
        const="replace",
        default="new",
        help=_("with --save: each run replaces the previous run's file, unless it was changed"),
    )
    modes.add_argument(
        *("--add",),
        dest="mode",
        action="store_const",
        const="add",
        help=_("with --save: each run adds new rows to the existing workbook and updates rows that changed"),
    )
    saved = _command(commands, "saved", _("list the saved exports"), "exports", "saved")
    saved.add_argument("--delete", metavar="NAME", help=_("delete a saved export; the files it wrote stay"))
    run = _command(commands, "run", _("run a saved export"), "exports", "run")
    run.add_argument("name", metavar="NAME")
    run.add_argument(
        "--scheduled",
        action="store_true",
        help=_("run by the scheduler: only if a run is due, and a failure is shown in the window"),
    )


def _jobs(commands: Any) -> None:
    _command(commands, "jobs", _("list the jobs, newest first"), "jobs", "jobs")
    for name, words in (
        ("resume", _("resume a job that was interrupted")),
        ("retry", _("send the failed rows of a job again")),
        ("undo", _("undo what a job did")),
    ):
        command = _command(commands, name, words, "jobs", name)
        command.add_argument("job", metavar="JOB")
        command.add_argument("--yes", action="store_true", help=_("don't ask"))
    results = _command(
        commands, "results", _("write the results workbook of a job"), "jobs", "results", json=False
    )
    results.add_argument("job", metavar="JOB")
    results.add_argument("-o", dest="output", type=Path, required=True, metavar="FILE")
    _overwriting(results)
