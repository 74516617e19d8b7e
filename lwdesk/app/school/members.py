"""Who has what: the users of a product, a seat offering, a group or a space."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from lwdesk.api.build import Request, request
from lwdesk.api.client import Client
from lwdesk.api.pages import Page, page, unpaged, walk
from lwdesk.app.school.cover import cheapest
from lwdesk.catalog.effects.facts import Ref
from lwdesk.catalog.model import Membership, Walk

Pair = tuple[str, Ref]  # the user's id in small letters, the item


def _slot(membership: str, user: str, item: Ref) -> tuple[str, str, str, str]:
    return membership, user, item.listing, item.id


class Members:
    """Fetched by the way that costs fewer requests, asked from memory. `titles` are the records of a listing."""

    def __init__(self, client: Client, titles: Callable[[str], list[dict[str, Any]]]):
        self._client, self._titles = client, titles
        self._known: dict[tuple[str, str, str, str], dict[str, Any]] = {}

    def held(self, membership: str, user: str, item: Ref) -> dict[str, Any] | None:
        """What a user has of an item, as it was fetched; None where they don't have it."""
        return self._known.get(_slot(membership, user, item))

    def count(self, membership: Membership, item: Ref) -> int:
        """How many users the school shows for the item now: one request, where it counts its pages."""
        asked, way = self._request(membership, item)
        there, (mark, words) = 0, membership.unless
        for found in walk(self._client, asked, way.size if way.sized else None):
            if found.total is not None and (not mark or (found.pages or 0) > 1):
                return found.total
            there += sum(row.get(mark) not in words for row in found.rows)
        return there

    def fetch(self, membership: Membership, pairs: set[Pair], suspended: set[str]) -> None:
        """Learn who has what: some items are walked, some users are asked, so that every pair is known.

        Lists may leave out the suspended, so that they are asked for.
        """
        by_item: dict[Ref, set[str]] = defaultdict(set)
        for user, item in pairs:
            by_item[item].add(user)
        asked = set(suspended) if membership.ask else set()
        firsts = {}
        for item, users in by_item.items():
            if len(users - asked) > 1 or not membership.ask:
                firsts[item] = self._first(membership, item)
            else:
                asked |= users
        pages = {item: (found.pages or 1) - 1 for item, found in firsts.items()}
        walked, more = set(firsts), set[str]()
        if membership.ask:
            walked, more = cheapest({item: by_item[item] - asked for item in firsts}, pages)
        for item, found in firsts.items():
            members = self._walk_members(
                membership, item, found.rows, walked=item in walked, wanted=by_item[item]
            )
            more |= self._unclear(membership, item, members & by_item[item], members, item in walked)
        for user in sorted(asked | more):
            self._ask_member(membership, user)

    def _request(self, membership: Membership, item: Ref) -> tuple[Request, Walk]:
        way = membership.walks[item.listing]
        query = [(name, value.format(item=item.id, type=item.listing)) for name, value in way.query]
        slots = {"item": item.id} if "{item}" in way.call else {}
        return request(way.call, slots, query), way

    def _first(self, membership: Membership, item: Ref) -> Page:
        asked, way = self._request(membership, item)
        return page(self._client, asked, 1, way.size if way.sized else None)

    def _walk_members(
        self,
        membership: Membership,
        item: Ref,
        first: Sequence[dict[str, Any]],
        *,
        walked: bool,
        wanted: set[str],
    ) -> set[str]:
        """Note the members on the pages of an item, the first one given. Returns their keys."""
        members: set[str] = set()

        def note(rows: Sequence[dict[str, Any]]) -> None:
            for row in rows:
                if row.get(membership.unless[0]) in membership.unless[1]:
                    continue
                keys = {str(row.get(name) or "").lower() for name in ("id", "email")} - {""}
                members.update(keys)
                for key in keys & wanted:
                    self._known.setdefault(_slot(membership.id, key, item), {})

        note(first)
        if walked:
            asked, way = self._request(membership, item)
            full = way.size if way.sized else None
            if len(first) >= way.size:
                for found in walk(self._client, asked, full, start=2):
                    note(found.rows)
                    if not wanted - members and not membership.attributes:
                        break
        return members

    def _unclear(
        self, membership: Membership, item: Ref, hits: set[str], members: set[str], walked: bool
    ) -> set[str]:
        """The members found whose attributes the walk does not tell: to be asked for.

        Where as many seats are taken as there are members, every member has one; where none is, none has.
        """
        if not membership.attributes or not hits:
            return set()
        record = next((r for r in self._titles(item.listing) if r["id"] == item.id), {})
        taken = (record.get(membership.total) or 0) - (record.get(membership.room) or 0)
        count = sum("@" not in key for key in members)
        if walked and taken in (0, count):
            for user in hits:
                known = self._known[_slot(membership.id, user, item)]
                known.update(dict.fromkeys(membership.attributes, taken > 0))
            return set()
        return hits

    def _ask_member(self, membership: Membership, user: str) -> None:
        for row in unpaged(self._client, request(membership.ask, {"key": user})):
            kind = row.get("type") if membership.typed else next(iter(membership.walks))
            item = Ref(str(kind), str(row["id"]), "")
            self._known[_slot(membership.id, user, item)] = {k: row.get(k) for k in membership.attributes}
