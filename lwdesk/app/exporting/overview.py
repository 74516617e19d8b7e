"""The progress overview: how far users are in each of their courses, and the figures of each course."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from sys import intern
from typing import Any

from lwdesk.app.exporting.cells import moment
from lwdesk.app.exporting.members import (
    NOT_READ,
    Members,
    Users,
    members_of,
    name_columns,
    status_of,
)
from lwdesk.app.exporting.spooled import read_pages, rows_on
from lwdesk.base.text import N_, _
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.courses import ANALYTICS
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.progress import PROGRESS
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.columns import Column
from lwdesk.sheets.matrix import DONE, DONE_LEFT, PERCENT, PERCENT_LEFT, Cell, Matrix
from lwdesk.sheets.sheet import Chart, Sheet

_NOT_BEGUN = N_("not started")
_OF_USER = (N_("Courses"), N_("Courses started"), N_("Courses completed"))
_OF_COURSE = (N_("Enrolled users"), N_("Users who started"), N_("Users who completed"))
_ALL_COMPLETED, _NOT_STARTED = "completed", "not_started"


@dataclass
class _Progress:
    """Course -> user -> (percent, whether it is completed), of those who have begun; `emails` by user id."""

    begun: dict[str, dict[str, tuple[float, bool]]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Figures:
    """Of the users who are enrolled in a course: `unread` are those whose progress could not be read, and the figures
    after it are of the others."""

    course: str
    enrolled: int
    unread: int
    begun: int
    completed: int
    middle: float | None
    left: int


def sheets(entry: Export, journal: Journal, about: list[tuple[str, Any]]) -> Iterator[Matrix | Sheet]:
    """The sheets of the overview; `about` gets what is to be known of them."""
    assert entry.grid is not None
    members, progress = members_of(journal, entry.grid), _read(journal)
    users = Users(journal, progress.emails)
    maker = _Maker(members, users, progress)
    courses = [
        id for id in dict.fromkeys([*members.titles, *members.users, *progress.begun]) if maker.users(id)
    ]
    if not courses:
        return
    by_course = _("Progress by course")
    words = _(
        "Enrolled users, including suspended ones. Users who haven't started count as 0% in the median and averages."
    )
    figures = [maker.figures(id) for id in courses]
    about += [(by_course, words), (_(entry.grid.title), maker.note())]
    if any(one.unread for one in figures):
        lacking = _("Users whose progress could not be read are counted as enrolled, and in no other figure.")
        about.append((by_course, lacking))
    yield maker.sheet(_(entry.grid.title), courses)
    yield _by_course(by_course, figures, maker, _certificates(journal))


def _read(journal: Journal) -> _Progress:
    entry, found = EXPORTS[PROGRESS.id], _Progress()
    for page in read_pages(entry, journal.pages(entry.id)):
        for row in rows_on(entry, page):
            user = row["of"]["user"]
            id, course, status = (
                intern(str(user["id"])),
                intern(str(row.get("course_id") or "")),
                row.get("status"),
            )
            if not course or status == _NOT_STARTED:
                continue
            found.emails.setdefault(id, str(user.get("title") or ""))
            rate = row.get("progress_rate")
            percent = float(rate) if isinstance(rate, int | float) else 0.0
            found.begun.setdefault(course, {})[id] = (percent, status == _ALL_COMPLETED)
    return found


def _certificates(journal: Journal) -> Mapping[str, Any] | None:
    """Course -> certificates issued; None where they were not asked for."""
    entry = EXPORTS[ANALYTICS.id]
    if entry.id not in journal.get("parts", ()):
        return None
    return {
        str(page.chain["course"]["id"]): row.get("certificates_issued")
        for page in read_pages(entry, journal.pages(entry.id))
        for row in rows_on(entry, page)
    }


class _Maker:
    """Makes the sheets."""

    def __init__(self, members: Members, users: Users, progress: _Progress):
        self._members, self._users, self._progress = members, users, progress

    def users(self, id: str) -> set[str]:
        """Those of a course, and those who left it after they had begun."""
        return self._members.users.get(id, set()) | self._progress.begun.get(id, {}).keys()

    def title(self, id: str) -> str:
        return self._members.title(id, self._users.names)

    def sheet(self, title: str, courses: Sequence[str]) -> Matrix:
        """Users by courses."""
        mine: dict[str, list[str]] = {}
        for id in courses:
            for user in self.users(id):
                mine.setdefault(user, []).append(id)
        places = {id: n for n, id in enumerate(courses)}
        figures = [Column(_("Last login"), "datetime"), *(Column(_(one), "integer") for one in _OF_USER)]
        figures.append(Column(_("Average %"), "average"))
        order = self._users.ordered(mine)
        rows = (
            [*self._users.named(user, self._status(user)), *self._figures(user, mine[user]), *cells, user]
            for user in order
            if (cells := self._line(places, mine[user], user))
        )
        headings = [self.title(id) for id in courses]
        return Matrix(
            title, title, self.note(), name_columns(), figures, [], headings, [Column(_("User ID"))], rows
        )

    def note(self) -> str:
        words = _(
            "Progress in each course, in percent. ✓: completed. “{not_begun}”: enrolled but not started. In "
            "brackets: the user left the course. Empty: not in the course."
        )
        return words.format(not_begun=_(_NOT_BEGUN))

    def figures(self, id: str) -> _Figures:
        """The figures of a course."""
        begun = self._progress.begun.get(id, {})
        enrolled = self._members.users.get(id, ())
        read = [user for user in enrolled if user in begun or not self._unread(user)]
        rates = [begun.get(user, (0.0, False)) for user in read]
        return _Figures(
            id,
            len(enrolled),
            len(enrolled) - len(read),
            sum(user in begun for user in read),
            sum(completed for _rate, completed in rates),
            median(rate for rate, _completed in rates) if rates else None,
            sum(self._there(id, user) is False for user in begun),
        )

    def _unread(self, user: str) -> bool:
        return self._members.lacks(PROGRESS.id, user)

    def _there(self, id: str, user: str) -> bool | None:
        """Whether a user is in a course; None where that isn't known."""
        return self._members.has(id, user, self._users)

    def _status(self, user: str) -> str:
        return status_of(True, self._users.suspended(user)) if self._users.suspended(user) else ""

    def _line(self, places: Mapping[str, int], mine: Sequence[str], user: str) -> list[Cell]:
        """The cells of a user; empty ones for courses that the user isn't in."""
        found: list[Cell] = [None] * len(places)
        for id in mine:
            found[places[id]] = self._cell(id, user)
        return found

    def _cell(self, id: str, user: str) -> Cell:
        begun = self._progress.begun.get(id, {}).get(user)
        if begun is None:
            if user not in self._members.users.get(id, ()):
                return None
            return _(NOT_READ) if self._unread(user) else _(_NOT_BEGUN)
        rate, completed = begun
        left = self._there(id, user) is False
        return rate, (DONE_LEFT if left else DONE) if completed else PERCENT_LEFT if left else PERCENT

    def _figures(self, user: str, courses: Sequence[str]) -> list[Any]:
        """Last login; courses, begun and completed ones, and the average, of those that the user is in."""
        enrolled = [id for id in courses if user in self._members.users.get(id, ())]
        found = [
            self._progress.begun[id][user] for id in enrolled if user in self._progress.begun.get(id, {})
        ]
        seen = moment(self._users.facts(user).get("last_login"))
        if self._unread(user) and len(found) < len(enrolled):
            return [seen, len(enrolled), None, None, None]
        average = (
            fmean([*(rate for rate, _done in found), *[0.0] * (len(enrolled) - len(found))])
            if enrolled
            else None
        )
        return [seen, len(enrolled), len(found), sum(done for _rate, done in found), average]


