"""The vocabulary of the catalog: what an entry is made of. Data only; nothing here does anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from lwdesk.base.text import N_, _
from lwdesk.catalog import words
from lwdesk.catalog.cells.kinds import Kind, Several, Text
from lwdesk.catalog.summaries import Summary
from lwdesk.catalog.user_pages import UserPages

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


# Kinds of cells in an export, mostly as Excel has them. Durations come in seconds (SECONDS: shown to the
# second) or minutes, percentages as fractions.
TEXT, ID, NUMBER, PERCENT, MONEY, DATETIME, DAY, DURATION, SECONDS, MINUTES, YES_NO, LIST = (
    "text",
    "id",
    "number",
    "percent",
    "money",
    "datetime",
    "date",
    "duration",
    "seconds",
    "minutes",
    "yesno",
    "list",
)


@dataclass(frozen=True)
class Refers:
    """What the id in a column of an export means, so that its name becomes a column too.

    `to` are the listings that it may be of, `by` the place of the word that says which. `name` is the title of the
    column with the name; of a user it says who that is ("" where the row is about the user). `shows` (field, place):
    what the record shows of it, so that it is not looked up; the field "" is its whole record.
    """

    to: tuple[str, ...]
    name: str = ""
    by: str = ""
    shows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Out:
    """A column of an export: `at` is the dotted place in a record; `of.course.title` is of what it was listed for.

    An id that `refers` to something brings the columns with its name: they are written where it is declared, and all
    ids at the far right. `derive` makes the value from the record, where it is not at a place of its own.
    """

    at: str
    title: str
    kind: str = TEXT
    refers: Refers | None = None
    derive: Callable[[Mapping[str, Any]], Any] | None = None

    @property
    def heading(self) -> str:
        """The header of the column, in the user's language."""
        return _(self.title)

    @property
    def is_id(self) -> bool:
        return self.kind == ID or self.refers is not None


@dataclass(frozen=True)
class Name(Out):
    """A column with a field of what the id in the column `of` refers to."""

    of: Out = Out("", "")
    field: str = "title"

    @property
    def heading(self) -> str:
        what, who = _(self.title), self.of.refers.name if self.of.refers else ""
        return _("{who}: {what}").format(who=_(who), what=what) if who and who != self.title else what


# What is shown of a user that an id refers to, and of anything else.
USER_FIELDS = (("email", N_("Email")), ("first_name", N_("First name")), ("last_name", N_("Last name")))
TITLE_FIELD = "title"
# Between the place of an id and the field of what it refers to, in the place of a column.
FIELD_OF = ":"


def name_column(of: Out, field: str, title: str, kind: str = TEXT) -> Name:
    """The column with a field of what the ids in a column refer to."""
    return Name(f"{of.at}{FIELD_OF}{field}", title, LIST if of.kind == LIST else kind, of=of, field=field)


def names_of(of: Out) -> tuple[Name, ...]:
    """The columns with the name of what the ids in a column refer to."""
    if of.refers is None:
        return ()
    fields = USER_FIELDS if of.refers.to == ("user",) else ((TITLE_FIELD, of.refers.name),)
    return tuple(name_column(of, field, title) for field, title in fields)


@dataclass(frozen=True)
class Parents:
    """What an export is called for, one by one: the records of a list, or items nested in them.

    `name` is what they are called below: `{name}` is the id in calls and queries, `of.name.x` a fact in columns, and
    a filter called `name` chooses some of them. `items` are the nested lists on the way from a record to the items,
    `only` (field, values) keeps those that have one of the values (any value, where none is given). `facts` are
    kept of each beside its id and title: (name, place, or a value in quotes). `of`: the parents of these parents.
    """

    name: str
    call: str
    size: int = 20
    sized: bool = False
    query: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    id: str = "id"
    title: str = "title"
    facts: tuple[tuple[str, str], ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None
    of: "Parents | None" = None

    @property
    def path(self) -> "tuple[Parents, ...]":
        """From the topmost parents down to these."""
        return (*(self.of.path if self.of else ()), self)


@dataclass(frozen=True)
class Join:
    """A call per parent that lists items by id: their `take` fields are copied into the record.

    `path` is where the items are in the answer, as names of nested lists; `on` the record's place of the id;
    `into` the record's place that receives them.
    """

    call: str
    path: tuple[str, ...]
    on: str
    into: str
    take: tuple[str, ...]


@dataclass(frozen=True)
class Extract:
    """A further sheet of an export: some columns of the records that have something at the place `only`."""

    title: str
    columns: tuple[Out, ...]
    only: str


@dataclass(frozen=True)
class Export:
    """A list endpoint: records become rows.

    `per`: what it is called for, one by one; several are alternatives, one after the other. `join`: a second call for
    each of them whose answer completes the records. `variants` (word, call): calls of the same shape, their word under
    `variant`. `levels` (name, field): the record is called `name` and each item of its nested list `field` becomes a
    row; an empty list leaves no row. `open` is a field whose further keys become columns (custom fields). `filters`
    have their place in the query of the list at `at`, or test the field of a row at `reads`, or both; `narrows` have
    theirs in the query of the topmost parents, `people` choose the users that rows are about. `one` is the call for
    the rows of one user, without parents and constants that name them. `parts`: an export of several others, a sheet
    each, or `pages` for each user. `returns` is the import, or the recipe of edits, that takes what was
    edited in a workbook that is dropped back (`catalog.returns`). `summaries` and `extracts` are further sheets of a
    workbook, made of the same records.
    """

    id: str
    title: str
    family: str
    call: str = ""
    columns: tuple[Out, ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    filters: tuple[Column, ...] = ()
    narrows: tuple[Column, ...] = ()
    people: tuple[Column, ...] = ()
    one: str = ""
    size: int = 20
    sized: bool = False
    per: tuple[Parents, ...] = ()
    join: Join | None = None
    variants: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    open: str = ""
    parts: tuple[str, ...] = ()
    pages: UserPages | None = None
    returns: str = ""
    summaries: tuple[Summary, ...] = ()
    extracts: tuple[Extract, ...] = ()
    doc: str = ""

    @cached_property
    def outs(self) -> tuple[Out, ...]:
        """All columns in the order of the sheet: names where their ids are declared, ids at the far right."""
        shown = (c for column in self.columns for c in ((column,) if not column.is_id else names_of(column)))
        return (*shown, *self.ids)

    @property
    def ids(self) -> tuple[Out, ...]:
        """The columns at the far right of the sheet."""
        return tuple(column for column in self.columns if column.is_id)

    @property
    def choices(self) -> tuple[Column, ...]:
        """All columns that narrow the export, whichever call takes them."""
        own = (*self.filters, *self.narrows)
        return (*self.people, *own) if self.pages else (*own, *self.people)

    @cached_property
    def person(self) -> Out | None:
        """The id of the user that a row is about, unless the row is that user's record; None where it is about none."""
        users = (c for c in self.columns if c.refers is not None and c.refers.to == ("user",))
        return next((c for c in users if c.refers and not c.refers.name), None)

    @property
    def about(self) -> str:
        """Where a row shows the id of the user it is about; "" where it is about none."""
        return "id" if self.call == "GET users" else self.person.at if self.person else ""

    @property
    def about_email(self) -> str:
        """Where a row shows the email of that user; "" where it does not."""
        refers = self.person.refers if self.person else None
        return dict(refers.shows).get("email", "") if refers else ""
