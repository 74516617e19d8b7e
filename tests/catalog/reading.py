"""What tests of kinds share: reading a cell with all that is said about it, and cells of every type."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from lwdesk.catalog.cells.kinds import Kind
from lwdesk.catalog.cells.problems import ERROR, NOTE, WARNING, Problem


@dataclass
class Reading:
    """A value, and the problems on the way to it."""

    value: object
    problems: list[Problem]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    @property
    def fixes(self) -> list[str | None]:
        return [problem.fix for problem in self.problems]


def read(kind: Kind, cell: object) -> Reading:
    """Read a cell, and look whether everything said about it can be shown to a person."""
    problems: list[Problem] = []
    value = kind.read(cell, problems.append)
    for problem in problems:
        assert problem.level in (ERROR, WARNING, NOTE)
        assert problem.code and problem.code == problem.code.lower()
        assert problem.message[-1] in ".?"
        assert len(problem.message) < 500 and "\n" not in problem.message
        assert not re.search(r"\{\w+\}|\bNone\b", problem.message) or re.search(r"\{|None", str(cell))
    if any(problem.level == ERROR for problem in problems) and not kind.many:
        assert value is None
    return Reading(value, problems)


# Every type that a sheet can hold in a cell.
CELLS = st.one_of(
    st.none(),
    st.text(),
    st.text(st.characters(codec="utf-8", categories=["Cc", "Cf", "Zs", "So", "Nd", "Lo"])),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(
        [
            *(
                "#N/A",
                "#REF!",
                "\x00",
                "\ud800",
                "9" * 400,
                "x" * 40_000,
                "\u202egnp.exe",
                "👩\u200d🎓",
                "م\u200cی",
            ),
            *(10**400, -(10**400), 1e308, 5e-324, datetime.max, date.min, time.max, timedelta.max),
        ]
    ),
)
