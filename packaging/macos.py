"""The installer of macOS: the app in a disk image, signed and notarized where the keys for that are given."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from facts import BUILD, DIST, NAME, VERSION

APP = DIST / f"{NAME}.app"


def make() -> list[Path]:
    """The disk image. PyInstaller signed the app while it built it, with `APPLE_IDENTITY` or for this Mac alone."""
    subprocess.run(["codesign", "--verify", "--deep", "--strict", APP], check=True)
    found = DIST / f"{NAME}-{VERSION}-macos-{platform.machine()}.dmg"
    inside = BUILD / "dmg"
    shutil.rmtree(inside, ignore_errors=True)
    shutil.copytree(APP, inside / APP.name, symlinks=True)
    (inside / "Applications").symlink_to("/Applications")
    found.unlink(missing_ok=True)
    how = ("-volname", NAME, "-srcfolder", inside, "-fs", "HFS+", "-format", "ULMO")
    subprocess.run(["hdiutil", "create", *how, found], check=True)
    if identity := os.environ.get("APPLE_IDENTITY"):
        subprocess.run(["codesign", "--sign", identity, "--timestamp", found], check=True)
        _notarize(found)
    return [found]


def _notarize(image: Path) -> None:
    """Have Apple look at it, and put its word into the image, so that it opens without the internet too."""
    account = ("--apple-id", os.environ["APPLE_ID"], "--team-id", os.environ["APPLE_TEAM"])
    password = ("--password", os.environ["APPLE_PASSWORD"])
    subprocess.run(["xcrun", "notarytool", "submit", image, *account, *password, "--wait"], check=True)
    subprocess.run(["xcrun", "stapler", "staple", image], check=True)
