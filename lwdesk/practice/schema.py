"""Schemas of requests; each kind describes what is wrong with a value.

A kind's `problems(value, name)` yields (field, sentence) pairs, none for a good value. `read(text)` turns a
query parameter into the value; it raises ValueError where the text is no such value.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Problem = tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """The type of a value; `null` allows JSON's null too."""

    null: bool = field(default=False, kw_only=True)

    def problems(self, value: Any, name: str) -> Iterator[Problem]:
        if value is None:
            if not self.null:
                yield name, f"The {name} field must not be null."
        elif wrong := self.wrong(value):
            yield name, f"The {name} field must be {wrong}."

    def wrong(self, value: Any) -> str:
        """What the value should have been; an empty text if it is valid."""
        raise NotImplementedError

    def read(self, text: str) -> Any:
        return text


@dataclass(frozen=True)
class Text(Kind):
    """A string; `filled` refuses blank ones."""

    filled: bool = False

    def wrong(self, value: Any) -> str:
        if not isinstance(value, str):
            return "a string"
        return "filled in" if self.filled and not value.strip() else ""


@dataclass(frozen=True)
class Email(Kind):
    """An address with one @ between two parts and a dot in the second."""

    def wrong(self, value: Any) -> str:
        good = isinstance(value, str) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value)
        return "" if good else "a valid email address"


@dataclass(frozen=True)
class Number(Kind):
    """A JSON number within inclusive bounds."""

    least: float = float("-inf")
    most: float = float("inf")

    def wrong(self, value: Any) -> str:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return "a number"
        return "" if self.least <= value <= self.most else f"between {self.least} and {self.most}"

    def read(self, text: str) -> float:
        return float(text)


@dataclass(frozen=True)
class Whole(Number):
    """A number without a fraction."""

    def wrong(self, value: Any) -> str:
        return super().wrong(value) or ("" if value == int(value) else "an integer")


@dataclass(frozen=True)
class Flag(Kind):
    """true or false."""

    def wrong(self, value: Any) -> str:
        return "" if isinstance(value, bool) else "true or false"


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words."""

    words: tuple[str, ...]

    def wrong(self, value: Any) -> str:
        return "" if value in self.words else "one of " + ", ".join(self.words)


@dataclass(frozen=True)
class Day(Kind):
    """A date as yyyy-mm-dd."""

    def wrong(self, value: Any) -> str:
        try:
            good = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            good = False
        return "" if good else "a date as yyyy-mm-dd"


@dataclass(frozen=True)
class Many(Kind):
    """An array of one kind."""

    kind: Kind

    def problems(self, value: Any, name: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield name, f"The {name} field must be an array."
            return
        for n, item in enumerate(value):
            yield from self.kind.problems(item, f"{name}.{n}")


@dataclass(frozen=True)
class Record(Kind):
    """An object: `fields` by name, those of `required` must be there, `others` is the kind of unnamed ones.

    Unnamed keys are ignored where `others` is not given, as the real service ignores them.
    """

    fields: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    others: Kind | None = None
    any_of: tuple[str, ...] = ()

    def problems(self, value: Any, name: str = "") -> Iterator[Problem]:
        if value is None and self.null:
            return
        if not isinstance(value, dict):
            yield name or "body", f"The {name or 'body'} must be an object."
            return
        prefix = f"{name}." if name else ""
        for key in self.required:
            if key not in value:
                yield prefix + key, f"The {prefix}{key} field is required."
        if self.any_of and not any(key in value for key in self.any_of):
            yield prefix + self.any_of[0], f"One of {', '.join(self.any_of)} is required."
        for key, item in value.items():
            if kind := self.fields.get(key, self.others):
                yield from kind.problems(item, prefix + key)
