"""`python -m tests.bench`: all figures in one table, with their targets and what other libraries do beside them.

Options choose some of them; `--pace` is the one that takes minutes, for it waits as a real school makes wait.
"""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench import backup, engine, exports, imports, journals, pace, sheets, start, summaries, window
from tests.bench.measure import Line

BENCHES = {
    "start": start.lines,
    "sheets": sheets.lines,
    "imports": imports.lines,
    "journals": journals.lines,
    "exports": exports.lines,
    "summaries": summaries.lines,
    "backup": backup.lines,
    "engine": engine.lines,
    "window": window.lines,
    "pace": pace.lines,
}
ROW = "{:<52} {:>8} {:>8} {:>7}  {:<54} {}"


def main() -> int:
    """Returns 1 when a target was not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    for name in BENCHES:
        parser.add_argument(f"--{name}", dest="names", action="append_const", const=name)
    names = parser.parse_args().names or list(BENCHES)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.platform()}\n")
    print(ROW.format("", "s", "CPU s", "MB", "", "target"))
    missed = 0
    with tempfile.TemporaryDirectory(prefix="lwdesk-bench-") as folder:
        for name in names:
            for line in BENCHES[name](Path(folder)):
                show(line)
                missed += line.met is False
    print(f"\n{missed} targets not met." if missed else "\nAll targets met.")
    return int(missed > 0)


def show(line: Line) -> None:
    figure, verdict = line.figure, {None: "", True: "met", False: "NOT MET"}[line.met]
    cells = (f"{figure.seconds:.2f}", f"{figure.cpu:.2f}", f"{figure.peak:.0f}")
    print(
        ROW.format(line.what, *cells, line.says, f"{line.target}: {verdict}" if line.target else ""),
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
