"""A page for each user: what it shows, from which exports."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Beside:
    """Further columns of a table: `places` of the rows of another part with the same value at `key`. What only that
    part has becomes a row of its own, with the name at `label` in the first column."""

    part: str
    key: str
    label: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A table, or with `facts` a list, of a user's rows of the export `part`: its columns at `places`, or all but those
    that only name the user. Only there where the filter `option` says yes. `key` is what `beside` is found by."""

    title: str
    part: str
    places: tuple[str, ...] = ()
    facts: bool = False
    option: str = ""
    key: str = ""
    beside: Beside | None = None


@dataclass(frozen=True)
class UserPages:
    """The sections of a page. `courses` (part, place) are the ids of a user's courses: lists of courses are asked for
    these only. `words` replace those of LearnWorlds in columns with a status. `most` users have a page in one file."""

    sections: tuple[Section, ...]
    courses: tuple[tuple[str, str], ...]
    words: Mapping[str, str] = field(default_factory=dict)
    most: int = 500

    def chosen(self, options: Collection[str]) -> tuple[Section, ...]:
        """The sections that are there with these options."""
        return tuple(one for one in self.sections if not one.option or one.option in options)

    def parts(self, options: Collection[str]) -> tuple[str, ...]:
        """The exports that they are made of."""
        chosen = self.chosen(options)
        return tuple(
            part for one in chosen for part in (one.part, *([one.beside.part] if one.beside else []))
        )

    def places(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each part with the places of its columns, of all sections; none for all of its columns."""
        for one in self.sections:
            yield one.part, one.places
            if one.beside:
                yield one.beside.part, (one.beside.label, *one.beside.places)
