"""A title names a thing of the school only where it surely is its title; anything looser is a question."""

from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.app.importing.edits import _swapped
from lwdesk.app.importing.resolve import Resolver
from lwdesk.base.text import misspelled, title_key
from lwdesk.catalog import IMPORTS, LISTINGS, OPERATIONS
from lwdesk.catalog.cells.kinds import Reference, Several, Text, tags
from lwdesk.catalog.cells.problems import ignore_problem
from lwdesk.catalog.effects.deletes import Deletes
from lwdesk.catalog.model import TAKES
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results

HELD = [
    *(
        "C++ basics",
        "Presse; Verlag",
        "Presse",
        "Verlag",
        "Grade A+",
        "Release 1.5",
        "Module 1.2",
        "Unit 1",
        "R&D",
    ),
    *(
        "100%",
        "Q&A",
        "Part 1.1: Intro",
        "Anna’s course – part 2",
        "Café",
        "Straße",
        "Space 1 🚀",
        "Ｆull width",
    ),
    *("Algebra", "Biology", "north, south", 'Say "hi"'),
]
SURE = {
    "c++ BASICS": "C++ basics",
    "Grade  A+": "Grade A+",
    "anna's COURSE - part 2": "Anna’s course – part 2",
    "Cafe\u0301": "Café",
    "STRASSE": "Straße",
    "Full width": "Ｆull width",
    "r&d": "R&D",
    "Space  1 🚀\ufe0f": "Space 1 🚀",
    "Say “hi”": 'Say "hi"',
}
LOOSE = [
    *("C# basics", "C basics", "Grade A-", "Grade A", "Release 15", "Release 1,5", "Module 12", "Module 1 2"),
    *("Unit -1", "RD", "R D", "R and D", "100", "QA", "Part 11 Intro", "Cafe", "Space 1", "part-11-intro"),
]


def references(entry):
    for column in entry.columns:
        kind = column.kind.item if isinstance(column.kind, Several) else column.kind
        if isinstance(kind, Reference) and all(name in LISTINGS for name in kind.to):
            yield column, kind


COLUMNS = [
    pytest.param(entry, column, kind, id=f"{entry.id} {column.id}")
    for entry in IMPORTS.values()
    for column, kind in references(entry)
]


@contextmanager
def held(*titles):
    """A school with these titles alone."""
    before = HELD[:]
    HELD[:] = dict.fromkeys(titles)
    try:
        yield
    finally:
        HELD[:] = before


def resolve(entry, column, kind, cell):
    """What the text of one cell names, as titles, and the problems, in a school whose first listing has all of HELD."""

    def titles(listing, of):
        rows = [{"id": f"id-{n}", "title": title} for n, title in enumerate(HELD)]
        return rows if listing == kind.to[0] else []

    reported = []
    above = LISTINGS[kind.to[0]].of
    values = {column.id: column.cell_kind.read(cell, reported.append)}
    if above is not None and above.to:  # it belongs to something, which the row names too
        other = next(c for c, k in references(entry) if above.to in k.to)
        values[other.id] = "parent"
        plain = titles

        def titles(listing, of):
            return [{"id": "parent", "title": "parent"}] if listing == above.to else plain(listing, of)

    found = Resolver(entry, titles).resolved(values, reported.append).get(column.id, ())
    return [str(ref) for ref in (found if isinstance(found, tuple) else (found,))], reported


@pytest.mark.parametrize(("entry", "column", "kind"), COLUMNS)
def test_only_case_white_space_and_twins_may_differ(entry, column, kind):
    for cell, title in SURE.items():
        assert resolve(entry, column, kind, cell) == ([title], []), cell


@pytest.mark.parametrize(("entry", "column", "kind"), COLUMNS)
def test_a_title_that_fits_without_its_signs_is_not_found(entry, column, kind):
    takes = any(use.operation.risk == TAKES for use in entry.uses)
    for cell in LOOSE:
        found, reported = resolve(entry, column, kind, cell)
        if kind.lacking:
            assert found == [cell], cell
            continue
        assert [found, [problem.level for problem in reported]] == [[], ["error"]], cell
        assert reported[0].choices and (reported[0].fix is None) is takes, cell


