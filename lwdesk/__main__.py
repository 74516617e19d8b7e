"""`python -m lwdesk` and the `lwdesk` command."""

import sys


def main() -> int:
    """Run the command line. Returns the exit status."""
    from lwdesk.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
