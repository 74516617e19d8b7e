"""Resolves titles to ids, and splits a row's values into the values of its steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from lwdesk.base.text import (
    _,
    did_you_mean,
    listing,
    nearest,
    quoted,
    split_list,
    split_marked,
    title_key,
    unquoted,
)
from lwdesk.catalog import LISTINGS
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.cells.kinds import Reference, Several
from lwdesk.catalog.cells.problems import ERROR, Problem, Report
from lwdesk.catalog.effects.records import Updates
from lwdesk.catalog.model import TAKES, Column
from lwdesk.catalog.operation import Recipe, Ref, Use

# Separators of the items of a list.
_MARKS = ";|\n,"
# The most pieces of a cell that may be one title, and the most readings of a cell that are compared.
_MOST_JOINED, _MOST_READINGS = 12, 6

Picked = Mapping[str, Mapping[str, Sequence[str]]]
Titles = Callable[[str, str], Sequence[dict[str, Any]]]  # of a listing, in the parent with this id


class Work(NamedTuple):
    """What one use of a recipe does for a row: the operation's values, and `about`, which of its works this is: the
    item of a list cell, or the number of the part."""

    use: Use
    values: dict[str, Any]
    about: str


def _reference(column: Column) -> Reference | None:
    kind = column.kind.item if isinstance(column.kind, Several) else column.kind
    return kind if isinstance(kind, Reference) else None


def listings(column: Column) -> tuple[str, ...]:
    """The ids of the listings that a column's titles are looked up in; empty for most columns."""
    kind = _reference(column)
    return (
        tuple(name for name in kind.to if name in LISTINGS and not _parent(name)) if kind is not None else ()
    )


def _parent(listing_id: str) -> str:
    """The listing of the parents, for records that are listed per parent only; else ""."""
    of = LISTINGS[listing_id].of
    return of.to if of is not None else ""


_Found = tuple[tuple[Ref, ...], Problem | None]
_Item = tuple[str, tuple[Ref, ...], Problem | None]
_Named = tuple[tuple[Ref | str, ...], tuple[Problem, ...]]
_Reading = tuple[tuple[str, int, bool], ...]  # of each item: its text, its first piece, whether it is known


# A use that acts, the names of its columns with the recipe's, the column that is split into a step for each item.
_Acting = tuple[Use, list[tuple[str, str]], str | None]


def _keys(title: str) -> dict[str, str]:
    """The index keys of a title by way of lookup, strictest first."""
    return {"exact": title, "sure": title_key(title)}


def _ways(text: str) -> tuple[tuple[str, str], ...]:
    """The (way, key) pairs to look a text up by, strictest first. Ids may differ in case alone."""
    return ("id", text), ("exact", text), ("id-case", text.lower()), ("sure", title_key(text))


def _by_way(labels: Mapping[str, Sequence[str]]) -> dict[str, dict[str, list[tuple[str, str]]]]:
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for label, (listing_id, own) in labels.items():
        for way, key in _keys(label).items():
            found.setdefault(way, {}).setdefault(key, []).append((listing_id, own))
    return found


def _protected(problem: Problem) -> Problem:
    """A problem of a list item, with fixes that can be written into a list: titles with separators are quoted."""
    if problem.code == "two-readings":
        return problem
    fix = None if problem.fix is None else quoted(problem.fix)
    return replace(problem, fix=fix, choices=tuple(map(quoted, problem.choices)))


def _written(pieces: Sequence[tuple[str, str]]) -> str:
    """The pieces joined as they are in the cell."""
    return ("".join(piece + mark for piece, mark in pieces[:-1]) + pieces[-1][0]).strip()


def _unknown_joined(reading: _Reading, pieces: Sequence[tuple[str, str]]) -> list[str]:
    """The items of a reading. Commas alone do not split a text without any known title."""
    starts = [start for _text, start, _known in reading] + [len(pieces)]
    items: list[str] = []
    at = 0
    while at < len(reading):
        end = at + 1
        while end < len(reading) and pieces[starts[end] - 1][1] == ",":
            end += 1
        part = reading[at:end]
        if any(known for _text, _start, known in part):
            items += [text for text, _start, _known in part]
        else:
            items.append(unquoted(_written(pieces[starts[at] : starts[end]])))
        at = end
    return items