@pytest.mark.parametrize(
    ("entry", "column", "kind"),
    [one for one in COLUMNS if one.values[1].cell_kind.many and not one.values[2].lacking],
)
def test_a_list_is_read_as_the_school_has_its_titles(entry, column, kind):
    def read(cell):
        return resolve(entry, column, kind, cell)[0]

    assert (
        read("Algebra; Biology")
        == read("Algebra|Biology")
        == read("Algebra\nBiology")
        == ["Algebra", "Biology"]
    )
    assert read("Algebra, Biology") == read('"Algebra"; "Biology"') == ["Algebra", "Biology"]
    assert read("north, south; Algebra") == read("north, south\nAlgebra") == ["north, south", "Algebra"]
    assert read('"Presse; Verlag"') == ["Presse; Verlag"]
    assert read('"Presse"; "Verlag"') == ["Presse", "Verlag"]
    assert read('Say "hi"; Algebra') == ['Say "hi"', "Algebra"]
    found, reported = resolve(entry, column, kind, "Presse; Verlag")
    assert (found, [problem.code for problem in reported]) == ([], ["two-readings"])
    assert [resolve(entry, column, kind, choice)[0] for choice in reported[0].choices] == [
        ["Presse; Verlag"],
        ["Presse", "Verlag"],
    ]


LISTS = [one for one in COLUMNS if one.values[1].cell_kind.many]
INSIDE = {
    "Presse; Verlag; Algebra": [["Presse; Verlag", "Algebra"], ["Presse", "Verlag", "Algebra"]],
    "Algebra, Presse; Verlag": [["Algebra", "Presse; Verlag"], ["Algebra", "Presse", "Verlag"]],
    "Algebra\nPresse; Verlag": [["Algebra", "Presse; Verlag"], ["Algebra", "Presse", "Verlag"]],
    "A, B, C": [["A, B", "C"], ["A", "B", "C"]],
}


@pytest.mark.parametrize(("entry", "column", "kind"), LISTS)
def test_a_title_with_marks_inside_a_longer_list_is_found_or_asked_for(entry, column, kind):
    for cell, readings in INSIDE.items():
        with held(*HELD, "A, B", "A", "B", "C"):
            found, reported = resolve(entry, column, kind, cell)
            assert (found, [problem.code for problem in reported]) == ([], ["two-readings"]), cell
            chosen = [resolve(entry, column, kind, choice) for choice in reported[0].choices]
            assert chosen == [(reading, []) for reading in readings]
        for reading in readings:
            with held(*reading):
                assert resolve(entry, column, kind, cell) == (reading, []), cell


@pytest.mark.parametrize("pair", ["„”", "„“", "“”", "””", "«»", "‚‘", "‚’", "‹›", '""'])
def test_quotes_of_every_language_keep_an_item_whole(pair):
    entry, column, kind = LISTS[0].values
    assert resolve(entry, column, kind, f"{pair[0]}Presse; Verlag{pair[1]}; Algebra") == (
        ["Presse; Verlag", "Algebra"],
        [],
    )


@given(
    st.lists(
        st.text('ab,;|\n"“”„«»‹›‚‘’ ', min_size=1).filter(lambda t: read_alone(t) == t),
        unique=True,
        min_size=1,
    )
)
def test_a_list_that_was_exported_is_read_back_as_it_was(items):
    for kind in (Several(Text()), tags()):
        assert kind.read(kind.show(items), ignore_problem) == tuple(items)


def read_alone(text):
    return Text().read(text, ignore_problem)


