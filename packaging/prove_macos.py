"""Proves the disk image on a Mac: mount, drag, use, replace by a newer one, throw away.

`python packaging/prove_macos.py`, after `python packaging/build.py`. The release workflow runs it.
"""

import json
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from facts import APP_ID, BUILD, DIST, NAME, ROOT, VERSION

IMAGE = DIST / f"{NAME}-{VERSION}-macos-{platform.machine()}.dmg"
PLACE = Path.home() / "Applications" / f"{NAME}.app"
DATA = Path.home() / "Library" / "Application Support" / NAME
PROGRAM = PLACE / "Contents" / "MacOS" / NAME


def run(*command: object, status: int = 0) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, encoding="utf-8")
    if done.returncode != status:
        raise SystemExit(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(true: bool, words: str) -> None:
    sys.stdout.write(f"{'yes' if true else 'FAILED'}: {words}\n")
    if not true:
        raise SystemExit(1)


def install() -> None:
    """What a person does: open the image and drag the app out of it, over an older one too."""
    mounted = BUILD / "mounted"
    run("hdiutil", "attach", "-nobrowse", "-readonly", "-mountpoint", mounted, IMAGE)
    try:
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.parent.mkdir(exist_ok=True)
        run("ditto", mounted / PLACE.name, PLACE)
    finally:
        run("hdiutil", "detach", mounted)


def dock_icons() -> int:
    """How many icons lwdesk shows in the Dock. The helper process of the window is to have none."""
    apps = re.split(r"\n\s*\d+\) ", run("lsappinfo", "list"))
    return sum(f'bundleID="{APP_ID}"' in app and 'type="Foreground"' in app for app in apps)


def main() -> None:
    install()
    run("codesign", "--verify", "--deep", "--strict", PLACE)
    sys.stdout.write(run(PROGRAM, "--self-test"))
    what = [
        "import",
        ROOT / "resources" / "demo" / "roster.xlsx",
        "--operation",
        "roster",
        "--school",
        "practice",
    ]
    run(PROGRAM, *what, "--yes", "--results", BUILD / "results.xlsx", status=2)  # some rows are meant to fail
    then = json.loads(run(PROGRAM, "jobs", "--json").splitlines()[-1])
    install()
    check(json.loads(run(PROGRAM, "jobs", "--json").splitlines()[-1]) == then, "the job history is as it was")
    window = subprocess.Popen([PROGRAM])
    time.sleep(8)
    check(window.poll() is None, "the window opens")
    helpers = run("pgrep", "-P", window.pid).split()
    check(
        len(helpers) > 0 and dock_icons() == 1,
        f"one icon in the Dock, beside {len(helpers)} helper processes",
    )
    window.terminate()
    check(window.wait(timeout=30) == 0, "and closes")
    shutil.rmtree(PLACE)
    check((DATA / "settings.json").exists(), "what is the user's is still there")


if __name__ == "__main__":
    main()
