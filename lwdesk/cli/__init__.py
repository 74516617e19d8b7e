"""The command line: a face of `app` that prints. Also the contract for scripts."""

import sys

from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, speak, system_language

# Exit statuses.
OK, REFUSED, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3


def run(arguments: list[str]) -> int:
    """Run one command. Returns the exit status."""
    from lwdesk.cli.arguments import parser

    speak(system_language())
    options = parser().parse_args(arguments)
    try:
        home = Home.find(options.home)
        if options.logs:
            from lwdesk.base import log

            log.start(home.logs)
        return int(options.run(options, home))
    except AppError as error:
        print(f"lwdesk: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print(_("lwdesk: stopped."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return OK
