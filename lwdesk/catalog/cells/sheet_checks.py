"""What happened to the rows of a roster, as far as only the whole sheet shows. Pure.

Every row is studied once for evidence, then looked at: rows whose cells moved sideways, different users with one email,
a row of totals at the foot.
"""

from collections.abc import Callable, Sequence
from typing import Any

from lwdesk.base.text import _, fold, shorten
from lwdesk.catalog.cells.kinds import Email, text_of
from lwdesk.catalog.cells.problems import ERROR, TOTAL, WARNING, Problem, ignore_problem
from lwdesk.catalog.match import Match, spellings
from lwdesk.catalog.users import FIRST_NAME, LAST_NAME, USERNAME
from lwdesk.catalog.words import totals

Cells = Sequence[Any]


class SheetChecks:
    """Knows the rows of one sheet."""

    def __init__(self, matches: Sequence[Match]):
        at = next((m.index for m in matches if m.column and isinstance(m.column.kind, Email)), None)
        self._shifts = Shifts(matches, at) if at is not None else None
        names = _name_columns(matches)
        self._sharing = Sharing(matches, at, names) if at is not None and names else None
        self._email, self._rows, self._last = at, 0, 0

    def study(self, number: int, cells: Cells) -> None:
        """Take a row as evidence; rows come in the order of the sheet."""
        if not all(map(_blank, cells)):
            self._rows, self._last = self._rows + 1, number
        if self._shifts is not None:
            self._shifts.study(cells)
        if self._sharing is not None:
            self._sharing.study(number, cells)

    def shifted(self, cells: Cells) -> Problem | None:
        """That the row's cells are in the wrong columns: all else that is wrong with it comes from this."""
        return self._shifts.look(cells) if self._shifts is not None else None

    def total(self, number: int, cells: Cells) -> Problem | None:
        """That the row, the last of several, adds up those above it: it has a word for that, and no user."""
        if (
            number != self._last
            or self._rows < 3
            or (self._email is not None and _like_email(cells, self._email))
        ):
            return None
        texts = [fold(text_of(cell)) for cell in cells if not _blank(cell)]
        word = next((text for text in texts if text.rstrip("0123456789 ") in totals()), None)
        others = [text for text in texts if text != word]
        if word is None or not all(any(map(str.isdigit, text)) for text in others):
            return None
        message = _("This looks like a totals row. If so, skip it.")
        return Problem(ERROR if self._email is not None else WARNING, TOTAL, message, fix="")

    def shared(self, number: int, cells: Cells) -> Problem | None:
        """That another row has the same email for someone else."""
        return self._sharing.look(number, cells) if self._sharing is not None else None

    def edited(self, number: int, before: Cells, after: Cells) -> set[int]:
        """Take the new cells of a row as evidence instead of the old ones. Returns the other rows that they affect."""
        return self._sharing.edited(number, before, after) if self._sharing is not None else set()


class Shifts:
    """Rows whose email is one column beside its own, where no other row has an email."""

    def __init__(self, matches: Sequence[Match], at: int):
        self._at, self._letters = at, [m.header.letter for m in matches]
        self._read: list[tuple[int, Callable[..., Any]]] = [
            (m.index, m.column.cell_kind.read) for m in matches if m.column is not None
        ]
        self._email = self._kind(matches, at)
        others = {m.index for m in matches if m.column is None or not isinstance(m.column.kind, Email)}
        self._sides = [side for side in (-1, 1) if at + side in others]
        self._beside = dict.fromkeys(self._sides, 0)
        self._instead = dict.fromkeys(self._sides, 0)
        self._own = False

    @staticmethod
    def _kind(matches: Sequence[Match], at: int) -> Callable[..., Any]:
        column = matches[at].column
        assert column is not None
        return column.kind.read

    def study(self, cells: Cells) -> None:
        own = _like_email(cells, self._at)
        self._own = self._own or own
        for side in self._sides:
            if _like_email(cells, self._at + side):
                counted = self._beside if own else self._instead
                counted[side] += 1

    def look(self, cells: Cells) -> Problem | None:
        if not self._own or _like_email(cells, self._at):
            return None
        for side in self._sides:
            # A column in which others have a second email is no evidence.
            if not self._instead[side] or self._beside[side] * 10 > self._instead[side]:
                continue
            if self._email(text_of(_cell(cells, self._at + side)), ignore_problem) is None:
                continue
            moved = self._to_right(cells) if side < 0 else self._to_left(cells)
            if moved is not None and self._errors(moved) < self._errors(cells):
                return self._problem(cells, moved)
        return None

    def _to_left(self, cells: Cells) -> list[Any] | None:
        """The cells behind the nearest empty one before the email, each one column to the left."""
        gap = next((n for n in range(self._at, -1, -1) if _blank(_cell(cells, n))), None)
        return None if gap is None else [*cells[:gap], *cells[gap + 1 :], None]

    def _to_right(self, cells: Cells) -> list[Any] | None:
        """The cells from the email to the next empty one, each one column to the right."""
        start = self._at - 1
        gap = next((n for n in range(self._at, len(self._letters)) if _blank(_cell(cells, n))), None)
        return None if gap is None else [*cells[:start], None, *cells[start:gap], *cells[gap + 1 :]]

    def _errors(self, cells: Cells) -> int:
        """Cells that their column cannot take; an email in another column counts, for a name can be any text."""
        filled = [(n, read, cells[n]) for n, read in self._read if not _blank(_cell(cells, n))]
        bad = sum(read(cell, ignore_problem) is None for _n, read, cell in filled)
        return bad + sum(n in (self._at - 1, self._at + 1) and _like_email(cells, n) for n, _r, _c in filled)

    def _problem(self, cells: Cells, moved: Cells) -> Problem:
        pairs = [(text_of(cell), text_of(_cell(moved, n))) for n, cell in enumerate(cells)]
        places = [n for n, (before, after) in enumerate(pairs) if before != after]
        also = tuple((self._letters[n], pairs[n][1]) for n in places if n != self._at)
        message = _("From column {letter}, the values in this row look shifted one column.")
        message = message.format(letter=self._letters[places[0]])
        return Problem(ERROR, "shifted", message, fix=pairs[self._at][1], also=also)


