"""Operations and what they are made of: the facts they need, the effect they have, and recipes of several. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from lwdesk.catalog.model import ADDS, LOOK, Column, Values, custom_column

# Facts about the school ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a record of the school: the listing's id, the record's id, its title."""

    listing: str
    id: str
    title: str

    def __str__(self) -> str:
        return self.title


@dataclass(slots=True)
class Fact:
    """A fact: the record or the membership's attributes. `call` is the planned call that makes it so, `given` the
    fields that rows of this file set, each with the row's number and the call that sets it. Facts of the state are
    shared: change a copy."""

    data: dict[str, Any]
    call: int | None = None
    given: dict[str, tuple[int, int]] = field(default_factory=dict)


class Need(NamedTuple):
    """A fact that must be known: a record (`item` None), whether `key` has the item, or what `key` has in it.

    `unless` (field, value): not where the user that is the key shows this already.
    """

    source: str
    key: str
    item: Ref | None = None
    unless: tuple[str, str] | None = None


class Change(NamedTuple):
    """One value before and after a call, as text for users."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value that changed in the school since the export and is not sent: the exported, current and wanted text."""

    column: str
    was: str
    now: str
    wanted: str


@dataclass(frozen=True, slots=True)
class UpToDate:
    """Verdict: up to date, except the conflicts in `left`. `call`: the planned call of another row that makes it so."""

    message: str
    call: int | None = None
    left: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Verdict: can't be done, and is not sent. `whole`: the other steps of the row are not sent either."""

    message: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Verdict: to be sent, by this operation with these values.

    `body` is the JSON body, `after` the ids of calls to wait for, `memo` what undo needs, `left` the conflicts that are
    not sent, `invites` whether the school sends the user an invitation.
    """

    operation: "Operation"
    values: Values
    body: dict[str, Any]
    changes: tuple[Change, ...]
    after: tuple[int, ...] = ()
    note: str = ""
    memo: dict[str, Any] = field(default_factory=dict)
    left: tuple[Conflict, ...] = ()
    invites: bool = False


Verdict = UpToDate | Refused | Send


class State(Protocol):
    """The state of the school with the planned calls applied. See `app.school.directory.Directory`."""

    def record(self, listing: str, key: str) -> Fact | None: ...

    def records(self, listing: str) -> Iterable[dict[str, Any]]: ...

    def learn(self, listing: str, key: str, fact: Fact) -> None: ...

    def main_key(self, listing: str, key: str) -> str: ...

    def holder(self, listing: str, field: str, value: str) -> str | None: ...

    def free_name(self, listing: str, field: str, value: str) -> str: ...

    def claim(self, listing: str, field: str, value: str, key: str) -> None: ...

    def held(self, listing: str, key: str, item: Ref | None) -> list[dict[str, Any]]: ...

    def remove(self, listing: str, key: str, call: int) -> None: ...

    def gone(self, listing: str, key: str) -> int | None: ...

    def member(self, membership: str, of: str, item: Ref) -> Fact | None: ...

    def set_member(self, membership: str, of: str, item: Ref, fact: Fact | None) -> None: ...

    def crowd(self, membership: str, item: Ref) -> int: ...

    def room(self, membership: str, item: Ref) -> int | None: ...

    def through(self, membership: str, of: str, item: Ref) -> list[str]: ...


# Effects and operations ---------------------------------------------------------------------------------------


class Effect(Protocol):
    """What an operation changes in the school, and how to see whether it has."""

    def parts(self, values: Values) -> list[Values]:
        """Split the values of a step into those of its calls, mostly one."""

    def key(self, values: Values) -> str:
        """The lane of the call: calls of one lane are sent one after the other."""

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that say what a step is about: two rows that agree in them must not differ in the others. Empty
        where every row is about something of its own."""

    def needs(self, values: Values) -> list[Need]:
        """The facts that `judge` needs."""

    def judge(self, operation: "Operation", values: Values, state: State, expect: Values | None) -> Verdict:
        """Compare the values with the state: up to date, refused, or to be sent.

        `expect` (undo, and exports that come back): the values that the school must still show; what differs was
        changed since.
        """

    def assume(self, send: Send, state: State, call: int, row: int) -> None:
        """Apply a planned call (`call` id, for the row number `row`) to the state."""

    def inverse(self, values: Values, memo: Mapping[str, Any]) -> Values | None:
        """The values for the undo operation, from the sent values and the call's memo; None for nothing to undo."""

    def made(self, answer: Any, values: Values) -> str:
        """The id, code or codes of what a call created, from its answer; "" for none."""

    def renewed(
        self, operation: "Operation", values: Values, memo: Mapping[str, Any], body: dict[str, Any], now: Any
    ) -> dict[str, Any]:
        """The body with values that are only sent along taken from the record `now`; called if it `sends_along`."""

    @property
    def sends_along(self) -> bool:
        """Whether the body repeats values of the record, which may have changed since they were read."""


