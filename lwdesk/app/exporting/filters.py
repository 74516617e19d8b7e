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
        value = _opened(column.kind).read(text, reported.append)
        if name in parents and value is not None:
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


# Filters that are the first and the last day of a span.
_SPANS = (("registered_after", "registered_before"), ("from", "until"))


def _check_spans(entry: Export, found: Mapping[str, Any]) -> None:
    """Raise UserError for a range that ends before it starts: nothing would be found."""
    for first, last in _SPANS:
        if first in found and last in found and found[first] > found[last]:
            words = _("{last} is before {first}").format(last=found[last], first=found[first])
            raise _unusable(_column(entry, last), words)


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
    """Parents by title, email or id; what has no list of its own (activities) is taken as it is written."""
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    if isinstance(kind, User):
        return [fact for text in texts if (fact := _person(text, session, reported)) is not None]
    if not isinstance(kind, Reference):
        return [{"id": text, "title": text} for text in texts]
    which = Column("which", "", Several(Reference(kind.to)))
    resolver = Resolver(Recipe("", "", "", (), (which,)), session.directory.titles)
    refs = resolver.resolved({"which": tuple(texts)}, reported.append).get("which", ())
    return [{"id": ref.id, "title": ref.title, "type": ref.listing} for ref in refs]


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
    this computer's time zone."""
    pairs = {name: [value] for name, value in constants}
    known = {column.id: column for column in columns}
    for name, value in values.items():
        column = known.get(name) or (
            Column(name, name, at=name) if columns and name.startswith("cf_") else None
        )
        if column is not None and isinstance(column.at, str) and column.at:
            pairs[column.at] = _wire(column, value, zone)
    return [[name, text] for name, texts in pairs.items() for text in texts]


def _wire(column: Column, value: Any, zone: tzinfo | None) -> list[str]:
    if isinstance(column.kind, YesNo):
        return ["true" if value else "false"]
    if isinstance(column.kind, Date):
        end = str(column.at).endswith("before")
        moment = datetime.combine(value, datetime.max.time() if end else datetime.min.time(), zone)
        return [str(int(moment.timestamp()))]
    if isinstance(column.kind, Several):
        return list(map(str, value)) if str(column.at).endswith("[]") else [",".join(map(str, value))]
    return [str(value)]
