"""Which calls an export makes: the first ones, and those that a page of parents leads to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from lwdesk.api.build import request
from lwdesk.app.exporting import people
from lwdesk.app.exporting.filters import query
from lwdesk.app.exporting.row_filters import test_of
from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, LISTINGS
from lwdesk.catalog.effects.facts import get_path
from lwdesk.catalog.export_model import Export, Parents
from lwdesk.jobs.states import Call

# What a call of an export returns: parents to list for, rows, or what completes the rows.
PARENTS, ROWS, JOIN = "parents", "rows", "join"
Chain = dict[str, dict[str, Any]]


class Walker:
    """Which calls an export makes: the first ones, and those that an answer leads to."""

    def __init__(self, entry: Export, values: Mapping[str, Any], zone: tzinfo | None = None):
        self._entry, self._values, self._zone = entry, values, zone
        self._people: people.People | None = values.get(people.PEOPLE)
        narrows = [column for column in entry.narrows if column.reads and column.id in values]
        self._tests = [test_of(entry, column, values[column.id], zone) for column in narrows]

    def first_calls(self) -> Iterator[Call]:
        """The calls to begin with: the list, the parents' lists, or lists for the parents that were chosen."""
        if self._people is not None and not self._people.users and not self._people.alone:
            return
        if self._people is not None and self._entry.id in self._people.each:
            for n, fact in enumerate(self._people.users.values()):
                yield from self._row_calls({"user": fact}, f"0/{n:08}", fact["id"])
            return
        if not self._entry.per:
            yield from self._row_calls({}, "0")
        for number, parents in enumerate(self._entry.per):
            path = parents.path
            chosen = [depth for depth, level in enumerate(path) if level.name in self._values]
            if not chosen:
                yield self._parent_call(number, 0, {}, f"{number}")
                continue
            depth = chosen[-1]
            mine = [fact for fact in self._values[path[depth].name] if _belongs(fact, path[depth])]
            for n, fact in enumerate(mine):
                above = {path[depth - 1].name: fact["of"]} if "of" in fact else {}
                chain = {**above, path[depth].name: fact}
                yield from self._below(number, depth + 1, chain, f"{number}/{n:08}")

    def calls_for(self, chains: Iterable[Chain]) -> Iterator[Call]:
        """The calls for parents that are known, from the topmost down: as many of each chain as the export has."""
        names = [level.name for level in self._entry.per[0].path]
        wanted = ({name: chain[name] for name in names if name in chain} for chain in chains)
        found = {tuple(fact["id"] for fact in chain.values()): chain for chain in wanted}
        for ids, chain in found.items():
            yield from self._below(0, len(chain), chain, "/".join(("0", *ids)))

    def below(self, call: Call, rows: list[dict[str, Any]]) -> Iterator[Call]:
        """The calls that a page of parents leads to."""
        values = call.values
        again = f".{call.id}" if values.get("reread") else ""  # what is new there has no place of its own yet
        level = level_of(self._entry, call)
        tests = self._tests if values["depth"] == 0 else []
        fitting = (row for row in rows if all(test(row) for test in tests))
        for n, thing in enumerate(thing for row in fitting for thing in nested(row, level.items)):
            if _counts(thing, level) and self._fits(thing, level):
                chain = {**values["chain"], level.name: _fact(thing, level)}
                place = f"{values['place']}/{values['number']:05}{n:05}{again}"
                yield from self._below(values["per"], values["depth"] + 1, chain, place)

    def _fits(self, thing: dict[str, Any], level: Parents) -> bool:
        """Whether rows below a parent may be about one of the chosen users."""
        start, _mark, field = self._entry.about.rpartition(".")
        if self._people is None or start != f"of.{level.name}":
            return True
        return self._people.fits(_fact(thing, level).get(field), None)

    def _below(self, per: int, depth: int, chain: Chain, place: str) -> Iterator[Call]:
        if depth < len(self._entry.per[per].path):
            yield self._parent_call(per, depth, chain, place)
        else:
            yield from self._row_calls(chain, place)

    def _parent_call(self, per: int, depth: int, chain: Chain, place: str) -> Call:
        level = self._entry.per[per].path[depth]
        pairs = query(level.query, self._entry.narrows if depth == 0 else (), self._values, self._zone)
        call = self._call(PARENTS, level.call, pairs, chain, place, level.size, level.sized)
        call.values |= {"per": per, "depth": depth}
        return call

    def _row_calls(self, chain: Chain, place: str, user: str = "") -> Iterator[Call]:
        entry = self._entry
        if entry.join:
            yield self._call(JOIN, entry.join.call, [], chain, place, 0, False)
        values = {**self._values, "user": user} if user else self._values
        one = entry.one if user else ""
        constants = [pair for pair in entry.query if not (one and "{" in pair[1])]
        pairs = query(constants, entry.filters, values, self._zone)
        for n, (word, template) in enumerate(entry.variants or (("", one or entry.call),)):
            inner = f"{place}/{n}" if entry.variants else place
            call = self._call(ROWS, template, pairs, chain, inner, entry.size, entry.sized)
            call.values |= {"variant": word} if word else {}
            yield call

    def _call(
        self,
        role: str,
        template: str,
        pairs: list[list[str]],
        chain: Chain,
        place: str,
        size: int,
        sized: bool,
    ) -> Call:
        slots = {name: str(fact["id"]) for name, fact in chain.items() if f"{{{name}}}" in template}
        built = request(template, slots)
        filled = [[name, _filled(text, chain)] for name, text in pairs]
        values = {"role": role, "number": 1, "size": size, "sized": sized, "place": place, "chain": chain}
        return Call(self._entry.id, built.method, built.path, query=filled, values=values)


def _filled(text: str, chain: Chain) -> str:
    """A query's value with `{course}` and `{product.type}` filled in."""
    for name, fact in chain.items():
        for key, value in (("", fact["id"]), *((f".{key}", value) for key, value in fact.items())):
            text = text.replace(f"{{{name}{key}}}", str(value))
    return text


def nested(record: Any, names: tuple[str, ...]) -> list[Any]:
    """The items of the nested lists with these names, one in the other."""
    found = [record]
    for name in names:
        nested = [above.get(name) for above in found if isinstance(above, dict)]
        found = [thing for things in nested if isinstance(things, list) for thing in things]
    return found


def _counts(thing: Any, level: Parents) -> bool:
    if level.only is None:
        return get_path(thing, level.id) is not None
    value = get_path(thing, level.only[0])
    return bool(value) if not level.only[1] else value in level.only[1]


def level_of(entry: Export, call: Call) -> Parents:
    """The parents that a call lists."""
    level: Parents = entry.per[call.values["per"]].path[call.values["depth"]]
    return level


def parents_title(entry: Export, call: Call) -> str:
    """What the list of parents that a call reads is called."""
    level = level_of(entry, call)
    titles = [_(one.title) for one in EXPORTS.values() if one.call == level.call]
    return titles[0] if titles else _(LISTINGS[level.name].title)


def _belongs(fact: dict[str, Any], level: Parents) -> bool:
    """Whether a chosen parent is one of these, not of an alternative to them."""
    marks = {name: place.strip('"') for name, place in level.facts if place[:1] == '"'}
    return all(fact.get(name) == mark for name, mark in marks.items())


def _fact(thing: dict[str, Any], level: Parents) -> dict[str, Any]:
    more = {
        name: place.strip('"') if place[:1] == '"' else get_path(thing, place) for name, place in level.facts
    }
    return {"id": str(get_path(thing, level.id)), "title": get_path(thing, level.title), **more}
