"""Every entry of the catalog, by being listed: its data is in order, and it works with a school.

A new operation or export is tested from here without a line about it, as long as it is made of the catalog's words.
"""

import argparse
import importlib
import itertools
import json
import pkgutil
import re
import zlib
from collections import Counter
from string import Formatter

import openpyxl
import orjson
import pytest

import lwdesk.catalog
from lwdesk.app.exporting import exports, workbook
from lwdesk.app.importing import templates
from lwdesk.app.importing.resolve import Resolver
from lwdesk.base.paths import Home
from lwdesk.base.text import fold, quoted
from lwdesk.catalog import EXPORTS, IMPORTS, LISTINGS, MEMBERSHIPS, OPERATIONS
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Email, Reference, Several, Text, User, YesNo
from lwdesk.catalog.effects.deletes import Deletes
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.mints import Mints
from lwdesk.catalog.effects.parts import Picks
from lwdesk.catalog.effects.records import Creates
from lwdesk.catalog.export_model import LIST, Name
from lwdesk.catalog.match import RESULT_TITLES, match, require
from lwdesk.catalog.model import ADDS, CHANGES, LOOK, NEVER, SAFE, TAKES
from lwdesk.catalog.operation import Send
from lwdesk.cli import look
from lwdesk.practice import seed_social
from lwdesk.practice.server import Practice
from lwdesk.sheets.table import Header, letter
from tests.app.desk import Desk, row_results, state, words
from tests.catalog.reading import read

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
CALL = re.compile(r"(GET|POST|PUT|DELETE) [a-z0-9_\-/{}]+")


def each(entries):
    """Parametrised over entries, named by their ids."""
    return pytest.mark.parametrize("entry", entries.values(), ids=list(entries))


def slots(call):
    return set(re.findall(r"\{(\w+)\}", call))


def inner(column):
    return column.kind.item if isinstance(column.kind, Several) else column.kind


# The data of entries --------------------------------------------------------------------------------------------


def test_every_entry_is_listed_once():
    modules = [
        importlib.import_module(f"lwdesk.catalog.{found.name}")
        for found in pkgutil.iter_modules(lwdesk.catalog.__path__)
    ]
    for kind, there in {
        "OPERATIONS": OPERATIONS,
        "EXPORTS": EXPORTS,
        "LISTINGS": LISTINGS,
        "MEMBERSHIPS": MEMBERSHIPS,
    }.items():
        made = Counter(entry.id for module in modules for entry in getattr(module, kind, ()))
        assert [entry_id for entry_id, count in made.items() if count > 1] == []
        assert set(made) <= set(there)
        assert all(KEBAB.fullmatch(entry_id) for entry_id in there)
        assert all(entry_id == entry.id for entry_id, entry in there.items())


@each(OPERATIONS)
def test_an_operation_is_whole(entry):
    assert entry.title and entry.family and entry.done and entry.doc.endswith(".")
    assert not entry.call or CALL.fullmatch(entry.call)
    assert entry.repeat in (SAFE, LOOK, NEVER) and entry.risk in (ADDS, CHANGES, TAKES)
    ids = [column.id for column in entry.columns]
    assert len(set(ids)) == len(ids) and all(SNAKE.fullmatch(column_id) for column_id in ids)
    for words_ in (entry.done, entry.so):
        assert {name for _text, name, *_rest in Formatter().parse(words_) if name} <= set(ids)
    assert entry.so or entry.repeat == NEVER, "what can be so already needs the words for it"


@each(OPERATIONS)
def test_the_slots_of_a_call_are_columns(entry):
    in_path = {column.id for column in entry.columns if column.at == "path"}
    if entry.call:
        assert in_path == slots(entry.call)
        found = (
            {entry.effect.by} if isinstance(entry.effect, Picks) else set()
        )  # by whom and what it belongs to
        assert all(c.required or c.id in found for c in entry.columns if c.at == "path")


