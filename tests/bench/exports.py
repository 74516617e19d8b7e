"""An export from end to end: all pages of the user list, spooled, and the workbook written."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Line, measured, school

USERS = 100_000
LEAST = 3000


def lines(folder: Path) -> Iterator[Line]:
    with school("--no-limit", "--users", str(USERS)) as there:
        done = measured(export, folder, there)
    pace = USERS / done.seconds
    says = f"{pace:,.0f} rows/s, {done.found / 1024**2:.1f} MB workbook"
    yield Line("export 100,000 users", done, says, f"{LEAST:,} rows/s", pace >= LEAST)


def export(folder: str, there: dict[str, str]) -> int:
    """Bytes of the workbook."""
    from lwdesk.cli import run

    target = Path(folder) / "users.xlsx"
    os.environ |= {"LWDESK_SCHOOL_URL": there["url"], "LWDESK_CLIENT_ID": there["client_id"]}
    os.environ |= {"LWDESK_CLIENT_SECRET": there["client_secret"], "LWDESK_HOME": folder}
    assert run(["export", "users", "-o", str(target), "--json"]) == 0
    return target.stat().st_size
