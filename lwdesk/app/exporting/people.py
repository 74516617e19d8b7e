"""Whose rows an export brings: the users of a sheet, or those with a tag or in a group, course or seat offering; and
which lists of a workbook they leave to be asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import tzinfo
from typing import Any

from lwdesk.api.build import request
from lwdesk.api.pages import page, walk
from lwdesk.app.exporting.columns import parts_of
from lwdesk.app.exporting.filters import MOST_IDS, packed, query, read_filters, unpacked
from lwdesk.app.exporting.records import at
from lwdesk.app.exporting.spooled import rows_in
from lwdesk.app.exporting.user_sheet import keys_of
from lwdesk.app.school.directory import Directory
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing, ngettext, number
from lwdesk.catalog import MEMBERSHIPS
from lwdesk.catalog.courses import EACH_COURSE
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.grids import SUSPENDED
from lwdesk.catalog.operation import Need
from lwdesk.catalog.people import IN, TAGS, USERS_OF
from lwdesk.catalog.users import EACH_USER
from lwdesk.jobs.journal import Journal

# The key of the users among the values of an export's filters, and among the facts of its job.
PEOPLE = "people"
_SHOWN = 20
Fact = dict[str, Any]


@dataclass
class People:
    """`users`: id -> email and username. `keys`: what the sheet says -> the user's id, "" where the school has none.
    `alone`: nothing but the sheet chooses them. `each` are the exports that are asked for each of them, which is fewer
    requests than reading all of the list; `sent`: LearnWorlds is asked for their rows alone."""

    users: dict[str, Fact] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    alone: bool = False
    each: list[str] = field(default_factory=list)
    sent: bool = False

    def fits(self, id: Any, email: Any) -> bool:
        """Whether a row is about one of them; who has no account is known by the email."""
        return str(id) in self.users or (self.alone and not id and str(email or "").lower() in self.keys)


def people_of(
    entry: Export,
    values: Mapping[str, Any],
    session: Session,
    directory: Directory,
    warnings: list[str],
    zone: tzinfo | None = None,
) -> dict[str, Any]:
    """The values of an export's filters, narrowed to the users that some of them choose, if any does. `directory` tells
    who the users of a sheet are: for a job an empty one, as accounts and emails may have changed.

    Raises UserError for a sheet that can't be read or has no users in it, and for a page of no user or of too many.
    """
    chosen = [column.id for column in entry.people if column.id in values]
    if not chosen:
        if entry.pages:
            raise UserError(_("Choose the users"), _("This export makes a page for each user you choose")).at(
                USERS_OF.id
            )
        return dict(values)
    people: People | None = None
    for name in chosen:
        found = _found(name, values[name], session, directory, warnings)
        if people is not None:
            first = found if found.keys else people  # the sheet says the order
            both = {id: fact for id, fact in first.users.items() if id in people.users and id in found.users}
            found = People(both, people.keys or found.keys)
        people = found
    assert people is not None
    if entry.pages:
        _check_count(len(people.users), entry.pages.most, chosen[0])
    count = len(people.users)
    if entry.grid:
        people.each = [entry.grid.each] if count <= _courses(values, session) else []
    else:
        parts = parts_of(entry, values)
        people.each = [part.id for part in parts if _asks_each(part, values, count, session, zone)]
    return {**values, PEOPLE: people}


def _check_count(users: int, most: int, at: str) -> None:
    """Raise UserError where no user has a page, or too many would have one."""
    if not users:
        raise UserError(_("None of these users are in your school")).at(at)
    if users > most:
        raise UserError(
            _("Too many users for one file"),
            _("You chose {n}. One file can have at most {most}").format(n=number(users), most=number(most)),
            _("Choose fewer users, or split them into several exports"),
        ).at(at)


def _found(name: str, value: Any, session: Session, directory: Directory, warnings: list[str]) -> People:
    if name == USERS_OF.id:
        return _of_sheet(value, directory, warnings)
    rows = _tagged(value, session) if name == TAGS.id else _members(name, value[0], session)
    return People({str(row["id"]): _fact(row) for row in rows})


def _fact(record: Mapping[str, Any]) -> Fact:
    return {"id": str(record["id"]), "title": record.get("email"), "username": record.get("username")}


def _of_sheet(text: str, directory: Directory, warnings: list[str]) -> People:
    keys, notes = keys_of(text)
    warnings += notes
    directory.fetch(Need("user", key) for key in keys)
    found = People(alone=True)
    for key in keys:
        record = directory.record("user", key)
        found.keys[key] = str(record.data.get("id") or "") if record else ""
        if record and found.keys[key]:
            found.users[found.keys[key]] = _fact(record.data)
    strangers = [key for key, id in found.keys.items() if not id]
    if strangers:
        words = ngettext(
            "{n} of {total} users in the sheet isn't in your school: {names}",
            "{n} of {total} users in the sheet aren't in your school: {names}",
            len(strangers),
            total=number(len(keys)),
            names=listing(strangers, _SHOWN),
        )
        warnings.append(words)
    return found


def _tagged(tags: Iterable[str], session: Session) -> Iterator[dict[str, Any]]:
    """Users with one of the tags. A list of tags in a query may mean all of them, so that each is asked for alone."""
    for tag in tags:
        narrow = (("tags", tag),) if "," not in tag else ()
        asked = request(EACH_USER.call, {}, (*EACH_USER.query, *narrow))
        for found in walk(session.client, asked, EACH_USER.size):
            yield from (row for row in found.rows if tag in (row.get("tags") or ()))


def _members(name: str, item: Mapping[str, Any], session: Session) -> Iterator[dict[str, Any]]:
    way = MEMBERSHIPS[IN[name]].walks[item["type"]]
    for found in walk(
        session.client, request(way.call, {"item": item["id"]}), way.size if way.sized else None
    ):
        yield from found.rows


def narrowed(entry: Export, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with those users in the filters that LearnWorlds has for users."""
    people: People | None = values.get(PEOPLE)
    if people is None:
        return dict(values)
    filters = {column.id for column in entry.filters}
    top = [per.path[0] for per in entry.per]
    more: dict[str, Any] = {}
    if EACH_USER in top and not any(column.id in values for column in entry.narrows):
        chosen = {str(fact["id"]) for fact in values.get("user", ())} or people.users.keys()
        more["user"] = [fact for id, fact in people.users.items() if id in chosen]
    elif "users" in filters and "users" not in values and 0 < len(people.users) <= MOST_IDS:
        more["users"] = list(people.users.values())
    elif entry.id not in people.each:
        return dict(values)
    return {**values, **more, PEOPLE: replace(people, sent=True)}


