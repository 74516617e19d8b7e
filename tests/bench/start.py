"""Starting: how soon a command answers, and what it loads for that."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Line, measured

COMMAND = ("-m", "lwdesk", "operations")
# What a command that needs no school and no sheet has no business loading.
HEAVY = {
    "PySide6",
    "keyring",
    "starlette",
    "uvicorn",
    "requests",
    "urllib3",
    "openpyxl",
    "xlsxwriter",
    "sqlite3",
}


def lines(folder: Path) -> Iterator[Line]:
    loaded = sorted(HEAVY & modules())
    says = f"loads {', '.join(loaded)}" if loaded else "loads nothing heavy"
    yield Line("lwdesk operations", measured(start, *COMMAND, runs=9), says, "nothing heavy", not loaded)
    yield Line("  python alone", measured(start, "-c", "", runs=9))


def start(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def modules() -> set[str]:
    """The packages that the command loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *COMMAND], check=True, capture_output=True, text=True
    )
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
