"""A school in memory, as effects see one."""

from copy import deepcopy

from lwdesk.catalog import MEMBERSHIPS
from lwdesk.catalog.effects.unique import numbered
from lwdesk.catalog.operation import Fact, Ref

ANA, TOM = "ana@x.com", "tom@x.com"
ANA_ID = "5f3e8b2c9d1a4e6f7a8b9c01"
ALGEBRA = Ref("course", "algebra", "Algebra")
BUNDLE = Ref("bundle", "maths", "All maths")
PLAN = Ref("subscription", "gold", "Gold plan")
SALES = Ref("seat", "5f3e8b2c9d1a4e6f7a8b9c99", "Sales 2026")
SPRING, AUTUMN = Ref("promotion", "p1", "Spring sale"), Ref("promotion", "p2", "Autumn sale")

USER = {
    "id": ANA_ID,
    "email": ANA,
    "username": "Ana",
    "subscribed_for_marketing_emails": None,
    "is_admin": False,
    "is_suspended": False,
    "fields": {"phone": "123", "company": None, "cf_department": "Sales"},
    "tags": ["spring"],
    "utms": {"fc_utm_source": ""},
}


class School:
    """Records by listing and key, memberships by user and item, free places by item."""

    def __init__(self, **room):
        self.facts = {("user", ANA_ID): Fact(deepcopy(USER))}
        self.aliases = {ANA: ANA_ID}
        self.members = {}
        self.free = room
        self.lists = {}

    def record(self, listing, key):
        return self.facts.get((listing, self._main(key)))

    def records(self, listing):
        return self.lists.get(listing, [])

    def learn(self, listing, key, fact):
        self.facts[listing, self._main(key)] = fact

    def main_key(self, listing, key):
        return self._main(key)

    def holder(self, listing, field, value):
        found = [
            str(fact.data.get("id") or key)
            for (kind, key), fact in self.facts.items()
            if kind == listing and str(fact.data.get(field)).casefold() == value.casefold()
        ]
        return found[0] if found else None

    def free_name(self, listing, field, value):
        n = 1
        while self.holder(listing, field, numbered(value, n)) is not None:
            n += 1
        return numbered(value, n)

    def claim(self, listing, field, value, key):
        """Nothing: `holder` looks at the facts."""

    def through(self, membership, of, item):
        return []

    def _main(self, key):
        return self.aliases.get(key.lower(), key.lower())

    def member(self, membership, of, item):
        return self.members.get((membership, of, item.id))

    def set_member(self, membership, of, item, fact):
        self.members[membership, of, item.id] = fact

    def has(self, of, item, **attributes):
        membership = "seats" if item.listing == "seat" else "products"
        assert membership in MEMBERSHIPS
        self.members[membership, of, item.id] = Fact(attributes)

    def room(self, membership, item):
        return self.free.get(item.id)
