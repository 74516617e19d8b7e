"""From a row's values to the values of its steps: which operations act, one step per item, titles to ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lwdesk.base.text import _, listing, nearest, quoted, split_list, title_key, unquoted
from lwdesk.catalog import LISTINGS
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.cells.kinds import Reference, Several
from lwdesk.catalog.cells.problems import ERROR, Problem, Report
from lwdesk.catalog.effects.facts import Ref
from lwdesk.catalog.model import TAKES, Column, Recipe, Use

# What may stand between the items of a list, the surest first.
_MARKS = (";|", "\n", ",")

Picked = Mapping[str, Mapping[str, Sequence[str]]]
Titles = Callable[[str, str], Sequence[dict[str, Any]]]  # of a listing, in the thing with this id


@dataclass(frozen=True, slots=True)
class Work:
    """What one use of a recipe does for a row: the operation's values, and `about`, which of its works this is: the
    item of a list cell, or the number of the part."""

    use: Use
    values: dict[str, Any]
    about: str


def _reference(column: Column) -> Reference | None:
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    return kind if isinstance(kind, Reference) else None


def listings(column: Column) -> tuple[str, ...]:
    """The listings of the school that a column's titles are found in; none for most columns."""
    kind = _reference(column)
    return (
        tuple(name for name in kind.to if name in LISTINGS and not _parent(name)) if kind is not None else ()
    )


def _parent(listing_id: str) -> str:
    """The listing of the things that this listing's records belong to, where they are listed for each only."""
    of = LISTINGS[listing_id].of
    return of.to if of is not None else ""


_Found = tuple[tuple[Ref, ...], Problem | None]


def _keys(title: str) -> dict[str, str]:
    """The ways in which a title is looked up, the strictest first."""
    return {"exact": title, "sure": title_key(title)}


def _by_way(labels: Mapping[str, Sequence[str]]) -> dict[str, dict[str, list[tuple[str, str]]]]:
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for label, (listing_id, own) in labels.items():
        for way, key in _keys(label).items():
            found.setdefault(way, {}).setdefault(key, []).append((listing_id, own))
    return found


def _protected(problem: Problem) -> Problem:
    """A problem of one item whose repairs can be written into a list: titles with a mark of lists in quotes."""
    if problem.code == "two-readings":
        return problem
    fix = None if problem.fix is None else _protect(problem.fix)
    return replace(problem, fix=fix, choices=tuple(map(_protect, problem.choices)))


def _protect(title: str) -> str:
    return quoted(title) if len(split_list(title, ";|\n")) > 1 else title


