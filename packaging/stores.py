"""What package managers ask for, from the installers of a release: manifests for winget, Homebrew and Flatpak.

`python packaging/stores.py FOLDER` reads the installers in FOLDER and writes into `dist/stores`. The release workflow
runs it; packaging/README.md says where each is submitted.
"""

import hashlib
import shutil
import sys
from pathlib import Path

from facts import APP_ID, DIST, HERE, HOMEPAGE, NAME, VERSION, filled
from windows import FAMILY

TEMPLATES, SHARE = HERE / "stores", HERE / "linux"
# The installers that they name.
FILES = {
    "setup": f"{NAME}-{VERSION}-windows-x86_64-setup.exe",
    "msi": f"{NAME}-{VERSION}-windows-x86_64.msi",
    "arm": f"{NAME}-{VERSION}-macos-arm64.dmg",
    "intel": f"{NAME}-{VERSION}-macos-x86_64.dmg",
    "archive": f"{NAME}-{VERSION}-linux-x86_64.tar.xz",
}
# What is written: file -> its template.
WINGET = f"winget/manifests/l/{NAME}/{NAME}/{VERSION}/{NAME}.{NAME}"
WRITTEN = {
    f"{WINGET}.installer.yaml": TEMPLATES / "winget.installer.yaml",
    f"{WINGET}.locale.en-US.yaml": TEMPLATES / "winget.locale.en-US.yaml",
    f"{WINGET}.yaml": TEMPLATES / "winget.yaml",
    f"homebrew/Casks/{NAME}.rb": TEMPLATES / f"{NAME}.rb",
    f"flatpak/{APP_ID}.json": TEMPLATES / "flatpak.json",
    f"flatpak/{APP_ID}.desktop": SHARE / f"{NAME}.desktop",
    f"flatpak/{APP_ID}.metainfo.xml": SHARE / f"{NAME}.metainfo.xml",
}


def make(installers: Path, target: Path) -> list[Path]:
    """Write all of them into `target`; what was there before is deleted."""
    facts = {
        "url": f"{HOMEPAGE}/releases/download/v{VERSION}",
        "family": str(FAMILY).upper(),
        "desktop": APP_ID,
    }
    for word, name in FILES.items():
        facts |= {word: name, f"{word}_sha": hashlib.sha256((installers / name).read_bytes()).hexdigest()}
    shutil.rmtree(target, ignore_errors=True)
    for name, template in WRITTEN.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(template, **facts), "utf-8", newline="\n")
    return [target / name for name in WRITTEN]


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]), DIST / "stores"):
        sys.stdout.write(f"{made.relative_to(DIST.parent)}\n")
