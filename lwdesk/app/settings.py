"""What the app remembers between starts: schools (never their secrets) and mappings, in one JSON file."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from lwdesk.base.errors import UserError
from lwdesk.base.json_file import JsonFile
from lwdesk.base.paths import Home
from lwdesk.base.text import _, fold


class Settings:
    """The settings of one home. Every change is written at once."""

    def __init__(self, home: Home):
        self.home = home
        self._file = JsonFile(home, "settings.json")
        self._data: dict[str, Any] = self._read()

    def _read(self) -> dict[str, Any]:
        try:
            data = self._file.read()
        except (OSError, ValueError) as error:
            raise UserError(
                _("The settings can't be read"),
                _("The file {path} is damaged or can't be read").format(path=self._file.path),
                _("Move this file to another folder, then add your schools again"),
            ) from error
        return data if isinstance(data, dict) else {}

    def section(self, name: str) -> dict[str, Any]:
        """A part of the settings; empty when nothing was kept."""
        return dict(self._data.get(name, {}))

    def change(self, name: str, key: str, value: Any) -> None:
        """Keep a value in a section; None removes it."""
        # Another program of the same home may have written.
        with self._file.changing(self._read) as self._data:
            section = self._data.setdefault(name, {})
            if value is None:
                section.pop(key, None)
            else:
                section[key] = value

    def mapping(self, school: str, recipe: str, headers: Sequence[str]) -> dict[str, str]:
        """Key of a header -> column id, as it was for the last file with the same headers."""
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
