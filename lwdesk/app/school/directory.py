"""The directory: a cache of the school's records and memberships, fetched with as few requests as possible.

It is the `State` that effects judge by: the live school, overlaid with what the calls planned so far make true.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from sys import intern
from typing import Any

import orjson

from lwdesk.api.build import request
from lwdesk.api.client import Client
from lwdesk.api.pages import walk
from lwdesk.app.school.habits import Habits
from lwdesk.app.school.members import Members
from lwdesk.app.school.overlay import Overlay, packed
from lwdesk.app.school.parts import Parts
from lwdesk.base.errors import ApiError
from lwdesk.base.text import title_key
from lwdesk.catalog import LISTINGS, MEMBERSHIPS
from lwdesk.catalog.effects.facts import get_path
from lwdesk.catalog.effects.unique import numbered
from lwdesk.catalog.model import Listing, Membership
from lwdesk.catalog.operation import Fact, Need, Ref

log = logging.getLogger(__name__)
# The listings whose records are known by their titles.
_TITLED = {name for name, listing in LISTINGS.items() if not {"title", "name"}.isdisjoint(listing.keys)}


def key_of(listing: str, text: str) -> str:
    """What two names of a record must share to be one: emails, codes and ids but for case, titles as `title_key` has
    it."""
    return intern(title_key(text) if listing in _TITLED else text.lower())  # many tables have it as their key


# Records that are kept as objects, beside all others as JSON.
_MOST_RECENT = 500


class Directory(Habits):
    """Facts about one school. Lists of titles are read once; records and memberships as they are needed."""

    def __init__(self, client: Client):
        super().__init__(client)
        self._parts = Parts(client)
        self._titles: dict[str, list[dict[str, Any]]] = {}
        self._records: dict[str, dict[str, bytes | None]] = defaultdict(dict)
        self._ids: dict[str, dict[str, str]] = defaultdict(dict)
        self._names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self._plan = Overlay()
        self._recent: dict[tuple[str, str], Fact | None] = {}
        self._members = Members(client, self.titles)
        self._places: dict[tuple[str, str], int | None] = {}
        self.overlaid = False
        """Whether a plan was laid over the live school."""

    def clear_plan_cache(self) -> None:
        """Release what a plan needed, which is much for a big file; titles and fields stay."""
        for known in (self._records, self._ids, self._names):
            known.clear()
        self._parts, self._members = Parts(self._client), Members(self._client, self.titles)
        self.clear_overlay()

    def clear_overlay(self, watched: set[int] | None = None) -> None:
        """Forget what is planned. The facts that the next plan looks at are noted in `watched` (see `Overlay`)."""
        self._plan = Overlay(watched)
        self._recent.clear()
        self._places.clear()

    # Titles ---------------------------------------------------------------------------------------------------

    def titles(self, listing_id: str, of: str = "") -> list[dict[str, Any]]:
        """All records of a listing (under the parent `of`), each with `id` and its label under `title`. Read once."""
        listing = LISTINGS[listing_id]
        if of:
            return [
                {**row, "title": str(row.get(listing.label) or "")} for row in self._parts.of(listing, of)
            ]
        if listing_id not in self._titles:
            if listing.within:
                found = [
                    {**child, "parent": parent["id"]}
                    for parent in self.titles(listing.within)
                    for child in parent.get(listing.items) or ()
                ]
            else:
                found = [row for rows in self._walk(listing) for row in rows]
            self._titles[listing_id] = [{**row, "title": str(row.get(listing.label) or "")} for row in found]
        return self._titles[listing_id]

    def _walk(self, listing: Listing) -> Iterable[list[dict[str, Any]]]:
        size = listing.size if listing.sized else None
        for found in walk(self._client, request(listing.walk, {}, listing.query), size):
            yield found.rows

    # Fetching -------------------------------------------------------------------------------------------------

    def fetch(self, needs: Iterable[Need]) -> None:
        """Fetch all these facts, from lists or one by one, whichever needs fewer requests."""
        records: dict[str, set[str]] = defaultdict(set)
        pairs: dict[str, set[tuple[str, Ref]]] = defaultdict(set)
        parts: dict[str, list[Need]] = defaultdict(list)
        for need in needs:
            if need.source in LISTINGS and LISTINGS[need.source].of is not None:
                parts[need.source].append(need)
            elif need.item is None:
                records[need.source].add(key_of(need.source, need.key))
            else:
                pairs[need.source].add((need.key.lower(), need.item))
        self._recent.clear()
        for listing_id, keys in records.items():
            self._fetch_records(LISTINGS[listing_id], keys)
        for membership_id, wanted in pairs.items():
            self._fetch_members(MEMBERSHIPS[membership_id], wanted)
        for listing_id, about in parts.items():
            self._fetch_parts(LISTINGS[listing_id], about)

    def _fetch_members(self, membership: Membership, pairs: Iterable[tuple[str, Ref]]) -> None:
        """Fetch which of these existing users have these items."""
        keys, suspended = dict[str, str](), set[str]()
        for user in {user for user, _item in pairs}:
            if (found := self._live("user", user)) is not None:
                keys[user] = self.main_key("user", user)
                suspended |= {keys[user]} if found.get("is_suspended") else set()
        there = {(keys[user], item) for user, item in pairs if user in keys}
        self._members.fetch(membership, there, suspended)

    def _fetch_parts(self, listing: Listing, needs: Iterable[Need]) -> None:
        """Fetch what users (that exist) or items have."""
        pairs = set()
        for need in needs:
            item = need.item.id if need.item is not None else ""
            user = self._live("user", need.key) if listing.of and listing.of.users else {"id": ""}
            if user is not None and not (need.unless and get_path(user, need.unless[0]) == need.unless[1]):
                pairs.add((str(user["id"]), item))
        self._parts.fetch(listing, pairs)
        for pair in pairs:
            for row in self._parts.held(listing, *pair):
                self._records[listing.id][key_of(listing.id, str(row["id"]))] = packed(row)

    def _fetch_records(self, listing: Listing, keys: set[str]) -> None:
        known = self._records[listing.id]
        missing = {key for key in keys if key not in known}
        if not missing:
            return
        if listing.within or listing.id in self._titles:
            for row in self.titles(listing.id):
                self._keep(listing, row, missing)
        elif len(missing) > 2 or not listing.ask:
            missing = self._walk_records(listing, missing)
        else:
            missing = self._ask_records(listing, missing)
        known.update(dict.fromkeys(missing))

    def _walk_records(self, listing: Listing, missing: set[str]) -> set[str]:
        """Walk the list until all are found, or the rest is cheaper to ask for. Returns those that are not there."""
        size = listing.size if listing.sized else None
        for found in walk(self._client, request(listing.walk, {}, listing.query), size):
            for row in found.rows:
                self._keep(listing, row, missing)
            if not missing:
                break
            if listing.ask and len(missing) < (found.pages or 0) - found.number:
                return self._ask_records(listing, missing)
        return missing

    def _ask_records(self, listing: Listing, keys: set[str]) -> set[str]:
        absent = set()
        for key in sorted(keys):
            row = self.ask(listing, key)
            if row is None:
                absent.add(key)
            else:
                self._keep(listing, row, {key})
        return absent

    def ask(self, listing: Listing, key: str) -> dict[str, Any] | None:
        """Fetch one record; None if the school lacks it."""
        try:
            found = self._client.send(request(listing.ask, {"key": key}, listing.query)).data
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return found if isinstance(found, dict) else None

    def _keep(self, listing: Listing, row: dict[str, Any], wanted: set[str]) -> None:
        """Remember a record under those of its keys that are wanted."""
        self.note_fields(row)
        if listing.id == "user" and (username := str(row.get("username") or "")):
            self._names["user", "username"][username.casefold()] = str(row.get("id")).lower()
        keys = [key_of(listing.id, str(row.get(name) or "")) for name in listing.keys]
        hits = [key for key in keys if key in wanted]
        if not hits:
            return
        kept = (
            row
            if not listing.keep
            else {name: row.get(name) for name in (*listing.keep, "parent") if name in row}
        )
        data = packed(kept)
        for key in keys:
            self._records[listing.id][key] = data
            if key != keys[0] or key in self._ids[listing.id]:
                self._ids[listing.id][key] = keys[0]
        wanted.difference_update(hits)

    def touch(self, *fact: str) -> None:
        """Note that the plan of a row depends on something beside the state."""
        self._plan.touch(*fact)

    # The state ------------------------------------------------------------------------------------------------

    def _live(self, listing: str, key: str) -> dict[str, Any] | None:
        data = self._records[listing].get(key_of(listing, key))
        return orjson.loads(data) if data is not None else None

    def main_key(self, listing: str, key: str) -> str:
        """The canonical key of a record: the same for the id and the email of a user."""
        found = key_of(listing, key)
        return self._ids[listing].get(found, found)

    def record(self, listing: str, key: str) -> Fact | None:
        """The record with planned calls applied; None if there is none."""
        main = self.main_key(listing, key)
        self._plan.touch(listing, main)
        if (listing, main) not in self._recent:
            if len(self._recent) >= _MOST_RECENT:
                self._recent.clear()
            self._recent[listing, main] = self._record(listing, main)
        return self._recent[listing, main]

    def _record(self, listing: str, main: str) -> Fact | None:
        if (listing, main) in self._plan.gone:
            return None
        if (planned := self._plan.records[listing].get(main)) is not None:
            return self._plan.facts.unpack(planned)
        live = self._records[listing].get(main)
        return Fact(orjson.loads(live)) if live is not None else None

    def records(self, listing: str) -> Iterable[dict[str, Any]]:
        """All records of a listing."""
        return self.titles(listing)

    def learn(self, listing: str, key: str, fact: Fact) -> None:
        """Overlay a record with its planned state."""
        self.overlaid = True
        main = self.main_key(listing, key)
        self._plan.touch(listing, main)
        self._plan.records[listing][main] = self._plan.facts.pack(fact)
        self._recent.pop((listing, main), None)

    def holder(self, listing: str, field: str, value: str) -> str | None:
        """The main key of the record that has this value in a field whose values are unique, as far as is known."""
        if field in LISTINGS[listing].keys:
            known = self.record(listing, value)
            has = known is not None and str(known.data.get(field)).casefold() == value.casefold()
            return self.main_key(listing, str(known.data.get("id") or value)) if known and has else None
        name = value.casefold()
        self._plan.touch("name", listing, field, name)
        return self._plan.names[listing, field].get(name) or self._names[listing, field].get(name)

    def free_name(self, listing: str, field: str, value: str) -> str:
        """The first form of a value that no known record has in a unique field: "Ana", "Ana 2", "Ana 3"."""
        known = listing, field, value.casefold()
        self._plan.touch("forms of a name", *known)
        n = self._plan.counts.get(known, 1)
        while self.holder(listing, field, numbered(value, n)) is not None:
            n += 1
        self._plan.counts[known] = n  # a value that is taken stays so
        return numbered(value, n)

    def claim(self, listing: str, field: str, value: str, key: str) -> None:
        """Note that the record `key` will have this value of a unique field."""
        name = value.casefold()
        self._plan.touch("name", listing, field, name)
        self._plan.names[listing, field][name] = self.main_key(listing, key)

    def remove(self, listing: str, key: str, call: int) -> None:
        """Note that a planned call deletes the record."""
        self.overlaid, main = True, self.main_key(listing, key)
        self._plan.touch(listing, main)
        self._plan.gone[listing, main] = call
        self._recent.clear()

    def gone(self, listing: str, key: str) -> int | None:
        """The id of the planned call that deletes the record, or None."""
        main = self.main_key(listing, key)
        self._plan.touch(listing, main)
        return self._plan.gone.get((listing, main))

    def held(self, listing: str, key: str, item: Ref | None) -> list[dict[str, Any]]:
        """The live records that a user has under one parent, or under all; or those of a parent with the name `key`."""
        entry, thing = LISTINGS[listing], item.id if item is not None else ""
        if entry.of is not None and entry.of.users:
            user = self._live("user", key)
            return self._parts.held(entry, str(user["id"]), thing) if user is not None else []
        name = title_key(key)
        return [
            row
            for row in self._parts.of(entry, thing)
            if str(row["id"]) == key.strip() or title_key(str(row.get(entry.label))) == name
        ]

    def member(self, membership: str, of: str, item: Ref) -> Fact | None:
        """The user's membership of the item with planned calls applied; None if there is none."""
        user, thing = self.main_key("user", of), (membership, item.listing, item.id)
        self._plan.touch(*thing, user)
        if user in self._plan.members[thing]:
            planned = self._plan.members[thing][user]
            return self._plan.facts.unpack(planned) if planned is not None else None
        live = self._members.held(membership, user, item)
        return Fact(live) if live is not None else None

    def set_member(self, membership: str, of: str, item: Ref, fact: Fact | None) -> None:
        """Overlay a user's membership of an item; None removes it."""
        attributes = MEMBERSHIPS[membership].attributes
        before = self.member(membership, of, item)
        had = before is not None and all(before.data.get(name) for name in attributes)
        has = fact is not None and all(fact.data.get(name) for name in attributes)
        self._plan.taken[membership, item.id] += has - had
        if self._limit(membership, item) is not None:
            self._plan.touch("places", membership, item.id)
        self.overlaid = True
        there = self._plan.facts.pack(fact) if fact is not None else None
        self._plan.members[membership, item.listing, item.id][self.main_key("user", of)] = there

    def crowd(self, membership: str, item: Ref) -> int:
        """The number of users that the school lists for the item."""
        return self._members.count(MEMBERSHIPS[membership], item)

    def through(self, membership: str, of: str, item: Ref) -> list[str]:
        """The titles of bundles and plans through which the user has the item."""
        return self._members.through(MEMBERSHIPS[membership], self.main_key("user", of), item)

    def room(self, membership: str, item: Ref) -> int | None:
        """The number of free places of the item after planned calls; None if it has no limit."""
        free = self._limit(membership, item)
        if free is None:
            return None
        self._plan.touch("places", membership, item.id)
        return max(0, free - self._plan.taken[membership, item.id])

    def _limit(self, membership: str, item: Ref) -> int | None:
        """The number of free places of the item now; None if it has no limit."""
        if not (field := MEMBERSHIPS[membership].room):
            return None
        if (membership, item.id) not in self._places:
            record = next((r for r in self.titles(item.listing) if r["id"] == item.id), {})
            free = record.get(field)
            self._places[membership, item.id] = None if free is None else int(free)
        return self._places[membership, item.id]
