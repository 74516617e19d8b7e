"""What every installer says of lwdesk, each from the one place that has it."""

import ast
import os
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from string import Template

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
DIST, BUILD = ROOT / "dist", ROOT / "build"
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_SOURCE = ast.parse((ROOT / "lwdesk" / "__init__.py").read_text("utf-8"))
_CONSTANTS = {
    node.targets[0].id: ast.literal_eval(node.value)
    for node in _SOURCE.body
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
}

NAME: str = _PROJECT["name"]
VERSION: str = (
    os.environ.get("LWDESK_BUILD_VERSION") or _CONSTANTS["__version__"]
)  # another one, to try upgrades
NUMBERS = ".".join([*VERSION.split("."), "0", "0", "0"][:4])  # as Windows counts versions
HOMEPAGE: str = _CONSTANTS["HOMEPAGE"]
WORDS: str = _PROJECT["description"]
AUTHORS = "The lwdesk authors"
APP_ID = "io.github.lwdesk.lwdesk"  # how macOS, AppStream and Flatpak call it
BUNDLE = DIST / NAME


def date() -> str:
    """The day of the commit that is built, so that a build can be repeated; today without git or its history."""
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not stamp and shutil.which("git"):
        asked = ["git", "log", "-1", "--format=%ct"]
        stamp = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout.strip()
    moment = datetime.fromtimestamp(int(stamp), UTC) if stamp else datetime.now(UTC)
    return f"{moment:%Y-%m-%d}"


def filled(template: Path, **more: str) -> str:
    """A template with ${name}, ${version} and the others in it; ${desktop} is what its icon and entry are called."""
    facts = {"name": NAME, "version": VERSION, "homepage": HOMEPAGE, "words": WORDS, "authors": AUTHORS}
    facts |= {"app_id": APP_ID, "desktop": NAME, "date": date()}
    return Template(template.read_text("utf-8")).substitute(facts | more)
