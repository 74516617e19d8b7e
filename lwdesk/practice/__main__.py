"""`python -m lwdesk.practice`: the practice school in the foreground."""

import argparse
import sys

from lwdesk.practice.server import serve


def main() -> int:
    """Serve as the arguments say. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lwdesk.practice", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-limit", action="store_true")
    parser.add_argument("--latency", type=int, default=0, metavar="MS")
    given = parser.parse_args()
    return serve(given.port, given.users, given.seed, not given.no_limit, given.latency)


if __name__ == "__main__":
    sys.exit(main())
