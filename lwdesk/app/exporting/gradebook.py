"""The gradebook: the users of courses, and what they reached in each activity."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from sys import intern
from typing import Any

from lwdesk.app.exporting.members import (
    NOT_READ,
    Members,
    Users,
    members_of,
    name_columns,
    spans,
    status_of,
)
from lwdesk.app.exporting.spooled import read_pages, rows_on
from lwdesk.base.text import N_, _, listing
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.assessments import ASSESSMENTS
from lwdesk.catalog.courses import GRADES, SUBMITTED
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.grids import LAST, ONE, PASS_MARK, RETAKES, SHEETS
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.columns import Column, Formula
from lwdesk.sheets.matrix import GIVEN, LEFT, MOST_COLUMNS, Cell, Matrix, first_row
from lwdesk.sheets.table import letter

_NOT_TAKEN, _TO_GRADE = N_("not taken"), N_("to grade")
_AVERAGE, _ATTEMPTED, _MISSING, _PASSED = N_("Average"), N_("Attempted"), N_("Not taken"), N_("Number passed")
_NONE = "–"


@dataclass
class _Course:
    """The activities of a course in its order, id -> (section, title); those that are graded, and the grades of users
    in each, None where a teacher has not given one yet."""

    activities: dict[str, tuple[str, str]] = field(default_factory=dict)
    graded: set[str] = field(default_factory=set)
    grades: dict[str, dict[str, float | None]] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)


@dataclass
class _Book:
    """What the pages of a job hold of grades: courses by id, and the emails in the rows, by user id."""

    courses: dict[str, _Course] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)


def sheets(entry: Export, journal: Journal, about: list[tuple[str, Any]]) -> Iterator[Matrix]:
    """The sheets of the gradebook; `about` gets what is to be known of them."""
    assert entry.grid is not None
    options = journal.get("options", {})
    members = members_of(journal, entry.grid)
    book = _read(journal, last=options.get(RETAKES.id) == LAST)
    for id, course in book.courses.items():
        course.users |= members.users.get(id, set())
    shown = {id: one for id, one in book.courses.items() if one.graded and one.users}
    users = Users(journal, book.emails)
    maker = _Maker(
        members, users, book, options, dated=any(c.id in journal.get("where", {}) for c in SUBMITTED)
    )
    unread = {
        id for id in book.courses if any(members.lacks(part, id) for part in (GRADES.id, *members.lists))
    }
    left = [members.title(id, users.names) for id in book.courses if id not in shown and id not in unread]
    if left:
        about.append(
            (
                _("Not included"),
                _("{courses}: no users or nothing to grade").format(courses=listing(left, 20)),
            )
        )
    about.append(
        (_("Averages"), _("Existing grades only. These are formulas: they update when you edit a grade"))
    )
    width = sum(len(one.graded) for one in shown.values())
    if options.get(SHEETS.id) == ONE and shown:
        if width <= MOST_COLUMNS - 20:
            yield maker.sheet(_(entry.grid.title), tuple(shown))
            return
        words = _("One sheet for each course: all activities together need more columns than a sheet has")
        about.append((_("Note"), words))
    for id in shown:
        yield maker.sheet(members.title(id, users.names), (id,))


def _read(journal: Journal, *, last: bool) -> _Book:
    """The grades of a job: the best one of an activity, or that of the last attempt."""
    entry, book = EXPORTS[GRADES.id], _Book()
    stamps: dict[tuple[str, str, str], float] = {}
    for page in read_pages(entry, journal.pages(entry.id)):
        if "course" not in page.chain:
            continue
        id = str(page.chain["course"]["id"])
        course = book.courses.setdefault(id, _Course())
        for unit, facts in page.join.items():
            course.activities.setdefault(
                intern(unit), (str(facts.get("section") or ""), str(facts.get("title") or unit))
            )
            if facts.get("type") in ASSESSMENTS:
                course.graded.add(unit)
        for row in rows_on(entry, page):
            unit, user, grade = _attempt(row)
            if not user or not unit:
                continue
            book.emails.setdefault(user, str(row.get("email") or ""))
            course.graded.add(unit)
            course.users.add(user)
            grades = course.grades.setdefault(unit, {})
            if last:
                stamp = _when(row)
                if stamp < stamps.get((id, unit, user), 0):
                    continue
                stamps[id, unit, user] = stamp
                grades[user] = grade
            elif (known := grades.get(user)) is None or (grade is not None and grade > known):
                grades[user] = grade
    return book


def _attempt(row: dict[str, Any]) -> tuple[str, str, float | None]:
    """Activity, user and grade of a submission."""
    unit, user, grade = row.get("learningUnit") or {}, row.get("user_id"), row.get("grade")
    number = grade if isinstance(grade, int | float) and not isinstance(grade, bool) else None
    return intern(str(unit.get("id") or "")), intern(str(user or "")), number


def _when(row: dict[str, Any]) -> float:
    stamps = (row.get(name) for name in ("submittedTimestamp", "created"))
    return next((float(stamp) for stamp in stamps if isinstance(stamp, int | float)), 0.0)


class _Maker:
    """Makes the sheets."""

    def __init__(self, members: Members, users: Users, book: _Book, options: dict[str, Any], *, dated: bool):
        self._members, self._users, self._book, self._dated = members, users, book, dated
        self._last = options.get(RETAKES.id) == LAST
        self._mark: float | None = options.get(PASS_MARK.id)
        self._order = {id: self._activities(id) for id in book.courses}
        self._left = {
            id: {user for user in course.users if self._there(id, user) is False}
            for id, course in book.courses.items()
            if course.graded
        }

    def sheet(self, title: str, ids: Sequence[str]) -> Matrix:
        """The sheet of one course or several."""
        columns = [(id, unit) for id in ids for unit in self._order[id]]
        courses = [self._members.title(id, self._users.names) for id, _unit in columns]
        found = [self._activity(id, unit) for id, unit in columns]
        sections = spans([section for section, _title in found])
        if len(ids) > 1:  # sections of two courses may have one title
            sections = [
                one for id in ids for one in spans([self._activity(*c)[0] for c in columns if c[0] == id])
            ]
        order = self._ordered(ids)
        figures = [
            Column(_(_AVERAGE), "average"),
            *(Column(_(one), "integer") for one in (_ATTEMPTED, _MISSING)),
        ]
        figures += [] if self._mark is None else [Column(_(_PASSED), "integer")]
        start = len(name_columns()) + len(figures)
        levels = [spans(courses), sections] if len(ids) > 1 else [sections]
        first = first_row(levels)
        across = [
            f"{letter(start)}{row}:{letter(start + len(columns) - 1)}{row}"
            for row in range(first, first + len(order))
        ]
        rows = (
            [*self._users.named(user, self._status(ids, user)), *self._figures(span, line), *line, user]
            for user, span in zip(order, across, strict=True)
            if (line := [cell for id in ids for cell in self._line(id, user)])
        )
        return Matrix(
            title,
            title,
            self._note(ids),
            name_columns(),
            figures,
            levels,
            [title for _section, title in found],
            [Column(_("User ID"))],
            rows,
            self._totals(columns, order, start, first),
            None if self._mark is None else (_(PASS_MARK.title), self._mark),
        )

    def _activities(self, id: str) -> list[str]:
        """Those of a course that are graded, in its order; those that it no longer has come last."""
        course = self._book.courses[id]
        return [
            *(unit for unit in course.activities if unit in course.graded),
            *sorted(course.graded - course.activities.keys()),
        ]

    def _activity(self, id: str, unit: str) -> tuple[str, str]:
        """Section and title; only the id of what the course no longer has, or could not be read."""
        activities = self._book.courses[id].activities
        return activities.get(unit) or (_("(no longer in the course)") if activities else "", unit)

    def _ordered(self, ids: Sequence[str]) -> list[str]:
        users = set().union(*(self._book.courses[id].users for id in ids))
        here = set().union(*(self._book.courses[id].users - self._left[id] for id in ids))
        return self._users.ordered(users, users - here)

    def _there(self, id: str, user: str) -> bool | None:
        """Whether a user is in a course; None where that isn't known."""
        return self._members.has(id, user, self._users)

    def _status(self, ids: Sequence[str], user: str) -> str:
        mine = [self._there(id, user) for id in ids if user in self._book.courses[id].users]
        there = True if True in mine else None if None in mine else False
        return status_of(there, self._users.suspended(user))

    def _line(self, id: str, user: str) -> Sequence[Cell]:
        """The cells of a user in a course; empty ones where the user isn't in it."""
        course = self._book.courses[id]
        if user not in course.users:
            return [None] * len(course.graded)
        return [self._cell(id, unit, user) for unit in self._order[id]]

    def _cell(self, id: str, unit: str, user: str) -> Cell:
        grades = self._book.courses[id].grades.get(unit, {})
        if user not in grades:
            return _(NOT_READ) if self._members.lacks(GRADES.id, id) else _(_NOT_TAKEN)
        grade = grades[user]
        if grade is None:
            return _(_TO_GRADE)
        return (grade, LEFT) if user in self._left[id] else grade

    def _figures(self, span: str, cells: Collection[Cell]) -> list[Formula]:
        """The formulas for a span of cells: average, attempted, not taken, and passed where there is a mark."""
        numbers = [
            cell[0] if isinstance(cell, tuple) else cell for cell in cells if not isinstance(cell, str)
        ]
        grades = [float(one) for one in numbers if isinstance(one, int | float)]
        texts = [cell for cell in cells if isinstance(cell, str)]
        ungraded, missing = (f'COUNTIF({span},"{_(word)}")' for word in (_TO_GRADE, _NOT_TAKEN))
        found = [
            Formula(f'=IFERROR(AVERAGE({span}),"{_NONE}")', fmean(grades) if grades else _NONE),
            Formula(f"=COUNT({span})+{ungraded}", len(grades) + texts.count(_(_TO_GRADE))),
            Formula(f"={missing}", texts.count(_(_NOT_TAKEN))),
        ]
        if self._mark is not None:
            passed = sum(grade >= self._mark for grade in grades)
            found.append(Formula(f'=COUNTIF({span},">="&{GIVEN})', passed))
        return found

    def _totals(
        self, columns: Sequence[tuple[str, str]], order: Sequence[str], start: int, first: int
    ) -> list[tuple[str, list[Cell]]]:
        """The same figures of each activity, below."""
        labels = [_(one) for one in (_AVERAGE, _ATTEMPTED, _MISSING, _PASSED)][
            : 3 if self._mark is None else 4
        ]
        below = [
            self._figures(
                f"{letter(index)}{first}:{letter(index)}{first + len(order) - 1}",
                [self._cell(id, unit, user) for user in self._book.courses[id].users],
            )
            for index, (id, unit) in enumerate(columns, start)
        ]
        return [
            ("integer" if n else "average", [label, *[None] * (start - 1), *(one[n] for one in below)])
            for n, label in enumerate(labels)
        ]

    def _note(self, ids: Sequence[str]) -> str:
        words = [
            _("The last grade of each activity (0-100).")
            if self._last
            else _("The best grade of each activity (0-100)."),
            _(
                "“{not_taken}”: no attempt. “{to_grade}”: waiting for a teacher's "
                "grade. In brackets: the user left the course."
            ).format(not_taken=_(_NOT_TAKEN), to_grade=_(_TO_GRADE)),
        ]
        if self._dated:
            words.append(_("Only attempts on the chosen dates count."))
        if len(ids) > 1:
            words.append(_("Empty: not in the course."))
        if any(self._members.lacks(part, id) for part in (GRADES.id, *self._members.lists) for id in ids):
            words.append(_("Some data couldn't be read: see the last sheet."))
        return " ".join(words)