def lists_of(entry: Export, values: Mapping[str, Any]) -> tuple[Export, ...]:
    """The lists that are fetched: those of a grid that its options and the chosen users leave."""
    grid, people = entry.grid, values.get(PEOPLE)
    if grid is None:
        return parts_of(entry, values)
    left = {*grid.everyone} if people is not None else set()
    if people is not None and grid.each in people.each:
        left |= {grid.members, grid.suspended}
    else:
        left |= {grid.each} if values.get(SUSPENDED.id, SUSPENDED.default) else {grid.each, grid.suspended}
    return tuple(part for part in parts_of(entry) if part.id not in left)


def _courses(values: Mapping[str, Any], session: Session) -> int:
    """How many courses the users of each are asked for."""
    if "course" in values:
        return len(values["course"])
    found = page(
        session.client, request(EACH_COURSE.call, {}), 1, EACH_COURSE.size if EACH_COURSE.sized else None
    )
    return len(found.rows) if found.total is None else found.total


def _asks_each(
    entry: Export, values: Mapping[str, Any], users: int, session: Session, zone: tzinfo | None
) -> bool:
    """Whether a list can be asked for each user, and this is fewer requests than reading all of it."""
    user = next((column for column in entry.filters if column.id == "user" and column.at == "user_id"), None)
    others = {column.id for column in (*entry.filters, *entry.narrows)} & values.keys()
    if "user" in values or (not entry.one and (user is None or entry.per)) or (entry.one and others):
        return False
    if users < 2:
        return users == 1
    if entry.per:
        parents = entry.per[0].path[0]
        found = page(
            session.client, request(parents.call, {}, parents.query), 1, 1 if parents.sized else None
        )
        return found.total is not None and users < found.total
    asked = request(
        entry.call, {}, [(name, text) for name, text in query(entry.query, entry.filters, values, zone)]
    )
    pages = page(session.client, asked, 1, entry.size if entry.sized else None).pages
    return pages is not None and users < pages


# In a job ---------------------------------------------------------------------------------------------------------


def keep(journal: Journal, values: Mapping[str, Any]) -> None:
    """Remember the values of a job's filters and its users, whatever the school calls things later, and whatever
    becomes of the sheet and the group."""
    journal.put(values=packed({name: value for name, value in values.items() if name != PEOPLE}))
    if PEOPLE in values:
        journal.put(**{PEOPLE: asdict(values[PEOPLE])})


def kept(journal: Journal, entry: Export, session: Session) -> dict[str, Any]:
    """The values of a job's filters, with its users, as they were when it was made."""
    found, read = people_of_job(journal), journal.get("values")
    old = read is None  # an older lwdesk didn't keep them
    values = read_filters(entry, journal.get("where", {}), session) if old else unpacked(entry, read)
    return values | ({PEOPLE: found} if found else {})


def people_of_job(journal: Journal) -> People | None:
    """The users of a job; None where all are wanted."""
    facts = journal.get(PEOPLE)
    return People(**facts) if facts else None


def without_rows(journal: Journal, entry: Export) -> list[str]:
    """Which users of the sheet have no rows, in a sentence; none where all have some."""
    people = people_of_job(journal)
    if people is None or not people.keys:
        return []
    there = set[str]().union(*(_in_rows(journal, part) for part in parts_of(entry) if part.about))
    lacking = [key for key, id in people.keys.items() if not {id, key} & there]
    if not lacking:
        return []
    words = ngettext(
        "{n} of {total} users in the sheet has no rows: {names}",
        "{n} of {total} users in the sheet have no rows: {names}",
        len(lacking),
        total=number(len(people.keys)),
        names=listing(lacking, _SHOWN),
    )
    return [words]


def _in_rows(journal: Journal, entry: Export) -> set[str]:
    """The ids of the users that rows are about; of those without an account the emails."""
    found = set[str]()
    who = entry.about.split(".")
    email = entry.about_email.split(".")
    for row in rows_in(entry, journal.pages(entry.id)):
        found.add(str(at(row, who) or str(at(row, email)).lower()))
    return found