@pytest.mark.parametrize(
    ("cell", "old", "new", "after"),
    [
        ('"Algebr; x"; Biology', "Algebr; x", "Algebra", "Algebra; Biology"),
        ("Algebra\nPresse, Verlag", "Presse, Verlag", '"Presse; Verlag"', 'Algebra\n"Presse; Verlag"'),
        ("A | Algebr , C", "Algebr", "Algebra", "A | Algebra , C"),
        ('"A; Algebr"; Algebr', "Algebr", "Algebra", '"A; Algebr"; Algebra'),
        ("A; B; C", "B", "", "A; C"),
        ("A; B", "B", "", "A"),
    ],
)
def test_a_repair_replaces_the_item_and_nothing_else(cell, old, new, after):
    assert _swapped(cell, old, new) == after


def test_marks_that_nobody_sees_make_no_other_title():
    assert title_key("Al\u034fge\U000e0100bra") == title_key("Algebra")


@pytest.mark.parametrize(
    ("typed", "title", "near"),
    [
        ("Spase 1 🚀", "Space 1 🚀", True),
        ("Sapce 1", "Space 1", True),
        ("Space 1", "Space 2", False),
        ("Space 11", "Space 1", False),
        ("Part A", "Part B", False),
        ("Grade A-", "Grade A", True),
        ("Introducton to Algebra", "Introduction to Algebra", True),
    ],
)
def test_typing_errors_in_letters_are_told_from_other_numbers(typed, title, near):
    assert misspelled(typed, title) is near


def test_what_was_picked_from_a_template_is_not_questioned():
    entry, column, kind = LISTS[0].values
    labels = {"Presse, Verlag": (kind.to[0], "id-1")}
    rows = [{"id": f"id-{n}", "title": title} for n, title in enumerate(HELD)]
    resolver = Resolver(entry, lambda name, of: rows if name == kind.to[0] else [], {column.id: labels})
    for cell, titles in {
        "Presse, Verlag": HELD[1:2],
        "Algebra; Presse, Verlag": ["Algebra", HELD[1]],
    }.items():
        reported = []
        found = resolver.resolved({column.id: (cell,)}, reported.append)[column.id]
        assert ([str(ref) for ref in found], reported) == (titles, [])


def test_ids_differ_in_case_at_most():
    entry, column, kind = LISTS[0].values
    rows = [{"id": "a-1", "title": "One"}]
    resolver = Resolver(entry, lambda name, of: rows if name == kind.to[0] else [])
    assert [str(ref) for ref in resolver.resolved({column.id: ("A-1",)}, [].append)[column.id]] == ["One"]
    reported = []
    resolver.resolved({column.id: ("a–1",)}, reported.append)
    assert [problem.code for problem in reported] == ["unknown"] or kind.lacking


@pytest.fixture
def desk(tmp_path):
    with Practice(users=40, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


DELETIONS = [op for op in OPERATIONS.values() if isinstance(op.effect, Deletes)]


@pytest.mark.parametrize("operation", DELETIONS, ids=lambda op: op.id)
def test_nothing_is_deleted_by_a_title_that_is_nearly_its_own(operation, desk):
    listing = operation.effect.listing
    held = {"seat": "seats", "group": "groups", "space": "spaces"}[listing]
    things = getattr(desk.practice.school, held)
    thing = next(iter(things.values()))
    if isinstance(thing, dict):
        thing["title" if "title" in thing else "name"] = "Room 1 🚀"
    else:
        thing.title = "Room 1 🚀"
    count = len(things)
    header = next(c for c in operation.columns if c.required).title
    for typed in ("Room 1", "room 1 !", "Room-1"):
        job = desk.run_import(
            (header,), (typed,), operation=operation.id, name=f"{len(typed)}{typed[4]}.xlsx"
        )
        [row] = row_results(job).values()
        assert row.outcome == "failed" and "Room 1 🚀" in row.message, row
    assert len(things) == count and not any("DELETE" in op for op in desk.writes)
    job = desk.run_import((header,), ("ROOM  1 🚀",), operation=operation.id, name="exact.xlsx")
    assert [row.outcome for row in row_results(job).values()] == ["done"]
