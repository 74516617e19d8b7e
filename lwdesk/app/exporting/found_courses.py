"""Lists of courses for pages of some users: asked for the courses of these users only, which other parts tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from lwdesk.app.exporting.people import PEOPLE, People, narrowed
from lwdesk.app.exporting.records import at
from lwdesk.app.exporting.spooled import rows_in
from lwdesk.app.exporting.walker import Chain, Walker
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.courses import EACH_COURSE
from lwdesk.catalog.export_model import Export
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import Call, Page


def waits(entry: Export, part: Export, values: Mapping[str, Any]) -> bool:
    """Whether a part is asked for the courses that others tell."""
    if entry.pages is None or part.id in values[PEOPLE].each:
        return False
    return bool(part.per) and part.per[0].path[0] == EACH_COURSE


def chains(entry: Export, people: People, pages_of: Callable[[str], Iterable[Page]]) -> list[Chain]:
    """Each course of each of the users once, as parents of lists."""
    assert entry.pages is not None
    users: dict[tuple[str, str], Chain] = {}
    titles: dict[str, Any] = {}
    for part_id, place in entry.pages.courses:
        part, names = EXPORTS[part_id], place.split(".")
        who = part.about.split(".")
        for row in rows_in(part, pages_of(part_id)):
            course, user = at(row, names), people.users.get(str(at(row, who)))
            if course and user:
                titles[str(course)] = titles.get(str(course)) or at(row, [*names[:-1], "title"])
                users[str(course), user["id"]] = {"course": {"id": str(course)}, "user": user}
    return [
        {**chain, "course": {"id": course, "title": titles[course]}}
        for (course, _user), chain in sorted(users.items(), key=lambda one: one[0])
    ]


def plan(
    journal: Journal, entry: Export, parts: Sequence[Export], values: Mapping[str, Any], zone: tzinfo | None
) -> bool:
    """Plan the lists of the courses that the other parts tell, each once. Returns whether there are any new."""
    waiting = [part for part in parts if waits(entry, part, values)]
    if not waiting:
        return False
    found = chains(entry, values[PEOPLE], journal.pages)
    planned = False
    with journal.writing():
        for part in waiting:
            known = {_mark(call) for call in journal.calls("op = ?", part.id)}
            for call in Walker(part, narrowed(part, values), zone).calls_for(found):
                if _mark(call) not in known:
                    journal.add_call(call)
                    planned = True
    return planned


def _mark(call: Call) -> tuple[str, str]:
    return call.values["place"], call.values["role"]
