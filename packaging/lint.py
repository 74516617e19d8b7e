"""Proves what can be proven of all installers on one Linux machine: scripts compile
and do what they should under Wine, descriptions and workflow lint.

`python packaging/lint.py`: needs the `package` extra; makensis, wixl (with msitools), appstreamcli and
desktop-file-validate, xvfb and wine64 where they are. What is not there is said, and not proven.
"""

import os
import plistlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import icons
import windows
from facts import BUILD, DIST, HERE, NAME, ROOT, filled

BIN = Path(sys.executable).parent
WINE = Path("/usr/lib/wine")  # Debian's 64-bit Wine


def stand_in(folder: Path) -> Path:
    """A folder shaped like a bundle of Windows, which is all that the scripts of the installers look at."""
    bundle = folder / NAME
    for name in (
        f"{NAME}.exe",
        f"{NAME}-gui.exe",
        "_internal/python311.dll",
        "_internal/PySide6/Qt6Core.dll",
    ):
        path = bundle / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return bundle


def setup() -> None:
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        made = windows.setup(stand_in(Path(folder)))
        assert made.read_bytes()[:2] == b"MZ"
        made.unlink()


def msi() -> None:
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        made = windows.msi(stand_in(Path(folder)))
        listed = subprocess.run(
            ["msiinfo", "export", made, "File"], capture_output=True, text=True, check=True
        )
        assert "Qt6Core.dll" in listed.stdout, listed.stdout
        made.unlink()


def under_wine() -> None:
    """Both installers put a stand-in on Wine's Windows, over an older one, and take it away again."""
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        bundle, prefix = stand_in(Path(folder)), Path(folder) / "prefix"
        old, version = bundle / "_internal" / "old.dll", windows.VERSION
        old.write_bytes(b"of the older version only")
        windows.VERSION = "0.0.1"
        before = [windows.setup(bundle, "-XTarget amd64-unicode"), windows.msi(bundle)]
        old.unlink()
        windows.VERSION = version
        now = [windows.setup(bundle, "-XTarget amd64-unicode"), windows.msi(bundle)]
        _wine(prefix, "wineboot", "-i")
        [local] = prefix.glob("drive_c/users/*/AppData/Local")
        for_one, for_all = local / "Programs" / NAME, prefix / "drive_c" / "Program Files" / NAME
        for setup_, package in ((before[0], before[1]), (now[0], now[1])):
            _wine(prefix, setup_, "/S")
            _wine(prefix, "msiexec", "/i", package, "/qn")
        for place in (for_one, for_all):
            found = {path.relative_to(place) for path in place.rglob("*.dll")}
            assert found == {path.relative_to(bundle) for path in bundle.rglob("*.dll")}, f"{place}: {found}"
        assert list(prefix.rglob(f"{NAME}.lnk"))
        _wine(prefix, for_one / "uninstall.exe", "/S", f"_?={_of_windows(for_one, prefix)}")
        _wine(prefix, "msiexec", "/x", now[1], "/qn")
        left = [*for_all.rglob("*.*"), *prefix.rglob(f"{NAME}.lnk"), *for_one.rglob("*.dll")]
        assert not left, left
        for path in (*before, *now):
            path.unlink()


def _wine(prefix: Path, *command: object) -> None:
    environment = os.environ | {"WINEPREFIX": str(prefix), "WINEARCH": "win64", "WINEDEBUG": "-all"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    start = ["xvfb-run", "-a", f"{WINE}/wine64", *map(str, command)]
    subprocess.run(start, check=True, env=environment, timeout=120, **quiet)  # type: ignore[call-overload]
    server = next(path for name in ("wineserver64", "wineserver") if (path := WINE / name).exists())
    subprocess.run([server, "-w"], check=True, env=environment, timeout=60)  # until all is on the disk


def _of_windows(path: Path, prefix: Path) -> str:
    return "C:\\" + str(path.relative_to(prefix / "drive_c")).replace("/", "\\")


def metainfo() -> None:
    _validate("appstreamcli", "validate", "--no-net", name=f"{NAME}.metainfo.xml")


def desktop() -> None:
    _validate("desktop-file-validate", name=f"{NAME}.desktop")


def _validate(*command: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(filled(HERE / "linux" / name), "utf-8")
        subprocess.run([*command, path], check=True)


def entitlements() -> None:
    plistlib.loads((HERE / "macos" / "entitlements.plist").read_bytes())


def pictures() -> None:
    folder = icons.main()
    assert (folder / f"{NAME}.ico").read_bytes()[:4] == b"\0\0\1\0"
    data = (folder / f"{NAME}.icns").read_bytes()
    assert data[:4] == b"icns" and int.from_bytes(data[4:8], "big") == len(data)


def actionlint() -> None:
    subprocess.run([BIN / "actionlint", *_workflows()], check=True)


def zizmor() -> None:
    subprocess.run([BIN / "zizmor", "--offline", "--no-progress", *_workflows()], check=True)


def _workflows() -> list[Path]:
    return sorted((ROOT / ".github" / "workflows").glob("*.yml"))


CHECKS: tuple[tuple[Callable[[], None], str], ...] = (
    (pictures, ""),
    (setup, "makensis"),
    (msi, "wixl"),
    (under_wine, f"{WINE}/wine64"),
    (metainfo, "appstreamcli"),
    (desktop, "desktop-file-validate"),
    (entitlements, ""),
    (actionlint, str(BIN / "actionlint")),
    (zizmor, str(BIN / "zizmor")),
)


def main() -> int:
    DIST.mkdir(exist_ok=True)
    BUILD.mkdir(exist_ok=True)
    bad = 0
    for check, needs in CHECKS:
        if needs and not shutil.which(needs):
            word = f"not proven: {needs} is not here"
        else:
            try:
                check()
                word = "ok"
            except (AssertionError, OSError, subprocess.CalledProcessError, ValueError) as error:
                bad, word = bad + 1, f"FAILED: {error}"
        sys.stdout.write(f"{check.__name__:14} {word}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
