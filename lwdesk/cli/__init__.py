"""The command line: a face of `app` that prints. Also the contract for scripts."""

import sys

from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, set_language, system_language
from lwdesk.cli.statuses import INTERRUPTED, OK, REFUSED, USAGE

_ARGPARSE = 2


def run(arguments: list[str]) -> int:
    """Run one command. Returns the exit status. With --json, the last line on stdout is an object however it ends."""
    set_language(system_language())
    json = "--json" in arguments
    try:
        return _run(arguments, json)
    except AppError as error:
        print(f"lwdesk: {error}", file=sys.stderr)
        if json:
            _say_in_json(error.title, error.message, error.hint)
        return REFUSED
    except KeyboardInterrupt:
        print(_("lwdesk: stopped."), file=sys.stderr)
        if json:
            _say_in_json(_("Stopped"))
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    except Exception as error:
        if json:
            _say_in_json(_("Something unexpected went wrong"), f"{type(error).__name__}: {error}")
        raise


def _run(arguments: list[str], json: bool) -> int:
    from lwdesk.cli.arguments import parser

    try:
        options = parser().parse_args(arguments)
    except SystemExit as end:  # the parser has printed the error or its help
        if end.code != _ARGPARSE:
            raise
        if json:
            _say_in_json(_("The command wasn't understood"))
        return USAGE
    home = Home.find(options.home)
    if options.logs:
        from lwdesk.base import log

        log.start(home.logs)
    status = int(options.run(options, home))
    if status == REFUSED and json:
        _say_in_json(_("Nothing was done"))
    return status


def _say_in_json(title: str, message: str = "", hint: str = "") -> None:
    """Why there is no other object, for programs that read the output."""
    from lwdesk.cli.show import as_json

    as_json({"error": {"title": title, "message": message, "hint": hint}})
