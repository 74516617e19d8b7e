"""The vocabulary of exports: their columns, what they are called for, what their workbooks have. Data only, as in
`catalog.model`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lwdesk.base.text import N_, _
from lwdesk.catalog.files import Files
from lwdesk.catalog.model import Column
from lwdesk.catalog.summaries import Grid, Summary
from lwdesk.catalog.user_pages import UserPages

# Kinds of cells in an export, mostly as Excel has them. Durations come in seconds (SECONDS: shown to the
# second) or minutes, percentages as fractions.
TEXT, ID, NUMBER, PERCENT, MONEY, DATETIME, DAY, DURATION, SECONDS, MINUTES, YES_NO, LIST, FILE = (
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
    "link",
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
    ids at the far right. `derive` makes the value from the record, where it is not at a place of its own. A
    `rare` one, which few users need, is folded, unless it was chosen.
    """

    at: str
    title: str
    kind: str = TEXT
    refers: Refers | None = None
    derive: Callable[[Mapping[str, Any]], Any] | None = None
    rare: bool = False

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
    `into` the record's place that receives them. `above` (name, field) are taken from what the item is nested in.
    """

    call: str
    path: tuple[str, ...]
    on: str
    into: str
    take: tuple[str, ...]
    above: tuple[tuple[str, str], ...] = ()


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
    theirs in the query of the topmost parents, or test a field of these; `people` choose the users that rows are about;
    `options` say what the file looks like. `one` is the call for the rows of one user, without parents and constants
    that name them. `parts`: an export of several others, a sheet each; `grid`: sheets before them, made of them;
    `pages`: one for each user instead. `returns` is the import, or the recipe of edits, that takes what was edited in a
    workbook that is dropped back (`catalog.returns`). `summaries` and `extracts` are further sheets of a workbook, made
    of the same records. `files` can be downloaded.
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
    options: tuple[Column, ...] = ()
    size: int = 20
    sized: bool = False
    per: tuple[Parents, ...] = ()
    join: Join | None = None
    variants: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    open: str = ""
    parts: tuple[str, ...] = ()
    pages: UserPages | None = None
    grid: Grid | None = None
    returns: str = ""
    summaries: tuple[Summary, ...] = ()
    extracts: tuple[Extract, ...] = ()
    files: Files | None = None
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
        """All columns that narrow the export, whichever call takes them, and its options."""
        own = (*self.filters, *self.narrows)
        return (*self.people, *own, *self.options) if self.pages else (*own, *self.people, *self.options)

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
