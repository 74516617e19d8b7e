"""Proves what users of Windows download, on Windows: install, use, upgrade, remove, each without a question.

`python packaging/prove_windows.py`, after `python packaging/build.py`. The release workflow runs it, and
`prove_windows_wine.py` under Wine. `--compiled`: the installers of the older version are in `dist` already.
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
import winreg
import zipfile
from collections.abc import Callable
from pathlib import Path

import windows
from facts import BUNDLE, DIST, NAME, VERSION

OLDER = "0.0.1"
WINDOW = 4.0  # seconds until the window is on the screen, at the most
COMPILED = "--compiled" in sys.argv
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


def offered(root: int) -> str | None:
    """The command that "Open with" offers, for all users or for this one."""
    try:
        return winreg.QueryValue(root, rf"{windows.OPENS}\shell\open\command")
    except FileNotFoundError:
        return None


def kept(program: Path) -> list[object]:
    """What a person would miss."""
    lists = [
        json.loads(run(program, *what, "--json").splitlines()[-1]) for what in (["jobs"], ["schools", "list"])
    ]
    settings = json.loads((DATA / "settings.json").read_text("utf-8"))
    return [*lists, settings["mappings"]]


def opens(program: Path, times: int = 4) -> None:
    """The window opens in time, and stays. The fastest start counts: what else a computer does is not the program's."""
    user32, seconds = ctypes.windll.user32, []
    for _number in range(times):
        began = time.perf_counter()
        window = subprocess.Popen([program])
        while not user32.IsWindowVisible(user32.FindWindowW(None, NAME)):
            if window.poll() is not None or time.perf_counter() - began > 60:
                check(False, f"{program.name} opens its window")
            time.sleep(0.02)
        seconds.append(time.perf_counter() - began)
        time.sleep(3)
        check(window.poll() is None, f"{program.name} shows its window in {seconds[-1]:.1f} s")
        window.kill()
        window.wait()
        time.sleep(1)
    check(min(seconds) <= WINDOW, f"in {WINDOW} s at the most")


def resource(program: Path, name: str) -> str:
    """A text of the version resource: what Explorer shows under Properties, Details."""
    version, found, length = ctypes.windll.version, ctypes.c_wchar_p(), ctypes.c_uint()
    data = ctypes.create_string_buffer(version.GetFileVersionInfoSizeW(str(program), None))
    version.GetFileVersionInfoW(str(program), 0, len(data), data)
    where = rf"\StringFileInfo\040904B0\{name}"
    version.VerQueryValueW(data, where, ctypes.byref(found), ctypes.byref(length))
    return found.value or ""


def use(program: Path) -> None:
    """Make something to keep: a school, an import with its mapping."""
    add = ["schools", "add", "riverside", "--url", "riverside.mylearnworlds.com", "--client-id", "1a2b"]
    subprocess.run([program, *add, "--secret-stdin"], input="s3cret\n", text=True, check=True)
    roster = Path(__file__).parents[1] / "resources" / "demo" / "roster.xlsx"
    what = ["import", roster, "--operation", "roster", "--school", "practice", "--yes"]
    run(program, *what, "--results", DIST / "results.xlsx", status=2)  # some rows are meant to fail


def _older(compile_: Callable[[Path], Path], newer: Path) -> Path:
    """An installer of the older version, from the same bundle."""
    if COMPILED:
        return newer.with_name(newer.name.replace(VERSION, OLDER))
    windows.VERSION = OLDER
    try:
        return compile_(BUNDLE)
    finally:
        windows.VERSION = VERSION


def writes_utf8(program: Path) -> None:
    """Greek and Chinese arrive as they are: through a pipe, into a file, in a workbook and in a CSV file."""
    roster = DIST / "roster-utf8.csv"
    people = "Email,First name,Last name\r\neleni@example.org,Ελένη,Παπαδοπούλου\r\nli@example.org,伟,李\r\n"
    roster.write_bytes(people.encode("utf-8-sig"))
    asked = [program, "--home", DIST / "utf8", "import", roster, "--operation", "create-user"]
    asked += ["--school", "practice", "--yes", "--results", DIST / "utf8-results.csv"]
    environment = os.environ | {"LWDESK_LANGUAGE": "el"}
    done = subprocess.run(list(map(str, asked)), capture_output=True, env=environment)
    message = done.stdout.decode("utf-8")
    check(
        done.returncode == 0 and "Αποτελέσματα" in message,
        f"an import talks Greek through a pipe {done.stderr!r}",
    )
    written = (DIST / "utf8-results.csv").read_text("utf-8-sig")
    check("Παπαδοπούλου" in written and "李" in written, "its results have the names as they were")
    exported = DIST / "用户.csv"
    asked = [program, "--home", DIST / "utf8", "export", "users", "-o", exported, "--school", "practice"]
    done = subprocess.run(list(map(str, asked)), capture_output=True, env=environment)
    message = done.stdout.decode("utf-8")
    check(
        done.returncode == 0 and "γραμμές" in message and exported.name in message,
        f"an export names its Chinese file in Greek through a pipe {done.stderr!r}",
    )
    check("伟" in exported.read_text("utf-8-sig"), "and the file has the names as they are in the school")
    listed = DIST / "utf8-exports.txt"
    with listed.open("wb") as file:
        subprocess.run([program, "exports"], stdout=file, check=True, env=environment)
    check("Χρήστες" in listed.read_text("utf-8"), "and so does a file that the console is redirected into")