@each(OPERATIONS)
def test_every_column_has_a_place_of_its_own(entry):
    places = [place for c in entry.columns for place in ([c.at] if isinstance(c.at, str) else c.at)]
    body = [place for place in places if place not in ("", "path")]
    assert len(set(body)) == len(body)
    assert not set(body) & {key for key, _value in entry.body}


@each(OPERATIONS)
def test_undo_leads_back_or_says_why_not(entry):
    assert entry.undo or entry.no_undo or not entry.call
    if entry.undo:
        back = OPERATIONS[entry.undo]
        if isinstance(back.effect, Deletes):  # what is deleted does not come back
            assert isinstance(entry.effect, Creates) and entry.effect.back == back.effect.by
        else:
            assert back.undo == entry.id and type(back.effect) is type(entry.effect)


@each(OPERATIONS)
def test_what_sends_mail_sends_none_unless_told(entry):
    if entry.mails:
        column = entry.column(entry.mails)
        assert column is not None and isinstance(column.kind, YesNo) and column.default is False
    for column in entry.columns:
        assert column.default is not True or "mail" not in column.id


@each(IMPORTS)
def test_the_columns_of_an_import_explain_themselves(entry):
    for column in entry.columns:
        assert column.title and fold(column.title) and column.title not in RESULT_TITLES
        assert column.help.endswith((".", "?")), column.id
        assert all(fold(word) for word in column.synonyms)
        if column.required or column.each:
            assert column.example or isinstance(inner(column), Reference), column.id


@each(IMPORTS)
def test_examples_are_read_without_a_word(entry):
    for column in entry.columns:
        if column.example:
            found = read(column.cell_kind, column.example)
            assert found.value is not None and not found.problems, (column.id, found)


@each(IMPORTS)
def test_titles_and_ids_find_their_own_columns(entry):
    for texts in ([c.title for c in entry.columns], [c.id for c in entry.columns]):
        matches = match([Header(letter(n), text) for n, text in enumerate(texts)], entry)
        assert [m.column.id if m.column else None for m in matches] == [c.id for c in entry.columns]
        assert all(m.sure for m in matches)
        require(entry, matches, {}, "")


@each(IMPORTS)
def test_a_recipe_gives_its_operations_what_they_need(entry):
    ids = [column.id for column in entry.columns]
    assert len(set(ids)) == len(ids) and set(entry.demands) <= set(ids)
    for use in entry.uses:
        assert use.operation.id in OPERATIONS
        assert set(use.rename) <= {column.id for column in use.operation.columns}
        assert set(use.rename.values()) | set(use.wanted) <= set(ids)
        for column in use.operation.columns:
            if column.required and column.derive is None:
                assert use.names[column.id] in ids


@each(
    {
        f"{kind} {e.id}": e
        for kind, there in (("import", IMPORTS), ("export", EXPORTS))
        for e in there.values()
    }
)
def test_references_name_listings(entry):
    columns = entry.columns if entry in IMPORTS.values() else entry.choices
    for column in columns:
        if isinstance(inner(column), Reference):
            assert inner(column).to and set(inner(column).to) <= set(LISTINGS)


@each(LISTINGS)
def test_a_listing_can_be_listed(entry):
    assert entry.title and entry.keys and entry.label
    if entry.within:
        assert entry.items and entry.within in LISTINGS
    elif entry.walk:
        assert CALL.fullmatch(entry.walk) and 1 <= entry.size <= 200
    else:
        assert entry.of and (entry.of.by_user or entry.of.both)
    if entry.of:
        assert not entry.of.to or entry.of.to in LISTINGS
    assert not entry.keep or {*entry.keys, entry.label} <= set(entry.keep) | {"title"}


@each(MEMBERSHIPS)
def test_a_membership_can_be_looked_at_from_both_sides(entry):
    assert slots(entry.ask) == ({"key"} if entry.ask else set()) and set(entry.walks) <= set(LISTINGS)
    for walk in entry.walks.values():
        assert "{item}" in walk.call + json.dumps(walk.query)


