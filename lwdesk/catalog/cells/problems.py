"""What a check says of a cell: a problem, its weight, and the repair where one is known."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

# Questions of a whole column with two answers: the first choice of every cell is one, the second the other.
EITHER = ("number-mark", "date-ambiguous", "yes-no-letter")

ERROR, WARNING, NOTE = "error", "warning", "note"
# Codes of problems that may come with a fix which is applied to all alike ones when asked for.
FIXABLE = (
    *("choice", "unknown", "shifted", "text-mark", "web-code", "letters-mixed"),
    *("email-double", "email-more", "email-spaces"),
    *("date-serial", "date-swapped", "zeros-lost"),
    *("number-fraction", "number-marks", "number-percent", "number-shortened"),
    "total-row",
)
# Codes of errors that come from comparing a row with the school or with other rows: a retry may not find them again.
PASSING = ("unknown", "ambiguous", "replaced", "contradiction")
# The code of a row of totals: its fix skips the row.
TOTAL = "total-row"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding on one cell.

    `level`: error (the row is not sent), warning (worth a look) or note (fixed or ignored).
    `code` groups alike findings; `fix` is the text that would fix the cell; `choices` are candidates. `text` is
    the part of the cell that it is about, where that is one item of a list: a fix takes only its place. `also` are
    the other cells of the row that the fix changes, as (Excel's letter of the column, new text).
    `column` is the id of the catalog's column, `cell` Excel's address, both filled in by the check.
    """

    level: str
    code: str
    message: str
    fix: str | None = None
    choices: tuple[str, ...] = ()
    column: str = ""
    cell: str = ""
    text: str = ""
    also: tuple[tuple[str, str], ...] = ()

    def at(self, column: str, cell: str) -> "Problem":
        """The same finding on this cell of this column."""
        found = (self.level, self.code, self.message, self.fix, self.choices)
        return Problem(*found, column, cell, self.text, self.also)

    def facts(self) -> dict[str, Any]:
        """The problem as the journal stores it."""
        return {name: getattr(self, name) for name in _NAMES}


_NAMES = tuple(field.name for field in fields(Problem))

Report = Callable[[Problem], None]


def ignore_problem(problem: Problem) -> None:
    """A report for those who only want the value."""
