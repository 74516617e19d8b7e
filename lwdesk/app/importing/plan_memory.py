"""What a plan of a draft leaves for the next one, so that after an edit only the rows that depend on it are planned."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lwdesk.app.importing.contradictions import reopen
from lwdesk.app.importing.links import Links
from lwdesk.app.importing.plan import Planner
from lwdesk.app.school.directory import Directory
from lwdesk.app.school.session import Session
from lwdesk.catalog.operation import Recipe
from lwdesk.jobs.journal import Journal

# Seconds after which the school is asked about everything again.
_FRESH = 600
# Where more rows depend on an edit, everything is planned again.
_MOST_ROWS = 10_000


class PlanMemory:
    """Plans a draft: all of it, or only what depends on the rows `edited` since its last plan.

    Two rows depend on each other where their plans look at one fact of the school or of the plan. A row that shares
    none with an edited row is planned as it was. So both ways lead to the same plan, but for the order of its calls.
    """

    def __init__(self) -> None:
        self.edited: set[int] = set()
        self._known: _Made | None = None
        self._made: _Made | None = None  # not committed to the journal yet

    def forget(self) -> None:
        """Release all that is known: the next plan is a whole one."""
        if self._known is not None:
            self._known.directory.clear_plan_cache()
        self._known = None
        self.edited.clear()

    def plan(self, journal: Journal, recipe: Recipe, session: Session, stop: Callable[[], bool]) -> None:
        """Plan the draft, inside a transaction; then `keep` or `dismiss` the plan. Raises Stopped."""
        self._made, known = None, self._known
        if known is not None and known.directory is session.directory and known.fresh:
            self._made = self._plan_edited(journal, recipe, known, stop)
        if self._made is not None:
            return
        self.forget()
        journal.drop_unsent()
        if not journal.call_counts():
            reopen(journal)
        made = self._made = _Made(session.for_plan(), Links())
        planner = Planner(journal, recipe, made.directory, stop, made.links)
        planner.plan()
        made.by_id = planner.by_id

    def keep(self) -> None:
        """Let the next plan build on the one that was made."""
        made = self._made
        assert made is not None
        if self._known is not None and made.rows is not None:
            self._known.links.put(made.rows, made.links)
        else:
            self._known = made
        self.edited.clear()

    def dismiss(self) -> None:
        """Forget the plan that was made, for it is not in the journal."""
        if self._made is not None and self._made is not self._known and self._made.rows is None:
            self._made.directory.clear_plan_cache()
        self._made = None

    def _plan_edited(
        self, journal: Journal, recipe: Recipe, known: "_Made", stop: Callable[[], bool]
    ) -> "_Made | None":
        """Plan the edited rows and those that depend on them. None where these are too many, or where it can't be told
        which they are: then what was planned must be dropped."""
        rows = known.links.connected(self.edited, _MOST_ROWS)
        while len(rows) <= _MOST_ROWS and journal.unplan(rows):
            reopen(journal, rows)
            made = _Made(known.directory, Links(), known.by_id, rows)
            planner = Planner(journal, recipe, known.directory, stop, made.links)
            planner.plan_alone(rows, known.by_id)
            if planner.by_id and not known.by_id:
                return None  # who is known by an id here may be known by the email elsewhere
            more = known.links.rows_of(made.links.facts) - rows
            if not more:
                return made
            rows = known.links.connected(rows | more, _MOST_ROWS)
        return None


@dataclass
class _Made:
    """A plan: the facts of the school that it was made by, and what its rows look at; `by_id`: some row knows a user by
    id; `rows` are the ids of the rows, None for all."""

    directory: Directory
    links: Links
    by_id: bool = False
    rows: set[int] | None = None
    asked: float = field(default_factory=time.monotonic)

    @property
    def fresh(self) -> bool:
        return time.monotonic() - self.asked < _FRESH