@each(EXPORTS)
def test_an_export_is_whole(entry):
    assert entry.title and entry.family and entry.doc.endswith(".")
    if entry.parts:
        assert set(entry.parts) <= set(EXPORTS) and not entry.columns
        return
    titles = [column.title for column in entry.columns]
    assert titles and len(set(titles)) == len(titles)
    assert len({column.at for column in entry.columns}) == len(titles)
    calls = [call for _word, call in entry.variants] or [entry.call]
    names = {level.name for per in entry.per for level in per.path} | {name for name, _field in entry.levels}
    for call in [*calls, *([entry.join.call] if entry.join else [])]:
        assert CALL.fullmatch(call) and slots(call) <= names
    assert 1 <= entry.size <= 200
    for column in entry.outs:
        first, *rest = column.at.split(".")
        assert first != "of" or rest[0] in names, column.at


@each(EXPORTS)
def test_filters_have_a_place(entry):
    lists = [EXPORTS[part] for part in entry.parts] or [entry]
    parents = {level.name for one in lists for per in one.per for level in per.path}
    ids = [column.id for column in entry.choices]
    assert len(set(ids)) == len(ids)
    parents |= {section.option for section in entry.pages.sections} if entry.pages else set()
    for column in (*entry.filters, *entry.narrows):
        assert column.title and SNAKE.fullmatch(column.id)
        assert (isinstance(column.at, str) and column.at) or column.id in parents or column.reads, column.id
        if column.reads:
            columns = [out for one in lists for out in one.columns]
            shown = [place for out in columns for place in (out.at, f"{out.at}.id")]
            facts = [name for one in lists for per in one.per for name, _place in per.facts]
            assert column.reads in (*shown, *facts), column.reads


# Templates and descriptions --------------------------------------------------------------------------------------


@each(IMPORTS)
def test_a_template_holds_the_columns_and_comes_back_as_no_rows(entry, tmp_path):
    path = tmp_path / "template.xlsx"
    templates.write(entry.id, path, None)
    book = openpyxl.load_workbook(path)
    headers = [cell.value for cell in book.worksheets[0][1]]
    matches = match([Header(letter(n), str(text)) for n, text in enumerate(headers)], entry)
    assert [m.column.id for m in matches if m.column] == [c.id for c in entry.columns if not c.rare]
    book.close()


@pytest.mark.parametrize("entry_id", sorted({*IMPORTS, *EXPORTS}))
def test_a_description_says_what_there_is(entry_id, home, capsys):
    look.describe(argparse.Namespace(id=entry_id, json=True), Home(home))
    facts = json.loads(capsys.readouterr().out)
    assert facts["id"] == entry_id and facts["title"] and facts["doc"]
    look.describe(argparse.Namespace(id=entry_id, json=False), Home(home))
    assert facts["title"] in capsys.readouterr().out


# Imports, with a school --------------------------------------------------------------------------------------------

PEOPLE = 60


@pytest.fixture
def practice():
    with Practice(users=PEOPLE, limit=False) as school:
        school.school.users[-1].suspended = True  # beside the one that so small a school has
        yield school


@pytest.fixture
def desk(tmp_path, practice):
    found = Desk(tmp_path, practice)
    yield found
    found.close()


def candidates(column, desk, row):
    """Values of the school that a required column may have, as people write them."""
    kind = inner(column)
    people = sorted(desk.practice.school.users, key=lambda user: user.suspended)
    if isinstance(kind, User):
        return [user.email for user in people]
    if isinstance(kind, Email):
        return [f"new.person.{row}@example.org"]
    if isinstance(kind, Reference):
        return list(dict.fromkeys(title for name in kind.to for title in titles(desk, name)))
    if isinstance(kind, Choice):
        return kind.values[:6]
    if column.id == "tags":
        return [column.example, *sorted({tag for user in people for tag in user.tags})]
    return [f"{column.example or 'Words'}-{row}" if isinstance(kind, Text) else column.example]


def titles(desk, name, of=""):
    """What things of a listing are called, wherever they belong."""
    within, directory = LISTINGS[name].of, desk.session.directory
    if within and not of:
        return [title for one in directory.titles(within.to) for title in titles(desk, name, one["id"])]
    return [item["title"] for item in directory.titles(name, of)]


