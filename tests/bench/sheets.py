"""Sheets, measured: seconds and peak memory of reading and writing, each in a process of its own.

Run all with `python -m tests.bench.sheets`; `BENCHES` names the functions for another runner.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lwdesk.sheets.read import read
from lwdesk.sheets.results import write_results
from lwdesk.sheets.write import Column, Sheet, write_book

KINDS = (
    "text", "text", "text", "integer", "money", "datetime", "percent", "yesno", "list", "date", "text", "number",
)  # fmt: skip
TITLES = ("Status", "Message", "Id", "Time")
START = datetime(2024, 1, 1, 10, tzinfo=UTC)


def people(rows: int, columns: int) -> Sheet:
    """A sheet of users with `columns` columns of all kinds."""
    names = [Column(f"Column {i + 1}", KINDS[i % len(KINDS)]) for i in range(columns)]
    return Sheet("People", names, (_person(row, columns) for row in range(rows)))


def _person(row: int, columns: int) -> list[object]:
    moment = START + timedelta(days=row % 900, minutes=row % 60)
    one = (
        f"user{row}@example.com", f"First{row % 977}", f"+30 694{row:07}", row, row * 1.5, moment, row % 100 / 100,
        row % 2 == 0, ["Algebra", "Biology"], moment.date(), f"note number {row}", 12.5,
    )  # fmt: skip
    return [one[i % len(one)] for i in range(columns)]


def make(folder: Path, rows: int, suffix: str, columns: int = 12) -> Path:
    path = folder / f"people-{rows}{suffix}"
    write_book(path, [people(rows, columns)])
    return path


def write_100k_xlsx(folder: Path) -> Callable[[], object]:
    return lambda: make(folder, 100_000, ".xlsx")


def write_20k_of_45_columns(folder: Path) -> Callable[[], object]:
    return lambda: make(folder, 20_000, ".xlsx", 45)


def write_100k_csv(folder: Path) -> Callable[[], object]:
    return lambda: make(folder, 100_000, ".csv")


def _walk(path: Path) -> int:
    return sum(1 for _row in read(path).rows)


def read_100k_xlsx(folder: Path) -> Callable[[], object]:
    path = make(folder, 100_000, ".xlsx")
    return lambda: _walk(path)


def read_500k_xlsx(folder: Path) -> Callable[[], object]:
    path = make(folder, 500_000, ".xlsx")
    return lambda: _walk(path)


def read_100k_csv(folder: Path) -> Callable[[], object]:
    path = make(folder, 100_000, ".csv")
    return lambda: _walk(path)


def results_of_100k(folder: Path) -> Callable[[], object]:
    path = make(folder, 100_000, ".xlsx")
    values = ((row, ("done", "User created", f"65f{row:021}", START)) for row in range(2, 100_002))
    return lambda: write_results(
        path, folder / "results.xlsx", sheet="People", header_row=1, titles=TITLES, values=values
    )


BENCHES: tuple[Callable[[Path], Callable[[], object]], ...] = (
    write_100k_xlsx,
    write_20k_of_45_columns,
    write_100k_csv,
    read_100k_xlsx,
    read_100k_csv,
    results_of_100k,
    read_500k_xlsx,
)
"""Each prepares its files in a folder and gives the function to measure."""


def measure(name: str) -> tuple[float, float]:
    """Seconds and peak megabytes of the bench of this name, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.sheets", name], check=True, capture_output=True, text=True
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def figures() -> Iterator[tuple[str, float, float]]:
    for bench in BENCHES:
        yield bench.__name__, *measure(bench.__name__)


def _here(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = next(bench for bench in BENCHES if bench.__name__ == name)(Path(folder))
        start = time.perf_counter()
        run()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{time.perf_counter() - start:.2f} {peak:.0f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _here(sys.argv[1])
    else:
        for name, seconds, megabytes in figures():
            print(f"{name:28} {seconds:7.2f} s {megabytes:6.0f} MB")