def refuses_while_running(setup: Path, program: Path) -> None:
    """An installer or a removal never replaces a program that runs, be it the window or a command."""
    school = subprocess.Popen([program, "practice"], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert school.stdout is not None
    school.stdout.readline()  # it is up
    before = sorted((path, path.stat().st_mtime_ns) for path in HOME.rglob("*"))
    run(setup, "/S", status=1)
    run(HOME / "uninstall.exe", "/S", f"_?={HOME}", status=1)
    after = sorted((path, path.stat().st_mtime_ns) for path in HOME.rglob("*"))
    check(before == after, "while it runs, nothing is replaced or removed, and the exit code is 1")
    school.kill()
    school.wait()
    time.sleep(2)


def for_one_person() -> None:
    setup = DIST / f"{NAME}-{VERSION}-windows-x86_64-setup.exe"
    older = _older(windows.setup, setup)
    program = HOME / f"{NAME}.exe"
    run(older, "/S")
    check(known_version() == OLDER and START.exists(), "the older version is installed and in the Start menu")
    use(program)
    then = kept(program)
    run(setup, "/S")
    check(known_version() == VERSION, "it was upgraded")
    check(kept(program) == then, "schools, mappings and job history are as they were")
    shown = {resource(HOME / f"{name}.exe", "ProductVersion") for name in (NAME, f"{NAME}-gui")}
    check(shown == {VERSION}, "Explorer shows the version of both programs")
    check(offered(winreg.HKEY_CURRENT_USER) is not None, 'it is offered under "Open with"')
    sys.stdout.write(run(program, "--self-test"))
    writes_utf8(program)
    refuses_while_running(setup, program)
    opens(HOME / f"{NAME}-gui.exe")
    run(HOME / "uninstall.exe", "/S", f"_?={HOME}")  # this way it waits, and leaves only itself
    (HOME / "uninstall.exe").unlink(missing_ok=True)
    left = list(HOME.rglob("*")) if HOME.exists() else []
    known = known_version() or offered(winreg.HKEY_CURRENT_USER)
    check(not left and not START.exists() and known is None, f"it was removed {left[:5] or ''}")
    check((DATA / "settings.json").exists(), "what is the user's is still there")


def for_it_departments() -> None:
    """The .msi puts the same program in place for all who use the computer."""
    package, place = DIST / f"{NAME}-{VERSION}-windows-x86_64.msi", Path(os.environ["PROGRAMFILES"]) / NAME
    older = _older(windows.msi, package)
    run("msiexec", "/i", older, "/qn")
    run("msiexec", "/i", package, "/qn")
    sys.stdout.write(run(place / f"{NAME}.exe", "--self-test"))
    command = f'"{place}\\{NAME}-gui.exe" "%1"'
    check(offered(winreg.HKEY_LOCAL_MACHINE) == command, 'it is offered under "Open with"')
    run("msiexec", "/x", package, "/qn")
    gone = not place.exists() and offered(winreg.HKEY_LOCAL_MACHINE) is None
    check(gone, "the .msi was upgraded, passed its self-test and was removed")


def unpacked() -> None:
    """The .zip needs no installation, and keeps what is the user's in a folder beside it where that is asked for."""
    folder = DIST / "unpacked"
    with zipfile.ZipFile(DIST / f"{NAME}-{VERSION}-windows-x86_64.zip") as archive:
        archive.extractall(folder)
    program = folder / f"{NAME}-{VERSION}" / f"{NAME}.exe"
    sys.stdout.write(run(program, "--self-test"))
    run(program, "--home", folder / "data", "jobs")
    check((folder / "data" / "jobs").exists(), "the .zip runs where it is unpacked")
    shutil.rmtree(folder)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # whatever the code page of this console is
    for_one_person()
    for_it_departments()
    unpacked()
