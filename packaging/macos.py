"""The installer of macOS: the app in a disk image, signed and notarized where the keys for that are given."""

import os
import platform
import shutil
import subprocess
import time
from pathlib import Path

from facts import BUILD, DIST, NAME, VERSION

APP = DIST / f"{NAME}.app"


def make() -> list[Path]:
    """The disk image. PyInstaller signed the app while it built it, with `APPLE_IDENTITY` or for this Mac alone."""
    subprocess.run(["codesign", "--verify", "--deep", "--strict", APP], check=True)
    identity = os.environ.get("APPLE_IDENTITY")
    if identity:  # before it goes into the image: what is dragged out of it opens without the internet, too
        package = BUILD / f"{NAME}.zip"
        subprocess.run(["ditto", "-c", "-k", "--keepParent", APP, package], check=True)
        _notarize(package, APP)
    found = DIST / f"{NAME}-{VERSION}-macos-{platform.machine()}.dmg"
    inside = BUILD / "dmg"
    shutil.rmtree(inside, ignore_errors=True)
    shutil.copytree(APP, inside / APP.name, symlinks=True)
    (inside / "Applications").symlink_to("/Applications")
    _image(inside, found)
    if identity:
        subprocess.run(["codesign", "--sign", identity, "--timestamp", found], check=True)
        _notarize(found, found)
    return [found]


def _image(folder: Path, image: Path, tries: int = 5) -> None:
    """Pack a folder into a disk image. Again where macOS says "Resource busy": a scanner looks at new files."""
    how = ("-volname", NAME, "-srcfolder", folder, "-fs", "HFS+", "-format", "ULMO", "-ov")
    for left in reversed(range(tries)):
        done = subprocess.run(["hdiutil", "create", *how, image])
        if done.returncode == 0:
            return
        if left:
            time.sleep(10)
    done.check_returncode()


def _notarize(sent: Path, stapled: Path) -> None:
    """Have Apple look at a file, and put its word into the app or the image, so that it opens without the internet."""
    account = ("--apple-id", os.environ["APPLE_ID"], "--team-id", os.environ["APPLE_TEAM"])
    password = ("--password", os.environ["APPLE_PASSWORD"])
    subprocess.run(["xcrun", "notarytool", "submit", sent, *account, *password, "--wait"], check=True)
    subprocess.run(["xcrun", "stapler", "staple", stapled], check=True)
