"""What the app remembers between starts: schools (never their secrets) and mappings, in one JSON file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home, make_private, written_whole
from lwdesk.base.text import _, fold


class Settings:
    """The settings of one home. Every change is written at once."""

    def __init__(self, home: Home):
        self.home = home
        self._path = home.root / "settings.json"
        self._data: dict[str, Any] = self._read()

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise UserError(
                _("The settings cannot be read"),
                _("The file {path} is damaged or not readable").format(path=self._path),
                _("Move it away; schools have to be added again then"),
            ) from error
        return data if isinstance(data, dict) else {}

    def section(self, name: str) -> dict[str, Any]:
        """A part of the settings; empty when nothing was kept."""
        return dict(self._data.get(name, {}))

    def change(self, name: str, key: str, value: Any) -> None:
        """Keep a value in a section; None removes it."""
        self._data = self._read()  # another program of the same home may have written
        section = self._data.setdefault(name, {})
        if value is None:
            section.pop(key, None)
        else:
            section[key] = value
        self.home.folder(".")
        with written_whole(self._path) as temporary:
            temporary.write_text(
                json.dumps(self._data, ensure_ascii=False, indent=1, sort_keys=True), "utf-8"
            )
        make_private(self._path)

    def mapping(self, school: str, recipe: str, headers: Sequence[str]) -> dict[str, str]:
        """Header -> column id, as it was for the last file with the same headers."""
        return dict(self.section("mappings").get(_key(school, recipe, headers), {}))

    def remember_mapping(
        self, school: str, recipe: str, headers: Sequence[str], mapping: Mapping[str, str]
    ) -> None:
        """Keep where these headers go; those that the mapping does not name are matched again the next time."""
        key = _key(school, recipe, headers)
        if self.section("mappings").get(key) != mapping:
            self.change("mappings", key, dict(mapping))


def _key(school: str, recipe: str, headers: Sequence[str]) -> str:
    words = "\n".join([school, recipe, *sorted(map(fold, headers))])
    return hashlib.sha256(words.encode()).hexdigest()[:24]
