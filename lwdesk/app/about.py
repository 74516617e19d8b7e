"""About lwdesk: its version, and the libraries it uses with their licences."""

import platform
import re
from collections import deque
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_TEXTS = Path(__file__).with_name("licences")
_IS_TEXT = re.compile(r"(?i)(licen[cs]e|copying|notice)[^/]*$|/licenses/")
_BY_HAND = {
    # The packages of Qt carry no texts; the LGPL is an addition to the GPL, so both have to be there.
    "PySide6_Essentials": ("Qt", "LGPL-3.0", "GPL-3.0"),
    "shiboken6": ("Qt", "LGPL-3.0", "GPL-3.0"),
    "Python": ("Python",),
    "Phosphor Icons": ("Phosphor",),
    "Native libraries": ("Native",),
}


@dataclass(frozen=True)
class Library:
    """A library in use; `licence` as it names it itself."""

    name: str
    version: str
    licence: str


def libraries(root: str = "lwdesk") -> list[Library]:
    """What lwdesk needs, and what that needs, by name. Reads files: some milliseconds each."""
    found = _packages(root)
    found += [
        Library("Python", platform.python_version(), "PSF-2.0"),
        Library("Phosphor Icons", "", "MIT"),
        Library("Native libraries", "", "Apache-2.0, MIT, Unicode-3.0, Zlib"),
    ]
    return sorted(found, key=lambda library: library.name.lower())


def licence(name: str) -> str:
    """The texts that a library of `libraries` is under, "" where it has none."""
    if name in _BY_HAND:
        paths = [_TEXTS / f"{text}.txt" for text in _BY_HAND[name]]
        return _GAP.join(path.read_text("utf-8").strip() for path in paths)
    files = [file for file in distribution(name).files or () if _IS_TEXT.search(str(file))]
    texts = (Path(str(file.locate())) for file in files if file.suffix not in (".py", ".pyc"))
    # a packaged app has the metadata of a library, not what its own folder has beside the code
    return _GAP.join(path.read_text("utf-8").strip() for path in texts if path.is_file())


_GAP = f"\n\n{'-' * 80}\n\n"


def _packages(root: str) -> list[Library]:
    found: dict[str, Library] = {}
    waiting = deque(_needs(root))
    while waiting:
        name = waiting.popleft()
        key = name.lower().replace("_", "-")
        if key in found:
            continue
        try:
            made = distribution(name)
        except PackageNotFoundError:
            continue  # for another system or another Python
        found[key] = _library(made)
        waiting.extend(_needs(name))
    return list(found.values())


def _needs(name: str) -> list[str]:
    try:
        wanted = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    plain = [text for text in wanted if "extra ==" not in text]
    return [match.group() for text in plain if (match := _NAME.match(text))]


def _library(found: Distribution) -> Library:
    data = found.metadata.json
    license_name = str(data.get("license_expression") or "")
    if not license_name:
        classes = [text for text in data.get("classifier") or () if text.startswith("License ::")]
        license_name = ", ".join(text.rpartition(" :: ")[2] for text in classes)
    return Library(
        str(data["name"]), found.version, license_name or str(data.get("license", "")).partition("\n")[0][:80]
    )