def sendable(entry, desk, row, taken, more):
    """Cells of a row, by column, that have something to be sent: what is required and `more`; not about `taken`."""
    needed = [column for column in entry.columns if column.required and column.derive is None]
    operation = entry.uses[0].operation
    resolver = Resolver(entry, desk.session.directory.titles)
    for found in itertools.islice(itertools.product(*(candidates(c, desk, row) for c in needed)), 3000):
        if found[0] in taken:
            continue
        cells = dict(zip(needed, found, strict=True)) | {column: column.example for column in more}
        reported = []
        values = {column.id: column.cell_kind.read(cell, reported.append) for column, cell in cells.items()}
        works = list(resolver.works(values, reported.append))
        if reported or not works:
            continue
        desk.session.directory.fetch(operation.effect.needs(works[0].values))
        if isinstance(operation.effect.judge(operation, works[0].values, desk.session.directory, None), Send):
            return {column.title: cell for column, cell in cells.items()}
    return None


def rows_for(entry, desk):
    """Two rows: one with what is required, one with every example beside it."""
    optional = [column for column in entry.columns if column.example and column.at and not column.required]
    optional = [c for c in optional if not isinstance(inner(c), Reference) and c.id != "product_type"]
    bare = sendable(entry, desk, 1, set(), []) or sendable(entry, desk, 1, set(), optional[:1])
    assert bare, f"the school has nothing that {entry.id} could change"
    full = sendable(entry, desk, 2, {next(iter(bare.values()))}, optional)
    assert full, f"the school has nothing more that {entry.id} could change"
    return list(bare | full), [bare, full]


@each(IMPORTS)
def test_an_import_makes_it_so_once_and_can_be_undone(entry, desk, practice):
    headers, rows = rows_for(entry, desk)
    before = state(practice)
    desk.forget()
    job = desk.run_import(headers, *rows, operation=entry.id)
    assert words(job) == ["done", "done"], row_results(job)
    assert sum(desk.writes.values()) >= 2 and state(practice) != before
    repeats = any(isinstance(use.operation.effect, Mints) for use in entry.uses)
    desk.forget()
    again = desk.run_import(headers, *rows, operation=entry.id, name="again.xlsx")
    assert words(again) == (["done", "done"] if repeats else ["unchanged", "unchanged"]), row_results(again)
    assert repeats or desk.writes == {}
    sent = [OPERATIONS[call.op] for call in job.calls()]
    undone = desk.undo(job)
    assert all(word in ("done", "skipped") for word in words(undone)), row_results(undone)
    if all(operation.undo for operation in sent) and "skipped" not in words(undone):
        assert lasting(state(practice), sent) == lasting(before, sent)
    else:
        assert any("can't be undone" in one.message for one in row_results(undone).values())


def lasting(found, operations):
    """A state without what no undo takes back: mails, payments, and what a seat or group gave beside itself."""
    circles = {op.effect.membership for op in operations if isinstance(op.effect, Joins)} - {"products"}
    tags, holds = (5, 8) if circles else (-1, -1)
    people = {
        email: [fact for n, fact in enumerate(facts) if n not in (tags, holds)]
        for email, facts in found["people"].items()
    }
    return {**found, "people": people, "mails": None, "payments": None}


# Exports, with a school --------------------------------------------------------------------------------------------

