"""Proves what can be proven of all installers on one Linux machine in seconds: scripts compile, descriptions and
workflows lint. What needs Wine is in `prove_windows_wine.py`.

`python packaging/lint.py`: needs the `package` extra; makensis, wixl (with msitools), appstreamcli,
desktop-file-validate and ruby where they are. What is not there is said, and not proven.
"""

import json
import plistlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import icons
import stores
import windows
from facts import APP_ID, BUILD, DIST, HERE, NAME, ROOT, filled

BIN = Path(sys.executable).parent


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


def metainfo() -> None:
    _validate("appstreamcli", "validate", "--no-net", name=f"{NAME}.metainfo.xml")


def desktop() -> None:
    _validate("desktop-file-validate", name=f"{NAME}.desktop")


def _validate(*command: str, name: str) -> None:
    """Both as the .deb and as Flatpak have it."""
    for facts in ({}, {"desktop": APP_ID}):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_text(filled(HERE / "linux" / name, **facts), "utf-8")
            subprocess.run([*command, path], check=True)


def package_managers() -> None:
    """The manifests of stand-ins for the installers of a release."""
    with tempfile.TemporaryDirectory() as folder:
        for name in stores.FILES.values():
            (Path(folder) / name).write_bytes(name.encode())
        made = stores.make(Path(folder), Path(folder) / "stores")
        texts = [path for path in made if path.suffix == ".yaml"]
        subprocess.run(
            [BIN / "yamllint", "--strict", "-d", "{extends: relaxed, rules: {line-length: disable}}", *texts],
            check=True,
        )
        [flatpak] = (json.loads(path.read_text("utf-8")) for path in made if path.suffix == ".json")
        sources = [source for module in flatpak["modules"] for source in module["sources"]]
        there = {path.name for path in made}
        assert all(source["path"] in there for source in sources if source["type"] == "file"), sources
        if ruby := shutil.which("ruby"):
            subprocess.run([ruby, "-wc", next(path for path in made if path.suffix == ".rb")], check=True)


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
    (metainfo, "appstreamcli"),
    (desktop, "desktop-file-validate"),
    (package_managers, str(BIN / "yamllint")),
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
        sys.stdout.write(f"{check.__name__:16} {word}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
