"""The vocabulary of the catalog: what its entries have in common. Data only; nothing here does anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from lwdesk.catalog import words
from lwdesk.catalog.cells.kinds import Kind, Several, Text

Values = Mapping[str, Any]  # column id -> value
_ANY_TEXT = Text()

# What a second identical call does, when the answer of the first was lost.
SAFE = "safe"  # the end state is the same: send again
LOOK = "look"  # look at the school first, then send again if it was not carried out
NEVER = "never"  # it would be done twice: look, and leave the decision to the user

# How much harm a mistake does; faces ask for more consent as it rises.
ADDS, CHANGES, TAKES = "adds", "changes", "takes"


@dataclass(frozen=True)
class Column:
    """One column of an entry's sheet.

    `at` says where the value goes: "path" (the slot of the call with this column's id), a dotted place in the
    JSON body, a pair of places for a product's (id, type), or nothing for a column that only helps another.
    `reads` is where an answer of the school shows the value, when that differs from `at`.
    `each`: a list cell becomes one step per item. `derive` makes the value from the others of the row when the
    cell is empty and something new is created. `secret` values are shown and kept nowhere after they were sent;
    `typed`: items of the school are sent as (type, id). `rare` columns are taken, but not offered in templates.
    `words` are the keys of its words in `catalog.words`, separated by blanks, where its id alone is not the key.
    `unique`: no two records of the listing can have the same.
    `batch`: rows that differ in this column only go out together, so many in a call, as a list at `at`.
    `kept`: LearnWorlds can change the value, but not empty it.
    `wider`: of a filter by day, how many days further its query goes, since the service compares another time of the
    record; the rows are tested at `reads`.
    `sense`: what the values are, so that one that can't be meant is seen (`catalog.cells.sense`). `most` (column id,
    word, number): where that column says the word, or nothing, more than the number makes no sense.
    """

    id: str
    title: str
    kind: Kind = _ANY_TEXT
    at: str | tuple[str, str] = ""
    reads: str = ""
    required: bool = False
    each: bool = False
    default: Any = None
    example: str = ""
    help: str = ""
    secret: bool = False
    typed: bool = False
    rare: bool = False
    derive: Callable[[Values], Any] | None = None
    words: str = ""
    batch: int = 0
    unique: bool = False
    kept: bool = False
    sense: str = ""
    most: tuple[str, str, float] | None = None
    wider: int = 0

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Words of many languages that mean the column, the most telling first."""
        return words.headers(self.words or self.id)

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """(Folded word, column id): words that mean this column only where the other one is in the sheet too: "Name"
        beside a first name is the last name."""
        return words.beside(self.words or self.id)

    @property
    def cell_kind(self) -> Kind:
        """The kind of the whole cell: a list where a cell may hold several items."""
        return Several(self.kind) if self.each else self.kind

    @cached_property
    def sent(self) -> bool:
        """Whether the value goes into the body."""
        return self.at not in ("", "path")

    @cached_property
    def field(self) -> str:
        """Where a record of the school shows this column's value."""
        return self.reads or (self.at if isinstance(self.at, str) else self.at[0])


@dataclass(frozen=True)
class Walk:
    """A nested list: `{item}` is the parent's id in the path or the query."""

    call: str
    size: int = 20
    sized: bool = False
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Of:
    """What the records of a listing belong to: items of the listing `to`, users, or both.

    A walk of the listing lists the records of one item, whose id is `{item}` in its path and query;
    `item` is where a record shows that id. `user` is where it shows its user's id, `by_user` lists the records of
    the user `{item}`, `both` is the call for those of `{user}` in `{item}`, and `narrow` the query of a walk that
    takes the ids of some users.
    """

    to: str = ""
    item: str = ""
    user: str = ""
    by_user: Walk | None = None
    both: str = ""
    narrow: str = ""

    @property
    def users(self) -> bool:
        """Whether each record is of a user."""
        return bool(self.by_user or self.both or self.narrow)


@dataclass(frozen=True)
class Listing:
    """Something the school has many of: how to list it, and how to ask for one.

    `walk` is the list call, `size` its rows a page (`sized`: the page size is asked for). `ask` answers one record
    by `{key}`. `keys` are the fields that identify a record, `label` the one users know it by. `keep` are the
    fields worth remembering. Records nested in another listing's records: `within` it, under the field `items`.
    Records that are listed only for what they are `of`: there `items` are the nested lists on the way to them, and
    `only` (field, values) keeps those that have one of the values.
    """

    id: str
    title: str
    walk: str = ""
    query: tuple[tuple[str, str], ...] = ()
    size: int = 20
    sized: bool = False
    ask: str = ""
    keys: tuple[str, ...] = ("id",)
    label: str = "title"
    keep: tuple[str, ...] = ()
    within: str = ""
    items: str = ""
    of: Of | None = None
    only: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Membership:
    """Who has what: users and products, users and seat offerings ...

    `ask` answers all items of one user (empty: only walks do). `walks` answer all users of one item, by the item's
    listing; those whose field shows a word of `unless` (field, words) have it no longer. `attributes`
    are the keys of an item that matter; a walk doesn't include them, so members found by a walk are asked for
    where `attributes` are. `room` is the field of the item's record that counts free places, `total` all of them.
    `through`: items of a listing may also come with items of others: listing -> (those listings, the field of their
    records that lists what they hold). A walk shows users who have the item either way; only what a user was given
    itself counts as theirs.
    """

    id: str
    ask: str
    walks: Mapping[str, Walk]
    typed: bool = False
    attributes: tuple[str, ...] = ()
    unless: tuple[str, tuple[str, ...]] = ("", ())
    room: str = ""
    total: str = ""
    through: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)


@cache
def custom_column(key: str, place: str = "fields") -> Column:
    """The column of a custom field: `cf_start_date` is titled "Start date"."""
    title = key.removeprefix("cf_").replace("_", " ").strip().capitalize() or key
    return Column(key, title, Text(), at=f"{place}.{key}")