SHEETS = {entry_id: entry for entry_id, entry in EXPORTS.items() if not entry.parts}
# What the school holds, by the column that tells it: the ids of what its list has to bring.
HOLDS = {
    "users": ("ID", lambda school: school.by_id),
    "courses": ("ID", lambda school: school.products["course"]),
    "bundles": ("ID", lambda school: school.products["bundle"]),
    "subscription-plans": ("ID", lambda school: school.products["subscription"]),
    "course-users": ("User ID", lambda school: {u for c in school.products["course"] for u in school.learners(c)}),
    "seat-offerings": ("ID", lambda school: school.seats),
    "groups": ("ID", lambda school: school.groups),
    "roles": ("ID", lambda school: school.roles),
    "segments": ("ID", lambda school: school.segments),
    "collections": ("ID", lambda school: school.collections),
    "spaces": ("ID", lambda school: school.spaces),
    "posts": ("ID", lambda school: school.posts),
    "payments": ("ID", lambda school: {payment["id"] for payment in school.payments}),
    "promotions": ("ID", lambda school: school.promotions),
    "coupons": ("Code", lambda school: {c["code"] for p in school.promotions.values() for c in p["coupons"]}),
    "affiliates": ("User ID", lambda school: school.affiliates),
    "certificates": ("ID", lambda school: school.certificates),
}  # fmt: skip


def fields_in(job, entry):
    """The places of all values in the answers of an export, those of nested lists too."""
    found = set()

    def note(value, place):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and place != entry.open:
                for key, inner in item.items():
                    note(inner, f"{place}.{key}" if place else key)
            elif place and not isinstance(item, list):
                found.add(place)

    for page in job.pages(entry.id):
        note(orjson.loads(zlib.decompress(page.data)).get("rows", []), "")
    return found


def places_of(entry):
    """The places in an answer that the columns show."""
    above, inner = {}, ""
    for name, field in entry.levels:
        above[name], inner = inner, f"{inner}.{field}" if inner else field
    found = set()
    for column in entry.columns:
        own, *rest = column.at.split(".", 2)
        if own != "of":
            found |= {f"{inner}.{column.at}" if inner else column.at}
        elif rest[0] in above:
            found.add(f"{above[rest[0]]}.{rest[1]}".lstrip("."))
        shows = column.refers.shows if column.refers else ()
        found |= {f"{inner}.{place}".lstrip(".") for _field, place in shows if not place.startswith("of.")}
    return found | {place.rpartition(".")[0] for place in found}


# Fields of answers that no column shows, and why.
LEFT_OUT = {
    "": {
        "icon": "a word for a picture",
        "image": "an image",
    },
    "installments": {},
    "progress": {"progress_per_section_unit": "the export course-progress has them"},
    "bundles": {"paymentPlans": "the export payment-plans has them"},
    "leads": {"submissions": "the export lead-submissions has them"},
    "lead-submissions": {"": "of the lead itself; the export leads has them"},
    "payment-plans": {"": "of the bundle itself; the export bundles has them"},
    "promotions": {"coupons": "the export coupons has them"},
    "coupons": {"": "of the promotion itself; the export promotions has them"},
    "enrollments": {"course": "the export courses has the rest"},
    "payments": {"products": "their names are shown", "product": "the rest is of the product's picture"},
    "course-contents": {"id": "the course's", "title": "the course's"},
    "course-progress": {"progress_per_section_unit.section_id": "its title is shown"},
    "user-roles": {"user_role.id": "is the role's id"},
    "seat-offerings": {"seat_managers": "their emails are shown"},
    "groups": {"group_managers": "their emails are shown"},
    "posts": {"user": "", "likes.id": "usernames are shown", "upvotes.id": "", "mentions.id": ""},
    "affiliate-payouts": {"payments": "the export payout-payments has them", "affiliateId": "shown as Affiliate ID"},
    "payout-payments": {"": "the export payments has the rest"},
    "coupon-usage": {"": "the export payments has the rest"},
    "affiliate-payments": {"": "the export payments has the rest"},
    "school-events": {"bookingDetails.providerData": "what a provider has of its own"},
    "grades": {"learningUnit.icon": "a word for a picture"},
}  # fmt: skip