class Resolver:
    """Finds things of the school by what people write for them.

    `picked` are the lists of the template that the sheet was filled in on: column id -> label -> (listing, id). What
    was picked from them is what it was then, whatever is called so by now.
    """

    def __init__(self, recipe: Recipe, titles: Titles, picked: Picked | None = None):
        self._recipe, self._titles = recipe, titles
        # What is taken away is never taken by a guess: no fix is offered for all rows at once.
        self._takes = any(use.operation.risk == TAKES for use in recipe.uses)
        self._picked = {name: _by_way(labels) for name, labels in (picked or {}).items()}
        found = [(c.id, kind) for c in recipe.columns if (kind := _reference(c)) is not None]
        # What belongs to something is found once that is.
        self._references = dict(sorted(found, key=lambda one: any(map(_parent, one[1].to))))
        self._indexes: dict[tuple[str, str], dict[str, dict[str, list[Ref]]]] = {}
        self._memory: dict[tuple[str, tuple[str, ...], str, str], _Found] = {}

    def works(self, values: dict[str, Any], report: Report) -> Iterator[Work]:
        """The work that a row asks for, in the recipe's order; what cannot be found is reported."""
        heard: list[Problem] = []
        resolved = self.resolved(values, heard.append)
        for problem in heard:
            report(problem)
        if heard:
            return
        for use in self._recipe.uses:
            if not use.acts(resolved):
                continue
            mine = {own: resolved[name] for own, name in use.names.items() if name in resolved}
            if use.operation.custom:
                mine |= {name: value for name, value in resolved.items() if name.startswith("cf_")}
            each = next((c.id for c in use.operation.columns if c.each and c.id in mine), None)
            if each is None:
                parts = use.operation.effect.parts(mine)
                for number, part in enumerate(parts, 1):
                    yield Work(use, dict(part), f"{number}/{len(parts)}" if len(parts) > 1 else "")
                continue
            for item in mine[each]:
                yield Work(use, {**mine, each: item}, str(item))

    def resolved(self, values: dict[str, Any], report: Report) -> dict[str, Any]:
        """The values with titles turned into references; what cannot be found is reported and left out."""
        found = dict(values)
        for name, kind in self._references.items():
            if (value := values.get(name)) is None or value is EMPTY:
                continue
            narrow = values.get("product_type")
            to = (narrow,) if narrow in kind.to else kind.to
            of = next(
                (ref.id for ref in found.values() if isinstance(ref, Ref) and ref.listing == _parent(to[0])),
                "",
            )
            if _parent(to[0]) and not of:  # what it belongs to was not found, which is reported already
                found[name] = None
                continue
            many = isinstance(value, tuple)
            refs: list[Ref | str] = []
            whole = ((value, *self._find(name, to, value, of)),) if not many else ()
            items = dict.fromkeys(self._items(name, to, value, of)) if many else whole
            for text, hits, problem in items:
                refs += hits
                if problem is not None and kind.lacking and problem.code == "unknown":
                    refs.append(text)
                elif problem is not None:
                    problem = _protected(problem) if many else problem
                    report(replace(problem, column=name, text=text))
            found[name] = tuple(dict.fromkeys(refs)) if many else refs[0] if refs else None
        return {name: value for name, value in found.items() if value is not None}

    def _items(
        self, name: str, to: tuple[str, ...], cells: Sequence[str], of: str
    ) -> Iterator[tuple[str, tuple[Ref, ...], Problem | None]]:
        """The items of the cells of a list, each with what it names."""
        for cell in cells:
            yield from self._list(name, to, cell, of, _MARKS)

    def _list(
        self, name: str, to: tuple[str, ...], text: str, of: str, marks: Sequence[str]
    ) -> Iterator[tuple[str, tuple[Ref, ...], Problem | None]]:
        """The whole text where the school has it, else its parts at the first of the marks that it holds.

        Where both can be read, nobody but the user can tell, and is asked. A text whose parts are all unknown is taken
        for one title, except at marks that hardly ever stand in one.
        """
        plain = unquoted(text)
        whole = self._find(name, to, plain, of)
        mark = next((m for m in marks if len(split_list(text, m)) > 1), None)
        if mark is None or plain != text:
            yield plain, *whole
            return
        rest = marks[marks.index(mark) + 1 :]
        parts = [item for part in split_list(text, mark) for item in self._list(name, to, part, of, rest)]
        known = [part for part in parts if part[1]]
        if whole[1] is not None and whole[1].code == "unknown":
            like_whole = whole[1].choices and set(mark) & set(whole[1].choices[0])
            if known or (mark != "," and not like_whole):
                yield from parts
            else:
                yield text, *whole
        elif len(known) == len(parts) and {ref for part in parts for ref in part[1]} != {*whole[0]}:
            yield text, (), self._two_readings(text, [part[0] for part in parts])
        else:
            yield text, *whole

    @staticmethod
    def _two_readings(text: str, parts: Sequence[str]) -> Problem:
        message = _("Your school has “{text}”, and also {parts}. Which do you mean?")
        choices = (quoted(text), "; ".join(quoted(part, always=True) for part in parts))
        return Problem(
            ERROR, "two-readings", message.format(text=text, parts=listing(parts)), choices=choices
        )

    def _find(self, name: str, to: tuple[str, ...], text: str, of: str) -> _Found:
        if (name, to, text, of) not in self._memory:
            self._memory[name, to, text, of] = self._found(name, to, text, of)
        return self._memory[name, to, text, of]

    def _found(self, name: str, to: tuple[str, ...], text: str, of: str) -> _Found:
        for way in ("id", "exact", "sure"):
            key = {"id": text, **_keys(text)}[way]
            meant = self._picked.get(name, {}).get(way, {}).get(key, ())
            meant = [(listing_id, own) for listing_id, own in meant if listing_id in to]
            if meant:
                return self._still(text, to, meant, of)
            hits = [ref for listing_id in to for ref in self._index(listing_id, of)[way].get(key, ())]
            if len(hits) == 1:
                return (hits[0],), None
            if hits:
                return (), self._ambiguous(text, hits)
        return (), self._unknown(to, text, of)

    def _still(self, text: str, to: tuple[str, ...], meant: list[tuple[str, str]], of: str) -> _Found:
        """What was picked from a template's list, by its id."""
        hits = [ref for listing_id, own in meant for ref in self._index(listing_id, of)["id"].get(own, ())]
        if hits:
            return ((hits[0],), None) if len(hits) == 1 else ((), self._ambiguous(text, hits))
        others = [ref for name in to for ref in self._index(name, of)["exact"].get(text, ())]
        if not others:
            return (), self._unknown(to, text, of)
        message = _(
            "“{text}” of the template is no longer in your school; what is called so now is another {what}."
            " Write its id if you mean it: {ids}."
        )
        ids = tuple(ref.id for ref in others)
        what = _(LISTINGS[others[0].listing].title)
        message = message.format(text=text, what=what, ids=listing(ids))
        return (), Problem(ERROR, "replaced", message, choices=ids)

    def _index(self, listing_id: str, of: str) -> dict[str, dict[str, list[Ref]]]:
        if (listing_id, of) not in self._indexes:
            index: dict[str, dict[str, list[Ref]]] = {"id": {}, "exact": {}, "sure": {}}
            for record in self._titles(listing_id, of):
                ref = Ref(listing_id, str(record["id"]), str(record["title"]))
                title = ref.title.strip()
                index["id"].setdefault(ref.id, []).append(ref)
                if title_key(ref.id) != title_key(title):
                    index["sure"].setdefault(title_key(ref.id), []).append(ref)
                for way, key in _keys(title).items():
                    index[way].setdefault(key, []).append(ref)
            self._indexes[listing_id, of] = index
        return self._indexes[listing_id, of]

    @staticmethod
    def _ambiguous(text: str, hits: list[Ref]) -> Problem:
        choices = tuple(f"{ref.title} ({_(LISTINGS[ref.listing].title)} {ref.id})" for ref in hits)
        message = _("Your school has {n} things called “{text}”: {choices}. Write the id instead.")
        message = message.format(n=len(hits), text=text, choices=listing(choices))
        return Problem(ERROR, "ambiguous", message, choices=tuple(ref.id for ref in hits))

    def _unknown(self, to: tuple[str, ...], text: str, of: str) -> Problem:
        titles = [
            ref.title
            for listing_id in to
            for refs in self._index(listing_id, of)["exact"].values()
            for ref in refs
        ]
        close = nearest(text, list(dict.fromkeys(titles)))
        what = _(" or ").join(_(LISTINGS[listing_id].title) for listing_id in to)
        message = _("Your school has no {what} “{text}”.").format(what=what, text=text)
        if close:
            message += " " + _("Did you mean {close}?").format(close=listing(close))
        fix = close[0] if close and not self._takes else None
        return Problem(ERROR, "unknown", message, fix=fix, choices=tuple(close))
