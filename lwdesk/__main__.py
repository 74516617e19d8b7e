"""`python -m lwdesk`, the `lwdesk` command, and `lwdesk-gui`: without arguments the window opens."""

import sys


def main() -> int:
    """Run the command line, or the window where nothing is said. Returns the exit status."""
    if len(sys.argv) == 1:
        return window()
    from lwdesk.cli import run

    return run(sys.argv[1:])


def window() -> int:
    """Open the window. Returns the exit status."""
    import multiprocessing

    multiprocessing.freeze_support()
    from lwdesk.ui.app import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
