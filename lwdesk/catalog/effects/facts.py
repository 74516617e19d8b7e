"""Helpers that compare values of the sheet with the school's, and build request bodies. Pure.

The state of the school comes through `State`: live, overlaid with what the calls planned so far will make true.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import orjson

from lwdesk.base.text import _, quoted
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.cells.kinds import Amount, Reference, Several, text_of
from lwdesk.catalog.model import Column, Values
from lwdesk.catalog.operation import Fact, Operation, Ref, State


def get_path(data: Any, place: str) -> Any:
    """Get the value at a dotted path of nested dicts; None if there is none."""
    for name in place.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def set_path(data: dict[str, Any], place: str, value: Any) -> None:
    """Set the value at a dotted path of nested dicts, creating the dicts on the way."""
    *way, last = place.split(".")
    for name in way:
        data = data.setdefault(name, {})
    data[last] = value


def copied(fact: Fact) -> Fact:
    """A copy of a fact that may be changed: those of the state are shared."""
    return Fact(orjson.loads(orjson.dumps(fact.data)), fact.call, dict(fact.given))


def serialize(column: Column, value: Any) -> Any:
    """Serialize a column's value to JSON: references as ids, with their type if the column is `typed`."""
    if value is None:
        return None
    if value is EMPTY:
        return [] if column.kind.many else column.kind.blank
    if isinstance(value, Ref):
        return {"type": value.listing, "id": value.id} if column.typed else value.id
    if isinstance(value, tuple) and any(isinstance(item, Ref) for item in value):
        return [serialize(column, item) for item in value]
    return column.kind.serialize(value)


def as_ids(value: Any) -> Any:
    """Replace nested records by their ids: the service shows them whole and takes ids."""
    if isinstance(value, list):
        return [as_ids(item) for item in value]
    return value["id"] if isinstance(value, dict) and "id" in value else value


def with_emails(value: Any) -> Any:
    """Replace users in a value by their emails, for display and comparison."""
    if isinstance(value, list | tuple):
        return tuple(with_emails(item) for item in value)
    if isinstance(value, Ref) and value.listing == "user":
        return value.title
    return value.get("email") or as_ids(value) if isinstance(value, dict) else value


def with_user_ids(values: Values, names: Iterable[str], state: State) -> tuple[dict[str, Any], Any]:
    """Replace users in these columns by references with ids. Also returns a user whom the school lacks, or None."""
    found = dict(values)
    for name in names:
        refs = []
        for person in values.get(name) or ():
            fact = state.record("user", lookup_key(person))
            if fact is None or not fact.data.get("id"):
                return found, person
            refs.append(Ref("user", str(fact.data["id"]), str(fact.data.get("email") or person)))
        if values.get(name) is not None and values[name] is not EMPTY:
            found[name] = tuple(refs)
    return found, None


def with_titles(column: Column, value: Any, state: State) -> Any:
    """Replace ids in a value by titles, for display."""
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    if not isinstance(kind, Reference) or not value:
        return value
    titles = {str(r["id"]): str(r["title"]) for name in kind.to for r in state.records(name)}
    if isinstance(value, list | tuple):
        return [titles.get(lookup_key(item), lookup_key(item)) for item in value]
    return titles.get(lookup_key(value), lookup_key(value))


def lookup_key(value: Any) -> str:
    """The key to look up a record by: the id of a reference, else the text."""
    return value.id if isinstance(value, Ref) else str(value)


def without_empty(values: Values) -> dict[str, Any]:
    """Drop values to be emptied: a new record has none."""
    return {name: value for name, value in values.items() if value is not EMPTY}


def body_of(operation: Operation, values: Values) -> dict[str, Any]:
    """The JSON body of a call: constants, values, and defaults for values that are None."""
    body = dict(operation.body)
    for column in operation.present(values):
        value = values.get(column.id)
        value = column.default if value is None else value
        if value is None or not column.sent:
            continue
        if isinstance(column.at, tuple):
            set_path(body, column.at[0], value.id)
            set_path(body, column.at[1], value.listing)
        else:
            set_path(body, column.at, [value] if column.batch else serialize(column, value))
    return body


def display(value: Any) -> str:
    """A value as text for users."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return "; ".join(quoted(display(one)) for one in value)
    return f"{value:.2f} {value.currency}" if isinstance(value, Amount) else text_of(value)


def derived(operation: Operation, values: Values) -> dict[str, Any]:
    """Add derived values, for a new record."""
    full = dict(values)
    for column, derive in operation.deriving:
        if full.get(column.id) is None and (made := derive(full)) is not None:
            full[column.id] = made
    return full


def equal_values(mine: Any, theirs: Any) -> bool:
    """Whether a value of the sheet equals one of the school: None equals "", 5 equals "5"."""
    if isinstance(mine, list | tuple) or isinstance(theirs, list | tuple):
        return sorted(map(str, mine or ())) == sorted(map(str, theirs or ()))
    if isinstance(mine, bool) or isinstance(theirs, bool):
        return bool(mine) == bool(theirs)
    return text_of(mine) == text_of(theirs)


def pack(values: Values) -> dict[str, Any]:
    """Encode values as JSON: types that JSON lacks become objects with one key."""
    return {name: _packed(value) for name, value in values.items()}


def _packed(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, Amount):
        return {"amount": [value.plain, value.currency]}
    if value is None or isinstance(value, (str, int, float)):
        return value
    if value is EMPTY:
        return {"empty": True}
    if isinstance(value, Ref):
        return {"ref": [value.listing, value.id, value.title]}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple | list):
        return [_packed(item) for item in value]
    return value


def unpack(values: Mapping[str, Any]) -> dict[str, Any]:
    """Decode what `pack` encoded; lists become tuples."""
    return {name: _unpacked(value) for name, value in values.items()}


def _unpacked(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, dict) and "amount" in value:
        return Amount(*value["amount"])
    if isinstance(value, dict):
        if "empty" in value:
            return EMPTY
        return Ref(*value["ref"]) if "ref" in value else date.fromisoformat(value["date"])
    return tuple(map(_unpacked, value)) if isinstance(value, list) else value