@dataclass(frozen=True)
class Operation:
    """A write endpoint: one row (or one item of a list cell) becomes one call.

    `body` are the keys every call sends. `effect` says what holds in the school afterwards; checking whether it
    already does, looking after a lost answer, and undo come from it. `undo` names the inverse operation, or is
    empty where the API has none; `no_undo` tells users that, or what an undo leaves unchanged. `mails` is the column
    that sends mail. `gone` marks deletions whose "not found" means done; `already` are words of a refusal that mean
    "it is so"; `mute`: an empty answer is its success.
    `done` and `so` are messages for users: what was done, and that nothing was needed.
    `custom` is the place of the school's custom fields in the body, where there are any.
    """

    id: str
    title: str
    family: str
    call: str
    columns: tuple[Column, ...]
    effect: Effect
    done: str
    so: str
    repeat: str = LOOK
    risk: str = ADDS
    body: tuple[tuple[str, Any], ...] = ()
    undo: str = ""
    no_undo: str = ""
    mails: str = ""
    gone: bool = False
    mute: bool = False
    already: tuple[str, ...] = ()
    custom: str = ""
    doc: str = ""

    @cached_property
    def batch(self) -> Column | None:
        """The column whose values are collected in one call, if there is one."""
        return next((column for column in self.columns if column.batch), None)

    @cached_property
    def path(self) -> tuple[Column, ...]:
        """The columns that fill the slots of the call."""
        return tuple(column for column in self.columns if column.at == "path")

    @cached_property
    def unique(self) -> tuple[Column, ...]:
        """The columns whose values no two records can share."""
        return tuple(column for column in self.columns if column.unique)

    @cached_property
    def deriving(self) -> tuple[tuple[Column, Callable[[Values], Any]], ...]:
        """The columns whose empty cells get a value made from the others of the row, each with what makes it."""
        return tuple((column, column.derive) for column in self.columns if column.derive is not None)

    def present(self, values: Values) -> tuple[Column, ...]:
        """The columns that have one of these values or a default, in their order, custom fields last."""
        names = tuple(values)
        if names not in self._present:
            own = (column for column in self.columns if column.id in values or column.default is not None)
            custom = (self.column(name) for name in names if name.startswith("cf_"))
            self._present[names] = (*own, *(column for column in custom if column is not None))
        return self._present[names]

    @cached_property
    def _present(self) -> dict[tuple[str, ...], tuple[Column, ...]]:
        """What `present` found: rows are filled in few ways."""
        return {}

    @cached_property
    def _by_id(self) -> dict[str, Column]:
        return {column.id: column for column in self.columns}

    def column(self, column_id: str) -> Column | None:
        """The column with this id, custom fields (`cf_...`) included; None when there is none."""
        found = self._by_id.get(column_id)
        if found is None and self.custom and column_id.startswith("cf_"):
            return custom_column(column_id, self.custom)
        return found


@dataclass(frozen=True)
class Use:
    """An operation in a recipe: `rename` maps its columns to the recipe's, `wanted` are the recipe's columns of
    which one must be filled for it to act (empty: it always acts), or one of the custom fields it takes.

    Recipes of exports that come back (`gains`, `loses`) know what a cell has more or less than when it was
    exported."""

    operation: Operation
    rename: Mapping[str, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """The ids of the operation's columns -> the recipe's."""
        return {column.id: self.rename.get(column.id, column.id) for column in self.operation.columns}

    def acts(self, values: Values) -> bool:
        """Whether the operation applies to a row with these values, none of which is None."""
        custom = bool(self.operation.custom) and any(name.startswith("cf_") for name in values)
        return not self.wanted or custom or any(name in values for name in self.wanted)


def gains(column_id: str) -> str:
    """The key of the value that holds what was added to an edited cell since the export: items, or a yes."""
    return f"+{column_id}"


def loses(column_id: str) -> str:
    """The key of the value that holds what was removed from an edited cell since the export."""
    return f"-{column_id}"


@dataclass(frozen=True)
class Recipe:
    """An ordered list of operations over one row. A single operation is a recipe of one.

    `demands` are columns that must be in the sheet though a row may leave them empty.
    """

    id: str
    title: str
    family: str
    uses: tuple[Use, ...]
    columns: tuple[Column, ...]
    demands: tuple[str, ...] = ()
    doc: str = ""

    @property
    def custom(self) -> str:
        """The place of custom fields, when an operation of the recipe takes them."""
        return next((use.operation.custom for use in self.uses if use.operation.custom), "")

    def column(self, column_id: str) -> Column | None:
        """The column with this id, custom fields included."""
        found = next((c for c in self.columns if c.id == column_id), None)
        if found is None and self.custom and column_id.startswith("cf_"):
            return custom_column(column_id, self.custom)
        return found
