"""Records that are listed only for what they belong to: what a user has in a course, the sections of a course ..."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from lwdesk.api.build import Request, request
from lwdesk.api.client import Client
from lwdesk.api.pages import page, unpaged, walk
from lwdesk.app.school.cover import cheapest
from lwdesk.catalog.effects.facts import get_path
from lwdesk.catalog.model import Listing, Of, Walk

Pair = tuple[str, str]  # the user's id, the id of what it is in; either may be ""
# Ids of users in one query: longer addresses may be refused.
_MOST_IDS = 50


class Parts:
    """Fetched by the way that costs fewer requests, asked from memory."""

    def __init__(self, client: Client):
        self._client = client
        self._known: dict[tuple[str, str, str], list[bytes]] = {}
        self._walked: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._answers: dict[str, Any] = {}

    def of(self, listing: Listing, item: str) -> list[dict[str, Any]]:
        """All records of a parent, in the school's order; such lists have no pages. Read once."""
        if (listing.id, item) not in self._walked:
            asked = request(listing.walk, {"item": item}, listing.query)
            if asked.target not in self._answers:  # sections and activities of a course come in one answer
                self._answers[asked.target] = self._client.send(asked).data
            rows = [self._answers[asked.target]]
            for name in listing.items.split("."):
                rows = [inner for row in rows for inner in row.get(name) or ()]
            if listing.only:
                field, values = listing.only
                rows = [row for row in rows if row.get(field) in values]
            self._walked[listing.id, item] = rows
        return self._walked[listing.id, item]

    def held(self, listing: Listing, user: str, item: str) -> list[dict[str, Any]]:
        """The records of a user under a parent (or under all, or those of all users), as they were fetched."""
        return [orjson.loads(data) for data in self._known.get((listing.id, user, item), ())]

    def fetch(self, listing: Listing, pairs: Iterable[Pair]) -> None:
        """Fetch what each of these users has under each of these parents."""
        assert listing.of is not None
        missing = {pair for pair in pairs if (listing.id, *pair) not in self._known}
        if listing.of.users:
            self._fetch(listing, listing.of, missing)
        else:
            for _none, item in missing:
                self.of(listing, item)
        for pair in missing:
            self._known.setdefault((listing.id, *pair), [])

    def _fetch(self, listing: Listing, of: Of, missing: set[Pair]) -> None:
        asked = {user for user, item in missing if not item}
        wanted: dict[str, set[str]] = defaultdict(set)
        for user, item in missing:
            if item and user not in asked:
                wanted[item].add(user)
        if of.both:
            asked |= self._ask_both(listing, of, missing, wanted)
        elif of.narrow:
            for item, users in sorted(wanted.items()):
                self._walk_narrow(listing, of, item, users)
        elif wanted:
            asked |= self._cover(listing, wanted, asked)
        for user in sorted(asked):
            self._ask(listing, of, user)

    def _ask_both(
        self, listing: Listing, of: Of, missing: set[Pair], wanted: dict[str, set[str]]
    ) -> set[str]:
        """Ask for users needed under one parent only. Returns the others, whose own list answers all at once."""
        things: dict[str, list[str]] = defaultdict(list)
        for item, users in wanted.items():
            for user in users:
                things[user].append(item)
        for user, items in sorted(things.items()):
            if len(items) == 1:
                asked = request(of.both, {"user": user, "item": items[0]})
                self._note(listing, unpaged(self._client, asked), user, items[0])
        return {user for user, items in things.items() if len(items) > 1}

    def _cover(self, listing: Listing, wanted: dict[str, set[str]], asked: set[str]) -> set[str]:
        """List parents where that is cheaper than asking for their users. Returns the users to ask for."""
        lone = {user for users in wanted.values() if len(users) == 1 for user in users}
        wanted = {item: users - lone - asked for item, users in wanted.items() if users - lone - asked}
        size = listing.size if listing.sized else None
        firsts = {item: page(self._client, self._walk_of(listing, item), 1, size) for item in wanted}
        pages = {item: (found.pages or 1) - 1 for item, found in firsts.items()}
        walked, more = cheapest(wanted, pages)
        for item in walked:
            rows = list(firsts[item].rows)
            if len(rows) >= listing.size:
                for found in walk(self._client, self._walk_of(listing, item), size, start=2):
                    rows += found.rows
            self._sort(listing, rows, wanted[item], item)
        return lone | more

    def _walk_narrow(self, listing: Listing, of: Of, item: str, users: set[str]) -> None:
        """List what some users have under a parent, or what all have where that is fewer pages."""
        asked, size = self._walk_of(listing, item), listing.size if listing.sized else None
        ids = sorted(users)
        chunks = [ids[n : n + _MOST_IDS] for n in range(0, len(ids), _MOST_IDS)]
        if len(chunks) > 1:
            first = page(self._client, asked, 1, size)
            if (first.pages or 1) <= len(chunks):
                rest = walk(self._client, asked, size, start=2) if (first.pages or 1) > 1 else ()
                self._sort(
                    listing, [*first.rows, *(row for found in rest for row in found.rows)], users, item
                )
                return
        for chunk in chunks:
            some = asked.asking(**{of.narrow: ",".join(chunk)})
            rows = [row for found in walk(self._client, some, size) for row in found.rows]
            self._sort(listing, rows, users, item)

    @staticmethod
    def _walk_of(listing: Listing, item: str) -> Request:
        return _filled(Walk(listing.walk, query=listing.query), item)

    def _ask(self, listing: Listing, of: Of, user: str) -> None:
        """All that one user has."""
        assert of.by_user is not None
        asked, size = _filled(of.by_user, user), of.by_user.size if of.by_user.sized else None
        rows = list(self._listed(asked, size) if of.to else unpaged(self._client, asked))
        self._note(listing, rows, user, "")
        by_item: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows if of.to else ():
            by_item[str(row.get(of.item))].append(row)
        for item, some in by_item.items():
            self._note(listing, some, user, item)

    def _listed(self, asked: Request, size: int | None) -> Iterator[dict[str, Any]]:
        for found in walk(self._client, asked, size):
            yield from found.rows

    def _sort(self, listing: Listing, rows: list[dict[str, Any]], users: set[str], item: str) -> None:
        """Note the rows of a walk with their users."""
        assert listing.of is not None
        by_user: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_user[str(get_path(row, listing.of.user))].append(row)
        for user in users:
            self._note(listing, by_user[user], user, item)

    def _note(self, listing: Listing, rows: list[dict[str, Any]], user: str, item: str) -> None:
        """Remember what a user has under a parent; a record without an id is the only one there."""
        kept = [{"id": f"{user}/{item}" if item else user, **row} for row in rows]
        self._known[listing.id, user, item] = [bytes(memoryview(orjson.dumps(row))) for row in kept]


def _filled(way: Walk, item: str) -> Request:
    """The request of a walk, with the id in its path or its query."""
    query = [(name, value.format(item=item)) for name, value in way.query]
    return request(way.call, {"item": item} if "{item}" in way.call else {}, query)
