"""What it costs to look up the names for the ids in an export, before it starts."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lwdesk.api.build import request
from lwdesk.api.pages import Page, page
from lwdesk.app.exporting import names
from lwdesk.app.school.session import Session
from lwdesk.base.errors import ApiError
from lwdesk.catalog import LISTINGS

Found = dict[str, dict[str, Any]]


@dataclass
class NameCosts:
    """The requests for names, and the names that are known after a look at the first pages of their lists. `found`:
    listing -> id -> fields, which a preview shows; `fields` are those that are wanted of each listing."""

    session: Session
    fields: names.Fields
    found: dict[str, Found] = field(default_factory=dict)
    requests: int = 0
    exact: bool = True

    def add(self, listing: str, ids: Collection[str], scale: float, *, covered: bool) -> None:
        """Add the lookups of a listing: `ids` are those in the rows seen, of which there are `scale` times as many.
        `covered`: the export fetches the whole list anyway."""
        missing = set(ids) - self.found.get(listing, {}).keys()
        if covered or not missing:
            return
        entry, count = LISTINGS[listing], math.ceil(len(missing) * scale)
        if entry.ask and count <= names.FEW:
            self._ask(listing, sorted(missing))
            cost, sure = count, scale == 1
        else:
            first = self._first(listing)
            pages, left = first.pages or 1, len(missing - self.found[listing].keys())
            cost, sure = (min(pages, 1 + math.ceil(left * scale)), pages == 1) if entry.ask else (pages, True)
        self.requests += cost
        self.exact = self.exact and sure

    def names(self) -> names.Names:
        """The names that are known; a preview leaves the others open."""
        return names.Names(lambda listing, id: self.found.get(listing, {}).get(id), lambda _to: "…")

    def _ask(self, listing: str, ids: Sequence[str]) -> None:
        for id in ids:
            asked = request(LISTINGS[listing].ask, {"key": id}, LISTINGS[listing].query)
            try:
                record = self.session.client.send(asked).data
            except ApiError as error:
                if error.status != 404:
                    raise
            else:
                self._keep(listing, [record] if isinstance(record, dict) else [])

    def _first(self, listing: str) -> Page:
        entry = LISTINGS[listing]
        asked = request(entry.walk, {}, entry.query)
        found = page(self.session.client, asked, 1, entry.size if entry.sized else None)
        self._keep(listing, found.rows)
        return found

    def _keep(self, listing: str, rows: Sequence[Mapping[str, Any]]) -> None:
        known = self.found.setdefault(listing, {})
        known.update({str(row.get("id")): names.shown_fields(listing, row, self.fields) for row in rows})
