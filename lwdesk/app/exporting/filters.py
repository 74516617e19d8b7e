"""Filters of an export: the words after `--where` as values, and as the query of a list call."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from lwdesk.app.importing.resolve import Resolver
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing, split_list, suggestion
from lwdesk.catalog import LISTINGS
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Kind, Reference, Several, User, YesNo
from lwdesk.catalog.cells.problems import ERROR, WARNING, Problem
from lwdesk.catalog.effects.records import unknown_user
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.filters import first_of, is_last, period
from lwdesk.catalog.model import Column, custom_column
from lwdesk.catalog.operation import Need, Recipe, Ref

# LearnWorlds documents no limit for the ids in one query; so many fit into every address.
MOST_IDS = 50
_MARKS = ";|\n,"
# What an id of LearnWorlds looks like, so that it is not taken for a title.
_ID = re.compile(r"[0-9a-f]{16,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def periods(entry: Export, where: Mapping[str, str], now: date) -> dict[str, tuple[date, date]]:
    """The first and the last day of the filters that are said relative to `now`, such as "last month"."""
    dates = {column.id for column in entry.choices if isinstance(column.kind, Date)}
    found = {name: period(text, now) for name, text in where.items() if name in dates}
    return {name: span for name, span in found.items() if span is not None}


def actual_days(spans: Mapping[str, tuple[date, date]]) -> dict[str, str]:
    """The day that each of these filters means, as it is typed."""
    return {name: span[is_last(name)].isoformat() for name, span in spans.items()}


def day_notes(entry: Export, where: Mapping[str, str], days: Mapping[str, str]) -> list[str]:
    """Which day each filter means that was said relative to today, a sentence without its period each."""
    words = _("{filter}: “{period}” currently means {day}")
    return [
        words.format(filter=_(filter_column(entry, name).title), period=where[name], day=day)
        for name, day in days.items()
    ]


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
    found: dict[str, Any] = {}
    parents = {level.name for per in entry.per for level in per.path}
    columns = [filter_column(entry, name) for name in where]
    for column in sorted(columns, key=lambda one: bool(_parent(one))):  # the course before its activities
        name, reported = column.id, list[Problem]()
        kind = column.kind if column in entry.options else _opened(column.kind)
        value = kind.read(where[name], reported.append)
        if value is not None and _parent(column):
            value = _parts(column, value, found.get(_parent(column), ()), session, reported)
        elif value is not None and (name in parents or _by_id(column)):
            value = _chosen(column, value if isinstance(value, tuple) else (value,), session, reported)
        elif value is not None and isinstance(kind, User):
            value = _id_of_user(value, session)
        if bad := next((p for p in reported if p.level == ERROR), None):
            raise _unusable(column, bad.message, bad.code == "date")
        for problem in reported:
            if problem.level == WARNING and problem.code == "choice":
                warned(f"{name}: {problem.message}")
        if value is not None:
            found[name] = value
    _check_spans(entry, found)
    return found


def _unusable(column: Column, why: str, no_date: bool = False) -> UserError:
    title = _("The filter “{name}” can't be used").format(name=_(column.title))
    hint = _("You can also write yesterday, last month, this year, or last 7 days") if no_date else ""
    return UserError(title, why, hint).at(column.id)


def _check_spans(entry: Export, found: Mapping[str, Any]) -> None:
    """Raise UserError for a range that ends before it starts: nothing would be found."""
    days = [name for name in found if isinstance(filter_column(entry, name).kind, Date)]
    for last in filter(is_last, days):
        first = first_of(last)
        if first in found and found[first] > found[last]:
            words = _("{last} is before {first}").format(last=found[last], first=found[first])
            raise _unusable(filter_column(entry, last), words)


def _by_id(column: Column) -> bool:
    """Whether the ids of what was written are what counts."""
    kind = _item_kind(column)
    return isinstance(kind, Reference) or (isinstance(kind, User) and kind.by_id)


def _opened(kind: Kind) -> Kind:
    """The kind of a filter; where LearnWorlds may have added words to a list, any word is allowed."""
    if isinstance(kind, Several):
        return replace(kind, item=_opened(kind.item))
    return replace(kind, open=True) if isinstance(kind, Choice) else kind


def filter_column(entry: Export, name: str) -> Column:
    """The filter of this name. Raises UserError where the export has none."""
    column = next((c for c in entry.choices if c.id == name), None)
    if column is None and entry.open and name.startswith("cf_"):
        column = Column(name, custom_column(name).title, at=name)
    if column is None:
        known = [c.id for c in entry.choices]
        there = suggestion(name, known) or _("This export has no filters")
        raise UserError(_("{export} has no filter “{name}”").format(export=entry.id, name=name), there)
    return column


def _chosen(
    column: Column, texts: Sequence[str], session: Session, reported: list[Problem]
) -> list[dict[str, Any]]:
    """What was written by title, email or id, as ids and titles; what the school may no longer have is taken as it is
    written."""
    kind = _item_kind(column)
    if isinstance(kind, User):
        return [fact for text in texts if (fact := _person(text, session, reported)) is not None]
    assert isinstance(kind, Reference)
    which = Column("which", "", Several(kind))
    resolver = Resolver(Recipe("", "", "", (), (which,)), session.directory.titles)
    refs = resolver.resolved({"which": tuple(texts)}, reported.append).get("which", ())
    return [
        {"id": ref, "title": ref}
        if isinstance(ref, str)
        else {"id": ref.id, "title": ref.title, "type": ref.listing}
        for ref in refs
    ]


def _parts(
    column: Column,
    texts: tuple[str, ...],
    parents: Sequence[Mapping[str, Any]],
    session: Session,
    reported: list[Problem],
) -> list[dict[str, Any]]:
    """Activities by title or id: in the chosen courses all that have the title, each with its course; without courses
    by id alone, as every course would have to be asked."""
    kind = _item_kind(column)
    assert isinstance(kind, Reference)
    if not parents:
        ids = split_list(texts[0], _MARKS)
        if titles := [text for text in ids if not _ID.fullmatch(text)]:
            why = _("To use titles ({titles}), also choose the course. Or enter IDs instead").format(
                titles=listing(titles)
            )
            reported.append(Problem(ERROR, "no-course", why))
        return [{"id": id, "title": id} for id in ids]
    owners: dict[str, Mapping[str, Any]] = {}
    records = []
    for parent in parents:
        for record in session.directory.titles(kind.to[0], parent["id"]):
            owners[str(record["id"])] = parent
            records.append(record)
    titles_of = {str(record["id"]): record["title"] for record in records}
    which = Column("which", "", Several(kind))
    resolver = Resolver(Recipe("", "", "", (), (which,)), lambda _listing, _of: records)
    problems: list[Problem] = []
    values = {"parent": Ref(_parent(column), "any", ""), "which": texts}
    refs = resolver.resolved(values, problems.append).get("which", ())
    several = [id for problem in problems if problem.code == "ambiguous" for id in problem.choices]
    reported += [problem for problem in problems if problem.code != "ambiguous"]
    found = dict.fromkeys([*(str(ref.id) for ref in refs), *several])
    return [{"id": id, "title": titles_of[id], "of": owners[id]} for id in found]


def _item_kind(column: Column) -> Kind:
    """The kind of one of the things that a filter takes."""
    return column.kind.item if isinstance(column.kind, Several) else column.kind


def _parent(column: Column) -> str:
    """The listing of what the things that a filter names belong to; "" for most filters."""
    kind = _item_kind(column)
    of = LISTINGS[kind.to[0]].of if isinstance(kind, Reference) and kind.to[0] in LISTINGS else None
    return of.to if of is not None else ""


def _person(text: str, session: Session, reported: list[Problem]) -> dict[str, Any] | None:
    session.directory.fetch([Need("user", text)])
    known = session.directory.record("user", text)
    if known is None:
        reported.append(Problem(ERROR, "unknown", unknown_user(text).message))
        return None
    return {"id": known.data["id"], "title": known.data["email"], "username": known.data["username"]}


def _id_of_user(text: str, session: Session) -> str:
    """The id of a user, who may have another email tomorrow; of one whom the school doesn't have what was written."""
    session.directory.fetch([Need("user", text)])
    known = session.directory.record("user", text)
    return text if known is None else str(known.data["id"])


def packed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an export's filters as JSON."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def unpacked(entry: Export, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The values that `packed` made JSON of."""
    return {
        name: date.fromisoformat(value) if isinstance(filter_column(entry, name).kind, Date) else value
        for name, value in kept.items()
    }


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
        last = is_last(column.id)
        day = value + timedelta(column.wider if last else -column.wider)
        moment = datetime.combine(day, datetime.max.time() if last else datetime.min.time(), zone)
        return [str(int(moment.timestamp()))]
    if isinstance(value, list | tuple):
        texts = [one["id"] if isinstance(one, dict) else str(one) for one in value]
        return texts if str(column.at).endswith("[]") else [",".join(texts)]
    return [str(value)]