class Sharing:
    """Different users with one email: the first row and name of each; where several rows have it, name -> rows.

    In large sheets most emails are in one row only: they are kept as hashes, row and name as one text.
    """

    def __init__(self, matches: Sequence[Match], at: int, names: Sequence[int]):
        self._at, self._names = at, names
        self._first: dict[int, str] = {}
        self._several: dict[str, dict[str, list[int]]] = {}

    def study(self, number: int, cells: Cells) -> None:
        email, name = self._who(cells)
        if not name or not email:
            return
        first, _blank, named = self._first.setdefault(hash(email), f"{number} {name}").partition(" ")
        if int(first) != number:
            group = self._several.setdefault(email, {named: [int(first)]})
            group.setdefault(name, []).append(number)

    def look(self, number: int, cells: Cells) -> Problem | None:
        email, name = self._who(cells)
        group = self._several.get(email)
        if not group or not name:
            return None
        other = next((found for found in group if found != name and not same_person(found, name)), None)
        if other is None:
            return None
        message = _("Row {row} has the same email for “{name}”. Each user needs their own email.")
        message = message.format(row=group[other][0], name=shorten(other))
        return Problem(WARNING, "email-shared", message)

    def edited(self, number: int, before: Cells, after: Cells) -> set[int]:
        old, new = self._who(before), self._who(after)
        if old == new:
            return set()
        others = self._others(old[0])
        self._forget(number, *old)
        self.study(number, after)
        return (others | self._others(new[0])) - {number}

    def _others(self, email: str) -> set[int]:
        """The rows of different names on an email."""
        group = self._several.get(email, {})
        return {number for numbers in group.values() for number in numbers} if len(group) > 1 else set()

    def _forget(self, number: int, email: str, name: str) -> None:
        group = self._several.get(email, {})
        if number in group.get(name, ()):
            group[name].remove(number)
            if not group[name]:
                del group[name]
        if self._first.get(hash(email), "").startswith(f"{number} "):
            del self._first[hash(email)]
            if group:
                left = next(iter(group))
                self._first[hash(email)] = f"{group[left][0]} {left}"

    def _who(self, cells: Cells) -> tuple[str, str]:
        email = _cell(cells, self._at)
        if not isinstance(email, str) or "@" not in email:
            return "", ""
        name = " ".join([cell for n in self._names if isinstance(cell := _cell(cells, n), str)])
        return email.strip().lower(), name


def _cell(cells: Cells, index: int) -> Any:
    return cells[index] if index < len(cells) else None


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _like_email(cells: Cells, index: int) -> bool:
    cell = cells[index] if index < len(cells) else None
    return type(cell) is str and "@" in cell


def _name_columns(matches: Sequence[Match]) -> list[int]:
    """Where the name of the user is, first and last name before any other; columns that are not imported too."""
    found: dict[str, int] = {}
    for match in matches:
        for column in (FIRST_NAME, LAST_NAME, USERNAME):
            same = match.column is None and fold(match.header.text) in spellings(column)
            if same or (match.column is not None and match.column.id == column.id):
                found.setdefault(column.id, match.index)
    parts = [found[column.id] for column in (FIRST_NAME, LAST_NAME) if column.id in found]
    return parts or [n for n in (found.get(USERNAME.id),) if n is not None]


def same_person(one: str, other: str) -> bool:
    """Whether two names may be of one person: parts left out, initials, slips and another order are.

    Names in different alphabets may be, too.
    """
    some, more = fold(one), fold(other)
    if not some or not more or some.isascii() != more.isascii():
        return True
    mine, theirs = set(some.split()), set(more.split())
    if mine <= theirs or theirs <= mine:
        return True
    few, many = sorted((mine - theirs, theirs - mine), key=len)
    return all(any(_alike(word, more) or _alike(more, word) for more in many) for word in few)


def _alike(word: str, more: str) -> bool:
    """An initial, a short form, or a slip."""
    from rapidfuzz import fuzz

    return more.startswith(word) or fuzz.ratio(word, more) >= 60
