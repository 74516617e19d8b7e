"""What grids have in common: who is in which course, and who the users are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from lwdesk.app.exporting.names import Names, gone, of_journal
from lwdesk.app.exporting.records import at
from lwdesk.app.exporting.spooled import read_pages, rows_on
from lwdesk.base.text import N_, _, fold
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.summaries import Grid
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import FAILED
from lwdesk.sheets.columns import Column

# Texts of cells without a number.
NOT_READ = N_("not read")
NAMES = (N_("Last name"), N_("First name"), N_("Email"), N_("Status"))
_ENROLLED, _SUSPENDED, _LEFT = N_("enrolled"), N_("suspended"), N_("left the course")
_LEFT_SUSPENDED = N_("left the course, suspended")


@dataclass
class Members:
    """Who is in which course. `titles` are those of courses, by id, in the school's order. `unread` are the ids of
    courses and users of which something could not be read, for each list; `all_unread` the lists of which anything may
    be missing; `lists` those that were fetched. `suspended`: whether it is known which courses suspended users have."""

    titles: dict[str, str] = field(default_factory=dict)
    users: dict[str, set[str]] = field(default_factory=dict)
    unread: dict[str, set[str]] = field(default_factory=dict)
    all_unread: set[str] = field(default_factory=set)
    lists: tuple[str, ...] = ()
    suspended: bool = True

    def has(self, course: str, user: str, who: "Users") -> bool | None:
        """Whether a user is in a course; None where that isn't known."""
        if user in self.users.get(course, ()):
            return True
        if not self.suspended and who.suspended(user):
            return None
        missing = any(self.lacks(one, course) or self.lacks(one, user) for one in self.lists)
        return None if missing else False

    def lacks(self, part: str, id: str) -> bool:
        """Whether something of a list is missing for a course or user."""
        return part in self.all_unread or id in self.unread.get(part, ())

    def title(self, course: str, names: Names) -> str:
        """What a course is called; with its id where another one has the title."""
        known = self.titles.get(course) or (names.get(("course",), course) or {}).get("title")
        if known is None:
            return f"{course} {gone()}"
        twin = any(title == known and id != course for id, title in self.titles.items())
        return f"{known} ({course})" if twin else str(known)


def members_of(journal: Journal, grid: Grid) -> Members:
    """Read who is in which course from the pages of a job."""
    fetched = journal.get("parts", ())
    lists = tuple(one for one in (grid.members, grid.suspended, grid.each) if one in fetched)
    found = Members(lists=lists, suspended=grid.suspended in lists or grid.each in lists)
    for part in lists:
        entry = EXPORTS[part]
        of = next(column for column in entry.columns if column.refers and column.refers.to == ("course",))
        course_at, user_at = of.at.split("."), entry.about.split(".")
        for page in read_pages(entry, journal.pages(part)):
            if "course" in page.chain:
                found.titles.setdefault(str(page.chain["course"]["id"]), page.chain["course"]["title"])
            for row in rows_on(entry, page):
                course = intern(str(at(row, course_at)))
                if (title := at(row, ("course", "title"))) is not None:
                    found.titles.setdefault(course, title)
                found.users.setdefault(course, set()).add(intern(str(at(row, user_at))))
    for call in journal.calls("state = ?", FAILED):
        ids = {str(fact["id"]) for fact in call.values["chain"].values()}
        found.unread.setdefault(call.op, set()).update(ids)
        if not ids:
            found.all_unread.add(call.op)
    return found


class Users:
    """Who the users of a grid are, as a job has looked them up. `emails` are those that rows show, by user id."""

    def __init__(self, journal: Journal, emails: Mapping[str, str]):
        self.names, self._emails = of_journal(journal), emails

    def facts(self, id: str) -> Mapping[str, Any]:
        """The fields of a user; what rows show of those that the school no longer has."""
        found = self.names.get(("user",), id)
        if found is None:
            return {"email": self._emails.get(id), "last_name": self.names.unknown(("user",))}
        if not found.get("first_name") and not found.get("last_name"):
            return {**found, "last_name": found.get("username")}  # older schools have no other name
        return found

    def suspended(self, id: str) -> bool:
        return bool((self.names.get(("user",), id) or {}).get("is_suspended"))

    def ordered(self, ids: Iterable[str], last: Iterable[str] = ()) -> list[str]:
        """Users by their names, those in `last` after the others."""
        end = set(last)

        def key(id: str) -> tuple[Any, ...]:
            facts = self.facts(id)
            words = (facts.get(name) for name in ("last_name", "first_name", "email"))
            return id in end, *(fold(str(word or "")) for word in words), id

        return sorted(ids, key=key)

    def named(self, id: str, status: str) -> list[Any]:
        """The cells of `NAMES`."""
        facts = self.facts(id)
        return [facts.get("last_name"), facts.get("first_name"), facts.get("email"), status]


def name_columns() -> list[Column]:
    return [Column(_(title)) for title in NAMES]


def status_of(there: bool | None, suspended: bool) -> str:
    """What a user is to a course, in words."""
    if there is False:
        return _(_LEFT_SUSPENDED if suspended else _LEFT)
    return _(_SUSPENDED) if suspended else _(_ENROLLED) if there else ""


def spans(titles: Sequence[str]) -> list[tuple[str, int]]:
    """Neighbours of one title: the title, and how many they are."""
    found: list[tuple[str, int]] = []
    for title in titles:
        if found and found[-1][0] == title:
            found[-1] = (title, found[-1][1] + 1)
        else:
            found.append((title, 1))
    return found
