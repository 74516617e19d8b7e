"""Proves the installers of Windows on Windows: install, use, upgrade, remove, each without a question.

`python packaging/prove_windows.py`, after `python packaging/build.py`. The release workflow runs it.
"""

import json
import os
import subprocess
import sys
import time
import winreg
from pathlib import Path

import windows
from facts import BUNDLE, DIST, NAME, VERSION

OLDER = "0.0.1"
LOCAL = Path(os.environ["LOCALAPPDATA"])
HOME, DATA = LOCAL / "Programs" / NAME, LOCAL / NAME
START = Path(os.environ["APPDATA"]) / "Microsoft" / "Windows" / "Start Menu" / "Programs" / f"{NAME}.lnk"
UNINSTALL = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{NAME}"


def run(*command: object, status: int = 0) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, encoding="utf-8")
    if done.returncode != status:
        raise SystemExit(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(true: bool, words: str) -> None:
    sys.stdout.write(f"{'yes' if true else 'FAILED'}: {words}\n")
    if not true:
        raise SystemExit(1)


def known_version() -> str | None:
    """The version that Windows lists among installed programs."""
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, UNINSTALL) as key:
            return str(winreg.QueryValueEx(key, "DisplayVersion")[0])
    except FileNotFoundError:
        return None


def kept(program: Path) -> list[object]:
    """What a person would miss."""
    lists = [
        json.loads(run(program, *what, "--json").splitlines()[-1]) for what in (["jobs"], ["schools", "list"])
    ]
    settings = json.loads((DATA / "settings.json").read_text("utf-8"))
    return [*lists, settings["mappings"]]


def opens(program: Path) -> None:
    """The window opens with the system's own look of things, and stays."""
    window = subprocess.Popen([program])
    time.sleep(8)
    check(window.poll() is None, f"{program.name} opens its window")
    window.kill()
    window.wait()
    time.sleep(2)


def use(program: Path) -> None:
    """Make something to keep: a school, an import with its mapping."""
    add = ["schools", "add", "riverside", "--url", "riverside.mylearnworlds.com", "--client-id", "1a2b"]
    subprocess.run([program, *add, "--secret-stdin"], input="s3cret\n", text=True, check=True)
    roster = Path(__file__).parents[1] / "resources" / "demo" / "roster.xlsx"
    what = ["import", roster, "--operation", "roster", "--school", "practice", "--yes"]
    run(program, *what, "--results", DIST / "results.xlsx", status=2)  # some rows are meant to fail


def for_one_person() -> None:
    setup = DIST / f"{NAME}-{VERSION}-windows-x86_64-setup.exe"
    windows.VERSION = OLDER
    older = windows.setup(BUNDLE)
    windows.VERSION = VERSION
    program = HOME / f"{NAME}.exe"
    run(older, "/S")
    check(known_version() == OLDER and START.exists(), "the older version is installed and in the Start menu")
    use(program)
    then = kept(program)
    run(setup, "/S")
    check(known_version() == VERSION, "it was upgraded")
    check(kept(program) == then, "schools, mappings and job history are as they were")
    sys.stdout.write(run(program, "--self-test"))
    opens(HOME / f"{NAME}-gui.exe")
    run(HOME / "uninstall.exe", "/S", f"_?={HOME}")  # this way it waits, and leaves only itself
    (HOME / "uninstall.exe").unlink(missing_ok=True)
    left = list(HOME.rglob("*")) if HOME.exists() else []
    check(not left and not START.exists() and known_version() is None, f"it was removed {left[:5] or ''}")
    check((DATA / "settings.json").exists(), "what is the person's is still there")


def for_it_departments() -> None:
    package, place = DIST / f"{NAME}-{VERSION}-windows-x86_64.msi", Path(os.environ["PROGRAMFILES"]) / NAME
    windows.VERSION = OLDER
    older = windows.msi(BUNDLE)
    windows.VERSION = VERSION
    run("msiexec", "/i", older, "/qn")
    run("msiexec", "/i", package, "/qn")
    sys.stdout.write(run(place / f"{NAME}.exe", "--self-test"))
    run("msiexec", "/x", package, "/qn")
    check(not place.exists(), "the .msi was upgraded, passed its self-test and was removed")


if __name__ == "__main__":
    for_one_person()
    for_it_departments()
