"""What a school uses, as far as its newest records show it: custom fields with their values, tags, the currency."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lwdesk.api.build import request
from lwdesk.api.client import Client
from lwdesk.api.pages import page
from lwdesk.base.errors import AppError
from lwdesk.catalog import LISTINGS

log = logging.getLogger(__name__)

# Different values of a custom field that are remembered: enough to see that they are no closed list.
_MOST_VALUES = 300


class Habits:
    """Learned from one page of users, or of payments, when first asked for; `custom_fields` from every user seen."""

    def __init__(self, client: Client):
        self._client = client
        self.custom_fields: dict[str, Counter[str]] = {}
        self._tags: list[str] | None = None
        self._currency: str | None = None

    def fields(self) -> list[str]:
        """The keys of the school's custom fields: every user's record names them all. One request, for the newest
        users: their values show the types."""
        if not self.custom_fields:
            for row in self._newest_users():
                self.note_fields(row)
        return sorted(self.custom_fields)

    def field_values(self, key: str) -> Mapping[str, int]:
        """The values that users have in a custom field, with how often; of the users known so far."""
        return self.custom_fields.get(key, {})

    def tags(self) -> list[str]:
        """The tags of the newest users, the most frequent first: the service lists none. One request at most."""
        if self._tags is None:
            counted = Counter(str(tag) for row in self._newest_users() for tag in row.get("tags") or ())
            self._tags = [tag for tag, _n in counted.most_common()]
        return self._tags

    def _newest_users(self) -> Sequence[Mapping[str, Any]]:
        users = LISTINGS["user"]
        return page(self._client, request(users.walk, {}, users.query), 1, users.size).rows

    def currency(self) -> str:
        """The code of the school's currency, as its newest payments name it since 2026; "" where none does. One request
        at most."""
        if self._currency is None:
            try:
                rows = page(self._client, request("GET payments", {}, ()), 1, None).rows
            except AppError as error:
                log.info("currency: %s", error)
                rows = []
            self._currency = next((str(row["currency_code"]) for row in rows if row.get("currency_code")), "")
        return self._currency

    def note_fields(self, row: Mapping[str, Any]) -> None:
        """Count the values of the custom fields of a user's record."""
        for key, value in (row.get("fields") or {}).items():
            if key.startswith("cf_"):
                seen = self.custom_fields.setdefault(key, Counter())
                if value not in (None, "") and (len(seen) < _MOST_VALUES or str(value) in seen):
                    seen[str(value)] += 1