class Shelf(Desk):
    """A desk at a school that nobody changes; what was exported whole is kept."""

    def __init__(self, folder, practice):
        super().__init__(folder, practice)
        self._whole = {}
        self.fields = {}  # of the answers, by export

    def export(self, entry, **where):
        """Run an export. Returns the headers and the rows of its workbook's first sheet."""
        path = self.folder / f"{entry.id}.xlsx"
        job = exports.create(self.home, entry.id, where, self.session, path)
        assert exports.engine(job, self.session).run() == "finished"
        assert exports.missing(job) == []
        workbook.write(job, path)
        self.fields.setdefault(entry.id, set()).update(fields_in(job, entry))
        book = openpyxl.load_workbook(path)
        headers, *rows = book.worksheets[0].iter_rows(values_only=True)
        book.close()
        return list(headers), rows

    def whole(self, entry):
        """Headers and rows without filters, and which columns the school tells again each time it is asked."""
        if entry.id not in self._whole:
            headers, rows = self.export(entry)
            again = self.export(entry)[1] if entry.files else rows
            moving = {
                n for one, other in zip(rows, again, strict=True) for n, c in enumerate(one) if c != other[n]
            }
            self._whole[entry.id] = headers, rows, moving
        return self._whole[entry.id]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    with Practice(users=PEOPLE, limit=False) as practice:
        school = practice.school
        seated, grouped = (
            {u for c in circles.values() for u in c.members} for circles in (school.seats, school.groups)
        )
        next(school.by_id[u] for u in seated & grouped if school.by_id[u].holds).suspended = True
        brought = next(one for one in school.payments if one["affiliate"])
        brought["affiliate"]["payment_status"] = "paid"
        seed_social._paid_out(school, brought["affiliate"]["id"])
        desk = Shelf(tmp_path_factory.mktemp("shelf"), practice)
        yield desk
        desk.close()


SHAPES = ["bare", "bare named", "uncounted"]


def shaped():
    """Every list in every shape; those that are called once per parent, which takes many calls, in one shape each."""
    for n, entry in enumerate(SHEETS.values()):
        for shape in [SHAPES[n % len(SHAPES)]] if entry.per else SHAPES:
            yield pytest.param(entry, shape, id=f"{entry.id}-{shape}")


@pytest.mark.parametrize(("entry", "shape"), list(shaped()))
def test_an_export_is_whole_in_whichever_shape_its_pages_come(entry, shape, shelf):
    headers, rows, moving = shelf.whole(entry)
    shelf.practice.switches.shape = shape
    try:
        same_headers, found = shelf.export(entry)
    finally:
        shelf.practice.switches.shape = "document"
    still = [
        [[cell for n, cell in enumerate(row) if n not in moving] for row in all_] for all_ in (rows, found)
    ]
    assert (same_headers, still[1]) == (headers, still[0])


@each(SHEETS)
def test_an_export_brings_what_the_school_holds(entry, shelf):
    headers, rows, _moving = shelf.whole(entry)
    known = [column.heading for column in entry.outs]
    assert [h for h in headers if h in known] == known
    assert rows and len(set(map(str, rows))) == len(rows)
    if entry.id in HOLDS:
        title, held = HOLDS[entry.id]
        found = [row[headers.index(title)] for row in rows]
        there = set(held(shelf.practice.school))
        suspended = {user.id for user in shelf.practice.school.users if user.suspended}
        assert set(found) in (there, there - suspended)
        assert len(found) == len(there) or entry.per


