"""What lwdesk is made of: its version, and the libraries it stands on with their licences."""

import re
from collections import deque
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Library:
    """A library in use; `licence` as it names it itself."""

    name: str
    version: str
    licence: str


def libraries(root: str = "lwdesk") -> list[Library]:
    """The libraries that lwdesk needs, and those that they need, by name. Reads files: some milliseconds each."""
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
    return sorted(found.values(), key=lambda library: library.name.lower())


def _needs(name: str) -> list[str]:
    try:
        wanted = distribution(name).requires or []
    except PackageNotFoundError:
        return []
    plain = [text for text in wanted if "extra ==" not in text]
    return [match.group() for text in plain if (match := _NAME.match(text))]


def _library(found: Distribution) -> Library:
    data = found.metadata.json
    said = str(data.get("license_expression") or "")
    if not said:
        classes = [text for text in data.get("classifier") or () if text.startswith("License ::")]
        said = ", ".join(text.rpartition(" :: ")[2] for text in classes)
    return Library(
        str(data["name"]), found.version, said or str(data.get("license", "")).partition("\n")[0][:80]
    )
