"""The demo: a practice school is started, a real-looking roster imported, lists exported. Run it with `make demo`."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "demo"
LWDESK = [sys.executable, "-m", "lwdesk"]
STEPS = (
    (
        "What would the roster change? (nothing is sent)",
        "import {here}/roster.xlsx --operation roster --dry-run",
    ),
    ("Import it", "import {here}/roster.xlsx --operation roster --yes --results {out}/roster-results.xlsx"),
    (
        "Import it again: nothing is sent twice",
        "import {here}/roster.xlsx --operation roster --dry-run",
    ),
    (
        "Coupons in bulk",
        "import {here}/coupons.xlsx --operation bulk-coupons --yes --results {out}/coupons-results.xlsx",
    ),
    ("Export the users", "export users -o {out}/users.xlsx"),
    ("Export the grades of all courses", "export grades -o {out}/grades.xlsx"),
    ("Export the payments", "export payments -o {out}/payments.xlsx"),
)


def main() -> int:
    """Run all steps against a practice school of its own. Returns the exit status."""
    OUT.mkdir(exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    with (
        tempfile.TemporaryDirectory(prefix="lwdesk-demo-") as home,
        subprocess.Popen([*LWDESK, "practice", "--no-limit"], stdout=subprocess.PIPE, text=True) as school,
    ):
        assert school.stdout is not None
        facts = json.loads(school.stdout.readline())
        environment = {
            **os.environ,
            "LWDESK_HOME": home,
            "LWDESK_SCHOOL_URL": facts["url"],
            "LWDESK_CLIENT_ID": facts["client_id"],
            "LWDESK_CLIENT_SECRET": facts["client_secret"],
        }
        print(f"A practice school with 500 users runs at {facts['url']}\n")
        try:
            for words, command in STEPS:
                arguments = shlex.split(
                    command.format(here=shlex.quote(str(HERE)), out=shlex.quote(str(OUT)))
                )
                print(f"── {words}\n$ lwdesk {shlex.join(arguments)}", flush=True)
                status = subprocess.run([*LWDESK, *arguments], env=environment).returncode
                print(flush=True)
                if status not in (0, 2):  # 2: some rows of the roster are meant to fail
                    return status
        finally:
            school.terminate()
    print(f"Look at the workbooks in {OUT}:")
    for path in sorted(OUT.iterdir()):
        print(f"  {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