class Resolver:
    """Looks up the school's records by the titles and ids that users write.

    `picked` are the lists of the template that the sheet was filled in on: column id -> label -> (listing, id). What
    was picked from them is what it was then, even if something else has that title now.
    """

    def __init__(self, recipe: Recipe, titles: Titles, picked: Picked | None = None):
        self._recipe, self._titles = recipe, titles
        # Nothing is taken away by a guess: no fix is offered for all rows at once.
        self._takes = any(use.operation.risk == TAKES for use in recipe.uses)
        self._picked = {name: _by_way(labels) for name, labels in (picked or {}).items()}
        found = [(c.id, kind) for c in recipe.columns if (kind := _reference(c)) is not None]
        # Parents are resolved first.
        self._references = dict(sorted(found, key=lambda one: any(map(_parent, one[1].to))))
        self._new_titles = {
            use.names[effect.by]: use.names[effect.renames]
            for use in recipe.uses
            if isinstance(effect := use.operation.effect, Updates) and effect.renames
        }
        self._acts: dict[tuple[str, ...], list[_Acting]] = {}
        self._indexes: dict[tuple[str, str], dict[str, dict[str, list[Ref]]]] = {}
        self._memory: dict[tuple[str, tuple[str, ...], str, str], _Found] = {}
        self._cells: dict[tuple[str, tuple[str, ...], str, str], _Named] = {}

    def works(self, values: dict[str, Any], report: Report) -> Iterator[Work]:
        """The work of a row, in the recipe's order; none where something can't be found, which is reported."""
        reported: list[Problem] = []
        resolved = self.resolved(values, reported.append)
        for problem in reported:
            report(problem)
        if reported:
            return
        for use, names, each in self._acting(tuple(resolved)):
            mine = {own: resolved[name] for own, name in names}
            if each is None:
                parts = use.operation.effect.parts(mine)
                for number, part in enumerate(parts, 1):
                    yield Work(use, dict(part), f"{number}/{len(parts)}" if len(parts) > 1 else "")
                continue
            for item in mine[each]:
                yield Work(use, {**mine, each: item}, str(item))

    def _acting(self, filled: tuple[str, ...]) -> list[_Acting]:
        """The uses that act on rows with values in these columns; rows are filled in few ways."""
        if filled not in self._acts:
            present = dict.fromkeys(filled)
            custom = [(name, name) for name in filled if name.startswith("cf_")]
            self._acts[filled] = [
                (
                    use,
                    [(own, name) for own, name in use.names.items() if name in present]
                    + (custom if use.operation.custom else []),
                    next(
                        (c.id for c in use.operation.columns if c.each and use.names[c.id] in present), None
                    ),
                )
                for use in self._recipe.uses
                if use.acts(present)
            ]
        return self._acts[filled]

    def resolved(self, values: dict[str, Any], report: Report) -> dict[str, Any]:
        """The values with titles replaced by `Ref`s; what can't be found is reported and dropped."""
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
            if not isinstance(value, tuple):
                refs, problems = self._named(name, to, value, of, kind.lacking, many=False)
                if problems and (new := self._renamed(name, values)):
                    renamed, others = self._named(name, to, new, of, kind.lacking, many=False)
                    refs, problems = (renamed, ()) if not others else (refs, problems)
            elif len(value) == 1:
                refs, problems = self._named(name, to, value[0], of, kind.lacking, many=True)
            else:
                cells = [self._named(name, to, cell, of, kind.lacking, many=True) for cell in value]
                refs = tuple(dict.fromkeys(ref for cell in cells for ref in cell[0]))
                problems = tuple(dict.fromkeys(problem for cell in cells for problem in cell[1]))
            for problem in problems:
                report(problem)
            found[name] = refs if isinstance(value, tuple) else refs[0] if refs else None
        return {name: value for name, value in found.items() if value is not None}

    def _renamed(self, name: str, values: Mapping[str, Any]) -> str:
        """The new title of a row that renames what the column names, and nothing else: an earlier run may have."""
        new = self._new_titles.get(name, "")
        given = {own for own, value in values.items() if value is not None}
        return str(values[new]) if given == {name, new} else ""

    def _named(
        self, name: str, to: tuple[str, ...], cell: str, of: str, lacking: bool, *, many: bool
    ) -> _Named:
        """The records that a cell names, and its problems."""
        known = self._cells.get((name, to, cell, of))
        if known is not None:
            return known
        refs: list[Ref | str] = []
        problems: list[Problem] = []
        items = self._list(name, to, cell, of) if many else [(cell, *self._find(name, to, cell, of))]
        for text, hits, problem in items:
            refs += hits
            if problem is not None and lacking and problem.code == "unknown":
                refs.append(text)
            elif problem is not None:
                problems.append(replace(_protected(problem) if many else problem, column=name, text=text))
        found = tuple(dict.fromkeys(refs)), tuple(dict.fromkeys(problems))
        self._cells[name, to, cell, of] = found
        return found

    def _list(self, name: str, to: tuple[str, ...], text: str, of: str) -> list[_Item]:
        """The items of a cell with a list, each with what it names.

        Pieces between marks may be parts of one title: of all ways to join them, that with the fewest unknown pieces
        is meant. Where several are equally good, the user is asked.
        """
        whole = unquoted(text)
        if self._is_picked(name, to, text):
            return [(text, *self._find(name, to, text, of))]
        pieces = [piece for piece in split_marked(text, _MARKS) if piece[0].strip()]
        if whole != text or len(pieces) < 2:
            whole = whole if whole != text or not pieces else unquoted(pieces[0][0].strip())
            return [(whole, *self._find(name, to, whole, of))]
        readings = self._readings(name, to, pieces, of)
        if len(readings) > 1:
            return [(text, (), self._two_readings(readings))]
        if not any(known for _text, _at, known in readings[0]):
            problem = self._find(name, to, text, of)[1]
            close = problem.choices[:1] if problem is not None else ()
            if any(len(split_list(title, _MARKS)) > 1 for title in close):
                return [(text, (), problem)]
        return [(item, *self._find(name, to, item, of)) for item in _unknown_joined(readings[0], pieces)]

    def _readings(
        self, name: str, to: tuple[str, ...], pieces: Sequence[tuple[str, str]], of: str
    ) -> list[_Reading]:
        """The best readings of the pieces as titles, one for each set of records that they name."""
        best: list[dict[Any, tuple[tuple[int, int], _Reading]]] = [{(): ((0, 0), ())}]
        for end in range(1, len(pieces) + 1):
            ways: dict[Any, tuple[tuple[int, int], _Reading]] = {}
            for start in range(max(0, end - _MOST_JOINED), end):
                text = unquoted(_written(pieces[start:end]))
                if end - start > 1 and any(unquoted(p.strip()) != p.strip() for p, _m in pieces[start:end]):
                    continue
                hits = self._hits(name, to, text, of)
                if not hits and end - start > 1:
                    continue
                picked = self._is_picked(name, to, text)
                for named, ((unknown, less), reading) in best[start].items():
                    worth = unknown + (not hits), less - picked * (end - start)
                    things = tuple(dict.fromkeys((*named, *(hits or (text,)))))
                    if things not in ways or worth < ways[things][0]:
                        ways[things] = worth, (*reading, (text, start, bool(hits)))
            least = min(worth for worth, _reading in ways.values())
            best.append(dict([one for one in ways.items() if one[1][0] == least][:_MOST_READINGS]))
        found = {frozenset(things): reading for things, (_worth, reading) in best[-1].items()}
        return list(found.values())

    def _is_picked(self, name: str, to: tuple[str, ...], text: str) -> bool:
        """Whether the text was picked from a template's list."""
        meant = self._picked.get(name, {}).get("exact", {}).get(text, ())
        return any(listing_id in to for listing_id, _own in meant)

    def _hits(self, name: str, to: tuple[str, ...], text: str, of: str) -> tuple[Ref, ...]:
        """All records that the text may name, by the strictest way that finds any."""
        if self._is_picked(name, to, text):
            return self._find(name, to, text, of)[0]
        for way, key in _ways(text):
            if hits := tuple(ref for one in to for ref in self._index(one, of)[way].get(key, ())):
                return hits
        return ()

    @staticmethod
    def _two_readings(readings: Sequence[_Reading]) -> Problem:
        choices = tuple(
            "; ".join(quoted(text, always=True) for text, _at, _known in reading)
            for reading in sorted(readings, key=len)
        )
        message = _("This could mean several things: {choices}. Which one do you mean?")
        message = message.format(choices=_(" or ").join(choices))
        return Problem(ERROR, "two-readings", message, choices=choices)

    def _find(self, name: str, to: tuple[str, ...], text: str, of: str) -> _Found:
        if (name, to, text, of) not in self._memory:
            self._memory[name, to, text, of] = self._found(name, to, text, of)
        return self._memory[name, to, text, of]

    def _found(self, name: str, to: tuple[str, ...], text: str, of: str) -> _Found:
        for way, key in _ways(text):
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
        """The record that was picked from a template's list, by its id."""
        hits = [ref for listing_id, own in meant for ref in self._index(listing_id, of)["id"].get(own, ())]
        if hits:
            return ((hits[0],), None) if len(hits) == 1 else ((), self._ambiguous(text, hits))
        others = [ref for name in to for ref in self._index(name, of)["exact"].get(text, ())]
        if not others:
            return (), self._unknown(to, text, of)
        message = _(
            "“{text}” was deleted after you made this template. Another {what} now has this name."
            " To use it, enter its ID: {ids}."
        )
        ids = tuple(ref.id for ref in others)
        what = _(LISTINGS[others[0].listing].title)
        message = message.format(text=text, what=what, ids=listing(ids))
        return (), Problem(ERROR, "replaced", message, choices=ids)

    def _index(self, listing_id: str, of: str) -> dict[str, dict[str, list[Ref]]]:
        if (listing_id, of) not in self._indexes:
            index: dict[str, dict[str, list[Ref]]] = {way: {} for way, _key in _ways("")}
            for record in self._titles(listing_id, of):
                ref = Ref(listing_id, str(record["id"]), str(record["title"]))
                title = ref.title.strip()
                index["id"].setdefault(ref.id, []).append(ref)
                index["id-case"].setdefault(ref.id.lower(), []).append(ref)
                for way, key in _keys(title).items():
                    index[way].setdefault(key, []).append(ref)
            self._indexes[listing_id, of] = index
        return self._indexes[listing_id, of]

    @staticmethod
    def _ambiguous(text: str, hits: list[Ref]) -> Problem:
        choices = tuple(f"{ref.title} ({_(LISTINGS[ref.listing].title)} {ref.id})" for ref in hits)
        message = _("Your school has {n} items named “{text}”: {choices}. Use the ID instead.")
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
            message += " " + did_you_mean(close)
        fix = close[0] if close and not self._takes else None
        return Problem(ERROR, "unknown", message, fix=fix, choices=tuple(close))
