"""Filters of an export: the words after `--where` as values, and as the query of a list call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from lwdesk.app.importing.resolve import Resolver
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing, nearest
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Kind, Reference, Several, User, YesNo
from lwdesk.catalog.cells.problems import ERROR, WARNING, Problem
from lwdesk.catalog.effects.records import unknown_user
from lwdesk.catalog.model import Column, Export, custom_column
from lwdesk.catalog.operation import Need, Recipe

# LearnWorlds documents no limit for the ids in one query; so many fit into every address.
MOST_IDS = 50


def read_filters(
    entry: Export,
    where: Mapping[str, str],
    session: Session,
    warned: Callable[[str], None] = lambda _text: None,
) -> dict[str, Any]:
    """The values of an export's filters, read like cells; what names parents becomes their id and title.

    A word that no list of lwdesk has is used all the same, as LearnWorlds may have added it: `warned` gets a message.
    Raises UserError for an unknown name or a value that cannot be used.
    """
    found = {}
    parents = {level.name for per in entry.per for level in per.path}
    for name, text in where.items():
        column = _column(entry, name)
        reported: list[Problem] = []
        kind = column.kind if column in entry.options else _opened(column.kind)
        value = kind.read(text, reported.append)
        if value is not None and (name in parents or _by_id(column)):
            value = _chosen(column, value if isinstance(value, tuple) else (value,), session, reported)
        if bad := next((p for p in reported if p.level == ERROR), None):
            raise _unusable(column, bad.message)
        for problem in reported:
            if problem.level == WARNING and problem.code == "choice":
                warned(f"{name}: {problem.message}")
        if value is not None:
            found[name] = value
    _check_spans(entry, found)
    return found


def _unusable(column: Column, why: str) -> UserError:
    title = _("The filter “{name}” can't be used").format(name=_(column.title))
    return UserError(title, why).at(column.id)


def _check_spans(entry: Export, found: Mapping[str, Any]) -> None:
    """Raise UserError for a range that ends before it starts: nothing would be found."""
    days = [name for name in found if isinstance(_column(entry, name).kind, Date)]
    for last in filter(is_last, days):
        first = last.replace("until", "from").replace("before", "after")
        if first in found and found[first] > found[last]:
            words = _("{last} is before {first}").format(last=found[last], first=found[first])
            raise _unusable(_column(entry, last), words)


def is_last(name: str) -> bool:
    """Whether a filter is the last day of a span."""
    return name.endswith(("until", "before"))


def _by_id(column: Column) -> bool:
    """Whether the ids of what was written are what counts."""
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    return isinstance(kind, Reference) or (isinstance(kind, User) and kind.by_id)


def _opened(kind: Kind) -> Kind:
    """The kind of a filter; where LearnWorlds may have added words to a list, any word is allowed."""
    if isinstance(kind, Several):
        return replace(kind, item=_opened(kind.item))
    return replace(kind, open=True) if isinstance(kind, Choice) else kind


def _column(entry: Export, name: str) -> Column:
    column = next((c for c in entry.choices if c.id == name), None)
    if column is None and entry.open and name.startswith("cf_"):
        column = Column(name, custom_column(name).title, at=name)
    if column is None:
        known = [c.id for c in entry.choices]
        close = nearest(name, known) or known
        there = _("There are {filters}").format(filters=listing(close, 10)) if known else _("It has none")
        raise UserError(_("{export} has no filter “{name}”").format(export=entry.id, name=name), there)
    return column


def _chosen(
    column: Column, texts: Sequence[str], session: Session, reported: list[Problem]
) -> list[dict[str, Any]]:
    """What was written by title, email or id, as ids and titles; what has no list of its own (activities), and what
    the school may no longer have, is taken as it is written."""
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    if isinstance(kind, User):
        return [fact for text in texts if (fact := _person(text, session, reported)) is not None]
    if not isinstance(kind, Reference):
        return [{"id": text, "title": text} for text in texts]
    which = Column("which", "", Several(kind))
    resolver = Resolver(Recipe("", "", "", (), (which,)), session.directory.titles)
    refs = resolver.resolved({"which": tuple(texts)}, reported.append).get("which", ())
    return [
        {"id": ref, "title": ref}
        if isinstance(ref, str)
        else {"id": ref.id, "title": ref.title, "type": ref.listing}
        for ref in refs
    ]


def _person(text: str, session: Session, reported: list[Problem]) -> dict[str, Any] | None:
    session.directory.fetch([Need("user", text)])
    known = session.directory.record("user", text)
    if known is None:
        reported.append(Problem(ERROR, "unknown", unknown_user(text).message))
        return None
    return {"id": known.data["id"], "title": known.data["email"], "username": known.data["username"]}


def query(
    constants: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    values: Mapping[str, Any],
    zone: tzinfo | None = None,
) -> list[list[str]]:
    """The query of a list call: constants, overridden by the filters that have a place in it. Days begin in `zone`, or
    this computer's time zone. More ids than a query can carry are left to the test of each row."""
    pairs = {name: [value] for name, value in constants}
    known = {column.id: column for column in columns}
    for name, value in values.items():
        column = known.get(name) or (
            Column(name, name, at=name) if columns and name.startswith("cf_") else None
        )
        if column is not None and isinstance(column.at, str) and sent(column, value):
            pairs[column.at] = _wire(column, value, zone)
    return [[name, text] for name, texts in pairs.items() for text in texts]


def sent(column: Column, value: Any) -> bool:
    """Whether a filter goes into the query."""
    many = bool(column.reads) and isinstance(value, list) and len(value) > MOST_IDS
    return bool(column.at) and not many


def _wire(column: Column, value: Any, zone: tzinfo | None) -> list[str]:
    if isinstance(column.kind, YesNo):
        return ["true" if value else "false"]
    if isinstance(column.kind, Date):
        edge = datetime.max.time() if is_last(column.id) else datetime.min.time()
        moment = datetime.combine(value, edge, zone)
        return [str(int(moment.timestamp()))]
    if isinstance(value, list | tuple):
        texts = [one["id"] if isinstance(one, dict) else str(one) for one in value]
        return texts if str(column.at).endswith("[]") else [",".join(texts)]
    return [str(value)]