def things(school):
    """Listing -> id -> the fields that exports show, from the state of the school."""
    titled = {
        "course": ("title", school.products["course"]),
        "bundle": ("title", school.products["bundle"]),
        "subscription": ("title", school.products["subscription"]),
        "role": ("title", school.roles),
        "segment": ("name", school.segments),
        "collection": ("name", school.collections),
        "space": ("title", school.spaces),
        "promotion": ("name", school.promotions),
    }
    found = {
        listing: {id: {"title": one[label]} for id, one in all_.items()}
        for listing, (label, all_) in titled.items()
    }
    found["seat"] = {id: {"title": one.title} for id, one in school.seats.items()}
    found["group"] = {id: {"title": one.title} for id, one in school.groups.items()}
    found["user"] = {
        id: {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
        for id, user in school.by_id.items()
    }
    return found


@each(SHEETS)
def test_the_names_are_those_of_the_ids(entry, shelf):
    headers, rows, _moving = shelf.whole(entry)
    known = things(shelf.practice.school)
    for column in entry.outs:
        if not isinstance(column, Name):
            continue
        at, of = headers.index(column.heading), headers.index(column.of.heading)
        told = {id: one[column.field] for to in column.of.refers.to for id, one in known[to].items()}
        for row in rows:
            ids = str(row[of]).split("; ") if row[of] is not None else []
            if entry.id not in ("leads", "lead-submissions") or ids:
                shown = quoted if column.of.kind == LIST else str
                assert (row[at] or None) == ("; ".join(shown(told[id]) for id in ids) or None), column.at


@each(SHEETS)
def test_every_field_of_an_answer_has_a_column_or_a_reason(entry, shelf):
    shelf.whole(entry)
    if any(not field for c in entry.columns if c.refers for field, _place in c.refers.shows):
        return  # rows are users, whose other fields can be added
    left = LEFT_OUT[""] | LEFT_OUT.get(entry.id, {})
    if "" in left:
        return
    rest = shelf.fields[entry.id] - places_of(entry)
    without = {f for f in rest if not any(f == name or f.startswith(f"{name}.") for name in left)}
    assert not {f for f in without if f.rpartition(".")[2] not in ("icon", "image", "courseImage")}


@each(SHEETS)
def test_no_id_stands_in_a_column_that_does_not_say_what_it_is(entry, shelf):
    headers, rows, _moving = shelf.whole(entry)
    known = {id for all_ in things(shelf.practice.school).values() for id in all_}
    for n, header in enumerate(headers):
        column = next((c for c in entry.outs if c.heading == header), None)
        if column is None or not (column.refers or column.at in ("id", "identifiers.slug")):
            assert not {row[n] for row in rows if isinstance(row[n], str)} & known, header


@pytest.mark.parametrize(
    ("entry", "column"),
    [
        pytest.param(e, c, id=f"{e.id} {c.id}")
        for e in SHEETS.values()
        for c in (*e.filters, *e.narrows)
        if c.id not in ("sort", "order")
    ],
)
def test_a_filter_narrows_and_brings_nothing_else(entry, column, shelf):
    _headers, everything, moving = shelf.whole(entry)

    def still(rows):
        return Counter(str([cell for n, cell in enumerate(row) if n not in moving]) for row in rows)

    counts = []
    for value in wanted(column, shelf):
        _headers, rows = shelf.export(entry, **{column.id: value})
        assert not still(rows) - still(everything), f"{column.id}={value}"
        counts.append(len(rows))
    assert min(counts) < len(everything), f"{column.id} changes nothing"


def wanted(column, desk):
    """Some values for a filter."""
    kind = inner(column)
    if isinstance(kind, YesNo):
        return ["yes", "no"]
    if isinstance(kind, Choice):
        return kind.values[:6]
    if isinstance(kind, Reference) and LISTINGS[kind.to[0]].of is not None:  # by title only in a course
        return ["0" * 24]
    if isinstance(kind, Reference):
        return [desk.session.directory.titles(kind.to[0])[0]["title"]]
    if isinstance(kind, Email):
        return [next(user.email for user in desk.practice.school.users if user.holds)]
    if isinstance(kind, Date):
        return ["2001-02-03", "2099-01-01"]
    return ["nothing-has-this"]


@pytest.mark.parametrize("lists", ["200", "mixed"])
@each({id: entry for id, entry in EXPORTS.items() if not entry.pages})
def test_an_empty_school_gives_headers_only(entry, lists, tmp_path):
    with Practice(users=1, limit=False) as school:
        school.switches.empty_lists = lists
        for name, held in vars(school.school).items():
            if isinstance(held, list | dict) and name not in ("roles", "jobs", "products"):
                held.clear()
        for held in school.school.products.values():
            held.clear()
        school.school.roles.clear()
        desk = Shelf(tmp_path, school)
        headers, rows = desk.export(entry)
        desk.close()
    first = SHEETS[entry.parts[0]] if entry.parts else entry
    assert (headers, rows) == ([column.heading for column in first.outs], [])
