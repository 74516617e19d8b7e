"""`python -m lwdesk`, the `lwdesk` and the `lwdesk-gui` command: without a command the window opens."""

import os
import sys
from pathlib import Path
from typing import TextIO


def main() -> int:
    """Run the command line, or the window where nothing is said but a file to open. Returns the exit status."""
    if getattr(sys, "frozen", False):  # a packaged app is its own Python: it is the helper too
        import multiprocessing

        multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        _write_utf8(stream)
    arguments = sys.argv[1:]
    home = arguments[1] if len(arguments) > 1 and arguments[0] == "--home" else None
    rest = arguments if home is None else arguments[2:]
    if not rest or _is_file(rest):
        from lwdesk.ui.app import run as open_window

        return open_window(Path(rest[0]) if rest else None, home)
    if rest[0] == "--write-pdf":
        from lwdesk.documents.pdf import run as write_pdf

        return write_pdf(*rest[1:])
    if arguments == ["--self-test"]:
        from lwdesk.selftest import run as try_all

        return try_all()
    from lwdesk.cli import run

    for name in ("stdout", "stderr"):  # a window's program on Windows, which the scheduler runs
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    return run(arguments)


def _write_utf8(stream: TextIO | None) -> None:
    """Pipes and files get UTF-8 on every system: what reads them can't know the code page of a Windows console.

    A window on Windows has no streams; a terminal keeps its own encoding, and shows "?" for what it can't.
    """
    if stream is None or not hasattr(stream, "reconfigure"):
        return
    if stream.isatty():
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8")


def _is_file(arguments: list[str]) -> bool:
    """Whether a file manager asks to open a file; a word without an ending is a command."""
    return len(arguments) == 1 and bool(Path(arguments[0]).suffix) and Path(arguments[0]).is_file()


if __name__ == "__main__":
    sys.exit(main())
