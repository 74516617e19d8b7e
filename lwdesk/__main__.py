"""`python -m lwdesk`, the `lwdesk` command, and `lwdesk-gui`: without arguments the window opens."""

import sys
from pathlib import Path


def main() -> int:
    """Run the command line, or the window where nothing is said but a file to open. Returns the exit status."""
    if getattr(sys, "frozen", False):  # a packaged app is its own Python: it is the helper too
        import multiprocessing

        multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    if not arguments or _is_file(arguments):
        return window()
    if arguments == ["--self-test"]:
        from lwdesk.selftest import run as try_all

        return try_all()
    from lwdesk.cli import run

    return run(arguments)


def window() -> int:
    """Open the window, with the file that was named, if one was. Returns the exit status."""
    from lwdesk.ui.app import run

    return run(Path(sys.argv[1]) if _is_file(sys.argv[1:]) else None)


def _is_file(arguments: list[str]) -> bool:
    """Whether a file manager asks to open a file; a word without an ending is a command."""
    return len(arguments) == 1 and bool(Path(arguments[0]).suffix) and Path(arguments[0]).is_file()


if __name__ == "__main__":
    sys.exit(main())
