"""Builds the bundle of this system and the installers around it into `dist`. Run it with `make installers`.

`python packaging/build.py [bundle] [installers]`: both where nothing is said. The bundle has to pass its self-test
before anything is made of it.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import icons
from facts import BUILD, BUNDLE, DIST, HERE, NAME, VERSION

# Bytes on the disk and in an installer, at the most.
MOST = {
    "the bundle": 90_000_000 if sys.platform == "win32" else 150_000_000,
    **{".exe": 30_000_000, ".msi": 50_000_000, ".zip": 50_000_000, ".deb": 45_000_000, ".tar.xz": 45_000_000},
}


def bundle() -> None:
    """The folder with the program and all it needs."""
    icons.main()
    shutil.rmtree(BUNDLE, ignore_errors=True)
    places = ("--distpath", DIST, "--workpath", BUILD / "pyinstaller")
    options = ("--noconfirm", "--log-level", "ERROR", *places, HERE / f"{NAME}.spec")
    subprocess.run([sys.executable, "-m", "PyInstaller", *options], check=True)
    if sys.platform.startswith("linux"):
        _strip()
    _fits("the bundle", weight(BUNDLE))
    subprocess.run([program(), "--self-test"], check=True)


def _strip() -> None:
    """Without what only a debugger wants. The libraries of Qt come so, and were made fit for a wheel since."""
    inner = BUNDLE / "_internal"
    files = [path for path in inner.rglob("*.so*") if path.is_file() and "PySide6" not in path.parts]
    subprocess.run(["strip", "--strip-unneeded", *files], check=True)


def program() -> Path:
    """The program that a terminal starts."""
    if sys.platform == "darwin":
        return DIST / f"{NAME}.app" / "Contents" / "MacOS" / NAME
    return BUNDLE / (f"{NAME}.exe" if sys.platform == "win32" else NAME)


def weight(folder: Path) -> int:
    """The bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _fits(what: str, size: int) -> None:
    sys.stdout.write(f"{what}: {size / 1e6:.1f} MB\n")
    if size > MOST.get(what, size):
        raise SystemExit(f"{what} is larger than {MOST[what] / 1e6:.0f} MB: look at what came in")


def installers() -> list[Path]:
    """The installers of this system, with the checksum of each beside it."""
    if sys.platform == "win32":
        import windows as system
    elif sys.platform == "darwin":
        import macos as system
    else:
        import linux as system
    made: list[Path] = system.make()
    for path in made:
        _fits("".join(path.suffixes[-2:]) if path.suffix == ".xz" else path.suffix, path.stat().st_size)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n", "utf-8", newline="\n")
    return made


def main(wanted: list[str]) -> None:
    sys.stdout.write(f"{NAME} {VERSION} for {sys.platform}\n")
    if not wanted or "bundle" in wanted:
        bundle()
    if not wanted or "installers" in wanted:
        for path in installers():
            sys.stdout.write(f"{path.relative_to(DIST.parent)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
