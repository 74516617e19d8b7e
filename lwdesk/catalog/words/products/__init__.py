"""The sheets of other products: their column headers, and what lwdesk does with each.

Each product is a file `<product>.toml`. `signs` are headers that only its sheets have. `[headers]` says which column a
header goes to ("cf": the custom field of the same name). `[never]` and `[not_imported]` are headers that go nowhere,
by the reason: `never` even where a column has the same name. In a header "#" is a number (or nothing, but for
`signs`), "*" any text.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lwdesk.base.text import N_, _, fold

REASONS = {
    "id": N_("an ID from {product}; LearnWorlds has its own IDs"),
    "activity": N_("LearnWorlds records dates, sign-ins and progress itself"),
    "login": N_("a sign-in name; in LearnWorlds users sign in with their email"),
    "setting": N_("a {product} setting that LearnWorlds doesn't have"),
    "course": N_("belongs to one course in {product}; user groups and roles of LearnWorlds are for the whole school"),
    "suspend": N_("users are suspended with the import “Suspend users”"),
    "delete": N_("LearnWorlds doesn't let other apps delete users"),
    "money": N_("payments made in {product} can't be imported"),
    "field": N_("LearnWorlds has no field for it; create a custom field with this name to import it"),
    "role": N_("{product} roles don't exist in your school; use a “User role” column"),
    "opposite": N_("it says the opposite of “Subscribed to marketing emails”"),
    "affiliate": N_("affiliates are imported with “Make users affiliates”"),
}  # fmt: skip


@dataclass(frozen=True)
class Product:
    """A product whose sheets are known."""

    name: str
    signs: tuple[re.Pattern[str], ...]
    headers: tuple[tuple[re.Pattern[str], str], ...]
    never: tuple[tuple[re.Pattern[str], str], ...]
    nowhere: tuple[tuple[re.Pattern[str], str], ...]

    def column(self, header: str) -> str:
        """The column id that a header goes to, "cf" and the field's name for a custom field, "" where it is unknown."""
        for pattern, column in self.headers:
            if found := pattern.fullmatch(fold(header)):
                return f"cf {found[1]}" if column == "cf" else column
        return ""

    def reason(self, header: str, *, always: bool = False) -> str:
        """Why a header isn't imported; "" where the product has no such header. `always`: of those that never are."""
        listed = self.never if always else (*self.never, *self.nowhere)
        word = fold(header)
        found = next((key for pattern, key in listed if pattern.fullmatch(word)), "")
        return _(REASONS[found]).format(product=self.name) if found else ""

    def knows(self, header: str) -> bool:
        return bool(self.column(header) or self.reason(header))


def _pattern(header: str, number: str = r" ?\d*") -> re.Pattern[str]:
    words = fold(header.replace("#", " zznumber ").replace("*", " zzanything "))
    return re.compile(words.replace(" zznumber", number).replace("zzanything", "(.+)"))


@cache
def products() -> tuple[Product, ...]:
    """All known products."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        lists = [
            tuple((_pattern(word), key) for key, words in table.get(name, {}).items() for word in words)
            for name in ("headers", "never", "not_imported")
        ]
        found.append(
            Product(table["name"], tuple(_pattern(word, r" ?\d+") for word in table["signs"]), *lists)
        )
    return tuple(found)


def recognized(headers: Sequence[str]) -> Product | None:
    """The product that a sheet with these headers comes from: it knows most of them, and two are its own."""
    words = [word for header in headers if (word := fold(header))]
    best: tuple[int, Product] | None = None
    for product in products():
        signs = sum(any(sign.fullmatch(word) for sign in product.signs) for word in words)
        known = sum(map(product.knows, words))
        if signs >= 2 and known * 3 >= len(words) * 2 and (best is None or signs > best[0]):
            best = signs, product
    return best[1] if best else None