def _by_course(
    title: str, figures: list[_Figures], maker: _Maker, certificates: Mapping[str, Any] | None
) -> Sheet:
    """The figures of each course, the largest first, with a chart. Shares are of the users whose progress was read; a
    column says of how many it was not."""
    unread = any(one.unread for one in figures)
    figures.sort(key=lambda one: (-one.enrolled, maker.title(one.course).casefold()))
    columns = [
        Column(_("Course")),
        *(Column(_(one), "integer") for one in _OF_COURSE),
        Column(_("Completed %"), "percent"),
        Column(_("Median progress %"), "average"),
        Column(_("Started, then left"), "integer"),
        *([Column(_("Progress not read"), "integer")] if unread else []),
        *([] if certificates is None else [Column(_("Certificates"), "integer")]),
        Column(_("Course ID"), hidden=True),
    ]
    rows = [
        [
            maker.title(one.course),
            one.enrolled,
            *((one.begun, one.completed) if one.enrolled > one.unread or not one.enrolled else (None, None)),
            one.completed / (one.enrolled - one.unread) if one.enrolled > one.unread else None,
            *(one.middle, one.left),
            *([one.unread] if unread else []),
            *([] if certificates is None else [certificates.get(one.course)]),
            one.course,
        ]
        for one in figures
    ]
    chart = Chart(_("Enrolled, started, completed"), 0, 1, bars=True, beside=(2, 3))
    return Sheet(title, columns, rows, derived=True, chart=chart)
