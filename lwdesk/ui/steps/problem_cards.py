"""The cards of all problems, beside the sheet."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

from lwdesk.app.importing.draft_answers import Findings, Matching
from lwdesk.app.importing.edits import Group
from lwdesk.app.job.row_status import FAILED
from lwdesk.base.text import _
from lwdesk.catalog.match import takes_many
from lwdesk.ui.bridge import Bridge
from lwdesk.ui.page import page_of
from lwdesk.ui.sheet_view import SheetView
from lwdesk.ui.steps.problem_card import ProblemCard
from lwdesk.ui.widgets import clear, label


class ProblemCards:
    """Fills the place for cards beside a sheet. `ask` asks for a change of its cells: by name, with what it needs."""

    def __init__(self, bridge: Bridge, view: SheetView, ask: Callable[..., object]):
        self._bridge, self._view, self._ask = bridge, view, ask
        self._newest = object()  # what is shown now

    def show(self, found: Findings, matching: Matching | None) -> None:
        """Show other problems. The keyboard stays at the same ones."""
        if (before := self._focused_card()) is not None:
            page_of(self._view).park_focus(lambda: None)  # until the new cards are there
        clear(self._view.cards)
        titles = {c.id: _(c.title) for c in matching.columns} if matching else {}
        lists = {c.id for c in matching.columns if takes_many(c)} if matching else set()
        lines = enumerate(matching.lines) if matching else ()
        known = {line.column: self._view.titles[n] for n, line in lines if n in self._view.titles}
        if found.groups:
            self._view.cards.addWidget(label(_("All problems"), "section"))
        mine = self._newest = object()
        cards = (
            partial(
                self._add_card,
                group,
                titles.get(group.column, ""),
                known.get(group.column, ()),
                group.column in lists,
            )
            for group in found.groups
        )
        last = [] if before is None else [partial(self._focus_card, before)]
        self._bridge.post_each(chain(cards, last), lambda: self._newest is mine)

    def _cards(self) -> list[ProblemCard]:
        layout = self._view.cards
        items = filter(None, (layout.itemAt(n) for n in range(layout.count())))
        return [card for item in items if isinstance(card := item.widget(), ProblemCard)]

    def _focused_card(self) -> tuple[int, tuple[str, str, str]] | None:
        """The place and the problems of the card in focus."""
        focus = self._view.window().focusWidget()
        for place, card in enumerate(self._cards()):
            if focus is not None and card.isAncestorOf(focus):
                return place, card.group.key
        return None

    def _focus_card(self, before: tuple[int, tuple[str, str, str]]) -> None:
        """Focus the card with the same problems, else the one that took its place, else the grid."""
        place, key = before
        cards = self._cards()
        same = next((card for card in cards if card.group.key == key), None)
        found = same or (cards[min(place, len(cards) - 1)] if cards else None)
        page = page_of(self._view)
        if page.hasFocus():
            page.park_focus(lambda: found.first_control() if found is not None else self._view.table)
            page.release_focus()

    def _add_card(self, group: Group, title: str, known: Sequence[str], several: bool) -> None:
        card = ProblemCard(
            group,
            title,
            fix=partial(self._ask, "drafts.fix", group.key),
            empty=partial(self._ask, "drafts.empty", group.key),
            put=partial(self._ask, "drafts.put", group.key),
            choose=partial(self._ask, "drafts.choose", group.key),
            only=partial(self._view.choose, " ".join(group.key) if group.column else FAILED),
            titles=known,
            several=several,
        )
        self._view.cards.addWidget(card)
