"""Who has what: the users of a product, a seat offering, a group or a space."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from lwdesk.api.build import Request, request
from lwdesk.api.client import Client
from lwdesk.api.pages import Page, page, unpaged, walk
from lwdesk.app.school.cover import cheapest
from lwdesk.catalog.effects.facts import get_path
from lwdesk.catalog.model import Membership, Walk
from lwdesk.catalog.operation import Ref

Pair = tuple[str, Ref]  # the user's id in small letters, the item


def _slot(membership: str, user: str, item: Ref) -> tuple[str, str, str, str]:
    return membership, user, item.listing, item.id


class Members:
    """Fetched by the way that costs fewer requests, asked from memory. `titles` are the records of a listing."""

    def __init__(self, client: Client, titles: Callable[[str], list[dict[str, Any]]]):
        self._client, self._titles = client, titles
        self._known: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        # What may give a user other items too, by membership and user: (listing, id).
        self._packs: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)

    def held(self, membership: str, user: str, item: Ref) -> dict[str, Any] | None:
        """What a user has of an item, as it was fetched; None where they don't have it."""
        return self._known.get(_slot(membership, user, item))

    def through(self, membership: Membership, user: str, item: Ref) -> list[str]:
        """The titles of the user's items that hold this one."""
        if item.listing not in membership.through or not (mine := self._packs.get((membership.id, user))):
            return []
        return [pack.title for pack in self._holding(membership, item) if (pack.listing, pack.id) in mine]

    def _holding(self, membership: Membership, item: Ref) -> list[Ref]:
        """The items of the school that include this one."""
        kinds, place = membership.through.get(item.listing, ((), ""))
        return [
            Ref(kind, str(record["id"]), str(record["title"]))
            for kind in kinds
            for record in self._titles(kind)
            if item.id in (get_path(record, place) or ())
        ]

    def _settle(self, membership: Membership, item: Ref, users: set[str], packs: list[Ref]) -> set[str]:
        """Tell apart who of these users, all of whom can use the item, has it itself.

        Who has none of the packs that hold it, does. Returns the others, to be asked for.
        """
        self.fetch(membership, {(user, pack) for user in users for pack in packs}, set())
        unclear = {
            user for user in users if any(self.held(membership.id, user, pack) is not None for pack in packs)
        }
        for user in users - unclear:
            self._known.setdefault(_slot(membership.id, user, item), {})
        return unclear

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
        """Fetch memberships: some items are listed, some users asked for, so that every pair is known.

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
            wanted = by_item[item] - asked
            members = self._walk_members(membership, item, found.rows, walked=item in walked, wanted=wanted)
            hits = members & wanted
            packs = self._holding(membership, item) if hits - more else []
            if packs:
                more |= self._settle(membership, item, hits - more, packs)
                continue
            for user in hits:
                self._keep(membership, user, item, {})
            more |= self._unclear(membership, item, hits, members, item in walked)
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
        """The keys of the members on the pages of an item, the first one given."""
        members: set[str] = set()

        def note(rows: Sequence[dict[str, Any]]) -> None:
            for row in rows:
                if row.get(membership.unless[0]) in membership.unless[1]:
                    continue
                keys = {str(row.get(name) or "").lower() for name in ("id", "email")} - {""}
                members.update(keys)

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
        """The members found whose attributes the list doesn't include: they are asked for one by one.

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
            self._known.pop(_slot(membership.id, user, item), None)
            self._keep(membership, user, item, {k: row.get(k) for k in membership.attributes})

    def _keep(self, membership: Membership, user: str, item: Ref, attributes: dict[str, Any]) -> None:
        """Note that the user has the item."""
        self._known.setdefault(_slot(membership.id, user, item), attributes)
        if any(item.listing in kinds for kinds, _place in membership.through.values()):
            self._packs[membership.id, user].add((item.listing, item.id))
